//! A report slot as typed.

use serde::{Deserialize, Serialize};

use super::read::Reader;
use super::{At, SlotPart, typed};
use crate::Day;
use crate::campaign::{ReportSlot, SlotDay, Weekday};

pub const WEEKLY: &str = "weekly";
pub const MONTHLY: &str = "monthly";
/// One time only.
pub const ONCE: &str = "once";

/// When figures are due and where they go, as typed. The weekdays, the day of the month and the day are all kept while one
/// chooses between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotForm {
    pub rhythm: String,
    pub weekdays: Vec<Weekday>,
    pub day_of_month: String,
    pub once: String,
    pub before_hour: String,
    pub from: String,
    pub to: String,
    pub channel: String,
    pub link: String,
}

impl Default for SlotForm {
    fn default() -> Self {
        Self {
            rhythm: WEEKLY.to_owned(),
            weekdays: Vec::new(),
            day_of_month: String::new(),
            once: String::new(),
            before_hour: String::new(),
            from: String::new(),
            to: String::new(),
            channel: String::new(),
            link: String::new(),
        }
    }
}

impl SlotForm {
    pub(super) fn of(slot: &ReportSlot) -> Self {
        let blank = Self::default();
        let when = match &slot.when {
            SlotDay::Weekdays(weekdays) => Self { weekdays: weekdays.clone(), ..blank },
            SlotDay::DayOfMonth(day) => Self { rhythm: MONTHLY.to_owned(), day_of_month: day.to_string(), ..blank },
            SlotDay::Once(day) => Self { rhythm: ONCE.to_owned(), once: day.to_string(), ..blank },
        };
        Self {
            before_hour: slot.before_hour.map(|hour| hour.to_string()).unwrap_or_default(),
            from: slot.from.clone(),
            to: slot.to.clone(),
            channel: slot.channel.clone(),
            link: slot.link.clone(),
            ..when
        }
    }

    pub(super) fn read(&self, row: u32, reader: &mut Reader) -> ReportSlot {
        let at = |part| At::Slot(row, part);
        let when = if self.rhythm == MONTHLY {
            let wrong = "Ghi ngày trong tháng, từ 1 đến 31.";
            let day = typed::required_whole(&self.day_of_month, 1..=31, wrong);
            SlotDay::DayOfMonth(reader.take(at(SlotPart::DayOfMonth), day))
        } else if self.rhythm == ONCE {
            let day = typed::day(&self.once).and_then(|day| day.ok_or("Chọn ngày phải gửi."));
            SlotDay::Once(reader.take_or(at(SlotPart::Once), day, Day::at_ms(0)))
        } else {
            if self.weekdays.is_empty() {
                reader.refuse(at(SlotPart::Weekdays), "Chọn ít nhất một ngày trong tuần.");
            }
            let mut weekdays = self.weekdays.clone();
            weekdays.sort_unstable();
            weekdays.dedup();
            SlotDay::Weekdays(weekdays)
        };
        ReportSlot {
            when,
            before_hour: reader.take(at(SlotPart::BeforeHour), typed::hour(&self.before_hour)),
            from: reader.take(at(SlotPart::From), typed::line(&self.from)),
            to: reader.take(at(SlotPart::To), typed::line(&self.to)),
            channel: reader.take(at(SlotPart::Channel), typed::line(&self.channel)),
            link: reader.take(at(SlotPart::Link), typed::link(&self.link)),
        }
    }

    /// "Thứ Tư hằng tuần, trước 11h00", once it can be said.
    pub fn words(&self) -> Option<String> {
        let mut reader = Reader::default();
        let slot = self.read(0, &mut reader);
        let is_known = |wrong: &super::Wrong| matches!(wrong.at, At::Slot(_, SlotPart::From | SlotPart::Link));
        reader.wrong.iter().all(is_known).then(|| slot.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(form: &SlotForm) -> Vec<At> {
        let mut reader = Reader::default();
        form.read(2, &mut reader);
        reader.wrong.iter().map(|wrong| wrong.at).collect()
    }

    #[test]
    fn a_slot_needs_its_day() {
        assert_eq!(wrong(&SlotForm::default()), [At::Slot(2, SlotPart::Weekdays)]);
        let monthly =
            |day: &str| SlotForm { rhythm: MONTHLY.to_owned(), day_of_month: day.to_owned(), ..SlotForm::default() };
        assert_eq!(wrong(&monthly("20")), []);
        for day in ["", "0", "32", "ngày 20"] {
            assert_eq!(wrong(&monthly(day)), [At::Slot(2, SlotPart::DayOfMonth)], "{day}");
        }
    }

    #[test]
    fn a_report_due_once_keeps_its_day() {
        let once = |day: &str| SlotForm { rhythm: ONCE.to_owned(), once: day.to_owned(), ..SlotForm::default() };
        assert_eq!(wrong(&once("")), [At::Slot(2, SlotPart::Once)]);
        let form = once("2026-06-15");
        let slot = form.read(0, &mut Reader::default());
        assert_eq!(SlotForm::of(&slot), form);
        assert_eq!(form.words().as_deref(), Some("Ngày 15/06/2026"));
    }

    #[test]
    fn a_slot_without_an_hour_has_none() {
        let weekdays = vec![Weekday::Thursday, Weekday::Monday];
        let form = SlotForm { weekdays, ..SlotForm::default() };
        assert_eq!(form.words().as_deref(), Some("Thứ Hai, Thứ Năm hằng tuần"));
        let form = SlotForm { before_hour: "14h".to_owned(), ..form };
        assert_eq!(form.words().as_deref(), Some("Thứ Hai, Thứ Năm hằng tuần, trước 14h00"));
    }
}
