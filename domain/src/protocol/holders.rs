//! Đối chiếu and nghi trùng between the office's pages and the server: `/api/lists/holders`, `/api/lists/doubles`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::DocId;
use crate::import::ListedHolder;
use crate::matching::Reason;
use crate::service::Step;

/// Rows of one request. Longer lists come in pieces: each row is judged alone, and what is written twice is written once.
pub const HOLDERS_MAX: usize = 4_000;

/// `POST /api/lists/holders/preview` writes nothing; `POST /api/lists/holders` records what is certain or was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldersRequest {
    pub holders: Vec<ListedHolder>,
    /// What the list says that its people have.
    pub step: Step,
    /// For rows that name no provider.
    #[serde(default)]
    pub provider: Option<String>,
    #[serde(default)]
    pub choices: Vec<HolderChoice>,
}

/// What somebody said of a doubtful row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderChoice {
    /// `ListedHolder::row`.
    pub row: usize,
    pub resident: DocId,
    pub is_same: bool,
}

/// What a list comes to. Rows are `ListedHolder::row`; each row of the request is in one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldersPreview {
    pub certain: Vec<HolderMatch>,
    pub doubtful: Vec<HolderDoubt>,
    pub already_known: Vec<usize>,
    pub repeated: Vec<usize>,
    pub being_helped: Vec<HolderMatch>,
    pub taken_back: Vec<HolderMatch>,
    pub unmatched: Vec<usize>,
    /// Everyone named above.
    pub people: BTreeMap<DocId, ListedPerson>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderMatch {
    pub row: usize,
    pub resident: DocId,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderDoubt {
    pub row: usize,
    /// The most alike first.
    pub candidates: Vec<HolderCandidate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderCandidate {
    pub resident: DocId,
    pub reasons: Vec<Reason>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldersReply {
    /// Records of "đã có từ trước".
    pub recorded: usize,
    pub already_known: usize,
    /// Still to be decided.
    pub doubtful: usize,
    pub unmatched: usize,
    /// Left alone: twice in the list, at work with a helper, taken back before.
    pub left_alone: usize,
}

/// A resident on a review screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPerson {
    pub name: String,
    pub birth_year: Option<i64>,
    pub phone: Option<String>,
    pub house_no: String,
    /// Chủ hộ; empty for somebody in no household.
    pub head: String,
    pub area: DocId,
    pub area_name: String,
    /// How far they are with each service.
    pub steps: Vec<Step>,
    /// Live records of what was done for them.
    pub records: usize,
}

/// `GET /api/lists/doubles`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoublesReply {
    /// The most alike first.
    pub doubles: Vec<DoublePair>,
    /// How many more there are than are told.
    pub more: usize,
    /// Records that were joined, group by group.
    pub joined: Vec<Vec<DocId>>,
    pub people: BTreeMap<DocId, ListedPerson>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoublePair {
    pub a: DocId,
    pub b: DocId,
    pub reasons: Vec<Reason>,
}

/// `POST /api/lists/doubles/join`: one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinDoubles {
    pub a: DocId,
    pub b: DocId,
    /// Whose area and household it is, where these differ.
    pub keep: DocId,
}

/// `POST /api/lists/doubles/part`: two people, also when they were joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDoubles {
    pub a: DocId,
    pub b: DocId,
}

/// The answer to both: how many documents were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoublesChanged {
    pub written: usize,
}
