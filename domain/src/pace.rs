//! How fast a target is coming closer: so far, lately, and as fast as the deadline needs it.

use crate::Day;
use crate::attainment::Attainment;
use crate::campaign::{Campaign, Target};
use crate::daily::{Daily, Flow};
use crate::number::tenths;
use crate::summary::Summary;

/// Long enough for a weekend and a rainy week, short enough to be "lately".
const LATELY_DAYS: i32 = 14;

/// A target over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    pub start: Day,
    pub today: Day,
    /// The day by which it is wanted, if the plan names one.
    pub end: Option<Day>,
    /// The value at the end of a day, oldest first, from `start` to `today`; days on which nothing came are left out.
    pub points: Vec<(Day, u64)>,
    pub needed: Option<u64>,
    pub unit: &'static str,
    /// What came in the last days, and how many days these were.
    lately: (u64, i32),
}

impl Pace {
    /// `None` before anything has begun.
    pub fn of(target: &Target, campaign: &Campaign, summary: &Summary, daily: &Daily, today: Day) -> Option<Self> {
        let first = daily.0.keys().next().map(|moment| moment.day);
        let start = campaign.starts_on.or(campaign.issued_on).or(first)?.min(today);
        if Attainment::at(target, campaign, summary, &Flow::default()).is_none() {
            return Some(Self::as_a_whole(target, campaign, summary, start, today));
        }
        let value = |flow: &Flow| Attainment::at(target, campaign, summary, flow);
        let mut flow = Flow::default();
        let mut points = Vec::new();
        for (moment, came) in daily.0.iter().filter(|(moment, _)| moment.day <= today) {
            flow.add(came);
            let (day, value) = (moment.day.max(start), value(&flow)?.value);
            match points.last_mut() {
                Some((last, old)) if *last == day => *old = value,
                _ => points.push((day, value)),
            }
        }
        let before = value(&Flow::default())?;
        if points.first().is_none_or(|(day, _)| *day > start) {
            points.insert(0, (start, before.value));
        }
        let now = points.last().map_or(before.value, |(_, value)| *value);
        let days = today.since(start).clamp(1, LATELY_DAYS);
        let then = points.iter().rfind(|(day, _)| *day <= today.plus(-days)).map_or(before.value, |(_, value)| *value);
        points.push((today, now));
        points.dedup();
        Some(Self {
            start,
            today,
            end: target.deadline.or(campaign.ends_on),
            points,
            needed: before.needed,
            unit: before.unit,
            lately: (now.saturating_sub(then), days),
        })
    }

    /// Of a group, or of a place, only the sums are kept: what was newly done since the start is the pace, without a line.
    fn as_a_whole(target: &Target, campaign: &Campaign, summary: &Summary, start: Day, today: Day) -> Self {
        let now = Attainment::of(target, campaign, summary);
        Self {
            start,
            today,
            end: target.deadline.or(campaign.ends_on),
            points: vec![(today, now.value)],
            needed: now.needed,
            unit: now.unit,
            lately: (now.recorded.new, today.since(start) + 1),
        }
    }

    pub fn value(&self) -> u64 {
        self.points.last().map_or(0, |(_, value)| *value)
    }

    /// What will have been reached by the deadline if it goes on as lately.
    pub fn expected(&self) -> Option<u64> {
        let days = u64::try_from(self.end?.since(self.today)).ok()?;
        let (came, in_days) = self.lately;
        Some(self.value() + came * days / u64::try_from(in_days).unwrap_or(1).max(1))
    }

    /// "Cần 24,5 người mỗi ngày đến 31/10/2026; 14 ngày qua được 8 người mỗi ngày."
    pub fn words(&self) -> String {
        let (came, days) = self.lately;
        let lately = per_day(came, days, false);
        let so_far = format!("{days} ngày qua được {lately} {} mỗi ngày.", self.unit);
        let Some(missing) = self.needed.map(|needed| needed.saturating_sub(self.value())) else {
            return capitalised(&so_far);
        };
        match self.end {
            _ if missing == 0 => format!("Đã đạt; {so_far}"),
            Some(end) if end >= self.today => {
                let needed = per_day(missing, end.since(self.today) + 1, true);
                format!("Cần {needed} {} mỗi ngày đến {}; {so_far}", self.unit, end.vietnamese())
            }
            Some(end) => format!("Đã quá hạn {}; {so_far}", end.vietnamese()),
            None => capitalised(&so_far),
        }
    }
}

