//! How far a target is: what the plan started from, what the team has recorded since, and what is still missing.
//!
//! A plan often brings its own starting stock ("8.824 đã có"). The team meets some of those very people at their doors
//! and records them as "đã có từ trước": adding the two would count them twice, so only what is newer is added. That is who
//! was helped and who did it alone: the plans ask for people who have a signature (BK26:33), not for how they came to it.

use crate::campaign::{Amount, Campaign, Comparator, Counted, Denominator, Measure, Target};
use crate::daily::Flow;
use crate::number::{basis_points, grouped, percent, percent_exactly};
use crate::service::Step;
use crate::summary::{StepCount, Summary};

/// A target against figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attainment {
    /// What the plan says was there before it, where it applies to this target.
    pub already: Option<u64>,
    /// What the team has recorded of this step.
    pub recorded: StepCount,
    /// The people, or households, that count.
    pub value: u64,
    /// Of whom shares are taken, when the target is a share and the number is known.
    pub of: Option<u64>,
    /// The smallest value that meets the target; `None` when the denominator is not known.
    pub needed: Option<u64>,
    /// "người", "hộ".
    pub unit: &'static str,
    comparator: Comparator,
    amount: Amount,
}

impl Attainment {
    pub fn of(target: &Target, campaign: &Campaign, figures: &Summary) -> Self {
        Self::with(target, campaign, figures, recorded(target, figures))
    }

    /// As it was when no more than `flow` had come about; `None` for a group or a place, whose days are not kept.
    pub fn at(target: &Target, campaign: &Campaign, figures: &Summary, flow: &Flow) -> Option<Self> {
        if target.group.is_some() {
            return None;
        }
        let count = match target.measure {
            Measure::Step(step) => flow.step(step),
            Measure::CompletePeople => whole(flow.complete),
            Measure::ReachedHouseholds => whole(flow.reached),
            Measure::ProficientHouseholds => whole(flow.proficient),
            Measure::HelpedAt(_) => return None,
        };
        Some(Self::with(target, campaign, figures, count))
    }

    fn with(target: &Target, campaign: &Campaign, figures: &Summary, recorded: StepCount) -> Self {
        let denominator = denominator(target, campaign);
        let already = denominator.and_then(|denominator| starting_stock(target, denominator));
        let value = match (target.counted, already) {
            (Counted::New, _) => recorded.new,
            (Counted::Stock, Some(already)) => already + recorded.added(),
            (Counted::Stock, None) => recorded.stock,
        };
        let whole = match target.measure {
            Measure::ReachedHouseholds | Measure::ProficientHouseholds => Some(figures.doors.total()),
            // How many come there nobody has counted; it is not the number of adults.
            Measure::HelpedAt(_) => None,
            Measure::Step(_) | Measure::CompletePeople => denominator.map(|denominator| denominator.people),
        };
        let whole = whole.filter(|whole| *whole > 0);
        Self {
            already,
            recorded,
            value,
            of: whole.filter(|_| matches!(target.amount, Amount::BasisPoints(_))),
            needed: target.needed(whole),
            unit: target.measure.unit(),
            comparator: target.comparator,
            amount: target.amount,
        }
    }

    /// `None` when it cannot be said.
    pub fn is_met(&self) -> Option<bool> {
        Some(self.value >= self.needed?)
    }

    /// Còn thiếu, in people.
    pub fn missing(&self) -> Option<u64> {
        Some(self.needed?.saturating_sub(self.value))
    }

    /// "50,16%", or "1.204 người" of a target in people; a missing person is never rounded away.
    pub fn value_label(&self) -> Option<String> {
        let Amount::BasisPoints(points) = self.amount else {
            return Some(format!("{} {}", grouped(self.value), self.unit));
        };
        let of = self.of?;
        let rounded = (u128::from(self.value) * 20_000 + u128::from(of)) / (u128::from(of) * 2);
        if self.is_met() == Some(false) && rounded >= u128::from(points) {
            return percent_exactly(self.value, of);
        }
        percent(self.value, of)
    }

    /// As the plan states it: "trên 65%", "ít nhất 3.490 người".
    pub fn target_label(&self) -> String {
        let amount = match self.amount {
            Amount::BasisPoints(points) => basis_points(points),
            Amount::Number(number) => format!("{} {}", grouped(u64::from(number)), self.unit),
        };
        match self.comparator {
            Comparator::MoreThan => format!("trên {amount}"),
            Comparator::AtLeast => format!("ít nhất {amount}"),
        }
    }

    /// How full the bar is and where the target's mark stands, both in people, and the end of the bar.
    pub fn scale(&self) -> (Option<u64>, u64, u64) {
        let mark = self.needed.unwrap_or_default();
        (self.needed.map(|_| self.value), mark, self.of.unwrap_or_else(|| mark.max(self.value)))
    }
}

fn whole(number: u64) -> StepCount {
    StepCount { stock: number, new: number, ..StepCount::default() }
}

fn recorded(target: &Target, figures: &Summary) -> StepCount {
    match (target.measure, &target.group) {
        (Measure::Step(step), None) => figures.steps.get(&step).copied().unwrap_or_default(),
        (Measure::Step(step), Some(key)) => {
            figures.groups.get(key).and_then(|group| group.steps.get(&step)).copied().unwrap_or_default()
        }
        (Measure::CompletePeople, _) => whole(figures.complete),
        (Measure::ReachedHouseholds, _) => whole(figures.doors.reached),
        (Measure::ProficientHouseholds, _) => whole(figures.proficient_households),
        (Measure::HelpedAt(channel), _) => whole(figures.channels.get(&channel).map_or(0, |count| count.helped)),
    }
}

