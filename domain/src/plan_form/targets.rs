//! A target as typed: what is counted, of whom, how many, by when.

use super::place::TargetPart;
use super::read::Reader;
use super::{At, PlanForm, Rows, typed};
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

pub(super) fn blank(row: u32) -> Vec<(At, &'static str)> {
    let texts = [
        (TargetPart::Label, ""),
        (TargetPart::Measure, Measure::Step(Step::SignatureActivated).name()),
        (TargetPart::Group, ""),
        (TargetPart::Counted, STOCK),
        (TargetPart::Comparator, AT_LEAST),
        (TargetPart::Amount, ""),
        (TargetPart::Unit, PERCENT),
        (TargetPart::Deadline, ""),
    ];
    texts.map(|(part, text)| (At::Target(row, part), text)).to_vec()
}

impl PlanForm {
    pub(super) fn show_target(&mut self, target: &Target, groups: &[PopulationGroup]) {
        let row = self.add_row(Rows::Targets);
        let group = target.group.as_ref().map(|key| {
            let place = groups.iter().position(|group| group.key == *key);
            place.map_or_else(|| GONE.to_owned(), |row| row.to_string())
        });
        let (amount, unit) = match target.amount {
            Amount::BasisPoints(points) => (basis_points(points).trim_end_matches('%').to_owned(), PERCENT),
            Amount::Number(number) => (grouped(number.into()), NUMBER),
        };
        let is_new = target.counted == Counted::New;
        let is_more = target.comparator == Comparator::MoreThan;
        let mut set = |part, text: &str| self.set(At::Target(row, part), text);
        set(TargetPart::Label, &target.label);
        set(TargetPart::Measure, target.measure.name());
        set(TargetPart::Group, &group.unwrap_or_default());
        set(TargetPart::Counted, if is_new { NEW } else { STOCK });
        set(TargetPart::Comparator, if is_more { MORE_THAN } else { AT_LEAST });
        set(TargetPart::Amount, &amount);
        set(TargetPart::Unit, unit);
        set(TargetPart::Deadline, &target.deadline.map(|day| day.to_string()).unwrap_or_default());
    }

    pub(super) fn read_target(&self, row: u32, groups: &[(u32, PopulationGroup)], reader: &mut Reader) -> Target {
        let at = |part| At::Target(row, part);
        let text = |part| self.text(at(part));
        let measure = Measure::from_name(text(TargetPart::Measure)).ok_or("Chọn điều được đếm.");
        let measure = reader.take_or(at(TargetPart::Measure), measure, Measure::CompletePeople);
        let is_more = text(TargetPart::Comparator) == MORE_THAN;
        let amount = amount(text(TargetPart::Amount), text(TargetPart::Unit), is_more);
        Target {
            label: reader.take(at(TargetPart::Label), typed::line(text(TargetPart::Label))),
            measure,
            group: reader.take(at(TargetPart::Group), group(text(TargetPart::Group), measure, groups)),
            counted: if text(TargetPart::Counted) == NEW { Counted::New } else { Counted::Stock },
            comparator: if is_more { Comparator::MoreThan } else { Comparator::AtLeast },
            amount: reader.take_or(at(TargetPart::Amount), amount, Amount::Number(0)),
            deadline: reader.take(at(TargetPart::Deadline), typed::day(text(TargetPart::Deadline))),
        }
    }

