//! When to ask, and what a failure means: a line without network blames nobody, a document that something on the way
//! refuses is set apart, and news keep coming all the while.

use std::collections::{BTreeMap, BTreeSet};

use super::{Now, SendError, reply};
use crate::DocId;
use crate::capsule::CourierHash;
use crate::planted::{Mistake, is_planted};
use crate::protocol::{PUSH_DOCUMENTS_MAX, ScopeCursor};

/// After an edit, wait for the next taps of the same visit.
const AFTER_EDIT_MS: u64 = 1_500;
/// While all is well, ask for news.
const IDLE_MS: u64 = 60_000;
const RETRY_MIN_MS: u64 = 2_000;
const RETRY_MAX_MS: u64 = 5 * 60_000;
const ANOTHER_TAB_MS: u64 = 5_000;
/// A push is made smaller so often; the last size is one document.
const SMALLER_MAX: u32 = 5;
/// A document that fails alone so often is set apart.
const LONE_FAILURES: u32 = 2;
/// How long a document that was set apart waits first, and at most.
const APART_MIN_MS: u64 = 60_000;
const APART_MAX_MS: u64 = 4 * 3_600_000;
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

/// A push that failed. Whether it or the line was to blame is told by the next request, which carries nothing.
#[derive(Debug)]
struct Suspect {
    sent: BTreeMap<DocId, u64>,
    /// The server said itself that nothing is wrong with what was sent.
    is_innocent: bool,
}

/// A document that failed alone, under the revision that failed.
#[derive(Debug)]
struct Apart {
    failures: u32,
    until_ms: u64,
}

/// The schedule. Lives in memory only: after a restart the phone simply tries at once.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each read by its name")]
pub(super) struct Pace {
    requests: u64,
    pub(super) flight: Option<Flight>,
    /// The offset of this phone's clock has been learnt since it was last set.
    greeted: bool,
    /// Hellos in a row whose answer was too long on its way to teach anything.
    slow_hellos: u32,
    /// Wall minus running clock when it was first looked at, to notice that the clock was set.
    skew: Option<i64>,
    pub(super) next_try_ms: Option<u64>,
    failures: u32,
    suspect: Option<Suspect>,
    /// Pushes in a row that failed although the line was good.
    blamed: u32,
    /// Grows with every such push, halves with one that gets through.
    smaller: u32,
    apart: BTreeMap<(DocId, u64), Apart>,
    offline: bool,
    stopped: bool,
    clock_doubt_ms: Option<i64>,
    needs_update: bool,
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

    pub fn clock_doubt_ms(&self) -> Option<i64> {
        self.clock_doubt_ms
    }

    pub fn needs_update(&self) -> bool {
        self.needs_update
    }

    pub fn slow_hellos(&self) -> u32 {
        self.slow_hellos
    }

    pub fn skew(&self) -> Option<i64> {
        self.skew
    }

    pub fn doubt_clock(&mut self) {
        self.greeted = false;
    }

    pub fn next_request(&mut self) -> u64 {
        self.next_try_ms = None;
        self.requests += 1;
        self.requests
    }

    /// Forgets everything but the count of requests: a late answer must not fit a new one.
    pub fn begin_anew(&mut self) {
        *self = Self { requests: self.requests, ..Self::default() };
    }

    /// The phone is a device of the office from now on. Answers to its earlier requests say nothing about that.
    pub fn restart(&mut self, now: Now) {
        self.flight = None;
        self.stopped = false;
        self.failures = 0;
        self.greeted = false;
        self.try_now(now);
    }

