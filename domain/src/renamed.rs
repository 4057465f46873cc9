//! Who somebody was before: when a member changes a name that others had set, the server keeps the older value, where a
//! lead can see it and put it back.
//!
//! A description that only the server writes, in the area of the household or resident. There is one for each document,
//! field and older value, so that a name that goes back and forth does not grow without end.

use crate::document::{Body, Document, Kind, Register};
use crate::{DocId, InstallId, Stamp, Value};

/// Fields by which people know a household or a resident.
pub fn watched(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Household => &["head", "house_no", "phone"],
        Kind::Resident => &["name", "birth_year", "phone"],
        _ => &[],
    }
}

/// A value that was changed by a member who had not set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    pub id: DocId,
    /// The household or resident.
    pub of: DocId,
    pub field: String,
    pub before: Value,
    /// Who changed it last.
    pub member: DocId,
    /// When the server took the change.
    pub at: Stamp,
}

impl Renamed {
    /// `None` for another kind, and for one whose person was erased: then nothing of it is left.
    pub fn read(document: &Document) -> Option<Self> {
        if document.kind != Kind::Renamed || document.erased {
            return None;
        }
        Some(Self {
            id: document.id,
            of: document.link("of")?,
            field: document.text("field")?.to_owned(),
            before: document.value("before")?.clone(),
            member: document.link("member")?,
            at: document.newest_stamp()?,
        })
    }

    pub fn fields(of: DocId, field: &str, before: &Value, member: DocId) -> [(&'static str, Value); 4] {
        [("of", of.into()), ("field", field.into()), ("before", before.clone()), ("member", member.into())]
    }

    /// The id of what is kept of one older value. `secret` is known to the server alone, so that nobody can put another
    /// document there first.
    pub fn id(of: DocId, field: &str, before: &Value, secret: &str) -> DocId {
        DocId::derived(of, &["renamed", field, &before.as_text().map_or_else(|| other(before), str::to_owned), secret])
    }
}

fn other(value: &Value) -> String {
    value.as_int().map(|number| number.to_string()).unwrap_or_default()
}

/// The watched fields that a push from `install` takes over from others, with their values before. Also where the value is
/// still the same: the next change by this phone would be one of its own.
pub fn taken_over(before: &Document, after: &Document, install: InstallId) -> Vec<(&'static str, Value)> {
    if before.erased || after.erased {
        return Vec::new();
    }
    let taken = |field: &&'static str| {
        let old = register(before, field)?;
        let is_theirs = old.stamp.install != install && register(after, field) != Some(old);
        (is_theirs && is_said(&old.value)).then(|| (*field, old.value.clone()))
    };
    watched(&before.kind).iter().filter_map(taken).collect()
}

fn register<'a>(document: &'a Document, field: &str) -> Option<&'a Register> {
    match &document.body {
        Body::Description(registers) => registers.get(field),
        Body::Fact { .. } => None,
    }
}

fn is_said(value: &Value) -> bool {
    value.as_int().is_some() || value.as_text().is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHERS: InstallId = InstallId(1);
    const MINE: InstallId = InstallId(2);

    fn resident(name: &str, ms: u64, install: InstallId) -> Document {
        let stamp = Stamp { ms, counter: 0, install };
        Document::description(DocId::from_u128(1), Kind::Resident)
            .with(stamp, [("name", Value::text(name)), ("relation", Value::text(name))])
    }

    #[test]
    fn a_name_that_others_had_set_is_taken_over_once() {
        let before = resident("Lan", 1, OTHERS);
        let after = resident("Hoa", 2, MINE);
        assert_eq!(taken_over(&before, &after, MINE), [("name", Value::text("Lan"))]);
        assert_eq!(taken_over(&after, &resident("Huệ", 3, MINE), MINE), [], "their own to change");
        assert_eq!(taken_over(&before, &before, MINE), []);
        assert_eq!(taken_over(&resident("", 1, OTHERS), &after, MINE), [], "nothing was said");
    }

    #[test]
    fn a_value_that_is_only_said_again_counts_as_taken_over() {
        let again = resident("Lan", 2, MINE);
        assert_eq!(taken_over(&resident("Lan", 1, OTHERS), &again, MINE), [("name", Value::text("Lan"))]);
        let forged = resident("Hoa", 2, OTHERS);
        assert_eq!(taken_over(&resident("Lan", 1, OTHERS), &forged, MINE).len(), 1, "whatever the stamp says");
    }

    #[test]
    fn what_is_kept_is_read_as_it_was_written_and_nothing_of_it_once_erased() {
        let (of, member) = (DocId::from_u128(1), DocId::from_u128(2));
        let before = Value::Int(1950);
        let at = Stamp { ms: 5, counter: 0, install: OTHERS };
        let id = Renamed::id(of, "birth_year", &before, "secret");
        let mut document =
            Document::description(id, Kind::Renamed).with(at, Renamed::fields(of, "birth_year", &before, member));
        let field = "birth_year".to_owned();
        assert_eq!(Renamed::read(&document), Some(Renamed { id, of, field, before, member, at }));
        crate::merge::erase(&mut document);
        assert_eq!(document.value("before"), None);
        assert_eq!(Renamed::read(&document), None);
    }
}
