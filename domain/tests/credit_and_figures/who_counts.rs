//! Who counts and who does not: the dead, the mistaken and the young, doubles, and those whom the plan has counted itself.

use domain::attainment::Attainment;
use domain::campaign::{Amount, Comparator, Counted, Denominator, Measure, Target};
use domain::summary::StepCount;

use super::*;

/// The mistake, the death or the move of somebody, as a door tells it.
fn is_gone(street: &mut Street, who: DocId, how: &str) {
    let document = street.documents.iter_mut().map(|(doc, _)| doc).find(|doc| doc.id == who).expect("on the list");
    document.set("gone".to_owned(), Value::text(how), stamp(50));
}

#[test]
fn nobody_who_is_gone_makes_a_household_able() {
    for how in ["deleted", "deceased", "moved_away"] {
        let mut street = Street::with_household();
        street.fact(Kind::Proficiency, Proficiency::fields(LAN, AN, day(3)), Some(1));
        is_gone(&mut street, LAN, how);
        let able = |street: &Street| {
            let (summary, daily) = (Summary::of(&street.view(), &campaign()), Daily::of(&street.view(), &campaign()));
            (summary.proficient_households, daily.total().proficient)
        };
        assert_eq!(able(&street), (0, 0), "{how}");
        street.fact(Kind::Proficiency, Proficiency::fields(DUC, AN, day(9)), Some(2));
        assert_eq!(able(&street), (1, 1), "{how}");
        assert_eq!(street.view().households[&HOUSEHOLD].proficient_since, Some(Moment::start_of(day(9))), "{how}");
    }
}

#[test]
fn nobody_below_the_age_of_the_plan_is_complete() {
    let mut street = Street::with_household();
    let (child, unknown) = (DocId::from_u128(0x210), DocId::from_u128(0x211));
    street.resident(child, "Nông Bé", 2016);
    street.describe(unknown, Kind::Resident, [("household", HOUSEHOLD.into()), ("name", "Nông Văn Ba".into())]);
    for step in DONE {
        for who in [LAN, child, unknown] {
            street.outcome(who, AN, 2, step, Some(1));
        }
    }
    let summary = Summary::of(&street.view(), &campaign());
    // Whose age nobody knows counts in the steps and towards the fifteen, and so here.
    assert_eq!((summary.adults, summary.age_unknown, summary.complete), (2, 1, 2));
    assert_eq!(summary.steps[&DONE[2]].stock, 2);
    assert_eq!(summary.credits()[&AN], 2);
    assert_eq!(Daily::of(&street.view(), &campaign()).total().complete, 2);
    assert!(summary.complete <= summary.counted());
}

/// A plan that says how many had a signature before, counted on a day of June.
fn with_starting_stock(counted_on: Option<u32>) -> (Campaign, Target) {
    let start = Denominator { people: 100, as_of: counted_on.map(day), source: String::new(), already: Some(50) };
    let share = Target {
        label: String::new(),
        measure: Measure::Step(Step::SignatureActivated),
        group: None,
        counted: Counted::Stock,
        comparator: Comparator::MoreThan,
        amount: Amount::BasisPoints(6500),
        deadline: None,
    };
    (Campaign { denominator: Some(start), issued_on: Some(day(10)), ..campaign() }, share)
}

#[test]
fn all_who_came_to_it_since_the_plans_own_count_are_in_the_share() {
    let origins = [Origin::NewlyInstalled, Origin::SelfDone, Origin::PreExisting, Origin::Renewed];
    let mut street = Street::with_household();
    let mut who = 0x300;
    for on in [3, 7, 12] {
        for origin in origins {
            who += 1;
            street.resident(DocId::from_u128(who), "Bàn Văn Sơn", 1990);
            let fields = Outcome::fields(DocId::from_u128(who), AN, day(on), Step::SignatureActivated, origin);
            street.fact(Kind::Outcome, fields, Some(1));
        }
    }
    let value = |counted_on| {
        let (plan, share) = with_starting_stock(counted_on);
        let view = street.view_under(&plan);
        let (summary, daily) = (Summary::of(&view, &plan), Daily::of(&view, &plan));
        assert_eq!(summary.steps[&Step::SignatureActivated].new, 1, "since the day of issue only (BK26:57)");
        let value = Attainment::of(&share, &plan, &summary).value;
        let in_days = Attainment::at(&share, &plan, &summary, &daily.total()).map(|attained| attained.value);
        assert_eq!(in_days, Some(value));
        value
    };
    // Since the plan: one helped, one alone. Counted a week before it: those of the 7th are on top.
    assert_eq!(value(None), 52);
    assert_eq!(value(Some(5)), 54);
    assert_eq!(value(Some(7)), 52);
    // Counted after it: who came before that is in the count already.
    assert_eq!(value(Some(15)), 50);
}

