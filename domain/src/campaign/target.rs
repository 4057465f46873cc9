//! What a plan wants reached, and by when.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Channel;
use crate::Day;
use crate::service::Step;

/// What a target counts. Written as one word: a step's name, or one of the household figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// People who have come this far.
    Step(Step),
    /// People with every service that the plan asks for.
    CompletePeople,
    /// Households met at least once (CD25:59).
    ReachedHouseholds,
    /// Households with one person who can do it alone (CD25:36).
    ProficientHouseholds,
    /// People helped at a place. A share is of those who come there, and how many come no plan says (BK26:164-165).
    HelpedAt(Channel),
}

impl Measure {
    /// Everything that can be chosen for a target.
    pub fn all() -> impl Iterator<Item = Measure> {
        let others = [Measure::CompletePeople, Measure::ReachedHouseholds, Measure::ProficientHouseholds];
        let places = Channel::ALL.into_iter().map(Measure::HelpedAt);
        Step::ALL.into_iter().map(Measure::Step).chain(others).chain(places)
    }

    pub fn name(self) -> &'static str {
        match self {
            Measure::Step(step) => step.name(),
            Measure::CompletePeople => "complete_people",
            Measure::ReachedHouseholds => "reached_households",
            Measure::ProficientHouseholds => "proficient_households",
            Measure::HelpedAt(channel) => match channel {
                Channel::Home => "helped_at_home",
                Channel::CulturalHouse => "helped_at_cultural_house",
                Channel::School => "helped_at_school",
                Channel::HealthStation => "helped_at_health_station",
                Channel::PoliceStation => "helped_at_police_station",
                Channel::OneStopCentre => "helped_at_one_stop_centre",
            },
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|measure| measure.name() == name)
    }

    pub fn label(self) -> String {
        match self {
            Measure::Step(step) => format!("{}: {}", step.service().label(), step.label().to_lowercase()),
            Measure::CompletePeople => "Người đủ các dịch vụ".to_owned(),
            Measure::ReachedHouseholds => "Hộ đã tiếp cận".to_owned(),
            Measure::ProficientHouseholds => "Hộ có người thành thạo".to_owned(),
            Measure::HelpedAt(channel) => format!("Người được hỗ trợ: {}", channel.label()),
        }
    }

    /// What one of it is called: "người", "hộ".
    pub fn unit(self) -> &'static str {
        if self.counts_households() { "hộ" } else { "người" }
    }

    pub fn counts_households(self) -> bool {
        matches!(self, Measure::ReachedHouseholds | Measure::ProficientHouseholds)
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| D::Error::custom(format!("không có cách đếm “{name}”")))
    }
}

/// Whether a target counts all who have it, or only those newly installed since the plan was issued (BK26:57).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    Stock,
    New,
}

/// "trên 65%" against "từ 70% trở lên" (X3, X20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    MoreThan,
    AtLeast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Hundredths of a percent of the denominator: 6500 is 65 %.
    BasisPoints(u32),
    /// People, or households where the measure counts those.
    Number(u32),
}

/// A figure that the plan wants reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub label: String,
    pub measure: Measure,
    /// Only people of this group; its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    pub counted: Counted,
    pub comparator: Comparator,
    pub amount: Amount,
    /// The plan's day; where a plan names two, the earlier is the one to work to (X9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Day>,
}

impl Target {
    /// The smallest number that meets the target: "trên 70 %" of 17.592 is 12.315. `None` when the target is a share and
    /// the denominator is not known.
    pub fn needed(&self, denominator: Option<u64>) -> Option<u64> {
        Some(match (self.amount, self.comparator) {
            (Amount::Number(number), Comparator::AtLeast) => u64::from(number),
            (Amount::Number(number), Comparator::MoreThan) => u64::from(number) + 1,
            (Amount::BasisPoints(share), Comparator::AtLeast) => {
                (denominator?.checked_mul(u64::from(share))?).div_ceil(10_000)
            }
            (Amount::BasisPoints(share), Comparator::MoreThan) => {
                denominator?.checked_mul(u64::from(share))? / 10_000 + 1
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::AgeRule;

    fn share(basis_points: u32, comparator: Comparator) -> Target {
        Target {
            label: String::new(),
            measure: Measure::Step(Step::SignatureActivated),
            group: None,
            counted: Counted::Stock,
            comparator,
            amount: Amount::BasisPoints(basis_points),
            deadline: None,
        }
    }

    #[test]
    fn more_than_seventy_percent_of_bac_kan_needs_one_more_than_the_quota_gives() {
        assert_eq!(share(7000, Comparator::MoreThan).needed(Some(17_592)), Some(12_315));
        assert_eq!(share(6500, Comparator::MoreThan).needed(Some(17_592)), Some(11_435));
        assert_eq!(share(5000, Comparator::AtLeast).needed(Some(10)), Some(5));
        assert_eq!(share(5000, Comparator::MoreThan).needed(Some(10)), Some(6));
        assert_eq!(share(7000, Comparator::MoreThan).needed(None), None);
    }

    #[test]
    fn a_person_of_exactly_fifteen_is_in_or_out_as_the_plan_words_it() {
        assert!(AgeRule { years: 15, inclusive: true }.admits(15));
        assert!(!AgeRule { years: 15, inclusive: false }.admits(15));
        assert!(AgeRule { years: 15, inclusive: false }.admits(16));
    }

    #[test]
    fn every_measure_has_one_name() {
        for measure in Measure::all() {
            assert_eq!(Measure::from_name(measure.name()), Some(measure));
        }
        for channel in Channel::ALL {
            assert_eq!(Measure::HelpedAt(channel).name(), format!("helped_at_{}", channel.name()));
        }
    }
}
