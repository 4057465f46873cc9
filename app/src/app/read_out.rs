//! The check number of a phone that has just joined, until it was read out to whoever invited.

use leptos::prelude::*;

use crate::components::Notice;
use crate::device::keeping;

#[component]
pub fn ReadOut() -> impl IntoView {
    let check = RwSignal::new(keeping::check_to_read_out());
    let done = Callback::new(move |()| {
        keeping::note_check(None);
        check.set(None);
    });
    move || {
        check.get().map(|check| {
            view! {
                <Notice
                    title=format!("Số kiểm tra {check}")
                    detail="Đọc số này cho người đã mời, để họ biết đúng là máy của bạn. Chưa đọc được ngay thì cứ làm việc; số vẫn ở đây một ngày."
                    action="Đã đọc"
                    on_action=done
                    testid="check-number-own"
                />
            }
        })
    }
}
