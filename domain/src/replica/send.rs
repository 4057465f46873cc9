//! When to sync and what to send: one request at a time, with patience, and never stuck.

use std::collections::{BTreeMap, BTreeSet};

use super::{Effect, Now, Replica, ScopeState, SendError, hand_over, reply};
use crate::DocId;
use crate::capsule::CourierHash;
use crate::merge::difference;
use crate::planted::{Mistake, is_planted};
use crate::protocol::{
    PAGE_BYTES_MAX, PROTOCOL, PUSH_DOCUMENTS_MAX, PhoneReport, Push, SCHEMA, ScopeCursor, SyncRequest,
};

/// After an edit, wait for the next taps of the same visit.
const AFTER_EDIT_MS: u64 = 1_500;
/// While all is well, ask for news.
const IDLE_MS: u64 = 60_000;
const RETRY_MIN_MS: u64 = 2_000;
const RETRY_MAX_MS: u64 = 5 * 60_000;
const ANOTHER_TAB_MS: u64 = 5_000;
/// A request without an answer is given up after this; a slow 2G upload of a full push takes about 40 s.
const TIMEOUT_MS: u64 = 60_000;
/// After so many pushes that failed, documents go one by one.
const PUSH_FAILURES_MAX: u32 = 4;
/// Wall and running clock drifting apart by more than this means that somebody set the clock.
const JUMP_MS: u64 = 60_000;

/// A request on its way.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub request: u64,
    pub sent: BTreeMap<DocId, u64>,
    /// The places in the scopes that the pages of its reply will follow.
    pub cursors: Vec<ScopeCursor>,
    pub started: Now,
    pub is_hello: bool,
    /// The courier that this request tells the server.
    pub courier: Option<CourierHash>,
}

/// The schedule. Lives in memory only: after a restart the phone simply tries at once.
#[derive(Default)]
pub(super) struct Pace {
    requests: u64,
    flight: Option<Flight>,
    /// The offset of this phone's clock has been learnt since it was last set.
    greeted: bool,
    /// Wall minus running clock when it was first looked at, to notice that the clock was set.
    skew: Option<i64>,
    next_try_ms: Option<u64>,
    failures: u32,
    /// Grows with every push that fails, halves with one that does not: too much for the line, or something that the
    /// server cannot take.
    push_failures: u32,
    offline: bool,
    stopped: bool,
    /// Documents at which the server failed when they were sent alone: they wait, the others go on.
    set_aside: BTreeSet<DocId>,
}

impl Pace {
    pub fn is_in_flight(&self) -> bool {
        self.flight.is_some()
    }

    pub fn is_offline(&self) -> bool {
        self.offline
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    pub fn is_clock_known(&self) -> bool {
        self.greeted
    }

    pub fn doubt_clock(&mut self) {
        self.greeted = false;
    }

    /// Forgets everything but the count of requests: a late answer must not fit a new one.
    pub fn begin_anew(&mut self) {
        *self = Self { requests: self.requests, ..Self::default() };
    }

    pub fn restart(&mut self, now: Now) {
        self.stopped = false;
        self.failures = 0;
        self.greeted = false;
        self.try_now(now);
    }

    pub fn try_now(&mut self, now: Now) {
        self.stopped = false;
        self.next_try_ms = Some(now.mono_ms);
    }

    pub fn edited(&mut self, now: Now) {
        // With no network an edit does not shorten the wait: the next try comes with its own turn or a sign of life.
        if self.failures == 0 {
            let at = now.mono_ms + AFTER_EDIT_MS;
            self.next_try_ms = Some(self.next_try_ms.map_or(at, |planned| planned.min(at)));
        }
    }

    /// The flight that this answer belongs to; `None` for an answer that came too late.
    pub fn land(&mut self, request: u64) -> Option<Flight> {
        self.flight.take_if(|flight| flight.request == request || is_planted(Mistake::LateReplyTaken))
    }

    pub fn failed(&mut self, error: SendError, flight: &Flight, now: Now, entropy: u64) {
        match error {
            SendError::AnotherTab => {
                self.next_try_ms = Some(now.mono_ms + ANOTHER_TAB_MS);
                return;
            }
            SendError::DeviceUnknown => self.stopped = true,
            SendError::NoNetwork => self.offline = true,
            SendError::Server => {
                self.offline = false;
                if flight.sent.len() == 1 && self.push_failures >= PUSH_FAILURES_MAX {
                    self.set_aside.extend(flight.sent.keys());
                }
            }
        }
        if !flight.sent.is_empty() {
            self.push_failures = (self.push_failures + 1).min(PUSH_FAILURES_MAX);
        }
        self.failures = self.failures.saturating_add(1);
        self.stopped |= self.failures > 5 && is_planted(Mistake::GivesUp);
        self.wait_longer(now, entropy);
    }

    /// A reply could not be stored: fetching it again and again would only cost the member's data allowance.
    pub fn store_failed(&mut self, now: Now, entropy: u64) {
        self.failures = self.failures.saturating_add(1);
        self.wait_longer(now, entropy);
    }

    fn wait_longer(&mut self, now: Now, entropy: u64) {
        let ceiling = (RETRY_MIN_MS << self.failures.min(8)).min(RETRY_MAX_MS);
        // Full jitter, so that a village coming back into coverage does not call all at once.
        self.next_try_ms = Some(now.mono_ms + RETRY_MIN_MS + entropy % ceiling);
    }

    pub fn succeeded(&mut self, outcome: &reply::Outcome, has_unsent: bool, now: Now, entropy: u64) {
        self.failures = 0;
        self.offline = false;
        self.greeted |= outcome.was_hello;
        if outcome.accepted_some {
            self.push_failures /= 2;
        }
        let is_blocked = has_unsent && !outcome.accepted_some && !outcome.was_hello && !outcome.more;
        let wait = match () {
            () if outcome.more || (has_unsent && !is_blocked) => 0,
            () if is_blocked => RETRY_MIN_MS + entropy % RETRY_MIN_MS,
            () => IDLE_MS + entropy % (IDLE_MS / 4),
        };
        self.next_try_ms = Some(now.mono_ms + wait);
    }

    /// How many documents to send: fewer after a push failed, down to one alone; more again as they get through.
    fn push_max(&self) -> usize {
        (PUSH_DOCUMENTS_MAX >> (self.push_failures * 2)).max(1)
    }

    pub fn notice_clock(&mut self, now: Now) {
        let skew = now.wall_ms.cast_signed().wrapping_sub(now.mono_ms.cast_signed());
        // Many small steps add up, so it is always the first look that counts.
        if self.skew.get_or_insert(skew).abs_diff(skew) > JUMP_MS {
            self.skew = Some(skew);
            self.greeted = false;
        }
    }
}

impl Replica {
    /// Does what is due: gives up a lost request, starts the next, says when to wake.
    pub(super) fn pump(&mut self, now: Now, entropy: u64, effects: &mut Vec<Effect>) {
        if self.meta.enrolment.is_none() {
            return;
        }
        let is_lost = |flight: &mut Flight| now.mono_ms >= flight.started.mono_ms + TIMEOUT_MS;
        if let Some(flight) = self.pace.flight.take_if(is_lost) {
            self.pace.failed(SendError::NoNetwork, &flight, now, entropy);
            effects.push(Effect::Changed);
        }
        if let Some(flight) = &self.pace.flight {
            effects.push(Effect::Wake { at_mono_ms: flight.started.mono_ms + TIMEOUT_MS });
            return;
        }
        if self.pace.stopped {
            return;
        }
        let due = *self.pace.next_try_ms.get_or_insert(now.mono_ms);
        if now.mono_ms >= due {
            self.start_sync(now, effects);
        } else {
            effects.push(Effect::Wake { at_mono_ms: due });
        }
    }

