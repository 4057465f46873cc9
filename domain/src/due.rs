//! When the next report of a plan is due.

use crate::Day;
use crate::campaign::{ReportSlot, SlotDay};

/// A month and a bit: every slot comes round within it.
const LOOK_AHEAD_DAYS: i32 = 62;
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

    /// "Thứ Tư 25/11/2026, trước 11h00".
    pub fn label(&self) -> String {
        let day = format!("{} {}", self.day.weekday_name(), self.day.vietnamese());
        match self.slot.before_hour {
            Some(hour) => format!("{day}, trước {hour}h00"),
            None => day,
        }
    }
}

fn next_of(slot: &ReportSlot, now_ms: u64) -> Option<Due<'_>> {
    let today = Day::at_ms(now_ms);
    (0..=LOOK_AHEAD_DAYS).map(|offset| today.plus(offset)).filter(|day| falls_on(&slot.when, *day)).find_map(|day| {
        let hour = slot.before_hour.map_or(24, |hour| i64::from(hour.min(24)));
        let at_ms = u64::try_from(day.start_ms() + hour * HOUR_MS).ok()?;
        (at_ms > now_ms).then_some(Due { slot, day, at_ms })
    })
}

/// A month without that day is due on its last one.
fn falls_on(when: &SlotDay, day: Day) -> bool {
    match when {
        SlotDay::Weekdays(weekdays) => weekdays.contains(&day.weekday()),
        SlotDay::DayOfMonth(wanted) => {
            let (_, _, date) = day.ymd();
            date == *wanted || (date < *wanted && day.plus(1).ymd().2 == 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, hour: u64) -> u64 {
        let day: Day = text.parse().expect("a day");
        u64::try_from(day.start_ms()).expect("after 1970") + hour * 3_600_000
    }

    fn slot(when: SlotDay, before_hour: Option<u32>) -> ReportSlot {
        ReportSlot { when, before_hour, to: String::new() }
    }

    #[test]
    fn a_wednesday_slot_is_over_at_its_hour() {
        let slots = [slot(SlotDay::Weekdays(vec![2]), Some(11))];
        let before = Due::next(&slots, at("2026-11-25", 10)).expect("a due day");
        assert_eq!(before.label(), "Thứ Tư 25/11/2026, trước 11h00");
        let after = Due::next(&slots, at("2026-11-25", 11)).expect("a due day");
        assert_eq!(after.day.to_string(), "2026-12-02");
    }

    #[test]
    fn without_an_hour_the_whole_day_remains() {
        let slots = [slot(SlotDay::Weekdays(vec![0, 3]), None)];
        let due = Due::next(&slots, at("2026-11-26", 23)).expect("a due day");
        assert_eq!(due.label(), "Thứ Năm 26/11/2026");
        assert_eq!(Due::next(&slots, at("2026-11-27", 0)).expect("a due day").day.to_string(), "2026-11-30");
    }

    #[test]
    fn the_earliest_of_several_slots_comes_first() {
        let slots = [slot(SlotDay::Weekdays(vec![2]), Some(11)), slot(SlotDay::DayOfMonth(23), None)];
        assert_eq!(Due::next(&slots, at("2026-11-21", 9)).expect("a due day").day.to_string(), "2026-11-23");
    }

    #[test]
    fn a_short_month_is_due_on_its_last_day() {
        let slots = [slot(SlotDay::DayOfMonth(31), None)];
        assert_eq!(Due::next(&slots, at("2026-02-10", 9)).expect("a due day").day.to_string(), "2026-02-28");
        assert_eq!(Due::next(&slots, at("2026-03-01", 9)).expect("a due day").day.to_string(), "2026-03-31");
    }

    #[test]
    fn a_plan_without_slots_has_nothing_due() {
        assert_eq!(Due::next(&[], 0), None);
        assert_eq!(Due::next(&[slot(SlotDay::Weekdays(Vec::new()), None)], 0), None);
    }
}
