//! Who brought a person to completion: one person counts once, for one helper (CD25:37).

use crate::campaign::Campaign;
use crate::visit::Outcome;
use crate::{Day, DocId, Moment};

/// An outcome with its place in the order that decides credit.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub outcome: Outcome,
    pub accepted: Option<u64>,
}

impl Ranked {
    /// By the day on which it was told, then by the order in which the server accepted: within a day a phone's clock cannot
    /// win. What the server has not seen comes after what it has. What a list tells comes last on its day: a provider's list
    /// of today knows of the signatures that helpers have made until today, also those whose records are still on their
    /// phones.
    pub fn rank(&self) -> (Day, bool, u64, DocId) {
        (self.told_on(), self.outcome.from_list, self.accepted.unwrap_or(u64::MAX), self.outcome.id)
    }

    /// The business day, but not before the day of the stamp: who dates a record back, days later, comes after whoever had
    /// told it by then, and a lead can correct that. A phone that was offline stamped on the day itself and loses nothing.
    /// Lists and what a lead types in from paper keep the day that the server wrote.
    ///
    /// This rests on the stamp, which the server bounds from above only. A phone that was tampered with can stamp in the
    /// past too, no further back than a day is believed (`plausible`).
    fn told_on(&self) -> Day {
        let outcome = &self.outcome;
        if outcome.from_list || outcome.entered_by.is_some() {
            return outcome.day;
        }
        outcome.day.max(Day::at_ms(outcome.at.ms))
    }
}

pub(super) struct Completion {
    pub complete: bool,
    pub since: Option<Moment>,
    pub credit: Option<DocId>,
}

/// `outcomes` are all live outcomes of one person, sorted by rank. The credit goes to the helper of the last assisted
/// record among those that first brought each service to "done". Records of what was there before earn none, so the
/// order of taps at one door does not matter.
pub(super) fn completion(outcomes: &[Ranked], campaign: &Campaign) -> Completion {
    let firsts: Vec<Option<&Ranked>> = campaign
        .services
        .iter()
        .map(|goal| outcomes.iter().find(|ranked| ranked.outcome.step.includes(goal.done)))
        .collect();
    let complete = !firsts.is_empty() && firsts.iter().all(Option::is_some);
    let since = firsts.iter().flatten().map(|ranked| ranked.outcome.when()).max().filter(|_| complete);
    let credit = firsts
        .into_iter()
        .flatten()
        .filter(|ranked| ranked.outcome.origin.is_assisted())
        .max_by_key(|ranked| ranked.rank())
        .map(|ranked| ranked.outcome.member);
    Completion { complete, since, credit: credit.filter(|_| complete) }
}
