//! What follows those who have moved: everything that was ever written of them, and what still comes in for them.

use std::collections::{BTreeMap, BTreeSet};

use super::areas::Areas;
use super::{MOVED_TO, Root, Way, carried};
use crate::document::{Document, Kind};
use crate::merge::erase;
use crate::{DocId, Stamp};

impl Areas<'_> {
    /// Carries on what has just been written into `area`, as far as it is about somebody who has moved. `fresh` gives a
    /// new stamp, where one is needed.
    pub fn carry_on(&mut self, area: DocId, written: &[DocId], fresh: &mut dyn FnMut() -> Stamp) {
        let touched = self.touched(area, written);
        let mut roots = BTreeSet::new();
        for id in touched {
            self.follow_household(area, id, fresh);
            roots.extend(self.root_of(area, id));
        }
        self.settle(&roots);
        self.erase_copies(area, written);
    }

    /// Households and residents that these documents are about, who lives in such a household, and who is said to be
    /// the same person.
    pub fn touched(&self, area: DocId, written: &[DocId]) -> BTreeSet<DocId> {
        let mut touched: BTreeSet<DocId> = BTreeSet::new();
        for doc in written.iter().filter_map(|id| self.get(area, *id)) {
            touched.extend(self.subjects(area, doc));
            if doc.kind == Kind::Resident {
                touched.extend(doc.link("household"));
            }
        }
        let mut more = Vec::new();
        for (_, doc) in self.documents(area) {
            match doc.kind {
                Kind::Resident if doc.link("household").is_some_and(|household| touched.contains(&household)) => {
                    more.push(doc.id);
                }
                Kind::Link => {
                    let linked = doc.links("residents");
                    if linked.iter().any(|resident| touched.contains(resident)) {
                        more.extend(linked);
                    }
                }
                _ => {}
            }
        }
        touched.extend(more);
        touched
    }

    /// The households and residents that a document is about. Of a correction those of what it corrects.
    fn subjects(&self, area: DocId, doc: &Document) -> Vec<DocId> {
        let mut subjects = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(doc);
        while let Some(doc) = next.filter(|doc| seen.insert(doc.id)) {
            if is_subject(&doc.kind) {
                subjects.push(doc.id);
                break;
            }
            subjects.extend(named(doc));
            next = doc.link("target").and_then(|target| self.get(area, target));
        }
        subjects
    }

    /// Somebody who is written into a household that has moved lives where the household lives.
    fn follow_household(&mut self, area: DocId, id: DocId, fresh: &mut dyn FnMut() -> Stamp) {
        let Some(resident) = self.get(area, id).filter(|doc| doc.kind == Kind::Resident) else { return };
        let Some(place) = self.place(Root::of(resident, area)).filter(|place| place.area == area) else { return };
        let household = resident.link("household").and_then(|household| self.root_of(area, household));
        let Some(moved) = household.and_then(|root| self.place(root)).filter(|moved| moved.area != area) else {
            return;
        };
        let Some(since) = moved.since else { return };
        // Who has moved since then is told of this as of the newest move.
        let since = if place.since >= moved.since { fresh() } else { since };
        self.set(area, id, MOVED_TO, moved.area.into(), since);
    }

    /// Brings everything of those who have ever moved to where they live now.
    pub(super) fn settle(&mut self, roots: &BTreeSet<Root>) {
        let mut moved = Vec::new();
        for &root in roots {
            let Some(place) = self.place(root) else { continue };
            let Some(since) = place.since.filter(|_| self.has(place.area)) else { continue };
            self.tell_copies(root, place.area, since);
            moved.push((root, place.area, since));
        }
        for area in self.ids() {
            let mut leaving: BTreeMap<DocId, DocId> = BTreeMap::new();
            for (root, to, _) in moved.iter().filter(|(_, to, _)| *to != area) {
                let id = root.id_in(area);
                if self.get(area, id).is_some() {
                    leaving.insert(id, *to);
                }
            }
            if !leaving.is_empty() {
                self.carry(area, &leaving);
            }
        }
        for (root, to, since) in moved {
            self.tell_copies(root, to, since);
        }
    }

    /// Carries everything of `leaving` from this area to the area of each.
    fn carry(&mut self, from: DocId, leaving: &BTreeMap<DocId, DocId>) {
        let mut going: BTreeMap<DocId, BTreeSet<DocId>> = BTreeMap::new();
        let mut corrections: BTreeMap<DocId, Vec<DocId>> = BTreeMap::new();
        for (_, doc) in self.documents(from) {
            let subjects = if is_subject(&doc.kind) { vec![doc.id] } else { named(doc) };
            let to: BTreeSet<DocId> = subjects.iter().filter_map(|id| leaving.get(id)).copied().collect();
            if !to.is_empty() {
                going.insert(doc.id, to);
            }
            if let Some(target) = doc.link("target") {
                corrections.entry(target).or_default().push(doc.id);
            }
        }
        // What corrects a correction says nothing, but goes with it all the same.
        let mut open: Vec<(DocId, DocId)> =
            going.iter().flat_map(|(id, to)| to.iter().map(|area| (*id, *area))).collect();
        while let Some((target, to)) = open.pop() {
            for &id in corrections.get(&target).into_iter().flatten() {
                if going.entry(id).or_default().insert(to) {
                    open.push((id, to));
                }
            }
        }
        let mut copies: Vec<((u8, u64), DocId, Document)> = Vec::new();
        for (accepted, doc) in self.documents(from) {
            for &to in going.get(&doc.id).into_iter().flatten() {
                let root_of = |id| self.root_of(from, id);
                let has_moved_along = |id| {
                    let place = self.root_of(from, id).and_then(|root| self.place(root));
                    place.is_some_and(|place| place.area == to)
                };
                let way = Way { from, to, root_of: &root_of, has_moved_along: &has_moved_along };
                copies.extend(carried(doc, &way).map(|copy| ((rank(&doc.kind), accepted), to, copy)));
            }
        }
        // In the order in which they were accepted, which decides who was first on one day.
        copies.sort_by_key(|(order, ..)| *order);
        for (_, to, copy) in copies {
            self.put(to, &copy);
        }
    }

    /// Who asks to be forgotten is forgotten in every area.
    fn erase_copies(&mut self, area: DocId, written: &[DocId]) {
        for &id in written {
            let Some(doc) = self.get(area, id).filter(|doc| doc.erased) else { continue };
            let root = Root::of(doc, area);
            for other in self.ids() {
                if let Some(copy) = self.get(other, root.id_in(other)).filter(|copy| !copy.erased) {
                    let mut copy = copy.clone();
                    erase(&mut copy);
                    self.put(other, &copy);
                }
            }
        }
    }
}

fn is_subject(kind: &Kind) -> bool {
    matches!(kind, Kind::Household | Kind::Resident)
}

fn named(doc: &Document) -> Vec<DocId> {
    let mut named = doc.links("residents");
    named.extend(doc.link("household"));
    named.extend(doc.link("resident"));
    named
}

/// Households before their residents, and these before what is told of them.
fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Household => 0,
        Kind::Resident => 1,
        _ => 2,
    }
}
