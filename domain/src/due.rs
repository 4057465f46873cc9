//! When the next report of a plan is due.

use crate::campaign::{ReportSlot, SlotDay};
use crate::span::left;
use crate::{Day, Moment};

/// A month and a bit: every slot comes round within it.
const LOOK_AHEAD_DAYS: i32 = 62;
/// Longer than any plan.
const SPAN_DAYS_MAX: i32 = 3_660;
const HOUR_MS: i64 = 3_600_000;

/// The next moment at which a slot of the plan ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    pub slot: &'a ReportSlot,
    pub day: Day,
    /// Milliseconds since 1970: the hour that the plan names, or the end of the day when it names none.
    pub at_ms: u64,
}

impl<'a> Due<'a> {
    /// The earliest of `slots` that is still to come; of two at the same moment, the first in the list.
    pub fn next(slots: &'a [ReportSlot], now_ms: u64) -> Option<Self> {
        let dues = slots.iter().filter_map(|slot| next_of(slot, now_ms));
        dues.min_by_key(|due| due.at_ms)
    }

    /// When a slot ends on a day that it falls on; `None` before 1970.
    pub fn on(slot: &'a ReportSlot, day: Day) -> Option<Self> {
        let hour = slot.before_hour.map_or(24, |hour| i64::from(hour.min(24)));
        let at_ms = u64::try_from(day.start_ms() + hour * HOUR_MS).ok()?;
        Some(Self { slot, day, at_ms })
    }

    /// "còn 41 giờ", "đã qua giờ gửi".
    pub fn time_left(&self, now_ms: u64) -> String {
        left(self.at_ms, now_ms).unwrap_or_else(|| "đã qua giờ gửi".to_owned())
    }

    /// The end of what a report for this moment covers.
    pub fn cut(&self) -> Moment {
        cut(self.slot, self.day)
    }

    /// "Thứ Tư 25/11/2026, trước 11h00".
    pub fn label(&self) -> String {
        self.slot.due_label(self.day)
    }
}

/// Every moment from one day to another, both included, at which a slot ends, in order.
pub fn between(slots: &[ReportSlot], first: Day, last: Day) -> Vec<Due<'_>> {
    let mut dues: Vec<Due<'_>> = (0..=last.since(first).min(SPAN_DAYS_MAX))
        .map(|offset| first.plus(offset))
        .flat_map(|day| {
            slots.iter().filter(move |slot| slot.when.falls_on(day)).filter_map(move |slot| Due::on(slot, day))
        })
        .collect();
    dues.sort_by_key(|due| due.at_ms);
    dues
}

/// The slot's moment before this one.
pub fn cut_before(slot: &ReportSlot, of: Moment) -> Option<Moment> {
    (0..=LOOK_AHEAD_DAYS)
        .map(|offset| of.day.plus(-offset))
        .filter(|day| slot.when.falls_on(*day))
        .map(|day| cut(slot, day))
        .find(|earlier| *earlier < of)
}

/// The end of what is due on a day: its hour, or the end of the day when the plan names none.
pub fn cut(slot: &ReportSlot, day: Day) -> Moment {
    match slot.before_hour {
        Some(hour) if hour < 24 => Moment { day, hour },
        _ => Moment::start_of(day.plus(1)),
    }
}

