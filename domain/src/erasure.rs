//! Xóa dữ liệu của một người: a fact of its own that says who had whose data erased, when and why.
//!
//! The mark `erased` of a document is only ever set by the server, in consequence of such a fact. So an erasure always has
//! an author, a reason and a right (`access`), and comes back after a restore with the fact.

use std::collections::BTreeMap;

use crate::document::{Document, Kind};
use crate::{Day, DocId, Value};

/// Why somebody's data were erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Người dân yêu cầu.
    Asked,
    /// Rút lại đồng ý.
    ConsentWithdrawn,
    /// Ghi nhầm người.
    Mistake,
    /// Hết thời gian lưu giữ.
    Expired,
}

impl Reason {
    pub const ALL: [Reason; 4] = [Reason::Asked, Reason::ConsentWithdrawn, Reason::Mistake, Reason::Expired];

    pub fn name(self) -> &'static str {
        match self {
            Reason::Asked => "asked",
            Reason::ConsentWithdrawn => "consent_withdrawn",
            Reason::Mistake => "mistake",
            Reason::Expired => "expired",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Reason::Asked => "Người dân yêu cầu",
            Reason::ConsentWithdrawn => "Rút lại đồng ý",
            Reason::Mistake => "Ghi nhầm người",
            Reason::Expired => "Hết thời gian lưu giữ",
        }
    }
}

/// The fields of an erasure of the household or resident `of`, under the name of the field that links to it.
pub fn fields(of: (DocId, &Kind), member: DocId, day: Day, reason: Reason) -> BTreeMap<String, Value> {
    let (id, kind) = of;
    let link = if *kind == Kind::Household { "household" } else { "resident" };
    BTreeMap::from([
        (link.to_owned(), id.into()),
        ("member".to_owned(), member.into()),
        ("day".to_owned(), Value::text(day.to_string())),
        ("reason".to_owned(), reason.name().into()),
    ])
}

/// Whose data an erasure is about; `None` for any other document.
pub fn subject(document: &Document) -> Option<DocId> {
    let is_erasure = document.kind == Kind::Erasure;
    document.link("resident").or_else(|| document.link("household")).filter(|_| is_erasure)
}

/// Whether an erasure of `subject` reaches this document: the person or household itself, and what was written down about
/// them in words.
pub fn reaches(subject: DocId, document: &Document) -> bool {
    match document.kind {
        Kind::Household | Kind::Resident => document.id == subject,
        Kind::Visit => document.link("household") == Some(subject),
        _ => false,
    }
}
