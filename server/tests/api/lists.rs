//! Household lists into areas, over the routes that the office's pages use.

use axum::Router;
use axum::http::StatusCode;
use domain::digest::Digest;
use domain::import::changes::What;
use domain::import::{Cell, List, read_list};
use domain::people::Resident;
use domain::place::Household;
use domain::protocol::{
    AreaChoice, ImportReply, ImportRequest, ImportsReply, MoveRequest, OfficeReply, UndoReply, UndoRequest, Verdict,
    WhatMoves,
};
use domain::{DocId, Document, Kind, Value};
use server::app::App;
use server::handlers::files::AppFiles;
use server::store::{SecretHash, SqliteStore, Store, Tx};
use server::{admin, lists, moves, router};

use crate::helpers::*;

const SECRET: &str = "clerk";
const FIRST: &str = "STT|Họ và tên|Năm sinh|Quan hệ với chủ hộ|Số nhà|Chữ ký số\n\
    1|Nông Văn Tư|1957|Chủ hộ|12|x\n\
    |Hoàng Thị Mai|1958|Vợ||\n\
    2|Lường Thị Hoa|1990|Chủ hộ|14|";

pub fn list(text: &str) -> List {
    let rows: Vec<Vec<Cell>> = text.lines().map(|line| line.trim().split('|').map(Cell::from).collect()).collect();
    read_list(&rows).expect("a list")
}

struct Office {
    world: World,
    router: Router,
    cookie: String,
}

impl Office {
    async fn of(member: DocId) -> Self {
        let world = World::new().await;
        let number = fresh();
        let secret = format!("{SECRET}{number}");
        let token = SecretHash::of(secret.as_bytes());
        admin::enrol(&world.store, member, domain::InstallId(number), token, fresh_id(), NOW).await.expect("enrolled");
        Self { router: world.router(), world, cookie: format!("tn_device={secret}") }
    }

    async fn import(&self, batch: u128, area: AreaChoice, text: &str, is_preview: bool) -> Answer {
        let batch = DocId::from_u128(batch);
        let request = ImportRequest { batch, area, file: "danh-sach.xlsx".to_owned(), list: list(text), is_preview };
        ask(&self.router, post("/api/lists/import", Some(&self.cookie), &request)).await
    }

