//! "Nhờ chuyển giúp": what is unsent on this phone, as a file for a colleague or the office.

use domain::capsule::Portion;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::show_codes::ShowCodes;
use crate::components::{Button, ButtonKind, IconName, Notice};
use crate::device;
use crate::notices::Notices;
use crate::state::AppState;

#[component]
pub fn Give() -> impl IntoView {
    let state = AppState::expect();
    let status = state.status();
    let unsent = move || status.get().unsent;
    let is_saved = RwSignal::new(false);
    view! {
        <section class="section" data-testid="give">
            <h2 class="section__title">"Nhờ chuyển giúp"</h2>
            <Show
                when=move || unsent() != 0
                fallback=|| view! { <p class="muted">"Không còn gì chưa gửi trên máy này."</p> }
            >
                <p><strong data-testid="give-count">{move || format!("{} mục chưa gửi", unsent())}</strong></p>
                <p class="muted">
                    "Lưu thành tệp rồi đưa cho người có mạng, qua Zalo, Bluetooth hoặc cáp; hoặc hiện mã QR cho máy bên cạnh quét. Tất cả được niêm phong: chỉ máy chủ mở được."
                </p>
                <SaveButton portion=Portion::FILE kind=ButtonKind::Primary on_saved=move |()| is_saved.set(true) testid="give-file">
                    "Lưu thành tệp"
                </SaveButton>
                <ShowCodes />
                <Show when=move || is_saved.get()>
                    <Notice
                        title="Đã đưa tệp cho trình duyệt lưu"
                        detail="Xem trong mục Tải xuống. Người nhận mở Từng Nhà, vào Máy này, Chuyển giúp, rồi chọn tệp. Các mục vẫn ở lại máy này tới khi máy chủ xác nhận."
                        testid="give-saved"
                    />
                </Show>
            </Show>
        </section>
    }
}

/// Saves everything that is only on this phone, also what the server refused: before the phone is emptied.
#[component]
pub fn SaveRescue(#[prop(into)] on_saved: Callback<()>) -> impl IntoView {
    view! {
        <SaveButton portion=Portion::RESCUE kind=ButtonKind::Secondary on_saved testid="rescue-file">
            "Lưu tệp cứu hộ"
        </SaveButton>
    }
}

#[component]
fn SaveButton(
    portion: Portion,
    kind: ButtonKind,
    #[prop(into)] on_saved: Callback<()>,
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    let state = AppState::expect();
    let notices = Notices::expect();
    let is_busy = RwSignal::new(false);
    let save = move |()| {
        is_busy.set(true);
        spawn_local(async move {
            match state.hand_over(portion).await {
                Ok(capsules) => {
                    let day = untrack(|| state.today());
                    if device::save_capsules(&day.to_string(), &capsules) {
                        on_saved.try_run(());
                    } else {
                        notices.fail("Trình duyệt này không lưu được tệp. Thử lại bằng Chrome.");
                    }
                }
                Err(error) => notices.fail(error.to_string()),
            }
            is_busy.try_set(false);
        });
    };
    view! {
        <Button kind wide=true icon=IconName::Download busy=is_busy on_press=save testid>{children()}</Button>
    }
}
