//! Areas as they were last counted, so that a push need not read and parse two thousand documents again.
//!
//! An entry is only believed when its number equals that of the scope under the scope's lock. Whoever changes an area
//! takes the entry out and puts it back after the commit; on any error it stays out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::moving::{Documents, tells_of_a_move};
use domain::{DocId, Document};

use crate::store::Stored;

/// About 1 MB each; more areas than this are seldom at work at once.
const AREAS_MAX: usize = 64;

/// The documents of an area at one moment, with the order of their acceptance.
#[derive(Clone, Debug, Default)]
pub struct AreaDocuments {
    pub epoch: String,
    pub seq: u64,
    pub documents: Documents,
    /// Somebody has moved away from here, or to here.
    pub has_moves: bool,
}

impl AreaDocuments {
    pub fn new(epoch: &str, seq: u64, stored: Vec<Stored>) -> Self {
        let has_moves = stored.iter().any(|stored| tells_of_a_move(&stored.doc));
        let documents = stored.into_iter().map(|stored| (stored.doc.id, (stored.accepted, stored.doc))).collect();
        Self { epoch: epoch.to_owned(), seq, documents, has_moves }
    }

    /// Takes in a document as it is stored now.
    pub fn put(&mut self, accepted: u64, doc: &Document) {
        self.has_moves |= tells_of_a_move(doc);
        self.documents.insert(doc.id, (accepted, doc.clone()));
    }
}

#[derive(Debug, Default)]
pub struct AreaCache {
    areas: Mutex<Areas>,
}

#[derive(Debug, Default)]
struct Areas {
    /// Each with the turn at which it was last put here.
    known: BTreeMap<DocId, (u64, AreaDocuments)>,
    turns: u64,
}

impl AreaCache {
    /// The area as it was at `seq`, if it is known; the caller owns it until it puts it back.
    pub fn take(&self, area: DocId, epoch: &str, seq: u64) -> Option<AreaDocuments> {
        let (_, known) = self.lock().known.remove(&area)?;
        (known.epoch == epoch && known.seq == seq).then_some(known)
    }

    /// Remembers the area, in place of the one that nobody has used for longest when there are too many.
    pub fn put(&self, area: DocId, documents: AreaDocuments) {
        let mut areas = self.lock();
        areas.turns += 1;
        let turn = areas.turns;
        areas.known.insert(area, (turn, documents));
        if areas.known.len() > AREAS_MAX
            && let Some(oldest) = areas.known.iter().min_by_key(|(_, (turn, _))| *turn).map(|(area, _)| *area)
        {
            areas.known.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Areas> {
        // A panic elsewhere leaves at worst an entry with an old number, which nobody believes.
        self.areas.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_that_nobody_has_used_for_longest_makes_room() {
        let cache = AreaCache::default();
        let area = |number: usize| DocId::from_u128(number as u128);
        let documents = || AreaDocuments::new("e", 1, Vec::new());
        (0..AREAS_MAX).for_each(|number| cache.put(area(number), documents()));
        let used = cache.take(area(0), "e", 1).expect("known");
        cache.put(area(0), used);
        cache.put(area(AREAS_MAX), documents());
        let is_known = |number: usize| cache.take(area(number), "e", 1).is_some();
        assert!(is_known(0) && is_known(AREAS_MAX), "used last");
        assert!(!is_known(1) && (2..AREAS_MAX).all(is_known));
    }
}
