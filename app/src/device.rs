//! This phone and this browser: what they can promise, and the few things that are asked of them.

pub mod browser;
pub mod keeping;
pub mod offline;

use std::cell::RefCell;
use std::time::Duration;

use gloo_storage::{LocalStorage as Preferences, SessionStorage, Storage as _};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::storage::Storage;

thread_local! {
    static INSTALL_PROMPT: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Chrome shares and shows no unknown types of files.
const CAPSULE: &str = "application/octet-stream";
/// How long a browser may take to read the file that it is to save.
const UNTIL_READ: Duration = Duration::from_mins(1);
const RESTARTED_KEY: &str = "tung-nha.restarted";

/// Catches Chrome's offer to install, so that it can be made where it makes sense. True when there is one.
pub fn listen_for_install_offer(on_installed: impl Fn() + 'static) -> Signal<bool> {
    let can_install = RwSignal::new(false);
    let _ = window_event_listener_untyped("beforeinstallprompt", move |event| {
        event.prevent_default();
        INSTALL_PROMPT.replace(Some(event.into()));
        can_install.set(true);
    });
    let _ = window_event_listener_untyped("appinstalled", move |_| {
        INSTALL_PROMPT.replace(None);
        can_install.set(false);
        on_installed();
    });
    can_install.into()
}

/// Shows Chrome's own question.
pub fn offer_to_install() {
    let Some(event) = INSTALL_PROMPT.take() else { return };
    let prompt = Reflect::get(&event, &"prompt".into()).ok().and_then(|prompt| prompt.dyn_into::<Function>().ok());
    let _ = prompt.map(|prompt| prompt.call0(&event));
}

/// Hands the person capsules as files: "tung-nha-2026-11-23.tnha", a second one only for thousands of records. False when this
/// browser saves no files.
pub fn save_capsules(name: &str, capsules: &[Vec<u8>]) -> bool {
    capsules.iter().enumerate().all(|(number, bytes)| {
        let part = if number == 0 { String::new() } else { format!("-{}", number + 1) };
        save_bytes(&format!("tung-nha-{name}{part}.tnha"), CAPSULE, bytes).is_ok()
    })
}

/// Hands the person a file of bytes.
pub fn save_bytes(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    save(name, kind, &js_sys::Uint8Array::from(bytes).into())
}

fn save(name: &str, kind_of_file: &str, content: &JsValue) -> Result<(), JsValue> {
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type(kind_of_file);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&Array::of1(content), &kind)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.dyn_into().map_err(JsValue::from)?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Some browsers begin to read only after the click has returned.
    set_timeout(move || drop(web_sys::Url::revoke_object_url(&url)), UNTIL_READ);
    Ok(())
}

/// How a text left this app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    Shared,
    /// The phone has no sheet for sharing; it is on the clipboard.
    Copied,
    Failed,
}

/// Hands a text to another app by the phone's own sheet, or puts it on the clipboard. Only after a tap.
pub async fn hand_over(text: &str) -> Handed {
    let navigator = window().navigator();
    let share: Option<Function> =
        Reflect::get(&navigator, &"share".into()).ok().and_then(|share| share.dyn_into().ok());
    if let Some(share) = share {
        let data = js_sys::Object::new();
        let _ = Reflect::set(&data, &"text".into(), &text.into());
        let shared = share.call1(&navigator, &data).and_then(JsCast::dyn_into::<Promise>);
        return match shared {
            // A person who changes their mind is no failure.
            Ok(shared) => JsFuture::from(shared).await.map_or(Handed::Shared, |_| Handed::Shared),
            Err(_) => Handed::Failed,
        };
    }
    if copy(text).await { Handed::Copied } else { Handed::Failed }
}

/// Puts a text on the clipboard; false where the browser does not allow it. Only after a tap.
pub async fn copy(text: &str) -> bool {
    let copied = Reflect::get(&window().navigator(), &"clipboard".into()).and_then(|clipboard| {
        let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
        write.call1(&clipboard, &text.into())?.dyn_into::<Promise>()
    });
    let Ok(copied) = copied else { return false };
    JsFuture::from(copied).await.is_ok()
}

/// Opens the browser's own print dialogue.
pub fn print() {
    // A browser without one does nothing.
    let _ = window().print();
}

/// Leaves this page for good and opens the app anew.
pub fn restart(path: &str) {
    let location = window().location();
    // With only a fragment changing the browser would stay where it is.
    let is_same = location.pathname().is_ok_and(|here| here == path);
    let _ = if is_same { location.reload() } else { location.replace(path) };
}

/// Opens the page anew where it is. A second time within a minute would not help either.
pub fn restart_once_a_minute() {
    let now_ms = js_sys::Date::now();
    let last_ms: f64 = Preferences::get(RESTARTED_KEY).unwrap_or(0.0);
    if (0.0..60_000.0).contains(&(now_ms - last_ms)) || Preferences::set(RESTARTED_KEY, now_ms).is_err() {
        return;
    }
    let _ = window().location().reload();
}

pub fn forget_preferences() {
    Preferences::clear();
    SessionStorage::clear();
}

/// The phone was reported lost: nothing of ours stays on it.
pub async fn wipe_and_restart(storage: &Storage, path: &str) {
    storage.wipe().await;
    forget_preferences();
    forget_worker().await;
    restart(path);
}

/// The worker goes with its caches: one without its files could never open the app without a network again.
async fn forget_worker() {
    let worker = window().navigator().service_worker();
    if !worker.is_undefined()
        && let Ok(registration) = JsFuture::from(worker.get_registration()).await
        && let Ok(registration) = registration.dyn_into::<web_sys::ServiceWorkerRegistration>()
        && let Ok(gone) = registration.unregister()
    {
        let _ = JsFuture::from(gone).await;
    }
    let Ok(caches) = window().caches() else { return };
    let names = JsFuture::from(caches.keys()).await.ok().and_then(|names| names.dyn_into::<Array>().ok());
    let names = names.iter().flat_map(Array::iter).filter_map(|name| name.as_string());
    // What was rescued stays until it is sent.
    for name in names.filter(|name| name != crate::outbox::CACHE) {
        let _ = JsFuture::from(caches.delete(&name)).await;
    }
}
