//! The office's clock is wrong, or its answer is old.

use std::collections::BTreeMap;

use domain::protocol::{PushResult, Rejection, SyncRequest, Verdict};
use domain::replica::Event;
use domain::{Day, DocId, Document, Value};

use super::phone::{DAY_MS, HOUSEHOLD, NOON_MS, Phone, all, by_a_colleague, pushed, rejected, reply};

const YEAR_MS: u64 = 365 * DAY_MS;
const MS_2015: u64 = 1_420_070_400_000;
const HOUR_MS: u64 = 3_600_000;
const RECORD: DocId = DocId::from_u128(0x20);

fn today(phone: &Phone) -> String {
    Day::at_ms(phone.replica.corrected_ms(phone.now.wall_ms)).to_string()
}

fn record_today(phone: &mut Phone, id: u128) {
    let day = Value::text(today(phone));
    phone.record(id, BTreeMap::from([("day".to_owned(), day)]));
}

/// As the server judges stamps by its own clock.
fn judged(request: &SyncRequest, server_ms: u64) -> Vec<PushResult> {
    let is_ahead = |doc: &Document| doc.stamps().iter().any(|stamp| stamp.ms > server_ms + 120_000);
    let verdict = |doc: &Document| if is_ahead(doc) { rejected(Rejection::ClockAhead) } else { Verdict::Ok };
    let pushes = request.push.iter().zip(pushed(request));
    pushes.map(|(push, doc)| PushResult { id: push.id, rev: push.rev, verdict: verdict(&doc) }).collect()
}

/// A phone that has synced yesterday and is opened anew.
fn next_morning() -> Phone {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    record_today(&mut phone, 0x1f);
    let request = phone.sync();
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    phone.restart();
    phone.pass(DAY_MS);
    phone
}

/// One session with a server whose clock is off; then it is set right.
fn every_day_stays(wrong: impl Fn(u64) -> u64) {
    let mut phone = next_morning();
    record_today(&mut phone, 0x20);
    let written = phone.mine(RECORD).cloned().expect("unsent");
    assert_eq!(written.text("day"), Some("2026-05-07"));
    phone.greet(wrong(phone.now.wall_ms));
    assert_eq!(phone.mine(RECORD), Some(&written), "neither day nor stamp has changed");
    let doubt = phone.replica.status().clock_doubt_ms.expect("told");
    assert_eq!(doubt, wrong(phone.now.wall_ms).cast_signed() - phone.now.wall_ms.cast_signed());
    assert_eq!(phone.replica.meta().offset_ms, 0);
    for _ in 0..5 {
        phone.pass(HOUR_MS);
        let request = phone.sync();
        let server_ms = wrong(phone.now.wall_ms);
        let results = judged(&request, server_ms);
        let taken = request.push.iter().zip(pushed(&request)).zip(&results);
        let taken = taken.filter(|(_, result)| result.verdict == Verdict::Ok).map(|((_, doc), _)| doc).collect();
        phone.answer(reply(server_ms, results, taken));
        assert_eq!(today(&phone), "2026-05-07", "the phone goes on by its own clock");
        assert_eq!(phone.replica.document(RECORD), Some(&written));
    }
    assert_eq!(phone.replica.status().refused, 0);
    record_today(&mut phone, 0x21);

    // The office sets its clock right; this phone may not even be opened anew.
    for _ in 0..4 {
        phone.pass(30_000);
        let request = phone.sync();
        phone.answer(reply(phone.now.wall_ms, judged(&request, phone.now.wall_ms), pushed(&request)));
    }
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().clock_doubt_ms), (0, None));
    for id in [0x20, 0x21] {
        assert_eq!(phone.base(DocId::from_u128(id)).and_then(|doc| doc.text("day")), Some("2026-05-07"));
    }
}

#[test]
fn an_office_that_starts_in_2015_moves_no_day() {
    every_day_stays(|now_ms| MS_2015 + now_ms - NOON_MS);
}

#[test]
fn an_office_that_is_a_year_ahead_moves_no_day() {
    every_day_stays(|now_ms| now_ms + YEAR_MS);
}

#[test]
fn an_office_that_is_four_days_off_moves_no_day() {
    every_day_stays(|now_ms| now_ms + 4 * DAY_MS);
    every_day_stays(|now_ms| now_ms - 4 * DAY_MS);
}

