//! Waiting, with an honest end in sight where there is one.

use leptos::prelude::*;

use super::Progress;

/// A whole screen that waits: the first download of an area, the start of the app.
#[component]
pub fn LoadingScreen(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] value: Signal<usize>,
    /// 0 while nobody knows how much is to come.
    #[prop(optional, into)]
    max: Signal<usize>,
    #[prop(into, default = "loading-screen".to_owned())] testid: String,
) -> impl IntoView {
    view! {
        <div class="loading-screen" role="status" data-testid=testid>
            <span class="loading-screen__door" aria-hidden="true"></span>
            <Show when=move || { max.get() > 0 } fallback=move || view! { <p class="loading-screen__label">{label}</p> }>
                <Progress value max label />
            </Show>
        </div>
    }
}
