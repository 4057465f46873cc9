//! Buttons, and links that look like them. A link goes somewhere, a button does something.

use leptos::prelude::*;

use super::{Icon, IconName};

/// How much a button wants to be pressed. One primary a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    #[default]
    Primary,
    Secondary,
    Quiet,
    Danger,
}

impl ButtonKind {
    fn key(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button with words. While busy it can't be pressed again, but keeps its focus and its width.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] icon: Option<IconName>,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    #[prop(into, default = "button".to_owned())] testid: String,
    children: Children,
) -> impl IntoView {
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            class="button"
            type=if submit { "submit" } else { "button" }
            data-kind=kind.key()
            data-wide=wide.then_some("")
            data-testid=testid
            data-state=move || if busy.get() { "busy" } else { "ready" }
            aria-busy=move || busy.get().then_some("true")
            disabled=disabled
            on:click=press
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span class="button__label">{children()}</span>
        </button>
    }
}

/// A link in a button's clothes.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<IconName>,
    #[prop(optional)] wide: bool,
    /// The file name, when the link hands out a file.
    #[prop(optional, into)]
    download: Signal<Option<String>>,
    #[prop(into, default = "button-link".to_owned())] testid: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class="button"
            href=href
            download=download
            data-kind=kind.key()
            data-wide=wide.then_some("")
            data-testid=testid
        >
            {icon.map(|name| view! { <Icon name /> })}
            <span class="button__label">{children()}</span>
        </a>
    }
}

/// A button that is only an icon; the label is what it is called.
#[component]
pub fn IconButton(
    icon: IconName,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
    #[prop(into, default = "icon-button".to_owned())] testid: String,
) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            type="button"
            aria-label=label
            data-testid=testid
            on:click=move |_| on_press.run(())
        >
            <Icon name=icon />
        </button>
    }
}

/// A link that is only an icon.
#[component]
pub fn IconLink(
    icon: IconName,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] href: Signal<String>,
    #[prop(into, default = "icon-link".to_owned())] testid: String,
) -> impl IntoView {
    view! {
        <a class="icon-button" href=href aria-label=label data-testid=testid>
            <Icon name=icon />
        </a>
    }
}
