//! Edits of this phone, and what a person decides about refused ones.

use std::collections::BTreeMap;

use super::rows::{Batch, Draft, Mine, Offer};
use super::{Now, Replica};
use crate::document::{Body, Kind};
use crate::erasure::{self, Reason};
use crate::merge::{conflicts, erase, merge};
use crate::{Day, DocId, Document, Stamp, Value};

/// One part of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Sets fields of a description, which may be new.
    Describe { id: DocId, kind: Kind, scope: DocId, fields: BTreeMap<String, Value> },
    /// Records a fact under a new random id.
    Record { id: DocId, kind: Kind, scope: DocId, fields: BTreeMap<String, Value> },
    /// Erases the data of a resident or a household, by a fact under the new random id `fact`.
    Erase { id: DocId, fact: DocId, day: Day, reason: Reason },
}

impl Replica {
    /// One stamp serves all changes of a write. Fields that already have the value are left alone, so that saving a form
    /// without a change changes nothing.
    pub(super) fn plan_write(&self, changes: &[Change], now: Now) -> Batch {
        let mut draft = self.draft();
        let stamp = draft.meta.clock.tick(self.corrected_ms(now.wall_ms));
        for change in changes {
            match change {
                Change::Describe { id, kind, scope, fields } => {
                    let latest = draft.get(*id).and_then(|row| Some(row.latest()?.into_owned()));
                    let is_new = latest.is_none();
                    let mut doc = latest.unwrap_or_else(|| Document::description(*id, kind.clone()));
                    let before = doc.clone();
                    for (name, value) in fields {
                        if doc.value(name) != Some(value) {
                            let stamp = newer_than_field(stamp, &doc, name);
                            doc.set(name.clone(), value.clone(), stamp);
                        }
                    }
                    if is_new || doc != before {
                        edited(&mut draft, *scope, doc);
                    }
                }
                Change::Record { id, kind, scope, fields } => {
                    if draft.get(*id).is_none() {
                        edited(&mut draft, *scope, Document::fact(*id, kind.clone(), stamp, fields.clone()));
                    }
                }
                Change::Erase { id, fact, day, reason } => {
                    let Some(row) = draft.get(*id) else { continue };
                    let (scope, Some(mut doc)) = (row.scope, row.shown().cloned()) else { continue };
                    let Some(member) = draft.meta.enrolment.as_ref().map(|own| own.member) else { continue };
                    if doc.erased {
                        continue;
                    }
                    // The fact goes first: the server erases in its consequence, and knows the mark when it comes.
                    let fields = erasure::fields((*id, &doc.kind), member, *day, *reason);
                    edited(&mut draft, scope, Document::fact(*fact, Kind::Erasure, stamp, fields));
                    erase(&mut doc);
                    edited(&mut draft, scope, doc);
                }
            }
        }
        draft.into()
    }

    pub(super) fn plan_retry(&self, id: DocId) -> Option<Batch> {
        let mut draft = self.draft();
        let row = draft.get(id)?;
        let scope = row.scope;
        row.refused.as_ref()?;
        out_of_tray(&mut draft, id, scope);
        Some(draft.into())
    }

    pub(super) fn plan_discard(&self, id: DocId) -> Option<Batch> {
        let mut draft = self.draft();
        let row = draft.get(id)?;
        row.refused.as_ref()?;
        if row.shown().is_none() {
            draft.delete(id);
        } else {
            let scope = row.scope;
            draft.edit(id, scope).refused = None;
        }
        Some(draft.into())
    }
}

/// Sends what lies in the tray once more. What the server had confirmed goes with its receipt, word for word.
pub(super) fn out_of_tray(draft: &mut Draft<'_>, id: DocId, scope: DocId) {
    let Some(refused) = draft.edit(id, scope).refused.take() else { return };
    let Some(row) = draft.get(id) else { return };
    if row.base.as_ref().is_some_and(|base| !conflicts(base, &refused.doc) && merge(base, &refused.doc) == *base) {
        // The server has it meanwhile.
        return;
    }
    if refused.receipt.is_some() && row.offer.is_none() {
        let rev = draft.next_rev();
        draft.edit(id, scope).offer = Some(Offer { rev, doc: refused.doc, receipt: refused.receipt });
    } else {
        let doc = again(row.latest().as_deref(), &refused.doc);
        edited(draft, scope, doc);
    }
}

/// What goes out of the tray once more. Of two records under one id it is this person's: merging would drop one of them
/// without a word.
fn again(latest: Option<&Document>, refused: &Document) -> Document {
    match latest.filter(|latest| !conflicts(latest, refused)) {
        Some(latest) => merge(latest, refused),
        None => refused.clone(),
    }
}

/// The stamp of an edit of this field. A field that somebody stamped in the far future, when the office's clock was wrong,
/// is answered in that future: an older stamp would lose, and the edit with it, without a word.
fn newer_than_field(stamp: Stamp, doc: &Document, name: &str) -> Stamp {
    match &doc.body {
        Body::Description(fields) => fields.get(name).map_or(stamp, |known| stamp.after(known.stamp)),
        Body::Fact { .. } => stamp,
    }
}

/// Marks `doc` as this phone's, under a fresh revision.
pub(super) fn edited(draft: &mut Draft<'_>, scope: DocId, doc: Document) {
    let rev = draft.next_rev();
    let id = doc.id;
    draft.edit(id, scope).mine = Some(Mine { rev, doc });
}
