//! The frame of every list page: title, the way back, the page, what was just done.

use app::components::{AppBar, Button, EmptyState, IconName, LoadingScreen};
use domain::people::Role;
use leptos::prelude::*;

use crate::notices::NoticeLine;
use crate::office::{Office, Opened};

#[derive(Clone, PartialEq, Eq)]
enum Stage {
    Asking,
    Failed(String),
    NotForYou,
    Ready,
}

/// A page for those who are at least `role`; its children are made once the server has said who this is.
#[component]
pub fn Frame(
    #[prop(into)] title: Signal<String>,
    /// Names the page for tests.
    page: &'static str,
    #[prop(default = "/danh-sach")] back: &'static str,
    #[prop(default = Role::Coordinator)] role: Role,
    /// For tables on a laptop.
    #[prop(optional)]
    wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let office = Office::expect();
    let opened = office.opened();
    Effect::new(move |_| document().set_title(&format!("{} · Từng Nhà", title.get())));
    // Asked again, the page below stays as it is.
    let stage = Memo::new(move |_| match opened.get() {
        Opened::Asking => Stage::Asking,
        Opened::Failed(sentence) => Stage::Failed(sentence),
        Opened::Ready(reply) if reply.role < role => Stage::NotForYou,
        Opened::Ready(_) => Stage::Ready,
    });
    let subtitle = Signal::derive(move || office.reply().map(|reply| reply.commune_title.clone()));
    view! {
        <div class="screen" data-width=wide.then_some("wide") data-testid=format!("page-{page}")>
            <AppBar title subtitle back=Signal::stored(Some(back.to_owned())) />
            <main class="screen__main">
                {move || match stage.get() {
                    Stage::Asking => view! { <LoadingScreen label="Đang mở…" value=0 max=0 /> }.into_any(),
                    Stage::Failed(sentence) => view! {
                        <EmptyState icon=IconName::Warning title="Chưa mở được trang này" detail=sentence>
                            <Button on_press=move |()| office.ask() testid="ask-again">"Thử lại"</Button>
                        </EmptyState>
                    }.into_any(),
                    Stage::NotForYou => view! {
                        <EmptyState
                            icon=IconName::Warning
                            title="Trang này không dành cho vai của bạn"
                            detail="Việc này do cán bộ xã, phường hoặc tổ trưởng của địa bàn làm."
                        />
                    }.into_any(),
                    Stage::Ready => children().into_any(),
                }}
            </main>
            <NoticeLine />
        </div>
    }
}
