//! Named lists that leave the program: for whom, and noted before anything is given out.

use axum::http::StatusCode;
use domain::handout::{Handout, LineCode, List, Reason};
use domain::protocol::{HandoutDesk, HandoutRequest, WantedList};
use domain::{DocId, Document, InstallId, Kind, Value};
use server::area_cache::AreaCache;
use server::store::{HandoutKind, SqliteStore, Store, Tx};
use server::{admin, handouts, invite};

use crate::helpers::*;

const PHONE: &str = "0912345678";
const ROUTE: DocId = DocId::from_u128(0x207e);

/// A door in each area, in A with a route; in A one person whom member A has helped.
async fn street(world: &World) -> [DocId; 2] {
    let at = stamp(NOW - 9, 7);
    let mut doors = Vec::new();
    for (area, helper) in [(AREA_A, Some(MEMBER_A)), (AREA_B, None)] {
        let door = household("Nông Văn Đức", at);
        let open = resident(door.id, "Hoàng Thị Lan", 1980, at).with(at, [("phone", Value::from(PHONE))]);
        let helped = resident(door.id, "Bàn Thị Hoa", 1990, at).with(at, [("phone", Value::from(PHONE))]);
        let mut all = vec![door.clone(), open, helped.clone()];
        all.extend(helper.map(|helper| signature(helped.id, helper, at)));
        if area == AREA_A {
            all.push(Document::description(ROUTE, Kind::Route).with(at, [("name", Value::from("Tuyến 1"))]));
        }
        world.write(area, &all, NOW - 5).await;
        doors.push(door.id);
    }
    [doors[0], doors[1]]
}

fn wanted(what: WantedList) -> HandoutRequest {
    HandoutRequest { what, reason: Reason::OnPaper, words: String::new() }
}

fn doors_of(area: DocId) -> WantedList {
    WantedList::Doors { area, route: None }
}

fn helped_by(member: DocId) -> WantedList {
    WantedList::Helped { member, with_phones: false }
}

async fn ask_for(world: &World, phone: &Phone, what: WantedList) -> Result<Handout, StatusCode> {
    handouts::give(&world.store, phone.token, &wanted(what), NOW).await.map_err(|error| error.status())
}

async fn noted(world: &World) -> Vec<server::store::HandoutRow> {
    let mut tx = world.store.read().await.expect("a transaction");
    let rows = tx.handouts_of(COMMUNE, 100).await.expect("rows");
    tx.commit().await.expect("read");
    rows
}

#[tokio::test]
async fn each_role_takes_out_what_it_is_entitled_to_and_nothing_else() {
    let world = World::new().await;
    street(&world).await;
    let nobody = fresh_id();
    // Member of A, lead of A, member of B, coordinator.
    let people = [MEMBER_A, LEAD_A, MEMBER_B, COORDINATOR];
    let cases: [(&str, WantedList, [bool; 4]); 8] = [
        ("doors of A", doors_of(AREA_A), [false, true, false, true]),
        ("doors of B", doors_of(AREA_B), [false, false, false, true]),
        ("doors of nowhere", doors_of(nobody), [false; 4]),
        ("a route of A", WantedList::Doors { area: AREA_A, route: Some(ROUTE) }, [false; 4]),
        ("a route of A in B", WantedList::Doors { area: AREA_B, route: Some(ROUTE) }, [false; 4]),
        ("whom A has helped", helped_by(MEMBER_A), [true, true, false, true]),
        ("whom nobody has helped", helped_by(nobody), [false; 4]),
        ("doors of a person", doors_of(MEMBER_A), [false; 4]),
    ];
    for (what, list, allowed) in cases {
        for (member, is_allowed) in people.into_iter().zip(allowed) {
            let before = (noted(&world).await.len(), world.audit_count().await);
            let phone = world.phone(member).await;
            let answer = ask_for(&world, &phone, list).await;
            assert_eq!(answer.is_ok(), is_allowed, "{what} by {member}");
            // Enrolling is a line of its own.
            let grown = usize::from(is_allowed);
            let after = (noted(&world).await.len(), world.audit_count().await);
            assert_eq!(after, (before.0 + grown, before.1 + 1 + grown as u64), "{what} by {member}");
        }
    }
}

