//! The areas that a transaction looks at, each read once: from the cache where it is up to date, with what this
//! transaction has changed.

use std::collections::BTreeMap;

use domain::DocId;
use domain::planted::{Mistake, is_planted};

use super::ledger::Ledger;
use crate::area_cache::{AreaCache, AreaDocuments};
use crate::store::{StoreResult, Tx};

pub struct Loaded<'c> {
    cache: &'c AreaCache,
    areas: BTreeMap<DocId, AreaDocuments>,
}

impl<'c> Loaded<'c> {
    pub fn new(cache: &'c AreaCache) -> Self {
        Self { cache, areas: BTreeMap::new() }
    }

    /// Reads an area that the ledger has locked, or brings it up to date.
    pub async fn load<T: Tx>(&mut self, ledger: &mut Ledger<'_, T>, area: DocId) -> StoreResult<&AreaDocuments> {
        if !self.areas.contains_key(&area) {
            let epoch = ledger.instance().epoch.clone();
            let seq = ledger.seq_before(area);
            let known = match self.cache.take(area, &epoch, seq) {
                Some(known) => known,
                None => AreaDocuments::new(&epoch, seq, ledger.tx().all_documents(area).await?),
            };
            self.areas.insert(area, known);
        }
        let seq = ledger.scope(area).map_or(0, |row| row.seq);
        let known = self.areas.entry(area).or_default();
        if known.seq != seq {
            for change in ledger.changes_in(area) {
                known.put(change.accepted, &change.doc);
            }
            if is_planted(Mistake::CachedBeforeCommit) {
                let before = AreaDocuments { seq: ledger.seq_before(area), ..known.clone() };
                self.cache.put(area, before);
            }
            known.seq = seq;
        }
        Ok(known)
    }

    /// An area that was loaded.
    pub fn get(&self, area: DocId) -> Option<&AreaDocuments> {
        self.areas.get(&area)
    }

    /// For the cache, once the transaction is committed.
    pub fn into_areas(self) -> Vec<(DocId, AreaDocuments)> {
        self.areas.into_iter().collect()
    }
}
