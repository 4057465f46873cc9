//! Stamps: a hybrid logical clock (wall time, counter, install) that orders edits from phones whose clocks are wrong.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One installation of the app on one browser; random, never a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstallId(pub u64);

impl InstallId {
    /// What a list from outside writes: no install of ours, so that its stamps are like no phone's.
    pub const LIST: InstallId = InstallId(0x7157);
}

/// When an edit was made. Only for merging: reports use the business day and the server's time of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Milliseconds since 1970, corrected by what is known of the phone's clock error.
    pub ms: u64,
    /// Orders edits within one millisecond.
    pub counter: u32,
    pub install: InstallId,
}

/// How far ahead of its own clock the server accepts a stamp.
pub const AHEAD_MS_MAX: u64 = 2 * 60 * 1000;

/// Stamps beyond this (about the year 10000) are malformed.
pub const STAMP_MS_MAX: u64 = 253_402_300_800_000;

impl Stamp {
    /// The stamp of what a list says that was imported at `now_ms`.
    ///
    /// A list knows less than whoever stood at the door, also when it is imported after the visit and the visit is sent
    /// after the import. So its stamps lie in a range of their own, below every phone's: seconds instead of
    /// milliseconds since 1970 (read as milliseconds, a day in 1970), with the milliseconds
    /// within the second as counter. Among lists, the later one still wins.
    pub fn of_list(now_ms: u64) -> Self {
        let now_ms = now_ms.min(STAMP_MS_MAX);
        // Below 1000, so it always fits.
        let counter = u32::try_from(now_ms % 1_000).unwrap_or(0);
        Self { ms: now_ms / 1_000, counter, install: InstallId::LIST }
    }

    /// The next larger stamp of the same millisecond.
    fn bumped(self) -> Self {
        match self.counter.checked_add(1) {
            Some(counter) => Self { counter, ..self },
            None => Self { ms: self.ms + 1, counter: 0, ..self },
        }
    }

    /// This stamp moved by `delta_ms` (a corrected clock), never before 1970.
    #[must_use]
    pub fn shifted(self, delta_ms: i64) -> Self {
        Self { ms: self.ms.saturating_add_signed(delta_ms).min(STAMP_MS_MAX), ..self }
    }

    /// The smallest stamp of this install that is larger than both.
    #[must_use]
    pub fn after(self, other: Stamp) -> Self {
        if self > other { self } else { Self { install: self.install, ..other }.bumped() }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}-{:x}-{:x}", self.ms, self.counter, self.install.0)
    }
}

/// A stamp that is not three hexadecimal numbers joined by `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("dấu thời gian sai dạng")]
pub struct BadStamp;

impl FromStr for Stamp {
    type Err = BadStamp;

    fn from_str(text: &str) -> Result<Self, BadStamp> {
        let mut parts = text.split('-');
        let (Some(ms), Some(counter), Some(install), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadStamp);
        };
        let stamp = Self {
            ms: hex(ms)?,
            counter: hex(counter)?.try_into().map_err(|_| BadStamp)?,
            install: InstallId(hex(install)?),
        };
        if stamp.ms > STAMP_MS_MAX { Err(BadStamp) } else { Ok(stamp) }
    }
}

/// Only the one spelling that `Display` writes, so that equal stamps have equal text.
fn hex(text: &str) -> Result<u64, BadStamp> {
    let is_plain = !text.is_empty()
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && (text == "0" || !text.starts_with('0'));
    if !is_plain {
        return Err(BadStamp);
    }
    u64::from_str_radix(text, 16).map_err(|_| BadStamp)
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for InstallId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:x}", self.0))
    }
}

impl<'de> Deserialize<'de> for InstallId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        hex(&text).map(InstallId).map_err(D::Error::custom)
    }
}

/// Hands out stamps that are larger than every stamp this install has given or seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    last: Stamp,
}

impl Clock {
    pub fn new(install: InstallId) -> Self {
        Self { last: Stamp { ms: 0, counter: 0, install } }
    }

    pub fn install(&self) -> InstallId {
        self.last.install
    }

    /// The largest stamp given or seen so far.
    pub fn last(&self) -> Stamp {
        self.last
    }

    /// A stamp for an edit made at `now_ms` (already corrected by the known clock error).
    pub fn tick(&mut self, now_ms: u64) -> Stamp {
        let now = Stamp { ms: now_ms.min(STAMP_MS_MAX), counter: 0, install: self.last.install };
        self.last = now.after(self.last);
        self.last
    }

    /// Takes note of a stamp from elsewhere, so that the next edit here is newer than what was seen.
    pub fn observe(&mut self, stamp: Stamp) {
        if stamp > self.last {
            self.last = Stamp { install: self.last.install, ..stamp }.bumped();
        }
    }

    /// Starts again below a clock that turned out to run ahead; the caller observes what it still holds.
    pub fn reset(&mut self) {
        *self = Self::new(self.last.install);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: InstallId = InstallId(0xa1);

    #[test]
    fn stamps_grow_even_when_the_clock_goes_back() {
        let mut clock = Clock::new(PHONE);
        let first = clock.tick(1_000);
        let second = clock.tick(1_000);
        let third = clock.tick(5);
        assert!(first < second && second < third);
    }

    #[test]
    fn an_edit_is_newer_than_all_it_has_seen() {
        let mut clock = Clock::new(PHONE);
        let seen = Stamp { ms: 9_000, counter: 7, install: InstallId(u64::MAX) };
        clock.observe(seen);
        assert!(clock.tick(1_000) > seen);
    }

    #[test]
    fn whatever_a_phone_wrote_beats_every_list_and_a_later_list_beats_an_earlier_one() {
        let year_2020 = 1_577_836_800_000;
        let (first, second, far) = (1_795_000_000_123, 1_795_000_000_124, STAMP_MS_MAX);
        assert!(Stamp::of_list(first) < Stamp::of_list(second));
        assert!(Stamp::of_list(second) < Stamp::of_list(second + 876));
        assert!(Stamp::of_list(far) < Stamp { ms: year_2020, counter: 0, install: InstallId(0) });
        assert_eq!(Stamp::of_list(first), Stamp { ms: 1_795_000_000, counter: 123, install: InstallId::LIST });
    }

    #[test]
    fn a_stamp_survives_its_text() {
        let stamp = Stamp { ms: 1_795_000_000_000, counter: 3, install: InstallId(0xfeed) };
        assert_eq!(stamp.to_string().parse(), Ok(stamp));
        for bad in ["", "1-2", "1-2-3-4", "x-0-0", "01-0-0", "ffffffffffffffff-0-0", "+1-0-0", "A-0-0"] {
            assert_eq!(bad.parse::<Stamp>(), Err(BadStamp), "{bad}");
        }
    }
}
