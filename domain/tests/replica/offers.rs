//! After a restore: the server shows first what it has, and only the rest is brought back to it, with its receipts.

use std::collections::BTreeMap;

use domain::capsule::Portion;
use domain::merge::merge;
use domain::protocol::{Pulled, PushResult, Rejection, RevokeReason, ScopeContent, SyncReply, Verdict};
use domain::receipt::Receipt;
use domain::replica::{Event, Row};
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};

use super::phone::{AREA, HOUSEHOLD, NOON_MS, Phone, all, by_a_colleague, page, pushed, rejected, reply};

fn receipt(byte: u8) -> Receipt {
    Receipt([byte; 8])
}

/// A page of `docs` with receipts, of the server before (`e1`) or after (`e2`) the restore.
fn answer(epoch: &str, results: Vec<PushResult>, docs: &[Document]) -> SyncReply {
    let mut answer = reply(NOON_MS, results, Vec::new());
    epoch.clone_into(&mut answer.epoch);
    let page = page(&mut answer);
    page.cursor = format!("{epoch}.9");
    page.docs = docs.iter().map(|doc| Pulled { accepted: 1, doc: doc.clone(), receipt: Some(receipt(7)) }).collect();
    answer
}

fn residents(many: u128) -> Vec<Document> {
    let resident = |n: u128| {
        let stamp = Stamp { ms: NOON_MS - 1_000_000, counter: 0, install: InstallId(0xbeef) };
        let fields = [("name", Value::text("Nguyễn Thị Hồng Nhung")), ("birth_year", Value::Int(1971))];
        Document::description(DocId::from_u128((0xd0c << 40) + n), Kind::Resident).with(stamp, fields)
    };
    (0..many).map(resident).collect()
}

fn phone_with(docs: &[Document]) -> Phone {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    phone.answer(answer("e1", Vec::new(), docs));
    phone
}

/// Meets the restored server, whose pages come as `pages` say; gives back all that is pushed.
fn meet(phone: &mut Phone, pages: &[&[Document]]) -> Vec<Document> {
    let mut sent = Vec::new();
    for round in 0..pages.len() + 20 {
        phone.pass(5_000);
        let request = phone.sync();
        sent.extend(pushed(&request));
        let docs = pages.get(round).copied().unwrap_or_default();
        let mut answer = answer("e2", all(&request, &Verdict::Ok), docs);
        page(&mut answer).more = round + 1 < pages.len();
        phone.answer(answer);
        assert_eq!(phone.replica.status().unsent, 0, "nobody has written anything");
    }
    sent
}

#[test]
fn to_a_restored_server_that_lost_nothing_nothing_is_sent() {
    let docs = residents(1_860);
    let mut phone = phone_with(&docs);
    let pages: Vec<&[Document]> = docs.chunks(500).collect();
    assert_eq!(meet(&mut phone, &pages), []);
    assert_eq!(phone.replica.status().offers, 0);
    assert_eq!(phone.replica.shown(AREA).count(), docs.len());
}

#[test]
fn only_what_is_missing_is_sent_and_only_after_the_last_page() {
    let docs = residents(30);
    let mut phone = phone_with(&docs);
    phone.sync();
    let mut first = answer("e2", Vec::new(), &docs[..10]);
    page(&mut first).more = true;
    phone.answer(first);
    assert_eq!(phone.replica.shown(AREA).count(), docs.len(), "all of it is on the screen meanwhile");
    let (_, request) = phone.sent.clone().expect("the next page");
    assert_eq!(request.push.len(), 0, "it may still come");
    phone.answer(answer("e2", Vec::new(), &docs[10..25]));
    let (_, request) = phone.sent.clone().expect("the offers");
    assert_eq!(pushed(&request), docs[25..]);
    assert!(request.push.iter().all(|push| push.receipt == Some(receipt(7))), "with the server's own proof");
    phone.answer(answer("e2", all(&request, &Verdict::Ok), &docs[25..]));
    assert_eq!((phone.replica.status().offers, phone.replica.unsent_len()), (0, 0));
    assert_eq!(phone.replica.row(docs[29].id).and_then(|row| row.receipt), Some(receipt(7)));
}

#[test]
fn an_offer_survives_a_restart_and_leaves_with_its_receipt_in_a_capsule() {
    let docs = residents(3);
    let mut phone = phone_with(&docs);
    phone.handle(Event::Equip(domain::capsule::CourierSecret::from_bytes([1; 32])));
    phone.sync();
    let mut first = answer("e2", Vec::new(), &[]);
    page(&mut first).more = true;
    phone.answer(first);
    for row in phone.disk.values_mut() {
        let text = serde_json::to_string(row).expect("text");
        *row = serde_json::from_str::<Row>(&text).expect("a row");
    }
    phone.restart();
    assert_eq!((phone.replica.status().offers, phone.replica.leaving_len(false)), (3, 3));
    let contents = phone.replica.capsules(Portion::FILE, phone.now);
    assert_eq!(contents[0].push.len(), 3);
    assert!(contents[0].push.iter().all(|push| push.receipt == Some(receipt(7))));
}

