//! What has just been done, and the way to take it back.

use std::time::Duration;

use leptos::prelude::*;

const SHOWN_FOR: Duration = Duration::from_secs(10);

/// A line above the bottom bars, for the eyes; the page sees to it that it is also spoken. It never takes the focus.
#[component]
pub fn Snackbar(
    #[prop(into)] message: Signal<Option<String>>,
    /// "Hoàn tác"
    #[prop(optional, into)]
    action: Signal<Option<String>>,
    #[prop(optional, into)] on_action: Option<Callback<()>>,
    #[prop(optional, into)] on_dismiss: Option<Callback<()>>,
    /// It says that something did not work, and stays until it is closed.
    #[prop(optional, into)]
    failed: Signal<bool>,
    #[prop(into, default = "snackbar".to_owned())] testid: String,
) -> impl IntoView {
    Effect::new(move |last: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = last.flatten() {
            handle.clear();
        }
        let on_dismiss = on_dismiss?;
        message.get()?;
        if failed.get() {
            return None;
        }
        let dismiss = move || {
            on_dismiss.try_run(());
        };
        set_timeout_with_handle(dismiss, SHOWN_FOR).ok()
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
            data-kind=move || if failed.get() { "error" } else { "saved" }
        >
            <div class="snackbar__box">
                <p class="snackbar__message" aria-hidden="true">{message}</p>
                {button}
            </div>
        </div>
    }
}
