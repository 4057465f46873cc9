//! Every target of every plan as it is worded, and the arithmetic of the figures that the plans name.

use domain::attainment::Attainment;
use domain::campaign::{Amount, Campaign, Comparator, Denominator, Measure, Target};
use domain::number::percent;
use domain::service::Step;
use domain::summary::{ChannelCount, DoorCounts, GroupCount, StepCount, Summary};

use crate::{ALL, BAC_KAN, CHO_DON, NGOK_BAY, TAN_HOI, THAI_NGUYEN, plan};

/// Measure, group, what is counted, the amount as worded, the deadline. "–" is what the plan does not say.
fn worded(target: &Target, plan: &Campaign) -> String {
    let attained = Attainment::of(target, plan, &Summary::default());
    let counted = format!("{:?}", target.counted).to_lowercase();
    let group = target.group.as_deref().unwrap_or("–");
    let deadline = target.deadline.map_or("–".to_owned(), |day| day.to_string());
    [target.measure.name(), group, &counted, &attained.target_label(), &deadline].join(" | ")
}

#[test]
fn the_targets_are_those_of_the_plans_and_no_others() {
    let table: [(&str, &[&str]); 5] = [
        (
            BAC_KAN,
            &[
                "signature_activated | – | stock | trên 65% | 2026-07-31",
                "signature_activated | – | stock | trên 70% | 2026-10-31",
                "signature_activated | – | new | ít nhất 3.490 người | 2026-10-31",
                // Two dates in one plan: the earlier is the one to work to (X9).
                "signature_activated | officials | stock | ít nhất 100% | 2026-06-15",
                // Three outcomes for pupils (X10).
                "guided | students | stock | trên 80% | 2026-07-31",
                "guided | students | stock | ít nhất 100% | 2026-10-31",
                "registered | students | stock | ít nhất 100% | –",
                "signature_activated | students | stock | ít nhất 100% | 2026-10-31",
                "registered | lower_secondary_pupils | stock | ít nhất 100% | –",
                "signature_activated | lower_secondary_pupils | stock | ít nhất 100% | 2026-10-31",
                "guided | workers | stock | trên 80% | 2026-07-31",
                "guided | workers | stock | ít nhất 100% | 2026-10-31",
                "guided | association_members | stock | ít nhất 100% | 2026-07-31",
                "helped_at_police_station | – | stock | ít nhất 100% | –",
                "helped_at_one_stop_centre | – | stock | ít nhất 100% | –",
            ],
        ),
        (
            THAI_NGUYEN,
            &[
                "signature_activated | – | stock | trên 50.000 người | 2025-08-28",
                "used | officials | stock | ít nhất 100% | 2025-08-28",
                // All residents, beside an appendix that asks 18 % of them (X4).
                "used | – | stock | ít nhất 100% | 2025-08-28",
            ],
        ),
        (
            TAN_HOI,
            // No deadline anywhere (X18).
            &[
                "signature_activated | – | stock | ít nhất 70% | –",
                "signature_activated | officials | stock | ít nhất 100% | –",
                "used | association_members | stock | ít nhất 100% | –",
                "activated | – | stock | ít nhất 100% | –",
                "helped_at_one_stop_centre | – | stock | ít nhất 100% | –",
            ],
        ),
        (
            NGOK_BAY,
            &[
                "activated | officials | stock | ít nhất 100% | –",
                "used | officials | stock | ít nhất 100% | –",
                "used | – | stock | ít nhất 50% | –",
            ],
        ),
        (
            CHO_DON,
            &[
                "reached_households | – | stock | ít nhất 100% | 2025-08-18",
                "proficient_households | – | stock | ít nhất 100% | 2025-08-18",
                "activated | officials | stock | ít nhất 100% | –",
                "registered | officials | stock | ít nhất 100% | –",
            ],
        ),
    ];
    assert_eq!(table.map(|row| row.0), ALL);
    for (key, expected) in table {
        let plan = plan(key);
        let found: Vec<String> = plan.targets.iter().map(|target| worded(target, &plan)).collect();
        assert_eq!(found, expected, "{key}");
    }
}

/// Figures in which a target's value is `value`, of 1.000 households.
fn figures(target: &Target, value: u64) -> Summary {
    let mut figures = Summary { doors: DoorCounts { not_yet: 1_000, ..DoorCounts::default() }, ..Summary::default() };
    let count = StepCount { stock: value, new: value, ..StepCount::default() };
    match (target.measure, &target.group) {
        (Measure::Step(step), None) => {
            figures.steps.insert(step, count);
        }
        (Measure::Step(step), Some(key)) => {
            let group = GroupCount { people: value, steps: [(step, count)].into() };
            figures.groups.insert(key.clone(), group);
        }
        (Measure::ReachedHouseholds, _) => {
            figures.doors.reached = value;
            figures.doors.not_yet -= value;
        }
        (Measure::ProficientHouseholds, _) => figures.proficient_households = value,
        (Measure::CompletePeople, _) => figures.complete = value,
        (Measure::HelpedAt(channel), _) => {
            figures.channels.insert(channel, ChannelCount { helped: value, ..ChannelCount::default() });
        }
    }
    figures
}

