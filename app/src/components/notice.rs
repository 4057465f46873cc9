//! Something the person should know, in the place where it matters.

use leptos::prelude::*;

use super::{Button, ButtonKind, Icon, IconButton, IconName};

/// How much it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    #[default]
    Info,
    Warning,
    Error,
}

impl NoticeKind {
    fn key(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Info => IconName::Info,
            Self::Warning => IconName::Warning,
            Self::Error => IconName::Error,
        }
    }
}

/// What happened, what it means, what to do.
#[component]
pub fn Notice(
    #[prop(optional)] kind: NoticeKind,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] detail: Signal<Option<String>>,
    #[prop(optional, into)] action: Signal<Option<String>>,
    #[prop(optional, into)] on_action: Option<Callback<()>>,
    #[prop(optional, into)] on_dismiss: Option<Callback<()>>,
    #[prop(into, default = "notice".to_owned())] testid: String,
) -> impl IntoView {
    let button = move || {
        let (text, on_action) = (action.get()?, on_action?);
        Some(view! {
            <Button kind=ButtonKind::Secondary on_press=on_action testid="notice-action">{text}</Button>
        })
    };
    view! {
        <section
            class="notice"
            role=if kind == NoticeKind::Error { "alert" } else { "status" }
            data-testid=testid
            data-state=kind.key()
        >
            <Icon name=kind.icon() />
            <div class="notice__body">
                <p class="notice__title">{title}</p>
                {move || detail.get().map(|text| view! { <p class="notice__detail">{text}</p> })}
                {button}
            </div>
            {on_dismiss.map(|on_press| {
                view! { <IconButton icon=IconName::Close label="Đóng" on_press testid="notice-dismiss" /> }
            })}
        </section>
    }
}
