//! Dates, which spreadsheets keep as numbers that a number format makes look like a date.

use domain::Day;
use domain::import::Cell;

/// The last day of the year 9999.
const SERIAL_MAX: f64 = 2_958_465.0;

/// The day that a file counts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Epoch {
    /// Day 1 is 1900-01-01, and 1900 is taken for a leap year.
    #[default]
    Of1900,
    /// Day 0 is 1904-01-01: old Macs.
    Of1904,
}

/// A number, or the day that it stands for.
pub(crate) fn number(value: f64, is_date: bool, epoch: Epoch) -> Cell {
    let date = if is_date { day(value, epoch) } else { None };
    date.map_or(Cell::Number(value), of_day)
}

pub(crate) fn of_day(day: Day) -> Cell {
    let (year, month, day) = day.ymd();
    Cell::Date { year, month, day }
}

fn day(serial: f64, epoch: Epoch) -> Option<Day> {
    let first = if epoch == Epoch::Of1900 { 1.0 } else { 0.0 };
    if !(first..=SERIAL_MAX).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the range of years 1900 to 9999")]
    let days = serial.floor() as i32;
    let day = match epoch {
        // The 29th of February 1900 does not exist.
        Epoch::Of1900 if days < 60 => Day::from_ymd(1899, 12, 31).ok()?.plus(days),
        Epoch::Of1900 => Day::from_ymd(1899, 12, 30).ok()?.plus(days),
        Epoch::Of1904 => Day::from_ymd(1904, 1, 1).ok()?.plus(days),
    };
    (day.year() <= 9999).then_some(day)
}

/// `1956-03-04`, with or without a time behind it.
pub(crate) fn iso(text: &str) -> Option<Cell> {
    let day = text.get(..10)?.parse::<Day>().ok()?;
    matches!(text.as_bytes().get(10), None | Some(b'T' | b' ' | b'Z')).then(|| of_day(day))
}

/// Whether the number format that every file knows by this number shows a day. Those with a time only do not count.
pub(crate) fn is_builtin_date(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a number format shows a day: it has a `d` or `y`, or an `m` that does not stand for minutes.
pub(crate) fn is_date_format(code: &str) -> bool {
    let (mut has_day, mut has_month, mut has_time) = (false, false, false);
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => {
                // A colour, a language, or hours that go on beyond a day.
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                has_time |= inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'));
            }
            // The next one is written as it is.
            '\\' | '_' | '*' => drop(chars.next()),
            ';' => break,
            'd' | 'y' => has_day = true,
            'm' => has_month = true,
            'h' | 's' => has_time = true,
            // `General`: not a date, whatever else is in it.
            'g' | '#' | '0' | '?' if !has_time => return false,
            _ => {}
        }
    }
    has_day || (has_month && !has_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_count_from_the_epoch_of_the_file() {
        let date = |year, month, day| Cell::Date { year, month, day };
        for (serial, of_1900, of_1904) in [
            (1.0, date(1900, 1, 1), date(1904, 1, 2)),
            (59.0, date(1900, 2, 28), date(1904, 2, 29)),
            (61.0, date(1900, 3, 1), date(1904, 3, 2)),
            (20_518.75, date(1956, 3, 4), date(1960, 3, 5)),
        ] {
            assert_eq!(number(serial, true, Epoch::Of1900), of_1900);
            assert_eq!(number(serial, true, Epoch::Of1904), of_1904);
        }
    }

    #[test]
    fn a_number_that_is_no_day_stays_a_number() {
        for value in [-1.0, 0.5, 3e6, f64::NAN, f64::INFINITY] {
            assert!(matches!(number(value, true, Epoch::Of1900), Cell::Number(_)), "{value}");
        }
        assert_eq!(number(1956.0, false, Epoch::Of1900), Cell::Number(1956.0));
        assert!(matches!(number(2_958_465.0, true, Epoch::Of1904), Cell::Number(_)), "beyond the year 9999");
    }

    #[test]
    fn a_format_is_a_date_when_it_shows_a_day() {
        for code in ["dd/mm/yyyy", "[$-42A]dd\\-mmmm\\-yyyy;@", "yyyy", "mmm", "d/m/yy h:mm", "\"ngày \"dd"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in ["General", "0", "#,##0\\ \"đồng\"", "h:mm", "mm:ss", "[h]:mm", "@", "[Red]0", "0_d", "\"dmy\"0"]
        {
            assert!(!is_date_format(code), "{code}");
        }
    }

    #[test]
    fn an_iso_date_may_have_a_time_behind_it() {
        assert_eq!(iso("1956-03-04T00:00:00"), Some(Cell::Date { year: 1956, month: 3, day: 4 }));
        assert_eq!(iso("1956-03-04"), iso("1956-03-04T10:00:00"));
        assert_eq!((iso("1956-03"), iso("1956-03-041"), iso("ngày 4-3-1956")), (None, None, None));
    }
}
