//! What the server does with requests that no phone of ours sends.

use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Method, Request, StatusCode};
use domain::InstallId;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Frame;
use server::app::App;
use server::handlers::files::AppFiles;
use server::store::{SecretHash, SqliteStore};
use server::{admin, router};

use crate::helpers::*;

const COOKIE: &str = "tn_device=abc";

fn gzipped(plain_bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; 1024 * 1024];
    for _ in 0..plain_bytes / block.len() {
        encoder.write_all(&block).expect("written");
    }
    encoder.finish().expect("finished")
}

/// The routes, and a device that the cookie belongs to.
async fn router_with_device() -> Router {
    let world = World::new().await;
    let token = SecretHash::of(b"abc");
    admin::enrol(&world.store, MEMBER_A, InstallId(1), token, fresh_id(), NOW).await.expect("enrolled");
    world.router()
}

/// A body that notes whether anybody looked at it.
struct Watched(Arc<AtomicBool>);

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.store(true, Ordering::Relaxed);
        Poll::Ready(None)
    }
}

fn sync_request() -> axum::http::request::Builder {
    Request::post("/api/sync").header("content-type", "application/json").header("cookie", COOKIE)
}

#[tokio::test]
async fn a_small_body_that_unpacks_to_a_huge_one_is_stopped() {
    let router = router_with_device().await;
    let bomb = gzipped(256 * 1024 * 1024);
    assert!(bomb.len() < 1024 * 1024);
    let request = sync_request().header("content-encoding", "gzip").body(Body::from(bomb)).expect("a request");
    let answer = ask(&router, request).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
}

#[tokio::test]
async fn a_large_body_is_refused_with_our_own_words() {
    let router = router_with_device().await;
    for length in [1024 * 1024 + 1, 8 * 1024 * 1024] {
        let request = sync_request().body(Body::from(vec![b' '; length])).expect("a request");
        let answer = ask(&router, request).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
    }
}

#[tokio::test]
async fn a_body_is_json_in_form_and_in_name() {
    let router = router_with_device().await;
    let plain = Request::post("/api/sync").header("cookie", COOKIE).body(Body::from("{}")).expect("a request");
    assert_eq!(ask(&router, plain).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let secret = "Nông Thị Mỷ";
    for body in [String::new(), format!("{{\"{secret}\""), format!("\"{secret}\""), "[".repeat(200_000)] {
        let request = sync_request().body(Body::from(body)).expect("a request");
        let answer = ask(&router, request).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "bad_request"));
        assert!(!String::from_utf8_lossy(&answer.body).contains(secret), "a body is never echoed");
    }
}

#[tokio::test]
async fn other_sites_cannot_post() {
    let router = router_with_device().await;
    for (site, status) in [
        ("cross-site", StatusCode::FORBIDDEN),
        ("same-site", StatusCode::FORBIDDEN),
        ("same-origin", StatusCode::BAD_REQUEST),
    ] {
        let request = sync_request().header("sec-fetch-site", site).body(Body::from("{}")).expect("a request");
        assert_eq!(ask(&router, request).await.status, status, "{site}");
    }
}

#[tokio::test]
async fn an_origin_of_another_site_cannot_post() {
    let router = router_with_device().await;
    for (origin, status) in [
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
        ("https://tungnha.example", StatusCode::BAD_REQUEST),
    ] {
        for path in ["/api/sync", "/api/join"] {
            let request = Request::post(path).header("content-type", "application/json").header("cookie", COOKIE);
            let request = request.header("host", "tungnha.example").header("origin", origin).body(Body::from("{}"));
            assert_eq!(ask(&router, request.expect("a request")).await.status, status, "{origin} {path}");
        }
    }
}

#[tokio::test]
async fn no_route_reads_a_body_before_it_knows_the_device() {
    const FOR_ANYBODY: [&str; 2] = ["/api/join", "/api/capsules"];
    let router = router_with_device().await;
    let mut guarded = 0;
    for (method, path, _) in router::routes::<SqliteStore>() {
        let is_read = Arc::new(AtomicBool::new(false));
        let method: Method = method.to_uppercase().parse().expect("a method");
        let request = Request::builder().method(method).uri(path.replace("{member}", "x"));
        let request = request.header("content-type", "application/json").header("cookie", "tn_device=invented");
        let answer = ask(&router, request.body(Body::new(Watched(Arc::clone(&is_read)))).expect("a request")).await;
        if FOR_ANYBODY.contains(&path) {
            continue;
        }
        assert!(!is_read.load(Ordering::Relaxed), "{path}");
        if answer.status == StatusCode::UNAUTHORIZED {
            assert_eq!(answer.header("connection"), "close", "{path}");
            guarded += 1;
        } else {
            let public = ["/api/plans", "/api/time", "/api/health/live", "/api/health/ready", "/api/openapi.json"];
            assert!(public.contains(&path), "{path} answers {} to a stranger", answer.status);
        }
    }
    assert!(guarded >= 19, "{guarded}");
}

