//! A server that was restored from an older backup.

use std::collections::BTreeMap;

use domain::merge::merge;
use domain::protocol::{Rejection, SyncReply, Verdict};
use domain::replica::Change;
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};

use super::phone::{AREA, DAY_MS, HOUSEHOLD, NOON_MS, Phone, all, by_a_colleague, pushed, rejected, reply};

#[test]
fn a_new_epoch_offers_everything_again_with_the_old_stamps() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.describe("note", "đã nhận");
    let request = phone.sync();
    let hers = by_a_colleague("head", "Vàng A Pao", NOON_MS);
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Merged), vec![merge(&hers, &pushed(&request)[0])]));
    let stored = phone.base(HOUSEHOLD).cloned().expect("confirmed");

    // After the restore the clock turns out to be wrong as well: that must not touch what was accepted.
    phone.restart();
    phone.now.wall_ms += 30 * DAY_MS;
    let mut answer = reply(NOON_MS, Vec::new(), Vec::new());
    answer.epoch = "e2".to_owned();
    phone.sync();
    phone.answer(answer);
    assert_eq!((phone.mine(HOUSEHOLD), phone.replica.document(HOUSEHOLD)), (None, Some(&stored)));
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().offers), (0, 1), "nobody's edit");
    let (_, request) = phone.sent.clone().expect("the push follows");
    assert_eq!(pushed(&request), [stored]);
}

#[test]
fn what_is_of_an_area_that_a_restored_server_does_not_know_waits_for_it() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.describe("note", "đã nhận");
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), Vec::new()));
    let stored = phone.base(HOUSEHOLD).cloned().expect("confirmed");

    let restored = |mut answer: SyncReply| {
        answer.epoch = "e2".to_owned();
        answer
    };
    let silent = |answer: SyncReply| SyncReply { scopes: Vec::new(), ..restored(answer) };
    phone.sync();
    phone.answer(silent(reply(NOON_MS, Vec::new(), Vec::new())));
    assert_eq!(phone.replica.document(HOUSEHOLD), Some(&stored), "silence deletes nothing");
    let request = phone.sync();
    phone.answer(silent(reply(NOON_MS, all(&request, &rejected(Rejection::Forbidden)), Vec::new())));
    assert_eq!((phone.replica.status().refused, phone.replica.status().unsent), (1, 0));

    // Somebody's phone has brought the area back.
    phone.sync();
    phone.answer(restored(reply(NOON_MS, Vec::new(), Vec::new())));
    assert_eq!((phone.replica.status().refused, phone.mine(HOUSEHOLD)), (0, Some(&stored)));
}

#[test]
fn after_a_restore_a_member_does_not_offer_what_is_the_offices() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    let commune = DocId::from_u128(0xc);
    let stamp = Stamp { ms: NOON_MS, counter: 0, install: InstallId(0xbeef) };
    let area = |name: &str| Document::description(AREA, Kind::Area).with(stamp, [("name", Value::text(name))]);
    let mut answer = reply(NOON_MS, Vec::new(), vec![area("Tổ 5")]);
    answer.scopes[0].scope = commune;
    phone.answer(answer);

    phone.restart();
    let mut answer = reply(NOON_MS, Vec::new(), vec![area("Tổ 5, tên cũ")]);
    (answer.epoch, answer.scopes[0].scope) = ("e2".to_owned(), commune);
    phone.sync();
    phone.answer(answer);
    assert_eq!(phone.mine(AREA), None);
    assert_eq!(phone.base(AREA).and_then(|doc| doc.text("name")), Some("Tổ 5, tên cũ"));
}

#[test]
fn a_restore_takes_nothing_out_of_the_tray() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let commune = DocId::from_u128(0xc);
    let stamp = Stamp { ms: NOON_MS, counter: 0, install: InstallId(0xbeef) };
    let area = Document::description(AREA, Kind::Area).with(stamp, [("name", Value::text("Tổ 5"))]);
    let mut answer = reply(NOON_MS, Vec::new(), vec![area]);
    answer.scopes[0].scope = commune;
    phone.sync();
    phone.answer(answer);
    let fields = BTreeMap::from([("name".to_owned(), Value::text("Tổ 6"))]);
    phone.write(vec![Change::Describe { id: AREA, kind: Kind::Area, scope: commune, fields }]);
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &rejected(Rejection::Forbidden)), Vec::new()));
    assert_eq!(phone.replica.status().refused, 1);

    phone.sync();
    let mut answer = reply(NOON_MS, Vec::new(), Vec::new());
    answer.epoch = "e2".to_owned();
    answer.scopes[0].scope = commune;
    phone.answer(answer);
    assert_eq!(phone.replica.status().refused, 1);
}
