//! The worker: a picture in (its width, and its pixels as an `ArrayBuffer` of RGBA), a list of texts out. An empty list at
//! the start says that it takes pictures from now on.

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answer = scope.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = js_sys::Array::from(&event.data());
        let width = message.get(0).as_f64().unwrap_or_default();
        let pixels = js_sys::Uint8Array::new(&message.get(1)).to_vec();
        tell(&answer, scanner::texts(whole(width), &pixels));
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    tell(&scope, Vec::new());
}

/// A number of pixels as JavaScript tells it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float stops at the ends")]
fn whole(number: f64) -> usize {
    number as usize
}

fn tell(scope: &DedicatedWorkerGlobalScope, texts: Vec<String>) {
    // Fails when the page is gone.
    let _ = scope.post_message(&texts.into_iter().map(JsValue::from).collect::<js_sys::Array>());
}
