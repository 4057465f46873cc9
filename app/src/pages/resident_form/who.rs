//! Whose form it is, and where it was opened.

use domain::DocId;

/// Whose form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody new in a household.
    New { household: DocId },
    /// Somebody known, at the door of the household.
    AtDoor { household: DocId, resident: DocId },
    /// Somebody known who has come to a support point, and may live in no household of the list.
    AtPoint { resident: DocId, household: Option<DocId> },
}

impl Who {
    pub fn resident(self) -> Option<DocId> {
        match self {
            Who::New { .. } => None,
            Who::AtDoor { resident, .. } | Who::AtPoint { resident, .. } => Some(resident),
        }
    }

    pub fn household(self) -> Option<DocId> {
        match self {
            Who::New { household } | Who::AtDoor { household, .. } => Some(household),
            Who::AtPoint { household, .. } => household,
        }
    }

    /// Where the form was opened.
    pub fn back(self) -> String {
        match self {
            Who::New { household } | Who::AtDoor { household, .. } => format!("/ho/{household}"),
            Who::AtPoint { resident, .. } => format!("/diem/{resident}"),
        }
    }

    pub fn path(self) -> String {
        match self {
            Who::New { .. } => format!("{}/nguoi-moi", self.back()),
            Who::AtDoor { resident, .. } => format!("{}/nguoi/{resident}", self.back()),
            Who::AtPoint { .. } => format!("{}/sua", self.back()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    pub area: DocId,
    pub who: Who,
}
