//! People: residents at the door, members of the team and what each may do.

use serde::{Deserialize, Serialize};

use crate::campaign::AgeRule;
use crate::document::{Document, Kind};
use crate::place::text;
use crate::{Day, DocId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Thành viên: visits doors in the areas given to them.
    Member,
    /// Tổ trưởng: divides an area into routes, assigns members, watches coverage.
    Lead,
    /// Cán bộ xã/phường: sets up the commune and sees all figures.
    Coordinator,
}

impl Role {
    pub fn label(self) -> &'static str {
        match self {
            Role::Member => "Thành viên",
            Role::Lead => "Tổ trưởng",
            Role::Coordinator => "Cán bộ xã, phường",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Role::Member => "member",
            Role::Lead => "lead",
            Role::Coordinator => "coordinator",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Role::Member, Role::Lead, Role::Coordinator].into_iter().find(|role| role.name() == name)
    }
}

/// A person on the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: DocId,
    pub name: String,
    pub role: Role,
    /// The areas whose households this member holds.
    pub areas: Vec<DocId>,
    /// Overrides the campaign's quota: a remote hamlet may ask for fewer.
    pub quota: Option<u32>,
}

impl Member {
    pub fn read(document: &Document) -> Option<Self> {
        (document.kind == Kind::Member).then(|| Self {
            id: document.id,
            name: text(document, "name"),
            role: document.text("role").and_then(Role::from_name).unwrap_or(Role::Member),
            areas: document.links("areas"),
            quota: document.int("quota").and_then(|quota| u32::try_from(quota).ok()),
        })
    }
}

/// Why a resident is no longer to be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    MovedAway,
    Deceased,
    /// Entered by mistake.
    Deleted,
}

impl Gone {
    pub const ALL: [Gone; 3] = [Gone::MovedAway, Gone::Deceased, Gone::Deleted];

    pub fn name(self) -> &'static str {
        match self {
            Gone::MovedAway => "moved_away",
            Gone::Deceased => "deceased",
            Gone::Deleted => "deleted",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Gone::MovedAway => "Chuyển đi",
            Gone::Deceased => "Đã mất",
            Gone::Deleted => "Ghi nhầm",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Gone::MovedAway, Gone::Deceased, Gone::Deleted].into_iter().find(|gone| gone.name() == name)
    }
}

/// A person at a door. Least data: a year of birth, no id number, no papers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    pub id: DocId,
    pub household: Option<DocId>,
    pub name: String,
    pub birth_year: Option<i64>,
    /// "Chủ hộ", "Vợ", "Con" … as the list has it.
    pub relation: String,
    pub phone: Option<String>,
    /// The last four digits of the căn cước, where a list was imported with them: only to tell two of one name apart,
    /// never shown by itself.
    pub id_tail: Option<String>,
    /// Where somebody lives who is in no household of the list, as they said it at a support point.
    pub address: String,
    pub gone: Option<Gone>,
    /// The area that they have moved to: there they are counted, not here.
    pub moved_to: Option<DocId>,
    /// Keys of the plan's population groups: pupils, officials.
    pub groups: Vec<String>,
    pub erased: bool,
}

impl Resident {
    pub fn read(document: &Document) -> Option<Self> {
        (document.kind == Kind::Resident).then(|| Self {
            id: document.id,
            household: document.link("household"),
            name: text(document, "name"),
            birth_year: document.int("birth_year"),
            relation: text(document, "relation"),
            phone: document.text("phone").map(ToOwned::to_owned),
            id_tail: document.text("id_tail").map(ToOwned::to_owned),
            address: text(document, "address"),
            gone: document.text("gone").and_then(Gone::from_name),
            moved_to: crate::moving::destination(document),
            groups: document.texts("groups").into_iter().map(str::to_owned).collect(),
            erased: document.erased,
        })
    }

    /// Whether the rule takes this person in on `day`; unknown stays unknown.
    pub fn meets(&self, rule: AgeRule, day: Day) -> Option<bool> {
        Some(rule.takes_in(self.birth_year?, day))
    }
}
