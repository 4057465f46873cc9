//! The disk is full: what phones are told, and that work goes on by itself once there is room.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::document::{Document, Kind};
use domain::people::Role;
use domain::protocol::{ErrorCode, ErrorReply, PROTOCOL, PhoneReport, Push, SCHEMA, SyncReply, SyncRequest, Verdict};
use domain::{DocId, InstallId, Stamp, Value};
use serde_json::value::RawValue;
use tower::ServiceExt as _;

use super::SqliteStore;
use crate::app::App;
use crate::area_cache::AreaCache;
use crate::handlers::files::AppFiles;
use crate::store::SecretHash;
use crate::{admin, router};

const NOW: u64 = 1_790_000_000_000;
const COMMUNE: DocId = DocId::from_u128(0xc0);
const AREA: DocId = DocId::from_u128(0xa);
const MEMBER: DocId = DocId::from_u128(0xe);
const TOKEN: &str = "token-of-a-phone";
const PHONE: InstallId = InstallId(7);

fn stamp(counter: u32) -> Stamp {
    Stamp { ms: NOW - 1_000, counter, install: PHONE }
}

async fn commune(path: &std::path::Path) -> SqliteStore {
    let store = SqliteStore::open(path).await.expect("a store");
    admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
    admin::add_commune(&store, COMMUNE).await.expect("a commune");
    let member =
        [("name", Value::text("Lý A")), ("role", Role::Member.name().into()), ("areas", [AREA].into_iter().collect())];
    let own = [
        Document::description(COMMUNE, Kind::Commune).with(stamp(0), [("name", Value::text("Xã Thử"))]),
        Document::description(AREA, Kind::Area).with(stamp(0), [("name", Value::text("Bản 1"))]),
        Document::description(MEMBER, Kind::Member).with(stamp(0), member),
    ];
    admin::write_documents(&store, &AreaCache::default(), COMMUNE, &own, "test", NOW - 60_000).await.expect("written");
    let token = SecretHash::of(TOKEN.as_bytes());
    admin::enrol(&store, MEMBER, PHONE, token, DocId::from_u128(0xd), NOW - 60_000).await.expect("enrolled");
    store
}

fn household(number: u32) -> Push {
    let id = DocId::from_u128(0x1000 + u128::from(number));
    let note = Value::text("ghi chú ".repeat(100));
    let doc = Document::description(id, Kind::Household).with(stamp(number), [("note", note)]);
    let doc = RawValue::from_string(serde_json::to_string(&doc).expect("JSON")).expect("JSON");
    Push { id, rev: u64::from(number), scope: AREA, doc, receipt: None }
}

async fn sync(router: &axum::Router, push: Vec<Push>) -> (StatusCode, Vec<u8>) {
    let request = SyncRequest {
        protocol: PROTOCOL,
        schema: SCHEMA,
        install: PHONE,
        cursors: Vec::new(),
        push,
        phone: PhoneReport::default(),
        courier: None,
    };
    let request = Request::post("/api/sync")
        .header("content-type", "application/json")
        .header("cookie", format!("tn_device={TOKEN}"))
        .body(Body::from(serde_json::to_string(&request).expect("JSON")))
        .expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    (status, to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec())
}

async fn limit_pages(store: &SqliteStore, pages: i64) {
    let statement = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::raw_sql(statement).execute(&store.writer).await.expect("a limit");
}

#[tokio::test]
async fn a_full_disk_is_said_loses_nothing_and_needs_no_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = commune(&folder.path().join("test.sqlite")).await;
    let router = router::build(App::with_clock(store.clone(), AppFiles::Folder("dist".into()), || NOW));
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.writer).await.expect("pages");
    limit_pages(&store, pages + 2).await;

    let mut number = 0;
    let (status, body) = loop {
        number += 1;
        let (status, body) = sync(&router, vec![household(number)]).await;
        if status != StatusCode::OK {
            break (status, body);
        }
    };
    assert!((2..100).contains(&number), "{number}");
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE);
    let error = serde_json::from_slice::<ErrorReply>(&body).expect("our error").error;
    assert_eq!(error.code, ErrorCode::StorageFull);
    assert!(error.message.contains("hết chỗ"), "{}", error.message);

    // Whoever only reads is served, and sees all that was confirmed.
    let (status, body) = sync(&router, Vec::new()).await;
    assert_eq!(status, StatusCode::OK);
    let text = String::from_utf8(body).expect("text");
    for confirmed in 1..number {
        assert!(text.contains(&household(confirmed).id.to_string()), "{confirmed} was confirmed");
    }
    assert!(!text.contains(&household(number).id.to_string()));

    // Room again: the phone sends the same once more, to the same process.
    limit_pages(&store, 1_000_000).await;
    let (status, body) = sync(&router, vec![household(number)]).await;
    assert_eq!(status, StatusCode::OK);
    let reply: SyncReply = serde_json::from_slice(&body).expect("a reply");
    assert_eq!(reply.results.first().map(|result| result.verdict.clone()), Some(Verdict::Ok));
    store.close().await;
    assert!(SqliteStore::inspect(&folder.path().join("test.sqlite")).await.is_ok());
}
