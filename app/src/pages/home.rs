//! `/` is no page of its own: it leads back to where the person was, or to the start of their role.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::app::{home_of, take_start};
use crate::state::AppState;

#[component]
pub fn HomePage() -> impl IntoView {
    let state = AppState::expect();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let path = take_start().unwrap_or_else(|| home_of(state.role().get_untracked()).to_owned());
        navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
}
