//! What attackers know: ids and contents of everything that is stored, also what they could never have seen.

use domain::DocId;
use serde_json::Value;

use super::stored::{Stored, kind};
use super::world::{Crew, Person};

pub struct Target {
    pub id: DocId,
    pub scope: DocId,
    pub kind: String,
    pub doc: Value,
}

#[derive(Default)]
pub struct Targets {
    pub documents: Vec<Target>,
    pub scopes: Vec<DocId>,
    pub members: Vec<DocId>,
    /// Members and phones whose end stops no attacker.
    pub spares: Vec<DocId>,
    pub spare_devices: Vec<DocId>,
    pub devices: Vec<DocId>,
    /// Proofs that were given out for documents, of whichever scope.
    pub receipts: Vec<String>,
}

impl Targets {
    pub fn of(stored: &Stored, people: &[Person], receipts: Vec<String>) -> Self {
        let documents = stored.documents.iter().filter_map(|(id, entry)| {
            let doc: Value = serde_json::from_str(&entry.text).ok()?;
            Some(Target { id: *id, scope: entry.scope, kind: kind(&doc).to_owned(), doc })
        });
        let spares: Vec<&Person> = people.iter().filter(|person| person.crew == Crew::Spare).collect();
        Self {
            documents: documents.collect(),
            scopes: stored.scopes.keys().copied().collect(),
            members: people.iter().map(|person| person.member).collect(),
            spare_devices: spares.iter().map(|person| person.device).collect(),
            spares: spares.iter().map(|person| person.member).collect(),
            devices: people.iter().map(|person| person.device).collect(),
            receipts,
        }
    }

    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Target> {
        self.documents.iter().filter(move |target| target.kind == kind)
    }
}
