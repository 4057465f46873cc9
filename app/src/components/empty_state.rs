//! An empty list says why it is empty and what comes next.

use leptos::prelude::*;

use super::{Icon, IconName};

/// A quiet picture, a sentence, and the next step as children.
#[component]
pub fn EmptyState(
    icon: IconName,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] detail: Signal<Option<String>>,
    #[prop(into, default = "empty-state".to_owned())] testid: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="empty-state" data-testid=testid>
            <Icon name=icon />
            <h2 class="empty-state__title">{title}</h2>
            {move || detail.get().map(|text| view! { <p class="empty-state__detail">{text}</p> })}
            {children.map(|children| view! { <div class="empty-state__next">{children()}</div> })}
        </section>
    }
}
