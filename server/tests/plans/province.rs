//! The 37 communes of Thái Nguyên's plan against their numbers (X3, X4, X7, X29).

use domain::attainment::Attainment;
use domain::campaign::Unit;
use domain::number::percent;
use domain::service::Step;
use domain::summary::{StepCount, Summary};

use crate::{BAC_KAN, THAI_NGUYEN, plan};

fn sums<'a>(units: impl Iterator<Item = &'a Unit>) -> (usize, u64, u64) {
    units.fold((0, 0, 0), |(count, adults, signatures), unit| {
        (count + 1, adults + unit.adults, signatures + unit.recommended)
    })
}

#[test]
fn the_37_communes_add_up_to_277566_adults_and_50000_signatures() {
    let plan = plan(THAI_NGUYEN);
    assert_eq!(sums(plan.units.iter()), (37, 277_566, 50_000));
    // Five rows lack the word "Xã" in the appendix: 35 xã and 2 phường in all (X29).
    let of = |kind: &'static str| sums(plan.units.iter().filter(move |unit| unit.kind == kind));
    assert_eq!(of("Xã"), (35, 243_783, 43_915));
    assert_eq!(of("Phường"), (2, 33_783, 6_085));
    assert_eq!(plan.denominator.map(|denominator| denominator.people), Some(277_566));
}

#[test]
fn every_commune_is_recommended_its_part_of_50000() {
    for unit in plan(THAI_NGUYEN).units {
        let rounded = (unit.adults * 50_000 * 2 + 277_566) / (277_566 * 2);
        assert_eq!(unit.recommended, rounded, "{}", unit.title());
    }
    assert_eq!(percent(50_000, 277_566).as_deref(), Some("18,01%"));
}

#[test]
fn meeting_every_recommendation_misses_more_than_50000_by_one() {
    let plan = plan(THAI_NGUYEN);
    let mut total = Summary::default();
    for unit in &plan.units {
        let count = StepCount { stock: unit.recommended, new: unit.recommended, ..StepCount::default() };
        total.add(&Summary { steps: [(Step::SignatureActivated, count)].into(), ..Summary::default() });
    }
    let attained = Attainment::of(&plan.targets[0], &plan, &total);
    assert_eq!((attained.value, attained.needed, attained.missing()), (50_000, Some(50_001), Some(1)));
    assert_eq!(attained.target_label(), "trên 50.000 người");
    // X4: all residents are a target of their own, far from the recommendation.
    let everyone = Attainment::of(&plan.targets[2], &plan, &total);
    assert_eq!((everyone.of, everyone.missing()), (Some(277_566), Some(277_566)));
}

#[test]
fn two_plans_give_bac_kan_two_numbers_and_both_keep_their_source() {
    let ward = plan(BAC_KAN).denominator.expect("a number of people");
    let province = plan(THAI_NGUYEN);
    let row = province.units.iter().find(|unit| unit.title() == "Phường Bắc Kạn").expect("a row");
    // X7: 363 fewer a year later, under a lower age.
    assert_eq!((ward.people, row.adults, row.adults - ward.people), (17_592, 17_955, 363));
    assert!(ward.source.contains("5/2026"), "{}", ward.source);
    let source = province.denominator.expect("a number of people").source;
    assert!(source.contains("7/2025"), "{source}");
}
