//! Whom each plan serves and whom it counts (X11, X12).

use crate::population::Population;
use crate::{ALL, BAC_KAN, CHO_DON, NGOK_BAY, TAN_HOI, THAI_NGUYEN, day, plan};

const AGES: std::ops::RangeInclusive<i64> = 13..=19;

#[test]
fn each_plan_serves_and_counts_from_its_own_age_on() {
    // The youngest who is served, the youngest who is counted, and how the plan words the latter.
    let table = [
        // "đủ từ 15" is served, "trên 15" is counted: who is just 15 is helped and not in the share.
        (BAC_KAN, 15, 16, "trên 15 tuổi"),
        // Two plans say "dân số trưởng thành" and no age, one has no share: they count whom they serve.
        (THAI_NGUYEN, 13, 13, "trưởng thành"),
        (TAN_HOI, 14, 14, "trưởng thành"),
        (NGOK_BAY, 18, 18, "từ đủ 18 tuổi"),
        (CHO_DON, 14, 14, "trưởng thành"),
    ];
    assert_eq!(table.map(|row| row.0), ALL);
    let mut people = Population::new(day("2026-06-30"));
    for age in AGES {
        people.resident(Some(age));
    }
    people.resident(None);
    let from = |youngest: i64| u64::try_from(AGES.filter(|age| *age >= youngest).count()).expect("few");
    for (key, served, counted, words) in table {
        let plan = plan(key);
        let figures = people.figures(&plan);
        // Who has no year of birth in the list is asked all the same, and never counted as an adult.
        assert_eq!(figures.eligible, from(served) + 1, "{key} serves");
        assert_eq!((figures.adults, figures.age_unknown), (from(counted), 1), "{key} counts");
        assert_eq!(plan.counts.label(), words, "{key}");
    }
}

#[test]
fn the_age_is_the_difference_of_years_at_the_turn_of_the_year_too() {
    let mut people = Population::new(day("2025-12-31"));
    people.resident(Some(18));
    assert_eq!(people.figures(&plan(NGOK_BAY)).adults, 1);
    let mut people = Population::new(day("2026-01-01"));
    people.resident(Some(17));
    assert_eq!(people.figures(&plan(NGOK_BAY)).adults, 0);
}

#[test]
fn a_person_of_just_fifteen_counts_for_the_team_of_bac_kan_and_not_for_its_share() {
    use domain::service::{Origin, Step};
    let plan = crate::dated(BAC_KAN);
    let today = day("2026-06-30");
    let mut people = Population::new(today);
    for age in [15, 16] {
        let resident = people.resident(Some(age));
        people.has(resident, today, Step::SignatureActivated, Origin::NewlyInstalled);
    }
    let figures = people.figures(&plan);
    assert_eq!(figures.steps[&Step::SignatureActivated].new, 1);
    assert_eq!(figures.members[&crate::population::HELPER].credited, 2);
}
