//! What the server did not take.

use std::collections::BTreeMap;

use domain::protocol::{Rejection, RevokeReason, ScopeContent, Verdict};
use domain::replica::Event;
use domain::{DocId, Document, InstallId, Kind, Stamp};

use super::phone::{AREA, DAY_MS, HOUSEHOLD, NOON_MS, Phone, all, by_a_colleague, pushed, rejected, reply};

#[test]
fn a_refused_document_is_in_the_tray_and_can_be_sent_again() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.record(0x20, BTreeMap::from([("result".to_owned(), "met".into())]));
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &rejected(Rejection::Forbidden)), Vec::new()));
    let id = DocId::from_u128(0x20);
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().refused), (0, 1));
    assert!(phone.replica.document(id).is_none(), "in no count");
    assert_eq!(phone.replica.shown(AREA).count(), 0);
    let (tray, refused) = phone.replica.refused().next().expect("in the tray");
    assert_eq!((tray, &refused.code), (id, &Rejection::Forbidden));

    phone.handle(Event::Retry(id));
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().refused), (1, 0));
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    assert_eq!(phone.replica.unsent_len(), 0);
    assert!(phone.base(id).is_some());
}

#[test]
fn a_second_refusal_does_not_push_the_first_out_of_the_tray() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    for (name, value) in [("note", "một"), ("house_no", "12/3")] {
        phone.describe(name, value);
        let request = phone.sync();
        phone.answer(reply(NOON_MS, all(&request, &rejected(Rejection::Forbidden)), Vec::new()));
    }
    let (_, refused) = phone.replica.refused().next().expect("in the tray");
    assert_eq!((refused.doc.text("note"), refused.doc.text("house_no")), (Some("một"), Some("12/3")));
}

#[test]
fn a_discarded_document_is_gone_and_nothing_else() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![by_a_colleague("head", "Vàng A Pao", NOON_MS)]));
    phone.describe("note", "không được nhận");
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &rejected(Rejection::Forbidden)), Vec::new()));
    phone.handle(Event::Discard(HOUSEHOLD));
    assert_eq!(phone.replica.refused().count(), 0);
    assert_eq!(phone.replica.document(HOUSEHOLD).and_then(|doc| doc.text("head")), Some("Vàng A Pao"));
}

#[test]
fn another_content_under_my_id_sends_mine_to_the_tray() {
    let mut phone = Phone::new();
    phone.record(0x20, BTreeMap::from([("result".to_owned(), "met".into())]));
    let at = Stamp { ms: NOON_MS, counter: 0, install: InstallId(0xbeef) };
    let fields = BTreeMap::from([("result".to_owned(), "absent".into())]);
    let other = Document::fact(DocId::from_u128(0x20), Kind::Visit, at, fields);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![other.clone()]));
    assert_eq!(phone.replica.document(other.id), Some(&other));
    let (_, refused) = phone.replica.refused().next().expect("mine is in the tray");
    assert_eq!((&refused.code, refused.doc.text("result")), (&Rejection::FactConflict, Some("met")));
}

#[test]
fn my_record_under_a_taken_id_is_sent_again_as_it_is_and_stays_mine() {
    // Which of the two a merge would keep depends on their contents, so both ways.
    for ms in [NOON_MS - DAY_MS, NOON_MS + 60_000] {
        let mut phone = Phone::new();
        phone.record(0x20, BTreeMap::from([("result".to_owned(), "met".into())]));
        let at = Stamp { ms, counter: 0, install: InstallId(0xbeef) };
        let fields = BTreeMap::from([("result".to_owned(), "absent".into())]);
        let other = Document::fact(DocId::from_u128(0x20), Kind::Visit, at, fields);
        phone.sync();
        phone.answer(reply(NOON_MS, Vec::new(), vec![other.clone()]));
        phone.handle(Event::Retry(other.id));
        let request = phone.sync();
        assert_eq!(pushed(&request)[0].text("result"), Some("met"));
        phone.answer(reply(NOON_MS, all(&request, &rejected(Rejection::FactConflict)), Vec::new()));
        let (_, refused) = phone.replica.refused().next().expect("mine is in the tray again");
        assert_eq!(refused.doc.text("result"), Some("met"));
        assert_eq!(phone.replica.document(other.id), Some(&other));
    }
}

#[test]
fn a_scope_that_is_taken_away_keeps_what_was_not_sent() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![by_a_colleague("head", "Vàng A Pao", NOON_MS)]));
    phone.record(0x20, BTreeMap::new());
    let mut answer = reply(NOON_MS, Vec::new(), Vec::new());
    answer.scopes[0].content = ScopeContent::Revoked { revoked: RevokeReason::LeftArea };
    phone.sync();
    phone.answer(answer);
    assert!(phone.replica.row(HOUSEHOLD).is_none());
    assert!(phone.mine(DocId::from_u128(0x20)).is_some());

    // The office takes what was made before leaving; then nothing of that area is left on the phone.
    let request = phone.sync();
    let mut answer = reply(NOON_MS, all(&request, &Verdict::Ok), Vec::new());
    answer.scopes.clear();
    answer.credited_elsewhere = Some(2);
    phone.answer(answer);
    assert!(phone.replica.row(DocId::from_u128(0x20)).is_none());
    assert_eq!((phone.replica.unsent_len(), phone.meta.credited_elsewhere), (0, 2));
}

/// After a restore from backup the server may learn late that an area exists, or who works there.
#[test]
fn what_was_refused_for_an_area_goes_out_again_when_the_area_comes_back() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let mut gone = reply(NOON_MS, Vec::new(), Vec::new());
    gone.scopes[0].content = ScopeContent::Revoked { revoked: RevokeReason::LeftArea };
    phone.record(0x20, BTreeMap::new());
    phone.record(0x21, BTreeMap::new());
    let request = phone.sync();
    gone.results = all(&request, &rejected(Rejection::Forbidden));
    gone.results[1].verdict = rejected(Rejection::FactConflict);
    phone.answer(gone);
    assert_eq!(phone.replica.status().refused, 2);

    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), Vec::new()));
    // Only what was refused for want of the area; a conflict stays for a person to see to.
    assert_eq!(phone.replica.status().refused, 1);
    let again: Vec<DocId> = pushed(&phone.sync()).iter().map(|doc| doc.id).collect();
    assert_eq!(again, [DocId::from_u128(0x20)]);
}
