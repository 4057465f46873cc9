//! How the app gets onto the home screen.

use leptos::prelude::*;

use crate::app::CanInstall;
use crate::components::{Button, ButtonKind, IconName};
use crate::device::{self, browser};

#[component]
pub fn InstallHint() -> impl IntoView {
    let CanInstall(can_install) = expect_context();
    let by_hand = if browser::is_ios() {
        "Trong Safari: bấm nút chia sẻ, chọn “Thêm vào MH chính”. Mở từ biểu tượng mới rồi nhập mã mời mới."
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
