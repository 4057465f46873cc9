//! A phone's side of everything, as a state machine without I/O: events in, effects out, time and chance handed in.
//!
//! What is in memory is always exactly what was last stored: a change is planned, stored in ONE transaction, and only then
//! takes effect here. While a transaction runs, further events wait in line. So a kill at any effect leaves either all of
//! a step or none of it, and the simulator can prove that.

mod hand_over;
mod offers;
mod office_time;
mod pace;
mod reply;
mod restamp;
mod rows;
mod send;
mod write;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub use rows::{Batch, Enrolment, Meta, Mine, Offer, Refused, Row, ScopeState, Snapshot};
pub use write::Change;

use crate::capsule::{Content, CourierSecret, Portion};
use crate::coverage::Shown;
use crate::digest::Digest;
use crate::planted::{Mistake, is_planted};
use crate::protocol::{Rejection, RevokeReason, SyncReply, SyncRequest};
use crate::{DocId, Document, Stamp};
use rows::Draft;

/// The two clocks of a phone: one that people set, and one that only runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970 by the phone's clock, right or wrong.
    pub wall_ms: u64,
    /// Milliseconds since the app was opened, never set.
    pub mono_ms: u64,
}

impl Now {
    /// Wall minus running clock: stands still unless somebody sets the clock or the phone sleeps.
    fn skew_ms(self) -> i64 {
        self.wall_ms.cast_signed().wrapping_sub(self.mono_ms.cast_signed())
    }
}

/// Names one write of the screen, so that its answer finds back.
pub type Ticket = u64;

#[derive(Clone, Debug)]
pub enum Event {
    /// The screen records or edits something: all of it or nothing.
    Write { ticket: Ticket, changes: Vec<Change> },
    /// The person wants a refused document sent again.
    Retry(DocId),
    /// The person gives a refused document up.
    Discard(DocId),
    /// An invite was redeemed.
    Joined(Enrolment),
    /// A random secret for the phone's capsules; one that it has already stays.
    Equip(CourierSecret),
    /// The person hands unsent work over. It counts as sent from here on; `Effect::HandedOver` gives it.
    HandOver { ticket: Ticket, portion: Portion },
    /// A capsule with stamps up to `newest` has left without this replica, by the service worker.
    Left { newest: Stamp },
    /// The effect `Persist` has ended.
    Persisted(Result<(), StoreError>),
    /// The effect `Send` has ended.
    Reply { request: u64, outcome: Result<Box<SyncReply>, SendError> },
    /// A connection may be there, or the person asked: try now.
    SyncNow,
    /// Time has passed.
    Tick,
    /// Another tab has stored something.
    Replaced(Box<Snapshot>),
}

/// Why storing failed. Nothing of the batch is stored then.
#[derive(Clone, Debug)]
pub enum StoreError {
    /// Another tab stored in between; this is what it left.
    Outdated(Box<Snapshot>),
    /// The phone has no room.
    Full,
    Failed(String),
}

/// Why no answer of ours came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// No connection, a timeout, a captive portal's page, a proxy's 502: all the same to us.
    NoNetwork,
    /// The server answered with an error of its own making.
    Server,
    /// The server takes nothing for a while, and says so: nothing is wrong with what was sent.
    Busy,
    /// The server does not know this device (any more). Nothing is deleted for that.
    DeviceUnknown,
    /// Another tab of this browser is sending.
    AnotherTab,
}

#[derive(Debug)]
pub enum Effect {
    /// Store all of this in one transaction that survives a power cut, then report `Persisted`.
    Persist(Box<Batch>),
    /// Send this, then report `Reply`. Given up here after `timeout_ms`; a later answer is ignored.
    Send {
        request: u64,
        body: Box<SyncRequest>,
        timeout_ms: u64,
    },
    /// The write of this ticket is stored: now the screen may say so.
    Saved(Ticket),
    NotSaved(Ticket, StoreError),
    /// What is to leave in answer to `Event::HandOver`, to be sealed. Empty when nothing is unsent.
    HandedOver {
        ticket: Ticket,
        contents: Vec<Content>,
    },
    /// Call `Tick` at this monotonic time (an earlier wake may be forgotten).
    Wake {
        at_mono_ms: u64,
    },
    /// What screens show has changed.
    Changed,
    /// The phone and the server differ although both say they agree: healed by itself, but a defect somewhere.
    Diverged {
        scope: DocId,
    },
    /// The server says that this phone was lost: delete everything now, but for these, sealed.
    Wipe {
        unsent: Vec<Content>,
    },
}

