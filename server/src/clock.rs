//! Whether this machine's clock can be right. A server that works under a wrong one dates the business of a whole commune
//! wrongly, and phones learn the wrong time from it: so it waits for a person instead.
//!
//! The witnesses are the newest time at which this server has worked, kept in the database and so in every backup, and the
//! day from which this program is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::planted::{Mistake, is_planted};

use crate::admin::note;
use crate::store::{Instance, Store, StoreError, StoreResult, Tx};

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// A clock that is set right, or a daylight saving that somebody has switched on, moves by less than this.
const BEHIND_MS_MAX: u64 = DAY_MS;
/// A server that stood still for longer, as over a summer, or a clock that has jumped: a person must say which.
const AHEAD_MS_MAX: u64 = 60 * DAY_MS;
/// How often the time is noted while the server works.
const NOTE_MS: u64 = 10 * MINUTE_MS;

/// 2026-04-16, when the compiler came out that this program asks for (`rust-version` in `Cargo.toml`): no right clock shows
/// an earlier day.
const COMPILER_MS: u64 = 1_776_297_600_000;

/// From when this program is. A build may say so itself, as reproducible builds do.
pub fn built_ms() -> u64 {
    let seconds = option_env!("SOURCE_DATE_EPOCH").and_then(|text| text.parse::<u64>().ok());
    seconds.map_or(COMPILER_MS, |seconds| seconds.saturating_mul(1_000).max(COMPILER_MS))
}

/// What the present time is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Witnesses {
    /// The newest time at which the server has worked; `None` in a new database.
    pub seen_ms: Option<u64>,
    /// From when the program is.
    pub built_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// The server has worked at a later time.
    BeforeItsWork,
    /// The program is of a later day.
    BeforeTheProgram,
    /// Much later than the server has last worked.
    LongAfterItsWork,
}

/// Whether `now_ms` can be right. A program that is newer than the moment at which a person has `confirmed` the clock is no
/// witness: its own day was wrong then.
pub fn clock_check(now_ms: u64, witnesses: Witnesses, confirmed_ms: Option<u64>) -> Verdict {
    let Witnesses { seen_ms, built_ms } = witnesses;
    let is_before = |witness_ms: u64| now_ms.saturating_add(BEHIND_MS_MAX) < witness_ms;
    let is_overruled = confirmed_ms.is_some_and(|at_ms| at_ms.saturating_add(BEHIND_MS_MAX) < built_ms);
    if seen_ms.is_some_and(is_before) {
        Verdict::BeforeItsWork
    } else if is_before(built_ms) && !is_overruled {
        Verdict::BeforeTheProgram
    } else if seen_ms.is_some_and(|seen_ms| now_ms > seen_ms.saturating_add(AHEAD_MS_MAX)) {
        Verdict::LongAfterItsWork
    } else {
        Verdict::Right
    }
}

fn judge(now_ms: u64, built_ms: u64, instance: &Instance) -> Verdict {
    clock_check(now_ms, Witnesses { seen_ms: instance.seen_ms, built_ms }, instance.confirmed_ms)
}

/// The check as a running server makes it with every request: from memory, as long as the clock is right.
#[derive(Debug)]
pub struct ServerClock {
    built_ms: u64,
    known: Mutex<Known>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The newest time of a request that was served; `None` before the database was asked.
    seen_ms: Option<u64>,
    /// When that was last written down.
    noted_ms: u64,
    is_wrong: bool,
}

impl ServerClock {
    /// `built_ms` is from when the program is; zero when only the database counts.
    pub fn new(built_ms: u64) -> Self {
        Self { built_ms, known: Mutex::default() }
    }

    /// Judges the present time, and notes it now and then. Says in the log when the clock turns out wrong, and when it is
    /// right again.
    pub async fn check<S: Store>(&self, store: &S, now_ms: u64) -> StoreResult<Verdict> {
        if is_planted(Mistake::ServerClockBelieved) || self.is_right_and_noted(now_ms) {
            return Ok(Verdict::Right);
        }
        // Not asked yet, or wrong: a person may have confirmed it meanwhile.
        let mut tx = store.read().await?;
        let instance = tx.instance().await?;
        tx.commit().await?;
        let Some(instance) = instance else { return Ok(Verdict::Right) };
        let verdict = judge(now_ms, self.built_ms, &instance);
        self.tell(verdict, now_ms, &instance);
        if verdict == Verdict::Right
            && let Err(error) = note_time(store, self.built_ms, now_ms).await
        {
            // A full disk: what is asked for may still be answered.
            tracing::warn!(%error, "could not note the time");
        }
        Ok(verdict)
    }