#[test]
fn an_office_that_was_wrong_by_as_much_as_is_believed_is_believed_again_when_it_is_right() {
    let mut phone = next_morning();
    phone.greet(phone.now.wall_ms + 3 * DAY_MS);
    assert!(phone.replica.meta().offset_ms > 2 * DAY_MS.cast_signed(), "by three days either may be right");
    phone.pass(HOUR_MS);
    phone.restart();
    // A little more than three days from there.
    phone.greet(phone.now.wall_ms - 5_000);
    assert_eq!(phone.replica.status().clock_doubt_ms, None);
    assert_eq!(today(&phone), "2026-05-07");
}

#[test]
fn an_office_that_is_behind_what_it_said_itself_moves_no_day_however_near_it_is() {
    every_day_stays(|now_ms| now_ms - 3 * DAY_MS);
    every_day_stays(|now_ms| now_ms - 5 * DAY_MS / 2);
}

#[test]
fn a_phone_whose_own_clock_is_years_off_is_mended_by_what_the_documents_say() {
    for off_ms in [-i64::MAX, -400 * DAY_MS.cast_signed(), 400 * DAY_MS.cast_signed()] {
        let mut phone = Phone::new();
        // The first start ever, before anything was heard of the office.
        phone.now.wall_ms = NOON_MS.saturating_add_signed(off_ms).max(5_000);
        record_today(&mut phone, 0x20);
        phone.sync();
        phone.answer(reply(NOON_MS, Vec::new(), vec![by_a_colleague("head", "Vàng A Pao", NOON_MS - HOUR_MS)]));
        let doc = phone.mine(RECORD).expect("unsent");
        assert_eq!(doc.text("day"), Some("2026-05-06"), "off by {off_ms}");
        assert!(doc.newest_stamp().is_some_and(|stamp| stamp.ms.abs_diff(NOON_MS) < 1_000));
        assert_eq!((today(&phone).as_str(), phone.replica.status().clock_doubt_ms), ("2026-05-06", None));
    }
}

#[test]
fn a_record_waits_with_its_own_day_while_the_office_is_not_believed() {
    let mut phone = next_morning();
    record_today(&mut phone, 0x20);
    let written = phone.mine(RECORD).cloned().expect("unsent");
    let mut pushes = 0;
    for minute in 0..60 {
        phone.pass(60_000);
        phone.handle(Event::Tick);
        while let Some((_, request)) = phone.sent.clone() {
            pushes += u32::from(!request.push.is_empty());
            let server_ms = MS_2015 + minute * 60_000;
            phone.answer(reply(server_ms, judged(&request, server_ms), Vec::new()));
        }
    }
    assert!((1..10).contains(&pushes), "with patience: {pushes} times in an hour");
    assert_eq!((phone.mine(RECORD), phone.replica.status().refused), (Some(&written), 0));
}

/// The phone's clock is set forward and back, and between a record is made: now both clocks say that it was a mistake.
#[test]
fn a_record_from_a_day_that_both_clocks_call_the_future_is_brought_back() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.now.wall_ms += 10 * DAY_MS;
    record_today(&mut phone, 0x20);
    phone.now.wall_ms -= 10 * DAY_MS;
    phone.greet(NOON_MS);
    let request = phone.sync();
    phone.answer(reply(NOON_MS, judged(&request, NOON_MS), Vec::new()));
    let (_, request) = phone.sent.clone().expect("sent again at once");
    assert_eq!(pushed(&request)[0].text("day"), Some("2026-05-06"));
    phone.answer(reply(NOON_MS, judged(&request, NOON_MS), pushed(&request)));
    assert_eq!((phone.replica.unsent_len(), today(&phone).as_str()), (0, "2026-05-06"));
}