/// What the thin line under the title says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each read by its name")]
pub struct Status {
    pub unsent: usize,
    /// What a restored server may lack and is to be brought: nobody's edits.
    pub offers: usize,
    pub refused: usize,
    pub is_sending: bool,
    /// The last attempt got no answer of ours.
    pub is_offline: bool,
    /// The server does not know this device: a new invite is needed.
    pub is_device_unknown: bool,
    /// Server time of the last successful sync, milliseconds since 1970.
    pub last_sync_ms: Option<u64>,
    /// How far the phone's clock is off, when that is worth telling.
    pub clock_error_ms: Option<i64>,
    /// Server time minus phone time, when they are days apart and nobody can tell which of them is right.
    pub clock_doubt_ms: Option<i64>,
    /// The server asks for a newer app.
    pub needs_update: bool,
    /// Documents of the office that this app is too old to read.
    pub unreadable: u32,
}

struct Storing {
    event: Event,
    now: Now,
    batch: Box<Batch>,
    after: After,
}

/// What follows once a batch is stored.
enum After {
    Write(Ticket),
    Reply(reply::Outcome),
    HandOver(Ticket, Portion),
    Nothing,
}

pub struct Replica {
    meta: Meta,
    rows: BTreeMap<DocId, Row>,
    /// Unsent documents, oldest edit first.
    unsent: BTreeSet<(u64, DocId)>,
    /// Documents to be offered again, by revision.
    offers: BTreeSet<(u64, DocId)>,
    refused: BTreeSet<DocId>,
    digests: BTreeMap<DocId, Digest>,
    storing: Option<Storing>,
    waiting: VecDeque<(Event, Now, u64)>,
    pace: pace::Pace,
}

impl Replica {
    /// Opens on what is stored.
    pub fn open(snapshot: Snapshot) -> Self {
        let mut replica = Self {
            meta: snapshot.meta.clone(),
            rows: BTreeMap::new(),
            unsent: BTreeSet::new(),
            offers: BTreeSet::new(),
            refused: BTreeSet::new(),
            digests: BTreeMap::new(),
            storing: None,
            waiting: VecDeque::new(),
            pace: pace::Pace::default(),
        };
        replica.load(snapshot);
        replica
    }

    fn load(&mut self, snapshot: Snapshot) {
        if snapshot.meta.install() != self.meta.install() {
            // The phone has changed hands in another tab: what is on its way was somebody else's question.
            self.pace.begin_anew();
        }
        self.meta = snapshot.meta;
        if self.meta.clock.last() > self.meta.settled {
            // Another tab wrote under a clock that it had not checked yet.
            self.pace.doubt_clock();
        }
        self.rows.clear();
        self.unsent.clear();
        self.offers.clear();
        self.refused.clear();
        self.digests.clear();
        for (id, row) in snapshot.rows {
            self.put(id, Some(row));
        }
    }

    /// Takes an event; `entropy` is any random number. Effects are to be run in order.
    pub fn handle(&mut self, event: Event, now: Now, entropy: u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.pace.notice_clock(now);
        match event {
            Event::Persisted(outcome) => {
                self.persisted(outcome, entropy, &mut effects);
                while self.storing.is_none() {
                    let Some((event, then, entropy)) = self.waiting.pop_front() else { break };
                    self.process(event, then, entropy, &mut effects);
                }
            }
            // A tick that finds the replica busy is made up for when the batch is stored.
            Event::Tick if self.storing.is_some() => return effects,
            event if self.storing.is_some() => self.waiting.push_back((event, now, entropy)),
            event => self.process(event, now, entropy, &mut effects),
        }
        if self.storing.is_none() {
            self.pump(now, entropy, &mut effects);
        }
        effects
    }

