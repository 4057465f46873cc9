//! Whether the app itself would open without a network.

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// As in public/sw.js.
const PREFIX: &str = "tung-nha-";
/// Pages and files that are the server's alone.
const NOT_KEPT: [&str; 4] = ["/api/", "/danh-sach", "/office-", "/sw.js"];

/// Looks for the page and every file that this visit has loaded in the cache of the worker's build. False as well where
/// no worker serves this page: then nothing is asked for in the cache.
pub async fn opens_without_network(build: Option<String>) -> bool {
    let worker = window().navigator().service_worker();
    if worker.is_undefined() || worker.controller().is_none() {
        return false;
    }
    let Some(cache) = cache_of(build).await else { return false };
    let mut wanted = loaded_files();
    wanted.push("/".to_owned());
    for path in wanted {
        let found = JsFuture::from(cache.match_with_str(&path)).await;
        if found.is_ok_and(|found| found.is_undefined()) {
            leptos::logging::warn!("not in the cache: {path}");
            return false;
        }
    }
    true
}

async fn cache_of(build: Option<String>) -> Option<web_sys::Cache> {
    let caches = window().caches().ok()?;
    let names: Array = JsFuture::from(caches.keys()).await.ok()?.dyn_into().ok()?;
    let names: Vec<String> = names.iter().filter_map(|name| name.as_string()).collect();
    // A worker that has not told its build yet serves the newest.
    let ours = build.map(|build| format!("{PREFIX}{build}"));
    let name = names.into_iter().rfind(|name| ours.as_ref().map_or(name.starts_with(PREFIX), |ours| ours == name))?;
    JsFuture::from(caches.open(&name)).await.ok()?.dyn_into().ok()
}

/// Paths of what this page has loaded from our server and keeps.
fn loaded_files() -> Vec<String> {
    let Some(clock) = window().performance() else { return Vec::new() };
    let origin = window().location().origin().unwrap_or_default();
    let entries = clock.get_entries_by_type("resource");
    let names = entries.iter().filter_map(|entry| Reflect::get(&entry, &"name".into()).ok()?.as_string());
    let paths = names.filter_map(|name| {
        let path = name.strip_prefix(&origin)?.split(['?', '#']).next()?.to_owned();
        (!NOT_KEPT.iter().any(|start| path.starts_with(start))).then_some(path)
    });
    paths.collect()
}
