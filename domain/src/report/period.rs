//! For which moments of a plan a report can be made now, as an address can name them.

use std::fmt;
use std::str::FromStr;

use super::{Sent, Wanted};
use crate::campaign::Campaign;
use crate::due::{Due, between};
use crate::{Day, DocId};

/// How far back a report that was missed is still offered, in days.
const MISSED_DAYS: i32 = 7;
/// How far ahead: every slot comes round in it.
const AHEAD_DAYS: i32 = 62;
const DAY_MS: u64 = 24 * 3_600_000;

/// A slot of the plan on a day, or a report on request. Written `0@2026-11-23` and `now`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    Slot { index: usize, day: Day },
    Now,
}

impl Period {
    /// `None` when the plan has no such slot any more.
    pub fn wanted(self, campaign: &Campaign) -> Option<Wanted<'_>> {
        match self {
            Self::Slot { index, day } => Some(Wanted::Slot { slot: campaign.report_slots.get(index)?, day }),
            Self::Now => Some(Wanted::Now),
        }
    }

    /// "Thứ Hai 23/11", for where there is little room.
    pub fn short_label(self) -> String {
        match self {
            Self::Slot { day, .. } => {
                let (_, month, date) = day.ymd();
                format!("{} {date}/{month}", day.weekday_name())
            }
            Self::Now => "Đột xuất".to_owned(),
        }
    }

    /// The newest report that was sent for it.
    pub fn sent<'a>(self, campaign: &Campaign, sent: &'a [Sent], area: Option<DocId>) -> Option<&'a Sent> {
        let wanted @ Wanted::Slot { .. } = self.wanted(campaign)? else { return None };
        let (slot, until) = (wanted.slot_name(), wanted.until(0));
        sent.iter()
            .filter(|sent| sent.area == area && sent.report.slot == slot && sent.report.until == until)
            .max_by_key(|sent| (sent.at, sent.id))
    }
}

/// What can be reported now, the earliest first: of each slot the last that has passed and the next ones up to the first
/// that is not sent yet; and always one on request.
pub fn periods(campaign: &Campaign, sent: &[Sent], area: Option<DocId>, now_ms: u64) -> Vec<Period> {
    let today = Day::at_ms(now_ms);
    let mut found: Vec<(u64, Period)> = Vec::new();
    for (index, slot) in campaign.report_slots.iter().enumerate() {
        let dues = between(std::slice::from_ref(slot), today.plus(-MISSED_DAYS), today.plus(AHEAD_DAYS));
        let period = |due: &Due<'_>| (due.at_ms, Period::Slot { index, day: due.day });
        found.extend(dues.iter().rfind(|due| due.at_ms <= now_ms).map(period));
        for next in dues.iter().filter(|due| due.at_ms > now_ms).map(period) {
            found.push(next);
            if next.1.sent(campaign, sent, area).is_none() {
                break;
            }
        }
    }
    found.sort_by_key(|(at_ms, _)| *at_ms);
    found.into_iter().map(|(_, period)| period).chain([Period::Now]).collect()
}

/// The one that is most likely wanted: missed since yesterday and not sent, else the next that is not sent.
pub fn likely(campaign: &Campaign, sent: &[Sent], area: Option<DocId>, now_ms: u64) -> Period {
    let is_recent = |period: &Period| match period.wanted(campaign) {
        Some(Wanted::Slot { slot, day }) => {
            let dues = between(std::slice::from_ref(slot), day, day);
            dues.first().is_some_and(|due| due.at_ms.saturating_add(DAY_MS) > now_ms)
        }
        _ => true,
    };
    let open = |period: &Period| period.sent(campaign, sent, area).is_none() && is_recent(period);
    periods(campaign, sent, area, now_ms).into_iter().find(open).unwrap_or(Period::Now)
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slot { index, day } => write!(formatter, "{index}@{day}"),
            Self::Now => formatter.write_str("now"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("kỳ báo cáo không hợp lệ")]
pub struct BadPeriod;

impl FromStr for Period {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        if text == "now" {
            return Ok(Self::Now);
        }
        let (index, day) = text.split_once('@').ok_or(BadPeriod)?;
        Ok(Self::Slot { index: index.parse().map_err(|_| BadPeriod)?, day: day.parse().map_err(|_| BadPeriod)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{ReportSlot, SlotDay, Weekday};
    use crate::report::{Figures, Subject, make};
    use crate::{InstallId, Stamp};

    fn cho_don() -> Campaign {
        let slot = ReportSlot {
            when: SlotDay::Weekdays(vec![Weekday::Monday, Weekday::Thursday]),
            before_hour: Some(14),
            from: String::new(),
            to: String::new(),
            channel: String::new(),
            link: String::new(),
        };
        Campaign { report_slots: vec![slot], ..Campaign::asking_nothing() }
    }

    fn at(text: &str, hour: u64) -> u64 {
        let day: Day = text.parse().expect("a day");
        u64::try_from(day.start_ms()).expect("after 1970") + hour * 3_600_000
    }

    fn sent(plan: &Campaign, period: Period, now_ms: u64) -> Sent {
        let (summary, daily) = Default::default();
        let figures = Figures { summary: &summary, daily: &daily };
        let wanted = period.wanted(plan).expect("a slot of the plan");
        let report = make(plan, &Subject::default(), figures, &[], wanted, None, now_ms);
        let at = Stamp { ms: now_ms, counter: 0, install: InstallId(1) };
        Sent { id: DocId::from_u128(1), at, member: DocId::from_u128(2), area: None, report }
    }

    #[test]
    fn a_slot_that_was_missed_this_morning_comes_first_until_it_is_sent() {
        let (plan, now_ms) = (cho_don(), at("2026-11-23", 16));
        let monday: Period = "0@2026-11-23".parse().expect("a period");
        let thursday: Period = "0@2026-11-26".parse().expect("a period");
        assert_eq!(periods(&plan, &[], None, now_ms), [monday, thursday, Period::Now]);
        assert_eq!(likely(&plan, &[], None, now_ms), monday);
        let sent = [sent(&plan, monday, now_ms)];
        assert_eq!(likely(&plan, &sent, None, now_ms), thursday);
        // After a day nobody waits for it any more, but it can still be made.
        assert_eq!(likely(&plan, &[], None, at("2026-11-25", 9)), thursday);
    }

    #[test]
    fn the_one_after_a_sent_report_can_be_looked_at() {
        let (plan, now_ms) = (cho_don(), at("2026-11-22", 9));
        let monday: Period = "0@2026-11-23".parse().expect("a period");
        let sent = [sent(&plan, monday, now_ms)];
        let words: Vec<String> = periods(&plan, &sent, None, now_ms).iter().map(ToString::to_string).collect();
        assert_eq!(words, ["0@2026-11-19", "0@2026-11-23", "0@2026-11-26", "now"]);
    }

    #[test]
    fn a_plan_without_slots_is_reported_on_request() {
        let plan = Campaign::asking_nothing();
        assert_eq!(likely(&plan, &[], None, at("2026-11-22", 9)), Period::Now);
    }
}
