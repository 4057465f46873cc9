//! What goes to the server and comes from it.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::protocol::{ScopeContent, Verdict};
use domain::replica::{Change, Effect, Event, SendError, StoreError};
use domain::{DocId, Kind};

use super::phone::{AREA, DAY_MS, HOUSEHOLD, NOON_MS, Phone, all, by_a_colleague, page, pushed, reply};

#[test]
fn the_first_request_brings_nothing_and_the_second_brings_all() {
    let mut phone = Phone::new();
    phone.describe("note", "Có chó dữ");
    assert!(phone.sync().push.is_empty());
    phone.answer(reply(NOON_MS, Vec::new(), Vec::new()));
    assert_eq!(phone.sent.as_ref().expect("the push follows at once").1.push.len(), 1);
}

#[test]
fn an_edit_made_while_its_document_is_under_way_stays_unsent() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.describe("note", "cũ");
    let request = phone.sync();
    phone.describe("note", "mới");
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    assert_eq!(phone.mine(HOUSEHOLD).and_then(|doc| doc.text("note")), Some("mới"));
    assert_eq!(phone.replica.unsent_len(), 1);
    let request = phone.sync();
    assert_eq!(pushed(&request)[0].text("note"), Some("mới"));
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    assert_eq!(phone.replica.unsent_len(), 0);
    assert_eq!(phone.base(HOUSEHOLD).and_then(|doc| doc.text("note")), Some("mới"));
}

#[test]
fn what_arrives_is_merged_with_what_is_unsent() {
    let mut phone = Phone::new();
    phone.describe("note", "của tôi");
    let hers = by_a_colleague("phone", "0912000000", NOON_MS);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![hers]));
    let shown = phone.replica.document(HOUSEHOLD).expect("shown");
    assert_eq!((shown.text("note"), shown.text("phone")), (Some("của tôi"), Some("0912000000")));
    let sent = pushed(&phone.sent.as_ref().expect("the push").1);
    assert_eq!((sent[0].text("note"), sent[0].text("phone")), (Some("của tôi"), None), "only what the server lacks");
}

#[test]
fn an_answer_to_a_request_of_before_joining_says_nothing_of_the_phone_as_it_is_now() {
    let mut phone = Phone::new();
    phone.sync();
    let (before, _) = phone.sent.take().expect("a request");
    phone.handle(Event::Joined(phone.replica.meta().enrolment.clone().expect("a member's phone")));
    phone.handle(Event::Reply { request: before, outcome: Err(SendError::DeviceUnknown) });
    assert!(!phone.replica.status().is_device_unknown);
    assert!(phone.sent.is_some(), "a request as the new device");
}

#[test]
fn a_request_without_an_answer_frees_the_line() {
    let mut phone = Phone::new();
    phone.sync();
    let (lost, _) = phone.sent.take().expect("a request");
    let wakes = phone.effects.iter().filter_map(|effect| match effect {
        Effect::Wake { at_mono_ms } => Some(*at_mono_ms),
        _ => None,
    });
    let wake = wakes.max().expect("a wake for the end of patience");
    phone.pass(wake);
    phone.handle(Event::Tick);
    assert!(phone.replica.status().is_offline && !phone.replica.status().is_sending);
    assert!(phone.sync().push.is_empty());
    // The lost answer comes after all: it belongs to nothing.
    phone.handle(Event::Reply { request: lost, outcome: Ok(Box::new(reply(NOON_MS, Vec::new(), Vec::new()))) });
    assert!(phone.replica.status().is_sending);
}

#[test]
fn after_a_day_without_network_the_unsent_need_few_requests() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    for id in 0x100..0x128 {
        phone.record(id, BTreeMap::new());
    }
    for _ in 0..50 {
        phone.sync();
        phone.fail(SendError::NoNetwork);
    }
    let mut requests = 0;
    phone.handle(Event::SyncNow);
    while let Some((_, request)) = phone.sent.clone() {
        requests += 1;
        phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    }
    assert_eq!(phone.replica.unsent_len(), 0);
    assert!(requests <= 3, "{requests} requests");
}

