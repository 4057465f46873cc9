//! Moving households or one person to another area: `POST /api/lists/moves`.

use serde::{Deserialize, Serialize};

use crate::DocId;

/// More households than any area has.
pub const MOVED_HOUSEHOLDS_MAX: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRequest {
    #[serde(flatten)]
    pub what: WhatMoves,
    pub to_area: DocId,
    /// For one person: the household of the other area that they move into. Without it they get one of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_household: Option<DocId>,
}

/// Ids as the area has them in which they live now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhatMoves {
    Household(DocId),
    /// Chia địa bàn: all of one area.
    Households(Vec<DocId>),
    /// All households of a route; the route itself stays behind, empty.
    Route(DocId),
    Resident(DocId),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveReply {
    pub households: u64,
    pub people: u64,
}