#[test]
fn figures_of_an_earlier_version_add_to_the_share_what_they_know_to_be_new() {
    let old: StepCount = Value::Map([("stock".to_owned(), 9.into()), ("new".to_owned(), 4.into())].into())
        .parse()
        .expect("an earlier version's figures");
    assert_eq!(old.added(), 4);
    let mut sum = old;
    sum.add(&StepCount { stock: 3, new: 1, self_done: 2, added_beside_new: 2, ..StepCount::default() });
    assert_eq!(sum.added(), 7);
}

#[test]
fn a_record_that_is_gone_does_not_stand_for_somebody_who_lives_here() {
    for how in ["deleted", "moved_away"] {
        let mut street = Street::with_household();
        for step in DONE {
            street.outcome(LAN, AN, 2, step, Some(1));
        }
        street.fact(Kind::Link, Link::fields([LAN, DUC], AN), Some(2));
        is_gone(&mut street, LAN, how);
        let view = street.view();
        let summary = Summary::of(&view, &campaign());
        assert_eq!(view.residents[&LAN].canonical, DUC, "{how}");
        assert_eq!((summary.people, summary.complete, summary.credits()[&AN]), (1, 1, 1), "{how}");
    }
}

#[test]
fn what_one_record_of_a_person_tells_of_their_age_and_group_counts_for_the_person() {
    let plan = Campaign {
        groups: vec![PopulationGroup { key: "officials".to_owned(), label: "Cán bộ".to_owned(), denominator: None }],
        ..campaign()
    };
    let mut street = Street::with_household();
    let (first, second) = (DocId::from_u128(0x10), DocId::from_u128(0x500));
    street.describe(first, Kind::Resident, [("household", HOUSEHOLD.into()), ("name", "Ma Thị Hoa".into())]);
    let groups: Value = ["officials", "officials"].into_iter().collect();
    street.describe(second, Kind::Resident, [("birth_year", 1990.into()), ("groups", groups)]);
    street.fact(Kind::Link, Link::fields([first, second], AN), Some(2));
    let summary = Summary::of(&street.view_under(&plan), &plan);
    assert_eq!((summary.people, summary.adults, summary.age_unknown), (3, 3, 0));
    // Named twice in one list, too, an official is one.
    assert_eq!(summary.groups["officials"].people, 1);
}

#[test]
fn erasing_what_was_written_down_changes_no_figure_of_people() {
    for how in [None, Some("deleted"), Some("deceased"), Some("moved_away")] {
        let mut street = Street::with_household();
        street.fact(Kind::Proficiency, Proficiency::fields(LAN, AN, day(3)), Some(1));
        for step in DONE {
            let by_a_slip = street.outcome(DUC, BINH, 2, step, Some(2));
            street.fact(Kind::Correction, Correction::fields(by_a_slip, AN, true), Some(3));
            street.outcome(LAN, AN, 4, step, Some(4));
        }
        if let Some(how) = how {
            is_gone(&mut street, LAN, how);
        }
        let before = Summary::of(&street.view(), &campaign());
        let are_erased = |doc: &&mut Document| doc.id == LAN || doc.kind == Kind::Correction;
        street.documents.iter_mut().map(|(doc, _)| doc).filter(are_erased).for_each(domain::merge::erase);
        assert_eq!(Summary::of(&street.view(), &campaign()), before, "{how:?}");
    }
}