#[test]
fn one_document_that_the_server_cannot_take_does_not_block_the_others() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    for id in 0x100..0x128 {
        phone.record(id, BTreeMap::new());
    }
    let poison = DocId::from_u128(0x105);
    for _ in 0..40 {
        phone.handle(Event::SyncNow);
        let (_, request) = phone.sent.clone().expect("a request");
        if request.push.iter().any(|push| push.id == poison) {
            phone.fail(SendError::Server);
        } else {
            phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
        }
    }
    assert_eq!(phone.replica.unsent_len(), 1, "only the poisonous one is left");
    assert!(phone.mine(poison).is_some());
}

#[test]
fn a_full_disk_says_so_and_loses_nothing_that_was_there() {
    let mut phone = Phone::new();
    phone.describe("note", "một");
    let fields = BTreeMap::from([("note".to_owned(), "hai".into())]);
    let change = Change::Describe { id: HOUSEHOLD, kind: Kind::Household, scope: AREA, fields };
    phone.replica.handle(Event::Write { ticket: 99, changes: vec![change] }, phone.now, 0);
    phone.handle(Event::Persisted(Err(StoreError::Full)));
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::NotSaved(99, StoreError::Full))));
    assert_eq!(phone.replica.document(HOUSEHOLD).and_then(|doc| doc.text("note")), Some("một"));
}

#[test]
fn a_difference_is_downloaded_anew_and_then_offered() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let wrong = Digest::of(&[by_a_colleague("head", "ai khác", 1)]);
    let answer = || {
        let mut answer = reply(NOON_MS, Vec::new(), vec![by_a_colleague("head", "Vàng A Pao", NOON_MS)]);
        if let ScopeContent::Page(page) = &mut answer.scopes[0].content {
            page.digest = Some(wrong);
        }
        answer
    };
    phone.sync();
    phone.answer(answer());
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::Diverged { scope } if *scope == AREA)));
    let (_, second) = phone.sent.clone().expect("asks at once");
    assert_eq!(second.cursors[0].cursor, None);
    phone.answer(answer());
    let (_, third) = phone.sent.clone().expect("asks once more");
    assert_eq!(
        (third.cursors[0].cursor.as_ref(), third.push.len()),
        (None, 0),
        "and looks first at what the server has"
    );
    phone.answer(answer());
    assert!(phone.sent.is_none(), "and then rests: the server has all of it");
    assert_eq!(phone.replica.status().offers, 0);
}

#[test]
fn what_the_server_turns_out_to_lack_is_offered() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let hers = by_a_colleague("head", "Vàng A Pao", NOON_MS);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![hers.clone()]));
    // The server has lost it, without a word.
    let empty = || {
        let mut answer = reply(NOON_MS, Vec::new(), Vec::new());
        page(&mut answer).digest = Some(Digest::default());
        answer
    };
    phone.sync();
    phone.answer(empty());
    phone.answer(empty());
    phone.answer(empty());
    let (_, request) = phone.sent.clone().expect("offers");
    assert_eq!(pushed(&request), std::slice::from_ref(&hers));
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), vec![hers.clone()]));
    assert_eq!((phone.base(HOUSEHOLD), phone.replica.status().offers), (Some(&hers), 0));
}

/// A disagreement that cannot be mended is no loop, but it is told to the office and looked at once a day.
#[test]
fn a_difference_that_stays_is_told_and_looked_at_once_a_day() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let wrong = Digest::of(&[by_a_colleague("head", "ai khác", 1)]);
    let (mut anew, mut told) = (Vec::new(), 0);
    for round in 0..3_000_u64 {
        phone.pass(70_000);
        let request = phone.sync();
        let mut next = Some(request);
        while let Some(request) = next {
            if round > 0 && request.cursors[0].cursor.is_none() {
                anew.push(phone.now.mono_ms / DAY_MS);
            }
            told = request.phone.diverged;
            let mut answer = reply(phone.now.wall_ms, Vec::new(), Vec::new());
            page(&mut answer).digest = Some(wrong);
            phone.answer(answer);
            next = phone.sent.clone().map(|(_, request)| request);
        }
    }
    assert_eq!(anew, [1, 2], "once a day");
    assert_eq!(told, 1);
}