/// In tenths. What is needed is rounded up: with a little less the target is missed.
fn per_day(number: u64, days: i32, up: bool) -> String {
    let days = u64::try_from(days).unwrap_or(1).max(1);
    let all = number.saturating_mul(10);
    tenths(if up { all.div_ceil(days) } else { all / days })
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;
    use crate::campaign::{Amount, Comparator, Counted, Denominator, Measure, PopulationGroup};
    use crate::service::Step;
    use crate::summary::{GroupCount, StepCount};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn target() -> Target {
        Target {
            label: String::new(),
            measure: Measure::Step(Step::SignatureActivated),
            group: None,
            counted: Counted::Stock,
            comparator: Comparator::MoreThan,
            amount: Amount::BasisPoints(6_500),
            deadline: Some(day("2026-07-31")),
        }
    }

    fn bac_kan() -> Campaign {
        let denominator = Denominator { people: 17_592, as_of: None, source: String::new(), already: Some(8_824) };
        Campaign { starts_on: Some(day("2026-06-01")), denominator: Some(denominator), ..Campaign::asking_nothing() }
    }

    fn installed(days: &[(&str, u64)]) -> Daily {
        let flow = |new| Flow {
            steps: [(Step::SignatureActivated, StepCount { stock: new, new, ..StepCount::default() })].into(),
            ..Flow::default()
        };
        Daily(days.iter().map(|(on, new)| (Moment::start_of(day(on)), flow(*new))).collect())
    }

    #[test]
    fn bac_kan_needs_2611_by_the_end_of_july() {
        let daily = installed(&[("2026-06-10", 100), ("2026-06-28", 140)]);
        let pace = Pace::of(&target(), &bac_kan(), &Summary::default(), &daily, day("2026-07-01")).expect("a pace");
        assert_eq!(pace.needed, Some(8_824 + 2_611));
        assert_eq!(pace.points.first(), Some(&(day("2026-06-01"), 8_824)));
        assert_eq!(pace.value(), 9_064);
        // 2.371 are missing, with 31 days left of which today is one.
        assert_eq!(pace.words(), "Cần 76,5 người mỗi ngày đến 31/07/2026; 14 ngày qua được 10 người mỗi ngày.");
        assert_eq!(pace.expected(), Some(9_064 + 300));
    }

    #[test]
    fn a_target_that_is_met_or_late_says_so() {
        let daily = installed(&[("2026-06-10", 2_611)]);
        let pace = |today| Pace::of(&target(), &bac_kan(), &Summary::default(), &daily, day(today)).expect("a pace");
        assert!(pace("2026-06-20").words().starts_with("Đã đạt"));
        let late = Pace::of(&target(), &bac_kan(), &Summary::default(), &Daily::default(), day("2026-08-02"));
        assert!(late.expect("a pace").words().starts_with("Đã quá hạn 31/07/2026"));
    }

    #[test]
    fn a_group_has_its_pace_since_the_start_though_its_days_are_not_kept() {
        let of_pupils = Target { group: Some("pupils".to_owned()), ..target() };
        let people = Denominator { people: 200, as_of: None, source: String::new(), already: None };
        let pupils =
            PopulationGroup { key: "pupils".to_owned(), label: "Học sinh".to_owned(), denominator: Some(people) };
        let plan = Campaign { groups: vec![pupils], ..bac_kan() };
        let count = StepCount { stock: 50, new: 40, pre_existing: 10, ..StepCount::default() };
        let group = GroupCount { people: 60, steps: [(Step::SignatureActivated, count)].into() };
        let summary = Summary { groups: [("pupils".to_owned(), group)].into(), ..Summary::default() };
        let pace = Pace::of(&of_pupils, &plan, &summary, &Daily::default(), day("2026-06-20")).expect("a pace");
        // More than 65 % of 200 is 131, 81 are missing, and 42 days are left.
        assert_eq!(pace.words(), "Cần 2 người mỗi ngày đến 31/07/2026; 20 ngày qua được 2 người mỗi ngày.");
        assert_eq!(pace.points.len(), 1);
    }
}