#[tokio::test]
async fn out_of_reach_and_not_there_give_the_same_answer() {
    let world = World::new().await;
    street(&world).await;
    let phone = world.phone(LEAD_A).await;
    for what in [doors_of(AREA_B), doors_of(fresh_id()), helped_by(MEMBER_B), helped_by(fresh_id())] {
        let error = handouts::give(&world.store, phone.token, &wanted(what), NOW).await.expect_err("refused");
        assert_eq!(error.status(), StatusCode::FORBIDDEN);
        assert!(error.to_string().contains("không thuộc phạm vi"), "{error}");
    }
}

#[tokio::test]
async fn a_lead_gets_of_a_helper_only_what_happened_in_the_leads_own_areas() {
    let world = World::new().await;
    street(&world).await;
    let at = stamp(NOW - 3, 9);
    for (area, name) in [(AREA_A, "Người ở A"), (AREA_B, "Người ở B")] {
        let person = resident(fresh_id(), name, 1980, at);
        let done = signature(person.id, MEMBER_AB, at);
        world.write(area, &[person, done], NOW - 2).await;
    }
    let people = async |member: DocId| {
        let phone = world.phone(member).await;
        let list = ask_for(&world, &phone, helped_by(MEMBER_AB)).await.expect("a list").list;
        let List::Helped(list) = list else { panic!("of people") };
        list.counted.into_iter().map(|line| line.name).collect::<Vec<_>>()
    };
    assert_eq!(people(LEAD_A).await, ["Người ở A"]);
    assert_eq!(people(MEMBER_AB).await, ["Người ở A", "Người ở B"]);
    assert_eq!(people(COORDINATOR).await, ["Người ở A", "Người ở B"]);
}

#[tokio::test]
async fn a_reason_with_a_phone_number_or_none_at_all_is_refused_and_nothing_is_noted() {
    let world = World::new().await;
    street(&world).await;
    let phone = world.phone(LEAD_A).await;
    for (reason, words) in [(Reason::Other, ""), (Reason::Check, "gọi 0912 345 678"), (Reason::Other, "   ")] {
        let request = HandoutRequest { what: doors_of(AREA_A), reason, words: words.to_owned() };
        let error = handouts::give(&world.store, phone.token, &request, NOW).await.expect_err("refused");
        assert_eq!(error.status(), StatusCode::UNPROCESSABLE_ENTITY, "{words}");
    }
    assert!(noted(&world).await.is_empty());
}

#[tokio::test]
async fn the_note_holds_the_lines_in_order_and_the_mark_says_who_and_why() {
    let world = World::new().await;
    let [door, _] = street(&world).await;
    let phone = world.phone(LEAD_A).await;
    let request = HandoutRequest { what: doors_of(AREA_A), reason: Reason::Other, words: " mất  sóng ".to_owned() };
    let handout = handouts::give(&world.store, phone.token, &request, NOW).await.expect("a list");
    assert_eq!((handout.taken.number, handout.taken.by.as_str(), handout.taken.at_ms), (1, "Người của tổ", NOW));
    assert!(handout.text().contains("Lý do: mất sóng"));
    assert!(handout.text().contains(&LineCode::of(1, 1).to_string()));
    let row = noted(&world).await.remove(0);
    assert_eq!((row.number, row.member, row.people, row.words.as_str()), (1, LEAD_A, 3, "mất sóng"));
    assert_eq!(row.what, HandoutKind::Doors { area: AREA_A, route: None, lines: vec![door] });
}