    async fn imported(&self, batch: u128, area: AreaChoice, text: &str) -> ImportReply {
        let answer = self.import(batch, area, text, false).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).expect("a reply")
    }

    async fn past(&self) -> ImportsReply {
        let mut request = get("/api/lists/imports");
        request.headers_mut().insert("cookie", self.cookie.parse().expect("a header"));
        serde_json::from_slice(&ask(&self.router, request).await.body).expect("a reply")
    }

    async fn undo(&self, batch: u128) -> Answer {
        let request = UndoRequest { batch: DocId::from_u128(batch) };
        ask(&self.router, post("/api/lists/imports/undo", Some(&self.cookie), &request)).await
    }

    /// The fingerprint of every scope is that of its documents: else no backup would pass.
    async fn check_fingerprints(&self) {
        let mut tx = self.world.store.read().await.expect("a transaction");
        for row in tx.scopes_of(COMMUNE).await.expect("scopes") {
            let stored = tx.all_documents(row.id).await.expect("documents");
            assert_eq!(row.digest, Digest::of(stored.iter().map(|stored| &stored.doc)), "{:?}", row.kind);
        }
        tx.commit().await.expect("read");
    }

    async fn name_of(&self, area: DocId) -> String {
        let stored = self.world.stored(area).await.expect("an area");
        assert_eq!(stored.scope, COMMUNE);
        stored.doc.text("name").unwrap_or_default().to_owned()
    }

    async fn people(&self, area: DocId) -> Vec<String> {
        let (_, stored) = self.world.all(area).await;
        let there = |resident: &Resident| resident.gone.is_none();
        let mut names: Vec<String> =
            stored.iter().filter_map(|it| Resident::read(&it.doc)).filter(there).map(|it| it.name).collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn a_preview_shows_what_an_import_then_does_and_writes_nothing() {
    let office = Office::of(COORDINATOR).await;
    let before = office.world.audit_count().await;
    let answer = office.import(1, AreaChoice::Known(AREA_A), FIRST, true).await;
    let shown: ImportReply = serde_json::from_slice(&answer.body).expect("a reply");
    assert_eq!(
        (office.people(AREA_A).await.len(), office.world.audit_count().await),
        (0, before + 1),
        "only who looked"
    );
    assert!(office.past().await.imports.is_empty());

    let done = office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    assert_eq!((shown.counts, shown.rows), (done.counts, done.rows));
    assert_eq!((done.counts.added, done.counts.households_added, done.counts.already), (3, 2, 1));
    assert_eq!(office.people(AREA_A).await, ["Hoàng Thị Mai", "Lường Thị Hoa", "Nông Văn Tư"]);
    let figures = office.world.figures(AREA_A).await;
    assert_eq!(figures, office.world.recounted(AREA_A).await);
}

#[tokio::test]
async fn the_same_list_again_moves_nothing() {
    let office = Office::of(COORDINATOR).await;
    office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    let (row, _) = office.world.all(AREA_A).await;
    let again = office.imported(2, AreaChoice::Known(AREA_A), FIRST).await;
    assert_eq!((again.counts.same, again.counts.has_changes()), (3, false));
    assert_eq!(office.world.all(AREA_A).await.0.seq, row.seq);
}

#[tokio::test]
async fn a_part_that_is_sent_twice_is_one_import() {
    let office = Office::of(COORDINATOR).await;
    let first = office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    let again = office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    assert_eq!(first.counts, again.counts);
    let past = office.past().await.imports;
    assert_eq!((past.len(), past[0].counts, past[0].can_be_undone), (1, first.counts, true));
}

#[tokio::test]
async fn two_names_of_one_area_in_a_list_lose_nobody_and_are_undone_together() {
    const SECOND: &str = "STT|Họ và tên|Năm sinh|Quan hệ với chủ hộ|Số nhà|Chữ ký số\n1|Bàn Văn Kẹo|1970|Chủ hộ|20|x";
    let office = Office::of(COORDINATOR).await;
    let new = |name: &str| AreaChoice::New { name: name.to_owned(), kind: "thon".to_owned() };
    let area = office.imported(1, new("Thôn Nà Pò"), FIRST).await.area.expect("an area");
    let second = office.imported(1, new("THÔN NÀ PÒ"), SECOND).await;
    assert_eq!((second.area, second.counts.added, second.counts.already), (Some(area), 1, 1));
    assert_eq!(office.people(area).await.len(), 4);
    let past = office.past().await.imports;
    assert_eq!((past.len(), past[0].counts.added, past[0].areas.len()), (1, 4, 1));
    let undone: UndoReply = serde_json::from_slice(&office.undo(1).await.body).expect("a reply");
    assert_eq!((undone.people_removed, office.people(area).await.len()), (4, 0));
    // Under the same batch: what was undone is not taken for a part that came before.
    assert_eq!(office.imported(1, new("Thôn Nà Pò"), FIRST).await.counts.added, 3);
}

#[tokio::test]
async fn a_new_area_is_made_once_whoever_names_it() {
    let office = Office::of(COORDINATOR).await;
    let new = |name: &str| AreaChoice::New { name: name.to_owned(), kind: "thon".to_owned() };
    let first = office.imported(1, new("Thôn Nà Pò"), FIRST).await.area.expect("an area");
    let second = office.imported(2, new("thôn  NÀ PÒ"), FIRST).await;
    assert_eq!((second.area, second.counts.has_changes()), (Some(first), false));
    let mut request = get("/api/lists/office");
    request.headers_mut().insert("cookie", office.cookie.parse().expect("a header"));
    let told: OfficeReply = serde_json::from_slice(&ask(&office.router, request).await.body).expect("a reply");
    let names: Vec<&str> = told.areas.iter().map(|area| area.name.as_str()).collect();
    assert!(names.contains(&"Thôn Nà Pò") && names.len() == 3, "{names:?}");
    assert_eq!(office.world.figures(first).await.people, 3);
}

#[tokio::test]
async fn what_a_phone_recorded_while_it_was_offline_outlives_a_later_list() {
    let office = Office::of(COORDINATOR).await;
    office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    let phone = office.world.phone(MEMBER_A).await;
    let (_, stored) = office.world.all(AREA_A).await;
    let mai =
        stored.iter().filter_map(|it| Resident::read(&it.doc)).find(|it| it.name == "Hoàng Thị Mai").expect("Mai");
    // Typed at the door before the second list, sent after it.
    let edit = Document::description(mai.id, Kind::Resident)
        .with(stamp(NOW - MINUTE, phone.install.0), [("birth_year", Value::Int(1960))]);
    office.imported(2, AreaChoice::Known(AREA_A), &FIRST.replace("1958", "1959")).await;
    let verdicts = office.world.push(&phone, AREA_A, &[&edit]).await;
    assert!(matches!(verdicts[0], Verdict::Ok | Verdict::Merged), "{verdicts:?}");
    let now = Resident::read(&office.world.stored(mai.id).await.expect("Mai").doc).expect("a resident");
    assert_eq!(now.birth_year, Some(1960));
    let third = office.imported(3, AreaChoice::Known(AREA_A), FIRST).await;
    assert_eq!((third.counts.kept, third.counts.has_changes()), (1, false));
}

#[tokio::test]
async fn a_wrong_import_is_undone_once_and_leaves_what_was_recorded_since() {
    let office = Office::of(COORDINATOR).await;
    office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    let (_, stored) = office.world.all(AREA_A).await;
    let hoa =
        stored.iter().filter_map(|it| Resident::read(&it.doc)).find(|it| it.name == "Lường Thị Hoa").expect("Hoa");
    let phone = office.world.phone(MEMBER_A).await;
    office.world.push(&phone, AREA_A, &[&signature(hoa.id, MEMBER_A, stamp(NOW - MINUTE, phone.install.0))]).await;

    let undone: UndoReply = serde_json::from_slice(&office.undo(1).await.body).expect("a reply");
    assert_eq!((undone.people_removed, undone.people_kept), (2, 1));
    assert_eq!(office.people(AREA_A).await, ["Lường Thị Hoa"]);
    let (_, stored) = office.world.all(AREA_A).await;
    let homes = stored.iter().filter_map(|it| Household::read(&it.doc)).filter(|it| !it.deleted).count();
    assert_eq!(homes, 1);
    let figures = office.world.figures(AREA_A).await;
    assert_eq!(figures, office.world.recounted(AREA_A).await);
    let second = office.undo(1).await;
    assert_eq!(second.status, StatusCode::BAD_REQUEST);
    let past = office.past().await.imports;
    assert!(past[0].undone_ms.is_some() && !past[0].can_be_undone);
}

#[tokio::test]
async fn what_was_there_before_is_forgotten_when_it_is_too_late_to_undo() {
    let office = Office::of(COORDINATOR).await;
    office.imported(1, AreaChoice::Known(AREA_A), FIRST).await;
    assert_eq!(lists::forget_old_undo(&office.world.store, NOW + lists::UNDO_MS).await.expect("forgotten"), 0);
    assert_eq!(lists::forget_old_undo(&office.world.store, NOW + lists::UNDO_MS + 1).await.expect("forgotten"), 1);
    let late = office.undo(1).await;
    assert!(late.json()["error"]["message"].as_str().expect("words").contains("30 ngày"));
    assert_eq!(office.people(AREA_A).await.len(), 3);
}

#[tokio::test]
async fn only_a_coordinator_imports_and_only_into_the_own_commune() {
    for member in [MEMBER_A, LEAD_A] {
        let office = Office::of(member).await;
        let answer = office.import(1, AreaChoice::Known(AREA_A), FIRST, true).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let office = Office::of(COORDINATOR).await;
    let stranger = office.import(1, AreaChoice::Known(DocId::from_u128(0xdead)), FIRST, false).await;
    assert_eq!(stranger.status, StatusCode::BAD_REQUEST);
    let nobody = ask(&office.router, get("/api/lists/office")).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_list_that_no_reader_made_is_refused_whole() {
    let office = Office::of(COORDINATOR).await;
    let mut bad = list(FIRST);
    bad.households[0].residents[0].birth_year = Some(1);
    let request = ImportRequest {
        batch: DocId::from_u128(1),
        area: AreaChoice::Known(AREA_A),
        file: "x".to_owned(),
        list: bad,
        is_preview: false,
    };
    let answer = ask(&office.router, post("/api/lists/import", Some(&office.cookie), &request)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(office.people(AREA_A).await.is_empty());
}

#[tokio::test]
async fn a_commune_of_eighteen_thousand_fits_a_request() {
    let office = Office::of(COORDINATOR).await;
    let mut lines = vec!["STT|Họ và tên|Năm sinh|Quan hệ với chủ hộ|Số nhà|Điện thoại".to_owned()];
    for number in 0..18_000 {
        let relation = if number % 4 == 0 { "Chủ hộ" } else { "Con" };
        let year = 1940 + number % 60;
        let phone = 900_000_000 + number;
        let household = number / 4 + 1;
        lines.push(format!("{household}|Người Thứ {number}|{year}|{relation}|{household}|0{phone}"));
    }
    let router = router::build(App::with_clock(office.world.store.clone(), AppFiles::None, || NOW));
    let office = Office { router, ..office };
    let answer = office.import(1, AreaChoice::Known(AREA_A), &lines.join("\n"), true).await;
    let reply: ImportReply = serde_json::from_slice(&answer.body).expect("a reply");
    assert_eq!(reply.counts.added, 18_000);
}

fn group(name: &str) -> AreaChoice {
    AreaChoice::New { name: name.to_owned(), kind: "to_dan_pho".to_owned() }
}

fn area_id(folded: &str) -> DocId {
    DocId::derived(COMMUNE, &["area", folded])
}

#[tokio::test]
async fn an_area_that_a_restore_has_made_again_is_known_and_named_by_its_list() {
    let office = Office::of(COORDINATOR).await;
    let door = household("Lường Văn Sì", stamp(NOW - 30 * MINUTE, 2));
    office.world.write(AREA_A, std::slice::from_ref(&door), NOW - 9 * MINUTE).await;
    let backup = office.world.store.snapshot().await.expect("a backup");
    let area = office.imported(1, group("Tổ 7"), FIRST).await.area.expect("an area");
    assert_eq!(area, area_id("to 7"));
    let mover = office.world.phone(COORDINATOR).await;
    let request = MoveRequest { what: WhatMoves::Household(door.id), to_area: area, to_household: None };
    moves::execute(&office.world.store, &office.world.cache, mover.token, &request, NOW).await.expect("moved");
    let mut held = office.world.pull_proved(&mut office.world.phone(MEMBER_A).await).await;
    held.retain(|(scope, _)| *scope == AREA_A);

    let store = SqliteStore::in_memory_from(&backup).await.expect("the backup");
    let world = World { store, cache: server::area_cache::AreaCache::default() };
    admin::mark_restored(&world.store, 7, NOW + MINUTE).await.expect("restored");
    let phone = world.phone(MEMBER_A).await;
    world.bring(&phone, &held).await;
    let office = Office { router: world.router(), world, cookie: office.cookie };
    assert_eq!(office.name_of(area).await, "Địa bàn chưa rõ tên");

    let shown = office.import(2, group("Tổ 7"), FIRST, true).await;
    assert_eq!(serde_json::from_slice::<ImportReply>(&shown.body).expect("a reply").area, Some(area));
    let done = office.imported(2, group("Tổ 7"), FIRST).await;
    assert_eq!((done.area, done.counts.added), (Some(area), 3));
    assert_eq!(office.name_of(area).await, "Tổ 7");
    office.check_fingerprints().await;
}

#[tokio::test]
async fn an_area_that_was_renamed_keeps_its_name_when_a_list_has_the_old_one() {
    let office = Office::of(COORDINATOR).await;
    let area = office.imported(1, group("Tổ 7"), FIRST).await.area.expect("an area");
    let renamed =
        Document::description(area, Kind::Area).with(stamp(NOW + MINUTE, 7), [("name", Value::from("Khu phố 7"))]);
    office.world.push(&office.world.phone(COORDINATOR).await, COMMUNE, &[&renamed]).await;
    let again = office.imported(2, group("Tổ 7"), FIRST).await;
    assert_eq!((again.area, again.counts.has_changes()), (Some(area), false));
    assert_eq!(office.name_of(area).await, "Khu phố 7");
    office.check_fingerprints().await;
}

#[tokio::test]
async fn a_new_areas_id_that_somebody_has_taken_is_left_to_them() {
    let office = Office::of(COORDINATOR).await;
    let foreign = Document { id: area_id("to 7"), ..household("Lạ", stamp(NOW - MINUTE, 7)) };
    let phone = office.world.phone(MEMBER_A).await;
    assert_eq!(office.world.push(&phone, AREA_A, &[&foreign]).await, [Verdict::Ok]);
    let first = office.imported(1, group("Tổ 7"), FIRST).await;
    let area = first.area.expect("an area");
    assert_ne!(area, foreign.id);
    assert_eq!(office.imported(1, group("Tổ 7"), FIRST).await.counts, first.counts, "the answer was lost");
    assert_eq!(office.imported(2, group("Tổ 7"), FIRST).await.area, Some(area));
    assert_eq!((office.name_of(area).await.as_str(), office.people(area).await.len()), ("Tổ 7", 3));
    let stored = office.world.stored(foreign.id).await.expect("the foreign document");
    assert_eq!((stored.scope, stored.doc), (AREA_A, foreign));
    office.check_fingerprints().await;
}

#[tokio::test]
async fn rows_whose_ids_lie_in_another_area_are_told_and_the_others_go_on() {
    let office = Office::of(COORDINATOR).await;
    let read = list(FIRST);
    let [first, second] = [0, 1].map(|at| DocId::household(AREA_B, &read.households[at].list_key));
    let head = DocId::resident(first, "Nông Văn Tư", Some(1957));
    let step = read.households[0].residents[0].already[0];
    let guessed =
        [DocId::resident(first, "Hoàng Thị Mai", Some(1958)), second, DocId::derived(head, &["already", step.name()])];
    let foreign = guessed.map(|id| Document { id, ..household("Lạ", stamp(NOW - MINUTE, 7)) });
    let phone = office.world.phone(MEMBER_A).await;
    office.world.push(&phone, AREA_A, &foreign.each_ref()).await;

    let shown = office.import(1, AreaChoice::Known(AREA_B), FIRST, true).await;
    let shown: ImportReply = serde_json::from_slice(&shown.body).expect("a reply");
    let done = office.imported(1, AreaChoice::Known(AREA_B), FIRST).await;
    assert_eq!((&shown.counts, &shown.rows), (&done.counts, &done.rows));
    assert_eq!((done.counts.added, done.counts.left_out, done.counts.already), (1, 2, 1));
    let left_out: Vec<&str> =
        done.rows.iter().filter(|row| row.what == What::Elsewhere).map(|row| row.name.as_str()).collect();
    assert_eq!(left_out, ["Hoàng Thị Mai", "Lường Thị Hoa"]);
    assert_eq!(office.people(AREA_B).await, ["Nông Văn Tư"]);
    let figures = office.world.figures(AREA_B).await;
    assert_eq!((figures.complete, &figures), (1, &office.world.recounted(AREA_B).await));
    for foreign in &foreign {
        let stored = office.world.stored(foreign.id).await.expect("the foreign document");
        assert_eq!((stored.scope, &stored.doc), (AREA_A, foreign));
    }
    office.check_fingerprints().await;
    let undone: UndoReply = serde_json::from_slice(&office.undo(1).await.body).expect("a reply");
    assert_eq!((undone.people_removed, office.people(AREA_B).await.len()), (1, 0));
    office.check_fingerprints().await;
}