    /// A sign of life, or a person who asks: also what was set apart may have its turn.
    pub fn try_now(&mut self, now: Now) {
        self.stopped = false;
        self.next_try_ms = Some(now.mono_ms);
        for apart in self.apart.values_mut() {
            apart.until_ms = apart.until_ms.min(now.mono_ms);
        }
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

    pub fn failed(&mut self, error: SendError, flight: Flight, now: Now, entropy: u64) {
        if error != SendError::AnotherTab {
            // A request that carried nothing has failed as well: then it was the line.
            self.suspect = None;
        }
        match error {
            SendError::AnotherTab => {
                self.next_try_ms = Some(now.mono_ms + ANOTHER_TAB_MS);
                return;
            }
            SendError::DeviceUnknown => self.stopped = true,
            SendError::NoNetwork | SendError::Server | SendError::Busy => {
                self.offline = error == SendError::NoNetwork;
                if !flight.sent.is_empty() {
                    self.suspect = Some(Suspect { sent: flight.sent, is_innocent: error == SendError::Busy });
                }
            }
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
        // Full jitter, so that a village coming back into coverage does not call all at once.
        self.next_try_ms = Some(now.mono_ms + RETRY_MIN_MS + entropy % longer(self.failures));
    }

    /// Takes in what an answer tells about the line and about what was sent.
    pub fn succeeded(&mut self, outcome: &reply::Outcome, now: Now) {
        self.failures = 0;
        self.offline = false;
        self.clock_doubt_ms = outcome.clock_doubt_ms;
        self.needs_update = outcome.needs_update;
        self.note_hello(outcome);
        self.blame(now);
        if !outcome.sent.is_empty() {
            self.blamed = 0;
            self.smaller /= if outcome.accepted_some { 2 } else { 1 };
        }
        for key in &outcome.patience {
            self.set_apart(*key, LONE_FAILURES, now);
        }
    }

    /// When to ask next after an answer; `has_sendable` when something is left that may go at once.
    pub fn go_on(&mut self, outcome: &reply::Outcome, has_sendable: bool, now: Now, entropy: u64) {
        // What a request without a push leaves to be sent goes at once.
        let goes_on = outcome.accepted_some || outcome.sent.is_empty();
        let wait = match () {
            () if outcome.was_hello && !self.greeted => RETRY_MIN_MS + entropy % RETRY_MIN_MS,
            () if outcome.more => 0,
            () if has_sendable && self.blamed > 1 => RETRY_MIN_MS + entropy % longer(self.blamed),
            () if has_sendable && goes_on => 0,
            () if has_sendable => RETRY_MIN_MS + entropy % RETRY_MIN_MS,
            () => IDLE_MS + entropy % (IDLE_MS / 4),
        };
        self.next_try_ms = Some(now.mono_ms + wait);
    }

    fn note_hello(&mut self, outcome: &reply::Outcome) {
        if outcome.was_hello {
            self.slow_hellos = if outcome.was_slow { self.slow_hellos + 1 } else { 0 };
            // Somebody may have set the clock while the answer was being stored.
            self.greeted |= outcome.has_learnt && outcome.skew == self.skew;
        }
        if outcome.must_greet {
            self.greeted = false;
        }
    }

    /// The line is good, so a push that failed just before was to blame.
    fn blame(&mut self, now: Now) {
        let Some(suspect) = self.suspect.take() else { return };
        if is_planted(Mistake::FilterStopsPhone) {
            return;
        }
        self.blamed = self.blamed.saturating_add(1);
        if suspect.is_innocent {
            return;
        }
        self.smaller = (self.smaller + 1).min(SMALLER_MAX);
        if let (1, Some((id, rev))) = (suspect.sent.len(), suspect.sent.first_key_value()) {
            self.set_apart((*id, *rev), 1, now);
        }
    }

    fn set_apart(&mut self, key: (DocId, u64), at_least: u32, now: Now) {
        let apart = self.apart.entry(key).or_insert(Apart { failures: 0, until_ms: now.mono_ms });
        apart.failures = (apart.failures + 1).max(at_least);
        let wait = match apart.failures.checked_sub(LONE_FAILURES) {
            Some(times) => (APART_MIN_MS << times.min(16)).min(APART_MAX_MS),
            None => 0,
        };
        apart.until_ms = now.mono_ms + wait;
    }

    /// Whether this revision is to go alone, after all others.
    pub fn is_apart(&self, id: DocId, rev: u64) -> bool {
        self.apart.get(&(id, rev)).is_some_and(|apart| apart.failures >= LONE_FAILURES)
    }

    pub fn is_waiting(&self, id: DocId, rev: u64, now: Now) -> bool {
        self.is_apart(id, rev) && self.apart.get(&(id, rev)).is_some_and(|apart| now.mono_ms < apart.until_ms)
    }

    /// Revisions that are no more need no memory.
    pub fn forget_apart(&mut self, revisions: &BTreeSet<(u64, DocId)>, offers: &BTreeSet<(u64, DocId)>) {
        self.apart.retain(|&(id, rev), _| revisions.contains(&(rev, id)) || offers.contains(&(rev, id)));
    }

    /// How many documents to send: none after a push that failed, fewer after it was to blame, down to one alone; more
    /// again as they get through. The first time may be chance: a line that came back in between.
    pub fn push_max(&self) -> usize {
        if self.suspect.is_some() {
            return 0;
        }
        (PUSH_DOCUMENTS_MAX >> (self.smaller.saturating_sub(1) * 2)).max(1)
    }

    pub fn notice_clock(&mut self, now: Now) {
        let skew = now.skew_ms();
        // Many small steps add up, so it is always the first look that counts.
        if self.skew.get_or_insert(skew).abs_diff(skew) > JUMP_MS {
            self.skew = Some(skew);
            self.greeted = false;
        }
    }
}

fn longer(times: u32) -> u64 {
    (RETRY_MIN_MS << times.min(8)).min(RETRY_MAX_MS)
}
