//! What was imported, and what it takes to undo it.

use std::future::Future;

use domain::import::changes::Undo;
use domain::protocol::ImportCounts;
use domain::{DocId, Stamp};

use super::StoreResult;

/// A list as it went into one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// One for all areas of a list.
    pub batch: DocId,
    pub commune: DocId,
    pub area: DocId,
    pub member: DocId,
    /// As the coordinator's computer calls it.
    pub file: String,
    pub counts: ImportCounts,
    /// Under which the list's values were written.
    pub stamp: Stamp,
    /// `None` when it can no longer be undone.
    pub undo: Option<Undo>,
    pub imported_ms: u64,
    pub undone_ms: Option<u64>,
}

/// The part of a transaction that remembers imports.
pub trait Imports: Send {
    /// Writes one by its batch and area, new or not.
    fn put_import(&mut self, import: &Import) -> impl Future<Output = StoreResult<()>> + Send;
    /// The newest first, at most `limit`.
    fn imports_of(&mut self, commune: DocId, limit: usize) -> impl Future<Output = StoreResult<Vec<Import>>> + Send;
    /// The areas of one batch.
    fn imports_of_batch(&mut self, batch: DocId) -> impl Future<Output = StoreResult<Vec<Import>>> + Send;
    /// Notes that it was undone; what was there before is forgotten.
    fn end_import(&mut self, batch: DocId, area: DocId, now_ms: u64) -> impl Future<Output = StoreResult<()>> + Send;
    /// Forgets what was there before the imports up to a moment. Answers of how many.
    fn forget_undo(&mut self, imported_before_ms: u64) -> impl Future<Output = StoreResult<u64>> + Send;
}
