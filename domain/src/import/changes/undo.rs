//! Taking an import back: what it added goes, unless somebody has recorded something there since; what it changed becomes
//! what it was, unless somebody has changed it since.

use std::collections::{BTreeMap, BTreeSet};

use super::{Importing, UNDONE, Undo};
use crate::document::{Body, Document, Kind};
use crate::people::Gone;
use crate::visit::Correction;
use crate::{DocId, InstallId, Stamp, Value};

/// What undoing an import writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undoing {
    /// Descriptions under a list stamp.
    pub described: Vec<Document>,
    /// Corrections of the outcomes that the import added.
    pub corrections: Vec<(DocId, BTreeMap<String, Value>)>,
    /// People who are taken out again.
    pub people_removed: usize,
    /// People whom the import added and who stay: somebody has recorded something of them since.
    pub people_kept: usize,
}

/// `imported` is the stamp that the import wrote under; `importing` says who undoes it, when.
pub fn undo<'a>(
    record: &Undo,
    imported: Stamp,
    documents: impl IntoIterator<Item = &'a Document>,
    importing: Importing,
) -> Undoing {
    let documents: BTreeMap<DocId, &Document> = documents.into_iter().map(|doc| (doc.id, doc)).collect();
    let mut undoing = Undoing::default();
    let ours: BTreeSet<DocId> = record.outcomes.iter().copied().collect();
    for &outcome in &record.outcomes {
        if documents.contains_key(&outcome) {
            let id = DocId::derived(outcome, &["undone", &importing.batch.to_string()]);
            let mut fields = Correction::fields(outcome, importing.member, true);
            fields.insert(UNDONE.to_owned(), true.into());
            undoing.corrections.push((id, fields));
        }
    }
    let recorded_of = recorded_of(&documents, &ours);
    let mut staying: BTreeSet<DocId> = BTreeSet::new();
    let made = |id: &DocId, kind: &Kind| documents.get(id).copied().filter(|doc| doc.kind == *kind && !doc.erased);
    let new = || record.described.iter().filter(|before| before.fields.is_none());
    for resident in new().filter_map(|before| made(&before.id, &Kind::Resident)) {
        if is_touched(resident) || recorded_of.contains(&resident.id) {
            undoing.people_kept += 1;
            staying.extend(resident.link("household"));
        } else {
            undoing.people_removed += 1;
            let fields = [("gone", Value::from(Gone::Deleted.name()))];
            undoing.described.push(Document::description(resident.id, Kind::Resident).with(importing.stamp, fields));
        }
    }
    let is_new: BTreeSet<DocId> = new().map(|before| before.id).collect();
    let lives_on = |doc: &&Document| {
        doc.kind == Kind::Resident && !is_new.contains(&doc.id) && doc.text("gone") != Some(Gone::Deleted.name())
    };
    staying.extend(documents.values().copied().filter(lives_on).filter_map(|doc| doc.link("household")));
    for household in new().filter_map(|before| made(&before.id, &Kind::Household)) {
        if !(is_touched(household) || recorded_of.contains(&household.id) || staying.contains(&household.id)) {
            let fields = [("deleted", Value::Bool(true))];
            undoing.described.push(Document::description(household.id, Kind::Household).with(importing.stamp, fields));
        }
    }
    for before in &record.described {
        let (Some(fields), Some(now)) = (&before.fields, documents.get(&before.id)) else { continue };
        let fields: Vec<(String, Value)> = fields
            .iter()
            .filter(|(name, _)| stamp_of(now, name) == Some(imported))
            .map(|(name, value)| (name.clone(), value.clone().unwrap_or(Value::Null)))
            .collect();
        if !fields.is_empty() && !now.erased {
            undoing.described.push(Document::description(before.id, now.kind.clone()).with(importing.stamp, fields));
        }
    }
    undoing
}

/// Households and residents of whom some fact says something, but for the import's own outcomes.
fn recorded_of(documents: &BTreeMap<DocId, &Document>, ours: &BTreeSet<DocId>) -> BTreeSet<DocId> {
    let facts = documents.values().filter(|doc| doc.is_fact() && !ours.contains(&doc.id));
    let named = |doc: &&Document| -> Vec<DocId> {
        let residents = doc.links("residents");
        [doc.link("household"), doc.link("resident")].into_iter().flatten().chain(residents).collect()
    };
    facts.flat_map(named).collect()
}

/// Somebody has written in it, not only lists. Being put on a route says nothing about a household.
fn is_touched(document: &Document) -> bool {
    let Body::Description(registers) = &document.body else { return true };
    registers.iter().any(|(name, register)| {
        register.stamp.install != InstallId::LIST && !matches!(name.as_str(), "route" | "order")
    })
}

fn stamp_of(document: &Document, name: &str) -> Option<Stamp> {
    match &document.body {
        Body::Description(registers) => registers.get(name).map(|register| register.stamp),
        Body::Fact { .. } => None,
    }
}
