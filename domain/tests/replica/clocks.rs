//! Phones whose clock is wrong.

use std::collections::BTreeMap;

use domain::protocol::{Rejection, Verdict};
use domain::replica::Event;
use domain::{Day, DocId, Document, Value};

use super::phone::{DAY_MS, HOUSEHOLD, NOON_MS, Phone, all, pushed, rejected, reply};

#[test]
fn a_wrong_clock_moves_only_what_was_written_before_it_was_known() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let today = Value::text(Day::at_ms(NOON_MS).to_string());
    phone.record(0x20, BTreeMap::from([("day".to_owned(), today.clone())]));
    let known = phone.mine(DocId::from_u128(0x20)).cloned();

    // The app is closed, somebody sets the clock, the app writes before it can ask.
    phone.restart();
    phone.now.wall_ms += 400 * DAY_MS;
    let wrong = Value::text(Day::at_ms(phone.now.wall_ms).to_string());
    phone.record(0x21, BTreeMap::from([("day".to_owned(), wrong)]));
    phone.record(0x22, BTreeMap::from([("day".to_owned(), Value::text("2026-05-01"))]));
    phone.greet(NOON_MS);

    assert_eq!(phone.mine(DocId::from_u128(0x20)).cloned(), known, "made under a known clock");
    let doc = phone.mine(DocId::from_u128(0x21)).expect("unsent");
    assert!(doc.newest_stamp().is_some_and(|stamp| stamp.ms.abs_diff(NOON_MS) < 1_000));
    assert_eq!(doc.value("day"), Some(&today), "its day was as wrong as the clock");
    let chosen = phone.mine(DocId::from_u128(0x22)).expect("unsent");
    assert_eq!(chosen.text("day"), Some("2026-05-01"), "a day that was chosen stays");
    assert_eq!(phone.replica.status().clock_error_ms, Some(400 * DAY_MS.cast_signed()));
}

#[test]
fn a_clock_that_starts_in_1970_does_not_write_days_of_1970() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.describe("note", "trước khi tháo pin");
    phone.restart();
    phone.now.wall_ms = 5_000;
    let day = Day::at_ms(phone.replica.corrected_ms(phone.now.wall_ms));
    assert_eq!(day, Day::at_ms(NOON_MS));
    phone.record(0x20, BTreeMap::from([("day".to_owned(), Value::text(day.to_string()))]));
    phone.greet(NOON_MS + DAY_MS);
    let doc = phone.mine(DocId::from_u128(0x20)).expect("unsent");
    assert!(doc.newest_stamp().is_some_and(|stamp| stamp.ms <= NOON_MS + DAY_MS), "never ahead of the server");
}

#[test]
fn a_clock_set_while_the_app_is_open_is_asked_for_again() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.describe("note", "đúng giờ");
    let request = phone.sync();
    phone.now.wall_ms += 400 * DAY_MS;
    phone.handle(Event::Tick);
    // This answer belongs to a request from before: it says nothing of the new clock.
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    phone.describe("note", "sai giờ");
    assert!(phone.sync().push.is_empty(), "a new hello");
    phone.answer(reply(NOON_MS, Vec::new(), Vec::new()));
    let stamp = phone.mine(HOUSEHOLD).and_then(Document::newest_stamp).expect("a stamp");
    assert!(stamp.ms.abs_diff(NOON_MS) < 1_000);
}

#[test]
fn a_stamp_that_the_server_refuses_is_mended_and_sent_again() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.pass(10 * 60_000);
    phone.describe("note", "máy chạy nhanh");
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &rejected(Rejection::ClockAhead)), Vec::new()));
    let (_, again) = phone.sent.clone().expect("sent again at once");
    assert!(again.push[0].rev > request.push[0].rev);
    assert!(pushed(&again)[0].stamps().iter().all(|stamp| stamp.ms <= NOON_MS));
    assert_eq!(phone.replica.status().refused, 0);
}
