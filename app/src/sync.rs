//! What goes over the network: one sync, and short questions. Anything that is not our own answer is "no network".

pub mod lock;

use domain::protocol::{ApiError, CapsuleReply, ErrorCode, ErrorReply, SyncReply, SyncRequest};
use domain::replica::SendError;
use leptos::prelude::set_timeout_with_handle;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const SYNC: &str = "/api/sync";
const CAPSULES: &str = "/api/capsules";
/// Shorter requests, as those that only ask for news, fit a packet or two as they are.
const PACKED_BYTES_MIN: usize = 1_024;
/// A question that a person waits for.
const ASK_TIMEOUT_MS: u64 = 30_000;
/// A thousand documents over a weak line.
const BRING_TIMEOUT_MS: u64 = 60_000;

/// Why a question got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    NoNetwork,
    /// The server's own error, with its sentence.
    Ours(ApiError),
}

/// Sends one sync request, unless another tab of this browser is doing so.
pub async fn exchange(request: &SyncRequest, timeout_ms: u64) -> Result<Box<SyncReply>, SendError> {
    let Ok(body) = serde_json::to_string(request) else { return Err(SendError::Server) };
    let Some(_lock) = lock::acquire().await else { return Err(SendError::AnotherTab) };
    match post_packed(SYNC, &body, timeout_ms).await {
        Ok(text) => read_answer(&text).map_err(|error| send_error(&error)),
        Err(_) => Err(SendError::NoNetwork),
    }
}

/// Asks the server something a person waits for.
pub async fn ask<T: DeserializeOwned>(path: &str, question: &impl Serialize) -> Result<T, AskError> {
    let body = serde_json::to_string(question).map_err(|_| AskError::NoNetwork)?;
    let text = post(path, &body, ASK_TIMEOUT_MS).await.map_err(|_| AskError::NoNetwork)?;
    read_answer(&text)
}

/// Brings a capsule to the server, this phone's or another's.
pub async fn bring(capsule: &[u8]) -> Result<CapsuleReply, AskError> {
    let body = js_sys::Uint8Array::from(capsule).into();
    let text = post_as(CAPSULES, "application/octet-stream", &body, BRING_TIMEOUT_MS).await;
    read_answer(&text.map_err(|_| AskError::NoNetwork)?)
}

/// Fetches something a person waits for.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, AskError> {
    let init = web_sys::RequestInit::new();
    let text = fetch(path, init, ASK_TIMEOUT_MS).await.map_err(|_| AskError::NoNetwork)?;
    read_value(&text)
}

/// By way of a value: plans are read from values anyway, and another reader for them would be in every phone's download.
fn read_value<T: DeserializeOwned>(text: &str) -> Result<T, AskError> {
    let value = serde_json::from_str::<domain::Value>(text).ok();
    value.and_then(|value| value.parse()).ok_or_else(|| read_error(text))
}

/// What the server answered. The shape decides, not the status: a captive portal says 200 too.
pub fn read_answer<T: DeserializeOwned>(text: &str) -> Result<T, AskError> {
    serde_json::from_str(text).map_err(|_| read_error(text))
}

/// Ours, or somebody else's page.
fn read_error(text: &str) -> AskError {
    serde_json::from_str::<ErrorReply>(text).map_or(AskError::NoNetwork, |reply| AskError::Ours(reply.error))
}

fn send_error(error: &AskError) -> SendError {
    match error {
        AskError::NoNetwork => SendError::NoNetwork,
        AskError::Ours(error) if error.code == ErrorCode::DeviceUnknown => SendError::DeviceUnknown,
        AskError::Ours(error) if error.code.is_busy() => SendError::Busy,
        AskError::Ours(_) => SendError::Server,
    }
}

/// The text of whatever answers; an error when nothing did in time.
async fn post(path: &str, body: &str, timeout_ms: u64) -> Result<String, JsValue> {
    post_as(path, "application/json", &body.into(), timeout_ms).await
}

