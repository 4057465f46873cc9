//! When a plan wants figures, from whom and where to.

use serde::{Deserialize, Serialize};

use crate::Day;

/// A day of the week, by its English name in files: "thứ 4" and the fourth day are not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    pub fn of(day: Day) -> Self {
        Self::ALL[day.weekday() as usize % 7]
    }

    /// "Thứ Hai" … "Chủ nhật".
    pub fn label(self) -> &'static str {
        Day::weekday_names()[self as usize]
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotDay {
    Weekdays(Vec<Weekday>),
    /// 1–31; a month without that day is due on its last one.
    DayOfMonth(u32),
    /// One time only (BK26:69: a written report by 15/6/2026).
    Once(Day),
}

impl SlotDay {
    pub fn falls_on(&self, day: Day) -> bool {
        match self {
            SlotDay::Weekdays(weekdays) => weekdays.contains(&Weekday::of(day)),
            SlotDay::DayOfMonth(wanted) => {
                let (_, _, date) = day.ymd();
                date == *wanted || (date < *wanted && day.plus(1).ymd().2 == 1)
            }
            SlotDay::Once(only) => day == *only,
        }
    }

    /// "Thứ Hai, Thứ Năm hằng tuần", "Ngày 20 hằng tháng", "Ngày 15/06/2026".
    pub fn label(&self) -> String {
        match self {
            SlotDay::Weekdays(weekdays) => {
                let names: Vec<&str> = weekdays.iter().map(|weekday| weekday.label()).collect();
                format!("{} hằng tuần", names.join(", "))
            }
            SlotDay::DayOfMonth(day) => format!("Ngày {day} hằng tháng"),
            SlotDay::Once(day) => format!("Ngày {}", day.vietnamese()),
        }
    }
}

/// When figures are due: "Thứ Tư trước 11h00", "ngày 20 hằng tháng" (X14: a plan has several, some without an hour).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSlot {
    #[serde(flatten)]
    pub when: SlotDay,
    /// Hour of the day in Vietnam before which the report is due; plans often name none. 0 is "trước ngày 19": when the
    /// day begins, it is too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_hour: Option<u32>,
    /// Who reports; free words, because plans name many (X21).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(default)]
    pub to: String,
    /// By which way: "nhóm Zalo", "Google Sheets", "văn bản".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// Where figures are to be entered, if the plan gives an address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
}

impl ReportSlot {
    /// "Thứ Tư 25/11/2026, trước 11h00", "trước Thứ Năm 19/11/2026".
    pub fn due_label(&self, day: Day) -> String {
        let day = format!("{} {}", day.weekday_name(), day.vietnamese());
        match self.before_hour {
            Some(0) => format!("trước {day}"),
            Some(hour) => format!("{day}, trước {hour}h00"),
            None => day,
        }
    }

    /// "Thứ Tư hằng tuần, trước 11h00", "Trước ngày 19 hằng tháng".
    pub fn label(&self) -> String {
        match self.before_hour {
            Some(0) => {
                let when = self.when.label();
                let when = when.strip_prefix("Ngày").map_or(when.clone(), |rest| format!("ngày{rest}"));
                format!("Trước {when}")
            }
            Some(hour) => format!("{}, trước {hour}h00", self.when.label()),
            None => self.when.label(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(when: SlotDay, before_hour: Option<u32>) -> ReportSlot {
        let [from, to, channel, link] = [const { String::new() }; 4];
        ReportSlot { when, before_hour, from, to, channel, link }
    }

    #[test]
    fn slots_read_as_the_plans_word_them() {
        let wednesday = || SlotDay::Weekdays(vec![Weekday::Wednesday]);
        let label = |when, hour| slot(when, hour).label();
        assert_eq!(label(wednesday(), Some(11)), "Thứ Tư hằng tuần, trước 11h00");
        assert_eq!(label(wednesday(), None), "Thứ Tư hằng tuần");
        assert_eq!(label(SlotDay::DayOfMonth(20), None), "Ngày 20 hằng tháng");
        assert_eq!(label(SlotDay::DayOfMonth(19), Some(0)), "Trước ngày 19 hằng tháng");
        let once = SlotDay::Once("2026-06-15".parse().expect("a day"));
        assert_eq!(label(once, None), "Ngày 15/06/2026");
    }
}
