//! The moves themselves: households with everyone in them, or one person into a household of another area.

use std::collections::{BTreeMap, BTreeSet};

use super::areas::Areas;
use super::{MOVED_TO, Root};
use crate::coverage::same_people;
use crate::document::{Document, Kind};
use crate::{DocId, Stamp, Value};

/// How many have moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MovedCount {
    pub households: u64,
    pub people: u64,
}

impl Areas<'_> {
    /// Moves households of `from` with everyone in them. Those that live elsewhere by now stay there.
    pub fn move_households(&mut self, from: DocId, households: &[DocId], to: DocId, stamp: Stamp) -> MovedCount {
        let is_here = |id: &DocId| {
            self.get(from, *id).is_some_and(|doc| doc.kind == Kind::Household) && self.lives_here(from, *id)
        };
        let households: BTreeSet<DocId> = households.iter().copied().filter(is_here).collect();
        let mut going: BTreeMap<DocId, Option<DocId>> = BTreeMap::new();
        for (_, doc) in self.documents(from) {
            let household = doc.link("household").filter(|household| households.contains(household));
            if household.is_some() && doc.kind == Kind::Resident && self.lives_here(from, doc.id) {
                going.insert(doc.id, household);
            }
        }
        for (other, resident) in self.doubles_of(from, &going) {
            let household = self.get(from, resident).and_then(|doc| doc.link("household"));
            going.insert(other, household);
        }
        let mut roots = BTreeSet::new();
        for &id in households.iter().chain(going.keys()) {
            self.set(from, id, MOVED_TO, to.into(), stamp);
            roots.extend(self.root_of(from, id));
        }
        self.settle(&mut roots);
        for (&resident, household) in &going {
            let there = household.and_then(|household| self.root_of(from, household)).map(|root| root.id_in(to));
            if let (Some(root), Some(household)) = (self.root_of(from, resident), there) {
                // Also who goes with their own: an older copy there may tell of another one.
                self.house(to, root.id_in(to), household, stamp);
            }
        }
        count(households.len(), going.len())
    }

    /// Moves one person into `household` of the other area; without one into a household of their own.
    pub fn move_resident(
        &mut self,
        from: DocId,
        resident: DocId,
        to: DocId,
        household: Option<DocId>,
        stamp: Stamp,
    ) -> MovedCount {
        let Some(known) = self.get(from, resident).filter(|doc| doc.kind == Kind::Resident) else {
            return MovedCount::default();
        };
        if !self.lives_here(from, resident) {
            return MovedCount::default();
        }
        let household = household.unwrap_or_else(|| {
            let root = Root::of(known, from);
            // Another one with each move: an older one may have moved on, or be gone.
            DocId::derived(root.id, &["household", &to.to_string(), &stamp.to_string()])
        });
        if self.get(to, household).is_none() {
            let head = known.value("name").cloned().unwrap_or(Value::Null);
            self.put(to, &Document::description(household, Kind::Household).with(stamp, [("head", head)]));
        }
        let mut going = BTreeMap::from([(resident, None)]);
        going.extend(self.doubles_of(from, &going).into_iter().map(|(other, _)| (other, None)));
        let people: BTreeSet<Root> = going.keys().filter_map(|id| self.root_of(from, *id)).collect();
        for &id in going.keys() {
            self.set(from, id, MOVED_TO, to.into(), stamp);
        }
        self.settle(&mut people.clone());
        for root in &people {
            self.house(to, root.id_in(to), household, stamp);
        }
        count(0, going.len())
    }

    /// Who is the same person as one of `going` is in the same place: a person can't be parted by a move, nor what was
    /// done for them. Each with the one whose double they are.
    fn doubles_of(&self, area: DocId, going: &BTreeMap<DocId, Option<DocId>>) -> Vec<(DocId, DocId)> {
        let same = same_people(self.documents(area).map(|(_, doc)| doc));
        let persons: BTreeMap<DocId, DocId> =
            going.keys().filter_map(|id| same.get(id).map(|person| (*person, *id))).collect();
        let is_other = |id: &DocId| !going.contains_key(id);
        let doubles = same.iter().filter(|(id, _)| is_other(id));
        doubles.filter_map(|(id, person)| Some((*id, *persons.get(person)?))).collect()
    }
}

fn count(households: usize, people: usize) -> MovedCount {
    MovedCount { households: households as u64, people: people as u64 }
}
