//! What does not fit together in a plan that somebody wrote or edited by hand.

use std::collections::BTreeSet;

use super::{Amount, Campaign, Comparator, Denominator, Measure, ReportSlot, SlotDay, Target};
use crate::number::grouped;

/// Something in a plan that cannot be meant, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The setting, or the list, as files name it: `ends_on`, `targets`.
    pub setting: &'static str,
    /// Its place in the list, from 0.
    pub place: Option<usize>,
    /// A Vietnamese sentence: what is wrong, what to do.
    pub sentence: String,
}

impl Campaign {
    /// Everything that does not fit together, in the order of the settings; nothing when the plan can run. Settings that are
    /// merely empty are no misfit: plans leave them out.
    pub fn misfits(&self) -> Vec<Misfit> {
        let mut found = Vec::new();
        let mut note = |setting, place, sentence: Option<String>| {
            found.extend(sentence.map(|sentence| Misfit { setting, place, sentence }));
        };
        note("name", None, self.name.trim().is_empty().then(|| "Kế hoạch chưa có tên.".to_owned()));
        note("ends_on", None, self.ends_before_it_starts());
        note("denominator", None, self.denominator.as_ref().and_then(unusable));
        for (place, goal) in self.services.iter().enumerate() {
            let is_other = goal.done.service() != goal.service;
            let sentence = is_other.then(|| format!("Mức “{}” không thuộc dịch vụ này.", goal.done.name()));
            note("services", Some(place), sentence);
        }
        for (place, double) in doubles(self.services.iter().map(|goal| goal.service)) {
            note("services", Some(place), Some(format!("Dịch vụ “{}” có hai lần.", double.label())));
        }
        for (place, group) in self.groups.iter().enumerate() {
            note("groups", Some(place), group.key.trim().is_empty().then(|| "Nhóm chưa có khóa (key).".to_owned()));
            note("groups", Some(place), group.denominator.as_ref().and_then(unusable));
        }
        for (place, double) in doubles(self.groups.iter().map(|group| group.key.as_str())) {
            note("groups", Some(place), Some(format!("Khóa “{double}” có ở hai nhóm; mỗi nhóm cần một khóa riêng.")));
        }
        for (place, target) in self.targets.iter().enumerate() {
            note("targets", Some(place), self.unreachable(target));
        }
        for (place, slot) in self.report_slots.iter().enumerate() {
            note("report_slots", Some(place), never_due(slot));
        }
        for (place, double) in doubles(self.units.iter().map(super::Unit::title)) {
            note("units", Some(place), Some(format!("“{double}” có hai lần.")));
        }
        found
    }

    fn ends_before_it_starts(&self) -> Option<String> {
        let (start, end) = (self.starts_on?, self.ends_on?);
        (end < start).then(|| format!("Ngày kết thúc {} ở trước ngày bắt đầu.", end.vietnamese()))
    }

    fn unreachable(&self, target: &Target) -> Option<String> {
        if let Some(key) = &target.group {
            if !self.groups.iter().any(|group| group.key == *key) {
                return Some(format!("Chỉ tiêu nói đến nhóm “{key}” nhưng kế hoạch không có nhóm đó (groups)."));
            }
            if !matches!(target.measure, Measure::Step(_)) {
                return Some(format!("Cách đếm “{}” không chia theo nhóm.", target.measure.name()));
            }
        }
        match (target.amount, target.comparator) {
            (Amount::BasisPoints(points), Comparator::AtLeast) if points > 10_000 => Some(beyond_all(points)),
            (Amount::BasisPoints(points), Comparator::MoreThan) if points >= 10_000 => Some(beyond_all(points)),
            _ => None,
        }
    }
}

/// Shares are written in hundredths of a percent, which is easily mistaken.
fn beyond_all(points: u32) -> String {
    let points = grouped(u64::from(points));
    format!("Tỷ lệ {points} vượt quá tất cả mọi người: ghi theo phần vạn, 70% là 7000.")
}

fn unusable(denominator: &Denominator) -> Option<String> {
    match denominator.already {
        _ if denominator.people == 0 => Some("Số dân là 0: bỏ mục này nếu chưa biết.".to_owned()),
        Some(already) if already > denominator.people => {
            Some(format!("Số đã có ({}) lớn hơn số dân.", grouped(already)))
        }
        _ => None,
    }
}

