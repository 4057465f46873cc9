//! What a phone stores: one row per document with its marks, and one row about itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::capsule::{Courier, PublicKey};
use crate::people::Role;
use crate::protocol::Rejection;
use crate::{Clock, DocId, Document, InstallId, Stamp};

/// A document on the phone. Document and marks are one row, so they cannot come apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    #[serde(rename = "s")]
    pub scope: DocId,
    /// As the server has it.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Document>,
    /// The order in which the server accepted it.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<u64>,
    /// With edits that the server has not confirmed yet.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Mine>,
    /// What the server refused: readable, exportable, in no count.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// Grows with every edit on this phone: an acknowledgement clears this only for the edit that was sent.
    pub rev: u64,
    pub doc: Document,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub code: Rejection,
    pub doc: Document,
}

impl Row {
    pub(super) fn new(scope: DocId) -> Self {
        Self { scope, base: None, accepted: None, mine: None, refused: None }
    }

    /// What screens show and count.
    pub fn shown(&self) -> Option<&Document> {
        self.mine.as_ref().map(|mine| &mine.doc).or(self.base.as_ref())
    }

    pub(super) fn accepted_order(&self) -> Option<u64> {
        // An accepted row whose number is still on its way ranks last among the accepted.
        self.base.as_ref().map(|_| self.accepted.unwrap_or(u64::MAX))
    }
}

/// Whose phone this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub member: DocId,
    pub commune: DocId,
    pub role: Role,
    pub name: String,
    pub commune_name: String,
}

/// How far a scope has been downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeState {
    pub cursor: Option<String>,
    /// The first download has ended: the scope can be shown.
    pub complete: bool,
    /// Documents still to come, by the last page.
    #[serde(default)]
    pub left: u32,
    /// Times that this scope was found to differ from the server's since the last agreement.
    #[serde(default)]
    pub divergences: u32,
}

/// The phone's row about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    pub clock: Clock,
    pub enrolment: Option<Enrolment>,
    pub epoch: Option<String>,
    pub scopes: BTreeMap<DocId, ScopeState>,
    /// The last revision given to an edit.
    pub rev: u64,
    /// Own stamps up to this one are never changed: the clock's error was known when they were made, or has been learnt
    /// since, or they have left in a capsule. Nothing newer was ever sent.
    pub settled: Stamp,
    /// Office time minus phone time.
    pub offset_ms: i64,
    pub last_sync_ms: Option<u64>,
    /// People whom the server credits to this member in areas that this phone does not hold.
    #[serde(default)]
    pub credited_elsewhere: u64,
    /// Proves to the server whose capsules these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier: Option<Courier>,
    /// What capsules are sealed to, once the server has told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capsule_key: Option<PublicKey>,
    /// The newest stamp that may have left in a capsule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Stamp>,
    /// Counts transactions, so that two tabs notice each other.
    pub generation: u64,
}

impl Meta {
    pub fn new(install: InstallId) -> Self {
        Self {
            clock: Clock::new(install),
            enrolment: None,
            epoch: None,
            scopes: BTreeMap::new(),
            rev: 0,
            settled: Clock::new(install).last(),
            offset_ms: 0,
            last_sync_ms: None,
            credited_elsewhere: 0,
            courier: None,
            capsule_key: None,
            left: None,
            generation: 0,
        }
    }

    pub fn install(&self) -> InstallId {
        self.clock.install()
    }
}

/// Everything that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub meta: Meta,
    pub rows: Vec<(DocId, Row)>,
}

impl Snapshot {
    pub fn empty(install: InstallId) -> Self {
        Self { meta: Meta::new(install), rows: Vec::new() }
    }
}

/// One transaction. It may be stored only on top of generation `meta.generation - 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// `None` deletes the row.
    pub rows: Vec<(DocId, Option<Row>)>,
    pub meta: Meta,
}

/// A batch in the making: reads see its own changes.
pub(super) struct Draft<'a> {
    rows: &'a BTreeMap<DocId, Row>,
    changed: BTreeMap<DocId, Option<Row>>,
    pub meta: Meta,
}

impl<'a> Draft<'a> {
    pub fn new(rows: &'a BTreeMap<DocId, Row>, meta: Meta) -> Self {
        Self { rows, changed: BTreeMap::new(), meta }
    }

    pub fn get(&self, id: DocId) -> Option<&Row> {
        match self.changed.get(&id) {
            Some(row) => row.as_ref(),
            None => self.rows.get(&id),
        }
    }

    /// The row to change, made for `scope` when it does not exist.
    pub fn edit(&mut self, id: DocId, scope: DocId) -> &mut Row {
        let rows = self.rows;
        self.changed.entry(id).or_insert_with(|| rows.get(&id).cloned()).get_or_insert_with(|| Row::new(scope))
    }

    pub fn delete(&mut self, id: DocId) {
        self.changed.insert(id, None);
    }

    pub fn next_rev(&mut self) -> u64 {
        self.meta.rev += 1;
        self.meta.rev
    }

    /// Ids of all rows, changed and unchanged.
    pub fn ids(&self) -> Vec<DocId> {
        let mut ids: Vec<DocId> = self.rows.keys().chain(self.changed.keys()).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Changed rows with what they were before.
    pub fn changes(&self) -> impl Iterator<Item = (Option<&Row>, Option<&Row>)> {
        self.changed.iter().map(|(id, row)| (self.rows.get(id), row.as_ref()))
    }
}

impl From<Draft<'_>> for Batch {
    fn from(draft: Draft<'_>) -> Self {
        Self { rows: draft.changed.into_iter().collect(), meta: draft.meta }
    }
}