#[tokio::test]
async fn strangers_send_little() {
    let router = World::new().await.router();
    let invite = Request::post("/api/join").header("content-type", "application/json");
    let answer = ask(&router, invite.body(Body::from(vec![b' '; 4 * 1024 + 1])).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut last = StatusCode::OK;
    let is_read = Arc::new(AtomicBool::new(false));
    for number in 0..61 {
        is_read.store(false, Ordering::Relaxed);
        let capsule = Request::post("/api/capsules").header("content-type", "application/octet-stream");
        let body = Body::new(Watched(Arc::clone(&is_read)));
        last = ask(&router, capsule.body(body).expect("a request")).await.status;
        assert_eq!(is_read.load(Ordering::Relaxed), number < 60);
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn without_a_known_token_the_answer_is_ours_and_deletes_nothing() {
    let router = World::new().await.router();
    let body = serde_json::json!({ "protocol": 1, "schema": 1, "install": "1", "cursors": [], "push": [] });
    for cookie in [None, Some(COOKIE), Some("other=1; tn_device=")] {
        let answer = ask(&router, post("/api/sync", cookie, &body)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "device_unknown"));
    }
}

#[tokio::test]
async fn every_error_of_the_api_is_json_with_a_sentence() {
    let router = World::new().await.router();
    let cases = [
        (Method::GET, "/api/khong-co", StatusCode::NOT_FOUND),
        (Method::POST, "/api", StatusCode::NOT_FOUND),
        (Method::GET, "/api/sync", StatusCode::METHOD_NOT_ALLOWED),
        (Method::DELETE, "/api/join", StatusCode::METHOD_NOT_ALLOWED),
    ];
    for (method, path, status) in cases {
        let request = Request::builder().method(&method).uri(path).body(Body::empty()).expect("a request");
        let answer = ask(&router, request).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(answer.json()["error"]["message"].as_str().is_some_and(|sentence| sentence.ends_with('.')));
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let router = World::new().await.router();
    for path in ["/api/health/live", "/api/health/ready", "/api/khong-co", "/", "/tuyen"] {
        let answer = ask(&router, get(path)).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';") && !policy.contains("unsafe-inline"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("x-request-id").len(), 36);
        assert_eq!(answer.header("cache-control") == "no-store", path.starts_with("/api"), "{path}");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let router = World::new().await.router();
    let mut last = None;
    for _ in 0..61 {
        let body = serde_json::json!({ "code": "x", "install": "1" });
        last = Some(ask(&router, post("/api/join", None, &body)).await);
    }
    let last = last.expect("an answer");
    assert_eq!((last.status, last.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many"));
    assert_eq!(last.header("retry-after"), "1");
}

#[tokio::test]
async fn pages_of_the_app_are_its_index_and_files_are_kept_as_long_as_they_may() {
    let folder = std::env::temp_dir().join(format!("tung-nha-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in [("index.html", "<!doctype html>"), ("sw.js", "//"), ("app-0123456789abcdef.js", "//")] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    let world = World::new().await;
    let router = router::build(App::with_clock(world.store.clone(), AppFiles::Folder(folder.clone()), || NOW));
    for page in ["/", "/index.html", "/vao", "/ho/123"] {
        let answer = ask(&router, get(page)).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-cache"), "{page}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
    assert_eq!(ask(&router, get("/sw.js")).await.header("cache-control"), "no-cache");
    assert!(ask(&router, get("/app-0123456789abcdef.js")).await.header("cache-control").ends_with("immutable"));
    for missing in ["/khong-co.js", "/../Cargo.toml", "/.git/config", "/%2e%2e/Cargo.toml"] {
        assert_eq!(ask(&router, get(missing)).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[tokio::test]
async fn what_is_packed_is_taken_as_what_it_was() {
    let router = router_with_device().await;
    let body = serde_json::json!({
        "protocol": 1, "schema": 1, "install": "1", "cursors": [],
        "push": [push(AREA_A, &household("Nông Thị Mỷ", stamp(NOW, 7)))],
    });
    let packed = domain::gzip::pack(body.to_string().as_bytes());
    let request = sync_request().header("content-encoding", "gzip").body(Body::from(packed)).expect("a request");
    let answer = ask(&router, request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["results"][0]["r"], "ok");
}
