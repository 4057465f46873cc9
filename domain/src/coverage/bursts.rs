//! More than a person can do: records that were surely not made at the doors that they tell of. They count like all others;
//! a lead sees them and asks.

use std::collections::{BTreeMap, BTreeSet};

use super::AreaView;
use crate::campaign::Channel;
use crate::{Day, DocId, Stamp};

/// People newly helped within [`RUN_SECONDS`]: activating one signature takes some minutes.
const RUN_PEOPLE: usize = 10;
const RUN_SECONDS: u64 = 5 * 60;
/// People newly helped in one day: ten minutes each, ten hours long.
const DAY_PEOPLE: usize = 60;
/// People helped at home of whose household nobody noted a visit on that day. The phone notes it by itself.
const UNVISITED_PEOPLE: usize = 10;

/// Many people within a short time, as the stamps have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    pub people: usize,
    pub seconds: u64,
}

/// What one member recorded on one day, where it needs a second look.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Burst {
    pub member: DocId,
    pub day: Day,
    /// Everyone newly helped by this member on this day.
    pub people: Vec<DocId>,
    /// The largest number of people within a few minutes, where it is too large.
    pub run: Option<Run>,
    /// How many were helped at home without a visit on that day, where these are many.
    pub unvisited: Option<usize>,
}

impl AreaView {
    /// The days on which a member recorded what nobody can do, the latest first. What came back on paper was typed in at
    /// once, and what a list told was no work: neither is looked at.
    pub fn bursts(&self) -> Vec<Burst> {
        let mut days: BTreeMap<(Day, DocId), BTreeMap<DocId, Told>> = BTreeMap::new();
        for person in self.people() {
            for fact in &person.outcomes {
                if !fact.origin.is_assisted() || fact.from_list || fact.entered_by.is_some() {
                    continue;
                }
                let told = days.entry((fact.day, fact.member)).or_default().entry(person.resident.id);
                let told = told.or_insert(Told { first: fact.at, at_home: false });
                told.first = told.first.min(fact.at);
                told.at_home |= fact.channel == Channel::Home;
            }
        }
        let burst = |((day, member), told): ((Day, DocId), BTreeMap<DocId, Told>)| self.burst(member, day, &told);
        days.into_iter().rev().filter_map(burst).collect()
    }

    fn burst(&self, member: DocId, day: Day, told: &BTreeMap<DocId, Told>) -> Option<Burst> {
        let run = longest_run(told.values().map(|told| told.first.ms)).filter(|run| run.people >= RUN_PEOPLE);
        let at_home = told.iter().filter(|(_, told)| told.at_home).map(|(id, _)| *id);
        let homes = at_home.filter_map(|id| self.household_of(id));
        let unvisited = homes.filter(|home| home.visits.iter().all(|visit| visit.day != day)).count();
        let unvisited = Some(unvisited).filter(|people| *people >= UNVISITED_PEOPLE);
        let is_burst = run.is_some() || unvisited.is_some() || told.len() >= DAY_PEOPLE;
        is_burst.then(|| Burst { member, day, people: told.keys().copied().collect(), run, unvisited })
    }

    /// Everyone whom these records are about, each once.
    pub fn people_in_bursts(&self) -> Vec<DocId> {
        let mut seen = BTreeSet::new();
        self.bursts().into_iter().flat_map(|burst| burst.people).filter(|id| seen.insert(*id)).collect()
    }
}

/// What is known of one person's records of one day by one member.
struct Told {
    first: Stamp,
    at_home: bool,
}

/// The most people within `RUN_SECONDS`, by the moments at which each was first told of.
fn longest_run(moments: impl Iterator<Item = u64>) -> Option<Run> {
    let mut moments: Vec<u64> = moments.collect();
    moments.sort_unstable();
    let run = |first: usize| {
        let end = moments.partition_point(|ms| *ms <= moments[first].saturating_add(RUN_SECONDS * 1_000));
        Run { people: end - first, seconds: moments[end - 1].saturating_sub(moments[first]) / 1_000 }
    };
    (0..moments.len()).map(run).max_by_key(|run| (run.people, std::cmp::Reverse(run.seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_is_found_wherever_it_begins() {
        let minute = 60_000;
        assert_eq!(longest_run(std::iter::empty()), None);
        assert_eq!(longest_run([5].into_iter()), Some(Run { people: 1, seconds: 0 }));
        let spread = (0..20).map(|number| number * 10 * minute);
        assert_eq!(longest_run(spread), Some(Run { people: 1, seconds: 0 }));
        let late = [0, 60 * minute, 61 * minute, 64 * minute, 66 * minute];
        assert_eq!(longest_run(late.into_iter()), Some(Run { people: 3, seconds: 4 * 60 }));
    }
}
