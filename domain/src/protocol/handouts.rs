//! Named lists that leave the program: `GET` and `POST /api/lists/handouts`. The answer to a `POST` is a
//! [`Handout`](crate::handout::Handout).

use serde::{Deserialize, Serialize};

use crate::DocId;
use crate::handout::Reason;

/// Asks for a list. The office notes who, what and why before it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandoutRequest {
    pub what: WantedList,
    pub reason: Reason,
    /// Why, in one's own words.
    #[serde(default)]
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "list", rename_all = "snake_case", deny_unknown_fields)]
pub enum WantedList {
    /// Danh sách hỗ trợ: whom this member has helped.
    Helped {
        member: DocId,
        #[serde(default)]
        with_phones: bool,
    },
    /// The doors of an area, or of one of its routes, to be printed.
    Doors {
        area: DocId,
        #[serde(default)]
        route: Option<DocId>,
    },
}

/// What the page of handouts starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoutDesk {
    /// The routes of the areas whose doors may be printed, in order.
    pub routes: Vec<DeskRoute>,
    /// Newest first: all of the commune for a coordinator, those of their areas for a lead, their own for a member.
    pub log: Vec<HandoutNote>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRoute {
    pub area: DocId,
    pub id: DocId,
    pub name: String,
}

/// A handout as the log shows it: who on the team took what, when and why; of residents only how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoutNote {
    pub number: u64,
    /// Whose name is on it.
    pub by: String,
    /// "Danh sách hộ Tổ 5 – Tuyến 2", "Danh sách hỗ trợ của Nông Văn Đức".
    pub what: String,
    pub why: String,
    pub at_ms: u64,
    pub people: u64,
    pub with_phones: bool,
    /// The area of a list of doors, which can be typed in again when it comes back.
    pub doors_of: Option<DocId>,
}
