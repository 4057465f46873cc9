//! The size of the text, which version this is, and leaving this phone.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::hand_over::SaveRescue;
use crate::app::{TextSize, set_text_size, text_size};
use crate::components::{Button, ButtonKind, ChipOption, FilterChips, IconName, Notice, NoticeKind, Sheet};
use crate::notices::Notices;
use crate::state::AppState;
use crate::update::Updates;

#[component]
pub fn Settings() -> impl IntoView {
    let size = RwSignal::new(text_size());
    let choose = move |key: String| {
        set_text_size(&key);
        size.set(key);
    };
    let options: Vec<ChipOption> =
        TextSize::ALL.into_iter().map(|size| ChipOption::new(size.key(), size.label())).collect();
    let (build, has_fallen_back) = (Updates::expect().build(), Updates::expect().has_fallen_back());
    let version = move || {
        let build = build.get().map(|build| format!(" · {build}")).unwrap_or_default();
        format!("Từng Nhà {}{build}", env!("CARGO_PKG_VERSION"))
    };
    view! {
        <section class="section">
            <h2 class="section__title">"Cỡ chữ"</h2>
            <FilterChips label="Cỡ chữ" options selected=size on_select=choose testid="phone-text-size" />
            <p class="muted" data-testid="phone-version">{version}</p>
            <Show when=move || has_fallen_back.get()>
                <p class="muted" data-testid="phone-fell-back">
                    "Bản mới chưa chạy được trên máy này nên máy dùng lại bản trước. Dữ liệu giữ nguyên; bản sau sẽ được mời cập nhật."
                </p>
            </Show>
        </section>
    }
}

/// What is only on this phone, before it is emptied: a file first, then a yes.
#[component]
pub fn RescueFirst(count: Signal<usize>, is_rescued: RwSignal<bool>) -> impl IntoView {
    view! {
        <Notice
            kind=NoticeKind::Warning
            title=Signal::derive(move || format!("Còn {} mục chỉ có trên máy này", count.get()))
            detail="Lưu tệp cứu hộ và giữ nó tới khi các mục đã tới máy chủ. Máy này cũng giữ một bản niêm phong và tự gửi khi có mạng."
            testid="rescue-first"
        />
        <SaveRescue on_saved=move |()| is_rescued.set(true) />
    }
}

/// Giving the phone to somebody else.
#[component]
pub fn Leave() -> impl IntoView {
    let state = AppState::expect();
    let notices = Notices::expect();
    let status = state.status();
    let is_asking = RwSignal::new(false);
    let left_behind = move || status.with(|status| status.unsent + status.refused);
    // What could not be brought from its sealed copy must not be taken off the phone.
    let can_leave = move || left_behind() == 0 || state.can_rescue();
    let why_not = move || {
        if status.with(|status| status.is_device_unknown) {
            "Chưa rời được: máy chủ chưa nhận ra máy này. Vào lại bằng lời mời của bạn để gửi các mục còn lại trước."
        } else {
            "Chưa rời được: còn mục chưa gửi hoặc cần xem lại. Có mạng một lần, bấm “Gửi ngay”, rồi thử lại."
        }
    };
    let is_rescued = RwSignal::new(false);
    let ask = move |()| {
        is_rescued.set(false);
        is_asking.set(true);
    };
    let leave = move |()| {
        is_asking.set(false);
        spawn_local(async move {
            if let Err(error) = state.leave().await {
                notices.fail(error.sentence());
            }
        });
    };
    view! {
        <section class="section">
            <Button
                kind=ButtonKind::Danger
                wide=true
                icon=IconName::MoveAway
                disabled=Signal::derive(move || !can_leave())
                on_press=ask
                testid="phone-leave"
            >
                "Rời máy này"
            </Button>
            <Show when=move || !can_leave()>
                <p class="muted" data-testid="phone-cannot-leave">{why_not}</p>
            </Show>
        </section>
        <Sheet
            open=is_asking
            title="Rời máy này?"
            on_close=move |()| is_asking.set(false)
            testid="phone-leave-sheet"
        >
            <p>"Mọi dữ liệu của Từng Nhà được xóa khỏi máy này; trên máy chủ vẫn còn. Muốn vào lại cần lời mời mới."</p>
            <Show when=move || { left_behind() > 0 }>
                <RescueFirst count=Signal::derive(left_behind) is_rescued />
            </Show>
            <div class="sheet__actions">
                <Button
                    kind=ButtonKind::Danger
                    wide=true
                    disabled=Signal::derive(move || left_behind() > 0 && !is_rescued.get())
                    on_press=leave
                    testid="phone-leave-yes"
                >
                    "Xóa và rời"
                </Button>
                <Button kind=ButtonKind::Quiet wide=true on_press=move |()| is_asking.set(false)>"Ở lại"</Button>
            </div>
        </Sheet>
    }
}
