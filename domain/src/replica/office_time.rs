//! What a reply tells about the clocks. The office's clock can be wrong as well as the phone's: an answer that would move
//! this phone by days is believed only where the documents themselves bear it out.

use super::pace::Flight;
use super::rows::{Draft, Row};
use super::{Now, Replica, restamp};
use crate::clock::{AHEAD_MS_MAX, InstallId};
use crate::planted::{Mistake, is_planted};
use crate::protocol::{ScopeContent, SyncReply};
use crate::{Document, Stamp};

const DAY_MS: u64 = 86_400_000;
/// The phone never moves a day by more than this for an answer that nothing else bears out.
const BELIEVED_MS_MAX: u64 = 3 * DAY_MS;
/// An answer that was longer on its way says too little of when it was given.
const SLOW_MS: u64 = 10_000;
/// On a line that is always slow the third hello is taken for what it is worth.
const SLOW_HELLOS_MAX: u32 = 2;
/// Wall and running clock drifting apart by more than this while a hello is on its way: somebody set the clock, or the
/// phone slept.
const STEADY_MS: u64 = 2_000;
/// 2026-01-01: no clock of anybody who runs this program can be right before that.
const EARLIEST_MS: u64 = 1_767_225_600_000;

/// What is known of the time after a reply.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each read by its name")]
pub(super) struct OfficeTime {
    /// The server's time, when it is believed.
    pub trusted_ms: Option<u64>,
    /// The server's time, when this phone's own clock agrees: whatever lies beyond it was stamped by mistake.
    pub agreed_ms: Option<u64>,
    /// This phone's time, as far as it knew its error.
    pub phone_ms: u64,
    pub has_learnt: bool,
    /// Stamps of what is unsent have moved.
    pub has_shifted: bool,
    pub was_slow: bool,
    /// Only another hello can mend this.
    pub must_greet: bool,
    /// Server time minus phone time, when nobody can tell which of them is right.
    pub doubt_ms: Option<i64>,
}

impl OfficeTime {
    /// The best guess of the true time.
    pub fn best_ms(self) -> u64 {
        self.trusted_ms.unwrap_or(self.phone_ms)
    }

    /// Stamps beyond this are from a clock that was wrong.
    pub fn stamp_ms_max(self) -> u64 {
        self.best_ms().saturating_add(AHEAD_MS_MAX)
    }
}

impl Replica {
    /// Learns how far the phone's clock is off, and mends what was stamped wrongly and never sent. Only the hello teaches:
    /// it is the first request after the clock may have been set.
    pub(super) fn take_clock(&self, draft: &mut Draft<'_>, reply: &SyncReply, flight: &Flight, now: Now) -> OfficeTime {
        // The running clock measures the round trip even when somebody sets the clock meanwhile.
        let trip = now.mono_ms.saturating_sub(flight.started.mono_ms);
        let wall_at_answer = now.wall_ms.saturating_sub(trip / 2);
        let offset = reply.server_ms.cast_signed().wrapping_sub(wall_at_answer.cast_signed());
        let change = offset.wrapping_sub(draft.meta.offset_ms);
        let phone_ms = wall_at_answer.saturating_add_signed(draft.meta.offset_ms);
        // All that is stored is looked through only where the two clocks are more than a day apart.
        let is_near = change.unsigned_abs() <= DAY_MS
            || (change.unsigned_abs() <= BELIEVED_MS_MAX
                && !is_behind(reply.server_ms, self.witness_ms(reply, phone_ms)));
        let is_believed = is_near
            || is_as_phone_is_set(reply.server_ms, wall_at_answer)
            || is_phone_wrong(reply.server_ms, phone_ms, self.witness_ms(reply, u64::MAX));
        let mut time = OfficeTime {
            phone_ms,
            trusted_ms: is_believed.then_some(reply.server_ms),
            agreed_ms: is_near.then_some(reply.server_ms),
            doubt_ms: (!is_believed).then_some(change),
            ..OfficeTime::default()
        };
        if !flight.is_hello {
            time.must_greet = is_believed && !is_near;
            return time;
        }
        let is_steady = now.skew_ms().abs_diff(flight.started.skew_ms()) <= STEADY_MS;
        time.was_slow = trip >= SLOW_MS;
        let is_doubted = !is_steady || (time.was_slow && self.pace.slow_hellos() < SLOW_HELLOS_MAX);
        if is_doubted && !is_planted(Mistake::HelloAfterSleep) {
            return time;
        }
        time.has_learnt = true;
        // The answer was given at any moment of the trip: less than that is no error.
        let unsure_ms = if is_planted(Mistake::HelloAfterSleep) { 0 } else { trip / 2 };
        if is_believed && change.unsigned_abs() > AHEAD_MS_MAX / 2 + unsure_ms {
            draft.meta.offset_ms = offset;
            restamp::shift_unsettled(draft, change, reply.server_ms);
            time.has_shifted = true;
        } else if draft.meta.clock.last().ms > time.stamp_ms_max() {
            // It took in a stamp from a clock that was wrong.
            restamp::settle_clock(draft, time.stamp_ms_max());
        }
        time
    }

