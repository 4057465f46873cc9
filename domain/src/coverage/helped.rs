//! Who was helped where, on one day: the list that a support point keeps in sight.

use std::collections::{BTreeMap, BTreeSet};

use super::AreaView;
use crate::campaign::Channel;
use crate::service::{Origin, Step};
use crate::{Day, DocId, Stamp};

/// Somebody with whom a helper worked in one place on one day, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpedAt {
    pub resident: DocId,
    /// In the order in which they were recorded.
    pub steps: Vec<(Step, Origin)>,
    /// When the last of it was recorded.
    pub last: Stamp,
}

impl HelpedAt {
    /// Whether a helper did something, and did not only note what was there.
    pub fn is_assisted(&self) -> bool {
        self.steps.iter().any(|(_, origin)| origin.is_assisted())
    }
}

impl AreaView {
    /// Everyone of this area of whom something was recorded through `channel` on `day`, by one member or by anyone; the
    /// latest first.
    pub fn helped_at(&self, channel: Channel, day: Day, by: Option<DocId>) -> Vec<HelpedAt> {
        let mut list: Vec<HelpedAt> = Vec::new();
        for person in self.people().filter(|person| person.is_present()) {
            let mut records: Vec<_> = person
                .outcomes
                .iter()
                .filter(|fact| fact.channel == channel && fact.day == day && by.is_none_or(|by| fact.member == by))
                .collect();
            records.sort_by_key(|fact| (fact.at, fact.id));
            let Some(newest) = records.last().map(|fact| fact.at) else { continue };
            let steps = records.into_iter().map(|fact| (fact.step, fact.origin)).collect();
            list.push(HelpedAt { resident: person.resident.id, steps, last: newest });
        }
        list.sort_by_key(|entry| (std::cmp::Reverse(entry.last), entry.resident));
        list
    }

    /// How many people of this area each member has worked with in one place; a person may count for two.
    pub fn helped_by(&self, channel: Channel) -> BTreeMap<DocId, u64> {
        let mut counts: BTreeMap<DocId, u64> = BTreeMap::new();
        for person in self.people().filter(|person| person.is_present()) {
            let here = person.outcomes.iter().filter(|fact| fact.channel == channel && fact.origin.is_assisted());
            let helpers: BTreeSet<DocId> = here.map(|fact| fact.member).collect();
            for member in helpers {
                *counts.entry(member).or_default() += 1;
            }
        }
        counts
    }
}