    fn is_right_and_noted(&self, now_ms: u64) -> bool {
        let mut known = self.known();
        let Some(seen_ms) = known.seen_ms.filter(|_| !known.is_wrong) else { return false };
        let witnesses = Witnesses { seen_ms: Some(seen_ms), built_ms: 0 };
        let is_right = clock_check(now_ms, witnesses, None) == Verdict::Right;
        if is_right {
            known.seen_ms = Some(seen_ms.max(now_ms));
        }
        is_right && now_ms < known.noted_ms.saturating_add(NOTE_MS)
    }

    fn tell(&self, verdict: Verdict, now_ms: u64, instance: &Instance) {
        let mut known = self.known();
        let was_wrong = known.is_wrong;
        known.is_wrong = verdict != Verdict::Right;
        if !known.is_wrong {
            (known.seen_ms, known.noted_ms) = (Some(now_ms.max(instance.seen_ms.unwrap_or(0))), now_ms);
        }
        match (was_wrong, known.is_wrong) {
            (false, true) => {
                let seen_ms = instance.seen_ms.unwrap_or(0);
                tracing::error!(
                    ?verdict,
                    now_ms,
                    seen_ms,
                    built_ms = self.built_ms,
                    "this machine's clock cannot be right: nothing is served until it is, or until somebody runs \
                     `tung-nha clock --confirm`"
                );
            }
            (true, false) => tracing::info!(now_ms, "the clock is believed again"),
            _ => {}
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn note_time<S: Store>(store: &S, built_ms: u64, now_ms: u64) -> StoreResult<()> {
    let mut tx = store.write().await?;
    // Read anew: a person may have confirmed an earlier time meanwhile.
    let Some(mut instance) = tx.instance().await? else { return Ok(()) };
    if judge(now_ms, built_ms, &instance) != Verdict::Right || instance.seen_ms.is_some_and(|seen| seen >= now_ms) {
        return Ok(());
    }
    instance.seen_ms = Some(now_ms);
    tx.set_instance(&instance).await?;
    tx.commit().await
}

/// What a database knows, and what follows from it at this moment.
pub async fn look<S: Store>(store: &S, built_ms: u64, now_ms: u64) -> StoreResult<(Verdict, Instance)> {
    let mut tx = store.read().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    tx.commit().await?;
    Ok((judge(now_ms, built_ms, &instance), instance))
}

/// A person says that the machine's clock is right: from here on it is held against this moment, whatever was seen before.
pub async fn confirm<S: Store>(store: &S, now_ms: u64) -> StoreResult<()> {
    let mut tx = store.write().await?;
    let mut instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    (instance.seen_ms, instance.confirmed_ms) = (Some(now_ms), Some(now_ms));
    tx.set_instance(&instance).await?;
    tx.audit(&note(&instance, "confirm_clock", now_ms)).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_held_against_every_witness() {
        const NOW: u64 = 1_796_000_000_000;
        let year = 365 * DAY_MS;
        let cases = [
            // What is seen, from when the program is, what was confirmed, what follows.
            (None, 0, None, Verdict::Right),
            (None, NOW - year, None, Verdict::Right),
            (None, NOW + DAY_MS, None, Verdict::Right),
            (None, NOW + DAY_MS + 1, None, Verdict::BeforeTheProgram),
            (None, NOW + year, Some(NOW), Verdict::Right),
            (None, NOW + year, Some(NOW + year), Verdict::BeforeTheProgram),
            (Some(NOW), 0, None, Verdict::Right),
            (Some(NOW + DAY_MS), 0, None, Verdict::Right),
            (Some(NOW + DAY_MS + 1), 0, None, Verdict::BeforeItsWork),
            (Some(NOW + year), NOW + year, Some(NOW - year), Verdict::BeforeItsWork),
            (Some(NOW - 60 * DAY_MS), 0, None, Verdict::Right),
            (Some(NOW - 60 * DAY_MS - 1), 0, None, Verdict::LongAfterItsWork),
            (Some(NOW - year), 0, Some(NOW - year), Verdict::LongAfterItsWork),
            (Some(u64::MAX), u64::MAX, None, Verdict::BeforeItsWork),
        ];
        for (seen_ms, built_ms, confirmed_ms, verdict) in cases {
            let witnesses = Witnesses { seen_ms, built_ms };
            assert_eq!(clock_check(NOW, witnesses, confirmed_ms), verdict, "{witnesses:?} {confirmed_ms:?}");
        }
    }

    #[test]
    fn the_programs_day_is_that_of_its_compiler() {
        assert_eq!(
            env!("CARGO_PKG_RUST_VERSION"),
            "1.95",
            "a newer compiler: set `COMPILER_MS` to the day of its release"
        );
        assert!(built_ms() >= COMPILER_MS);
    }

    #[test]
    fn an_empty_battery_is_always_found_out() {
        let in_2015 = 1_420_070_400_000;
        for now_ms in [0, in_2015] {
            let witnesses = Witnesses { seen_ms: None, built_ms: built_ms() };
            assert_eq!(clock_check(now_ms, witnesses, None), Verdict::BeforeTheProgram);
        }
    }
}
