//! What a list would change in an area that has people already: added, changed, kept as the field has it, left out, row by
//! row. Pure: the server shows it before anything is written, and writes the same.
//!
//! Who is who is decided by ids first, by names and years second, so that a corrected list finds those whose name it
//! corrects. Values of a list are written under list stamps: whatever somebody recorded at a door beats them.

mod describe;
mod pair;
mod undo;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::List;
use crate::people::Resident;
use crate::place::Household;
use crate::service::Step;
use crate::visit::{Correction, Outcome};
use crate::{Day, DocId, Document, Kind, Stamp, Value};

use describe::Description;
use pair::Pairs;
pub use undo::{Undoing, undo};

/// What a list would do to one area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// One a row of the list, in its order.
    pub rows: Vec<RowChange>,
    /// People of the area whom the list does not name. Nothing happens to them.
    pub missing: usize,
    /// Descriptions under the list's stamp.
    pub described: Vec<Document>,
    /// New facts: id and fields of outcomes "đã có từ trước".
    pub outcomes: Vec<(DocId, BTreeMap<String, Value>)>,
    /// What it takes to undo all this.
    pub undo: Undo,
}

/// What happens to a person of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// Counted from 0.
    pub row: usize,
    pub name: String,
    pub birth_year: Option<i64>,
    /// Head of the household that this person is put into.
    pub household: String,
    pub what: What,
    /// Taken over from the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<FieldChange>,
    /// Not taken over: somebody recorded another value at the door.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<FieldChange>,
    /// Services that the list says this person has had before, and that were not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub already: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Not in the area before.
    Added,
    Changed,
    /// In the area before, in another household.
    Moved,
    Same,
    /// Somebody said at the door that this entry is a mistake.
    Deleted,
    /// The household, or this person, has moved to another area; or what has their id is there.
    Elsewhere,
    /// This person asked to be forgotten.
    Erased,
}

impl What {
    /// Nothing of the row is written, on purpose.
    pub fn is_left_out(self) -> bool {
        matches!(self, What::Deleted | What::Elsewhere | What::Erased)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: ChangedField,
    /// As a person reads it; empty for nothing.
    pub before: String,
    pub after: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedField {
    Name,
    BirthYear,
    Relation,
    Phone,
    Gone,
    IdTail,
    Household,
    Head,
    HouseNo,
    HouseholdPhone,
    Priorities,
}

impl ChangedField {
    pub fn label(self) -> &'static str {
        match self {
            ChangedField::Name => "Họ tên",
            ChangedField::BirthYear => "Năm sinh",
            ChangedField::Relation => "Quan hệ",
            ChangedField::Phone => "Điện thoại",
            ChangedField::Gone => "Tình trạng",
            ChangedField::IdTail => "4 số cuối căn cước",
            ChangedField::Household => "Hộ",
            ChangedField::Head => "Chủ hộ",
            ChangedField::HouseNo => "Số nhà",
            ChangedField::HouseholdPhone => "Điện thoại của hộ",
            ChangedField::Priorities => "Diện ưu tiên của hộ",
        }
    }
}

/// What was there before, kept by the server until the import can no longer be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    pub described: Vec<Before>,
    /// The outcomes that were added.
    pub outcomes: Vec<DocId>,
}

impl Undo {
    /// Joins what an earlier part of the same import replaced: of one document the earlier is what was there.
    pub fn join(&mut self, earlier: Undo) {
        for before in earlier.described {
            match self.described.iter_mut().find(|known| known.id == before.id) {
                None => self.described.push(before),
                Some(known) => match (&mut known.fields, before.fields) {
                    (Some(fields), Some(earlier)) => fields.extend(earlier),
                    (fields, None) => *fields = None,
                    (None, _) => {}
                },
            }
        }
        self.outcomes.extend(earlier.outcomes);
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub id: DocId,
    /// `None` for a document that the import made; else the fields that it set, with what they held (`None`: nothing).
    pub fields: Option<BTreeMap<String, Option<Value>>>,
}

/// Who imports, and when.
#[derive(Clone, Copy, Debug)]
pub struct Importing {
    pub area: DocId,
    /// The coordinator, author of the outcomes "đã có từ trước".
    pub member: DocId,
    /// Names the import: an outcome that was undone once comes back under another id.
    pub batch: DocId,
    pub day: Day,
    pub stamp: Stamp,
}

/// The documents of an area, sorted for a comparison.
pub(super) struct Stored<'a> {
    documents: BTreeMap<DocId, &'a Document>,
    households: BTreeMap<DocId, Household>,
    /// Those who are in the area and not erased.
    residents: BTreeMap<DocId, Resident>,
    /// Steps of live outcomes by resident.
    reached: BTreeMap<DocId, Vec<Step>>,
    /// What a correction names, with whether an undone import wrote the correction.
    corrected: BTreeMap<DocId, bool>,
}

