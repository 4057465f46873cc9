//! What the office stores, followed from outside: every document that a request has changed, whatever the request said.

use std::collections::BTreeMap;

use domain::access::ScopeKind;
use domain::digest::Digest;
use domain::{DocId, Document};
use server::store::StoreResult;

use crate::fleet::office::Office;

/// A document before and after.
#[derive(Clone, Debug)]
pub struct Change {
    pub scope: DocId,
    pub place: ScopeKind,
    pub before: Option<Document>,
    pub after: Document,
}

/// A scope as it was last looked at.
#[derive(Debug)]
struct Seen {
    place: ScopeKind,
    seq: u64,
    digest: Digest,
    documents: BTreeMap<DocId, Document>,
}

#[derive(Debug, Default)]
pub struct Watch {
    epoch: String,
    /// The office's database file: a restore puts another in its place.
    file: u64,
    scopes: BTreeMap<DocId, Seen>,
}

/// What has changed since the last look.
#[derive(Debug, Default)]
pub struct Looked {
    pub changes: Vec<Change>,
    /// Scopes whose documents are others although their number is the same.
    pub silent: Vec<DocId>,
    /// The database has another epoch.
    pub is_new_epoch: bool,
}

impl Watch {
    /// Looks again. Only what has a higher number than before is read, unless the database was replaced.
    pub async fn look(&mut self, office: &Office) -> StoreResult<Looked> {
        let is_other_file = std::mem::replace(&mut self.file, office.file) != office.file;
        if is_other_file {
            // Its numbers begin anew, also in a scope that it lacks and that is made again.
            self.scopes.clear();
        }
        let since: BTreeMap<DocId, u64> = self.scopes.iter().map(|(id, seen)| (*id, seen.seq)).collect();
        let (epoch, scopes) = office.since(&since).await?;
        let is_new_epoch = self.epoch != epoch;
        self.epoch = epoch;
        let mut looked = Looked { is_new_epoch, ..Looked::default() };
        for (row, documents) in scopes {
            let fresh = || Seen { place: row.kind, seq: 0, digest: Digest::default(), documents: BTreeMap::new() };
            let seen = self.scopes.entry(row.id).or_insert_with(fresh);
            if !seen.documents.is_empty() && row.seq == seen.seq && row.digest != seen.digest {
                looked.silent.push(row.id);
            }
            (seen.seq, seen.digest) = (row.seq, row.digest);
            for after in documents {
                let before = seen.documents.insert(after.id, after.clone());
                if before.as_ref() != Some(&after) {
                    looked.changes.push(Change { scope: row.id, place: seen.place, before, after });
                }
            }
        }
        Ok(looked)
    }

    /// Every document of a scope.
    pub fn documents(&self, scope: DocId) -> impl Iterator<Item = &Document> {
        self.scopes.get(&scope).into_iter().flat_map(|seen| seen.documents.values())
    }

    /// Every document, with its scope.
    pub fn all(&self) -> impl Iterator<Item = (DocId, &Document)> {
        self.scopes.iter().flat_map(|(scope, seen)| seen.documents.values().map(|doc| (*scope, doc)))
    }

    pub fn get(&self, id: DocId) -> Option<&Document> {
        self.scopes.values().find_map(|seen| seen.documents.get(&id))
    }
}
