//! The bar at the top: where you are, the way back, and at most two actions.

use std::cell::Cell;

use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::HtmlHeadingElement;

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
    let heading = NodeRef::<html::H1>::new();
    heading.on_load(take_focus);
    view! {
        <header class="app-bar" data-testid=testid>
            {move || {
                back.get()
                    .map(|href| view! { <IconLink icon=IconName::Back label="Quay lại" href testid="back" /> })
            }}
            <div class="app-bar__titles">
                <h1 class="app-bar__title" tabindex="-1" node_ref=heading>{title}</h1>
                {move || subtitle.get().map(|text| view! { <p class="app-bar__subtitle">{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="app-bar__actions">{children()}</div> })}
        </header>
    }
}

thread_local! {
    static IS_FIRST: Cell<bool> = const { Cell::new(true) };
}

/// A new screen is announced by its title, and the keyboard goes on from there. When the app opens, the browser does so.
fn take_focus(heading: HtmlHeadingElement) {
    if IS_FIRST.replace(false) {
        return;
    }
    request_animation_frame(move || {
        // What asks for the focus itself, such as a dialog, has it by now.
        let is_taken = document().active_element().is_some_and(|element| element.tag_name() != "BODY");
        if !is_taken {
            let _ = heading.focus();
        }
    });
}
