//! An address that is no page of its own leads on to another.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

#[component]
pub fn GoTo(#[prop(into)] path: String) -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move |_| navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() }));
}
