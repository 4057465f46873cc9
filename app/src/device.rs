//! This phone and this browser: what they can promise, and the few things that are asked of them.

use std::cell::{Cell, RefCell};

use gloo_storage::{LocalStorage as Preferences, Storage as _};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::storage::Storage;

thread_local! {
    static IS_PERSIST_ASKED: Cell<bool> = const { Cell::new(false) };
    static INSTALL_PROMPT: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// What the browser says about keeping our data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// It will not clear our data by itself when the phone runs out of room.
    pub is_persisted: bool,
    pub usage_bytes: Option<f64>,
    pub quota_bytes: Option<f64>,
}

/// Asks the browser to keep our data, once a session. It decides by itself, mostly without a question to the person.
pub fn ask_to_persist() {
    if IS_PERSIST_ASKED.replace(true) {
        return;
    }
    leptos::task::spawn_local(async {
        if let Some(asked) = storage_manager().and_then(|storage| storage.persist().ok()) {
            let _ = JsFuture::from(asked).await;
        }
    });
}

pub async fn room() -> Room {
    let Some(storage) = storage_manager() else { return Room::default() };
    let wait = async |promise: Result<Promise, JsValue>| JsFuture::from(promise.ok()?).await.ok();
    let is_persisted = wait(storage.persisted()).await.is_some_and(|answer| answer.is_truthy());
    let estimate = wait(storage.estimate()).await.unwrap_or(JsValue::UNDEFINED);
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Room { is_persisted, usage_bytes: number("usage"), quota_bytes: number("quota") }
}

/// `None` where the page has no https.
fn storage_manager() -> Option<web_sys::StorageManager> {
    let storage = window().navigator().storage();
    (!storage.is_undefined()).then_some(storage)
}

/// Opened from the home screen.
pub fn is_installed() -> bool {
    let is_standalone = |query: &str| window().match_media(query).ok().flatten().is_some_and(|list| list.matches());
    is_standalone("(display-mode: standalone)") || is_standalone("(display-mode: fullscreen)")
}

pub fn is_ios() -> bool {
    let agent = user_agent();
    agent.contains("iPhone") || agent.contains("iPad")
}

/// The app whose built-in browser this is. Such a browser keeps data badly and apart from the real one.
pub fn in_app_browser() -> Option<&'static str> {
    in_app_browser_of(&user_agent())
}

fn in_app_browser_of(agent: &str) -> Option<&'static str> {
    const MARKS: [(&str, &str); 6] = [
        ("Zalo", "Zalo"),
        ("FBAN", "Facebook"),
        ("FBAV", "Facebook"),
        ("FB_IAB", "Facebook"),
        ("Instagram", "Instagram"),
        ("TikTok", "TikTok"),
    ];
    MARKS.into_iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| name)
}

fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// Catches Chrome's offer to install, so that it can be made where it makes sense. True when there is one.
pub fn listen_for_install_offer() -> Signal<bool> {
    let can_install = RwSignal::new(false);
    let _ = window_event_listener_untyped("beforeinstallprompt", move |event| {
        event.prevent_default();
        INSTALL_PROMPT.replace(Some(event.into()));
        can_install.set(true);
    });
    let _ = window_event_listener_untyped("appinstalled", move |_| {
        INSTALL_PROMPT.replace(None);
        can_install.set(false);
        // An installed app is kept: ask again.
        IS_PERSIST_ASKED.set(false);
        ask_to_persist();
    });
    can_install.into()
}

/// Shows Chrome's own question.
pub fn offer_to_install() {
    let Some(event) = INSTALL_PROMPT.take() else { return };
    let prompt = Reflect::get(&event, &"prompt".into()).ok().and_then(|prompt| prompt.dyn_into::<Function>().ok());
    let _ = prompt.map(|prompt| prompt.call0(&event));
}

/// Hands the person a file of text.
pub fn save_file(name: &str, text: &str) -> Result<(), JsValue> {
    save(name, "application/json", &text.into())
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
    web_sys::Url::revoke_object_url(&url)
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

pub fn forget_preferences() {
    Preferences::clear();
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
    for name in names.iter().flat_map(Array::iter).filter_map(|name| name.as_string()) {
        let _ = JsFuture::from(caches.delete(&name)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::in_app_browser_of;

    #[test]
    fn a_browser_inside_zalo_is_known_and_chrome_is_none() {
        let chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(in_app_browser_of(chrome), None);
        assert_eq!(in_app_browser_of(&format!("{chrome} Zalo android/12")), Some("Zalo"));
        assert_eq!(in_app_browser_of(&format!("{chrome} [FB_IAB/FB4A;FBAV/400]")), Some("Facebook"));
    }
}