/// The office was a year ahead once, and a colleague's edit of that day bears its stamp.
#[test]
fn a_field_stamped_in_the_far_future_can_be_answered_and_spoils_nothing_else() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![by_a_colleague("note", "cũ", NOON_MS + YEAR_MS)]));
    assert_eq!(today(&phone), "2026-05-06", "the phone's clock did not follow");
    phone.describe("note", "mới");
    phone.describe("house_no", "12/3");
    let shown = |phone: &Phone| phone.replica.document(HOUSEHOLD).and_then(|doc| doc.text("note")).map(str::to_owned);
    assert_eq!(shown(&phone).as_deref(), Some("mới"), "the person's word stands on the screen");
    let request = phone.sync();
    let sent = pushed(&request);
    assert!(sent[0].stamps().iter().any(|stamp| stamp.ms.abs_diff(NOON_MS) < 10_000), "the other field is of today");

    // A server that takes it for what it is, at once.
    let mut lucky = Phone { replica: domain::replica::Replica::open(phone.snapshot()), ..Phone::new() };
    (lucky.meta, lucky.disk, lucky.now) = (phone.meta.clone(), phone.disk.clone(), phone.now);
    lucky.greet(NOON_MS);
    let again = lucky.sync();
    lucky.answer(reply(NOON_MS, all(&again, &Verdict::Ok), Vec::new()));
    assert_eq!((shown(&lucky).as_deref(), lucky.replica.unsent_len()), (Some("mới"), 0));

    // One that knows only its clock: the edit waits on the phone, in no tray, until then.
    phone.answer(reply(NOON_MS, judged(&request, NOON_MS), Vec::new()));
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().refused), (1, 0));
    assert_eq!(shown(&phone).as_deref(), Some("mới"));
    phone.pass(YEAR_MS);
    phone.restart();
    phone.greet(phone.now.wall_ms);
    let request = phone.sync();
    phone.answer(reply(phone.now.wall_ms, judged(&request, phone.now.wall_ms), pushed(&request)));
    assert_eq!((shown(&phone).as_deref(), phone.replica.unsent_len()), (Some("mới"), 0));
}

/// The phone sleeps while its hello is under way: the answer of the evening is read in the morning.
#[test]
fn a_hello_that_is_answered_over_night_teaches_nothing() {
    // The running clock stands still in sleep, or it goes on while the page is frozen.
    for slept_by_running_clock in [2_000, 9 * HOUR_MS] {
        let mut phone = Phone::new();
        phone.now.wall_ms = NOON_MS + 11 * HOUR_MS;
        phone.sync();
        let asked = phone.now.wall_ms;
        phone.now.wall_ms += 9 * HOUR_MS;
        phone.now.mono_ms += slept_by_running_clock;
        phone.answer(reply(asked + 300, Vec::new(), Vec::new()));
        phone.pass(5_000);
        record_today(&mut phone, 0x20);
        assert!(phone.sync().push.is_empty(), "asks again before anything leaves");
        phone.answer(reply(phone.now.wall_ms, Vec::new(), Vec::new()));
        let request = phone.sync();
        assert_eq!(pushed(&request)[0].text("day"), Some("2026-05-07"), "the true day");
        assert_eq!(phone.replica.meta().offset_ms, 0);
    }
}

#[test]
fn on_a_line_that_is_always_slow_the_third_hello_is_taken_for_what_it_is_worth() {
    for (off_ms, learnt_ms) in [(0, 0), (8_000, 0), (10 * 60_000, 10 * 60_000)] {
        let mut phone = Phone::new();
        phone.describe("note", "máy ở bản xa");
        let mut hellos = 0;
        loop {
            let request = phone.sync();
            if !request.push.is_empty() {
                break;
            }
            hellos += 1;
            assert!(hellos <= 3, "never for ever");
            phone.pass(40_000);
            // Given in the middle of the trip.
            phone.answer(reply(phone.now.wall_ms - 20_000 + off_ms, Vec::new(), Vec::new()));
        }
        assert_eq!(hellos, 3);
        assert_eq!(phone.replica.meta().offset_ms, i64::from(learnt_ms));
    }
}

#[test]
fn a_clock_set_while_a_hello_is_under_way_is_asked_for_again() {
    let mut phone = Phone::new();
    phone.sync();
    phone.now.wall_ms += 20 * 60_000;
    phone.now.mono_ms += 400;
    phone.answer(reply(NOON_MS, Vec::new(), Vec::new()));
    phone.describe("note", "chưa gửi");
    assert!(phone.sync().push.is_empty());
    phone.answer(reply(NOON_MS, Vec::new(), Vec::new()));
    assert_eq!(phone.replica.meta().offset_ms, -20 * 60_000);
}
