//! Named lists that leave the program, on paper or as a file: for whom, why, and with a mark that says so.
//!
//! Two lists: whom a helper has helped ([`HelpedList`]), and the doors of an area as a fallback on paper ([`DoorList`]).
//! Both are made by the server, which notes them before it hands them out; text, table and spreadsheet are written from the
//! one model. What comes back on paper is read by [`paper`].

mod code;
mod doors;
mod helped;
pub mod paper;
mod reason;
mod table;
mod taken;
mod tick;

use serde::{Deserialize, Serialize};

pub use code::{BadCode, LineCode};
pub use doors::{DoorLine, DoorList, DoorPerson, RESULTS, door_list};
pub use helped::{HelpedLine, HelpedList, helped_list};
pub use reason::{BadReason, Reason, words_max};
pub use taken::Taken;
pub use tick::{BoxState, Tick, ticks};

/// A list as it was given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handout {
    pub taken: Taken,
    /// "Phường Bắc Kạn".
    pub commune: String,
    /// The plan's name.
    pub campaign: String,
    pub list: List,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum List {
    Helped(HelpedList),
    Doors(DoorList),
}

impl List {
    /// How many people it names.
    pub fn people(&self) -> u64 {
        let count = match self {
            Self::Helped(list) => list.counted.len() + list.shared.len(),
            Self::Doors(list) => list.lines.iter().map(DoorLine::names).sum(),
        };
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}
