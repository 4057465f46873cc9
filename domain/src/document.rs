//! The unit of storage, merge and sync: a description (fields that change) or a fact (written once).
//!
//! Documents are generic on purpose. A phone from last year merges and passes on kinds and fields that it has never heard
//! of; the typed views (`place`, `people`, `visit`, …) read only what they know.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{DocId, Stamp, Value};

/// What a document is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    // Descriptions, in a commune's own scope.
    Commune,
    Area,
    Member,
    Campaign,
    // Descriptions, in an area.
    Route,
    Household,
    Resident,
    // Facts, in an area.
    Visit,
    Outcome,
    Proficiency,
    Correction,
    Link,
    Apart,
    Solution,
    Erasure,
    // Descriptions that only the server writes, in a commune's figures.
    Summary,
    Daily,
    PhoneState,
    /// A description that only the server writes, in an area: see `renamed`.
    Renamed,
    // Facts, in a commune's figures.
    Report,
    /// A kind from a newer version.
    Other(String),
}

impl Kind {
    const KNOWN: [(&'static str, Kind); 20] = [
        ("commune", Kind::Commune),
        ("area", Kind::Area),
        ("member", Kind::Member),
        ("campaign", Kind::Campaign),
        ("route", Kind::Route),
        ("household", Kind::Household),
        ("resident", Kind::Resident),
        ("visit", Kind::Visit),
        ("outcome", Kind::Outcome),
        ("proficiency", Kind::Proficiency),
        ("correction", Kind::Correction),
        ("link", Kind::Link),
        ("apart", Kind::Apart),
        ("solution", Kind::Solution),
        ("erasure", Kind::Erasure),
        ("summary", Kind::Summary),
        ("daily", Kind::Daily),
        ("phone_state", Kind::PhoneState),
        ("renamed", Kind::Renamed),
        ("report", Kind::Report),
    ];

    pub fn name(&self) -> &str {
        match self {
            Kind::Other(name) => name,
            known => Self::KNOWN.iter().find(|(_, kind)| kind == known).map_or("", |(name, _)| name),
        }
    }

    pub fn from_name(name: &str) -> Self {
        Self::KNOWN
            .iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Kind::Other(name.to_owned()), |(_, kind)| kind.clone())
    }

    /// Whether the server counts these documents itself, whatever anybody says.
    pub fn is_counted(&self) -> bool {
        matches!(self, Kind::Summary | Kind::Daily | Kind::PhoneState)
    }

    /// Whether documents of this kind are facts; `None` for a kind that this version does not know.
    pub fn is_fact(&self) -> Option<bool> {
        match self {
            Kind::Visit
            | Kind::Outcome
            | Kind::Proficiency
            | Kind::Correction
            | Kind::Link
            | Kind::Apart
            | Kind::Solution
            | Kind::Erasure
            | Kind::Report => Some(true),
            Kind::Other(_) => None,
            _ => Some(false),
        }
    }

    /// Fields that stay when a person's data is erased: what figures and moves need, nothing that identifies.
    pub fn fields_kept_when_erased(&self) -> &'static [&'static str] {
        match self {
            Kind::Household => &["route", "order", "moved_to", "root", "home"],
            // Without `gone` somebody entered by mistake would count again.
            Kind::Resident => &["household", "birth_year", "gone", "moved_to", "root", "home"],
            Kind::Visit => &["household", "member", "day", "result", "difficulties", "root", "home"],
            Kind::Outcome => &["resident", "member", "day", "step", "origin", "channel", "source", "root", "home"],
            Kind::Proficiency => &["resident", "member", "day", "root", "home"],
            Kind::Correction => &["target", "member", "by_lead", "root", "home"],
            Kind::Link | Kind::Apart => &["residents", "member", "root", "home"],
            Kind::Solution => &["household", "member", "day", "difficulty", "root", "home"],
            Kind::Erasure => &["household", "resident", "member", "day", "reason", "root", "home"],
            Kind::Renamed => &["of", "field", "member"],
            Kind::Other(_) => &["root", "home"],
            _ => &[],
        }
    }
}