    fn process(&mut self, event: Event, now: Now, entropy: u64, effects: &mut Vec<Effect>) {
        match &event {
            Event::Write { ticket, changes } => {
                let ticket = *ticket;
                let batch = self.plan_write(changes, now);
                if batch.rows.is_empty() {
                    effects.push(Effect::Saved(ticket));
                } else {
                    self.store(event, now, batch, After::Write(ticket), effects);
                }
            }
            Event::Retry(id) => {
                if let Some(batch) = self.plan_retry(*id) {
                    self.store(event, now, batch, After::Nothing, effects);
                }
            }
            Event::Discard(id) => {
                if let Some(batch) = self.plan_discard(*id) {
                    self.store(event, now, batch, After::Nothing, effects);
                }
            }
            Event::Joined(enrolment) => {
                let mut meta = self.meta.clone();
                if meta.enrolment.as_ref().is_some_and(|before| before.member != enrolment.member) {
                    // Another person's phone now: nothing that it makes may pass for the one before.
                    meta.courier = None;
                }
                meta.enrolment = Some(enrolment.clone());
                self.pace.restart(now);
                self.store(event, now, Batch { rows: Vec::new(), meta }, After::Nothing, effects);
            }
            Event::Equip(secret) => {
                if let Some(batch) = self.plan_equip(*secret) {
                    self.store(event, now, batch, After::Nothing, effects);
                }
            }
            Event::HandOver { ticket, portion } => {
                let (ticket, portion) = (*ticket, *portion);
                if self.leaving_len(portion.with_refused) == 0 {
                    effects.push(Effect::HandedOver { ticket, contents: Vec::new() });
                } else {
                    let batch = self.plan_left(self.meta.clock.last());
                    self.store(event, now, batch, After::HandOver(ticket, portion), effects);
                }
            }
            Event::Left { newest } => {
                let newest = *newest;
                if !self.knows_left(newest) {
                    self.store(event, now, self.plan_left(newest), After::Nothing, effects);
                }
            }
            Event::Reply { request, outcome } => {
                let Some(flight) = self.pace.land(*request) else { return };
                match outcome {
                    Ok(reply) => {
                        let (batch, outcome) = self.plan_reply(reply, &flight, now);
                        self.store(event, now, batch, After::Reply(outcome), effects);
                    }
                    Err(error) => {
                        if *error == SendError::DeviceUnknown && is_planted(Mistake::UnknownDeviceWipes) {
                            effects.push(Effect::Wipe { unsent: Vec::new() });
                        }
                        self.pace.failed(*error, flight, now, entropy);
                        effects.push(Effect::Changed);
                    }
                }
            }
            Event::SyncNow => self.pace.try_now(now),
            Event::Replaced(snapshot) => {
                // News of another tab may be overtaken by what this tab has stored since.
                if snapshot.meta.generation > self.meta.generation {
                    self.load((**snapshot).clone());
                    effects.push(Effect::Changed);
                }
            }
            Event::Tick | Event::Persisted(_) => {}
        }
    }

    fn draft(&self) -> Draft<'_> {
        Draft::new(&self.rows, self.meta.clone())
    }

    fn store(&mut self, event: Event, now: Now, mut batch: Batch, after: After, effects: &mut Vec<Effect>) {
        batch.meta.generation = self.meta.generation + 1;
        if self.pace.is_clock_known() {
            batch.meta.settled = batch.meta.clock.last();
        }
        effects.push(Effect::Persist(Box::new(batch.clone())));
        self.storing = Some(Storing { event, now, batch: Box::new(batch), after });
    }

    fn persisted(&mut self, outcome: Result<(), StoreError>, entropy: u64, effects: &mut Vec<Effect>) {
        let Some(storing) = self.storing.take() else { return };
        match outcome {
            Ok(()) => self.committed(storing, entropy, effects),
            Err(StoreError::Outdated(snapshot)) if snapshot.meta.install() != self.meta.install() => {
                // Another tab has left, or joined as somebody else: what was written here belongs to nobody on this phone.
                let written =
                    |event: &Event| if let Event::Write { ticket, .. } = event { Some(*ticket) } else { None };
                let events = std::iter::once(&storing.event).chain(self.waiting.iter().map(|(event, ..)| event));
                let lost = events.filter_map(written);
                effects
                    .extend(lost.map(|it| Effect::NotSaved(it, StoreError::Failed("the phone changed hands".into()))));
                self.waiting.clear();
                self.load(*snapshot);
                effects.push(Effect::Changed);
            }
            Err(StoreError::Outdated(snapshot)) => {
                self.load(*snapshot);
                effects.push(Effect::Changed);
                if let Event::Reply { .. } = storing.event {
                    // The answer was planned against rows that have changed; ask again rather than guess.
                    self.pace.try_now(storing.now);
                } else {
                    self.process(storing.event, storing.now, entropy, effects);
                }
            }
            Err(error) => match storing.after {
                After::Write(ticket) | After::HandOver(ticket, _) => effects.push(Effect::NotSaved(ticket, error)),
                After::Reply(_) => self.pace.store_failed(storing.now, entropy),
                After::Nothing => effects.push(Effect::Changed),
            },
        }
    }

    fn committed(&mut self, storing: Storing, entropy: u64, effects: &mut Vec<Effect>) {
        let Storing { batch, after, now, .. } = storing;
        self.meta = batch.meta;
        for (id, row) in batch.rows {
            self.put(id, row);
        }
        match after {
            After::Write(ticket) => {
                effects.push(Effect::Saved(ticket));
                self.pace.edited(now);
            }
            After::Reply(outcome) => {
                for scope in &outcome.diverged {
                    effects.push(Effect::Diverged { scope: *scope });
                }
                if outcome.wipe {
                    effects.push(Effect::Wipe { unsent: self.capsules(Portion::RESCUE, now) });
                }
                self.pace.succeeded(&outcome, now);
                self.pace.forget_apart(&self.unsent, &self.offers);
                let has_sendable = self.has_sendable(now);
                self.pace.go_on(&outcome, has_sendable, now, entropy);
            }
            After::HandOver(ticket, portion) => effects.push(self.handed_over(ticket, portion, now)),
            After::Nothing => self.pace.edited(now),
        }
        effects.push(Effect::Changed);
    }

    fn put(&mut self, id: DocId, row: Option<Row>) {
        if let Some(old) = self.rows.remove(&id) {
            if let Some(mine) = &old.mine {
                self.unsent.remove(&(mine.rev, id));
            }
            if let Some(offer) = &old.offer {
                self.offers.remove(&(offer.rev, id));
            }
            if let Some(base) = &old.base {
                self.digests.entry(old.scope).or_default().remove(base);
            }
            self.refused.remove(&id);
        }
        let Some(row) = row else { return };
        if let Some(mine) = &row.mine {
            self.unsent.insert((mine.rev, id));
        }
        if let Some(offer) = &row.offer {
            self.offers.insert((offer.rev, id));
        }
        if let Some(base) = &row.base {
            self.digests.entry(row.scope).or_default().add(base);
        }
        if row.refused.is_some() {
            self.refused.insert(id);
        }
        self.rows.insert(id, row);
    }
}

