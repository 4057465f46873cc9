//! The documents of some areas, with changes that are not written yet on top of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{MOVED_TO, Root, moved_to};
use crate::document::{Body, Document};
use crate::merge::{conflicts, erase, merge};
use crate::{DocId, Stamp, Value};

/// The documents of one area with the order in which they were accepted.
pub type Documents = BTreeMap<DocId, (u64, Document)>;

pub struct Areas<'a> {
    stored: BTreeMap<DocId, &'a Documents>,
    changed: BTreeMap<(DocId, DocId), Document>,
    /// The changed ones, in the order of their first change.
    order: Vec<(DocId, DocId)>,
    pub(super) rests_on: BTreeSet<Root>,
    taken: BTreeSet<DocId>,
}

/// Where somebody lives, and since which move; no stamp when there never was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub area: DocId,
    pub since: Option<Stamp>,
}

impl<'a> Areas<'a> {
    /// All areas that hold a copy of what is moved, and those that it moves to.
    pub fn new(stored: BTreeMap<DocId, &'a Documents>) -> Self {
        Self { stored, changed: BTreeMap::new(), order: Vec::new(), rests_on: BTreeSet::new(), taken: BTreeSet::new() }
    }

    /// What is to be written, area by area, in order. Each is complete, not only what differs.
    pub fn into_changes(mut self) -> Vec<(DocId, Document)> {
        let order = std::mem::take(&mut self.order);
        order.into_iter().filter_map(|key| Some((key.0, self.changed.remove(&key)?))).collect()
    }

    /// Whose copies have decided what is planned: where one of them is not loaded, it has to be planned again.
    pub fn rests_on(&self) -> &BTreeSet<Root> {
        &self.rests_on
    }

    /// The ids of copies under which something else is: whoever knows a document's id can put another one where its copy
    /// belongs. What had to be written there is not among the changes, so a move that meets one would lose somebody.
    pub fn taken(&self) -> &BTreeSet<DocId> {
        &self.taken
    }

    /// What is planned so far, with its area.
    pub(super) fn changes(&self) -> impl Iterator<Item = (DocId, &Document)> {
        self.changed.iter().map(|((area, _), doc)| (*area, doc))
    }

    pub fn has(&self, area: DocId) -> bool {
        self.stored.contains_key(&area)
    }

    pub(super) fn ids(&self) -> Vec<DocId> {
        self.stored.keys().copied().collect()
    }

    pub fn get(&self, area: DocId, id: DocId) -> Option<&Document> {
        self.changed.get(&(area, id)).or_else(|| self.stored_in(area, id))
    }

    /// As it was before anything was planned.
    pub(super) fn stored_in(&self, area: DocId, id: DocId) -> Option<&Document> {
        self.stored.get(&area)?.get(&id).map(|(_, doc)| doc)
    }

    pub(super) fn root_of(&self, area: DocId, id: DocId) -> Option<Root> {
        self.get(area, id).map(|doc| Root::of(doc, area))
    }

    /// Every document of an area, with the order of acceptance; new ones come last.
    pub(super) fn documents(&self, area: DocId) -> impl Iterator<Item = (u64, &Document)> {
        let known = self.stored.get(&area).copied();
        let old = known
            .into_iter()
            .flatten()
            .map(move |(id, (accepted, doc))| (*accepted, self.changed.get(&(area, *id)).unwrap_or(doc)));
        let is_new = move |id: &DocId| known.is_none_or(|known| !known.contains_key(id));
        let new = self.order.iter().filter(move |(of, id)| *of == area && is_new(id));
        old.chain(new.filter_map(|key| Some((u64::MAX, self.changed.get(key)?))))
    }

    /// Joins a document into an area. What is another document under the same id is left alone, and noted.
    pub(super) fn put(&mut self, area: DocId, doc: &Document) {
        if !self.stored.contains_key(&area) {
            return;
        }
        let before = self.get(area, doc.id);
        if let Some(before) = before.filter(|before| conflicts(before, doc)) {
            if is_other(before, doc, area) {
                self.taken.insert(doc.id);
            }
            return;
        }
        let joined = merge(before.unwrap_or(doc), doc);
        if before != Some(&joined) && self.changed.insert((area, doc.id), joined).is_none() {
            self.order.push((area, doc.id));
        }
    }

    /// Sets one register of a description that is there.
    pub(super) fn set(&mut self, area: DocId, id: DocId, name: &str, value: Value, stamp: Stamp) {
        if let Some(known) = self.get(area, id) {
            let edit = Document::description(id, known.kind.clone()).with(stamp, [(name, value)]);
            self.put(area, &edit);
        }
    }

    /// Writes a resident into a household, unless they are in it. What a phone wrote there before does not stand against
    /// it, also when its clock is ahead.
    pub(super) fn house(&mut self, area: DocId, resident: DocId, household: DocId, stamp: Stamp) {
        let Some(known) = self.get(area, resident) else { return };
        if known.link("household") == Some(household) {
            return;
        }
        let before = match &known.body {
            Body::Description(registers) => registers.get("household").map(|register| register.stamp),
            Body::Fact { .. } => None,
        };
        let stamp = before.map_or(stamp, |before| stamp.after(before));
        self.set(area, resident, "household", household.into(), stamp);
    }

    /// Where the household or resident lives by all its copies; `None` when there is none.
    pub fn place(&self, root: Root) -> Option<Place> {
        let mut place: Option<Place> = None;
        for &area in self.stored.keys() {
            let Some(copy) = self.get(area, root.id_in(area)) else { continue };
            let told = match moved_to(copy) {
                Some(register) => {
                    let to = register.value.as_text().and_then(|text| text.parse().ok());
                    Place { area: to.unwrap_or(area), since: Some(register.stamp) }
                }
                None if Root::of(copy, area) == root => Place { area, since: None },
                // Nothing of theirs: nobody lives where somebody else has taken the id of their copy.
                None => continue,
            };
            if place.is_none_or(|known| told.since > known.since) {
                place = Some(told);
            }
        }
        place
    }

    /// Whether this copy is the one that counts.
    pub fn lives_here(&self, area: DocId, id: DocId) -> bool {
        self.root_of(area, id).and_then(|root| self.place(root)).is_some_and(|place| place.area == area)
    }

    /// Says on every copy where its person lives.
    pub(super) fn tell_copies(&mut self, root: Root, to: DocId, since: Stamp) {
        for area in self.ids() {
            let value = if area == to { Value::Null } else { to.into() };
            self.set(area, root.id_in(area), MOVED_TO, value, since);
        }
    }

    /// Who asks to be forgotten is forgotten in every area, also in a copy that a phone brings back after a restore.
    pub(super) fn erase_copies(&mut self, roots: impl IntoIterator<Item = Root>) {
        for root in roots {
            let copies = self.ids().into_iter().filter_map(|area| Some((area, self.get(area, root.id_in(area))?)));
            let copies = copies.filter(|(area, copy)| Root::of(copy, *area) == root);
            let (erased, left): (Vec<_>, Vec<_>) = copies.partition(|(_, copy)| copy.erased);
            if erased.is_empty() {
                continue;
            }
            let left: Vec<(DocId, Document)> = left.into_iter().map(|(area, copy)| (area, copy.clone())).collect();
            for (area, mut copy) in left {
                erase(&mut copy);
                self.put(area, &copy);
            }
        }
    }
}

/// Whether one of these is no version of the other, and no copy of the same fact that was carried on another way.
fn is_other(before: &Document, doc: &Document, area: DocId) -> bool {
    before.kind != doc.kind || before.is_fact() != doc.is_fact() || Root::of(before, area) != Root::of(doc, area)
}
