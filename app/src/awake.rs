//! The screen stays on as long as something on it needs to be seen or held in view: a phone that goes dark after half a
//! minute would break off a hand-over by QR codes.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A `WakeLockSentinel`, let go when dropped.
struct Lock(JsValue);

impl Drop for Lock {
    fn drop(&mut self) {
        // Let go already is fine.
        let _ = method(&self.0, "release").and_then(|release| release.call0(&self.0));
    }
}

/// Keeps the screen on until the owner goes. Where the browser cannot, the phone does as it always does.
pub fn keep_awake() {
    let lock = StoredValue::new_local(None::<Lock>);
    let take = move || {
        spawn_local(async move {
            // The page may be gone by now: what comes back then is dropped.
            drop(lock.try_set_value(request().await.ok().map(Lock)));
        });
    };
    take();
    // The browser lets go of it whenever the page is hidden.
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            take();
        }
    });
    on_cleanup(move || seen.remove());
}

async fn request() -> Result<JsValue, JsValue> {
    let manager = Reflect::get(&window().navigator(), &"wakeLock".into())?;
    let asked: Promise = method(&manager, "request")?.call1(&manager, &"screen".into())?.dyn_into()?;
    JsFuture::from(asked).await
}

fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(object, &name.into())?.dyn_into()
}
