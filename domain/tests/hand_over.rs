//! Work that leaves the phone in a capsule: what the replica promises about it.

use std::collections::BTreeMap;

use domain::capsule::{CourierSecret, Portion, SecretKey};
use domain::people::Role;
use domain::protocol::{
    PushResult, Rejection, RevokeReason, ScopeContent, ScopeReply, SyncReply, SyncRequest, Verdict,
};
use domain::replica::{Change, Effect, Enrolment, Event, Meta, Now, Replica, Snapshot, StoreError};
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};

const AREA: DocId = DocId::from_u128(0xa1);
const NOON_MS: u64 = 1_778_043_600_000;
const HOUR_MS: u64 = 3_600_000;
const YEAR_MS: u64 = 365 * 24 * HOUR_MS;
const SECRET: CourierSecret = CourierSecret::from_bytes([5; 32]);

/// A replica on a disk that takes everything, with what it asked for last.
struct Phone {
    replica: Replica,
    rows: BTreeMap<DocId, domain::replica::Row>,
    meta: Meta,
    now: Now,
    sent: Option<(u64, SyncRequest)>,
    effects: Vec<Effect>,
    disk_is_full: bool,
}

impl Phone {
    fn new(wall_ms: u64) -> Self {
        let mut meta = Meta::new(InstallId(7));
        meta.enrolment = Some(enrolment(0x77));
        let replica = Replica::open(Snapshot { meta: meta.clone(), rows: Vec::new() });
        let (now, rows) = (Now { wall_ms, mono_ms: 0 }, BTreeMap::new());
        let mut phone = Self { replica, rows, meta, now, sent: None, effects: Vec::new(), disk_is_full: false };
        phone.handle(Event::Equip(SECRET));
        phone.sent = None;
        phone
    }

    fn handle(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.replica.handle(event, self.now, 0) {
                match effect {
                    Effect::Persist(_) if self.disk_is_full => {
                        events.push(Event::Persisted(Err(StoreError::Full)));
                    }
                    Effect::Persist(batch) => {
                        self.meta = batch.meta;
                        for (id, row) in batch.rows {
                            self.rows.remove(&id);
                            self.rows.extend(row.map(|row| (id, row)));
                        }
                        events.push(Event::Persisted(Ok(())));
                    }
                    Effect::Send { request, body, .. } => self.sent = Some((request, *body)),
                    effect => self.effects.push(effect),
                }
            }
        }
    }

    fn restart(&mut self) {
        let rows = self.rows.clone().into_iter().collect();
        self.replica = Replica::open(Snapshot { meta: self.meta.clone(), rows });
        self.sent = None;
    }

    fn record(&mut self, id: u128) {
        let fields = BTreeMap::from([("note".to_owned(), Value::text("x"))]);
        let change = Change::Record { id: DocId::from_u128(id), kind: Kind::Visit, scope: AREA, fields };
        self.handle(Event::Write { ticket: 1, changes: vec![change] });
    }

    fn hand_over(&mut self, portion: Portion) -> Vec<domain::capsule::Content> {
        self.effects.clear();
        self.handle(Event::HandOver { ticket: 9, portion });
        let given = self.effects.drain(..).find_map(|effect| match effect {
            Effect::HandedOver { ticket: 9, contents } => Some(contents),
            _ => None,
        });
        given.expect("an answer")
    }

    fn sync(&mut self) -> SyncRequest {
        self.handle(Event::SyncNow);
        self.sent.clone().expect("a request").1
    }

    fn answer(&mut self, server_ms: u64, results: Vec<PushResult>, scopes: Vec<ScopeReply>) {
        let key = SecretKey::from_bytes([1; 32]).public_key();
        let (request, body) = self.sent.take().expect("a request");
        let reply = SyncReply {
            protocol: 1,
            epoch: "e1".to_owned(),
            server_ms,
            results,
            scopes,
            credited_elsewhere: None,
            capsule_key: body.courier.map(|_| key),
            min_schema: 0,
        };
        self.handle(Event::Reply { request, outcome: Ok(Box::new(reply)) });
    }

    fn greet(&mut self, server_ms: u64) -> SyncRequest {
        let request = self.sync();
        assert!(request.push.is_empty(), "the first request only greets");
        self.answer(server_ms, Vec::new(), Vec::new());
        request
    }
}

fn enrolment(member: u128) -> Enrolment {
    Enrolment {
        member: DocId::from_u128(member),
        commune: DocId::from_u128(0xc),
        role: Role::Member,
        name: "Lò Thị Ban".to_owned(),
        commune_name: "Xã Mường Thử".to_owned(),
    }
}

fn stamps(push: &[domain::protocol::Push]) -> Vec<Stamp> {
    let read = |push: &domain::protocol::Push| serde_json::from_str::<Document>(push.doc.get()).expect("a document");
    push.iter().flat_map(|push| read(push).stamps()).collect()
}

fn all(request: &SyncRequest, verdict: &Verdict) -> Vec<PushResult> {
    request.push.iter().map(|push| PushResult { id: push.id, rev: push.rev, verdict: verdict.clone() }).collect()
}

const AHEAD: Verdict = Verdict::Rejected { code: Rejection::ClockAhead };

#[test]
fn the_hello_tells_the_courier_and_learns_the_key_and_later_requests_say_nothing() {
    let mut phone = Phone::new(NOON_MS);
    assert_eq!(phone.greet(NOON_MS).courier.map(|note| note.hash), Some(SECRET.hash()));
    assert!(phone.meta.capsule_key.is_some());
    phone.record(1);
    assert_eq!(phone.sync().courier, None);
    phone.restart();
    assert_eq!(phone.greet(NOON_MS).courier.map(|note| note.hash), Some(SECRET.hash()), "each opening says it again");
}

