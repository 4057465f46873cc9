//! A target as typed: what is counted, of whom, how many, by when.

use serde::{Deserialize, Serialize};

use super::read::Reader;
use super::{At, PlanForm, TargetPart, typed};
use crate::Day;
use crate::attainment::Attainment;
use crate::campaign::{Amount, Campaign, Comparator, Counted, Measure, PopulationGroup, Target};
use crate::number::{basis_points, grouped};
use crate::service::Step;
use crate::summary::Summary;

pub const STOCK: &str = "stock";
pub const NEW: &str = "new";
pub const MORE_THAN: &str = "more_than";
pub const AT_LEAST: &str = "at_least";
pub const PERCENT: &str = "percent";
pub const NUMBER: &str = "number";
/// Instead of the row of a group that is no longer there.
pub const GONE: &str = "?";

/// A target as typed. What is chosen from a list is held by its name, a group by its row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TargetForm {
    pub label: String,
    pub measure: String,
    pub group: String,
    pub counted: String,
    pub comparator: String,
    pub amount: String,
    pub unit: String,
    pub deadline: String,
}

impl Default for TargetForm {
    fn default() -> Self {
        Self {
            label: String::new(),
            measure: Measure::Step(Step::SignatureActivated).name().to_owned(),
            group: String::new(),
            counted: STOCK.to_owned(),
            comparator: AT_LEAST.to_owned(),
            amount: String::new(),
            unit: PERCENT.to_owned(),
            deadline: String::new(),
        }
    }
}

impl TargetForm {
    pub(super) fn of(target: &Target, groups: &[PopulationGroup]) -> Self {
        let place = |key: &String| groups.iter().position(|group| group.key == *key);
        let group = target.group.as_ref().map(|key| place(key).map_or_else(|| GONE.to_owned(), |row| row.to_string()));
        let (amount, unit) = match target.amount {
            Amount::BasisPoints(points) => (basis_points(points).trim_end_matches('%').to_owned(), PERCENT),
            Amount::Number(number) => (grouped(number.into()), NUMBER),
        };
        Self {
            label: target.label.clone(),
            measure: target.measure.name().to_owned(),
            group: group.unwrap_or_default(),
            counted: if target.counted == Counted::New { NEW } else { STOCK }.to_owned(),
            comparator: if target.comparator == Comparator::MoreThan { MORE_THAN } else { AT_LEAST }.to_owned(),
            amount,
            unit: unit.to_owned(),
            deadline: target.deadline.as_ref().map(Day::to_string).unwrap_or_default(),
        }
    }

    pub(super) fn read(&self, row: u32, groups: &[(u32, PopulationGroup)], reader: &mut Reader) -> Target {
        let at = |part| At::Target(row, part);
        let measure = Measure::from_name(&self.measure).ok_or("Chọn điều được đếm.");
        if let Err(sentence) = measure {
            reader.refuse(at(TargetPart::Measure), sentence);
        }
        let measure = measure.unwrap_or(Measure::CompletePeople);
        let group = reader.take(at(TargetPart::Group), self.group(measure, groups));
        let comparator = if self.comparator == MORE_THAN { Comparator::MoreThan } else { Comparator::AtLeast };
        Target {
            label: reader.take(at(TargetPart::Label), typed::line(&self.label)),
            measure,
            group,
            counted: if self.counted == NEW { Counted::New } else { Counted::Stock },
            comparator,
            amount: reader.take_or(at(TargetPart::Amount), self.amount(comparator), Amount::Number(0)),
            deadline: reader.take(at(TargetPart::Deadline), typed::day(&self.deadline)),
        }
    }

    fn group(&self, measure: Measure, groups: &[(u32, PopulationGroup)]) -> typed::Typed<Option<String>> {
        if self.group.is_empty() {
            return Ok(None);
        }
        let row = self.group.parse::<u32>().ok();
        let group = groups.iter().find(|(known, _)| Some(*known) == row);
        match (group, measure) {
            (None, _) => Err("Nhóm của chỉ tiêu này đã bị xóa. Chọn nhóm khác, hoặc chọn tất cả người dân."),
            (Some(_), Measure::Step(_)) => Ok(group.map(|(_, group)| group.key.clone())),
            (Some(_), _) => Err("Điều này chỉ đếm được chung, không tách theo nhóm. Chọn tất cả người dân."),
        }
    }

    fn amount(&self, comparator: Comparator) -> typed::Typed<Amount> {
        const MISSING: &str = "Ghi mức phải đạt, ví dụ 70.";
        if self.unit == NUMBER {
            return typed::whole(&self.amount)?.filter(|number| *number > 0).map(Amount::Number).ok_or(MISSING);
        }
        match typed::share(&self.amount)? {
            None | Some(0) => Err(MISSING),
            Some(10_000) if comparator == Comparator::MoreThan => {
                Err("Không thể đạt trên 100%. Chọn “ít nhất”, hoặc ghi tỷ lệ thấp hơn.")
            }
            Some(points) => Ok(Amount::BasisPoints(points)),
        }
    }
}

