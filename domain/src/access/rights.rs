//! The table of rights, its reading, and its printed form for `SECURITY.md`.

use std::fmt::Write as _;

use super::{Effect, Grant, Place, ScopeKind};
use crate::document::{Document, Kind};
use crate::moving::KEPT_BY_SERVER;
use crate::people::Role;
use crate::planted::{Mistake, is_planted};
use crate::visit::ENTERED_BY;
use crate::{DocId, Value};

/// What is done to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It comes into being with its fields. A fact's only act.
    Make,
    /// A field of a description changes.
    Edit,
    /// A field changes that only the server writes: where somebody has moved, which document is a copy of which, who typed
    /// in a sheet of paper.
    EditServersField,
    /// A member's role or areas change, by that member.
    EditOwnRights,
    /// A correction claims a lead's word over others' records.
    SpeakAsLead,
    /// What identifies a person goes.
    Erase,
}

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The server alone, whatever a phone says.
    Nobody,
    /// Whoever holds the area, and the commune's coordinators.
    Team,
    /// The same, under their own name only.
    TeamInOwnName,
    /// Leads who hold the area, and the commune's coordinators.
    Leads,
    /// The same, under their own name only.
    LeadsInOwnName,
    /// Leads under their own name for an area that they hold; coordinators for any area and for the whole commune.
    Reporters,
    /// The commune's coordinators.
    Coordinators,
}

/// Which documents a right is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Kinds(&'static [Kind]),
    /// Facts of kinds that this version does not know.
    NewerFacts,
    /// Descriptions of kinds that this version does not know.
    NewerDescriptions,
    /// Every document of the scope.
    All,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    pub scope: ScopeKind,
    pub subject: Subject,
    pub act: Act,
    pub who: Who,
}

const fn right(scope: ScopeKind, subject: Subject, act: Act, who: Who) -> Right {
    Right { scope, subject, act, who }
}

/// The first row that fits decides; where none fits, nobody may.
pub const RIGHTS: [Right; 24] = {
    use Act::{Edit, EditOwnRights, EditServersField, Erase, Make, SpeakAsLead};
    use ScopeKind::{Area, Commune, Figures};
    use Subject::{All, Kinds, NewerDescriptions, NewerFacts};
    [
        right(Commune, All, Erase, Who::Nobody),
        right(Commune, Kinds(&[Kind::Member]), EditOwnRights, Who::Nobody),
        right(Commune, Kinds(&[Kind::Commune]), Make, Who::Nobody),
        right(Commune, Kinds(&[Kind::Commune, Kind::Area, Kind::Member, Kind::Campaign]), Edit, Who::Coordinators),
        right(Commune, Kinds(&[Kind::Area, Kind::Member, Kind::Campaign]), Make, Who::Coordinators),
        right(Commune, NewerDescriptions, Make, Who::Coordinators),
        right(Commune, NewerDescriptions, Edit, Who::Coordinators),
        right(Area, All, Erase, Who::Nobody),
        right(Area, All, EditServersField, Who::Nobody),
        right(Area, Kinds(&[Kind::Household, Kind::Resident]), Make, Who::Team),
        right(Area, Kinds(&[Kind::Household, Kind::Resident]), Edit, Who::Team),
        right(Area, Kinds(&[Kind::Route]), Make, Who::Leads),
        right(Area, Kinds(&[Kind::Route]), Edit, Who::Leads),
        right(Area, Kinds(&[Kind::Visit, Kind::Outcome, Kind::Proficiency, Kind::Solution]), Make, Who::TeamInOwnName),
        right(Area, Kinds(&[Kind::Link, Kind::Apart]), Make, Who::TeamInOwnName),
        right(Area, Kinds(&[Kind::Correction]), Make, Who::TeamInOwnName),
        right(Area, Kinds(&[Kind::Correction]), SpeakAsLead, Who::LeadsInOwnName),
        right(Area, Kinds(&[Kind::Erasure]), Make, Who::LeadsInOwnName),
        right(Area, NewerFacts, Make, Who::TeamInOwnName),
        right(Area, NewerDescriptions, Make, Who::Team),
        right(Area, NewerDescriptions, Edit, Who::Team),
        right(Figures, All, Erase, Who::Nobody),
        right(Figures, Kinds(&[Kind::Report]), Make, Who::Reporters),
        right(Figures, Kinds(&[Kind::Summary, Kind::Daily, Kind::PhoneState]), Make, Who::Nobody),
    ]
};