/// Whom the target's share is of: its group's number, else the plan's.
fn denominator<'a>(target: &Target, campaign: &'a Campaign) -> Option<&'a Denominator> {
    match &target.group {
        Some(key) => campaign.groups.iter().find(|group| group.key == *key)?.denominator.as_ref(),
        None => campaign.denominator.as_ref(),
    }
}

/// The plans count signatures that work; a used one is a narrower thing, and other services were not counted.
fn starting_stock(target: &Target, denominator: &Denominator) -> Option<u64> {
    let fits = matches!(target.measure, Measure::Step(Step::Registered | Step::SignatureActivated));
    denominator.already.filter(|_| fits && target.counted == Counted::Stock)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{AgeRule, Channel};
    use crate::summary::ChannelCount;

    fn target(counted: Counted, comparator: Comparator, amount: Amount) -> Target {
        Target {
            label: String::new(),
            measure: Measure::Step(Step::SignatureActivated),
            group: None,
            counted,
            comparator,
            amount,
            deadline: None,
        }
    }

    fn bac_kan(already: Option<u64>) -> Campaign {
        let age = AgeRule { years: 15, inclusive: false };
        Campaign {
            serves: age,
            counts: age,
            quota: Some(15),
            denominator: Some(Denominator { people: 17_592, as_of: None, source: String::new(), already }),
            ..Campaign::asking_nothing()
        }
    }

    fn figures(new: u64, pre_existing: u64) -> Summary {
        let count = StepCount { stock: new + pre_existing, new, pre_existing, ..StepCount::default() };
        Summary { steps: [(Step::SignatureActivated, count)].into(), ..Summary::default() }
    }

    #[test]
    fn people_who_had_one_before_are_not_added_to_the_plans_own_stock() {
        let share = target(Counted::Stock, Comparator::MoreThan, Amount::BasisPoints(7000));
        let attained = Attainment::of(&share, &bac_kan(Some(8_824)), &figures(100, 700));
        assert_eq!(attained.value, 8_924);
        assert_eq!(attained.missing(), Some(12_315 - 8_924));
        assert_eq!(attained.recorded.stock, 800);
    }

    #[test]
    fn without_a_starting_stock_the_teams_own_count_stands() {
        let share = target(Counted::Stock, Comparator::MoreThan, Amount::BasisPoints(7000));
        let attained = Attainment::of(&share, &bac_kan(None), &figures(100, 700));
        assert_eq!((attained.value, attained.already), (800, None));
    }

    #[test]
    fn meeting_the_quota_of_bac_kan_still_leaves_one_person_of_the_share() {
        let share = target(Counted::Stock, Comparator::MoreThan, Amount::BasisPoints(7000));
        let quota = target(Counted::New, Comparator::AtLeast, Amount::Number(3_490));
        let (campaign, figures) = (bac_kan(Some(8_824)), figures(3_490, 0));
        let share = Attainment::of(&share, &campaign, &figures);
        let quota = Attainment::of(&quota, &campaign, &figures);
        assert_eq!((share.is_met(), share.missing()), (Some(false), Some(1)));
        assert_eq!((quota.is_met(), quota.missing()), (Some(true), Some(0)));
        assert_eq!(share.value_label().as_deref(), Some("69,998%"));
        assert_eq!(quota.value_label().as_deref(), Some("3.490 người"));
    }

    #[test]
    fn a_share_of_an_unknown_number_is_unknown() {
        let share = target(Counted::Stock, Comparator::MoreThan, Amount::BasisPoints(7000));
        let campaign = Campaign { denominator: None, ..bac_kan(None) };
        let attained = Attainment::of(&share, &campaign, &figures(100, 0));
        assert_eq!((attained.is_met(), attained.missing(), attained.value_label()), (None, None, None));
    }

    #[test]
    fn a_share_of_those_who_come_to_a_place_is_not_one_of_all_adults() {
        let everyone = Target {
            measure: Measure::HelpedAt(Channel::PoliceStation),
            ..target(Counted::Stock, Comparator::AtLeast, Amount::BasisPoints(10_000))
        };
        let at_the_police = ChannelCount { helped: 40, ..ChannelCount::default() };
        let figures = Summary { channels: [(Channel::PoliceStation, at_the_police)].into(), ..Summary::default() };
        let attained = Attainment::of(&everyone, &bac_kan(Some(8_824)), &figures);
        assert_eq!((attained.value, attained.of, attained.is_met()), (40, None, None));
        assert_eq!(Attainment::at(&everyone, &bac_kan(None), &figures, &Flow::default()), None);
    }

    #[test]
    fn the_label_says_what_the_plan_says() {
        let label = |comparator, amount| {
            Attainment::of(&target(Counted::New, comparator, amount), &bac_kan(None), &figures(0, 0)).target_label()
        };
        assert_eq!(label(Comparator::MoreThan, Amount::BasisPoints(6500)), "trên 65%");
        assert_eq!(label(Comparator::AtLeast, Amount::Number(3_490)), "ít nhất 3.490 người");
    }
}