#[test]
fn a_phone_keeps_its_first_secret_until_it_becomes_somebody_elses() {
    let mut phone = Phone::new(NOON_MS);
    phone.handle(Event::Equip(CourierSecret::from_bytes([6; 32])));
    phone.handle(Event::Joined(enrolment(0x77)));
    assert_eq!(phone.meta.courier.map(|courier| courier.secret), Some(SECRET));
    phone.handle(Event::Joined(enrolment(0x78)));
    assert_eq!(phone.meta.courier, None);
}

#[test]
fn what_is_unsent_leaves_in_pieces_that_hold_all_of_it_and_stays_unsent() {
    let mut phone = Phone::new(NOON_MS);
    (1..=7).for_each(|id| phone.record(id));
    let pieces = phone.hand_over(Portion { documents: 3, ..Portion::FILE });
    assert_eq!(pieces.iter().map(|piece| piece.push.len()).collect::<Vec<_>>(), [3, 3, 1]);
    let small = phone.hand_over(Portion { bytes: 10, ..Portion::FILE });
    assert_eq!(small.len(), 7, "a document larger than the portion travels alone");
    assert_eq!(phone.replica.status().unsent, 7);
}

#[test]
fn what_could_not_be_noted_as_sent_does_not_leave() {
    let mut phone = Phone::new(NOON_MS);
    phone.record(1);
    phone.effects.clear();
    phone.disk_is_full = true;
    phone.handle(Event::HandOver { ticket: 9, portion: Portion::FILE });
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::NotSaved(9, StoreError::Full))));
    assert!(!phone.effects.iter().any(|effect| matches!(effect, Effect::HandedOver { .. })));
}

#[test]
fn what_left_under_a_wrong_clock_keeps_its_stamp_and_what_came_after_is_mended() {
    let mut phone = Phone::new(NOON_MS - YEAR_MS);
    phone.record(1);
    let left = stamps(&phone.hand_over(Portion::FILE)[0].push);
    phone.record(2);
    phone.restart();
    phone.greet(NOON_MS);
    let request = phone.sync();
    let pushed = stamps(&request.push);
    assert_eq!(pushed[0], left[0]);
    assert!(pushed[1].ms >= NOON_MS - HOUR_MS, "written after the capsule had left: {}", pushed[1]);
}

#[test]
fn what_the_service_worker_has_sent_keeps_its_stamp_too() {
    let mut phone = Phone::new(NOON_MS - YEAR_MS);
    phone.record(1);
    let newest = phone.meta.clock.last();
    phone.restart();
    phone.handle(Event::Left { newest });
    phone.sent = None;
    phone.greet(NOON_MS);
    assert_eq!(stamps(&phone.sync().push), [newest]);
}

#[test]
fn what_left_with_stamps_from_the_future_is_void_before_it_is_stamped_anew() {
    let mut phone = Phone::new(NOON_MS + HOUR_MS);
    phone.record(1);
    let left = stamps(&phone.hand_over(Portion::FILE)[0].push);
    phone.greet(NOON_MS);
    let request = phone.sync();
    assert_eq!(stamps(&request.push), left, "not touched before the server has heard");
    let note = request.courier.expect("the new courier");
    assert_eq!(note.void, Some(SECRET.hash()));
    phone.answer(NOON_MS, all(&request, &AHEAD), Vec::new());
    let request = phone.sync();
    assert!(stamps(&request.push)[0].ms <= NOON_MS);
    assert_eq!(request.courier, None, "told once is enough");
    phone.answer(NOON_MS, all(&request, &Verdict::Ok), Vec::new());
    assert_eq!(phone.replica.status().unsent, 0);
}

#[test]
fn a_clock_that_is_set_ahead_later_voids_before_it_restamps() {
    let mut phone = Phone::new(NOON_MS);
    phone.greet(NOON_MS);
    phone.record(1);
    phone.hand_over(Portion::FILE);
    // The server's clock goes back an hour: no hello, the verdict itself tells.
    let request = phone.sync();
    let before = stamps(&request.push);
    phone.answer(NOON_MS - HOUR_MS, all(&request, &AHEAD), Vec::new());
    let request = phone.sync();
    assert_eq!(stamps(&request.push), before);
    assert_eq!(request.courier.and_then(|note| note.void), Some(SECRET.hash()));
    phone.answer(NOON_MS - HOUR_MS, all(&request, &AHEAD), Vec::new());
    assert!(stamps(&phone.sync().push)[0].ms <= NOON_MS - HOUR_MS);
}

#[test]
fn a_lost_phone_seals_what_was_unsent_or_refused_before_it_forgets() {
    let mut phone = Phone::new(NOON_MS);
    phone.greet(NOON_MS);
    phone.record(1);
    let request = phone.sync();
    phone.answer(NOON_MS, all(&request, &Verdict::Rejected { code: Rejection::Forbidden }), Vec::new());
    phone.record(2);
    phone.sync();
    let lost = ScopeContent::Revoked { revoked: RevokeReason::LostPhone };
    phone.answer(NOON_MS, Vec::new(), vec![ScopeReply { scope: AREA, content: lost }]);
    let unsent = phone.effects.iter().find_map(|effect| match effect {
        Effect::Wipe { unsent } => Some(unsent.clone()),
        _ => None,
    });
    let ids: Vec<DocId> = unsent.expect("wiped").iter().flat_map(|content| &content.push).map(|push| push.id).collect();
    assert_eq!(ids, [DocId::from_u128(2), DocId::from_u128(1)]);
}