#[test]
fn an_edit_of_an_offered_document_follows_it_and_says_only_what_is_new() {
    let hers = by_a_colleague("head", "Vàng A Pao", NOON_MS - 1_000);
    let mut phone = phone_with(std::slice::from_ref(&hers));
    phone.describe("note", "của tôi");
    phone.sync();
    phone.answer(answer("e2", Vec::new(), &[]));
    let request = phone.sync();
    assert_eq!(pushed(&request), std::slice::from_ref(&hers), "the server's own words, word for word");
    phone.answer(answer("e2", all(&request, &Verdict::Ok), &[]));
    let (_, request) = phone.sent.clone().expect("the edit");
    let edit = &pushed(&request)[0];
    assert_eq!((edit.text("note"), edit.text("head"), request.push[0].receipt), (Some("của tôi"), None, None));
    let whole = merge(&hers, edit);
    phone.answer(answer("e2", all(&request, &Verdict::Merged), std::slice::from_ref(&whole)));
    assert_eq!((phone.base(HOUSEHOLD), phone.replica.unsent_len()), (Some(&whole), 0));
}

/// The verdict on a push that met the restored server unawares is about what that server lacked before.
#[test]
fn an_edit_that_was_under_way_when_the_server_was_restored_is_sent_again() {
    let hers = by_a_colleague("head", "Vàng A Pao", NOON_MS - 1_000);
    let mut phone = phone_with(std::slice::from_ref(&hers));
    phone.describe("note", "của tôi");
    let request = phone.sync();
    let part = pushed(&request)[0].clone();
    phone.answer(answer("e2", all(&request, &Verdict::Ok), std::slice::from_ref(&part)));
    assert_eq!(phone.base(HOUSEHOLD), Some(&part), "no more than the server has");
    let (_, request) = phone.sent.clone().expect("what it lacks");
    assert_eq!(pushed(&request), std::slice::from_ref(&hers));
    phone.answer(answer("e2", all(&request, &Verdict::Merged), &[]));
    assert_eq!((phone.base(HOUSEHOLD), phone.replica.unsent_len()), (Some(&merge(&hers, &part)), 0));
}

#[test]
fn a_refused_offer_takes_no_edit_with_it_and_keeps_its_receipt() {
    let hers = by_a_colleague("head", "Vàng A Pao", NOON_MS - 1_000);
    let mut phone = phone_with(std::slice::from_ref(&hers));
    phone.describe("note", "của tôi");
    phone.sync();
    phone.answer(answer("e2", Vec::new(), &[]));
    let request = phone.sync();
    phone.answer(answer("e2", all(&request, &rejected(Rejection::Forbidden)), &[]));
    let (_, refused) = phone.replica.refused().next().expect("in the tray");
    assert_eq!((&refused.doc, refused.receipt), (&hers, Some(receipt(7))));
    let (_, request) = phone.sent.clone().expect("the edit goes on by itself");
    assert_eq!((pushed(&request)[0].text("note"), pushed(&request)[0].text("head")), (Some("của tôi"), None));

    phone.handle(Event::Retry(HOUSEHOLD));
    phone.sent = None;
    phone.restart();
    phone.greet_as("e2");
    let (_, request) = phone.sent.clone().expect("once more");
    assert_eq!((pushed(&request), request.push[0].receipt), (vec![hers], Some(receipt(7))));
}

#[test]
fn an_offer_that_the_server_contradicts_is_nobodys_word() {
    let at = |ms| Stamp { ms, counter: 0, install: InstallId(0xbeef) };
    let fact = |result: &str, ms| {
        let fields = BTreeMap::from([("result".to_owned(), Value::text(result))]);
        Document::fact(DocId::from_u128(0x30), Kind::Visit, at(ms), fields)
    };
    let (ours, theirs) = (fact("met", NOON_MS - 5_000), fact("absent", NOON_MS - 4_000));
    let mut phone = phone_with(std::slice::from_ref(&ours));
    phone.sync();
    phone.answer(answer("e2", Vec::new(), std::slice::from_ref(&theirs)));
    assert_eq!((phone.replica.document(ours.id), phone.replica.status().refused), (Some(&theirs), 0));

    // Or it says so only when the document is offered.
    let mut phone = phone_with(std::slice::from_ref(&ours));
    phone.sync();
    phone.answer(answer("e2", Vec::new(), &[]));
    let (_, request) = phone.sent.clone().expect("the offer");
    phone.answer(answer("e2", all(&request, &rejected(Rejection::FactConflict)), &[]));
    let status = phone.replica.status();
    assert_eq!((status.offers, status.unsent, status.refused, phone.replica.rows().count()), (0, 0, 0, 0));
}

