//! What the log never says.

use std::io::Write;
use std::sync::{Arc, Mutex};

use domain::InstallId;
use domain::protocol::JoinRequest;
use server::invite;
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
