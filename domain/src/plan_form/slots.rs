//! A report slot as typed. The weekdays, the day of the month and the one day are all kept while one chooses between them.

use super::place::SlotPart;
use super::read::Reader;
use super::{At, PlanForm, Rows, typed};
use crate::Day;
use crate::campaign::{ReportSlot, SlotDay, Weekday};

pub const WEEKLY: &str = "weekly";
pub const MONTHLY: &str = "monthly";
/// One time only.
pub const ONCE: &str = "once";

pub(super) fn blank(row: u32) -> Vec<(At, &'static str)> {
    let lines = [
        SlotPart::DayOfMonth,
        SlotPart::Once,
        SlotPart::BeforeHour,
        SlotPart::From,
        SlotPart::To,
        SlotPart::Channel,
        SlotPart::Link,
    ];
    let empty = lines.into_iter().chain(Weekday::ALL.map(SlotPart::Weekday)).map(|part| (At::Slot(row, part), ""));
    std::iter::once((At::Slot(row, SlotPart::Rhythm), WEEKLY)).chain(empty).collect()
}

impl PlanForm {
    pub(super) fn show_slot(&mut self, slot: &ReportSlot) {
        let row = self.add_row(Rows::Slots);
        let at = |part| At::Slot(row, part);
        match &slot.when {
            SlotDay::Weekdays(weekdays) => {
                for weekday in weekdays {
                    self.tick(at(SlotPart::Weekday(*weekday)), true);
                }
            }
            SlotDay::DayOfMonth(day) => {
                self.set(at(SlotPart::Rhythm), MONTHLY);
                self.set(at(SlotPart::DayOfMonth), day.to_string());
            }
            SlotDay::Once(day) => {
                self.set(at(SlotPart::Rhythm), ONCE);
                self.set(at(SlotPart::Once), day.to_string());
            }
        }
        self.set(at(SlotPart::BeforeHour), slot.before_hour.map(|hour| hour.to_string()).unwrap_or_default());
        self.set(at(SlotPart::From), slot.from.as_str());
        self.set(at(SlotPart::To), slot.to.as_str());
        self.set(at(SlotPart::Channel), slot.channel.as_str());
        self.set(at(SlotPart::Link), slot.link.as_str());
    }

    pub(super) fn read_slot(&self, row: u32, reader: &mut Reader) -> ReportSlot {
        let when = self.read_when(row, reader);
        let at = |part| At::Slot(row, part);
        let text = |part| self.text(at(part));
        ReportSlot {
            when,
            before_hour: reader.take(at(SlotPart::BeforeHour), typed::hour(text(SlotPart::BeforeHour))),
            from: reader.take(at(SlotPart::From), typed::line(text(SlotPart::From))),
            to: reader.take(at(SlotPart::To), typed::line(text(SlotPart::To))),
            channel: reader.take(at(SlotPart::Channel), typed::line(text(SlotPart::Channel))),
            link: reader.take(at(SlotPart::Link), typed::link(text(SlotPart::Link))),
        }
    }

    fn read_when(&self, row: u32, reader: &mut Reader) -> SlotDay {
        let at = |part| At::Slot(row, part);
        if self.text(at(SlotPart::Rhythm)) == MONTHLY {
            let wrong = "Ghi ngày trong tháng, từ 1 đến 31.";
            let day = typed::required_whole(self.text(at(SlotPart::DayOfMonth)), 1..=31, wrong);
            return SlotDay::DayOfMonth(reader.take(at(SlotPart::DayOfMonth), day));
        }
        if self.text(at(SlotPart::Rhythm)) == ONCE {
            let day = typed::day(self.text(at(SlotPart::Once))).and_then(|day| day.ok_or("Chọn ngày phải gửi."));
            return SlotDay::Once(reader.take_or(at(SlotPart::Once), day, Day::at_ms(0)));
        }
        let is_chosen = |weekday: &Weekday| self.is_ticked(at(SlotPart::Weekday(*weekday)));
        let weekdays: Vec<Weekday> = Weekday::ALL.into_iter().filter(is_chosen).collect();
        if weekdays.is_empty() {
            reader.refuse(at(SlotPart::Weekdays), "Chọn ít nhất một ngày trong tuần.");
        }
        SlotDay::Weekdays(weekdays)
    }

    /// "Thứ Tư hằng tuần, trước 11h00", once it can be said.
    pub fn slot_words(&self, row: u32) -> Option<String> {
        let mut reader = Reader::default();
        let slot = self.read_slot(row, &mut reader);
        let of_the_day = [SlotPart::Weekdays, SlotPart::DayOfMonth, SlotPart::Once, SlotPart::BeforeHour];
        let is_about_the_day = |part| of_the_day.contains(&part);
        let is_unclear =
            reader.wrong.iter().any(|wrong| matches!(wrong.at, At::Slot(_, part) if is_about_the_day(part)));
        (!is_unclear).then(|| slot.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &[(SlotPart, &str)]) -> PlanForm {
        let mut form = PlanForm::empty();
        let row = form.add_row(Rows::Slots);
        for (part, text) in parts {
            form.set(At::Slot(row, *part), *text);
        }
        form
    }

    fn wrong(form: &PlanForm) -> Vec<At> {
        let mut reader = Reader::default();
        form.read_slot(0, &mut reader);
        reader.wrong.iter().map(|wrong| wrong.at).collect()
    }

    #[test]
    fn a_slot_needs_its_day() {
        assert_eq!(wrong(&form(&[])), [At::Slot(0, SlotPart::Weekdays)]);
        let monthly = |day: &'static str| form(&[(SlotPart::Rhythm, MONTHLY), (SlotPart::DayOfMonth, day)]);
        assert_eq!(wrong(&monthly("20")), []);
        for day in ["", "0", "32", "ngày 20"] {
            assert_eq!(wrong(&monthly(day)), [At::Slot(0, SlotPart::DayOfMonth)], "{day}");
        }
    }

    #[test]
    fn a_report_due_once_keeps_its_day() {
        let once = |day: &'static str| form(&[(SlotPart::Rhythm, ONCE), (SlotPart::Once, day)]);
        assert_eq!(wrong(&once("")), [At::Slot(0, SlotPart::Once)]);
        assert_eq!(once("2026-06-15").slot_words(0).as_deref(), Some("Ngày 15/06/2026"));
        let slot = once("2026-06-15").read_slot(0, &mut Reader::default());
        let mut shown = PlanForm::empty();
        shown.show_slot(&slot);
        assert_eq!(shown.read_slot(0, &mut Reader::default()), slot);
    }

    #[test]
    fn a_slot_without_an_hour_has_none() {
        let days = [Weekday::Thursday, Weekday::Monday].map(|day| (SlotPart::Weekday(day), super::super::YES));
        let mut form = form(&days);
        assert_eq!(form.slot_words(0).as_deref(), Some("Thứ Hai, Thứ Năm hằng tuần"));
        form.set(At::Slot(0, SlotPart::BeforeHour), "14h");
        assert_eq!(form.slot_words(0).as_deref(), Some("Thứ Hai, Thứ Năm hằng tuần, trước 14h00"));
        form.set(At::Slot(0, SlotPart::BeforeHour), "14h30");
        assert_eq!(form.slot_words(0), None);
    }
}
