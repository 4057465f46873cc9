//! What goes wrong in one run: drawn from the seed before anything happens.

use domain::planted::Mistake;

use super::rng::Rng;

/// 2026-05-05 20:26 in Vietnam; runs last a few weeks, so none crosses a new year (ages depend on the year).
pub const START_MS: u64 = 1_777_987_600_000;
pub const SECOND_MS: u64 = 1_000;
pub const MINUTE_MS: u64 = 60 * SECOND_MS;
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
pub const DAY_MS: u64 = 24 * HOUR_MS;

/// What the caller may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub phones: usize,
    /// Keep a readable story of everything that happens.
    pub tells: bool,
    /// Of many runs, do also those after the first in which an invariant did not hold.
    pub goes_on: bool,
    /// The program runs with this mistake in it.
    pub planted: Option<Mistake>,
    /// The last lines of each story.
    pub lines: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { phones: 20, tells: false, goes_on: false, planted: None, lines: 60 }
    }
}

/// Chances are per mille.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each switches a fault of its own on")]
pub struct Plan {
    pub phones: usize,
    pub areas: usize,
    pub length_ms: u64,
    /// Times that each phone is opened, and writes in each.
    pub sessions: u64,
    pub writes: u64,
    pub lost: u64,
    pub reply_lost: u64,
    pub duplicated: u64,
    /// Answered by nobody, ever: only the phone's own patience ends it.
    pub hung: u64,
    /// Arrives after the phone has given up, up to days later.
    pub late: u64,
    /// A reply that reaches the phone after it has given up, or a second time: when it asks again, and waits for that answer.
    pub late_reply: u64,
    pub portal: u64,
    /// A proxy answers 502: before the server had the request, or after.
    pub bad_gateway: u64,
    /// The server fails within a request: the process dies, the caller goes away, or the database reports an error.
    pub server_fault: u64,
    /// The phone is killed before or after an effect.
    pub kill: u64,
    pub disk_full: u64,
    /// Phones with a wrong clock, and sessions in which somebody sets it.
    pub wrong_clock: u64,
    pub clock_jump: u64,
    /// Phones without network for days, in one direction or in both.
    pub partition: u64,
    /// Writes that no honest screen offers.
    pub hostile: u64,
    /// Sessions in which the system stops the page.
    pub frozen: u64,
    /// Phones on whose line somebody refuses by content.
    pub filters: u64,
    /// Times that the office's clock is wrong for a while.
    pub office_clock: u64,
    /// Times that the server's file is put back without a word.
    pub rollbacks: u64,
    /// One of the adversary's phones sends more than anybody writes.
    pub floods: bool,
    /// Several requests are served at once; with a file only, and not the same way twice.
    pub at_once: bool,
    /// Requests by hand of each phone of the adversary.
    pub strikes: u64,
    /// Times that the server is restored from a backup; the second time from an older one, as a rule.
    pub restores: u64,
    /// Documents in one reply.
    pub page: usize,
    /// The database is a file, and a crash leaves what was in it.
    pub on_disk: bool,
    pub phone_lost: bool,
    pub members_move: bool,
    /// Times that somebody moves to another area.
    pub moves: u64,
    /// The coordinator makes new areas, and what is moved fills them.
    pub splits: bool,
    /// Times that people of two areas are joined as one, or parted.
    pub doubles: u64,
    /// Phones whose browser throws everything away, that get a successor while in use, whose member leaves.
    pub evicted: u64,
    pub replaced: u64,
    /// Phones whose disk loses a row without a word.
    pub rotten: u64,
    pub left: u64,
    /// Unsent work is handed over as sealed capsules.
    pub capsules: bool,
    /// Phones of an older and of a newer version.
    pub older: u64,
    pub newer: u64,
    /// Phones that lie open through the last hour: nobody's tap wakes them when the faults end.
    pub left_open: u64,
}

impl Plan {
    pub fn draw(seed: u64, options: &Options, rng: &mut Rng) -> Self {
        let mut one_of = |values: &[u64]| rng.pick(values).copied().unwrap_or(0);
        let phones = options.phones.max(4);
        // Two or three areas for twenty phones: as many people meet at one document as in a real team, however many
        // phones there are.
        let areas = if one_of(&[0, 1]) == 0 { phones.div_ceil(10) } else { (phones * 3).div_ceil(20) };
        Self {
            phones,
            areas: areas.clamp(2, phones - 2),
            length_ms: one_of(&[HOUR_MS, DAY_MS, 3 * DAY_MS, 10 * DAY_MS, 20 * DAY_MS]),
            sessions: one_of(&[2, 3, 4]),
            writes: one_of(&[3, 4, 5]),
            lost: one_of(&[0, 20, 100, 250, 500]),
            reply_lost: one_of(&[0, 20, 100, 300]),
            duplicated: one_of(&[0, 50, 100, 200]),
            hung: one_of(&[0, 10, 50]),
            late: one_of(&[0, 20, 100]),
            late_reply: one_of(&[0, 20, 100]),
            portal: one_of(&[0, 20, 100]),
            bad_gateway: one_of(&[0, 20, 100]),
            server_fault: one_of(&[0, 20, 80]),
            kill: one_of(&[0, 3, 10, 30]),
            disk_full: one_of(&[0, 0, 5, 20]),
            wrong_clock: one_of(&[0, 100, 300]),
            clock_jump: one_of(&[0, 50, 200]),
            partition: one_of(&[0, 100, 300]),
            hostile: one_of(&[0, 20, 60]),
            restores: one_of(&[0, 0, 0, 0, 1, 2]),
            page: usize::try_from(one_of(&[500, 60, 12])).unwrap_or(500),
            on_disk: seed.is_multiple_of(4),
            phone_lost: one_of(&[0, 0, 1]) == 1,
            members_move: one_of(&[0, 1]) == 1,
            moves: one_of(&[0, 0, 2, 6]),
            splits: one_of(&[0, 0, 1]) == 1,
            doubles: one_of(&[0, 0, 3]),
            evicted: one_of(&[0, 0, 50, 100]),
            replaced: one_of(&[0, 0, 50, 100]),
            rotten: one_of(&[0, 0, 50]),
            left: one_of(&[0, 0, 50]),
            capsules: one_of(&[0, 1]) == 1,
            older: one_of(&[0, 200]),
            newer: one_of(&[0, 100, 300]),
            left_open: one_of(&[0, 100, 300]),
            strikes: one_of(&[0, 6, 18]),
            frozen: one_of(&[0, 0, 100, 250]),
            filters: one_of(&[0, 0, 0, 80]),
            office_clock: one_of(&[0, 0, 0, 1, 2]),
            rollbacks: one_of(&[0, 0, 0, 1]),
            at_once: seed % 8 == 4,
            floods: one_of(&[0, 0, 0, 0, 0, 1]) == 1,
        }
    }
}