/// What screens read.
impl Replica {
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    pub fn status(&self) -> Status {
        Status {
            unsent: self.unsent.len(),
            offers: self.offers.len(),
            refused: self.refused.len(),
            is_sending: self.pace.is_in_flight(),
            is_offline: self.pace.is_offline(),
            is_device_unknown: self.pace.is_stopped(),
            last_sync_ms: self.meta.last_sync_ms,
            clock_error_ms: Some(-self.meta.offset_ms)
                .filter(|error| error.unsigned_abs() > crate::clock::AHEAD_MS_MAX),
            clock_doubt_ms: self.pace.clock_doubt_ms(),
            needs_update: self.pace.needs_update(),
            unreadable: self.meta.scopes.values().map(|state| state.unreadable).sum(),
        }
    }

    /// The time as the office has it, as far as this phone knows. Never before what was written or seen already: a phone
    /// whose battery was pulled starts in 1970.
    pub fn corrected_ms(&self, wall_ms: u64) -> u64 {
        wall_ms.saturating_add_signed(self.meta.offset_ms).max(self.meta.clock.last().ms)
    }

    pub fn document(&self, id: DocId) -> Option<&Document> {
        self.rows.get(&id)?.shown()
    }

    pub fn row(&self, id: DocId) -> Option<&Row> {
        self.rows.get(&id)
    }

    pub fn rows(&self) -> impl Iterator<Item = (DocId, &Row)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    /// The documents of a scope with everything that this phone holds.
    pub fn shown(&self, scope: DocId) -> impl Iterator<Item = Shown<'_>> {
        self.in_scope(scope).filter_map(|row| Some(Shown { doc: row.shown()?, accepted: row.accepted_order() }))
    }

    /// The documents of a scope as the server has confirmed them.
    pub fn confirmed(&self, scope: DocId) -> impl Iterator<Item = Shown<'_>> {
        self.in_scope(scope).filter_map(|row| Some(Shown { doc: row.base.as_ref()?, accepted: row.accepted_order() }))
    }

    fn in_scope(&self, scope: DocId) -> impl Iterator<Item = &Row> {
        self.rows.values().filter(move |row| row.scope == scope)
    }

    /// The tray "Cần xem lại".
    pub fn refused(&self) -> impl Iterator<Item = (DocId, &Refused)> {
        self.refused.iter().filter_map(|id| Some((*id, self.rows.get(id)?.refused.as_ref()?)))
    }

    /// Fingerprint of what the server has confirmed of a scope.
    pub fn digest(&self, scope: DocId) -> Digest {
        self.digests.get(&scope).copied().unwrap_or_default()
    }

    pub fn unsent_len(&self) -> usize {
        self.unsent.len()
    }

    /// Whether anything is being stored, sent or waiting in line.
    pub fn is_busy(&self) -> bool {
        self.storing.is_some() || self.pace.is_in_flight() || !self.waiting.is_empty()
    }
}

/// Whether the phone mends this refusal by itself.
fn is_mended_by_itself(code: &Rejection) -> bool {
    *code == Rejection::ClockAhead
}

fn is_wipe(reason: RevokeReason) -> bool {
    reason == RevokeReason::LostPhone || is_planted(Mistake::WipeOnLeave)
}