fn next_of(slot: &ReportSlot, now_ms: u64) -> Option<Due<'_>> {
    let is_to_come = |due: &Due<'_>| due.at_ms > now_ms;
    if let SlotDay::Once(day) = slot.when {
        return Due::on(slot, day).filter(is_to_come);
    }
    let today = Day::at_ms(now_ms);
    (0..=LOOK_AHEAD_DAYS)
        .map(|offset| today.plus(offset))
        .filter(|day| slot.when.falls_on(*day))
        .find_map(|day| Due::on(slot, day).filter(is_to_come))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Weekday;

    fn at(text: &str, hour: u64) -> u64 {
        let day: Day = text.parse().expect("a day");
        u64::try_from(day.start_ms()).expect("after 1970") + hour * 3_600_000
    }

    fn slot(when: SlotDay, before_hour: Option<u32>) -> ReportSlot {
        ReportSlot {
            when,
            before_hour,
            from: String::new(),
            to: String::new(),
            channel: String::new(),
            link: String::new(),
        }
    }

    #[test]
    fn a_wednesday_slot_is_over_at_its_hour() {
        let slots = [slot(SlotDay::Weekdays(vec![Weekday::Wednesday]), Some(11))];
        let before = Due::next(&slots, at("2026-11-25", 10)).expect("a due day");
        assert_eq!(before.label(), "Thứ Tư 25/11/2026, trước 11h00");
        let after = Due::next(&slots, at("2026-11-25", 11)).expect("a due day");
        assert_eq!(after.day.to_string(), "2026-12-02");
    }

    #[test]
    fn without_an_hour_the_whole_day_remains() {
        let slots = [slot(SlotDay::Weekdays(vec![Weekday::Monday, Weekday::Thursday]), None)];
        let due = Due::next(&slots, at("2026-11-26", 23)).expect("a due day");
        assert_eq!(due.label(), "Thứ Năm 26/11/2026");
        assert_eq!(Due::next(&slots, at("2026-11-27", 0)).expect("a due day").day.to_string(), "2026-11-30");
    }

    #[test]
    fn the_earliest_of_several_slots_comes_first() {
        let slots = [slot(SlotDay::Weekdays(vec![Weekday::Wednesday]), Some(11)), slot(SlotDay::DayOfMonth(23), None)];
        assert_eq!(Due::next(&slots, at("2026-11-21", 9)).expect("a due day").day.to_string(), "2026-11-23");
    }

    #[test]
    fn a_short_month_is_due_on_its_last_day() {
        let slots = [slot(SlotDay::DayOfMonth(31), None)];
        assert_eq!(Due::next(&slots, at("2026-02-10", 9)).expect("a due day").day.to_string(), "2026-02-28");
        assert_eq!(Due::next(&slots, at("2026-03-01", 9)).expect("a due day").day.to_string(), "2026-03-31");
    }

    #[test]
    fn the_campaign_of_cho_don_has_seven_report_slots() {
        let slots = [slot(SlotDay::Weekdays(vec![Weekday::Monday, Weekday::Thursday]), Some(14))];
        let days = ["2025-07-28", "2025-08-18"].map(|day| day.parse().expect("a day"));
        let dues: Vec<String> = between(&slots, days[0], days[1]).iter().map(|due| due.day.to_string()).collect();
        let expected = ["07-28", "07-31", "08-04", "08-07", "08-11", "08-14", "08-18"].map(|day| format!("2025-{day}"));
        assert_eq!(dues, expected);
    }

    #[test]
    fn a_report_goes_back_to_the_moment_before_it() {
        let monday_and_thursday = slot(SlotDay::Weekdays(vec![Weekday::Monday, Weekday::Thursday]), Some(14));
        let cut_of = |text: &str| cut_before(&monday_and_thursday, text.parse().expect("a moment"));
        assert_eq!(cut_of("2026-11-23T14"), "2026-11-19T14".parse().ok());
        assert_eq!(cut_of("2026-11-23T15"), "2026-11-23T14".parse().ok());
        let daily = slot(SlotDay::DayOfMonth(20), None);
        assert_eq!(cut_before(&daily, "2026-11-21".parse().expect("a moment")), "2026-10-21".parse().ok());
    }

    #[test]
    fn before_the_19th_ends_with_the_18th() {
        let slots = [slot(SlotDay::DayOfMonth(19), Some(0))];
        let due = Due::next(&slots, at("2026-11-18", 23)).expect("a due day");
        assert_eq!(due.label(), "trước Thứ Năm 19/11/2026");
        assert_eq!(due.cut().label(), "hết Thứ Tư 18/11/2026");
        assert_eq!(Due::next(&slots, at("2026-11-19", 0)).expect("a due day").day.to_string(), "2026-12-19");
    }

    #[test]
    fn what_is_due_once_is_due_however_far_ahead_and_never_again() {
        let only: Day = "2026-06-15".parse().expect("a day");
        let slots = [slot(SlotDay::Once(only), None)];
        assert_eq!(Due::next(&slots, at("2026-01-01", 8)).map(|due| due.day), Some(only));
        assert_eq!(Due::next(&slots, at("2026-06-16", 0)), None);
        assert_eq!(cut_before(&slots[0], cut(&slots[0], only)), None);
    }

    #[test]
    fn a_plan_without_slots_has_nothing_due() {
        assert_eq!(Due::next(&[], 0), None);
        assert_eq!(Due::next(&[slot(SlotDay::Weekdays(Vec::new()), None)], 0), None);
    }
}
