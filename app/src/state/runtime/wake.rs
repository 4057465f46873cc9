//! What makes the runtime look up: its own alarm, the network, the person coming back, another tab.

use std::rc::Rc;
use std::time::Duration;

use domain::replica::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use super::{Runtime, now};
use crate::outbox::background;

const CHANNEL: &str = "tung-nha";

/// Timers of tabs in the background run late, which is fine: they try when they run.
pub(super) fn set_alarm(runtime: &Rc<Runtime>, at_mono_ms: u64) {
    let weak = Rc::downgrade(runtime);
    let ring = move || {
        if let Some(runtime) = weak.upgrade() {
            runtime.feed(Event::Tick);
        }
    };
    let wait = Duration::from_millis(at_mono_ms.saturating_sub(now().mono_ms) + 1);
    let alarm = set_timeout_with_handle(ring, wait).ok();
    if let Some(old) = std::mem::replace(&mut *runtime.alarm.borrow_mut(), alarm) {
        old.clear();
    }
}

/// For the life of the app.
pub(super) fn listen(runtime: &Rc<Runtime>) {
    let own = Rc::clone(runtime);
    window_event_listener(leptos::ev::online, move |_| own.feed(Event::SyncNow));
    let own = Rc::clone(runtime);
    window_event_listener_untyped("visibilitychange", move |_| {
        let is_visible = document().visibility_state() == web_sys::VisibilityState::Visible;
        if is_visible {
            own.seen_again();
        } else {
            own.seal_now();
            spawn_local(background::ask_for_what_waits());
        }
    });
    let own = Rc::clone(runtime);
    background::on_wake(move || own.feed(Event::SyncNow));
    listen_to_other_tabs(runtime);
}

fn listen_to_other_tabs(runtime: &Rc<Runtime>) {
    // Without the channel the generation in the store still keeps two tabs from overwriting each other.
    let Ok(channel) = web_sys::BroadcastChannel::new(CHANNEL) else { return };
    let own = Rc::clone(runtime);
    let hear = move |event: web_sys::MessageEvent| match event.data().as_f64() {
        Some(generation) if generation > 0.0 => own.replace(generation_of(generation)),
        // Another tab has left or joined anew: nothing here is valid any more.
        Some(_) => crate::device::restart("/"),
        None => {}
    };
    let hear = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(hear);
    channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    *runtime.tabs.borrow_mut() = Some(channel);
}

pub(in crate::state) fn tell_other_tabs(runtime: &Runtime, generation: u64) {
    if let Some(channel) = runtime.tabs.borrow().as_ref() {
        // A number that JavaScript holds exactly; a phone does not store 2^53 times.
        let _ = channel.post_message(&JsValue::from_f64(to_f64(generation)));
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
fn to_f64(generation: u64) -> f64 {
    generation as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and what this app has sent")]
fn generation_of(number: f64) -> u64 {
    number as u64
}
