//! A household list on its way into areas: shown first, written second, undone if it was the wrong one.

use serde::{Deserialize, Serialize};

use crate::DocId;
use crate::import::List;
use crate::import::changes::RowChange;

/// One area's part of a list: `POST /api/lists/import`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Random; the same for all areas of a list, and when a part is sent again because its answer was lost.
    pub batch: DocId,
    pub area: AreaChoice,
    /// The file's name, to recognise the import by.
    pub file: String,
    pub list: List,
    /// Only show what would change.
    pub is_preview: bool,
}

/// Where the part goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaChoice {
    Known(DocId),
    /// Made by the import. `kind` is an `AreaKind::name`.
    New {
        name: String,
        kind: String,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    pub households_added: usize,
    pub added: usize,
    pub changed: usize,
    /// To another household of the area.
    pub moved: usize,
    pub same: usize,
    /// People of whom the list says something else than what was recorded at the door, which stays.
    pub kept: usize,
    /// Rows of people who were deleted or erased, or live elsewhere now.
    pub left_out: usize,
    /// Services that people have had before.
    pub already: usize,
    /// People of the area whom the list does not name.
    pub missing: usize,
}

impl ImportCounts {
    pub fn add(&mut self, other: &Self) {
        self.households_added += other.households_added;
        self.added += other.added;
        self.changed += other.changed;
        self.moved += other.moved;
        self.same += other.same;
        self.kept += other.kept;
        self.left_out += other.left_out;
        self.already += other.already;
        self.missing += other.missing;
    }

    /// Whether writing would do anything.
    pub fn has_changes(&self) -> bool {
        self.added + self.changed + self.moved + self.already + self.households_added > 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReply {
    /// `None` in a preview for an area that does not exist yet.
    pub area: Option<DocId>,
    pub counts: ImportCounts,
    /// Rows of which there is something to tell.
    pub rows: Vec<RowChange>,
}

/// The last imports: `GET /api/lists/imports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportsReply {
    pub imports: Vec<PastImport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastImport {
    pub batch: DocId,
    pub file: String,
    pub member: DocId,
    pub areas: Vec<DocId>,
    pub counts: ImportCounts,
    pub imported_ms: u64,
    pub undone_ms: Option<u64>,
    pub can_be_undone: bool,
}

/// `POST /api/lists/imports/undo`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    pub batch: DocId,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoReply {
    pub people_removed: usize,
    /// Somebody has recorded something of them since: they stay.
    pub people_kept: usize,
}