impl PlanForm {
    /// What a target comes to, as far as it can be said from what is typed: "Cần ít nhất 12.315 trên 17.592 người."
    pub fn target_words(&self, row: u32) -> Option<String> {
        let form = self.targets.get(&row)?;
        // What is wrong elsewhere is said there.
        let mut elsewhere = Reader::default();
        let groups = super::people::read_groups(&self.groups, &mut elsewhere);
        let denominator = self.denominator.read(None, &mut elsewhere);
        let mut reader = Reader::default();
        let target = form.read(row, &groups, &mut reader);
        if !reader.wrong.is_empty() {
            return None;
        }
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        let plan = Campaign { denominator, groups, ..Campaign::asking_nothing() };
        let attained = Attainment::of(&target, &plan, &Summary::default());
        let unit = attained.unit;
        Some(match (attained.needed.map(grouped), attained.of.map(grouped)) {
            (Some(needed), Some(of)) => format!("Cần ít nhất {needed} trên {of} {unit}."),
            (Some(needed), None) => format!("Cần ít nhất {needed} {unit}."),
            (None, _) if target.measure.counts_households() => {
                format!("Cần {} số hộ của các địa bàn.", attained.target_label())
            }
            (None, _) => format!("Chưa biết tỷ lệ tính trên bao nhiêu {unit}, nên chưa tính được cần bao nhiêu."),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan_form::{CountForm, GroupForm};

    fn form(amount: &str, unit: &str, comparator: &str) -> TargetForm {
        let owned = str::to_owned;
        TargetForm { amount: owned(amount), unit: owned(unit), comparator: owned(comparator), ..TargetForm::default() }
    }

    fn wrong(form: &TargetForm) -> Vec<At> {
        let mut reader = Reader::default();
        let group = PopulationGroup { key: "pupils".to_owned(), label: "Học sinh".to_owned(), denominator: None };
        form.read(7, &[(3, group)], &mut reader);
        reader.wrong.iter().map(|wrong| wrong.at).collect()
    }

    #[test]
    fn more_than_all_is_refused_and_all_of_them_is_not() {
        assert_eq!(wrong(&form("100", PERCENT, AT_LEAST)), []);
        assert_eq!(wrong(&form("100", PERCENT, MORE_THAN)), [At::Target(7, TargetPart::Amount)]);
        assert_eq!(wrong(&form("101", PERCENT, AT_LEAST)), [At::Target(7, TargetPart::Amount)]);
    }

    #[test]
    fn a_number_of_people_is_whole_and_a_target_has_an_amount() {
        assert_eq!(wrong(&form("3.490", NUMBER, AT_LEAST)), []);
        for amount in ["", "0", "1,5"] {
            assert_eq!(wrong(&form(amount, NUMBER, AT_LEAST)), [At::Target(7, TargetPart::Amount)], "{amount}");
        }
    }

    #[test]
    fn a_target_of_a_deleted_group_asks_for_another_group() {
        for group in [GONE, "4"] {
            let form = TargetForm { group: group.to_owned(), ..form("80", PERCENT, AT_LEAST) };
            assert_eq!(wrong(&form), [At::Target(7, TargetPart::Group)]);
        }
        assert_eq!(wrong(&TargetForm { group: "3".to_owned(), ..form("80", PERCENT, AT_LEAST) }), []);
    }

    #[test]
    fn households_are_not_counted_by_group() {
        let measure = Measure::ReachedHouseholds.name().to_owned();
        let form = TargetForm { group: "3".to_owned(), measure, ..form("100", PERCENT, AT_LEAST) };
        assert_eq!(wrong(&form), [At::Target(7, TargetPart::Group)]);
    }

    #[test]
    fn a_target_says_what_it_comes_to_while_it_is_typed() {
        let whole = CountForm { people: "17.592".to_owned(), ..CountForm::default() };
        let mut plan = PlanForm { denominator: whole, ..PlanForm::default() };
        plan.targets.insert(0, form("70", PERCENT, MORE_THAN));
        plan.targets.insert(1, TargetForm { group: "0".to_owned(), ..form("80", PERCENT, AT_LEAST) });
        plan.groups.insert(0, GroupForm { label: "Học sinh".to_owned(), ..GroupForm::default() });
        assert_eq!(plan.target_words(0).as_deref(), Some("Cần ít nhất 12.315 trên 17.592 người."));
        assert!(plan.target_words(1).is_some_and(|words| words.starts_with("Chưa biết")));
        let measure = Measure::ReachedHouseholds.name().to_owned();
        plan.targets.insert(1, TargetForm { measure, ..form("100", PERCENT, AT_LEAST) });
        assert_eq!(plan.target_words(1).as_deref(), Some("Cần ít nhất 100% số hộ của các địa bàn."));
        plan.targets.insert(0, form("", PERCENT, MORE_THAN));
        assert_eq!(plan.target_words(0), None);
    }
}
