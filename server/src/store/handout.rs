//! What the store knows of a list that left the program.

use domain::DocId;
use domain::handout::Reason;

/// A handout as it is noted. Never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoutRow {
    /// As printed on every page.
    pub number: u64,
    pub id: DocId,
    pub commune: DocId,
    /// Who took it.
    pub member: DocId,
    pub what: HandoutKind,
    pub reason: Reason,
    pub words: String,
    /// How many people it names.
    pub people: u64,
    pub created_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandoutKind {
    /// Whom a member has helped.
    Helped { member: DocId, with_phones: bool },
    /// The doors of an area, or of one of its routes: the households in the order of the lines.
    Doors { area: DocId, route: Option<DocId>, lines: Vec<DocId> },
}
