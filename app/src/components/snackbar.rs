//! What has just been done, and the way to take it back.

use std::time::Duration;

use leptos::prelude::*;

/// A line above the bottom bars. It is announced politely and never takes the focus.
#[component]
pub fn Snackbar(
    #[prop(into)] message: Signal<Option<String>>,
    /// "Hoàn tác"
    #[prop(optional, into)]
    action: Signal<Option<String>>,
    #[prop(optional, into)] on_action: Option<Callback<()>>,
    #[prop(optional, into)] on_dismiss: Option<Callback<()>>,
    /// After this `on_dismiss` is called; 0 stays until the next message.
    #[prop(default = 10_000)]
    timeout_ms: u64,
    #[prop(into, default = "snackbar".to_owned())] testid: String,
) -> impl IntoView {
    Effect::new(move |last: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = last.flatten() {
            handle.clear();
        }
        let on_dismiss = on_dismiss.filter(|_| timeout_ms > 0)?;
        message.get()?;
        let dismiss = move || {
            on_dismiss.try_run(());
        };
        set_timeout_with_handle(dismiss, Duration::from_millis(timeout_ms)).ok()
    });
    let button = move || {
        let (text, on_action) = (action.get()?, on_action?);
        message.get()?;
        Some(view! {
            <button class="snackbar__action" type="button" data-testid="snackbar-action" on:click=move |_| on_action.run(())>
                {text}
            </button>
        })
    };
    view! {
        <div
            class="snackbar"
            data-testid=testid
            data-state=move || if message.with(Option::is_some) { "open" } else { "closed" }
        >
            <div class="snackbar__box">
                <p class="snackbar__message" role="status">{message}</p>
                {button}
            </div>
        </div>
    }
}