    /// What a target comes to, as far as it can be said from what is typed: "Cần ít nhất 12.315 trên 17.592 người."
    pub fn target_words(&self, row: u32) -> Option<String> {
        // What is wrong elsewhere is said there.
        let mut elsewhere = Reader::default();
        let groups = self.read_groups(&mut elsewhere);
        let denominator = self.read_count(None, &mut elsewhere);
        let mut reader = Reader::default();
        let target = self.read_target(row, &groups, &mut reader);
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

fn group(row: &str, measure: Measure, groups: &[(u32, PopulationGroup)]) -> typed::Typed<Option<String>> {
    if row.is_empty() {
        return Ok(None);
    }
    let row = row.parse::<u32>().ok();
    let group = groups.iter().find(|(known, _)| Some(*known) == row);
    match (group, measure) {
        (None, _) => Err("Nhóm của chỉ tiêu này đã bị xóa. Chọn nhóm khác, hoặc chọn tất cả người dân."),
        (Some((_, group)), Measure::Step(_)) => Ok(Some(group.key.clone())),
        (Some(_), _) => Err("Điều này chỉ đếm được chung, không tách theo nhóm. Chọn tất cả người dân."),
    }
}

fn amount(text: &str, unit: &str, is_more: bool) -> typed::Typed<Amount> {
    const MISSING: &str = "Ghi mức phải đạt, ví dụ 70.";
    if unit == NUMBER {
        return typed::whole(text)?.filter(|number| *number > 0).map(Amount::Number).ok_or(MISSING);
    }
    match typed::share(text)? {
        None | Some(0) => Err(MISSING),
        Some(10_000) if is_more => Err("Không thể đạt trên 100%. Chọn “ít nhất”, hoặc ghi tỷ lệ thấp hơn."),
        Some(points) => Ok(Amount::BasisPoints(points)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan_form::{CountPart, GroupPart};

    /// A plan with 17.592 people, a group of pupils in row 0 and a target in row 0.
    fn form(amount: &str, unit: &str, comparator: &str) -> PlanForm {
        let mut form = PlanForm::empty();
        form.set(At::Count(None, CountPart::People), "17.592");
        let group = form.add_row(Rows::Groups);
        form.set(At::Group(group, GroupPart::Label), "Học sinh");
        let target = form.add_row(Rows::Targets);
        for (part, text) in
            [(TargetPart::Amount, amount), (TargetPart::Unit, unit), (TargetPart::Comparator, comparator)]
        {
            form.set(At::Target(target, part), text);
        }
        form
    }

    fn with(mut form: PlanForm, part: TargetPart, text: &str) -> PlanForm {
        form.set(At::Target(0, part), text);
        form
    }

    fn wrong(form: &PlanForm) -> Vec<TargetPart> {
        let mut reader = Reader::default();
        let groups = form.read_groups(&mut reader);
        form.read_target(0, &groups, &mut reader);
        let parts = reader.wrong.iter().filter_map(|wrong| match wrong.at {
            At::Target(0, part) => Some(part),
            _ => None,
        });
        parts.collect()
    }

    #[test]
    fn more_than_all_is_refused_and_all_of_them_is_not() {
        assert_eq!(wrong(&form("100", PERCENT, AT_LEAST)), []);
        assert_eq!(wrong(&form("100", PERCENT, MORE_THAN)), [TargetPart::Amount]);
        assert_eq!(wrong(&form("101", PERCENT, AT_LEAST)), [TargetPart::Amount]);
    }

    #[test]
    fn a_number_of_people_is_whole_and_a_target_has_an_amount() {
        assert_eq!(wrong(&form("3.490", NUMBER, AT_LEAST)), []);
        for amount in ["", "0", "1,5"] {
            assert_eq!(wrong(&form(amount, NUMBER, AT_LEAST)), [TargetPart::Amount], "{amount}");
        }
    }

    #[test]
    fn a_target_of_a_deleted_group_asks_for_another_group() {
        let of = |group: &str| with(form("80", PERCENT, AT_LEAST), TargetPart::Group, group);
        assert_eq!(wrong(&of("0")), []);
        for group in [GONE, "4"] {
            assert_eq!(wrong(&of(group)), [TargetPart::Group]);
        }
    }

    #[test]
    fn households_are_not_counted_by_group() {
        let households = Measure::ReachedHouseholds.name();
        let form = with(form("100", PERCENT, AT_LEAST), TargetPart::Measure, households);
        assert_eq!(wrong(&form), []);
        assert_eq!(wrong(&with(form, TargetPart::Group, "0")), [TargetPart::Group]);
    }

    #[test]
    fn a_target_says_what_it_comes_to_while_it_is_typed() {
        let share = || form("70", PERCENT, MORE_THAN);
        assert_eq!(share().target_words(0).as_deref(), Some("Cần ít nhất 12.315 trên 17.592 người."));
        let of_pupils = with(share(), TargetPart::Group, "0");
        assert!(of_pupils.target_words(0).is_some_and(|words| words.starts_with("Chưa biết")));
        let households = with(share(), TargetPart::Measure, Measure::ReachedHouseholds.name());
        assert_eq!(households.target_words(0).as_deref(), Some("Cần trên 70% số hộ của các địa bàn."));
        assert_eq!(with(share(), TargetPart::Amount, "").target_words(0), None);
    }
}
