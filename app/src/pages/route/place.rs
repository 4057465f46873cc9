//! Where a person is in the list: in the URL, and how far they have scrolled. What is searched is somebody's name, and so not
//! in the URL, which browsers keep and send to other devices.

use std::cell::RefCell;
use std::time::Duration;

use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;

use super::Walk;
use super::filter::Filter;
use super::scope::Scope;

/// Names in the query of the URL.
pub const FILTER: &str = "loc";
/// That something is searched.
pub const SEARCH: &str = "tim";
pub const SCOPE: &str = "tuyen";

const PATH: &str = "/tuyen";
/// A browser may kill the tab while someone stands at a door.
const URL_KEY: &str = "route-url";
/// Ends with the tab.
const TEXT_KEY: &str = "route-text";
/// URLs change once typing rests: browsers limit how often they may.
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Clone, Debug, Default)]
struct Place {
    url: String,
    text: String,
    /// The list that was scrolled, and how far.
    scrolled: String,
    scroll_px: f64,
}

thread_local! {
    static PLACE: RefCell<Place> = RefCell::default();
}

/// The list as it was last seen: where the arrow of a door leads.
pub fn last_url() -> String {
    let url = PLACE.with_borrow(|place| place.url.clone());
    if url.is_empty() { SessionStorage::get(URL_KEY).unwrap_or_else(|_| PATH.to_owned()) } else { url }
}

/// What was searched there.
pub fn last_text() -> String {
    let text = PLACE.with_borrow(|place| place.text.clone());
    if text.is_empty() { SessionStorage::get(TEXT_KEY).unwrap_or_default() } else { text }
}

/// The route that is being walked, if one was chosen.
pub fn last_scope() -> Option<Scope> {
    let url = last_url();
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == SCOPE).and_then(|(_, key)| Scope::from_key(key))
}

/// How far the list that is shown now was scrolled when it was left.
pub fn scroll_px(walk: Walk) -> f64 {
    let list = untrack(|| list(walk));
    PLACE.with_borrow(|place| if place.scrolled == list { place.scroll_px } else { 0.0 })
}

pub fn remember_scroll(walk: Walk, px: f64) {
    let list = untrack(|| list(walk));
    PLACE.with_borrow_mut(|place| {
        place.scrolled = list;
        place.scroll_px = px;
    });
}

/// Shows another selection, in place of this one.
pub fn show(walk: Walk, scope: Scope, filter: Option<Filter>) {
    walk.text.set(String::new());
    walk.go.run(url(Some(scope), filter.unwrap_or_default(), false));
}

/// The way to another URL of this page; the back gesture passes over the one before.
pub fn way() -> Callback<String> {
    let navigate = use_navigate();
    Callback::new(move |url: String| {
        navigate(&url, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    })
}

/// Remembers the place, and brings into the URL that something was typed.
pub fn keep(walk: Walk) {
    let now = Memo::new(move |_| here(walk));
    Effect::new(move |last: Option<Option<TimeoutHandle>>| {
        if let Some(pending) = last.flatten() {
            pending.clear();
        }
        let (url, text) = (now.get(), walk.text.get());
        // A browser that keeps nothing only forgets the place.
        let _ = SessionStorage::set(URL_KEY, &url);
        let _ = SessionStorage::set(TEXT_KEY, &text);
        PLACE.with_borrow_mut(|place| {
            place.url.clone_from(&url);
            place.text = text;
        });
        if walk.is_searching() == walk.asks_search.get() {
            return None;
        }
        let bring = move || {
            // The page may have been left meanwhile.
            if now.try_get_untracked().is_some() {
                walk.go.run(url.clone());
            }
        };
        set_timeout_with_handle(bring, PAUSE).ok()
    });
}

/// The URL of what is shown.
fn here(walk: Walk) -> String {
    url(walk.asked_scope.get(), walk.filter.get(), walk.is_searching())
}

/// What is shown, typing included: for this page only.
fn list(walk: Walk) -> String {
    walk.text.with(|text| format!("{} {}", here(walk), text.trim()))
}

fn url(scope: Option<Scope>, filter: Filter, is_searching: bool) -> String {
    let mut query = ParamsMap::new();
    if let Some(scope) = scope {
        query.insert(SCOPE, scope.key());
    }
    if filter != Filter::All {
        query.insert(FILTER, filter.key().to_owned());
    }
    if is_searching {
        query.insert(SEARCH, "1".to_owned());
    }
    format!("{PATH}{}", query.to_query_string())
}
