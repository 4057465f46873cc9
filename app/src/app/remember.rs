//! What is remembered between two openings: the last page (phones kill apps behind one's back) and the size of the text.

use gloo_storage::{LocalStorage as Preferences, Storage as _};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

const PATH_KEY: &str = "tung-nha.path";
const TEXT_KEY: &str = "tung-nha.text";
/// The next morning starts on the home page.
const PATH_LIFE_MS: f64 = 12.0 * 60.0 * 60.0 * 1_000.0;

#[derive(Serialize, Deserialize)]
struct Place {
    path: String,
    at_ms: f64,
}

/// The page to go back to, when the app was opened at `/`. Taken once.
#[derive(Clone, Copy)]
struct Start(StoredValue<Option<String>>);

pub fn provide_start() {
    let is_home = window().location().pathname().is_ok_and(|path| path == "/");
    let place: Option<Place> = Preferences::get(PATH_KEY).ok().filter(|_| is_home);
    let fresh = place.filter(|place| (0.0..PATH_LIFE_MS).contains(&(js_sys::Date::now() - place.at_ms)));
    provide_context(Start(StoredValue::new(fresh.map(|place| place.path))));
}

pub fn take_start() -> Option<String> {
    let start: Start = expect_context();
    start.0.try_update_value(Option::take).flatten()
}

/// Follows the address and notes it.
#[component]
pub fn LastPath() -> impl IntoView {
    let location = use_location();
    Effect::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        if path == "/" || path == "/vao" {
            return;
        }
        let path = if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) };
        let _ = Preferences::set(PATH_KEY, Place { path, at_ms: js_sys::Date::now() });
    });
}

/// Bigger letters for older eyes; the stylesheet knows the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    Normal,
    Large,
    Huge,
}

impl TextSize {
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Huge];

    pub fn key(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
            Self::Huge => "huge",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Normal => "Vừa",
            Self::Large => "Lớn",
            Self::Huge => "Rất lớn",
        }
    }
}

pub fn text_size() -> String {
    Preferences::get(TEXT_KEY).unwrap_or_else(|_| TextSize::Normal.key().to_owned())
}

pub fn set_text_size(key: &str) {
    let _ = Preferences::set(TEXT_KEY, key);
    apply_text_size();
}

pub fn apply_text_size() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-text", &text_size());
    }
}
