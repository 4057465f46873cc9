//! The phone's state machine, step by step: each test is one thing that went wrong somewhere before.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::merge::merge;
use domain::people::Role;
use domain::protocol::{
    Page, Pulled, PushResult, Rejection, RevokeReason, ScopeContent, ScopeReply, SyncReply, SyncRequest, Verdict,
};
use domain::replica::{Batch, Change, Effect, Enrolment, Event, Now, Replica, Row, SendError, Snapshot, StoreError};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

const AREA: DocId = DocId::from_u128(0xa1);
const HOUSEHOLD: DocId = DocId::from_u128(0x10);
const ME: DocId = DocId::from_u128(0x77);
/// Noon in Vietnam, 2026-05-06.
const NOON_MS: u64 = 1_778_043_600_000;
const DAY_MS: u64 = 86_400_000;
const INSTALL: InstallId = InstallId(0xfeed);

/// A replica with a disk that is always in step, and a server that answers as the test says.
struct Phone {
    replica: Replica,
    disk: BTreeMap<DocId, Row>,
    meta: domain::replica::Meta,
    now: Now,
    /// The request on its way.
    sent: Option<(u64, SyncRequest)>,
    effects: Vec<Effect>,
    tickets: u64,
}

impl Phone {
    fn new() -> Self {
        let mut meta = domain::replica::Meta::new(INSTALL);
        meta.enrolment = Some(Enrolment {
            member: ME,
            commune: DocId::from_u128(0xc),
            role: Role::Member,
            name: "Lò Thị Ban".to_owned(),
            commune_name: "Xã Mường Thử".to_owned(),
        });
        let snapshot = Snapshot { meta: meta.clone(), rows: Vec::new() };
        let now = Now { wall_ms: NOON_MS, mono_ms: 0 };
        let disk = BTreeMap::new();
        Self { replica: Replica::open(snapshot), disk, meta, now, sent: None, effects: Vec::new(), tickets: 0 }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { meta: self.meta.clone(), rows: self.disk.iter().map(|(id, row)| (*id, row.clone())).collect() }
    }

    /// Memory is gone, the disk stays.
    fn restart(&mut self) {
        self.replica = Replica::open(self.snapshot());
        self.now.mono_ms = 0;
        self.sent = None;
    }

    fn pass(&mut self, ms: u64) {
        self.now.wall_ms += ms;
        self.now.mono_ms += ms;
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if batch.meta.generation != self.meta.generation + 1 {
            return Err(StoreError::Outdated(Box::new(self.snapshot())));
        }
        self.meta = batch.meta.clone();
        for (id, row) in &batch.rows {
            match row {
                Some(row) => self.disk.insert(*id, row.clone()),
                None => self.disk.remove(id),
            };
        }
        Ok(())
    }

    /// Runs an event and all that follows from it on the phone itself.
    fn handle(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.replica.handle(event, self.now, 0) {
                match effect {
                    Effect::Persist(batch) => events.insert(0, Event::Persisted(self.commit(&batch))),
                    Effect::Send { request, body, .. } => self.sent = Some((request, *body)),
                    effect => self.effects.push(effect),
                }
            }
        }
    }

    fn write(&mut self, changes: Vec<Change>) {
        self.tickets += 1;
        self.handle(Event::Write { ticket: self.tickets, changes });
        assert!(
            self.effects.iter().any(|effect| matches!(effect, Effect::Saved(ticket) if *ticket == self.tickets)),
            "the write is saved"
        );
    }

    fn describe(&mut self, name: &str, value: &str) {
        let fields = BTreeMap::from([(name.to_owned(), Value::text(value))]);
        self.write(vec![Change::Describe { id: HOUSEHOLD, kind: Kind::Household, scope: AREA, fields }]);
    }

    fn record(&mut self, id: u128, fields: BTreeMap<String, Value>) {
        self.write(vec![Change::Record { id: DocId::from_u128(id), kind: Kind::Visit, scope: AREA, fields }]);
    }

    /// Asks for a sync and gives back what is sent.
    fn sync(&mut self) -> SyncRequest {
        self.handle(Event::SyncNow);
        self.sent.clone().expect("a request").1
    }

    fn answer(&mut self, reply: SyncReply) {
        let (request, _) = self.sent.take().expect("a request");
        self.handle(Event::Reply { request, outcome: Ok(Box::new(reply)) });
    }

    fn fail(&mut self, error: SendError) {
        let (request, _) = self.sent.take().expect("a request");
        self.handle(Event::Reply { request, outcome: Err(error) });
    }

    /// The hello and its empty answer.
    fn greet(&mut self, server_ms: u64) {
        assert!(self.sync().push.is_empty(), "the first request only greets");
        self.answer(reply(server_ms, Vec::new(), Vec::new()));
    }

    fn mine(&self, id: DocId) -> Option<&Document> {
        self.replica.row(id)?.mine.as_ref().map(|mine| &mine.doc)
    }

    fn base(&self, id: DocId) -> Option<&Document> {
        self.replica.row(id)?.base.as_ref()
    }
}

fn reply(server_ms: u64, results: Vec<PushResult>, docs: Vec<Document>) -> SyncReply {
    let docs = docs.into_iter().map(|doc| Pulled { accepted: 1, doc }).collect();
    let page = Page { docs, cursor: "e1.9".to_owned(), more: false, left: 0, digest: None };
    SyncReply {
        protocol: 1,
        epoch: "e1".to_owned(),
        server_ms,
        results,
        scopes: vec![ScopeReply { scope: AREA, content: ScopeContent::Page(page) }],
        credited_elsewhere: None,
        capsule_key: None,
    }
}

fn all(request: &SyncRequest, verdict: &Verdict) -> Vec<PushResult> {
    request.push.iter().map(|push| PushResult { id: push.id, rev: push.rev, verdict: verdict.clone() }).collect()
}

fn pushed(request: &SyncRequest) -> Vec<Document> {
    request.push.iter().map(|push| serde_json::from_str(push.doc.get()).expect("a document")).collect()
}

fn rejected(code: Rejection) -> Verdict {
    Verdict::Rejected { code }
}

fn by_a_colleague(name: &str, value: &str, ms: u64) -> Document {
    let stamp = Stamp { ms, counter: 0, install: InstallId(0xbeef) };
    Document::description(HOUSEHOLD, Kind::Household).with(stamp, [(name, Value::text(value))])
}

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
    assert_eq!(phone.mine(HOUSEHOLD), Some(&stored));
    let (_, request) = phone.sent.clone().expect("the push follows");
    assert_eq!(pushed(&request), [stored]);
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
    assert_eq!(third.push.len(), 1, "with all that it has");
    phone.answer(answer());
    assert!(phone.sent.is_none(), "and then rests");
}
