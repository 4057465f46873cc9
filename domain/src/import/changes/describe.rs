//! One household or resident: what the list says against what is stored.

use std::collections::BTreeMap;

use super::{Before, ChangedField, Changes, FieldChange, Stored, What};
use crate::document::{Body, Document, Kind};
use crate::import::{ListedHousehold, ListedResident};
use crate::people::Gone;
use crate::place::Priority;
use crate::{DocId, InstallId, Stamp, Value};

/// What is changed and what is kept, for the preview.
pub(super) type Told = (Vec<FieldChange>, Vec<FieldChange>);

pub(super) struct Description<'a> {
    id: DocId,
    kind: Kind,
    stored: Option<&'a Document>,
    stamp: Stamp,
    fields: BTreeMap<String, Value>,
    changed: Vec<FieldChange>,
    kept: Vec<FieldChange>,
    has_moved_home: bool,
    is_revived: bool,
}

impl Stored<'_> {
    /// Whether this household or resident has moved to another area.
    pub fn has_moved(&self, id: DocId) -> bool {
        let moved = |document: &&Document| document.link("moved_to").is_some();
        self.documents.get(&id).is_some_and(moved)
    }

    fn head_of(&self, household: Option<DocId>) -> String {
        household.and_then(|id| self.households.get(&id)).map(|known| known.head.clone()).unwrap_or_default()
    }
}

impl<'a> Description<'a> {
    pub fn of(id: DocId, kind: Kind, stored: &Stored<'a>, stamp: Stamp) -> Self {
        Self {
            id,
            kind,
            stored: stored.documents.get(&id).copied(),
            stamp,
            fields: BTreeMap::new(),
            changed: Vec::new(),
            kept: Vec::new(),
            has_moved_home: false,
            is_revived: false,
        }
    }

    /// What the list does not say is not set: importing never empties a field that somebody filled in at the door.
    pub fn household(&mut self, listed: &ListedHousehold, order: i64) {
        self.revive("deleted");
        self.text(ChangedField::Head, "head", &listed.head);
        self.text(ChangedField::HouseNo, "house_no", &listed.house_no);
        self.text(ChangedField::HouseholdPhone, "phone", listed.phone.as_deref().unwrap_or_default());
        if !listed.priorities.is_empty() {
            let mut priorities = listed.priorities.clone();
            priorities.sort_unstable();
            priorities.dedup();
            let known = |name: &str| Priority::from_name(name).map(Priority::label);
            let labels = |names: &[&str]| names.iter().filter_map(|name| known(name)).collect::<Vec<_>>().join(", ");
            let before = labels(&self.stored.map(|stored| stored.texts("priorities")).unwrap_or_default());
            let after = labels(&priorities.iter().map(|priority| priority.name()).collect::<Vec<_>>());
            let value: Value = priorities.iter().map(|priority| priority.name()).collect();
            let value = if before == after { self.value("priorities").unwrap_or(value) } else { value };
            self.set(Some((ChangedField::Priorities, before, after)), "priorities", value);
        }
        if self.stored.is_none() {
            // Later lists leave the walking order alone: one row more at the top would move everybody.
            self.set(None, "order", order.into());
        }
    }

    pub fn resident(&mut self, listed: &ListedResident, home: DocId, stored: &Stored<'_>) {
        if self.value("gone") == Some(Gone::Deleted.name().into()) && listed.gone.is_none() {
            self.revive("gone");
        }
        let before = self.stored.and_then(|document| document.link("household"));
        if before != Some(home) {
            self.has_moved_home = self.stored.is_some();
            let told = (ChangedField::Household, stored.head_of(before), stored.head_of(Some(home)));
            self.set(Some(told), "household", home.into());
        }
        self.text(ChangedField::Name, "name", &listed.name);
        self.text(ChangedField::Relation, "relation", &listed.relation);
        self.text(ChangedField::Phone, "phone", listed.phone.as_deref().unwrap_or_default());
        self.text(ChangedField::IdTail, "id_tail", listed.id_tail.as_deref().unwrap_or_default());
        if let Some(year) = listed.birth_year {
            let before = self.stored.and_then(|document| document.int("birth_year"));
            let told =
                (ChangedField::BirthYear, before.map(|year| year.to_string()).unwrap_or_default(), year.to_string());
            self.set(Some(told), "birth_year", year.into());
        }
        if let Some(gone) = listed.gone {
            let before = Gone::ALL.into_iter().find(|known| self.value("gone") == Some(known.name().into()));
            let told =
                (ChangedField::Gone, before.map(Gone::label).unwrap_or_default().to_owned(), gone.label().to_owned());
            self.set(Some(told), "gone", gone.name().into());
        }
    }

    /// Why nothing may be written here.
    pub fn left_out(&self) -> Option<What> {
        let stored = self.stored?;
        if stored.erased {
            return Some(What::Erased);
        }
        if stored.link("moved_to").is_some() {
            return Some(What::Elsewhere);
        }
        let is_deleted = stored.flag("deleted") || self.value("gone") == Some(Gone::Deleted.name().into());
        (is_deleted && !self.is_revived).then_some(What::Deleted)
    }

    pub fn what(&self) -> What {
        match self.stored {
            None => What::Added,
            Some(_) if self.is_revived => What::Added,
            Some(_) if self.has_moved_home && self.fields.contains_key("household") => What::Moved,
            Some(_) if self.fields.is_empty() => What::Same,
            Some(_) => What::Changed,
        }
    }

    /// Puts the document among the changes. `None` when there is nothing to tell.
    pub fn finish(self, changes: &mut Changes) -> Option<Told> {
        if self.left_out().is_some() {
            return None;
        }
        if !self.fields.is_empty() {
            let before = self
                .stored
                .map(|stored| self.fields.keys().map(|name| (name.clone(), stored.value(name).cloned())).collect());
            changes.undo.described.push(Before { id: self.id, fields: before });
            changes.described.push(Document::description(self.id, self.kind).with(self.stamp, self.fields));
        }
        // A new document has nothing that was changed.
        let told = if self.stored.is_some() { self.changed } else { Vec::new() };
        (!(told.is_empty() && self.kept.is_empty())).then_some((told, self.kept))
    }

    fn value(&self, name: &str) -> Option<Value> {
        self.stored.and_then(|stored| stored.value(name)).filter(|value| **value != Value::Null).cloned()
    }

    fn text(&mut self, field: ChangedField, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let before = self.stored.and_then(|stored| stored.text(name)).unwrap_or_default().to_owned();
        self.set(Some((field, before, text.to_owned())), name, text.into());
    }

    /// Takes back what an undone import marked as deleted; what a person marked stays.
    fn revive(&mut self, name: &str) {
        if matches!(self.value(name), Some(value) if value != Value::Bool(false)) {
            self.set(None, name, Value::Null);
            self.is_revived = self.fields.contains_key(name);
        }
    }

    fn set(&mut self, told: Option<(ChangedField, String, String)>, name: &str, value: Value) {
        if self.value(name).as_ref() == Some(&value) {
            return;
        }
        let told = told.map(|(field, before, after)| FieldChange { field, before, after });
        // An emptied field was emptied by somebody.
        let is_theirs = self.register_stamp(name).is_some_and(|stamp| stamp.install != InstallId::LIST);
        if is_theirs {
            self.kept.extend(told);
        } else {
            self.changed.extend(told);
            self.fields.insert(name.to_owned(), value);
        }
    }

    fn register_stamp(&self, name: &str) -> Option<Stamp> {
        match &self.stored?.body {
            Body::Description(registers) => registers.get(name).map(|register| register.stamp),
            Body::Fact { .. } => None,
        }
    }
}
