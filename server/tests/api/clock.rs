//! A server whose clock cannot be right serves nothing but the page, until it is right or somebody says that it is.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::protocol::JoinRequest;
use domain::{DocId, InstallId};
use server::app::App;
use server::area_cache::AreaCache;
use server::config::DATABASE;
use server::handlers::files::AppFiles;
use server::store::{SqliteStore, Store, Tx};
use server::{admin, backup, clock, data_lock, invite, router};

use crate::helpers::*;
use crate::logs;

const DAY: u64 = 24 * 60 * MINUTE;
const YEAR: u64 = 365 * DAY;
const IN_2015: fn() -> u64 = || 1_420_070_400_000;

fn at(store: &SqliteStore, now_ms: fn() -> u64) -> Router {
    router::build(App::with_clock(store.clone(), AppFiles::None, now_ms))
}

async fn ready(router: &Router) -> StatusCode {
    ask(router, get("/api/health/ready")).await.status
}

async fn seen(store: &SqliteStore) -> Option<u64> {
    let mut tx = store.read().await.expect("a transaction");
    let seen = tx.instance().await.expect("read").expect("an instance").seen_ms;
    tx.commit().await.expect("read");
    seen
}

/// A commune whose server has worked at `NOW`.
async fn worked() -> World {
    let world = World::new().await;
    assert_eq!(ready(&world.router()).await, StatusCode::OK, "a new database has nothing against any time");
    assert_eq!(seen(&world.store).await, Some(NOW));
    world
}

#[tokio::test]
async fn under_a_clock_that_cannot_be_right_nothing_is_read_written_or_told() {
    let world = worked().await;
    let wrong: [fn() -> u64; 5] = [IN_2015, || NOW - 3 * DAY, || NOW + 61 * DAY, || NOW + YEAR, || u64::MAX];
    for clock in wrong {
        let router = at(&world.store, clock);
        for (method, path, _) in router::routes::<SqliteStore>() {
            let path = path.replace("{member}", &MEMBER_A.to_string());
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(&path);
            let answer = ask(&router, request.body(Body::empty()).expect("a request")).await;
            if ["/api/plans", "/api/health/live", "/api/openapi.json"].contains(&path.as_str()) {
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                continue;
            }
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::SERVICE_UNAVAILABLE, "clock_wrong"),
                "{path}"
            );
        }
        assert_eq!(seen(&world.store).await, Some(NOW), "a wrong time is no witness");
    }
    let right: [fn() -> u64; 3] = [|| NOW - DAY, || NOW, || NOW + 59 * DAY];
    for clock in right {
        assert_eq!(ready(&at(&world.store, clock)).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_page_still_loads() {
    let world = worked().await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("index.html"), "trang").expect("written");
    let files = AppFiles::Folder(folder.path().to_owned());
    let router = router::build(App::with_clock(world.store.clone(), files, IN_2015));
    assert_eq!(ask(&router, get("/dia-ban")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_clock_that_jumps_while_the_server_runs_is_noticed_and_told_once() {
    static CLOCK: AtomicU64 = AtomicU64::new(NOW);
    let lines = logs::Lines::default();
    let guard = logs::keep(&lines);
    let world = World::new().await;
    let router = at(&world.store, || CLOCK.load(Ordering::Relaxed));
    assert_eq!(ready(&router).await, StatusCode::OK);
    tracing::callsite::rebuild_interest_cache();
    for now_ms in [NOW - 2 * DAY, NOW - 2 * DAY, IN_2015(), NOW + YEAR] {
        CLOCK.store(now_ms, Ordering::Relaxed);
        assert_eq!(ready(&router).await, StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(lines.text().matches("cannot be right").count(), 1);
    CLOCK.store(NOW + MINUTE, Ordering::Relaxed);
    assert_eq!(ready(&router).await, StatusCode::OK, "set right again, it needs nobody's word");
    // Day after day, without anything being written but the time.
    for day in 1..=200 {
        CLOCK.store(NOW + day * DAY, Ordering::Relaxed);
        assert_eq!(ready(&router).await, StatusCode::OK);
    }
    drop(guard);
    assert_eq!(seen(&world.store).await, Some(NOW + 200 * DAY));
}

#[tokio::test]
async fn a_person_confirms_while_the_server_runs() {
    let world = worked().await;
    let ahead = at(&world.store, || NOW + 70 * DAY);
    assert_eq!(ready(&ahead).await, StatusCode::SERVICE_UNAVAILABLE);
    let audit = world.audit_count().await;
    clock::confirm(&world.store, NOW + 70 * DAY).await.expect("confirmed");
    assert_eq!(world.audit_count().await, audit + 1);
    assert_eq!(ready(&ahead).await, StatusCode::OK, "without a restart");
    assert_eq!(ready(&at(&world.store, || NOW + 71 * DAY)).await, StatusCode::OK, "nor is it asked again");
    assert_eq!(ready(&world.router()).await, StatusCode::SERVICE_UNAVAILABLE, "from now on an earlier time is wrong");
}

#[tokio::test]
async fn one_bad_boot_a_year_ahead_is_forgotten_by_a_confirmation() {
    let world = World::new().await;
    let code = invite::create(&world.store, MEMBER_A, 2 * YEAR, NOW).await.expect("an invite");
    let bad = at(&world.store, || NOW + YEAR);
    let join = JoinRequest { code, install: InstallId(1), only_for: None };
    let joined = ask(&bad, post("/api/join", None, &join)).await;
    let cookie = joined.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let body = |ms: u64| {
        serde_json::json!({
            "protocol": 1, "schema": 1, "install": "1", "cursors": [],
            "push": [push(AREA_A, &household("Nông Thị Mỷ", stamp(ms, 7)))],
        })
    };
    assert_eq!(ask(&bad, post("/api/sync", Some(&cookie), &body(NOW + YEAR))).await.status, StatusCode::OK);
    let right = at(&world.store, || NOW + MINUTE);
    let refused = ask(&right, post("/api/sync", Some(&cookie), &body(NOW))).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "clock_wrong"));
    clock::confirm(&world.store, NOW + MINUTE).await.expect("confirmed");
    let taken = ask(&right, post("/api/sync", Some(&cookie), &body(NOW))).await;
    assert_eq!(taken.json()["results"][0]["r"], "ok");
    assert_eq!(ready(&at(&world.store, || NOW + DAY)).await, StatusCode::OK, "also after a restart");
    let state = world.stored(DocId::phone_state(MEMBER_A)).await.expect("a state").doc;
    assert_eq!(
        state.int("last_sync_ms"),
        Some((NOW + MINUTE).cast_signed()),
        "a phone last seen next year comes in today"
    );
}

#[tokio::test]
async fn a_backup_knows_when_its_server_last_worked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let store = SqliteStore::open(&path(DATABASE)).await.expect("a store");
    admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
    let world = World::with_store(store, AreaCache::default()).await;
    assert_eq!(ready(&world.router()).await, StatusCode::OK);
    backup::make(&world.store, &path("backup")).await.expect("a backup");
    world.store.close().await;
    std::fs::remove_file(path(DATABASE)).expect("removed");
    let alone = data_lock::take_alone(folder.path()).expect("a lock");
    backup::restore(&alone, folder.path(), &path("backup"), 0xf0, NOW + MINUTE).await.expect("restored");
    let store = SqliteStore::open(&path(DATABASE)).await.expect("a store");
    assert_eq!(seen(&store).await, Some(NOW));
    assert_eq!(ready(&at(&store, IN_2015)).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready(&at(&store, || NOW + 2 * MINUTE)).await, StatusCode::OK);
    store.close().await;
}
