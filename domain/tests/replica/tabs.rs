//! Several windows on one phone, and members after one another.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::protocol::ScopeContent;
use domain::replica::{Change, Effect, Enrolment, Event, Replica, Row, Snapshot};
use domain::{DocId, Document, InstallId, Kind, Value};

use super::phone::{AREA, HOUSEHOLD, NOON_MS, Phone, by_a_colleague, reply};

#[test]
fn a_write_that_another_tab_overtook_is_planned_again() {
    let mut phone = Phone::new();
    phone.describe("note", "một");
    // Another tab on the same disk.
    let mut other = Replica::open(phone.snapshot());
    let fields = BTreeMap::from([("house_no".to_owned(), "12/3".into())]);
    let change = Change::Describe { id: HOUSEHOLD, kind: Kind::Household, scope: AREA, fields };
    let effects = other.handle(Event::Write { ticket: 1, changes: vec![change] }, phone.now, 0);
    let [Effect::Persist(batch), ..] = &effects[..] else { panic!("stores first: {effects:?}") };
    phone.commit(batch).expect("in step");

    phone.describe("note", "hai");
    let doc = phone.replica.document(HOUSEHOLD).expect("shown");
    assert_eq!((doc.text("note"), doc.text("house_no")), (Some("hai"), Some("12/3")));
    assert_eq!(phone.disk.get(&HOUSEHOLD).and_then(Row::shown), Some(doc));
}

/// As another tab leaves the phone for the next member, while this one sleeps.
fn next_member(phone: &Phone) -> Snapshot {
    let mut meta = domain::replica::Meta::new(InstallId(0xbee));
    meta.generation = phone.meta.generation + 1;
    meta.enrolment = phone.meta.enrolment.clone().map(|own| Enrolment {
        member: DocId::from_u128(0x78),
        name: "Vàng A Dơ".to_owned(),
        ..own
    });
    Snapshot { meta, rows: Vec::new() }
}

#[test]
fn what_a_sleeping_tab_writes_after_the_phone_changed_hands_is_nobodys() {
    let mut phone = Phone::new();
    phone.describe("note", "của người trước");
    let next = next_member(&phone);
    (phone.meta, phone.disk) = (next.meta.clone(), BTreeMap::new());
    let fields = BTreeMap::from([("note".to_owned(), Value::text("viết sau khi bàn giao"))]);
    phone.effects.clear();
    phone.handle(Event::Write {
        ticket: 99,
        changes: vec![Change::Describe { id: HOUSEHOLD, kind: Kind::Household, scope: AREA, fields }],
    });
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::NotSaved(99, _))), "and the person is told so");
    assert_eq!((phone.replica.rows().count(), phone.disk.len()), (0, 0), "nothing of the one before is shown or kept");
    assert_eq!(phone.replica.meta(), &next.meta);
}

#[test]
fn an_answer_to_the_member_before_is_not_taken_by_the_next() {
    let mut phone = Phone::new();
    phone.handle(Event::SyncNow);
    let (request, _) = phone.sent.take().expect("a request");
    let next = next_member(&phone);
    (phone.meta, phone.disk) = (next.meta.clone(), BTreeMap::new());
    phone.handle(Event::Replaced(Box::new(next)));
    let answer = reply(NOON_MS, Vec::new(), vec![by_a_colleague("note", "của địa bàn trước", NOON_MS)]);
    phone.handle(Event::Reply { request, outcome: Ok(Box::new(answer)) });
    assert_eq!((phone.replica.rows().count(), phone.disk.len()), (0, 0));
}

#[test]
fn late_news_of_another_tab_changes_nothing() {
    let mut phone = Phone::new();
    phone.describe("note", "một");
    let old = phone.snapshot();
    phone.describe("note", "hai");
    phone.handle(Event::Replaced(Box::new(old)));
    assert_eq!(phone.replica.document(HOUSEHOLD).and_then(|doc| doc.text("note")), Some("hai"));
}

#[test]
fn a_page_that_another_tab_has_passed_is_not_compared() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    // Another tab on the same disk asks later and is answered first.
    let (old, new) = (by_a_colleague("note", "một", 1), by_a_colleague("note", "hai", 2));
    let page = |cursor: &str, doc: &Document| {
        let mut answer = reply(NOON_MS, Vec::new(), vec![doc.clone()]);
        if let ScopeContent::Page(page) = &mut answer.scopes[0].content {
            (page.cursor, page.digest) = (cursor.to_owned(), Some(Digest::of([doc])));
        }
        answer
    };
    let mut other = Replica::open(phone.snapshot());
    let effects = other.handle(Event::SyncNow, phone.now, 0);
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Send { request, .. } => Some(*request),
        _ => None,
    });
    let outcome = Ok(Box::new(page("e1.12", &new)));
    let effects = other.handle(Event::Reply { request: request.expect("asks"), outcome }, phone.now, 0);
    let [Effect::Persist(batch), ..] = &effects[..] else { panic!("stores first: {effects:?}") };
    phone.commit(batch).expect("in step");

    phone.handle(Event::Replaced(Box::new(phone.snapshot())));
    phone.answer(page("e1.10", &old));
    assert!(phone.effects.iter().all(|effect| !matches!(effect, Effect::Diverged { .. })));
    assert_eq!(phone.meta.scopes[&AREA].cursor.as_deref(), Some("e1.12"));
    assert_eq!(phone.base(HOUSEHOLD).and_then(|doc| doc.text("note")), Some("hai"));
}
