//! What the browser promises about our data, and what outlives a cleared database: the note that this phone had joined.

use std::cell::Cell;

use domain::Day;
use domain::protocol::CheckNumber;
use gloo_storage::{LocalStorage as Preferences, Storage as _};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Preferences are not cleared with the database: Chromium does not count them when it makes room.
const JOINED_KEY: &str = "tung-nha.joined";
const BUSY_KEY: &str = "tung-nha.busy";
const CHECK_KEY: &str = "tung-nha.check";
/// For so long the check number stands on the pages: an invite lives no longer.
const CHECK_MS: f64 = 86_400_000.0;
/// Chrome names a quota instead of the room that is left: what is used plus a round number of these.
const GIBIBYTE: f64 = 1_073_741_824.0;

thread_local! {
    static ASKED: Cell<u8> = const { Cell::new(0) };
}

/// When it makes sense to ask for lasting storage. Never before joining: there is nothing to keep then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Start,
    Joined,
    Save,
    Installed,
    /// Somebody looks at the state of the phone.
    Look,
}

/// What the browser says about keeping our data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// It will not clear our data by itself when the phone runs out of room.
    pub is_persisted: bool,
    pub usage_bytes: Option<f64>,
    pub quota_bytes: Option<f64>,
}

impl Room {
    /// What is left for us. `None` where the browser does not say: since 138 Chrome answers with the size of the disk, full
    /// or not, so that nobody can tell a private window by it.
    pub fn left_bytes(self) -> Option<f64> {
        let left = self.quota_bytes? - self.usage_bytes?;
        let is_made_up = left > 0.0 && left % GIBIBYTE < 1.0;
        (!is_made_up).then_some(left.max(0.0))
    }
}

/// Asks the browser to keep our data, once for each moment of a session until it has said yes. It decides by itself, mostly
/// without a question to the person; being installed and being used much help.
pub fn ask_to_persist(moment: Moment) {
    let bit = 1 << moment as u8;
    let asked = ASKED.get();
    if asked & bit != 0 {
        return;
    }
    ASKED.set(asked | bit);
    leptos::task::spawn_local(async {
        let Some(storage) = storage_manager() else { return };
        let is_granted = wait(storage.persisted()).await.is_some_and(|answer| answer.is_truthy());
        if !is_granted {
            wait(storage.persist()).await;
        }
    });
}

pub async fn room() -> Room {
    let Some(storage) = storage_manager() else { return Room::default() };
    let is_persisted = wait(storage.persisted()).await.is_some_and(|answer| answer.is_truthy());
    let estimate = wait(storage.estimate()).await.unwrap_or(JsValue::UNDEFINED);
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Room { is_persisted, usage_bytes: number("usage"), quota_bytes: number("quota") }
}

/// Whether this window may forget everything when it is closed. Only a hint, good for a warning and not for a refusal:
/// since 138 Chrome gives pages no way to tell. Safari and Firefox refuse a private window its file system; Firefox
/// has no workers there; older Chromes offer it a share of the memory instead of the disk, but so little is also all that
/// a nearly full phone has.
pub async fn looks_private() -> bool {
    const SMALL_BYTES: f64 = 300_000_000.0;
    if window().is_secure_context() && window().navigator().service_worker().is_undefined() {
        return true;
    }
    let Some(storage) = storage_manager() else { return false };
    let directory = Reflect::get(&storage, &"getDirectory".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
    if let Some(directory) = directory {
        let asked = directory.call0(&storage).and_then(JsCast::dyn_into::<Promise>);
        if wait(asked).await.is_none() {
            return true;
        }
    }
    room().await.quota_bytes.is_some_and(|quota| quota < SMALL_BYTES)
}

async fn wait(promise: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(promise.ok()?).await.ok()
}

/// `None` where the page has no https.
fn storage_manager() -> Option<web_sys::StorageManager> {
    let storage = window().navigator().storage();
    (!storage.is_undefined()).then_some(storage)
}

/// This phone is somebody's, and is in use now.
pub fn note_joined() {
    let _ = Preferences::set(JOINED_KEY, js_sys::Date::now());
}

/// When this phone was last opened as somebody's, by its own clock in milliseconds; `None` when it never was, or was
/// left or wiped on purpose.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds fit and are positive")]
pub fn last_joined_ms() -> Option<u64> {
    Preferences::get::<f64>(JOINED_KEY).ok().map(|ms| ms as u64)
}

/// The number that is to be read to whoever invited, with the time by this phone's clock; `None` ends it.
pub fn note_check(check: Option<CheckNumber>) {
    match check {
        Some(check) => {
            let _ = Preferences::set(CHECK_KEY, (check, js_sys::Date::now()));
        }
        None => Preferences::delete(CHECK_KEY),
    }
}

/// The number that is still to be read out.
pub fn check_to_read_out() -> Option<CheckNumber> {
    let (check, noted_ms) = Preferences::get::<(CheckNumber, f64)>(CHECK_KEY).ok()?;
    ((js_sys::Date::now() - noted_ms).abs() < CHECK_MS).then_some(check)
}

/// The day on which this phone was last checked or written on: whoever is at work is not asked to check it any more.
pub fn last_busy_day() -> Option<String> {
    Preferences::get(BUSY_KEY).ok()
}

pub fn note_busy(day: Day) {
    let day = day.to_string();
    if last_busy_day().as_ref() != Some(&day) {
        let _ = Preferences::set(BUSY_KEY, day);
    }
}

#[cfg(test)]
mod tests {
    use super::Room;

    fn room(usage: f64, quota: f64) -> Room {
        Room { is_persisted: false, usage_bytes: Some(usage), quota_bytes: Some(quota) }
    }

    #[test]
    fn a_quota_that_is_only_the_size_of_the_disk_is_not_taken_for_room() {
        let gibibyte = 1_073_741_824.0;
        assert_eq!(room(4_200_000.0, 10.0 * gibibyte + 4_200_000.0).left_bytes(), None);
        assert_eq!(room(4_200_000.0, 44_200_000.0).left_bytes(), Some(40_000_000.0));
        assert_eq!(room(5.0, 1.0).left_bytes(), Some(0.0));
    }
}
