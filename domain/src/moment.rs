//! An hour of a business day: fine enough to tell what belongs to a report that is due "trước 14h".

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Day;
use crate::day::BadDay;

/// An hour (0–23) of a day in Vietnam. Written `2026-11-23T14`, and `2026-11-23` for its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    pub day: Day,
    pub hour: u32,
}

impl Moment {
    /// Midnight at which the day begins.
    pub fn start_of(day: Day) -> Self {
        Self { day, hour: 0 }
    }

    pub fn at_ms(ms: u64) -> Self {
        const HOUR_MS: i64 = 3_600_000;
        let day = Day::at_ms(ms);
        let since = i64::try_from(ms).unwrap_or(0).saturating_sub(day.start_ms());
        Self { day, hour: u32::try_from(since.div_euclid(HOUR_MS).clamp(0, 23)).unwrap_or(0) }
    }

    /// When something was done that was recorded at `recorded_ms` for business day `day`: its hour is known only if it
    /// was recorded on that very day.
    pub fn of_record(day: Day, recorded_ms: u64) -> Self {
        let recorded = Self::at_ms(recorded_ms);
        if recorded.day == day { recorded } else { Self::start_of(day) }
    }

    /// "14h00 Thứ Hai 23/11/2026"; the end of a day rather than the beginning of the next.
    pub fn label(self) -> String {
        if self.hour == 0 {
            let day = self.day.plus(-1);
            return format!("hết {} {}", day.weekday_name(), day.vietnamese());
        }
        format!("{}h00 {} {}", self.hour, self.day.weekday_name(), self.day.vietnamese())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hour {
            0 => write!(formatter, "{}", self.day),
            hour => write!(formatter, "{}T{hour:02}", self.day),
        }
    }
}

impl FromStr for Moment {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        let (day, hour) = text.split_once('T').unwrap_or((text, "0"));
        let hour = hour.parse().ok().filter(|hour| *hour < 24).ok_or(BadDay)?;
        Ok(Self { day: day.parse()?, hour })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_survives_its_text() {
        let day: Day = "2026-11-23".parse().expect("a day");
        for hour in 0..24 {
            let moment = Moment { day, hour };
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        for bad in ["2026-11-23T24", "2026-11-23Tx", "2026-11", ""] {
            assert_eq!(bad.parse::<Moment>(), Err(BadDay), "{bad}");
        }
    }

    #[test]
    fn what_is_recorded_later_for_another_day_has_no_hour() {
        let day: Day = "2026-11-23".parse().expect("a day");
        let at_ms = u64::try_from(day.start_ms()).expect("after 1970") + 15 * 3_600_000;
        assert_eq!(Moment::of_record(day, at_ms), Moment { day, hour: 15 });
        assert_eq!(Moment::of_record(day.plus(-1), at_ms), Moment::start_of(day.plus(-1)));
    }
}
