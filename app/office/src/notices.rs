//! One line at the bottom about what was just done.

use app::components::Snackbar;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Notices {
    message: RwSignal<Option<(String, bool)>>,
}

pub fn provide() {
    provide_context(Notices { message: RwSignal::new(None) });
}

impl Notices {
    pub fn expect() -> Self {
        expect_context()
    }

    pub fn say(self, text: impl Into<String>) {
        self.message.set(Some((text.into(), false)));
    }

    pub fn fail(self, sentence: impl Into<String>) {
        self.message.set(Some((sentence.into(), true)));
    }
}

#[component]
pub fn NoticeLine() -> impl IntoView {
    let notices = Notices::expect();
    let message = Signal::derive(move || notices.message.get().map(|(text, _)| text));
    let failed = Signal::derive(move || notices.message.get().is_some_and(|(_, failed)| failed));
    let action = Signal::derive(move || failed.get().then(|| "Đóng".to_owned()));
    let clear = move |()| notices.message.set(None);
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">{move || message.get()}</p>
        <Snackbar message action failed on_action=clear on_dismiss=clear />
    }
}
