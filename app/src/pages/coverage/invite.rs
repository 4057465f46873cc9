//! Inviting a member, or a member's next phone: a code to be scanned from this screen, or a link to be sent.

use domain::DocId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::checks::Newcomers;
use crate::components::{Button, ButtonKind, IconName, Notice, NoticeKind, QrCode, Sheet};
use crate::device::{self, Handed};
use crate::state::AppState;

/// What the sheet shows.
#[derive(Clone, PartialEq)]
enum Answer {
    Asking,
    Ready(String),
    Failed(String),
}

#[component]
pub fn Invite(member: DocId, name: String) -> impl IntoView {
    let state = AppState::expect();
    let answer = RwSignal::new(None::<Answer>);
    let ask = move |()| {
        answer.set(Some(Answer::Asking));
        spawn_local(async move {
            let asked = state.invite(member).await;
            // The sheet, or the whole page, may be closed by now.
            if answer.try_get_untracked().flatten().is_some() {
                answer.set(Some(asked.map_or_else(|error| Answer::Failed(error.sentence()), Answer::Ready)));
            }
        });
    };
    let title = format!("Lời mời cho {name}");
    let body = move || match answer.get() {
        None => ().into_any(),
        Some(Answer::Asking) => view! { <p role="status">"Đang xin lời mời…"</p> }.into_any(),
        Some(Answer::Failed(title)) => {
            view! { <Notice kind=NoticeKind::Error title testid="invite-failed" /> }.into_any()
        }
        Some(Answer::Ready(link)) => view! { <Link link /> <Newcomers member /> }.into_any(),
    };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Phone on_press=ask testid="invite">"Mời máy mới"</Button>
        <Sheet
            open=Signal::derive(move || answer.with(Option::is_some))
            title
            on_close=move |()| answer.set(None)
            testid="invite-sheet"
        >
            {body}
        </Sheet>
    }
}

#[component]
fn Link(link: String) -> impl IntoView {
    let handed = RwSignal::new(None::<Handed>);
    let hand_over = {
        let link = link.clone();
        move |()| {
            let link = link.clone();
            spawn_local(async move {
                handed.try_set(Some(device::hand_over(&link).await));
            });
        }
    };
    let told = move || match handed.get() {
        Some(Handed::Copied) => Some("Đã chép liên kết. Dán vào Zalo cho người được mời."),
        Some(Handed::Failed) => Some("Máy này không gửi được. Nhấn giữ liên kết ở trên để chép."),
        Some(Handed::Shared) | None => None,
    };
    view! {
        <p>"Người được mời quét mã này, hoặc mở liên kết trên máy của mình. Dùng cho một máy, trong 24 giờ."</p>
        <QrCode text=link.clone() label="Mã QR của lời mời" testid="invite-code" />
        <p class="invite__link num" data-testid="invite-link">{link}</p>
        <Button wide=true icon=IconName::CloudUp on_press=hand_over testid="invite-share">"Gửi liên kết"</Button>
        <p role="status">{told}</p>
    }
}
