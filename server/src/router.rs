//! The whole API on one page, and the layers that every request passes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::{App, Shared};
use crate::handlers::{
    capsule, devices, doubles, files, handouts, health, holders, invites, join, lists, moves, office, openapi, paper,
    plans, sync,
};
use crate::store::Store;
use crate::{clock_guard, headers, logging};

/// As it comes over the wire.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// After decompression: what is really held in memory.
const PLAIN_BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Lists, before and after decompression: 20,000 people are some 4 MB.
const LISTS: &str = "/api/lists/";
const LIST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A push over a weak mobile connection may take a minute.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(90);

/// Every route of the API: method, path, handler.
pub fn routes<S: Store>() -> Vec<(&'static str, &'static str, MethodRouter<Shared<S>>)> {
    vec![
        ("post", "/api/join", post(join::join::<S>)),
        ("post", "/api/sync", post(sync::exchange::<S>)),
        ("post", "/api/invites", post(invites::create::<S>)),
        ("post", "/api/capsules", post(capsule::take::<S>)),
        ("get", "/api/time", get(capsule::time::<S>)),
        ("get", "/api/devices/{member}", get(devices::list::<S>)),
        ("post", "/api/devices/revoke", post(devices::revoke::<S>)),
        ("get", "/api/lists/doubles", get(doubles::list::<S>)),
        ("post", "/api/lists/doubles/join", post(doubles::join::<S>)),
        ("post", "/api/lists/doubles/part", post(doubles::part::<S>)),
        ("get", "/api/lists/handouts", get(handouts::desk::<S>)),
        ("post", "/api/lists/handouts", post(handouts::give::<S>)),
        ("post", "/api/lists/holders", post(holders::write::<S>)),
        ("post", "/api/lists/holders/preview", post(holders::preview::<S>)),
        ("post", "/api/lists/import", post(lists::import::<S>)),
        ("get", "/api/lists/imports", get(lists::past::<S>)),
        ("post", "/api/lists/imports/undo", post(lists::undo::<S>)),
        ("post", "/api/lists/moves", post(moves::create::<S>)),
        ("get", "/api/lists/office", get(office::read::<S>)),
        ("post", "/api/lists/paper", post(paper::write::<S>)),
        ("post", "/api/lists/paper/open", post(paper::open::<S>)),
        ("post", "/api/lists/paper/take-back", post(paper::take_back::<S>)),
        ("get", "/api/plans", get(plans::list)),
        ("get", "/api/health/live", get(health::live)),
        ("get", "/api/health/ready", get(health::ready::<S>)),
        ("get", "/api/openapi.json", get(openapi::document)),
    ]
}

/// The service. Layers further down in this function are further out.
pub fn build<S: Store>(app: App<S>) -> Router {
    let app = Arc::new(app);
    let (mut usual, mut lists) = (Router::new(), Router::new());
    for (_, path, handler) in routes::<S>() {
        let router = if path.starts_with(LISTS) { &mut lists } else { &mut usual };
        *router = std::mem::take(router).route(path, handler);
    }
    limited(usual.fallback(files::serve::<S>), BODY_BYTES_MAX, PLAIN_BODY_BYTES_MAX)
        .merge(limited(lists, LIST_BYTES_MAX, LIST_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&app), clock_guard::check::<S>))
        .with_state(app)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIME_MAX))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(headers::json_errors))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::add))
        .layer(from_fn(logging::request))
}

/// In this order a small body that unpacks to a huge one is stopped on the way.
fn limited<S: Store>(router: Router<Shared<S>>, wire_bytes: usize, plain_bytes: usize) -> Router<Shared<S>> {
    router
        .layer(DefaultBodyLimit::max(plain_bytes))
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(wire_bytes))
}
