//! The bar at the top: where you are, the way back, and at most two actions.

use leptos::prelude::*;

use super::{IconLink, IconName};

/// Title bar of a screen.
#[component]
pub fn AppBar(
    #[prop(into)] title: Signal<String>,
    /// A second, smaller line, such as the area.
    #[prop(optional, into)]
    subtitle: Signal<Option<String>>,
    /// Where the arrow leads; without it there is no arrow.
    #[prop(optional, into)]
    back: Signal<Option<String>>,
    #[prop(into, default = "app-bar".to_owned())] testid: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="app-bar" data-testid=testid>
            {move || {
                back.get()
                    .map(|href| view! { <IconLink icon=IconName::Back label="Quay lại" href testid="back" /> })
            }}
            <div class="app-bar__titles">
                <h1 class="app-bar__title">{title}</h1>
                {move || subtitle.get().map(|text| view! { <p class="app-bar__subtitle">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="app-bar__actions">{children()}</div> })}
        </header>
    }
}
