//! New versions of the app. The worker (public/sw.js) keeps a new build waiting; the person says when to change over,
//! and is never asked at a door. While a new build lies ready the worker is told whether a visit is under way: one that the
//! phone breaks off by killing the app goes on in the build it was begun in. A new build must say that it has started, or
//! the worker goes back to the one before.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use crate::components::{Notice, NoticeKind};
use crate::state::{AppState, Boot};

/// An app left open for days still hears of new versions.
const CHECK_MS: f64 = 60.0 * 60.0 * 1_000.0;

thread_local! {
    static IS_ACCEPTED: Cell<bool> = const { Cell::new(false) };
}

/// In context: whether a newer build lies ready, and which build runs.
#[derive(Clone, Copy)]
pub struct Updates {
    is_ready: RwSignal<bool>,
    /// The person wants to hear of it another time.
    is_put_off: RwSignal<bool>,
    /// Whether the page on the screen is one between two visits; unknown until there is a page.
    is_calm: RwSignal<Option<bool>>,
    build: RwSignal<Option<String>>,
    has_fallen_back: RwSignal<bool>,
}

impl Updates {
    /// The worker is registered by boot.js; this listens to it.
    pub fn provide() {
        let updates = Self {
            is_ready: RwSignal::new(false),
            is_put_off: RwSignal::new(false),
            is_calm: RwSignal::new(None),
            build: RwSignal::new(None),
            has_fallen_back: RwSignal::new(false),
        };
        provide_context(updates);
        let Some(worker) = container() else { return };
        updates.reload_when_taken_over(&worker);
        updates.hear_build(&worker);
        updates.tell_rest();
        tell_when_started();
        leptos::task::spawn_local(async move {
            let Ok(ready) = worker.ready() else { return };
            let Ok(registration) = JsFuture::from(ready).await else { return };
            updates.watch(&registration.unchecked_into());
            if let Some(active) = worker.controller() {
                let _ = active.post_message(&"version".into());
            }
        });
    }

    pub fn expect() -> Self {
        expect_context()
    }

    /// The build that the worker serves.
    pub fn build(&self) -> Signal<Option<String>> {
        self.build.into()
    }

    /// Whether a newer build did not start on this phone, so that the one before it runs.
    pub fn has_fallen_back(&self) -> Signal<bool> {
        self.has_fallen_back.into()
    }

    /// A newer build lies ready on this phone, and the person has not put it off.
    pub fn is_offered(&self) -> Signal<bool> {
        let updates = *self;
        Signal::derive(move || updates.is_ready.get() && !updates.is_put_off.get())
    }

    /// Another page is on the screen; `is_calm` when it is one between two visits.
    pub fn note_page(&self, is_calm: bool) {
        self.is_calm.set(Some(is_calm));
    }

    /// Tells the worker, once it has a newer build: at each page, and as the app goes out of sight, since a form may have
    /// been begun on a calm page.
    fn tell_rest(self) {
        Effect::new(move |_| {
            if let (true, Some(is_calm)) = (self.is_ready.get(), self.is_calm.get()) {
                tell_resting(is_calm);
            }
        });
        let _ = window_event_listener_untyped("visibilitychange", move |_| {
            let is_hidden = document().visibility_state() == web_sys::VisibilityState::Hidden;
            if let (true, true, Some(is_calm)) =
                (is_hidden, self.is_ready.get_untracked(), self.is_calm.get_untracked())
            {
                tell_resting(is_calm && !crate::drafts::is_half_typed());
            }
        });
    }