fn never_due(slot: &ReportSlot) -> Option<String> {
    let sentence = match &slot.when {
        SlotDay::Weekdays(days) if days.is_empty() => "Kỳ báo cáo chưa có thứ nào trong tuần.",
        SlotDay::DayOfMonth(day) if !(1..=31).contains(day) => "Ngày trong tháng phải từ 1 đến 31.",
        _ if slot.before_hour.is_some_and(|hour| hour > 23) => "Giờ báo cáo phải từ 0 đến 23.",
        _ => return None,
    };
    Some(sentence.to_owned())
}

/// Whatever stood there before, with the place of its second standing.
fn doubles<T: Ord + Clone>(items: impl Iterator<Item = T>) -> Vec<(usize, T)> {
    let mut seen = BTreeSet::new();
    items.enumerate().filter(|(_, item)| !seen.insert(item.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{Counted, PopulationGroup, ServiceGoal, Unit, Weekday};
    use crate::service::{Service, Step};

    fn target(measure: Measure, amount: Amount) -> Target {
        Target {
            label: String::new(),
            measure,
            group: None,
            counted: Counted::Stock,
            comparator: Comparator::AtLeast,
            amount,
            deadline: None,
        }
    }

    fn sound() -> Campaign {
        Campaign { name: "Kế hoạch".to_owned(), ..Campaign::asking_nothing() }
    }

    fn places(plan: &Campaign) -> Vec<(&'static str, Option<usize>)> {
        plan.misfits().iter().map(|misfit| (misfit.setting, misfit.place)).collect()
    }

    #[test]
    fn an_empty_setting_is_no_misfit_but_a_plan_has_a_name() {
        assert_eq!(places(&sound()), []);
        assert_eq!(places(&Campaign::asking_nothing()), [("name", None)]);
    }

    #[test]
    fn a_target_is_within_reach() {
        let group = PopulationGroup { key: "pupils".to_owned(), label: "Học sinh".to_owned(), denominator: None };
        let signature = Measure::Step(Step::SignatureActivated);
        let of =
            |key: &str, measure| Target { group: Some(key.to_owned()), ..target(measure, Amount::BasisPoints(10_000)) };
        let more_than_all =
            Target { comparator: Comparator::MoreThan, ..target(signature, Amount::BasisPoints(10_000)) };
        let targets = vec![
            of("pupils", signature),
            of("teachers", signature),
            of("pupils", Measure::ReachedHouseholds),
            target(signature, Amount::BasisPoints(10_001)),
            more_than_all,
            target(signature, Amount::Number(50_000)),
        ];
        let plan = Campaign { groups: vec![group], targets, ..sound() };
        assert_eq!(places(&plan), [1, 2, 3, 4].map(|place| ("targets", Some(place))));
    }

    #[test]
    fn a_slot_comes_round() {
        let slot = |when, before_hour| ReportSlot {
            when,
            before_hour,
            from: String::new(),
            to: String::new(),
            channel: String::new(),
            link: String::new(),
        };
        let report_slots = vec![
            slot(SlotDay::Weekdays(vec![Weekday::Monday]), Some(23)),
            slot(SlotDay::Weekdays(Vec::new()), None),
            slot(SlotDay::DayOfMonth(32), None),
            slot(SlotDay::DayOfMonth(31), Some(24)),
        ];
        let plan = Campaign { report_slots, ..sound() };
        assert_eq!(places(&plan), [1, 2, 3].map(|place| ("report_slots", Some(place))));
    }

    #[test]
    fn nothing_is_there_twice_and_numbers_make_sense() {
        let denominator = |people, already| Some(Denominator { people, as_of: None, source: String::new(), already });
        let unit = || Unit { name: "Ba Bể".to_owned(), kind: "Xã".to_owned(), adults: 1, recommended: 1 };
        let group = |key: &str| PopulationGroup { key: key.to_owned(), label: String::new(), denominator: None };
        let plan = Campaign {
            starts_on: "2026-06-02".parse().ok(),
            ends_on: "2026-06-01".parse().ok(),
            denominator: denominator(5, Some(6)),
            services: vec![
                ServiceGoal::new(Service::EidLevel2, Step::Activated),
                ServiceGoal::new(Service::EidLevel2, Step::Used),
            ],
            groups: vec![group("a"), group(""), group("a")],
            units: vec![unit(), unit()],
            ..sound()
        };
        let expected = [
            ("ends_on", None),
            ("denominator", None),
            ("services", Some(1)),
            ("services", Some(1)),
            ("groups", Some(1)),
            ("groups", Some(2)),
            ("units", Some(1)),
        ];
        assert_eq!(places(&plan), expected);
        assert_eq!(places(&Campaign { denominator: denominator(0, None), ..sound() }), [("denominator", None)]);
    }
}
