//! Half-typed forms survive a killed tab: they are kept while they are typed, each under a key of its own.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::state::AppState;

/// The pause after the last key before a draft is stored.
const PAUSE: Duration = Duration::from_millis(400);

thread_local! {
    static HALF_TYPED: Cell<u32> = const { Cell::new(0) };
}

/// Whether some form on the screen says more than when it was opened.
pub fn is_half_typed() -> bool {
    HALF_TYPED.get() > 0
}

/// A form that is kept while it is typed. `Copy`; belongs to the page that made it.
#[derive(Clone, Copy)]
pub struct Draft {
    state: AppState,
    key: StoredValue<String>,
    /// Set once the form is saved or given up: nothing of it may come back.
    is_over: StoredValue<bool>,
    is_touched: StoredValue<bool>,
    restored: RwSignal<bool>,
}

impl Draft {
    /// `read` gives what is typed now (reactive: all its signals are followed), `restore` fills the fields. `key` is the
    /// path of the page, and what else tells its forms apart. A draft that says no more than the untouched form is not kept.
    pub fn keep<T>(key: impl Into<String>, read: impl Fn() -> T + 'static, restore: impl FnOnce(T) + 'static) -> Self
    where
        T: Serialize + DeserializeOwned + PartialEq + Clone + 'static,
    {
        let state = AppState::expect();
        let draft = Self {
            state,
            key: StoredValue::new(key.into()),
            is_over: StoredValue::new(false),
            is_touched: StoredValue::new(false),
            restored: RwSignal::new(false),
        };
        let untouched = untrack(&read);
        let untouched_then = untouched.clone();
        let is_loaded = RwSignal::new(false);
        spawn_local(async move {
            let Some(key) = draft.key.try_get_value() else { return };
            let stored = state.storage().draft(&key).await;
            let stored = stored.and_then(|text| serde_json::from_str::<T>(&text).ok());
            // The page may be closed by now.
            if is_loaded.is_disposed() {
                return;
            }
            if let Some(stored) = stored.filter(|stored| *stored != untouched_then) {
                restore(stored);
                draft.restored.set(true);
            }
            is_loaded.set(true);
        });
        Effect::new(move |last: Option<Option<TimeoutHandle>>| {
            if let Some(last) = last.flatten() {
                last.clear();
            }
            let now = read();
            if !is_loaded.get() {
                return None;
            }
            draft.note_touched(now != untouched);
            let text = (now != untouched).then(|| serde_json::to_string(&now).ok()).flatten();
            set_timeout_with_handle(move || draft.store(text), PAUSE).ok()
        });
        on_cleanup(move || draft.note_touched(false));
        draft
    }

    fn note_touched(self, is_touched: bool) {
        let Some(was_touched) = self.is_touched.try_get_value() else { return };
        match (was_touched, is_touched && self.is_over.try_get_value() == Some(false)) {
            (false, true) => HALF_TYPED.set(HALF_TYPED.get() + 1),
            (true, false) => HALF_TYPED.set(HALF_TYPED.get().saturating_sub(1)),
            _ => return,
        }
        self.is_touched.set_value(!was_touched);
    }

    /// Whether the fields were filled from a draft: worth telling.
    pub fn restored(&self) -> Signal<bool> {
        self.restored.into()
    }

    /// The fields were emptied; what is typed next is kept as before.
    pub fn begin_anew(&self) {
        self.store(None);
        self.restored.set(false);
    }

    /// The form was given up.
    pub fn forget(&self) {
        self.forgetter()();
    }

    /// For when the form is saved: forgets it also when its page is gone by then.
    pub fn forgetter(&self) -> impl FnOnce() + use<> {
        let (draft, key) = (*self, self.key.try_get_value());
        move || {
            draft.note_touched(false);
            draft.is_over.try_set_value(true);
            draft.restored.try_set(false);
            let Some(key) = key else { return };
            spawn_local(async move { draft.state.storage().keep_draft(&key, None).await });
        }
    }

    fn store(self, text: Option<String>) {
        if self.is_over.try_get_value() != Some(false) {
            return;
        }
        let Some(key) = self.key.try_get_value() else { return };
        let state = self.state;
        spawn_local(async move { state.storage().keep_draft(&key, text).await });
    }
}
