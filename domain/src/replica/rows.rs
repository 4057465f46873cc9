//! What a phone stores: one row per document with its marks, and one row about itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::capsule::{Courier, PublicKey};
use crate::merge::merge;
use crate::people::Role;
use crate::protocol::{Rejection, SCHEMA};
use crate::receipt::Receipt;
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
    /// The server's proof that it has stored exactly `base`.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What the server had before it was restored from a backup, and may lack now.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
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

/// A document that the server once confirmed, to be brought back to it: nobody's edit, so it is not counted as unsent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// From the same count as `Mine::rev`, so that no verdict fits both.
    pub rev: u64,
    /// Word for word as the receipt proves it.
    pub doc: Document,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub code: Rejection,
    pub doc: Document,
    /// Of an offer that was refused: proves `doc` when it is tried again.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl Row {
    pub(super) fn new(scope: DocId) -> Self {
        Self { scope, base: None, accepted: None, receipt: None, offer: None, mine: None, refused: None }
    }

    /// What screens show and count. An offer is there only while it says more than the base.
    pub fn shown(&self) -> Option<&Document> {
        let mine = self.mine.as_ref().map(|mine| &mine.doc);
        mine.or(self.offer.as_ref().map(|offer| &offer.doc)).or(self.base.as_ref())
    }

    /// What the server has, or will have with the offer: what an edit changes, and what need not be sent with it.
    pub(super) fn known(&self) -> Option<Cow<'_, Document>> {
        match (&self.base, &self.offer) {
            (Some(base), Some(offer)) => Some(Cow::Owned(merge(base, &offer.doc))),
            (Some(base), None) => Some(Cow::Borrowed(base)),
            (None, Some(offer)) => Some(Cow::Borrowed(&offer.doc)),
            (None, None) => None,
        }
    }

    /// All that this phone holds of the document, for the next edit.
    pub(super) fn latest(&self) -> Option<Cow<'_, Document>> {
        self.mine.as_ref().map(|mine| Cow::Borrowed(&mine.doc)).or_else(|| self.known())
    }

    /// Nothing of this row is on this phone only.
    pub(super) fn is_settled(&self) -> bool {
        self.mine.is_none() && self.offer.is_none() && self.refused.is_none()
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
    /// Office time at which mending a disagreement was given up, until it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up_ms: Option<u64>,
    /// The `SCHEMA` by which this scope was downloaded; 0 by an app that kept no receipts.
    #[serde(default)]
    pub read_by: u32,
    /// Documents that this app could not read.
    #[serde(default)]
    pub unreadable: u32,
    /// The server was restored, and what it has now has not all arrived: nothing is offered to it yet.
    #[serde(default)]
    pub renewing: bool,
}

impl ScopeState {
    /// Where the next page is to begin. A scope that this app would read better than the one before is read once more.
    pub(super) fn position(&self) -> Option<&String> {
        let is_read_worse = self.read_by == 0 || (self.unreadable > 0 && self.read_by < SCHEMA);
        self.cursor.as_ref().filter(|_| !is_read_worse)
    }

    /// Downloads the scope anew.
    pub(super) fn begin_anew(&mut self) {
        self.cursor = None;
    }
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
