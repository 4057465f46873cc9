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
use crate::edge::gate::{self, Entry, Gate};
use crate::edge::{client, pace};
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
/// An invite's code and an install's number: the only bodies that anybody may send who has nothing to show.
const JOIN_BYTES_MAX: usize = 4 * 1024;
/// Whoever brings an invite or a capsule needs no device.
const FOR_ANYBODY: [&str; 2] = ["/api/join", "/api/capsules"];
/// What asks for no body and tells nothing about people.
const PUBLIC: [&str; 5] = ["/api/plans", "/api/time", "/api/health/live", "/api/health/ready", "/api/openapi.json"];
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
        ("get", "/api/devices/own", get(devices::own::<S>)),
        ("post", "/api/devices/check", post(devices::check::<S>)),
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

/// Who may use a route. A route that is named nowhere is for devices.
pub(crate) fn entry(path: &str) -> Entry {
    if PUBLIC.contains(&path) {
        Entry::Public
    } else if FOR_ANYBODY.contains(&path) {
        Entry::Anybody
    } else {
        Entry::Devices
    }
}

/// How long a body may be, before and after decompression.
fn body_bytes_max(path: &str) -> (usize, usize) {
    match path {
        "/api/join" => (JOIN_BYTES_MAX, JOIN_BYTES_MAX),
        path if path.starts_with(LISTS) => (LIST_BYTES_MAX, LIST_BYTES_MAX),
        _ => (BODY_BYTES_MAX, PLAIN_BODY_BYTES_MAX),
    }
}

/// The service. Layers further down in this function are further out.
pub fn build<S: Store>(app: App<S>) -> Router {
    let app = Arc::new(app);
    let edge = Arc::clone(&app.edge);
    let mut router = Router::new();
    for (_, path, handler) in routes::<S>() {
        let gate = Gate {
            app: Arc::clone(&app),
            entry: entry(path),
            small_bytes: BODY_BYTES_MAX as u64,
            takes_lists: path.starts_with(LISTS),
        };
        // On the handler, not on the path: a wrong method is told so without a look at the token.
        let guarded = handler.route_layer(from_fn_with_state(gate, gate::pass::<S>));
        router = router.merge(limited(Router::new().route(path, guarded), body_bytes_max(path)));
    }
    router
        .fallback(files::serve::<S>)
        .layer(from_fn_with_state(Arc::clone(&app), clock_guard::check::<S>))
        .with_state(app)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIME_MAX))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(headers::json_errors))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::add))
        .layer(from_fn_with_state(Arc::clone(&edge), pace::watch))
        .layer(from_fn_with_state(Arc::clone(&edge), logging::request))
        .layer(from_fn_with_state(edge, client::tell))
}

/// In this order a small body that unpacks to a huge one is stopped on the way.
fn limited<S: Store>(router: Router<Shared<S>>, (wire_bytes, plain_bytes): (usize, usize)) -> Router<Shared<S>> {
    router
        .layer(DefaultBodyLimit::max(plain_bytes))
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(wire_bytes))
}
