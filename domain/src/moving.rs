//! Moving people and households to another area without losing what phones still bring for the old one.
//!
//! A document never changes its scope. Who moves is *carried*: each of their documents is written into the new area too,
//! facts with their author, day and stamp as they were. The first document is the root; its copies have ids that every
//! machine derives from it, so that carrying again writes the same again. All copies of a household or a resident bear
//! the register `moved_to` with one stamp: the area where they live now, or null in that area itself. The newest says
//! where that is, whichever copy a phone or a backup has kept.

mod act;
mod areas;
mod follow;

pub use act::MovedCount;
pub use areas::{Areas, Documents};

use std::collections::BTreeMap;

use crate::document::{Body, Document, Kind, Register};
use crate::{DocId, InstallId, Stamp, Value};

/// Where a household or a resident lives now; null or absent where they do.
pub const MOVED_TO: &str = "moved_to";
/// On a copy: the id of the first document, and the area in which it is.
pub const ROOT: &str = "root";
pub const HOME: &str = "home";
/// What the server alone writes.
pub const KEPT_BY_SERVER: [&str; 3] = [MOVED_TO, ROOT, HOME];

/// Who a copy is the same as never changes, so no edit may be older.
const ALWAYS: Stamp = Stamp { ms: 0, counter: 0, install: InstallId(0) };

/// What a document and all its copies have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    pub id: DocId,
    /// The area of the first document.
    pub home: DocId,
}

impl Root {
    /// The root of a document that is stored in `area`. What claims to be a copy and has not the copy's id is none.
    pub fn of(document: &Document, area: DocId) -> Self {
        if let (Some(id), Some(home)) = (document.link(ROOT), document.link(HOME)) {
            let root = Self { id, home };
            if home != area && root.id_in(area) == document.id {
                return root;
            }
        }
        Self { id: document.id, home: area }
    }

    /// The id under which this is found in `area`.
    pub fn id_in(self, area: DocId) -> DocId {
        if area == self.home { self.id } else { DocId::derived(self.id, &["in", &area.to_string()]) }
    }
}

/// From where to where, and what is known in the old area of the documents that others name.
pub struct Way<'a> {
    pub from: DocId,
    pub to: DocId,
    /// The root of a document of the old area; `None` for one that is not there (yet).
    pub root_of: &'a dyn Fn(DocId) -> Option<Root>,
    /// Whether a household of the old area lives in the new one now.
    pub has_moved_along: &'a dyn Fn(DocId) -> bool,
}

/// The document as it is to be written into the new area. `None` for a fact that names something that has not arrived
/// yet: it waits for it.
pub fn carried(document: &Document, way: &Way<'_>) -> Option<Document> {
    let root = Root::of(document, way.from);
    let id_there = |id: DocId| (way.root_of)(id).map(|root| root.id_in(way.to));
    let is_copy = root.home != way.to;
    let body = match &document.body {
        Body::Description(registers) => {
            let mut there: BTreeMap<String, Register> = BTreeMap::new();
            for (name, register) in registers.iter().filter(|(name, _)| is_carried(name)) {
                let value = match name.as_str() {
                    // Where somebody lives is only known there of households that live there too.
                    "household" if document.kind == Kind::Resident => {
                        let household = as_id(&register.value).filter(|id| (way.has_moved_along)(*id));
                        household.and_then(id_there).map(Value::from)
                    }
                    name => Some(mapped(name, &register.value, &id_there).unwrap_or_else(|| register.value.clone())),
                };
                if let Some(value) = value {
                    there.insert(name.clone(), Register { stamp: register.stamp, value });
                }
            }
            if is_copy {
                there.insert(ROOT.to_owned(), Register { stamp: ALWAYS, value: root.id.into() });
                there.insert(HOME.to_owned(), Register { stamp: ALWAYS, value: root.home.into() });
            }
            Body::Description(there)
        }
        Body::Fact { at, fields } => {
            let mut there: BTreeMap<String, Value> = BTreeMap::new();
            for (name, value) in fields.iter().filter(|(name, _)| is_carried(name)) {
                let value = if is_reference(name) { mapped(name, value, &id_there)? } else { value.clone() };
                there.insert(name.clone(), value);
            }
            if is_copy {
                there.insert(ROOT.to_owned(), root.id.into());
                there.insert(HOME.to_owned(), root.home.into());
            }
            Body::Fact { at: *at, fields: there }
        }
    };
    Some(Document { id: root.id_in(way.to), body, ..document.clone() })
}

/// Routes belong to an area; the rest is the server's own.
fn is_carried(field: &str) -> bool {
    field != "route" && !KEPT_BY_SERVER.contains(&field)
}

fn is_reference(field: &str) -> bool {
    matches!(field, "household" | "resident" | "residents" | "target")
}

/// A reference as the new area has it; `None` when one of its ids is not known.
fn mapped(name: &str, value: &Value, id_there: &dyn Fn(DocId) -> Option<DocId>) -> Option<Value> {
    if !is_reference(name) {
        return None;
    }
    match value {
        Value::List(items) => {
            let items: Option<Vec<Value>> =
                items.iter().map(|item| as_id(item).and_then(id_there).map(Value::from)).collect();
            items.map(Value::List)
        }
        single => as_id(single).and_then(id_there).map(Value::from),
    }
}

fn as_id(value: &Value) -> Option<DocId> {
    value.as_text()?.parse().ok()
}

/// The register `moved_to` of a household or a resident.
fn moved_to(document: &Document) -> Option<&Register> {
    match &document.body {
        Body::Description(registers) => registers.get(MOVED_TO),
        Body::Fact { .. } => None,
    }
}

/// Whether an area that holds this document has seen a move.
pub fn tells_of_a_move(document: &Document) -> bool {
    moved_to(document).is_some() || document.value(ROOT).is_some()
}

/// The areas that a household or a resident is said to have moved to.
pub fn destination(document: &Document) -> Option<DocId> {
    moved_to(document).and_then(|register| as_id(&register.value))
}