    fn watch(self, registration: &ServiceWorkerRegistration) {
        if registration.waiting().is_some() {
            self.is_ready.set(true);
        }
        if let Some(new) = registration.installing() {
            self.watch_install(&new);
        }
        let own = registration.clone();
        let found = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| {
            if let Some(new) = own.installing() {
                self.watch_install(&new);
            }
        });
        registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        found.forget();
        let own = registration.clone();
        let last = Cell::new(js_sys::Date::now());
        let _ = window_event_listener_untyped("visibilitychange", move |_| {
            if js_sys::Date::now() - last.get() > CHECK_MS {
                last.set(js_sys::Date::now());
                // Without a network there is no news.
                let _ = own.update();
            }
        });
    }

    fn watch_install(self, worker: &web_sys::ServiceWorker) {
        let own = worker.clone();
        let changed = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| {
            // The very first worker has nothing to replace.
            let is_first = container().is_none_or(|container| container.controller().is_none());
            if own.state() == ServiceWorkerState::Installed && !is_first {
                self.is_put_off.set(false);
                self.is_ready.set(true);
            }
        });
        worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    }

    fn reload_when_taken_over(self, worker: &ServiceWorkerContainer) {
        let taken = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| {
            if IS_ACCEPTED.get() {
                let _ = window().location().reload();
            } else {
                // Agreed to in another tab. This one keeps what it runs until it is opened anew.
                self.is_ready.set(false);
            }
        });
        worker.set_oncontrollerchange(Some(taken.as_ref().unchecked_ref()));
        taken.forget();
    }

    fn hear_build(self, worker: &ServiceWorkerContainer) {
        let hear = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let build = js_sys::Reflect::get(&event.data(), &"version".into()).ok().and_then(|build| build.as_string());
            if build.is_some() {
                let fallen = js_sys::Reflect::get(&event.data(), &"hasFallenBack".into());
                self.has_fallen_back.set(fallen.is_ok_and(|fallen| fallen.is_truthy()));
                self.build.set(build);
                let is_held = js_sys::Reflect::get(&event.data(), &"isHeld".into());
                if is_held.is_ok_and(|is_held| is_held.is_truthy()) {
                    self.is_ready.set(true);
                }
            }
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        hear.forget();
    }

    fn accept(self) {
        IS_ACCEPTED.set(true);
        self.is_put_off.set(true);
        let state = AppState::expect();
        leptos::task::spawn_local(async move {
            // What is just being stored is stored by the build that began it.
            state.at_rest().await;
            let Some(worker) = container() else { return };
            let Ok(registration) = JsFuture::from(worker.get_registration()).await else { return };
            let waiting = registration.dyn_into::<ServiceWorkerRegistration>().ok().and_then(|it| it.waiting());
            if let Some(waiting) = waiting {
                let _ = waiting.post_message(&"use-new-version".into());
            } else {
                // It has taken over, held for a visit or agreed to in another tab: a reload is all that is left to do.
                tell_resting(true);
                crate::device::restart("/may");
            }
        });
    }
}

/// Tells the worker, once what is stored has been opened and something of it stands on the screen. A build that cannot
/// open it never gets there.
fn tell_when_started() {
    let (state, is_told) = (AppState::expect(), StoredValue::new(false));
    Effect::new(move |_| {
        let is_open =
            state.enrolment().with(Option::is_some) || matches!(state.boot().get(), Boot::NotJoined | Boot::Ready);
        if !is_open || is_told.get_value() {
            return;
        }
        is_told.set_value(true);
        // After this turn: what is drawn in it may still fail.
        set_timeout(|| leptos::task::spawn_local(tell_started()), Duration::ZERO);
    });
}

async fn tell_started() {
    let Some(build) = own_build() else { return };
    let Some(ready) = container().and_then(|worker| worker.ready().ok()) else { return };
    let Ok(registration) = JsFuture::from(ready).await else { return };
    if let Some(active) = registration.unchecked_into::<ServiceWorkerRegistration>().active() {
        post(&active, "started", &build.into());
    }
}

/// Tells the worker that serves this page.
fn tell_resting(is_resting: bool) {
    if let Some(active) = container().and_then(|worker| worker.controller()) {
        post(&active, "isResting", &is_resting.into());
    }
}

fn post(worker: &web_sys::ServiceWorker, what: &str, value: &JsValue) {
    let told = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&told, &what.into(), value);
    let _ = worker.post_message(&told);
}

/// The build that this page is of, as xtask wrote it into the page.
fn own_build() -> Option<String> {
    document().query_selector("meta[name=\"build\"]").ok()??.get_attribute("content")
}

/// `None` without https, and in browsers that have no workers.
fn container() -> Option<ServiceWorkerContainer> {
    let worker = window().navigator().service_worker();
    (!worker.is_undefined()).then_some(worker)
}

/// "Có bản mới", for pages on which nothing is being typed.
#[component]
pub fn UpdateOffer() -> impl IntoView {
    let updates = Updates::expect();
    let is_offered = updates.is_offered();
    view! {
        <Show when=move || is_offered.get()>
            <Notice
                kind=NoticeKind::Info
                title="Có bản mới"
                detail="Dữ liệu trên máy giữ nguyên."
                action="Cập nhật"
                on_action=move |()| updates.accept()
                on_dismiss=move |()| updates.is_put_off.set(true)
                testid="update-offer"
            />
        </Show>
    }
}
