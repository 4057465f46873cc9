//! A phone's disk: rows and one row about itself, changed in transactions that happen whole or not at all.

use std::collections::BTreeMap;

use domain::DocId;
use domain::planted::{Mistake, is_planted};
use domain::replica::{Batch, Meta, Row, Snapshot, StoreError};

#[derive(Clone, Debug)]
pub struct Disk {
    pub meta: Meta,
    pub rows: BTreeMap<DocId, Row>,
}

impl Disk {
    pub fn new(meta: Meta) -> Self {
        Self { meta, rows: BTreeMap::new() }
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { meta: self.meta.clone(), rows: self.rows.iter().map(|(id, row)| (*id, row.clone())).collect() }
    }

    /// Refuses a batch that was planned before another tab's.
    pub fn check(&self, batch: &Batch) -> Result<(), StoreError> {
        if batch.meta.generation == self.meta.generation + 1 {
            Ok(())
        } else {
            Err(StoreError::Outdated(Box::new(self.snapshot())))
        }
    }

    /// The transactions that a shell makes of a batch. One, unless a mistake is planted: then a kill can come between.
    pub fn transactions(&self, batch: &Batch) -> Vec<Batch> {
        if is_planted(Mistake::CursorBeforeDocuments) {
            return vec![Batch { rows: Vec::new(), meta: batch.meta.clone() }, batch.clone()];
        }
        if is_planted(Mistake::TwoTransactions) {
            let without_marks = |row: &Row| match &row.mine {
                Some(mine) => Row { base: Some(mine.doc.clone()), mine: None, ..row.clone() },
                None => row.clone(),
            };
            let rows = batch.rows.iter().map(|(id, row)| (*id, row.as_ref().map(without_marks))).collect();
            return vec![Batch { rows, meta: self.meta.clone() }, batch.clone()];
        }
        vec![batch.clone()]
    }

    pub fn write(&mut self, batch: &Batch) {
        self.meta = batch.meta.clone();
        for (id, row) in &batch.rows {
            match row {
                Some(row) => self.rows.insert(*id, row.clone()),
                None => self.rows.remove(id),
            };
        }
    }
}