    fn start_sync(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.pace.next_try_ms = None;
        self.pace.requests += 1;
        let is_hello = !self.pace.greeted;
        let push = if is_hello { Vec::new() } else { self.select() };
        let sent = push.iter().map(|push| (push.id, push.rev)).collect();
        // A hello may meet a server that was restored and knows less; a push must not come before the news that capsules
        // with the same documents are void.
        let courier = self.meta.courier.filter(|courier| is_hello || !courier.told).map(|courier| courier.note());
        let cursor =
            |(scope, state): (&DocId, &ScopeState)| ScopeCursor { scope: *scope, cursor: state.cursor.clone() };
        let cursors: Vec<ScopeCursor> = self.meta.scopes.iter().map(cursor).collect();
        let body = Box::new(SyncRequest {
            protocol: PROTOCOL,
            schema: SCHEMA,
            install: self.meta.install(),
            cursors: cursors.clone(),
            push,
            phone: PhoneReport {
                unsent: u32::try_from(self.unsent.len()).unwrap_or(u32::MAX),
                refused: u32::try_from(self.refused.len()).unwrap_or(u32::MAX),
                app: String::new(),
            },
            courier,
        });
        let courier = courier.map(|note| note.hash);
        let request = self.pace.requests;
        self.pace.flight = Some(Flight { request, sent, cursors, started: now, is_hello, courier });
        effects.push(Effect::Send { request, body, timeout_ms: TIMEOUT_MS });
        effects.push(Effect::Wake { at_mono_ms: now.mono_ms + TIMEOUT_MS });
    }

    /// The oldest unsent edits that fit a request; of a description only the fields that the server lacks.
    fn select(&self) -> Vec<Push> {
        let mut selected: Vec<Push> = Vec::new();
        let mut bytes = 0;
        let is_waiting = |id: &DocId| !self.pace.set_aside.contains(id);
        let first = self.unsent.iter().filter(|(_, id)| is_waiting(id));
        let last = self.unsent.iter().filter(|(_, id)| !is_waiting(id));
        for (_, id) in first.chain(last) {
            let Some(push) = self.unsent_push(*id) else { continue };
            bytes += push.doc.get().len();
            if selected.len() >= self.pace.push_max() || (bytes > PAGE_BYTES_MAX && !selected.is_empty()) {
                break;
            }
            selected.push(push);
        }
        selected
    }

    /// An unsent edit as it goes over the wire.
    pub(super) fn unsent_push(&self, id: DocId) -> Option<Push> {
        let row = self.rows.get(&id)?;
        let mine = row.mine.as_ref()?;
        match &row.base {
            Some(base) => hand_over::push(id, mine.rev, row.scope, &difference(&mine.doc, base)),
            None => hand_over::push(id, mine.rev, row.scope, &mine.doc),
        }
    }
}
