//! What the page asks of the worker and what it is told: JSON, the file's bytes beside it.

use std::collections::BTreeMap;

use domain::DocId;
use domain::import::changes::{RowChange, What};
use domain::import::{CellCounts, Converted, Field, HolderList, Options, Remark, RemarkKind};
use domain::protocol::{AreaChoice, ImportCounts};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ask {
    /// Reads the file whose bytes come with this.
    Open { name: String },
    /// Reads a sheet of the open file as households.
    Read { sheet: usize, options: Options },
    /// Reads the sheet of the open file that names most holders.
    Holders,
    /// Shows or writes the households that were read last, area by area.
    Send { batch: DocId, is_preview: bool, parts: Vec<PartChoice> },
}

/// Where the households of one tổ or thôn of the list go. What is not named is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartChoice {
    pub cell: Option<String>,
    pub area: AreaChoice,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Told {
    /// The worker runs and takes questions.
    Ready,
    /// `share` from 0 to 1.
    Progress {
        share: f64,
    },
    Opened(Opened),
    Read(Box<ReadSheet>),
    Holders {
        sheet: String,
        list: Box<HolderList>,
    },
    Sent(Box<Sent>),
    /// The sentence says what went wrong and what to do.
    Failed(String),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub sheets: Vec<String>,
    /// The one with most people.
    pub best: usize,
    /// Sheets that could not be read, with the reason.
    pub refused: Vec<String>,
}

/// A sheet as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadSheet {
    pub sheet: usize,
    /// Why there is no list; then only `columns` and `top` tell something.
    pub problem: Option<String>,
    pub columns: Vec<ReadColumn>,
    pub header_row: Option<usize>,
    pub signature: String,
    /// The first rows as text, to find the header in.
    pub top: Vec<Vec<String>>,
    pub households: usize,
    pub people: usize,
    /// Households and people of each tổ, thôn; `None` for those that the list puts nowhere.
    pub cells: Vec<(Option<String>, usize, usize)>,
    pub counts: CellCounts,
    pub converted: Option<Converted>,
    pub remarks: Vec<Remarks>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadColumn {
    pub heading: String,
    pub field: Option<Field>,
    /// The first values below the header.
    pub samples: Vec<String>,
}

/// The remarks of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remarks {
    pub kind: RemarkKind,
    pub count: usize,
    /// So many that a person can read them.
    pub first: Vec<Remark>,
}

/// What the server would change, or has changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub is_preview: bool,
    pub counts: ImportCounts,
    pub parts: Vec<(String, ImportCounts)>,
    /// The first rows of each kind, with how many there are.
    pub rows: BTreeMap<What, (usize, Vec<RowChange>)>,
    /// Those of whom the field knows better.
    pub kept: Vec<RowChange>,
}