#[tokio::test]
async fn a_list_that_cannot_be_noted_is_not_given_out() {
    let folder = std::env::temp_dir().join(format!("tung-nha-handouts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("test.sqlite");
    let store = SqliteStore::open(&file).await.expect("a store");
    admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
    let world = World::with_store(store, AreaCache::default()).await;
    street(&world).await;
    let phone = world.phone(LEAD_A).await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.expect("a second connection");
    let full =
        "CREATE TRIGGER full BEFORE INSERT ON audit WHEN NEW.action = 'handout' BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::raw_sql(full).execute(&pool).await.expect("a trigger");
    assert!(ask_for(&world, &phone, doors_of(AREA_A)).await.is_err());
    assert!(noted(&world).await.is_empty());
    sqlx::raw_sql("DROP TRIGGER full").execute(&pool).await.expect("dropped");
    let given = ask_for(&world, &phone, doors_of(AREA_A)).await.expect("a list");
    let line: (Vec<u8>, Vec<u8>) = sqlx::query_as("SELECT member, scope FROM audit WHERE action = 'handout'")
        .fetch_one(&pool)
        .await
        .expect("one line");
    assert_eq!(line, (LEAD_A.as_bytes().to_vec(), AREA_A.as_bytes().to_vec()));
    assert_eq!(given.taken.number, 1, "the number of a list that nobody got is given again");
    for change in ["UPDATE handouts SET words = 'x'", "DELETE FROM handouts"] {
        assert!(sqlx::raw_sql(change).execute(&pool).await.is_err(), "{change}");
    }
    pool.close().await;
    world.store.close().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[tokio::test]
async fn after_a_restore_no_number_comes_again_that_may_be_on_a_lost_paper() {
    let world = World::new().await;
    street(&world).await;
    let phone = world.phone(LEAD_A).await;
    let number = async |now_ms: u64| {
        let given = handouts::give(&world.store, phone.token, &wanted(doors_of(AREA_A)), now_ms).await;
        given.expect("a list").taken.number
    };
    assert_eq!([number(NOW).await, number(NOW + 1).await], [1, 2]);
    admin::mark_restored(&world.store, 0xe1, NOW + 2).await.expect("restored");
    assert_eq!([number(NOW + 3).await, number(NOW + 4).await], [103, 104]);
}

#[tokio::test]
async fn the_log_shows_figures_and_the_team_to_those_who_answer_for_it() {
    let world = World::new().await;
    street(&world).await;
    let (lead, member) = (world.phone(LEAD_A).await, world.phone(MEMBER_A).await);
    ask_for(&world, &lead, WantedList::Doors { area: AREA_A, route: None }).await.expect("a list");
    ask_for(&world, &member, WantedList::Helped { member: MEMBER_A, with_phones: true }).await.expect("a list");
    let numbers = async |id: DocId| {
        let desk = desk_of(&world, id).await;
        let json = serde_json::to_string(&desk).expect("JSON");
        assert!(!json.contains("Hoàng Thị Lan") && !json.contains("Bàn Thị Hoa") && !json.contains(PHONE));
        desk.log.iter().map(|note| note.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(COORDINATOR).await, [2, 1]);
    assert_eq!(numbers(LEAD_A).await, [1], "a member's own list is between the member and the office");
    assert_eq!(numbers(MEMBER_A).await, [2]);
    assert!(numbers(MEMBER_B).await.is_empty());
    let desk = desk_of(&world, LEAD_A).await;
    assert_eq!(desk.routes.iter().map(|route| route.name.as_str()).collect::<Vec<_>>(), ["Tuyến 1"]);
    assert_eq!(desk.log[0].what, "Danh sách hộ Tổ 1");
    assert_eq!((desk.log[0].people, desk.log[0].doors_of), (3, Some(AREA_A)));
    assert!(desk_of(&world, MEMBER_A).await.routes.is_empty());
}

/// By HTTP, as a browser asks.
async fn desk_of(world: &World, member: DocId) -> HandoutDesk {
    let (router, cookie) = browser(world, member).await;
    let mut request = get("/api/lists/handouts");
    request.headers_mut().insert("cookie", cookie.parse().expect("a cookie"));
    let answer = ask(&router, request).await;
    assert_eq!(answer.status, StatusCode::OK);
    serde_json::from_slice(&answer.body).expect("a desk")
}

async fn browser(world: &World, member: DocId) -> (axum::Router, String) {
    let router = world.router();
    let code = invite::create(&world.store, member, invite::LIFE_MS, NOW).await.expect("an invite");
    let request = domain::protocol::JoinRequest { code, install: InstallId(fresh()), only_for: None };
    let joined = ask(&router, post("/api/join", None, &request)).await;
    let cookie = joined.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    (router, cookie)
}

#[tokio::test]
async fn over_http_a_stranger_gets_nothing_and_a_lead_the_list() {
    let world = World::new().await;
    street(&world).await;
    let (router, cookie) = browser(&world, LEAD_A).await;
    let request = wanted(doors_of(AREA_A));
    let stranger = ask(&router, post("/api/lists/handouts", None, &request)).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let answer = ask(&router, post("/api/lists/handouts", Some(&cookie), &request)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let handout: Handout = serde_json::from_slice(&answer.body).expect("a list");
    assert_eq!(handout.list.people(), 3);
    assert!(!String::from_utf8_lossy(&answer.body).contains(PHONE), "doors come without numbers");
    let refused = ask(&router, post("/api/lists/handouts", Some(&cookie), &wanted(doors_of(AREA_B)))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    admin::revoke_devices(&world.store, LEAD_A, server::store::Revoked::Left, NOW).await.expect("revoked");
    let late = ask(&router, post("/api/lists/handouts", Some(&cookie), &request)).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}