/// The same in a fifth of the bytes: a day's work goes up over the weakest lines.
async fn post_packed(path: &str, body: &str, timeout_ms: u64) -> Result<String, JsValue> {
    if body.len() < PACKED_BYTES_MIN {
        return post(path, body, timeout_ms).await;
    }
    let headers = headers_of("application/json")?;
    headers.set("content-encoding", "gzip")?;
    let body = js_sys::Uint8Array::from(&*domain::gzip::pack(body.as_bytes())).into();
    send(path, &headers, &body, timeout_ms).await
}

async fn post_as(path: &str, kind: &str, body: &JsValue, timeout_ms: u64) -> Result<String, JsValue> {
    send(path, &headers_of(kind)?, body, timeout_ms).await
}

fn headers_of(kind: &str) -> Result<web_sys::Headers, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", kind)?;
    Ok(headers)
}

async fn send(path: &str, headers: &web_sys::Headers, body: &JsValue, timeout_ms: u64) -> Result<String, JsValue> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers(headers);
    init.set_body(body);
    fetch(path, init, timeout_ms).await
}

async fn fetch(path: &str, init: web_sys::RequestInit, timeout_ms: u64) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let abort = web_sys::AbortController::new()?;
    init.set_credentials(web_sys::RequestCredentials::SameOrigin);
    init.set_signal(Some(&abort.signal()));
    let timeout = std::time::Duration::from_millis(timeout_ms);
    let give_up = set_timeout_with_handle(move || abort.abort(), timeout);
    let text = async {
        let response = JsFuture::from(window.fetch_with_str_and_init(path, &init)).await?;
        let response: web_sys::Response = response.dyn_into()?;
        JsFuture::from(response.text()?).await
    };
    let text = text.await;
    if let Ok(give_up) = give_up {
        give_up.clear();
    }
    text?.as_string().ok_or(JsValue::NULL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Result<Box<SyncReply>, SendError> {
        read_answer(text).map_err(|error| send_error(&error))
    }

    #[test]
    fn our_own_reply_is_taken() {
        let text = r#"{"protocol":1,"epoch":"e","server_ms":5,"results":[],"scopes":[]}"#;
        assert_eq!(outcome(text).map(|reply| reply.server_ms), Ok(5));
    }

    #[test]
    fn somebody_elses_page_is_no_network() {
        for text in ["<!doctype html><title>WiFi</title>", "", "502 Bad Gateway", "{}", "null", r#"{"error":"no"}"#] {
            assert_eq!(outcome(text).map(|_| ()), Err(SendError::NoNetwork), "{text}");
        }
    }

    #[test]
    fn somebody_elses_page_is_no_list_of_plans() {
        use domain::protocol::Preset;
        for text in ["<!doctype html><title>WiFi</title>", "{}", r#"[{"name":"WiFi"}]"#, r#"{"error":"no"}"#] {
            assert_eq!(read_value::<Vec<Preset>>(text), Err(AskError::NoNetwork), "{text}");
        }
        assert_eq!(read_value::<Vec<Preset>>("[]"), Ok(Vec::new()));
        let error = r#"{"error":{"code":"not_found","message":"…"}}"#;
        assert!(matches!(read_value::<Vec<Preset>>(error), Err(AskError::Ours(_))));
    }

    #[test]
    fn only_our_own_words_make_a_device_unknown() {
        let error = |code: &str| format!(r#"{{"error":{{"code":"{code}","message":"…"}}}}"#);
        assert_eq!(outcome(&error("device_unknown")).map(|_| ()), Err(SendError::DeviceUnknown));
        for busy in ["too_many", "storage_full", "clock_wrong"] {
            assert_eq!(outcome(&error(busy)).map(|_| ()), Err(SendError::Busy), "{busy}");
        }
        assert_eq!(outcome(&error("internal")).map(|_| ()), Err(SendError::Server));
        assert_eq!(outcome(&error("from_next_year")).map(|_| ()), Err(SendError::Server));
        assert_eq!(outcome("401 Unauthorized").map(|_| ()), Err(SendError::NoNetwork));
    }
}
