//! Background Sync: where the browser has it (Chrome), it wakes the service worker when the network is back, also with the app
//! closed. A bonus: an open app sends by itself.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::rows;

/// What the service worker listens for.
const TAG: &str = "send";
/// What it tells an open app.
const SYNC_NOW: &str = "sync-now";

/// A browser that does not want to only leaves the sending to the app.
pub async fn ask() {
    let worker = window().navigator().service_worker();
    if worker.is_undefined() {
        return;
    }
    let Ok(registration) = JsFuture::from(worker.get_registration()).await else { return };
    let Ok(manager) = Reflect::get(&registration, &"sync".into()) else { return };
    let Ok(register) = Reflect::get(&manager, &"register".into()).and_then(JsCast::dyn_into::<Function>) else {
        return;
    };
    if let Ok(asked) = register.call1(&manager, &TAG.into()).and_then(JsCast::dyn_into::<Promise>) {
        let _ = JsFuture::from(asked).await;
    }
}

/// The app goes out of sight. What was asked before may be used up: the worker leaves the sending to an app in sight, which
/// may have met no network after all.
pub async fn ask_for_what_waits() {
    let has_own = rows::own().await.is_ok_and(|own| own.is_some_and(|own| own.has_unsent()));
    if has_own || rows::carried().await.iter().any(|one| one.outcome.is_none()) {
        ask().await;
    }
}

/// The browser has woken the service worker because there is a network: an open app sends by itself. For the life of the app.
pub fn on_wake(send: impl Fn() + 'static) {
    let worker = window().navigator().service_worker();
    if worker.is_undefined() {
        return;
    }
    let hear = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        if event.data().as_string().as_deref() == Some(SYNC_NOW) {
            send();
        }
    });
    let _ = worker.add_event_listener_with_callback("message", hear.as_ref().unchecked_ref());
    hear.forget();
}
