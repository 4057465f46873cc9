//! What the log never says.

use std::io::Write;
use std::sync::{Arc, Mutex};

use domain::InstallId;
use domain::protocol::JoinRequest;
use server::app::App;
use server::edge::{Edge, Settings};
use server::handlers::files::AppFiles;
use server::{invite, router};
use tracing_subscriber::fmt::MakeWriter;

use crate::helpers::*;

/// What was logged.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("a lock").clone()).expect("text")
    }
}

/// Collects what this thread logs until the guard is dropped.
pub fn keep(lines: &Lines) -> tracing::subscriber::DefaultGuard {
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(lines.clone()).finish();
    tracing::subscriber::set_default(subscriber)
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_flood_of_strangers_fills_no_log() {
    const ADDRESS: &str = "203.0.113.9";
    for logs_addresses in [false, true] {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).finish();
        let guard = tracing::subscriber::set_default(subscriber);
        let world = World::new().await;
        let edge = Arc::new(Edge::new(Settings { logs_addresses, ..Settings::default() }));
        let app = App::with_clock(world.store.clone(), AppFiles::None, || NOW).behind(Arc::clone(&edge));
        let router = router::build(app);
        tracing::callsite::rebuild_interest_cache();
        for _ in 0..200 {
            let mut request = get("/api/lists/office");
            request.headers_mut().insert("x-forwarded-for", ADDRESS.parse().expect("a value"));
            request.headers_mut().insert("cookie", "tn_device=invented".parse().expect("a value"));
            assert_eq!(ask(&router, request).await.status, 401);
        }
        let mut odd = get("/api/time");
        *odd.method_mut() = "NGUYEN-VAN-A".parse().expect("a method");
        ask(&router, odd).await;
        edge.strangers.tell_left_out(u64::MAX);
        drop(guard);
        let log = lines.text();
        assert_eq!(log.matches("status=401").count(), 6, "five and the rest in one: {log}");
        assert!(log.contains("more=195"), "{log}");
        assert_eq!(log.contains(ADDRESS), logs_addresses);
        assert!(!log.contains("NGUYEN") && !log.contains("invented"));
    }
}

#[tokio::test]
async fn the_log_has_no_names_no_tokens_and_no_bodies() {
    let lines = Lines::default();
    let guard = keep(&lines);
    let world = World::new().await;
    let router = world.router();
    let code = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let joined = ask(
        &router,
        post("/api/join", None, &JoinRequest { code: code.clone(), install: InstallId(1), only_for: None }),
    )
    .await;
    // Tests beside this one have no log: whether a line is wanted is remembered, and may have been asked just before there was
    // somebody who wants it.
    tracing::callsite::rebuild_interest_cache();
    let cookie = joined.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let name = "Nông Thị Bí Mật";
    let body = serde_json::json!({
        "protocol": 1, "schema": 1, "install": "1", "cursors": [],
        "push": [push(AREA_A, &household(name, stamp(NOW, 7)))],
    });
    assert!(ask(&router, post("/api/sync", Some(&cookie), &body)).await.status.is_success());
    ask(&router, post("/api/sync", Some(&cookie), &name)).await;
    ask(&router, get("/ho/dia-chi-bi-mat?q=bi-mat")).await;
    drop(guard);
    let log = lines.text();
    assert!(log.contains("/api/sync"), "requests are logged");
    for secret in [name, code.as_str(), cookie.trim_start_matches("tn_device="), "bi-mat"] {
        assert!(!log.contains(secret), "{secret}");
    }
}