/// The field by which the correction of an undone import is known.
pub(super) const UNDONE: &str = "undone_import";

impl<'a> Stored<'a> {
    fn new(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let mut stored = Self {
            documents: BTreeMap::new(),
            households: BTreeMap::new(),
            residents: BTreeMap::new(),
            reached: BTreeMap::new(),
            corrected: BTreeMap::new(),
        };
        let mut outcomes = Vec::new();
        for document in documents {
            stored.documents.insert(document.id, document);
            if let Some(household) = Household::read(document).filter(|_| !document.erased) {
                stored.households.insert(household.id, household);
            } else if let Some(resident) = Resident::read(document).filter(|it| !it.erased) {
                stored.residents.insert(resident.id, resident);
            } else if let Some(correction) = Correction::read(document) {
                let is_undo = document.flag(UNDONE);
                let slot = stored.corrected.entry(correction.target).or_insert(is_undo);
                *slot &= is_undo;
            } else {
                outcomes.extend(Outcome::read(document));
            }
        }
        for outcome in outcomes.into_iter().filter(|outcome| !stored.corrected.contains_key(&outcome.id)) {
            stored.reached.entry(outcome.resident).or_default().push(outcome.step);
        }
        stored
    }
}

/// What `list` would change in the area whose documents these are.
pub fn compare<'a>(list: &List, documents: impl IntoIterator<Item = &'a Document>, importing: Importing) -> Changes {
    let stored = Stored::new(documents);
    let pairs = Pairs::find(list, &stored, importing.area);
    let mut changes = Changes::default();
    let mut named: BTreeSet<DocId> = BTreeSet::new();
    for (order, household) in (1_i64..).zip(&list.households) {
        let place = pairs.household(household);
        let mut home = Description::of(place, Kind::Household, &stored, importing.stamp);
        home.household(household, order);
        let left_out = home.left_out();
        let mut of_home = home.finish(&mut changes);
        for resident in &household.residents {
            let id = pairs.resident(resident);
            named.insert(id);
            let mut person = Description::of(id, Kind::Resident, &stored, importing.stamp);
            person.resident(resident, place, &stored);
            let what = left_out.or_else(|| person.left_out()).unwrap_or_else(|| person.what());
            // What the household changes is told with the first of its people.
            let (mut told, mut kept) = of_home.take().unwrap_or_default();
            if !what.is_left_out()
                && let Some((own, own_kept)) = person.finish(&mut changes)
            {
                told.extend(own);
                kept.extend(own_kept);
            }
            let already = if what.is_left_out() || resident.gone.is_some() {
                Vec::new()
            } else {
                already(resident.already.iter().copied(), id, &stored, importing, &mut changes)
            };
            let is_touched = !told.is_empty() || !already.is_empty();
            changes.rows.push(RowChange {
                row: resident.row,
                name: resident.name.clone(),
                birth_year: resident.birth_year,
                household: household.head.clone(),
                what: if what == What::Same && is_touched { What::Changed } else { what },
                changed: told,
                kept,
                already,
            });
        }
    }
    let is_present = |resident: &&Resident| resident.gone.is_none() && !stored.has_moved(resident.id);
    changes.missing = stored.residents.values().filter(is_present).filter(|it| !named.contains(&it.id)).count();
    changes.rows.sort_by_key(|row| row.row);
    changes
}

/// Adds an outcome for each of `steps` that nothing known includes. One that somebody corrected stays corrected.
fn already(
    steps: impl Iterator<Item = Step>,
    resident: DocId,
    stored: &Stored<'_>,
    importing: Importing,
    changes: &mut Changes,
) -> Vec<Step> {
    let mut added = Vec::new();
    for step in steps {
        let known = stored.reached.get(&resident).map_or(&[][..], Vec::as_slice);
        if known.iter().chain(&added).any(|known: &Step| known.includes(step)) {
            continue;
        }
        let mut id = DocId::derived(resident, &["already", step.name()]);
        if stored.documents.contains_key(&id) {
            // Here it is corrected, or it would be known.
            if stored.corrected.get(&id) != Some(&true) {
                continue;
            }
            id = DocId::derived(id, &["again", &importing.batch.to_string()]);
        }
        let fields = Outcome::fields_of_list(resident, importing.member, importing.day, step);
        changes.outcomes.push((id, fields));
        changes.undo.outcomes.push(id);
        added.push(step);
    }
    added
}

#[cfg(test)]
mod tests;
