//! A way to the office's list pages.

use leptos::prelude::*;

use super::{Icon, IconName};

/// Leads out of this app: the list pages are another program, and every one of them needs the network.
#[component]
pub fn OfficeLink(
    #[prop(into)] href: Signal<String>,
    icon: IconName,
    #[prop(into)] label: Signal<String>,
    #[prop(into, default = "office-link".to_owned())] testid: String,
) -> impl IntoView {
    view! {
        // `external`: the router leaves such links to the browser.
        <a class="button" rel="external" href=href data-kind="secondary" data-testid=testid>
            <Icon name=icon />
            <span class="button__label">{label}</span>
        </a>
    }
}
