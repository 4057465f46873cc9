//! One tab of this browser syncs at a time, by a Web Lock that is only ever tried, never waited for.

use std::cell::Cell;

use futures_channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;

const NAME: &str = "tung-nha-sync";
/// A frozen tab keeps its lock for ever. After this many refusals in a row (5 seconds apart) it is taken away: the
/// server takes the same push twice, so the worst case costs data volume.
const REFUSALS_MAX: u32 = 24;

thread_local! {
    static REFUSALS: Cell<u32> = const { Cell::new(0) };
}

/// Released when dropped.
pub struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// `None` when another tab holds the lock.
pub async fn acquire() -> Option<Held> {
    // Browsers without locks, and pages without https, just go ahead.
    let Some((locks, request)) = manager() else { return Some(Held(None)) };
    let is_stealing = REFUSALS.get() >= REFUSALS_MAX;
    let options = js_sys::Object::new();
    let how = if is_stealing { "steal" } else { "ifAvailable" };
    let _ = Reflect::set(&options, &how.into(), &JsValue::TRUE);
    let (sender, receiver) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| {
        if lock.is_null() || lock.is_undefined() {
            let _ = sender.send(None);
            return JsValue::UNDEFINED;
        }
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let _ = sender.send(release);
        held.into()
    });
    let asked = request.call3(&locks, &NAME.into(), &options, &granted).and_then(JsCast::dyn_into::<Promise>);
    let Ok(asked) = asked else { return Some(Held(None)) };
    leptos::task::spawn_local(async move {
        // Rejected when another tab steals the lock; there is nothing to do about it.
        let _ = wasm_bindgen_futures::JsFuture::from(asked).await;
    });
    let release = receiver.await.ok().flatten();
    REFUSALS.set(if release.is_some() { 0 } else { REFUSALS.get() + 1 });
    release.map(|release| Held(Some(release)))
}

fn manager() -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
