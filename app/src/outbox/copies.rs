//! A second copy of what lies in the outbox, beside the browser's database: in the Cache Storage, whose files stand each
//! for itself. Chromium throws away all databases of an app together when one of their logs cannot be read, and killing
//! it twice can be enough for that (google/leveldb#1287); then the copies are all that is left of unsent work.

use domain::capsule;
use js_sys::{Array, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

use super::rows::{self, Carried, OWN_KEY, Own};
use crate::storage::idb::IdbError;

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

/// Takes in again, as capsules to bring, what the outbox has lost. What was sent after all is sent twice: that changes
/// nothing.
pub async fn recover() {
    let copies = all().await.unwrap_or_default();
    if copies.is_empty() {
        return;
    }
    let (own, carried) = (rows::own().await, rows::carried().await);
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

/// This phone's own unsent work, of which it knows no more than that.
async fn take_in(own: &Own) -> Result<(), IdbError> {
    for text in &own.capsules {
        let bytes = rows::from_base64(text);
        let Ok(header) = capsule::header(&bytes) else { continue };
        rows::put_carried(&Carried {
            name: capsule::name_of(&bytes),
            capsule: text.clone(),
            documents: header.documents,
            rescued: true,
            outcome: None,
        })
        .await?;
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
