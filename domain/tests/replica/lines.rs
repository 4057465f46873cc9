//! Something between phone and server, or the server itself, refuses a request.

use std::collections::BTreeMap;

use domain::DocId;
use domain::protocol::{SyncRequest, Verdict};
use domain::replica::{Event, SendError};

use super::phone::{NOON_MS, Phone, all, pushed, reply};

const RECORDS: std::ops::Range<u128> = 0x100..0x128;
const POISON: DocId = DocId::from_u128(0x100);

/// A phone with 40 records, and how its requests fare.
struct Line {
    phone: Phone,
    requests: u32,
    pulls: u32,
    poisoned: u32,
}

impl Line {
    fn new() -> Self {
        let mut phone = Phone::new();
        phone.greet(NOON_MS);
        for id in RECORDS {
            phone.record(id, BTreeMap::new());
        }
        Self { phone, requests: 0, pulls: 0, poisoned: 0 }
    }

    /// Waits `ms`, and answers what is sent then; `fate` says which requests fail.
    fn step(&mut self, ms: u64, fate: impl Fn(&SyncRequest) -> Option<SendError>) {
        self.phone.pass(ms);
        self.phone.entropy = self.phone.now.mono_ms.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
        self.phone.handle(Event::Tick);
        while let Some((_, request)) = self.phone.sent.clone() {
            self.requests += 1;
            self.pulls += u32::from(request.push.is_empty());
            self.poisoned += u32::from(has_poison(&request));
            if let Some(error) = fate(&request) {
                self.phone.fail(error);
            } else {
                let answer = reply(self.phone.now.wall_ms, all(&request, &Verdict::Ok), pushed(&request));
                self.phone.answer(answer);
            }
        }
    }
}

fn has_poison(request: &SyncRequest) -> bool {
    request.push.iter().any(|push| push.id == POISON)
}

#[test]
fn one_refused_document_stops_neither_the_others_nor_the_news() {
    // A filter's page, a reset, our own server failing at it: all the same.
    for error in [SendError::NoNetwork, SendError::Server] {
        let mut line = Line::new();
        let fate = |request: &SyncRequest| has_poison(request).then_some(error);
        while line.phone.replica.unsent_len() > 1 && line.requests < 100 {
            line.step(6 * 60_000, fate);
        }
        assert_eq!(line.phone.replica.unsent_len(), 1, "{error:?}");
        assert!(line.phone.mine(POISON).is_some());
        assert!(line.requests <= 20, "{error:?}: {} requests", line.requests);

        // Two days later news have come all the time, new records went out, and the line was not wasted on one document.
        let (requests, pulls, poisoned) = (line.requests, line.pulls, line.poisoned);
        for minute in 0..2_880_u32 {
            if minute % 720 == 0 {
                line.phone.record(0x500 + u128::from(minute), BTreeMap::new());
            }
            line.step(60_000, fate);
        }
        assert_eq!(line.phone.replica.unsent_len(), 1, "{error:?}");
        assert!(line.pulls - pulls > 1_000, "{error:?}: {} of {}", line.pulls - pulls, line.requests - requests);
        assert!(line.poisoned - poisoned < 24, "{error:?}: {} times the same", line.poisoned - poisoned);
        assert!(!line.phone.replica.status().is_offline);
    }
}

#[test]
fn what_was_set_apart_goes_out_once_nothing_refuses_it() {
    let mut line = Line::new();
    for _ in 0..200 {
        line.step(6 * 60_000, |request| has_poison(request).then_some(SendError::NoNetwork));
    }
    let requests = line.requests;
    for _ in 0..50 {
        line.step(6 * 60_000, |_| None);
    }
    assert_eq!(line.phone.replica.unsent_len(), 0, "within five hours");
    assert!(line.requests > requests);
}

#[test]
fn a_line_without_network_sets_nothing_apart() {
    let mut line = Line::new();
    for _ in 0..100 {
        line.step(6 * 60_000, |_| Some(SendError::NoNetwork));
    }
    assert!(line.phone.replica.status().is_offline);
    let (before, pulls) = (line.requests, line.pulls);
    while line.phone.replica.unsent_len() > 0 && line.requests < before + 10 {
        line.step(6 * 60_000, |_| None);
    }
    assert!(line.requests - before <= 2, "{} requests, {} of them empty", line.requests - before, line.pulls - pulls);
}

#[test]
fn a_server_that_takes_nothing_for_a_while_blames_no_document_and_is_not_pressed() {
    let mut line = Line::new();
    let is_full = |request: &SyncRequest| (!request.push.is_empty()).then_some(SendError::Busy);
    for _ in 0..3_600 {
        line.step(1_000, is_full);
    }
    assert!(line.requests < 60, "{} requests in an hour", line.requests);
    let mut pushes = 0;
    while line.phone.replica.unsent_len() > 0 && pushes < 10 {
        line.step(6 * 60_000, |_| None);
        pushes += 1;
    }
    assert!(pushes <= 2, "all of it together");
}

#[test]
fn a_push_that_always_fails_leaves_the_news_alone_and_the_line_free() {
    let mut line = Line::new();
    let fate = |request: &SyncRequest| (!request.push.is_empty()).then_some(SendError::NoNetwork);
    for _ in 0..7_200 {
        line.step(1_000, fate);
    }
    assert!(line.requests < 150, "{} requests in two hours", line.requests);
    assert!(line.pulls * 2 >= line.requests);
}