/// Whether this member may bring `effect` about in `merged`.
pub(super) fn may(grant: &Grant, place: Place, merged: &Document, effect: &Effect<'_>) -> bool {
    let Some(act) = act(grant, merged, effect) else { return true };
    let fits = |right: &Right| right.scope == place.kind && right.act == act && right.subject.includes(merged);
    let Some(row) = RIGHTS.iter().position(fits) else { return false };
    if is_planted(Mistake::RightLoosened(row)) {
        return true;
    }
    RIGHTS[row].who.includes(grant, merged)
}

/// The act that an effect asks a right for; `None` where the act of making the document has asked already.
fn act(grant: &Grant, merged: &Document, effect: &Effect<'_>) -> Option<Act> {
    match effect {
        Effect::Made { .. } => Some(Act::Make),
        Effect::Erased => Some(Act::Erase),
        Effect::Set { field, .. } if KEPT_BY_SERVER.contains(field) || *field == ENTERED_BY => {
            Some(Act::EditServersField)
        }
        Effect::Set { field: "by_lead", value, .. } if merged.kind == Kind::Correction => {
            (**value == Value::Bool(true)).then_some(Act::SpeakAsLead)
        }
        Effect::Set { field: "role" | "areas", .. } if merged.kind == Kind::Member && merged.id == grant.member => {
            Some(Act::EditOwnRights)
        }
        Effect::Set { is_new: true, .. } => None,
        Effect::Set { .. } => Some(Act::Edit),
    }
}

impl Subject {
    fn includes(self, document: &Document) -> bool {
        let is_newer = matches!(document.kind, Kind::Other(_));
        match self {
            Self::Kinds(kinds) => kinds.contains(&document.kind),
            Self::NewerFacts => is_newer && document.is_fact(),
            Self::NewerDescriptions => is_newer && !document.is_fact(),
            Self::All => true,
        }
    }
}

impl Who {
    fn includes(self, grant: &Grant, document: &Document) -> bool {
        let is_own = document.link("member") == Some(grant.member);
        let is_lead = grant.role >= Role::Lead;
        let is_coordinator = grant.role == Role::Coordinator;
        match self {
            Self::Nobody => false,
            Self::Team => true,
            Self::TeamInOwnName => is_own,
            Self::Leads => is_lead,
            Self::LeadsInOwnName => is_lead && is_own,
            Self::Reporters => {
                let is_held = |area: DocId| grant.areas.contains(&area);
                is_lead && is_own && (is_coordinator || document.link("area").is_some_and(is_held))
            }
            Self::Coordinators => is_coordinator,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Nobody => "the server alone",
            Self::Team => "whoever holds the area; coordinators",
            Self::TeamInOwnName => "whoever holds the area; coordinators; under their own name",
            Self::Leads => "leads who hold the area; coordinators",
            Self::LeadsInOwnName => "leads who hold the area; coordinators; under their own name",
            Self::Reporters => "leads for an area that they hold; coordinators; under their own name",
            Self::Coordinators => "coordinators",
        }
    }
}

impl Act {
    fn words(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Edit => "edit",
            Self::EditServersField => "set `moved_to`, `root`, `home` or `entered_by`",
            Self::EditOwnRights => "change one's own role or areas",
            Self::SpeakAsLead => "overrule others (`by_lead`)",
            Self::Erase => "erase by setting the mark",
        }
    }
}

/// The table as Markdown, for people.
pub fn table() -> String {
    let mut text = String::from("| in | on | may | who |\n| --- | --- | --- | --- |\n");
    for Right { scope, subject, act, who } in RIGHTS {
        let scope = match scope {
            ScopeKind::Commune => "commune",
            ScopeKind::Figures => "figures",
            ScopeKind::Area => "area",
        };
        let subject = match subject {
            Subject::Kinds(kinds) => {
                kinds.iter().map(|kind| kind.name().replace('_', " ")).collect::<Vec<_>>().join(", ")
            }
            Subject::NewerFacts => "facts of newer versions".to_owned(),
            Subject::NewerDescriptions => "descriptions of newer versions".to_owned(),
            Subject::All => "everything".to_owned(),
        };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "| {scope} | {subject} | {} | {} |", act.words(), who.words());
    }
    text
}
