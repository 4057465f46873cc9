//! A report slot as typed.

use serde::{Deserialize, Serialize};

use super::read::Reader;
use super::{At, SlotPart, typed};
use crate::campaign::{ReportSlot, SlotDay, Weekday};

pub const WEEKLY: &str = "weekly";
pub const MONTHLY: &str = "monthly";

/// When figures are due and where they go, as typed. Both the weekdays and the day of the month are kept while one chooses
/// between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotForm {
    pub rhythm: String,
    pub weekdays: Vec<Weekday>,
    pub day_of_month: String,
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
        let (rhythm, weekdays, day_of_month) = match &slot.when {
            SlotDay::Weekdays(weekdays) => (WEEKLY, weekdays.clone(), String::new()),
            SlotDay::DayOfMonth(day) => (MONTHLY, Vec::new(), day.to_string()),
        };
        Self {
            rhythm: rhythm.to_owned(),
            weekdays,
            day_of_month,
            before_hour: slot.before_hour.map(|hour| hour.to_string()).unwrap_or_default(),
            from: slot.from.clone(),
            to: slot.to.clone(),
            channel: slot.channel.clone(),
            link: slot.link.clone(),
        }
    }

    pub(super) fn read(&self, row: u32, reader: &mut Reader) -> ReportSlot {
        let at = |part| At::Slot(row, part);
        let when = if self.rhythm == MONTHLY {
            let wrong = "Ghi ngày trong tháng, từ 1 đến 31.";
            let day = typed::required_whole(&self.day_of_month, 1..=31, wrong);
            SlotDay::DayOfMonth(reader.take(at(SlotPart::DayOfMonth), day))
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
    fn a_slot_without_an_hour_has_none() {
        let weekdays = vec![Weekday::Thursday, Weekday::Monday];
        let form = SlotForm { weekdays, ..SlotForm::default() };
        assert_eq!(form.words().as_deref(), Some("Thứ Hai, Thứ Năm hằng tuần"));
        let form = SlotForm { before_hour: "14h".to_owned(), ..form };
        assert_eq!(form.words().as_deref(), Some("Thứ Hai, Thứ Năm hằng tuần, trước 14h00"));
    }
}