    /// The latest moment up to `latest_ms` that has been for certain: the newest stamp that the server has taken, the last
    /// sync.
    fn witness_ms(&self, reply: &SyncReply, latest_ms: u64) -> u64 {
        let is_certain = |stamp: &Stamp| stamp.install != InstallId::LIST && stamp.ms <= latest_ms;
        let of = |doc: &Document| doc.stamps().into_iter().filter(is_certain).max();
        let held = self.rows.values().filter_map(|row: &Row| of(row.base.as_ref()?));
        let pulled = reply.scopes.iter().filter_map(|scope| match &scope.content {
            ScopeContent::Page(page) => page.docs.iter().filter_map(|pulled| of(&pulled.doc)).max(),
            ScopeContent::Revoked { .. } | ScopeContent::Unknown {} => None,
        });
        let stamped = held.chain(pulled).max().map_or(0, |stamp: Stamp| stamp.ms);
        let synced = self.meta.last_sync_ms.filter(|at_ms| *at_ms <= latest_ms).unwrap_or(0);
        stamped.max(synced).max(EARLIEST_MS)
    }
}

/// The phone learnt an error from an office whose clock was wrong itself, by no more than is believed. The right clock
/// after it is further away than that, but the phone as it is set bears it out: two clocks that know nothing of each other.
fn is_as_phone_is_set(server_ms: u64, wall_ms: u64) -> bool {
    server_ms >= EARLIEST_MS && server_ms.abs_diff(wall_ms) <= DAY_MS
}

/// An office that is behind what has been for certain is wrong, however near it is to this phone.
fn is_behind(server_ms: u64, witness_ms: u64) -> bool {
    server_ms.saturating_add(DAY_MS) < witness_ms
}

/// Two clocks are days apart: whether this phone's is the wrong one, by the latest moment that has been for certain.
fn is_phone_wrong(server_ms: u64, phone_ms: u64, witness_ms: u64) -> bool {
    if phone_ms.saturating_add(BELIEVED_MS_MAX) < witness_ms {
        // The phone's time is over. The server's may be too, but less so.
        return server_ms > phone_ms;
    }
    if is_behind(server_ms, witness_ms) {
        return false;
    }
    // A server that is behind would be behind what it has stored. One that is far ahead of a phone whose time can be right
    // may be wrong: then neither is believed, and nothing moves.
    phone_ms > server_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_of_two_clocks_is_wrong_is_told_by_what_has_been() {
        const YEAR_MS: u64 = 365 * DAY_MS;
        const NOW_MS: u64 = 1_778_043_600_000;
        let is_wrong = |server, phone| is_phone_wrong(server, phone, NOW_MS - DAY_MS);
        assert!(is_wrong(NOW_MS, 5_000), "a battery was pulled");
        assert!(is_wrong(NOW_MS, NOW_MS - 10 * DAY_MS), "set back by days");
        assert!(is_wrong(NOW_MS, NOW_MS + YEAR_MS), "set forward");
        assert!(!is_wrong(NOW_MS - 11 * YEAR_MS, NOW_MS), "the office starts in 2015");
        assert!(!is_wrong(NOW_MS + YEAR_MS, NOW_MS), "the office is a year ahead");
        assert!(!is_wrong(NOW_MS + 4 * DAY_MS, NOW_MS), "or some days");
        assert!(is_wrong(NOW_MS - 11 * YEAR_MS, 5_000), "both are wrong, the phone more so");
    }
}
