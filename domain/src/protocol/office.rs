//! What the office's list pages know before anything is asked: `GET /api/lists/office`.

use serde::{Deserialize, Serialize};

use crate::DocId;
use crate::people::Role;

/// Who sits at this browser, and the commune that they work in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeReply {
    pub member: DocId,
    pub name: String,
    pub role: Role,
    pub commune: DocId,
    /// "Phường Bắc Kạn".
    pub commune_title: String,
    /// All areas for a coordinator, their own for others; in order.
    pub areas: Vec<OfficeArea>,
    /// Those who work in these areas.
    pub members: Vec<OfficeMember>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeArea {
    pub id: DocId,
    pub name: String,
    /// `AreaKind::name`.
    pub kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeMember {
    pub id: DocId,
    pub name: String,
    pub role: Role,
    pub areas: Vec<DocId>,
}
