//! A campaign (kế hoạch, đợt cao điểm): everything in which the plans differ. No parameter of a plan is a constant in code.

use serde::{Deserialize, Serialize};

use crate::document::{Body, Document, Kind};
use crate::service::{Service, Step};
use crate::{Day, Value};

/// "đủ từ 15 tuổi" is inclusive, "trên 15 tuổi" is not (BK26:79 against BK26:149).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeRule {
    pub years: u32,
    pub inclusive: bool,
}

impl AgeRule {
    pub fn admits(self, age: i64) -> bool {
        if self.inclusive { age >= i64::from(self.years) } else { age > i64::from(self.years) }
    }

    /// "từ đủ 15 tuổi", "trên 15 tuổi".
    pub fn label(self) -> String {
        if self.inclusive {
            format!("từ đủ {} tuổi", self.years)
        } else {
            format!("trên {} tuổi", self.years)
        }
    }
}

/// A service that the campaign asks for, and the step from which it counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceGoal {
    pub service: Service,
    pub done: Step,
}

/// Whether a target counts all who have it, or only those newly installed since the plan was issued (BK26:57).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    Stock,
    New,
}

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
    People(u32),
}

/// A figure that the plan wants reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    pub label: String,
    /// What a person must have reached to be counted.
    pub step: Step,
    pub counted: Counted,
    pub comparator: Comparator,
    pub amount: Amount,
    #[serde(default)]
    pub deadline: Option<Day>,
}

impl Target {
    /// The smallest number of people that meets the target: "trên 70 %" of 17.592 is 12.315. `None` when the target is a
    /// share and the denominator is not known.
    pub fn people_needed(&self, denominator: Option<u64>) -> Option<u64> {
        Some(match (self.amount, self.comparator) {
            (Amount::People(people), Comparator::AtLeast) => u64::from(people),
            (Amount::People(people), Comparator::MoreThan) => u64::from(people) + 1,
            (Amount::BasisPoints(share), Comparator::AtLeast) => {
                (denominator?.checked_mul(u64::from(share))?).div_ceil(10_000)
            }
            (Amount::BasisPoints(share), Comparator::MoreThan) => {
                denominator?.checked_mul(u64::from(share))? / 10_000 + 1
            }
        })
    }
}

/// When figures are due: "Thứ Tư trước 11h00", "ngày 20 hằng tháng".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSlot {
    #[serde(flatten)]
    pub when: SlotDay,
    /// Hour of the day in Vietnam before which the report is due; plans often name none.
    #[serde(default)]
    pub before_hour: Option<u32>,
    #[serde(default)]
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotDay {
    /// 0 = Monday … 6 = Sunday.
    Weekdays(Vec<u32>),
    DayOfMonth(u32),
}

/// The number that shares refer to: entered, dated, with its source (X7), never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denominator {
    pub people: u64,
    #[serde(default)]
    pub as_of: Option<Day>,
    #[serde(default)]
    pub source: String,
    /// People who already had a signature when the plan was written, by the plan's own count.
    #[serde(default)]
    pub already: Option<u64>,
}

/// The parameters of a plan. An absent setting is absent, not zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    pub name: String,
    /// Ngày ban hành, T0: what is newer than this is "cài mới" (X15: plans leave the day blank; then it is asked for).
    #[serde(default)]
    pub issued_on: Option<Day>,
    #[serde(default)]
    pub starts_on: Option<Day>,
    #[serde(default)]
    pub ends_on: Option<Day>,
    /// Who is served.
    pub serves: AgeRule,
    /// Who is counted in the share; not the same age in every plan (X12).
    pub counts: AgeRule,
    pub services: Vec<ServiceGoal>,
    /// Chỉ tiêu per helper (CD25:37).
    pub quota: u32,
    #[serde(default)]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub report_slots: Vec<ReportSlot>,
    #[serde(default)]
    pub denominator: Option<Denominator>,
    #[serde(default)]
    pub providers: Vec<String>,
    /// Đơn vị phụ trách dữ liệu.
    #[serde(default)]
    pub data_controller: String,
}

impl Campaign {
    /// A plan that asks for nothing, so that nothing looks done or missing: before one has arrived, and to build on.
    pub fn asking_nothing() -> Self {
        let all = AgeRule { years: 0, inclusive: true };
        Self {
            name: String::new(),
            issued_on: None,
            starts_on: None,
            ends_on: None,
            serves: all,
            counts: all,
            services: Vec::new(),
            quota: 0,
            targets: Vec::new(),
            report_slots: Vec::new(),
            denominator: None,
            providers: Vec::new(),
            data_controller: String::new(),
        }
    }

    /// The plan that figures follow: a commune has one at a time; should there be more, the newest counts.
    pub fn current(plans: impl IntoIterator<Item = Self>) -> Option<Self> {
        plans.into_iter().max_by(|a, b| (a.issued_on, a.starts_on, &a.name).cmp(&(b.issued_on, b.starts_on, &b.name)))
    }

    /// Reads the fields that this version knows; `None` when a required one is missing or of another shape.
    pub fn read(document: &Document) -> Option<Self> {
        let (Kind::Campaign, Body::Description(registers)) = (&document.kind, &document.body) else {
            return None;
        };
        let fields = registers.iter().map(|(name, register)| (name.clone(), register.value.clone())).collect();
        Value::Map(fields).parse()
    }

    /// The campaign as fields of a document, for a preset or an edit.
    pub fn to_fields(&self) -> Vec<(String, Value)> {
        match Value::from_serialize(self) {
            Some(Value::Map(fields)) => fields.into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The step from which `service` counts as done, if the campaign asks for it.
    pub fn done_step(&self, service: Service) -> Option<Step> {
        self.services.iter().find(|goal| goal.service == service).map(|goal| goal.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(basis_points: u32, comparator: Comparator) -> Target {
        Target {
            label: String::new(),
            step: Step::SignatureActivated,
            counted: Counted::Stock,
            comparator,
            amount: Amount::BasisPoints(basis_points),
            deadline: None,
        }
    }

    #[test]
    fn more_than_seventy_percent_of_bac_kan_needs_one_more_than_the_quota_gives() {
        assert_eq!(share(7000, Comparator::MoreThan).people_needed(Some(17_592)), Some(12_315));
        assert_eq!(share(6500, Comparator::MoreThan).people_needed(Some(17_592)), Some(11_435));
        assert_eq!(share(5000, Comparator::AtLeast).people_needed(Some(10)), Some(5));
        assert_eq!(share(5000, Comparator::MoreThan).people_needed(Some(10)), Some(6));
        assert_eq!(share(7000, Comparator::MoreThan).people_needed(None), None);
    }

    #[test]
    fn a_person_of_exactly_fifteen_is_in_or_out_as_the_plan_words_it() {
        assert!(AgeRule { years: 15, inclusive: true }.admits(15));
        assert!(!AgeRule { years: 15, inclusive: false }.admits(15));
        assert!(AgeRule { years: 15, inclusive: false }.admits(16));
    }
}
