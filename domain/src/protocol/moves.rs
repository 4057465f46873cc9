//! Moving households or one person to another area: `POST /api/lists/moves`.

use serde::{Deserialize, Serialize};

use crate::DocId;

/// More households than any area has.
pub const MOVED_HOUSEHOLDS_MAX: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
pub struct MoveRequest {
    #[serde(flatten)]
    pub what: WhatMoves,
    pub to_area: DocId,
    /// For one person: the household of the other area that they move into. Without it they get one of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_household: Option<DocId>,
}

/// The request as it comes: a flattened choice alone would take the first and overlook the others.
#[derive(Deserialize)]
struct Wire {
    household: Option<DocId>,
    households: Option<Vec<DocId>>,
    route: Option<DocId>,
    resident: Option<DocId>,
    to_area: DocId,
    to_household: Option<DocId>,
}

impl TryFrom<Wire> for MoveRequest {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let what = match (wire.household, wire.households, wire.route, wire.resident) {
            (Some(id), None, None, None) => WhatMoves::Household(id),
            (None, Some(ids), None, None) => WhatMoves::Households(ids),
            (None, None, Some(id), None) => WhatMoves::Route(id),
            (None, None, None, Some(id)) => WhatMoves::Resident(id),
            _ => return Err("one of household, households, route, resident says what moves"),
        };
        Ok(Self { what, to_area: wire.to_area, to_household: wire.to_household })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_thing_moves() {
        let id = "00000000-0000-4000-8000-000000000007";
        let read = |what: &str| serde_json::from_str::<MoveRequest>(&format!("{{{what}\"to_area\":\"{id}\"}}"));
        for one in ["household", "route", "resident"] {
            let request = read(&format!("\"{one}\":\"{id}\",")).expect("a move");
            let text = serde_json::to_string(&request).expect("text");
            assert_eq!(serde_json::from_str::<MoveRequest>(&text).ok(), Some(request));
        }
        assert!(read(&format!("\"households\":[\"{id}\"],")).is_ok());
        for bad in [String::new(), format!("\"household\":\"{id}\",\"route\":\"{id}\",")] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
