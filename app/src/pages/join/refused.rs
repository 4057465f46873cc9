//! Where nobody may join: browsers inside other apps, and iPhones before the app is installed. A polite no before anything
//! is recorded, with the way on.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::before::Before;
use super::code_from_address;
use crate::components::{Button, ButtonKind, ButtonLink, EmptyState, IconName};
use crate::device::{self, browser};

/// Browsers inside other apps lose data.
#[component]
pub fn WrongBrowser(
    /// What it is inside of.
    app: &'static str,
    /// Somebody had joined here all the same: what is stored stays in reach.
    is_ready: bool,
) -> impl IntoView {
    let (other, how) = if browser::is_ios() {
        ("Safari", "Bấm nút chia sẻ hoặc dấu ba chấm, chọn “Mở bằng Safari”.")
    } else {
        ("Chrome", "Bấm dấu ba chấm ở góc trên, chọn “Mở bằng trình duyệt” hoặc “Mở bằng Chrome”.")
    };
    let title = format!("Hãy mở bằng {other}");
    let detail = format!("Liên kết đang mở bên trong {app}, nơi dữ liệu dễ bị mất. {how}");
    let address = window().location().href().unwrap_or_default();
    view! {
        <div class="screen" data-testid="page-wrong-browser">
            <main class="screen__main join">
                <EmptyState icon=IconName::Warning title detail>
                    {browser::link_into_chrome().map(|href| view! {
                        <ButtonLink href wide=true icon=IconName::Forward testid="open-in-chrome">"Mở bằng Chrome"</ButtonLink>
                    })}
                    <Copy text=address label="Chép liên kết" copied=format!("Đã chép. Mở {other}, dán vào ô địa chỉ.") />
                    {is_ready.then(|| view! {
                        <ButtonLink kind=ButtonKind::Quiet href="/may" testid="wrong-browser-data">
                            "Xem và gửi những gì đã ghi ở đây"
                        </ButtonLink>
                    })}
                </EmptyState>
            </main>
        </div>
    }
}

/// On iPhones the home screen has a store of its own, so the invite must be used there.
#[component]
pub fn InstallFirst() -> impl IntoView {
    document().set_title("Cài Từng Nhà · Từng Nhà");
    let code = code_from_address();
    let copy = (!code.is_empty()).then(|| {
        view! {
            <li>
                "Chép mã mời này: "
                <Copy text=code label="Chép mã mời" copied="Đã chép mã mời.".to_owned() />
            </li>
        }
    });
    view! {
        <div class="screen" data-testid="page-install-first">
            <main class="screen__main join">
                <header class="join__head">
                    <img class="join__mark" src="/icons/icon.svg" alt="" width="72" height="72" />
                    <h1 class="join__name">"Từng Nhà"</h1>
                </header>
                <p class="join__lead">"Trên iPhone, hãy đưa Từng Nhà ra màn hình chính trước khi vào tổ."</p>
                <Before />
                <ol class="join__steps">
                    {copy}
                    <li>"Bấm nút chia sẻ của Safari, chọn “Thêm vào MH chính”."</li>
                    <li>"Mở Từng Nhà từ biểu tượng mới, dán mã vào ô “Mã mời”."</li>
                </ol>
                <p class="muted">
                    "Trang mở trong Safari bị xóa dữ liệu sau vài ngày không dùng. Ứng dụng trên màn hình chính có chỗ chứa riêng, nên \
                     mã mời phải nhập ở đó."
                </p>
            </main>
        </div>
    }
}

/// Puts a text on the clipboard; shows it to be copied by hand as well, for browsers that forbid it.
#[component]
fn Copy(text: String, label: &'static str, copied: String) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let shown = text.clone();
    let copy = move |()| {
        let text = text.clone();
        spawn_local(async move {
            let done = device::copy(&text).await;
            is_copied.try_set(done);
        });
    };
    view! {
        <div class="join__copy">
            <code class="join__code">{shown}</code>
            <Button kind=ButtonKind::Secondary wide=true on_press=copy testid="join-copy">{label}</Button>
            <p role="status" class="muted">{move || is_copied.get().then(|| copied.clone())}</p>
        </div>
    }
}
