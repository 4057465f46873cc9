//! A report that was sent: frozen, as a fact.

use std::collections::BTreeMap;

use super::{Report, Wanted};
use crate::document::{Body, Document, Kind};
use crate::{DocId, Stamp, Value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub id: DocId,
    pub at: Stamp,
    pub member: DocId,
    /// The area that it is of; `None` for the whole commune.
    pub area: Option<DocId>,
    pub report: Report,
}

impl Sent {
    pub fn read(document: &Document) -> Option<Self> {
        let (Body::Fact { at, .. }, Kind::Report) = (&document.body, &document.kind) else { return None };
        Some(Self {
            id: document.id,
            at: *at,
            member: document.link("member")?,
            area: document.link("area"),
            report: document.value("report")?.parse()?,
        })
    }

    /// `None` for a report that can't be written down, which no report that was made is.
    pub fn fields(member: DocId, area: Option<DocId>, report: &Report) -> Option<BTreeMap<String, Value>> {
        let mut fields = BTreeMap::from([
            ("member".to_owned(), Value::from(member)),
            ("report".to_owned(), Value::from_serialize(report)?),
        ]);
        if let Some(area) = area {
            fields.insert("area".to_owned(), area.into());
        }
        Some(fields)
    }
}

/// The report that the wanted one follows: the last before it that was sent for the same slot; one on request follows the
/// last of any kind. Of two for the same moment the one that was made later.
pub fn previous<'a>(
    sent: impl IntoIterator<Item = &'a Sent>,
    area: Option<DocId>,
    wanted: Wanted<'_>,
    now_ms: u64,
) -> Option<&'a Sent> {
    let (slot, until) = (wanted.slot_name(), wanted.until(now_ms));
    sent.into_iter()
        .filter(|sent| sent.area == area && sent.report.until < until)
        .filter(|sent| slot.is_empty() || sent.report.slot == slot)
        .max_by_key(|sent| (sent.report.until, sent.at, sent.id))
}
