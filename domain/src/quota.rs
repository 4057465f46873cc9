//! How much one member may write in a day. Every phone of an area keeps all that is written there, so a broken or hostile
//! phone must not be able to fill the others.

use crate::document::{Document, Kind};
use crate::people::Role;
use crate::protocol::Rejection;

/// Bytes of one document of a kind that this version does not know: no kind of an area needs more, and nobody can look at
/// what it is.
pub const UNKNOWN_BYTES_MAX: u64 = 4 * 1024;

/// What a member has had stored on one day (UTC+7, by the office's clock): only what changed something counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    pub documents: u64,
    /// Of their canonical form.
    pub bytes: u64,
    /// Documents of kinds that this version does not know.
    pub unknown: u64,
}

impl Used {
    /// Fifteen households a day make some 150 documents of 300 bytes; a month offline that comes in at once 4,500.
    const OF_MEMBER: Used = Used { documents: 5_000, bytes: 5_000_000, unknown: 200 };
    /// Leads and coordinators also type in lists and divide areas: a large commune has 20,000 people.
    const OF_LEAD: Used = Used { documents: 50_000, bytes: 50_000_000, unknown: 200 };

    /// What somebody of this role may have stored in one day.
    pub fn limit(role: Role) -> Used {
        if role >= Role::Lead { Self::OF_LEAD } else { Self::OF_MEMBER }
    }

    /// Counts one more document, as it was pushed.
    ///
    /// # Errors
    /// [`Rejection::TooMuch`] when the day's limit would be passed, [`Rejection::Malformed`] for an unknown kind that is too
    /// long. Then nothing is counted.
    pub fn add(&mut self, document: &Document, role: Role) -> Result<(), Rejection> {
        let bytes = u64::try_from(document.canonical_bytes().len()).unwrap_or(u64::MAX);
        let is_unknown = matches!(document.kind, Kind::Other(_));
        if is_unknown && bytes > UNKNOWN_BYTES_MAX {
            return Err(Rejection::Malformed);
        }
        let after = Used {
            documents: self.documents.saturating_add(1),
            bytes: self.bytes.saturating_add(bytes),
            unknown: self.unknown.saturating_add(u64::from(is_unknown)),
        };
        let limit = Self::limit(role);
        if after.documents > limit.documents || after.bytes > limit.bytes || after.unknown > limit.unknown {
            return Err(Rejection::TooMuch);
        }
        *self = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocId, InstallId, Stamp, Value};

    fn note(kind: Kind, bytes: usize) -> Document {
        let stamp = Stamp { ms: 1, counter: 0, install: InstallId(1) };
        Document::description(DocId::from_u128(1), kind).with(stamp, [("note", Value::text("x".repeat(bytes)))])
    }

    /// How many of these documents are taken in one day.
    fn taken(document: &Document, role: Role) -> u64 {
        let mut used = Used::default();
        while used.add(document, role).is_ok() {}
        used.documents
    }

    #[test]
    fn each_limit_is_reached_and_not_passed() {
        assert_eq!(taken(&note(Kind::Resident, 10), Role::Member), 5_000);
        assert_eq!(taken(&note(Kind::Resident, 10), Role::Lead), 50_000);
        let large = note(Kind::Resident, 60_000);
        let bytes = large.canonical_bytes().len() as u64;
        assert_eq!(taken(&large, Role::Member), 5_000_000 / bytes);
        assert_eq!(taken(&note(Kind::Other("mới".to_owned()), 10), Role::Coordinator), 200);
    }

    #[test]
    fn a_document_that_is_too_long_for_an_unknown_kind_is_told_so_and_costs_nothing() {
        let mut used = Used::default();
        let long = note(Kind::Other("mới".to_owned()), 4_096);
        assert_eq!(used.add(&long, Role::Member), Err(Rejection::Malformed));
        assert_eq!(used, Used::default());
        assert_eq!(used.add(&note(Kind::Resident, 4_096), Role::Member), Ok(()));
    }
}
