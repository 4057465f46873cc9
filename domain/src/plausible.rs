//! On which days a fact may have happened, as far as the office can tell when it arrives.
//!
//! A day decides in which report a fact stands and whether it is "cài mới" (BK26:57), so a slip of the calendar or a
//! made-up day must not count. A phone that was offline for weeks brings days of weeks ago: those lie within the plan.

use crate::Day;
use crate::campaign::Campaign;
use crate::document::{Document, Kind};
use crate::protocol::Rejection;
use crate::service::Origin;
use crate::visit::{Outcome, Proficiency, Solution, Visit};

/// Teams begin while the plan is still being signed, and BK26 leaves its own day blank (X15).
const BEFORE_PLAN_DAYS: i32 = 31;
/// Without a plan's date: nothing that this program is for is older. Also for "đã có từ trước".
const BEFORE_TODAY_DAYS: i32 = 2 * 365;
/// A phone's clock may be past midnight when the office's is not.
const AFTER_TODAY_DAYS: i32 = 1;

/// The days that are believed of facts that arrive on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlausibleDays {
    first: Day,
    /// Of what was there before the plan.
    first_before: Day,
    last: Day,
}

impl PlausibleDays {
    /// From a month before the earliest of the commune's plans (issued or started; a team may begin before the day that
    /// its plan names) to the day after `received_ms` (office time, milliseconds since 1970).
    pub fn of<'a>(plans: impl IntoIterator<Item = &'a Campaign>, received_ms: u64) -> Self {
        let today = Day::at_ms(received_ms);
        let first_before = today.plus(-BEFORE_TODAY_DAYS);
        let starts = plans.into_iter().flat_map(|plan| [plan.issued_on, plan.starts_on]).flatten().min();
        let first = starts.map_or(first_before, |start| start.min(today).plus(-BEFORE_PLAN_DAYS));
        Self { first, first_before: first.min(first_before), last: today.plus(AFTER_TODAY_DAYS) }
    }

    /// Whether a fact of this day is believed.
    pub fn contains(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// # Errors
    /// [`Rejection::DayUnlikely`] for a fact of a day that is not believed. Kinds of a newer version are not judged.
    pub fn check(&self, document: &Document) -> Result<(), Rejection> {
        let Some((day, is_before)) = day_of(document) else { return Ok(()) };
        let first = if is_before { self.first_before } else { self.first };
        if (first..=self.last).contains(&day) { Ok(()) } else { Err(Rejection::DayUnlikely) }
    }
}

/// The day on which a fact counts, and whether it tells of what was there before. A fact that cannot be read counts on
/// none.
fn day_of(document: &Document) -> Option<(Day, bool)> {
    match document.kind {
        Kind::Visit => Visit::read(document).map(|fact| (fact.day, false)),
        Kind::Outcome => Outcome::read(document).map(|fact| (fact.day, fact.origin == Origin::PreExisting)),
        Kind::Proficiency => Proficiency::read(document).map(|fact| (fact.day, false)),
        Kind::Solution => Solution::read(document).map(|fact| (fact.day, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Step;
    use crate::visit::{Difficulty, VisitResult};
    use crate::{DocId, InstallId, Stamp};

    const SOMEBODY: DocId = DocId::from_u128(1);
    /// 2026-11-20 in Vietnam.
    const NOW: u64 = 1_795_150_000_000;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn plan(issued_on: &str) -> Campaign {
        Campaign { issued_on: Some(day(issued_on)), ..Campaign::asking_nothing() }
    }

    fn facts(on: Day) -> Vec<Document> {
        let at = Stamp { ms: NOW, counter: 0, install: InstallId(1) };
        let fact = |kind, fields| Document::fact(DocId::from_u128(9), kind, at, fields);
        vec![
            fact(Kind::Visit, Visit::fields(SOMEBODY, SOMEBODY, on, VisitResult::Met, None, &[], "")),
            fact(
                Kind::Outcome,
                Outcome::fields(SOMEBODY, SOMEBODY, on, Step::SignatureActivated, Origin::NewlyInstalled),
            ),
            fact(Kind::Proficiency, Proficiency::fields(SOMEBODY, SOMEBODY, on)),
            fact(Kind::Solution, Solution::fields(SOMEBODY, SOMEBODY, on, Difficulty::NoOtp)),
        ]
    }

    #[test]
    fn every_kind_of_fact_counts_from_a_month_before_the_plan_to_the_day_after_it_arrives() {
        let days = PlausibleDays::of(&[plan("2026-05-28")], NOW);
        let cases = [
            ("1999-01-01", false),
            ("2026-04-26", false),
            ("2026-04-27", true),
            ("2026-05-28", true),
            ("2026-11-20", true),
            ("2026-11-21", true),
            ("2026-11-22", false),
            ("9999-12-31", false),
        ];
        for (on, is_likely) in cases {
            for fact in facts(day(on)) {
                assert_eq!(days.check(&fact).is_ok(), is_likely, "{on} {:?}", fact.kind);
            }
        }
    }

    #[test]
    fn what_was_there_before_the_plan_may_be_two_years_old_and_no_more() {
        let days = PlausibleDays::of(&[plan("2026-05-28")], NOW);
        let before = |on| {
            let at = Stamp { ms: NOW, counter: 0, install: InstallId(1) };
            let fields = Outcome::fields(SOMEBODY, SOMEBODY, day(on), Step::SignatureActivated, Origin::PreExisting);
            days.check(&Document::fact(DocId::from_u128(9), Kind::Outcome, at, fields))
        };
        assert_eq!(before("2025-08-18"), Ok(()));
        assert_eq!(before("2024-11-01"), Err(Rejection::DayUnlikely));
        assert_eq!(before("2026-12-01"), Err(Rejection::DayUnlikely));
    }

    #[test]
    fn a_plan_that_begins_later_does_not_refuse_what_is_done_today() {
        let today = Day::at_ms(NOW);
        assert!(PlausibleDays::of(&[plan("2027-06-01")], NOW).contains(today));
        // The next plan does not refuse what a phone still brings of the one before.
        assert!(PlausibleDays::of(&[plan("2027-06-01"), plan("2026-05-28")], NOW).contains(day("2026-06-01")));
        for undated in [&[][..], &[Campaign::asking_nothing()]] {
            let days = PlausibleDays::of(undated, NOW);
            assert!(days.contains(today) && days.contains(today.plus(-730)) && !days.contains(today.plus(-731)));
        }
    }

    #[test]
    fn a_day_that_cannot_be_read_is_that_of_the_stamp_and_newer_kinds_are_not_judged() {
        let days = PlausibleDays::of(&[plan("2026-05-28")], NOW);
        let mut fact = facts(day("1999-01-01")).remove(0);
        let crate::Body::Fact { fields, .. } = &mut fact.body else { panic!("a fact") };
        fields.insert("day".to_owned(), "hôm qua".into());
        assert_eq!(days.check(&fact), Ok(()));
        let crate::Body::Fact { at, .. } = &mut fact.body else { panic!("a fact") };
        at.ms = 1;
        assert_eq!(days.check(&fact), Err(Rejection::DayUnlikely));
        fact.kind = Kind::Other("mới".to_owned());
        assert_eq!(days.check(&fact), Ok(()));
    }
}
