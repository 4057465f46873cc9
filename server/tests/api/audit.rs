//! Whoever looks at a list of names leaves a line, and the lines hang together.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::DocId;
use domain::import::ListedHolder;
use domain::protocol::{AreaChoice, HoldersRequest, ImportRequest};
use domain::service::Step;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::helpers::*;
use crate::holders::browser;
use crate::lists::list;

/// What one line says: action, member, scope, people.
type Line = (String, Option<Vec<u8>>, Option<Vec<u8>>, Option<i64>);

async fn lines(world: &World) -> Vec<Line> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("copy.sqlite");
    std::fs::write(&path, world.store.snapshot().await.expect("bytes")).expect("written");
    let mut copy = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.expect("a copy");
    let rows = sqlx::query("SELECT action, member, scope, people FROM audit ORDER BY number")
        .fetch_all(&mut copy)
        .await
        .expect("lines");
    copy.close().await.expect("closed");
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

fn looking(path: &str, cookie: &str) -> Request<Body> {
    let mut request = get(path);
    request.headers_mut().insert("cookie", cookie.parse().expect("a value"));
    request
}

/// Two people who are one, by all that is known.
async fn with_people(world: &World) {
    let at = stamp(NOW - 9 * MINUTE, 1);
    let door = household("Nông Thị Mỷ", at);
    let people = [resident(door.id, "Nông Văn Páo", 1980, at), resident(door.id, "Nông Văn Páo", 1980, at)];
    world.write(AREA_A, &[vec![door], people.to_vec()].concat(), NOW).await;
}

fn holders() -> HoldersRequest {
    let holder = ListedHolder {
        row: 1,
        name: "Nông Văn Páo".to_owned(),
        birth_year: Some(1980),
        birth_day: None,
        phone: None,
        address: String::new(),
        cell: None,
        provider: None,
        expires_on: None,
    };
    HoldersRequest { holders: vec![holder], step: Step::SignatureActivated, provider: None, choices: Vec::new() }
}

fn import() -> ImportRequest {
    let list = list("Họ và tên|Năm sinh\nNông Văn Sử|1970");
    let (area, file) = (AreaChoice::Known(AREA_A), "danh-sach.xlsx".to_owned());
    ImportRequest { batch: fresh_id(), area, file, list, is_preview: true }
}

#[tokio::test]
async fn every_list_of_names_that_is_looked_at_leaves_one_line_with_its_size() {
    let world = World::new().await;
    with_people(&world).await;
    let router = world.router();
    let cookie = browser(&world, COORDINATOR).await;
    let looks = [
        ("read_doubles", COMMUNE, looking("/api/lists/doubles", &cookie)),
        ("read_handouts", COMMUNE, looking("/api/lists/handouts", &cookie)),
        ("read_office", COMMUNE, looking("/api/lists/office", &cookie)),
        ("read_holders", COMMUNE, post("/api/lists/holders/preview", Some(&cookie), &holders())),
        ("read_import", AREA_A, post("/api/lists/import", Some(&cookie), &import())),
    ];
    let sizes = [2, 0, 5, 2, 1];
    for ((action, scope, request), size) in looks.into_iter().zip(sizes) {
        let before = lines(&world).await.len();
        let answer = ask(&router, request).await;
        assert_eq!(answer.status, StatusCode::OK, "{action}: {}", String::from_utf8_lossy(&answer.body));
        let after = lines(&world).await;
        let id = |id: DocId| Some(id.as_bytes().to_vec());
        assert_eq!(after[before..], [(action.to_owned(), id(COORDINATOR), id(scope), Some(size))]);
    }
    let chain = world.store.walk_audit(None).await.expect("walked");
    assert_eq!((chain.fault, chain.checked, chain.unproved), (None, world.audit_count().await, 0));
}

#[tokio::test]
async fn whoever_may_not_look_leaves_no_line_and_sees_nothing() {
    let world = World::new().await;
    let router = world.router();
    let member = browser(&world, MEMBER_A).await;
    let before = world.audit_count().await;
    for request in [
        looking("/api/lists/doubles", &member),
        post("/api/lists/holders/preview", Some(&member), &holders()),
        post("/api/lists/import", Some(&member), &import()),
        looking("/api/lists/office", "tn_device=nobody"),
        looking("/api/lists/handouts", "tn_device=nobody"),
    ] {
        assert!(ask(&router, request).await.status.is_client_error());
    }
    assert_eq!(world.audit_count().await, before);
}
