//! How safe the data is on this phone, said honestly, and what makes it safer.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::words::megabytes;
use crate::app::CanInstall;
use crate::components::{Button, ButtonKind, IconName, Notice, NoticeKind};
use crate::device::{self, Room};

/// Less free room than this and the phone may soon refuse to save.
const ROOM_BYTES_MIN: f64 = 50_000_000.0;

#[component]
pub fn StorageState() -> impl IntoView {
    let room = RwSignal::new(None::<Room>);
    spawn_local(async move {
        device::ask_to_persist();
        let now = device::room().await;
        room.try_set(Some(now));
    });
    let is_installed = device::is_installed();
    let CanInstall(can_install) = expect_context();
    let used =
        move || room.get()?.usage_bytes.map(|bytes| format!("Từng Nhà đang dùng {} trên máy này.", megabytes(bytes)));
    let is_tight = move || {
        room.get().is_some_and(|room| match (room.usage_bytes, room.quota_bytes) {
            (Some(usage), Some(quota)) => quota - usage < ROOM_BYTES_MIN,
            _ => false,
        })
    };
    view! {
        <section class="section" data-testid="phone-storage">
            <h2 class="section__title">"Dữ liệu trên máy"</h2>
            <Show when=is_tight>
                <Notice
                    kind=NoticeKind::Warning
                    title="Máy sắp hết chỗ trống"
                    detail="Xóa bớt ảnh, video hoặc ứng dụng để còn ghi tiếp được."
                />
            </Show>
            <p>{move || room.get().map(|room| keeping_sentence(room, is_installed))}</p>
            <p class="muted">{used}</p>
            <Show when=move || !is_installed>
                <InstallHint can_install />
            </Show>
        </section>
    }
}

fn keeping_sentence(room: Room, is_installed: bool) -> &'static str {
    match (room.is_persisted, is_installed) {
        (true, _) => "Trình duyệt đã hứa giữ dữ liệu của Từng Nhà, kể cả khi máy gần đầy.",
        (false, true) => "Ứng dụng đã cài. Trình duyệt chưa hứa giữ dữ liệu khi máy đầy; hãy gửi mỗi khi có mạng.",
        (false, false) => {
            "Trình duyệt có thể tự xóa dữ liệu khi máy đầy hoặc lâu không mở. Hãy cài ứng dụng và gửi mỗi khi có mạng."
        }
    }
}

#[component]
fn InstallHint(can_install: Signal<bool>) -> impl IntoView {
    let by_hand = if device::is_ios() {
        "Trong Safari: bấm nút chia sẻ, chọn “Thêm vào MH chính”. Mở từ biểu tượng mới rồi nhập lại mã mời."
    } else {
        "Trong Chrome: bấm dấu ba chấm, chọn “Thêm vào màn hình chính” hoặc “Cài đặt ứng dụng”."
    };
    view! {
        <Show when=move || can_install.get() fallback=move || view! { <p class="muted">{by_hand}</p> }>
            <Button
                kind=ButtonKind::Secondary
                wide=true
                icon=IconName::Download
                on_press=|()| device::offer_to_install()
                testid="phone-install"
            >
                "Cài vào màn hình chính"
            </Button>
        </Show>
    }
}
