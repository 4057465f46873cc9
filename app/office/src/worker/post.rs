//! One question to the server from the worker, which has no window.

use app::sync::{AskError, read_answer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// An area of some thousand people takes the server a second or two, the network may take longer.
const TIMEOUT_MS: u32 = 120_000;

pub async fn ask<T: DeserializeOwned>(path: &str, question: &impl Serialize) -> Result<T, AskError> {
    let body = serde_json::to_string(question).map_err(|_| AskError::NoNetwork)?;
    let text = post(path, &body).await.map_err(|_| AskError::NoNetwork)?;
    read_answer(&text)
}

async fn post(path: &str, body: &str) -> Result<String, JsValue> {
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    init.set_credentials(web_sys::RequestCredentials::SameOrigin);
    init.set_signal(Some(&web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    let response = JsFuture::from(scope.fetch_with_str_and_init(path, &init)).await?;
    let response: web_sys::Response = response.dyn_into()?;
    JsFuture::from(response.text()?).await?.as_string().ok_or(JsValue::NULL)
}