/// A field of a description: the value and when it was set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Register {
    pub stamp: Stamp,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Each field is a last-writer-wins register.
    Description(BTreeMap<String, Register>),
    /// Written once at `at`, never changed.
    Fact { at: Stamp, fields: BTreeMap<String, Value> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: DocId,
    pub kind: Kind,
    /// The person's data were erased (`erasure`): beats every stamp, and only `Kind::fields_kept_when_erased` remain.
    pub erased: bool,
    pub body: Body,
}

impl Document {
    pub fn description(id: DocId, kind: Kind) -> Self {
        Self { id, kind, erased: false, body: Body::Description(BTreeMap::new()) }
    }

    pub fn fact(id: DocId, kind: Kind, at: Stamp, fields: BTreeMap<String, Value>) -> Self {
        Self { id, kind, erased: false, body: Body::Fact { at, fields } }
    }

    /// A description with all `fields` set at one moment.
    #[must_use]
    pub fn with(mut self, stamp: Stamp, fields: impl IntoIterator<Item = (impl Into<String>, Value)>) -> Self {
        for (name, value) in fields {
            self.set(name.into(), value, stamp);
        }
        self
    }

    /// Sets a field of a description; a fact stays as it is.
    pub fn set(&mut self, name: String, value: Value, stamp: Stamp) {
        if let Body::Description(registers) = &mut self.body {
            registers.insert(name, Register { stamp, value });
        }
    }

    pub fn is_fact(&self) -> bool {
        matches!(self.body, Body::Fact { .. })
    }

    pub fn value(&self, name: &str) -> Option<&Value> {
        match &self.body {
            Body::Description(registers) => registers.get(name).map(|register| &register.value),
            Body::Fact { fields, .. } => fields.get(name),
        }
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_text)
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.value(name).and_then(Value::as_int)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.value(name) == Some(&Value::Bool(true))
    }

    /// A field that names another document.
    pub fn link(&self, name: &str) -> Option<DocId> {
        self.text(name)?.parse().ok()
    }

    /// The texts of a list field; empty when it is absent.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.value(name) {
            Some(Value::List(items)) => items.iter().filter_map(Value::as_text).collect(),
            _ => Vec::new(),
        }
    }

    /// The documents named by a list field.
    pub fn links(&self, name: &str) -> Vec<DocId> {
        self.texts(name).into_iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// Every stamp in the document.
    pub fn stamps(&self) -> Vec<Stamp> {
        match &self.body {
            Body::Description(registers) => registers.values().map(|register| register.stamp).collect(),
            Body::Fact { at, .. } => vec![*at],
        }
    }

    pub fn newest_stamp(&self) -> Option<Stamp> {
        self.stamps().into_iter().max()
    }

    /// An unambiguous rendering for digests: equal documents give equal bytes.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(self.id.as_bytes());
        out.push(u8::from(self.erased));
        crate::value::write_canonical_text(self.kind.name(), &mut out);
        let write_stamp = |stamp: &Stamp, out: &mut Vec<u8>| {
            out.extend_from_slice(&stamp.ms.to_be_bytes());
            out.extend_from_slice(&stamp.counter.to_be_bytes());
            out.extend_from_slice(&stamp.install.0.to_be_bytes());
        };
        match &self.body {
            Body::Description(registers) => {
                out.push(b'd');
                for (name, register) in registers {
                    crate::value::write_canonical_text(name, &mut out);
                    write_stamp(&register.stamp, &mut out);
                    register.value.write_canonical(&mut out);
                }
            }
            Body::Fact { at, fields } => {
                out.push(b'f');
                write_stamp(at, &mut out);
                for (name, value) in fields {
                    crate::value::write_canonical_text(name, &mut out);
                    value.write_canonical(&mut out);
                }
            }
        }
        out
    }
}

/// Why a document is refused at the border, before anything is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("bản ghi không có mã")]
    NilId,
    #[error("bản ghi có quá nhiều mục")]
    TooManyFields,
    #[error("bản ghi quá dài")]
    TooLong,
    #[error("bản ghi lồng quá sâu")]
    TooDeep,
    #[error("bản ghi có ký tự không hợp lệ")]
    BadText,
    #[error("loại bản ghi không khớp với nội dung")]
    WrongBody,
}

