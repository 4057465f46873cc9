//! Calendar days in Vietnam: the business date of a visit, a deadline, a report slot.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Vietnam is UTC+7 all year.
const OFFSET_MS: i64 = 7 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// A day of the Gregorian calendar, counted from 1970-01-01. Written `2026-07-31` in data, `31/07/2026` on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ngày không hợp lệ")]
pub struct BadDay;

impl Day {
    /// The day in Vietnam at a moment (milliseconds since 1970, UTC).
    pub fn at_ms(ms: u64) -> Self {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX - OFFSET_MS);
        Self(i32::try_from((ms + OFFSET_MS).div_euclid(DAY_MS)).unwrap_or(i32::MAX))
    }

    /// Errors when there is no such day, or the year is not 1..=9999.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Result<Self, BadDay> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 || day > month_days(year, month) {
            return Err(BadDay);
        }
        // Days from civil: years start in March, so that the leap day is the last of its year.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (month.cast_signed() + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day.cast_signed() - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Ok(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month (1–12), day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1).cast_unsigned();
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 }.cast_unsigned();
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month, day)
    }

    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The last day of the month that comes so many months after this day's.
    #[must_use]
    pub fn month_end_after(self, months: u32) -> Self {
        let (year, month, _) = self.ymd();
        let months = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        match (i32::try_from(year), u32::try_from(month)) {
            (Ok(year), Ok(month)) => Self::month_end(year, month).unwrap_or(self),
            _ => self,
        }
    }

    /// Errors when there is no such month.
    pub fn month_end(year: i32, month: u32) -> Result<Self, BadDay> {
        if !(1..=12).contains(&month) {
            return Err(BadDay);
        }
        Self::from_ymd(year, month, month_days(year, month))
    }

    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Days from `earlier` to this day; negative when this day is before it.
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// 0 = Monday … 6 = Sunday.
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7).cast_unsigned()
    }

    /// "Thứ Hai" … "Chủ nhật".
    pub fn weekday_name(self) -> &'static str {
        Self::weekday_names()[self.weekday() as usize]
    }

    /// Monday first.
    pub fn weekday_names() -> [&'static str; 7] {
        ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"]
    }

    /// As written in Vietnam: `31/07/2026`.
    pub fn vietnamese(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{day:02}/{month:02}/{year:04}")
    }

    /// Midnight in Vietnam, in milliseconds since 1970 (UTC).
    pub fn start_ms(self) -> i64 {
        i64::from(self.0) * DAY_MS - OFFSET_MS
    }
}

/// The time of day in Vietnam at a moment, as `09:40`.
pub fn time_of_day(ms: u64) -> String {
    let ms = i64::try_from(ms).unwrap_or(0) + OFFSET_MS;
    let minutes = ms.div_euclid(60_000).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn month_days(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        let mut parts = text.splitn(3, '-');
        let mut number = || parts.next()?.parse::<u32>().ok();
        let (Some(year), Some(month), Some(day)) = (number(), number(), number()) else {
            return Err(BadDay);
        };
        Self::from_ymd(i32::try_from(year).map_err(|_| BadDay)?, month, day)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_survives_its_parts() {
        let first = Day::from_ymd(1900, 1, 1).expect("a day");
        for offset in 0..146_097 {
            let day = first.plus(offset);
            let (year, month, date) = day.ymd();
            assert_eq!(Day::from_ymd(year, month, date), Ok(day));
            assert_eq!(day.to_string().parse(), Ok(day));
        }
    }

    #[test]
    fn the_campaign_of_cho_don_has_seven_report_slots() {
        let first = Day::from_ymd(2025, 7, 28).expect("a day");
        let slots = (0..22).map(|offset| first.plus(offset)).filter(|day| matches!(day.weekday(), 0 | 3)).count();
        assert_eq!(slots, 7);
        assert_eq!(Day::from_ymd(2025, 8, 18).expect("a day").since(first), 21);
    }

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        assert_eq!(Day::at_ms(1_795_193_999_000).to_string(), "2026-11-20");
        assert_eq!(Day::at_ms(1_795_194_000_000).to_string(), "2026-11-21");
        assert_eq!(time_of_day(1_795_194_000_000), "00:00");
        assert_eq!(Day::at_ms(1_795_194_000_000).weekday_name(), "Thứ Bảy");
    }

    #[test]
    fn a_month_ends_on_its_own_last_day() {
        let day = |year, month, day| Day::from_ymd(year, month, day).expect("a day");
        assert_eq!(Day::month_end(2028, 2), Ok(day(2028, 2, 29)));
        assert_eq!(Day::month_end(2027, 2), Ok(day(2027, 2, 28)));
        assert_eq!(Day::month_end(2027, 13), Err(BadDay));
        assert_eq!(day(2026, 11, 21).month_end_after(12), day(2027, 11, 30));
        assert_eq!(day(2026, 12, 31).month_end_after(2), day(2027, 2, 28));
        assert_eq!(day(2026, 1, 5).month_end_after(0), day(2026, 1, 31));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for bad in ["2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "hôm nay", "2026-1"] {
            assert_eq!(bad.parse::<Day>(), Err(BadDay), "{bad}");
        }
    }
}
