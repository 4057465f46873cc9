//! Years of birth out of dates, serial numbers, half dates and years. Day and month are not kept.

use super::super::Cell;
use crate::Day;

const YEAR_MIN: i64 = 1900;
const YEAR_MAX: i64 = 2050;
/// "26" is a child, "27" a great-grandmother. A fixed border, so that a list gives the same years whenever it is read.
const TWO_DIGIT_LAST_CHILD: i64 = 26;

/// What a birth cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Birth {
    Blank,
    Year(i64),
    /// Understood by a guess: two digits, or a year that a date format turned into a day of 1905.
    Guess(i64),
    Unclear,
}

pub(in super::super) fn birth(cell: &Cell, text: &str) -> Birth {
    match cell {
        Cell::Date { year, month, day } => from_date(*year, *month, *day),
        Cell::Number(number) => from_number(*number),
        Cell::Bool(_) => Birth::Unclear,
        Cell::Empty => Birth::Blank,
        Cell::Text(_) => from_text(text),
    }
}

fn from_date(year: i32, month: u32, day: u32) -> Birth {
    // Whoever types 1957 into a cell with a date format gets day number 1957, in May 1905.
    if let Some(serial) = serial(year, month, day)
        && is_year(serial)
    {
        return Birth::Guess(serial);
    }
    plausible(i64::from(year))
}

fn from_number(number: f64) -> Birth {
    const SERIAL_MAX: f64 = 80_000.0;
    if !(0.0..=99_999_999.0).contains(&number) {
        return Birth::Unclear;
    }
    // A serial number has the time of day after the point.
    if number.fract() != 0.0 && number < SERIAL_MAX {
        return from_serial(number.trunc());
    }
    from_text(&format!("{number}"))
}

fn from_serial(serial: f64) -> Birth {
    // In range, so the text of the whole number is a number again.
    format!("{serial}").parse().map_or(Birth::Unclear, from_day_number)
}

fn from_day_number(serial: i32) -> Birth {
    epoch().map_or(Birth::Unclear, |epoch| plausible(i64::from(epoch.plus(serial).year())))
}

/// The day of a serial number of five digits; shorter ones are years.
pub(super) fn from_serial_day(serial: f64) -> Option<Day> {
    const SERIALS: std::ops::RangeInclusive<i32> = 10_000..=80_000;
    let serial: i32 = format!("{serial}").parse().ok()?;
    epoch().filter(|_| SERIALS.contains(&serial)).map(|epoch| epoch.plus(serial))
}

fn from_text(text: &str) -> Birth {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let mut years = groups.iter().filter(|group| group.len() == 4);
    match (groups.as_slice(), years.next(), years.next()) {
        ([], ..) if text.chars().any(char::is_alphabetic) => Birth::Unclear,
        ([], ..) => Birth::Blank,
        // 1957 as spreadsheets of Vietnam write a number.
        ([thousands, rest], None, _) if thousands.len() == 1 && rest.len() == 3 => {
            format!("{thousands}{rest}").parse().ok().filter(|&year| is_year(year)).map_or(Birth::Unclear, Birth::Guess)
        }
        (_, Some(year), None) => year.parse().map_or(Birth::Unclear, plausible),
        // "12/3" has no year at all.
        ([_, month], None, _) if month.parse::<u32>().is_ok_and(|month| month <= 12) => Birth::Unclear,
        ([.., year], None, _)
            if groups.len() <= 3 && year.len() == 2 && groups.iter().all(|group| group.len() <= 2) =>
        {
            two_digits(year)
        }
        ([whole], None, _) => run_of_digits(whole),
        _ => Birth::Unclear,
    }
}

/// "57".
fn two_digits(year: &str) -> Birth {
    match year.parse::<i64>() {
        Ok(year) if year <= TWO_DIGIT_LAST_CHILD => Birth::Guess(2000 + year),
        Ok(year) => Birth::Guess(1900 + year),
        Err(_) => Birth::Unclear,
    }
}

/// A serial number (20821), or a date without its signs (03121957, 3121957, 19571203).
fn run_of_digits(digits: &str) -> Birth {
    match digits.len() {
        5 => digits.parse().map_or(Birth::Unclear, from_day_number),
        7 | 8 => {
            let (rest, year) = digits.split_at(digits.len() - 4);
            let (year_first, _) = digits.split_at(4);
            let as_year = |text: &str| text.parse::<i64>().ok().filter(|&year| is_year(year));
            match (as_year(year), rest.parse::<u32>()) {
                (Some(year), Ok(rest)) if rest / 100 <= 31 && rest % 100 <= 12 => Birth::Year(year),
                _ if digits.len() == 8 => as_year(year_first).map_or(Birth::Unclear, Birth::Year),
                _ => Birth::Unclear,
            }
        }
        _ => Birth::Unclear,
    }
}

fn plausible(year: i64) -> Birth {
    if is_year(year) { Birth::Year(year) } else { Birth::Unclear }
}

/// Whether somebody on a list can be born then.
pub(in super::super) fn is_year(year: i64) -> bool {
    (YEAR_MIN..=YEAR_MAX).contains(&year)
}

/// Day 0 of spreadsheets.
fn epoch() -> Option<Day> {
    Day::from_ymd(1899, 12, 30).ok()
}

fn serial(year: i32, month: u32, day: u32) -> Option<i64> {
    Some(i64::from(Day::from_ymd(year, month, day).ok()?.since(epoch()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Birth {
        birth(&Cell::Text(text.to_owned()), text)
    }

    #[test]
    fn a_year_is_found_in_whatever_stands_around_it() {
        for year in [
            "1957",
            "12/03/1957",
            "00/00/1957",
            "'03-1957",
            "1957-03-12 00:00:00",
            "3.12.1957",
            "SN 1957",
            "03121957",
            "3121957",
            "19571203",
            "20821",
        ] {
            assert_eq!(text(year), Birth::Year(1957), "{year}");
        }
        assert_eq!(birth(&Cell::Number(20_821.0), ""), Birth::Year(1957));
        assert_eq!(birth(&Cell::Number(20_821.5), ""), Birth::Year(1957));
        assert_eq!(birth(&Cell::Number(1957.0), ""), Birth::Year(1957));
        assert_eq!(birth(&Cell::Date { year: 1957, month: 3, day: 12 }, ""), Birth::Year(1957));
    }

    #[test]
    fn what_was_guessed_is_said() {
        assert_eq!(text("57"), Birth::Guess(1957));
        assert_eq!(text("1/2/09"), Birth::Guess(2009));
        assert_eq!(text("1.957"), Birth::Guess(1957));
        assert_eq!(birth(&Cell::Number(57.0), ""), Birth::Guess(1957));
        assert_eq!(birth(&Cell::Date { year: 1905, month: 5, day: 10 }, ""), Birth::Guess(1957));
    }

    #[test]
    fn what_is_no_year_is_left_alone() {
        for bad in ["chưa rõ", "12/3", "7", "1957-1958", "123", "12345678901", "3057", "1/2/3/4", "99999999"] {
            assert_eq!(text(bad), Birth::Unclear, "{bad}");
        }
        for blank in ["", "-", "//", "…"] {
            assert_eq!(text(blank), Birth::Blank, "{blank}");
        }
        for number in [f64::NAN, f64::INFINITY, -5.0, 1e300] {
            assert_eq!(birth(&Cell::Number(number), ""), Birth::Unclear);
        }
    }
}