/// More fields than any kind needs, with room for newer versions.
pub const FIELDS_MAX: usize = 64;
/// Bytes of one document in canonical form. A campaign with all its targets is about 6 kB.
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;
const NAME_BYTES_MAX: usize = 64;
const DEPTH_MAX: usize = 6;

impl Document {
    /// Checks form and limits. Says nothing of who may write it: see `access`.
    pub fn check(&self) -> Result<(), Malformed> {
        if self.id.is_nil() {
            return Err(Malformed::NilId);
        }
        if self.kind.is_fact().is_some_and(|fact| fact != self.is_fact()) {
            return Err(Malformed::WrongBody);
        }
        let names_and_values: Vec<(&String, &Value)> = match &self.body {
            Body::Description(registers) => registers.iter().map(|(name, register)| (name, &register.value)).collect(),
            Body::Fact { fields, .. } => fields.iter().collect(),
        };
        if names_and_values.len() > FIELDS_MAX {
            return Err(Malformed::TooManyFields);
        }
        let kind = self.kind.name();
        if kind.is_empty() || kind.len() > NAME_BYTES_MAX || kind.chars().any(char::is_control) {
            return Err(Malformed::BadText);
        }
        for (name, value) in names_and_values {
            if name.is_empty() || name.len() > NAME_BYTES_MAX || !is_clean(value) {
                return Err(Malformed::BadText);
            }
            if value.depth() > DEPTH_MAX {
                return Err(Malformed::TooDeep);
            }
        }
        if self.canonical_bytes().len() > DOCUMENT_BYTES_MAX {
            return Err(Malformed::TooLong);
        }
        Ok(())
    }
}

/// No control characters except the line break of a note.
fn is_clean(value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.chars().any(|letter| letter.is_control() && letter != '\n'),
        Value::List(items) => items.iter().all(is_clean),
        Value::Map(entries) => entries.iter().all(|(key, item)| !key.chars().any(char::is_control) && is_clean(item)),
        _ => true,
    }
}

/// One edit's fields under their common stamp: half the bytes of a stamp per field.
type EditGroup<'a> = (Stamp, BTreeMap<std::borrow::Cow<'a, str>, std::borrow::Cow<'a, Value>>);

#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    id: DocId,
    #[serde(rename = "k")]
    kind: std::borrow::Cow<'a, str>,
    #[serde(rename = "x", default, skip_serializing_if = "std::ops::Not::not")]
    erased: bool,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    edits: Option<Vec<EditGroup<'a>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Stamp>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    fields: Option<std::borrow::Cow<'a, BTreeMap<String, Value>>>,
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use std::borrow::Cow;
        let mut wire = Wire {
            id: self.id,
            kind: Cow::Borrowed(self.kind.name()),
            erased: self.erased,
            edits: None,
            at: None,
            fields: None,
        };
        match &self.body {
            Body::Description(registers) => {
                let mut groups: BTreeMap<Stamp, BTreeMap<Cow<'_, str>, Cow<'_, Value>>> = BTreeMap::new();
                for (name, register) in registers {
                    let group = groups.entry(register.stamp).or_default();
                    group.insert(Cow::Borrowed(name), Cow::Borrowed(&register.value));
                }
                wire.edits = Some(groups.into_iter().collect());
            }
            Body::Fact { at, fields } => {
                wire.at = Some(*at);
                wire.fields = Some(Cow::Borrowed(fields));
            }
        }
        wire.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let body = match (wire.edits, wire.at, wire.fields) {
            (Some(groups), None, None) => {
                let mut registers: BTreeMap<String, Register> = BTreeMap::new();
                for (stamp, fields) in groups {
                    for (name, value) in fields {
                        let register = Register { stamp, value: value.into_owned() };
                        let slot = registers.entry(name.into_owned()).or_insert_with(|| register.clone());
                        *slot = register.max(slot.clone());
                    }
                }
                Body::Description(registers)
            }
            (None, Some(at), Some(fields)) => Body::Fact { at, fields: fields.into_owned() },
            _ => return Err(D::Error::custom("a document is either edits or a fact")),
        };
        Ok(Self { id: wire.id, kind: Kind::from_name(&wire.kind), erased: wire.erased, body })
    }
}
