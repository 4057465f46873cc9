//! `/vao#code`: an invite makes this phone a member's. Also the way in for whoever opens the app without a link.

mod before;
mod refused;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::HomePage;
use super::hand_over::KeptHere;
use super::phone::RescueFirst;
use crate::app::Shell;
use crate::components::{Button, ButtonKind, IconName, Notice, NoticeKind, TextField};
use crate::device::browser;
use crate::state::{AppState, Boot};
use crate::update::Updates;
use before::Before;
use refused::{InstallFirst, WrongBrowser};

#[component]
pub fn JoinPage() -> impl IntoView {
    let state = AppState::expect();
    // Another link opened in this very window changes nothing but the fragment.
    let other_link = window_event_listener_untyped("hashchange", |_| {
        let _ = window().location().reload();
    });
    on_cleanup(move || other_link.remove());
    let is_ready = state.boot().get_untracked() == Boot::Ready;
    if let Some(app) = browser::in_app_browser() {
        return view! { <WrongBrowser app is_ready /> }.into_any();
    }
    if is_ready {
        if state.take_just_joined() {
            return view! { <HomePage /> }.into_any();
        }
        view! { <OtherInvite /> }.into_any()
    } else if browser::must_install_first() {
        view! { <InstallFirst /> }.into_any()
    } else {
        view! { <FirstInvite /> }.into_any()
    }
}

/// The code is in the fragment, which browsers never send to a server. It is taken out of the address once it has worked.
fn code_from_address() -> String {
    let fragment = window().location().hash().unwrap_or_default();
    fragment.trim_start_matches('#').to_owned()
}

fn clear_address() {
    let _ = window().history().and_then(|history| {
        let path = window().location().pathname()?;
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path))
    });
}

#[component]
fn FirstInvite() -> impl IntoView {
    document().set_title("Lời mời · Từng Nhà");
    Updates::expect().note_page(true);
    view! {
        <div class="screen" data-testid="page-join">
            <main class="screen__main join">
                <header class="join__head">
                    <img class="join__mark" src="/icons/icon.svg" alt="" width="72" height="72" />
                    <h1 class="join__name">"Từng Nhà"</h1>
                    <p class="motto">"Sổ đi từng nhà của Tổ công nghệ số cộng đồng"</p>
                </header>
                <Before />
                <KeptHere />
                <CodeForm start_label="Bắt đầu" />
                <ul class="join__points">
                    <li>"Danh sách hộ được tải về máy này một lần."</li>
                    <li>"Ghi được cả khi mất sóng; có mạng thì tự gửi."</li>
                    <li>"Chỉ dùng trên máy của bạn, có khóa màn hình."</li>
                    <li>"Mở bằng cửa sổ thường: cửa sổ ẩn danh đóng lại là mất dữ liệu."</li>
                </ul>
            </main>
        </div>
    }
}

