//! What follows those who have moved: everything that was ever written of them, and what still comes in for them.

use std::collections::{BTreeMap, BTreeSet};

use super::areas::Areas;
use super::{MOVED_TO, Root, Way, carried, tells_of_a_move};
use crate::document::{Document, Kind};
use crate::{DocId, Stamp};

/// Somebody who goes where their household has gone.
struct Following {
    resident: Root,
    household: Root,
    to: DocId,
    since: Stamp,
}

impl Areas<'_> {
    /// Carries on what has just been written into `area`, as far as it is about somebody who has moved. `fresh` gives a
    /// new stamp, where one is needed.
    pub fn carry_on(&mut self, area: DocId, written: &[DocId], fresh: &mut dyn FnMut() -> Stamp) {
        let touched = self.touched(area, written);
        let mut roots: BTreeSet<Root> = touched.iter().filter_map(|id| self.root_of(area, *id)).collect();
        let mut astray: Vec<(DocId, DocId)> = touched.into_iter().map(|id| (area, id)).collect();
        let mut followed = BTreeSet::new();
        // Whoever arrives in an area is in the household there that was last told of, and that may have gone elsewhere.
        // Who follows is in that very household then, so nobody follows twice.
        while !astray.is_empty() {
            let following: Vec<Following> =
                astray.into_iter().filter_map(|(area, id)| self.follow_household(area, id, fresh)).collect();
            followed.extend(following.iter().map(|one| one.resident));
            roots.extend(&followed);
            self.settle(&mut roots);
            for one in following {
                self.house(one.to, one.resident.id_in(one.to), one.household.id_in(one.to), one.since);
            }
            astray = self.astray(&roots);
            astray.retain(|(area, id)| self.root_of(*area, *id).is_some_and(|root| !followed.contains(&root)));
        }
        let written: Vec<Root> = written.iter().filter_map(|id| self.root_of(area, *id)).collect();
        self.erase_copies(written);
    }

    /// Notes whose copies have decided.
    fn rest_on(&mut self, roots: &BTreeSet<Root>) {
        let households = self.ids().into_iter().flat_map(|area| self.housed(area, roots));
        let mut all: BTreeSet<Root> = households.map(|(_, household)| household).collect();
        all.extend(roots);
        // Who is moved for the first time has copies nowhere else.
        all.retain(|root| self.ids().iter().any(|area| self.had_moved(*area, root.id_in(*area))));
        self.rests_on.extend(all);
    }

    fn had_moved(&self, area: DocId, id: DocId) -> bool {
        self.stored_in(area, id).is_some_and(tells_of_a_move)
    }

    /// Who was in one of these households in some area, and has moved: what they are told to live in may be there now.
    fn inmates(&self, roots: &BTreeSet<Root>) -> BTreeSet<Root> {
        let areas = self.ids().into_iter();
        let housed =
            areas.flat_map(|area| self.housed(area, roots).map(move |(doc, household)| (area, doc, household)));
        let inmates = housed.filter(|(_, doc, household)| roots.contains(household) && tells_of_a_move(doc));
        inmates.map(|(area, doc, _)| Root::of(doc, area)).collect()
    }

    /// Whom corrections are about that arrived in another area: what they correct may also be told of somebody in a third.
    fn corrected(&self) -> BTreeSet<Root> {
        let corrections = self.changes().filter(|(_, doc)| doc.kind == Kind::Correction);
        let subjects =
            corrections.flat_map(|(area, doc)| self.subjects(area, doc).into_iter().map(move |id| (area, id)));
        subjects.filter_map(|(area, id)| self.root_of(area, id)).collect()
    }

    /// Who, of these or in one of these households, lives in an area where their household does not.
    fn astray(&self, roots: &BTreeSet<Root>) -> Vec<(DocId, DocId)> {
        let mut astray = Vec::new();
        for area in self.ids() {
            for (doc, household) in self.housed(area, roots) {
                let lives_elsewhere = self.place(household).is_some_and(|place| place.area != area);
                if lives_elsewhere && self.lives_here(area, doc.id) {
                    astray.push((area, doc.id));
                }
            }
        }
        astray
    }

    /// The residents in an area who are among `roots` or in a household that is, with their households.
    fn housed(&self, area: DocId, roots: &BTreeSet<Root>) -> impl Iterator<Item = (&Document, Root)> {
        let residents = self.documents(area).map(|(_, doc)| doc).filter(|doc| doc.kind == Kind::Resident);
        let housed = residents.filter_map(move |doc| Some((doc, self.root_of(area, doc.link("household")?)?)));
        housed.filter(move |(doc, household)| roots.contains(household) || roots.contains(&Root::of(doc, area)))
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
    fn follow_household(&mut self, area: DocId, id: DocId, fresh: &mut dyn FnMut() -> Stamp) -> Option<Following> {
        let known = self.get(area, id).filter(|doc| doc.kind == Kind::Resident)?;
        let resident = Root::of(known, area);
        let household = self.root_of(area, known.link("household")?)?;
        let place = self.place(resident).filter(|place| place.area == area)?;
        let moved = self.place(household).filter(|moved| moved.area != area)?;
        let since = moved.since?;
        // Who has moved since then is told of this as of the newest move.
        let since = place.since.filter(|before| *before >= since).map_or(since, |before| fresh().after(before));
        self.set(area, id, MOVED_TO, moved.area.into(), since);
        Some(Following { resident, household, to: moved.area, since })
    }

    /// Brings everything of those who have ever moved to where they live now, and of whom that draws along.
    pub(super) fn settle(&mut self, roots: &mut BTreeSet<Root>) {
        loop {
            roots.extend(self.inmates(roots));
            self.settle_these(roots);
            let before = roots.len();
            roots.extend(self.corrected());
            if roots.len() == before {
                break;
            }
        }
        self.rest_on(roots);
    }

    fn settle_these(&mut self, roots: &BTreeSet<Root>) {
        let mut moved = Vec::new();
        for &root in roots {
            let Some(place) = self.place(root) else { continue };
            let Some(since) = place.since.filter(|_| self.has(place.area)) else { continue };
            self.tell_copies(root, place.area, since);
            moved.push((root, place.area, since));
        }
        let mut carried = BTreeSet::new();
        for area in self.ids() {
            let mut leaving: BTreeMap<DocId, DocId> = BTreeMap::new();
            for (root, to, _) in moved.iter().filter(|(_, to, _)| *to != area) {
                let id = root.id_in(area);
                if self.get(area, id).is_some() {
                    leaving.insert(id, *to);
                }
            }
            if !leaving.is_empty() {
                carried.extend(self.carry(area, &leaving));
            }
        }
        self.erase_copies(carried);
        for (root, to, since) in moved {
            self.tell_copies(root, to, since);
        }
    }

    /// Carries everything of `leaving` from this area to the area of each. Answers what that is.
    fn carry(&mut self, from: DocId, leaving: &BTreeMap<DocId, DocId>) -> BTreeSet<Root> {
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
        going.keys().filter_map(|id| self.root_of(from, *id)).collect()
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
