//! One figure with its name.

use leptos::{either::Either, prelude::*};

use super::{Icon, IconName};

/// A figure on a tile; a link when there is more behind it.
#[component]
pub fn StatTile(
    #[prop(into)] label: Signal<String>,
    /// As it is to be read; unknown is "—" or "chưa rõ", never 0.
    #[prop(into)]
    value: Signal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] icon: Option<IconName>,
    #[prop(optional, into)] href: Signal<Option<String>>,
    #[prop(into, default = "stat-tile".to_owned())] testid: String,
) -> impl IntoView {
    let body = move || {
        view! {
            <span class="stat-tile__label">{icon.map(|name| view! { <Icon name /> })} {label}</span>
            <span class="stat-tile__value num">{value}</span>
            {move || hint.get().map(|hint| view! { <span class="stat-tile__hint">{hint}</span> })}
        }
    };
    move || match href.get() {
        Some(href) => Either::Left(view! {
            <a class="stat-tile" href=href data-testid=testid.clone()>
                {body()}
            </a>
        }),
        None => Either::Right(view! {
            <div class="stat-tile" data-testid=testid.clone()>
                {body()}
            </div>
        }),
    }
}