#[test]
fn every_target_is_missed_by_one_with_one_less_than_it_needs() {
    let thousand =
        || Some(Denominator { people: 1_000, as_of: None, source: "Giả định".to_owned(), already: None });
    let needed = |target: &Target| match (target.amount, target.comparator) {
        (Amount::BasisPoints(points), Comparator::AtLeast) => u64::from(points) / 10,
        (Amount::BasisPoints(points), Comparator::MoreThan) => u64::from(points) / 10 + 1,
        (Amount::Number(number), Comparator::AtLeast) => u64::from(number),
        (Amount::Number(number), Comparator::MoreThan) => u64::from(number) + 1,
    };
    for key in ALL {
        let mut plan = plan(key);
        plan.denominator = thousand();
        plan.groups.iter_mut().for_each(|group| group.denominator = thousand());
        for target in &plan.targets {
            let words = worded(target, &plan);
            let at = |value| Attainment::of(target, &plan, &figures(target, value));
            if matches!(target.measure, Measure::HelpedAt(_)) {
                assert_eq!((at(999).value, at(999).is_met()), (999, None), "{key}: {words}");
                continue;
            }
            let needed = needed(target);
            assert_eq!((at(needed - 1).is_met(), at(needed - 1).missing()), (Some(false), Some(1)), "{key}: {words}");
            assert_eq!((at(needed).is_met(), at(needed).missing()), (Some(true), Some(0)), "{key}: {words}");
        }
    }
}

#[test]
fn a_share_is_unknown_where_the_plan_gives_no_number_of_people() {
    for key in ALL {
        let plan = plan(key);
        for target in plan.targets.iter().filter(|target| matches!(target.amount, Amount::BasisPoints(_))) {
            let attained = Attainment::of(target, &plan, &figures(target, 10));
            let is_known = target.measure.counts_households()
                || (target.group.is_none()
                    && plan.denominator.is_some()
                    && !matches!(target.measure, Measure::HelpedAt(_)));
            assert_eq!(attained.is_met().is_some(), is_known, "{key}: {}", worded(target, &plan));
        }
    }
    let known = ALL.map(|key| plan(key).denominator.is_some());
    assert_eq!(known, [true, true, false, false, false]);
}

fn with_new_signatures(new: u64) -> Vec<Attainment> {
    let plan = plan(BAC_KAN);
    let count = StepCount { stock: new, new, ..StepCount::default() };
    let figures = Summary { steps: [(Step::SignatureActivated, count)].into(), ..Summary::default() };
    plan.targets.iter().take(3).map(|target| Attainment::of(target, &plan, &figures)).collect()
}

#[test]
fn bac_kan_needs_2611_for_65_percent_and_one_more_than_its_quota_for_70() {
    let missing = |new| with_new_signatures(new).iter().map(Attainment::missing).collect::<Vec<_>>();
    assert_eq!(percent(8_824, 17_592).as_deref(), Some("50,16%"));
    assert_eq!(missing(0), [Some(2_611), Some(3_491), Some(3_490)]);
    assert_eq!(missing(2_610), [Some(1), Some(881), Some(880)]);
    assert_eq!(missing(2_611), [Some(0), Some(880), Some(879)]);
    // X6: 8.824 + 3.490 = 12.314 of 17.592, which is 69,998 %.
    let with_quota = with_new_signatures(3_490);
    assert_eq!(missing(3_490), [Some(0), Some(1), Some(0)]);
    assert_eq!((with_quota[1].value, with_quota[1].of), (12_314, Some(17_592)));
    assert_eq!(with_quota[1].value_label().as_deref(), Some("69,998%"));
    assert_eq!(with_quota[2].value_label().as_deref(), Some("3.490 người"));
    assert_eq!(missing(3_491), [Some(0), Some(0), Some(0)]);
}

#[test]
fn half_is_enough_for_ngok_bay_and_not_for_the_letter_above_it() {
    let mut plan = plan(NGOK_BAY);
    plan.denominator =
        Some(Denominator { people: 3_000, as_of: None, source: "Công an xã".to_owned(), already: None });
    let own = plan.targets.last().expect("a target").clone();
    // X20: "tối thiểu 50%" in the plan, "trên 50%" in the letter that it carries out.
    let letter = Target { comparator: Comparator::MoreThan, ..own.clone() };
    let at = |target: &Target, value| Attainment::of(target, &plan, &figures(target, value)).is_met();
    assert_eq!((at(&own, 1_499), at(&own, 1_500)), (Some(false), Some(true)));
    assert_eq!((at(&letter, 1_500), at(&letter, 1_501)), (Some(false), Some(true)));
}

#[test]
fn tan_hoi_reckons_once_a_number_of_people_is_entered() {
    let mut plan = plan(TAN_HOI);
    assert_eq!((plan.ends_on, plan.report_slots.len(), plan.denominator.clone()), (None, 0, None));
    plan.denominator =
        Some(Denominator { people: 9_999, as_of: None, source: "Công an xã".to_owned(), already: None });
    let attained = Attainment::of(&plan.targets[0], &plan, &figures(&plan.targets[0], 6_999));
    assert_eq!((attained.needed, attained.missing()), (Some(7_000), Some(1)));
    assert_eq!(attained.value_label().as_deref(), Some("69,997%"));
}
