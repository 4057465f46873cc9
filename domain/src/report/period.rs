//! For which moments of a plan a report can be made now, as an address can name them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Sent, Wanted};
use crate::campaign::{Campaign, ReportSlot};
use crate::due::{Due, between};
use crate::text::fold;
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

    /// "Thứ Hai 23/11, 14h", for where there is little room.
    pub fn short_label(self, campaign: &Campaign) -> String {
        let Some(Wanted::Slot { slot, day }) = self.wanted(campaign) else { return "Đột xuất".to_owned() };
        let (_, month, date) = day.ymd();
        let hour = slot.before_hour.filter(|hour| *hour > 0).map(|hour| format!(", {hour}h")).unwrap_or_default();
        format!("{} {date}/{month}{hour}", day.weekday_name())
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

/// What can be reported now: of each slot the last that has passed and the next ones up to the first that is not sent yet;
/// and always one on request. The likely one comes first, then what is still to come, then what has passed.
pub fn periods(campaign: &Campaign, sent: &[Sent], area: Option<DocId>, now_ms: u64) -> Vec<Period> {
    let today = Day::at_ms(now_ms);
    let mut found: Vec<(u64, Period)> = Vec::new();
    for (index, slot) in slots_of(campaign, area) {
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
    let likely = likely_of(campaign, sent, area, now_ms, &found);
    found.sort_by_key(|(at_ms, period)| (*period != likely, *at_ms <= now_ms, *at_ms));
    let mut periods: Vec<Period> = found.into_iter().map(|(_, period)| period).collect();
    periods.insert(if likely == Period::Now { 0 } else { periods.len() }, Period::Now);
    periods
}

/// The slots that concern a unit. Plans name who reports in their own words (X21): where some slots are the teams', an area
/// has those; the commune has all.
fn slots_of(campaign: &Campaign, area: Option<DocId>) -> Vec<(usize, &ReportSlot)> {
    const TEAMS: [&str; 5] = ["to cong nghe so", "to dan pho", "thon", "ban nhan dan", "cac ap"];
    let is_of_teams = |slot: &ReportSlot| {
        let from = fold(&slot.from);
        TEAMS.iter().any(|team| from.contains(team))
    };
    let mut all: Vec<(usize, &ReportSlot)> = campaign.report_slots.iter().enumerate().collect();
    let own: Vec<(usize, &ReportSlot)> = all.iter().copied().filter(|(_, slot)| is_of_teams(slot)).collect();
    if area.is_some() && !own.is_empty() {
        all = own;
    }
    // Two that fall on the same moments are one report, whoever else sends one.
    let mut known = BTreeSet::new();
    all.retain(|(_, slot)| known.insert(slot.label()));
    all
}

/// What an area has sent for a day, by whichever slot.
pub fn sent_for_day(sent: &[Sent], area: DocId, day: Day) -> Option<&Sent> {
    let written = day.vietnamese();
    let own = sent.iter().filter(|sent| sent.area == Some(area) && sent.report.due.contains(&written));
    own.max_by_key(|sent| (sent.at, sent.id))
}

/// The one that is most likely wanted: missed since yesterday and not sent, else the next that is not sent.
pub fn likely(campaign: &Campaign, sent: &[Sent], area: Option<DocId>, now_ms: u64) -> Period {
    periods(campaign, sent, area, now_ms).first().copied().unwrap_or(Period::Now)
}

fn likely_of(campaign: &Campaign, sent: &[Sent], area: Option<DocId>, now_ms: u64, found: &[(u64, Period)]) -> Period {
    let is_recent = |at_ms: u64| at_ms.saturating_add(DAY_MS) > now_ms;
    let open = found.iter().filter(|(at_ms, period)| is_recent(*at_ms) && period.sent(campaign, sent, area).is_none());
    open.min_by_key(|(at_ms, _)| *at_ms).map_or(Period::Now, |(_, period)| *period)
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
        assert_eq!(words, ["0@2026-11-26", "0@2026-11-23", "0@2026-11-19", "now"]);
    }

    #[test]
    fn an_area_has_the_slots_of_the_teams_and_the_commune_has_all() {
        let mut plan = cho_don();
        plan.report_slots[0].from = "Cán bộ, công chức".to_owned();
        let mut teams = plan.report_slots[0].clone();
        (teams.from, teams.before_hour) = ("Tổ công nghệ số cộng đồng".to_owned(), None);
        plan.report_slots.push(teams);
        let now_ms = at("2026-11-22", 9);
        let labels = |area| {
            let periods = periods(&plan, &[], area, now_ms);
            periods.iter().map(|period| period.short_label(&plan)).collect::<Vec<_>>()
        };
        assert_eq!(labels(Some(DocId::from_u128(5))), ["Thứ Hai 23/11", "Thứ Năm 19/11", "Đột xuất"]);
        let all = ["Thứ Hai 23/11, 14h", "Thứ Hai 23/11", "Thứ Năm 19/11, 14h", "Thứ Năm 19/11", "Đột xuất"];
        assert_eq!(labels(None), all);
        // Where no slot names the teams, every slot is everyone's.
        plan.report_slots.pop();
        assert_eq!(periods(&plan, &[], Some(DocId::from_u128(5)), now_ms).len(), 3);
    }

    #[test]
    fn a_plan_without_slots_is_reported_on_request() {
        let plan = Campaign::asking_nothing();
        assert_eq!(likely(&plan, &[], None, at("2026-11-22", 9)), Period::Now);
    }
}