/// Two phones with one state of chance, and the server that knew this one's record was restored and took the other's.
#[test]
fn a_record_of_ones_own_that_has_lost_its_id_goes_to_the_tray() {
    let met = || BTreeMap::from([("result".to_owned(), Value::text("met"))]);
    let settled = || {
        let mut phone = phone_with(&[]);
        phone.record(0x30, met());
        let request = phone.sync();
        phone.answer(answer("e1", all(&request, &Verdict::Ok), &[]));
        assert_eq!(phone.replica.status().unsent, 0);
        phone
    };
    let stamp = Stamp { ms: NOON_MS, counter: 0, install: InstallId(0xbeef) };
    let theirs = Document::fact(DocId::from_u128(0x30), Kind::Visit, stamp, met());
    let refused = |phone: &Phone| -> Vec<Rejection> {
        phone.replica.refused().map(|(_, refused)| refused.code.clone()).collect()
    };

    let mut phone = settled();
    phone.sync();
    phone.answer(answer("e2", Vec::new(), std::slice::from_ref(&theirs)));
    assert_eq!(refused(&phone), [Rejection::FactConflict], "the page shows the other record");

    let mut phone = settled();
    phone.sync();
    phone.answer(answer("e2", Vec::new(), &[]));
    let (_, request) = phone.sent.clone().expect("the offer");
    phone.answer(answer("e2", all(&request, &rejected(Rejection::FactConflict)), &[]));
    assert_eq!(refused(&phone), [Rejection::FactConflict], "or the verdict tells of it");
}

/// A rolled-back server does not know an area: it says so under a new epoch, and what only phones have stays on them.
#[test]
fn an_area_that_the_restored_server_does_not_know_stays_until_it_is_known_again() {
    let docs = residents(40);
    let mut phone = phone_with(&docs);
    phone.sync();
    let gone = |results| {
        let mut gone = answer("e2", results, &[]);
        gone.scopes[0].content = ScopeContent::Revoked { revoked: RevokeReason::LeftArea };
        gone
    };
    phone.answer(gone(Vec::new()));
    assert_eq!((phone.replica.rows().count(), phone.disk.len()), (40, 40));
    let (_, request) = phone.sent.clone().expect("offers");
    phone.answer(gone(all(&request, &rejected(Rejection::Forbidden))));
    assert_eq!(phone.replica.status().refused, 40);
    // Somebody makes the area again, and gives it to this member.
    phone.sync();
    phone.answer(answer("e2", Vec::new(), &docs[..5]));
    let (_, request) = phone.sent.clone().expect("once more");
    assert_eq!(request.push.len(), 35, "but for what the server has");
    assert!(request.push.iter().all(|push| push.receipt == Some(receipt(7))));
    phone.answer(answer("e2", all(&request, &Verdict::Ok), &docs));
    let status = phone.replica.status();
    assert_eq!((status.offers, status.unsent, status.refused), (0, 0, 0));
}

#[test]
fn a_receipt_goes_with_the_content_that_it_proves() {
    let hers = by_a_colleague("head", "Vàng A Pao", NOON_MS - 1_000);
    let mut phone = phone_with(std::slice::from_ref(&hers));
    let of = |phone: &Phone| phone.replica.row(HOUSEHOLD).and_then(|row| row.receipt);
    assert_eq!(of(&phone), Some(receipt(7)));
    phone.describe("note", "của tôi");
    let request = phone.sync();
    phone.answer(answer("e1", all(&request, &Verdict::Merged), &[]));
    assert_eq!(of(&phone), None, "until the page with the joined content");
    let whole = phone.base(HOUSEHOLD).cloned().expect("confirmed");
    phone.sync();
    phone.answer(answer("e1", Vec::new(), std::slice::from_ref(&whole)));
    assert_eq!(of(&phone), Some(receipt(7)));
}

/// Rows of an app that kept no receipts are downloaded once more, and nobody sees anything of it.
#[test]
fn what_an_older_app_has_downloaded_is_downloaded_once_more() {
    let docs = residents(3);
    let mut phone = phone_with(&docs);
    let state = phone.meta.scopes.get_mut(&AREA).expect("held");
    let text = format!(r#"{{"cursor":"e1.9","complete":{}}}"#, state.complete);
    *state = serde_json::from_str(&text).expect("as the older app wrote it");
    phone.disk.values_mut().for_each(|row| row.receipt = None);
    phone.restart();
    let request = phone.sync();
    assert_eq!(request.cursors[0].cursor, None);
    phone.answer(answer("e1", Vec::new(), &docs));
    assert!(phone.replica.rows().all(|(_, row)| row.receipt == Some(receipt(7))));
    assert!(phone.replica.meta().scopes[&AREA].complete);
    assert_eq!(phone.sync().cursors[0].cursor.as_deref(), Some("e1.9"), "once");
}
