//! One line per request of a device, few about strangers: number, route, status, time. Never a name, a token, a body or an address with a secret in it.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::app::{random_bytes, wall_ms};
use crate::edge::gate::Known;
use crate::edge::{Client, Edge};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where log lines go; called once, by the program.
pub fn start() {
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal)
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        .init();
}

/// Gives the request a number that the person can name ("Mã lỗi") and notes how it went.
pub async fn request(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let id = uuid::Builder::from_unix_timestamp_millis(wall_ms(), &random_bytes()).into_uuid().to_string();
    let method = request.method().clone();
    // The pattern, not the path: what a stranger typed into the address does not belong in a log.
    let route = request.extensions().get::<MatchedPath>().map_or("app", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id);
    let address = request.extensions().get::<Client>().map(Client::limit_key);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    let is_known = response.extensions().get::<Known>().is_some();
    if is_known {
        span.in_scope(|| tracing::info!(%method, route, status, ms, "answered"));
    } else if route != "app" || status >= 500 {
        span.in_scope(|| edge.strangers.note(&method, &route, status, ms, address, wall_ms()));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
