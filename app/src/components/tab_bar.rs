//! Navigation at the bottom, within the thumb's reach.

use leptos::prelude::*;

use super::{Icon, IconName};

/// One destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabItem {
    pub key: String,
    pub href: String,
    pub label: String,
    pub icon: IconName,
    pub badge: Option<usize>,
}

impl TabItem {
    pub fn new(key: impl Into<String>, href: impl Into<String>, label: impl Into<String>, icon: IconName) -> Self {
        Self { key: key.into(), href: href.into(), label: label.into(), icon, badge: None }
    }

    /// With a number on the icon; zero shows none.
    #[must_use]
    pub fn badge(mut self, count: usize) -> Self {
        self.badge = (count > 0).then_some(count);
        self
    }
}

/// Bottom navigation; `current` is the key of the tab that is open.
#[component]
pub fn TabBar(
    #[prop(into)] items: Signal<Vec<TabItem>>,
    #[prop(into)] current: Signal<String>,
    #[prop(into, default = "tab-bar".to_owned())] testid: String,
) -> impl IntoView {
    let tab = move |item: TabItem| {
        let TabItem { key, href, label, icon, badge } = item;
        let testid = format!("tab-{key}");
        let is_current = move || current.with(|current| *current == key);
        view! {
            <li class="tab-bar__item">
                <a
                    class="tab-bar__link"
                    href=href
                    data-testid=testid
                    aria-current=move || is_current().then_some("page")
                >
                    <span class="tab-bar__icon">
                        <Icon name=icon />
                        {badge.map(|count| view! { <span class="tab-bar__badge">{count}</span> })}
                    </span>
                    <span class="tab-bar__label">{label}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="tab-bar" aria-label="Điều hướng chính" data-testid=testid>
            <ul class="tab-bar__list">
                <For each=move || items.get() key=|item| (item.key.clone(), item.badge) children=tab />
            </ul>
        </nav>
    }
}
