//! What a phone learns of a scope. It is read leniently: one word or document of a newer server must not cost the rest.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::DocId;
use crate::digest::Digest;
use crate::document::Document;
use crate::receipt::Receipt;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeReply {
    pub scope: DocId,
    #[serde(flatten)]
    pub content: ScopeContent,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScopeContent {
    Page(Page),
    /// The only message that lets a phone delete a scope. What is unsent or refused stays on it until a person has seen
    /// to it, unless the phone was reported lost.
    Revoked {
        revoked: RevokeReason,
    },
    /// From a newer server: nothing is known of the scope.
    Unknown {},
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "LenientPage")]
pub struct Page {
    /// In sequence order, including what the phone itself has just pushed.
    pub docs: Vec<Pulled>,
    /// The last row of this page, not the scope's newest.
    pub cursor: String,
    /// More pages follow: ask again at once.
    pub more: bool,
    /// How many documents of this scope follow after this page, for the progress bar.
    pub left: u32,
    /// Fingerprint of the whole scope, when this page is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Documents of this page that the reader could not read; never sent.
    #[serde(skip_serializing)]
    pub unreadable: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    /// The order in which the server first accepted the document: decides who completed a service first on one day.
    #[serde(rename = "n")]
    pub accepted: u64,
    #[serde(rename = "d")]
    pub doc: Document,
    /// To be kept beside the document, and brought along should the server be restored from a backup.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// The member no longer works in this area.
    LeftArea,
    /// The phone was reported lost: delete at once.
    LostPhone,
    /// From a newer server: deletes nothing.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct LenientPage {
    docs: Vec<MaybePulled>,
    cursor: String,
    more: bool,
    #[serde(default)]
    left: u32,
    #[serde(default)]
    digest: Option<Digest>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MaybePulled {
    Read(Pulled),
    Unreadable(IgnoredAny),
}

impl From<LenientPage> for Page {
    fn from(page: LenientPage) -> Self {
        let LenientPage { docs, cursor, more, left, digest } = page;
        let sent = docs.len();
        let read = |pulled| if let MaybePulled::Read(pulled) = pulled { Some(pulled) } else { None };
        let docs: Vec<Pulled> = docs.into_iter().filter_map(read).collect();
        let unreadable = u32::try_from(sent - docs.len()).unwrap_or(u32::MAX);
        Self { docs, cursor, more, left, digest, unreadable }
    }
}
