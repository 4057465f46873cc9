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
    areas: Mutex<BTreeMap<DocId, AreaDocuments>>,
}

impl AreaCache {
    /// The area as it was at `seq`, if it is known; the caller owns it until it puts it back.
    pub fn take(&self, area: DocId, epoch: &str, seq: u64) -> Option<AreaDocuments> {
        self.lock().remove(&area).filter(|known| known.epoch == epoch && known.seq == seq)
    }

    pub fn put(&self, area: DocId, documents: AreaDocuments) {
        let mut areas = self.lock();
        if areas.len() >= AREAS_MAX && !areas.contains_key(&area) {
            areas.pop_first();
        }
        areas.insert(area, documents);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<DocId, AreaDocuments>> {
        // A panic elsewhere leaves at worst an entry with an old number, which nobody believes.
        self.areas.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
