//! What the person is told about what was just done: one line at the bottom, with the way back where there is one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::Snackbar;
use crate::state::{AppState, NotSaved, Undo};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Message {
    text: String,
    undo: Option<Undo>,
    is_failure: bool,
}

#[derive(Clone, Copy)]
pub struct Notices {
    message: RwSignal<Option<Message>>,
}

impl Notices {
    pub fn provide() {
        provide_context(Self { message: RwSignal::new(None) });
    }

    pub fn expect() -> Self {
        expect_context()
    }

    /// It is stored; say so, and offer to take it back.
    pub fn say_saved(&self, message: impl Into<String>, undo: Option<Undo>) {
        let undo = undo.filter(|undo| !undo.is_empty());
        self.message.set(Some(Message { text: message.into(), undo, is_failure: false }));
    }

    /// It did not work; what was typed is still on the screen.
    pub fn fail(&self, sentence: impl Into<String>) {
        self.message.set(Some(Message { text: sentence.into(), undo: None, is_failure: true }));
    }

    /// The end of a verb: says `saved` with the undo, or why not.
    pub fn tell(&self, saved: &str, outcome: Result<Undo, NotSaved>) {
        match outcome {
            Ok(undo) => self.say_saved(saved, Some(undo)),
            Err(error) => self.fail(error.sentence()),
        }
    }

    fn clear(&self) {
        self.message.set(None);
    }
}

/// The same words for screen readers. Outside the pages: a line that is made anew with its text in it stays unspoken.
#[component]
pub fn SpokenNotice() -> impl IntoView {
    let notices = Notices::expect();
    let words = move || notices.message.with(|message| message.as_ref().map(|it| it.text.clone()));
    view! { <p class="visually-hidden" role="status" aria-live="polite">{words}</p> }
}

/// The line itself; part of every `Shell`.
#[component]
pub fn NoticeLine() -> impl IntoView {
    let notices = Notices::expect();
    let state = AppState::expect();
    let message = Signal::derive(move || notices.message.with(|message| message.as_ref().map(|it| it.text.clone())));
    let failed =
        Signal::derive(move || notices.message.with(|message| message.as_ref().is_some_and(|it| it.is_failure)));
    let action = Signal::derive(move || {
        notices.message.with(|message| match message.as_ref()? {
            Message { is_failure: true, .. } => Some("Đóng".to_owned()),
            Message { undo, .. } => undo.as_ref().map(|_| "Hoàn tác".to_owned()),
        })
    });
    let take_back = move |()| {
        if failed.get_untracked() {
            return notices.clear();
        }
        let Some(undo) = notices.message.get_untracked().and_then(|message| message.undo) else { return };
        notices.clear();
        spawn_local(async move {
            match state.undo(undo).await {
                Ok(()) => notices.say_saved("Đã hoàn tác", None),
                Err(error) => notices.fail(error.sentence()),
            }
        });
    };
    view! { <Snackbar message action failed on_action=take_back on_dismiss=move |()| notices.clear() /> }
}
