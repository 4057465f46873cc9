//! Paper that came back: `POST /api/lists/paper/open`, `/api/lists/paper` and `/api/lists/paper/take-back`.

use serde::{Deserialize, Serialize};

use crate::handout::Tick;
use crate::handout::paper::{Entry, PaperLine};
use crate::{Day, DocId};

/// Which list lies on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperSource {
    /// By the number printed on it: its lines are where they were.
    Handout(u64),
    /// An area as it is now, for notes on other paper.
    Area(DocId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperOpenRequest {
    pub source: PaperSource,
}

/// A list to be typed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSheet {
    pub source: PaperSource,
    pub area: DocId,
    pub area_name: String,
    /// The day on which it was printed, before which nobody can have gone with it.
    pub printed_on: Option<Day>,
    pub today: Day,
    /// The boxes of every person, in order.
    pub ticks: Vec<Tick>,
    /// In the order of the paper.
    pub lines: Vec<PaperLine>,
    /// Who may have gone: those who work in the area.
    pub helpers: Vec<PaperHelper>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperHelper {
    pub id: DocId,
    pub name: String,
}

/// One household, written at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperRequest {
    pub source: PaperSource,
    /// The helper who went.
    pub member: DocId,
    /// The day on the paper.
    pub day: Day,
    pub entry: Entry,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperReply {
    /// What was written, to be taken back.
    pub written: Vec<DocId>,
    /// Đã có trên máy: boxes that were recorded already.
    pub already: u64,
    /// The line as it is now.
    pub line: PaperLine,
}

/// Takes back what was typed in by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBackRequest {
    pub area: DocId,
    pub household: DocId,
    /// Of this household, and typed in from paper.
    pub facts: Vec<DocId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBackReply {
    /// How many no longer count.
    pub taken_back: u64,
    pub line: PaperLine,
}