/// Asks for the code and redeems it.
#[component]
pub fn CodeForm(start_label: &'static str, #[prop(optional, into)] on_joined: Option<Callback<()>>) -> impl IntoView {
    let state = AppState::expect();
    let from_link = code_from_address();
    // A link brings its code along; when that is no good, another can be typed.
    let has_link = RwSignal::new(!from_link.is_empty());
    let code = RwSignal::new(from_link);
    let is_busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let missing = RwSignal::new(None::<String>);
    let join = move || {
        let text = code.get_untracked().trim().to_owned();
        if is_busy.get_untracked() {
            return;
        }
        if text.is_empty() {
            missing.set(Some("Nhập mã mời mà tổ trưởng đã gửi.".to_owned()));
            return;
        }
        missing.set(None);
        failure.set(None);
        is_busy.set(true);
        spawn_local(async move {
            // A whole link may have been pasted.
            let text = text.rsplit('#').next().unwrap_or_default().to_owned();
            match state.join(text).await {
                Ok(()) => {
                    clear_address();
                    if let Some(on_joined) = on_joined {
                        on_joined.try_run(());
                    }
                }
                Err(error) => {
                    // After success this page is gone; after a failure it still stands.
                    if error.is_about_the_code() && has_link.try_get_untracked() == Some(true) {
                        has_link.set(false);
                        code.set(String::new());
                    }
                    failure.try_set(Some(error.sentence()));
                    is_busy.try_set(false);
                }
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        join();
    };
    view! {
        <form class="form join__form" on:submit=submit novalidate="">
            <p class="join__lead">
                {move || if has_link.get() {
                    "Bạn có lời mời vào tổ. Bấm một lần là xong, không cần mật khẩu."
                } else {
                    "Mở liên kết hoặc quét mã QR mà tổ trưởng gửi, hoặc nhập mã mời vào đây."
                }}
            </p>
            <div hidden=move || has_link.get()>
                <TextField label="Mã mời" value=code error=missing autocomplete="one-time-code" testid="join-code" />
            </div>
            {move || failure.get().map(|sentence| view! {
                <Notice kind=NoticeKind::Error title=sentence testid="join-failed" />
            })}
            <Button submit=true wide=true busy=is_busy icon=IconName::Door testid="join-start">{start_label}</Button>
        </form>
    }
}

/// This phone has a person already.
#[component]
fn OtherInvite() -> impl IntoView {
    let state = AppState::expect();
    let status = state.status();
    let navigate = use_navigate();
    // Made here, so that it outlives the form, which goes as soon as the server knows the phone.
    let go_home = Callback::new(move |()| {
        state.take_just_joined();
        navigate("/", NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    // Known only once the server has answered: a phone that was killed right after joining opens the same link again.
    let is_unknown = Memo::new(move |_| status.with(|status| status.is_device_unknown));
    move || {
        if is_unknown.get() {
            view! {
            <Shell title="Lời mời" page="join" back="/may">
                <p>"Máy chủ chưa nhận ra máy này. Vào lại bằng lời mời mới; mọi thứ đã ghi trên máy được giữ nguyên."</p>
                <CodeForm start_label="Vào lại" on_joined=go_home />
            </Shell>
        }
        .into_any()
        } else {
            view! { <Taken /> }.into_any()
        }
    }
}

/// Somebody's, and known to the server: it changes hands only when nothing of theirs is left on it.
#[component]
fn Taken() -> impl IntoView {
    let state = AppState::expect();
    let own = state.enrolment();
    let status = state.status();
    let whose = move || own.get().map(|own| format!("{} · {}", own.name, own.role.label())).unwrap_or_default();
    let place = move || own.get().map(|own| own.commune_name).unwrap_or_default();
    let left_behind = move || status.with(|status| status.unsent + status.refused);
    let wants_other = RwSignal::new(false);
    let is_rescued = RwSignal::new(false);
    let may_go_on = move || left_behind() == 0 || is_rescued.get();
    view! {
        <Shell title="Lời mời" page="join" back="/may">
            <section class="card stack">
                <p>"Máy này đang là máy của"</p>
                <p><strong>{whose}</strong></p>
                <p class="muted">{place}</p>
            </section>
            <Show when=move || { left_behind() > 0 }>
                <Show
                    when=move || state.can_rescue()
                    fallback=move || view! {
                        <Notice
                            kind=NoticeKind::Warning
                            title=Signal::derive(move || unsettled(status.get().unsent, status.get().refused))
                            detail="Gửi hết hoặc bỏ từng mục trong “Máy”, rồi mới chuyển được sang lời mời mới."
                            testid="join-unsettled"
                        />
                    }
                >
                    <RescueFirst count=Signal::derive(left_behind) is_rescued />
                </Show>
            </Show>
            <Show when=may_go_on>
                <Show
                    when=move || wants_other.get()
                    fallback=move || view! {
                        <Button kind=ButtonKind::Secondary wide=true on_press=move |()| wants_other.set(true) testid="join-other">
                            "Chuyển sang lời mời mới"
                        </Button>
                    }
                >
                    <p class="muted">
                        {move || if left_behind() == 0 {
                            "Dữ liệu của lời mời cũ được xóa khỏi máy này; trên máy chủ vẫn còn."
                        } else {
                            "Dữ liệu của lời mời cũ được xóa khỏi máy này. Những mục chưa gửi được giữ lại, đã niêm phong."
                        }}
                    </p>
                    <CodeForm start_label="Xóa và chuyển" />
                </Show>
            </Show>
        </Shell>
    }
}

fn unsettled(unsent: usize, refused: usize) -> String {
    match (unsent, refused) {
        (0, refused) => format!("Còn {refused} mục cần xem lại"),
        (unsent, 0) => format!("Còn {unsent} mục chưa gửi"),
        (unsent, refused) => format!("Còn {unsent} mục chưa gửi và {refused} mục cần xem lại"),
    }
}

#[cfg(test)]
mod tests {
    use super::unsettled;

    #[test]
    fn what_is_left_to_do_is_counted_in_words() {
        assert_eq!(unsettled(2, 0), "Còn 2 mục chưa gửi");
        assert_eq!(unsettled(0, 1), "Còn 1 mục cần xem lại");
        assert_eq!(unsettled(2, 1), "Còn 2 mục chưa gửi và 1 mục cần xem lại");
    }
}
