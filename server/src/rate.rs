//! How often somebody may ask: a bucket of tokens each, filled by time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Beyond this many callers the full buckets are forgotten: they say nothing.
const CALLERS_MAX: usize = 10_000;
const MINUTE_MS: u64 = 60_000;

/// A bucket holds a minute's worth; amounts are in thousandths of a request times a minute, so whole numbers do.
#[derive(Debug)]
pub struct Buckets<K> {
    per_minute: u64,
    spent: Mutex<HashMap<K, Spent>>,
}

#[derive(Clone, Copy, Debug)]
struct Spent {
    /// How long the bucket needs until it is full again, in milliseconds.
    debt_ms: u64,
    at_ms: u64,
}

impl<K: Hash + Eq> Buckets<K> {
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: u64::from(per_minute.max(1)), spent: Mutex::default() }
    }

    /// Counts a request; the error is how many seconds to wait.
    pub fn take(&self, caller: K, now_ms: u64) -> Result<(), u64> {
        let cost_ms = MINUTE_MS / self.per_minute;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= CALLERS_MAX {
            spent.retain(|_, bucket| bucket.debt_ms > now_ms.saturating_sub(bucket.at_ms));
            // So many at once have an address for each request: their buckets bound nothing, and cost memory and time.
            if spent.len() >= CALLERS_MAX {
                spent.clear();
            }
        }
        let bucket = spent.entry(caller).or_insert(Spent { debt_ms: 0, at_ms: now_ms });
        let debt_ms = bucket.debt_ms.saturating_sub(now_ms.saturating_sub(bucket.at_ms));
        if debt_ms + cost_ms > MINUTE_MS {
            return Err((debt_ms + cost_ms - MINUTE_MS).div_ceil(1_000));
        }
        *bucket = Spent { debt_ms: debt_ms + cost_ms, at_ms: now_ms };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_passes_and_then_one_by_one() {
        let buckets = Buckets::new(60);
        assert!((0..60).all(|_| buckets.take("a", 0).is_ok()));
        assert_eq!(buckets.take("a", 0), Err(1));
        assert_eq!(buckets.take("b", 0), Ok(()));
        assert_eq!(buckets.take("a", 1_000), Ok(()));
        assert_eq!(buckets.take("a", 1_000), Err(1));
    }

    #[test]
    fn a_flood_of_callers_is_forgotten() {
        let buckets = Buckets::new(1);
        for caller in 0..3 * CALLERS_MAX {
            assert_eq!(buckets.take(caller, 0), Ok(()));
        }
        assert!(buckets.spent.lock().expect("a lock").len() <= CALLERS_MAX);
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out_for_long() {
        let buckets = Buckets::new(60);
        assert_eq!(buckets.take("a", 1_000_000), Ok(()));
        assert_eq!(buckets.take("a", 0), Ok(()));
    }
}
