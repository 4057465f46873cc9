//! What is shown when the database does not open. Nothing is deleted for that, and every case says what to do.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, EmptyState, IconName, Notice, NoticeKind};
use crate::storage::{Trouble, Unopened};
use crate::update::Updates;
use crate::{device, outbox};

#[component]
pub fn Broken(why: Unopened) -> impl IntoView {
    let (title, detail) = words(&why);
    let is_newer = why == Unopened::Newer;
    // A newer build may be what helps.
    Updates::expect().note_page(true);
    view! {
        <div class="screen" data-testid="page-broken">
            <main class="screen__main">
                <EmptyState icon=IconName::Warning title detail>
                    <a class="button" data-kind="primary" href="/" rel="external">"Mở lại"</a>
                    {is_newer.then(|| view! { <SaveAsItIs /> })}
                </EmptyState>
            </main>
        </div>
    }
}

fn words(why: &Unopened) -> (&'static str, &'static str) {
    match why {
        Unopened::Newer => (
            "Bản Từng Nhà này cũ hơn dữ liệu trên máy",
            "Dữ liệu vẫn còn nguyên trên máy, nhưng bản này chưa đọc được. Bật mạng rồi bấm “Mở lại” để lấy bản mới. Nếu cần \
             nộp ngay, hãy lưu phần chưa gửi ra tệp.",
        ),
        Unopened::Missing => (
            "Cửa sổ này không cho lưu dữ liệu",
            "Từng Nhà cần ghi dữ liệu vào máy. Nếu đang ở chế độ ẩn danh (riêng tư), hãy mở liên kết bằng cửa sổ thường.",
        ),
        Unopened::Full => (
            "Máy đã hết chỗ trống",
            "Dữ liệu vẫn còn trên máy nhưng chưa mở được. Xóa bớt ảnh, video hoặc ứng dụng rồi bấm “Mở lại”.",
        ),
        Unopened::Failed(_) => (
            "Chưa mở được dữ liệu trên máy này",
            "Đóng các cửa sổ Từng Nhà khác rồi bấm “Mở lại”; nếu vẫn không được, hãy khởi động lại máy. Nếu đang ở chế độ ẩn \
             danh, hãy mở bằng cửa sổ thường.",
        ),
    }
}

#[component]
fn SaveAsItIs() -> impl IntoView {
    let outcome = RwSignal::new(None::<&'static str>);
    let save = move |()| {
        spawn_local(async move {
            let said = match outbox::take_out().await {
                Ok(capsules) if capsules.is_empty() => {
                    "Không có gói nào chờ gửi. Dữ liệu trên máy vẫn còn nguyên; hãy bật mạng để lấy bản mới."
                }
                Ok(capsules) if device::save_capsules("chua-gui", &capsules) => {
                    "Đã đưa tệp cho trình duyệt lưu, đã niêm phong; xem trong mục Tải xuống. Đồng đội hoặc cán bộ mở Từng Nhà, vào Máy, Chuyển giúp, rồi chọn tệp này."
                }
                Ok(_) => "Trình duyệt này không lưu được tệp.",
                Err(_) => "Chưa đọc được phần chưa gửi. Dữ liệu vẫn còn nguyên; hãy bật mạng để lấy bản mới.",
            };
            outcome.try_set(Some(said));
        });
    };
    view! {
        <Button kind=ButtonKind::Secondary icon=IconName::Download on_press=save testid="broken-save">
            "Lưu phần chưa gửi ra tệp"
        </Button>
        <p role="status" data-testid="broken-saved">{outcome}</p>
    }
}

/// The database opens as soon as the other window lets go: this page goes away by itself.
#[component]
pub fn Blocked() -> impl IntoView {
    view! {
        <div class="screen" data-testid="page-blocked">
            <main class="screen__main">
                <EmptyState
                    icon=IconName::Clock
                    title="Đóng các cửa sổ Từng Nhà khác"
                    detail="Một cửa sổ khác đang giữ dữ liệu trên máy này. Đóng cửa sổ đó thì ở đây tự mở tiếp. Nếu chỉ có cửa \
                            sổ này, hãy bấm “Mở lại”."
                >
                    <a class="button" data-kind="secondary" href="/" rel="external">"Mở lại"</a>
                </EmptyState>
            </main>
        </div>
    }
}

/// While the app is open and its database does not answer.
#[component]
pub fn TroubleNotice(trouble: Signal<Option<Trouble>>) -> impl IntoView {
    let words = |trouble| match trouble {
        Trouble::Blocked => (
            "Chưa ghi được: một cửa sổ khác đang giữ dữ liệu",
            "Đóng các cửa sổ Từng Nhà khác; ở đây tự ghi tiếp được.",
        ),
        Trouble::Lost => (
            "Chưa ghi được: trình duyệt đã đóng kho dữ liệu",
            "Những gì đã báo “Đã lưu” vẫn còn. Ghi nhớ phần đang nhập dở, rồi mở lại ứng dụng.",
        ),
    };
    move || {
        trouble.get().map(words).map(|(title, detail)| {
            view! {
                <Notice
                    kind=NoticeKind::Warning
                    title
                    detail
                    action="Mở lại"
                    on_action=|()| drop(window().location().reload())
                    testid="trouble"
                />
            }
        })
    }
}
