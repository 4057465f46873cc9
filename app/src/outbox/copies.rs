//! A second copy of what lies in the outbox, beside the browser's database: in the Cache Storage, whose files stand each
//! for itself. Chromium throws away all databases of an app together when one of their logs cannot be read, and killing
//! it twice can be enough for that (google/leveldb#1287); then the copies are all that is left of unsent work.

use std::cell::OnceCell;

use js_sys::{Array, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Cache, Response};

use super::rows::{self, Carried, OWN_KEY, Own};

/// Without the prefix of the builds' caches: no update and no wipe takes it away.
pub const CACHE: &str = "outbox";
/// No page has such a path, and the worker asks the builds only.
const FOLDER: &str = "/outbox/";

/// Puts it in the place of the copy before; `None` removes it. A copy that can't be made costs nothing but safety.
pub async fn put(name: &str, text: Option<&str>) {
    if let Err(error) = try_put(name, text).await {
        leptos::logging::warn!("no copy in the outbox: {error:?}");
    }
}

async fn try_put(name: &str, text: Option<&str>) -> Result<(), JsValue> {
    let (cache, path) = (opened().await?, format!("{FOLDER}{name}"));
    let done = match text {
        Some(text) => cache.put_with_str(&path, &Response::new_with_opt_str(Some(text))?),
        None => cache.delete_with_str(&path),
    };
    JsFuture::from(done).await.map(drop)
}

thread_local! {
    static RECOVERED: OnceCell<Promise> = const { OnceCell::new() };
}

/// Takes in again, as capsules to bring, what the outbox has lost: once in the life of a page, whoever asks first. What is
/// written in the place of a copy waits for it, since the copy may be all that is left.
pub async fn recovered() {
    let once = RECOVERED.with(|once| {
        once.get_or_init(|| {
            future_to_promise(async {
                recover().await;
                Ok(JsValue::UNDEFINED)
            })
        })
        .clone()
    });
    let _ = JsFuture::from(once).await;
}

/// What was sent after all is sent twice: that changes nothing. A database that does not answer has lost nothing.
async fn recover() {
    let (Ok(copies), Ok(own)) = (all().await, rows::own().await) else { return };
    let carried = rows::carried().await;
    for (name, text) in copies {
        if name != OWN_KEY {
            let lost = serde_json::from_str::<Carried>(&text).ok();
            if let Some(lost) = lost.filter(|lost| carried.iter().all(|one| one.name != lost.name)) {
                let _ = rows::put_carried(&lost).await;
            }
        } else if own.is_none()
            && let Ok(lost) = serde_json::from_str::<Own>(&text)
            && take_in(&lost).await.is_ok()
        {
            put(OWN_KEY, None).await;
        }
    }
}

/// What was only on this phone, of which it knows no more than that. First as copies of their own: a database that takes
/// nothing just now is asked again at the next start.
async fn take_in(own: &Own) -> Result<(), JsValue> {
    for text in own.all() {
        let Ok(lost) = Carried::rescued(&rows::from_base64(text)) else { continue };
        let row = serde_json::to_string(&lost).map_err(|error| error.to_string())?;
        try_put(&lost.name, Some(&row)).await?;
        let _ = rows::put_carried(&lost).await;
    }
    Ok(())
}

async fn all() -> Result<Vec<(String, String)>, JsValue> {
    let cache = opened().await?;
    let requests: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
    let mut copies = Vec::new();
    for request in requests.iter() {
        let url = Reflect::get(&request, &"url".into())?.as_string().unwrap_or_default();
        let Some((_, name)) = url.split_once(FOLDER) else { continue };
        let found = JsFuture::from(cache.match_with_str(&url)).await?;
        // Another tab may have removed it meanwhile.
        let Ok(response) = found.dyn_into::<Response>() else { continue };
        let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
        copies.push((name.to_owned(), text));
    }
    Ok(copies)
}

async fn opened() -> Result<Cache, JsValue> {
    JsFuture::from(window().caches()?.open(CACHE)).await?.dyn_into()
}
