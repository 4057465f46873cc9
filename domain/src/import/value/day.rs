//! Whole dates, where day and month matter: when a certificate ends, on which day somebody was born.

use super::super::Cell;
use super::birth::{Birth, birth, from_serial_day};
use crate::Day;

/// How a column writes its dates, judged by all of its cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct DayOrder {
    text: TextOrder,
    /// A computer with American settings has turned 3/12 into the twelfth of March, and left 25/12 as text.
    has_swapped_dates: bool,
    /// So few cells that it may be by chance.
    is_doubtful: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum TextOrder {
    #[default]
    DayFirst,
    MonthFirst,
    /// Both occur: only what has a number above twelve is sure.
    Mixed,
}

impl DayOrder {
    pub fn of<'a>(cells: impl Iterator<Item = (&'a Cell, &'a str)>) -> Self {
        let (mut day_first, mut month_first, mut dates, mut late_dates) = (0, 0, 0, 0);
        for (cell, text) in cells {
            match cell {
                Cell::Date { day, .. } => {
                    dates += 1;
                    late_dates += usize::from(*day > 12);
                }
                Cell::Text(_) => {
                    if let Some((first, second, _)) = numbers(text) {
                        day_first += usize::from(first > 12 && second <= 12);
                        month_first += usize::from(second > 12 && first <= 12);
                    }
                }
                _ => {}
            }
        }
        let text = match (day_first, month_first) {
            (_, 0) => TextOrder::DayFirst,
            (0, _) => TextOrder::MonthFirst,
            _ => TextOrder::Mixed,
        };
        let has_swapped_dates = day_first > 0 && dates > 0 && late_dates == 0;
        Self { text, has_swapped_dates, is_doubtful: has_swapped_dates && dates < 3 }
    }

    /// What to tell of the column, if anything.
    pub fn sentence(self) -> Option<&'static str> {
        if self.is_doubtful {
            return Some("có ngày có thể bị đảo ngày và tháng, những ô đó chỉ lấy năm");
        }
        if self.has_swapped_dates {
            return Some("bảng tính đã đảo ngày và tháng ở một số ô, đã đảo lại");
        }
        match self.text {
            TextOrder::DayFirst => None,
            TextOrder::MonthFirst => Some("ghi tháng trước ngày"),
            TextOrder::Mixed => Some("lẫn cả hai kiểu ngày/tháng và tháng/ngày, ô không rõ chỉ lấy năm"),
        }
    }
}

/// The date in a cell; `None` where it has no day, or its day and month cannot be told apart.
pub(in super::super) fn day(cell: &Cell, text: &str, order: DayOrder) -> Option<Day> {
    match cell {
        // A year in a cell with a date format is a day of 1905.
        Cell::Date { .. } if matches!(birth(cell, text), Birth::Guess(_)) => None,
        Cell::Date { .. } if order.is_doubtful => None,
        &Cell::Date { year, month, day } if order.has_swapped_dates => Day::from_ymd(year, day, month).ok(),
        &Cell::Date { year, month, day } => Day::from_ymd(year, month, day).ok(),
        Cell::Number(number) => from_serial_day(number.trunc()),
        Cell::Text(_) => from_text(text, order.text),
        Cell::Empty | Cell::Bool(_) => None,
    }
}

fn from_text(text: &str, order: TextOrder) -> Option<Day> {
    let (first, second, year) = numbers(text)?;
    let is_day_first = match order {
        TextOrder::Mixed if first <= 12 && second <= 12 && first != second => return None,
        TextOrder::Mixed | TextOrder::DayFirst => second <= 12,
        TextOrder::MonthFirst => first > 12,
    };
    let (day, month) = if is_day_first { (first, second) } else { (second, first) };
    Day::from_ymd(year, month, day).ok()
}

/// The three numbers of a date, the year last: `3/12/1957`, `1957-12-03 00:00:00`, `03121957`.
fn numbers(text: &str) -> Option<(u32, u32, i32)> {
    let date = text.split([' ', 'T']).find(|part| part.chars().any(|c| c.is_ascii_digit()))?;
    let groups: Vec<&str> = date.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let number = |group: &str| group.parse::<u32>().ok();
    match groups.as_slice() {
        [year, month, day] if year.len() == 4 => Some((number(day)?, number(month)?, year.parse().ok()?)),
        [day, month, year] if year.len() == 4 => Some((number(day)?, number(month)?, year.parse().ok()?)),
        [whole] if whole.len() == 8 => Some((number(&whole[..2])?, number(&whole[2..4])?, whole[4..].parse().ok()?)),
        _ => None,
    }
}
