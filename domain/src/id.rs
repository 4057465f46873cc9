//! Ids of documents. Random where nothing better is known, derived where two phones should arrive at the same one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::fold;

/// A document's id: global, never reused. Areas, communes and members are documents too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocId(Uuid);

/// Root of all derived ids; any fixed value does.
const NAMESPACE: Uuid = Uuid::from_u128(0x7475_6e67_6e68_6100_8000_7475_6e67_6e68);

impl DocId {
    pub const fn from_u128(number: u128) -> Self {
        Self(Uuid::from_u128(number))
    }

    /// A random id from 128 random bits of the caller.
    pub fn random(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    pub const fn as_u128(self) -> u128 {
        self.0.as_u128()
    }

    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub const fn is_nil(self) -> bool {
        self.0.is_nil()
    }

    /// The id that every machine derives for the same `parts` under `parent`.
    pub fn derived(parent: DocId, parts: &[&str]) -> Self {
        let mut name = Vec::with_capacity(64);
        name.extend_from_slice(parent.as_bytes());
        for part in parts {
            name.push(0);
            name.extend_from_slice(part.as_bytes());
        }
        Self(Uuid::new_v5(&NAMESPACE, &name))
    }

    /// A household of an imported list: the same list row gives the same household again.
    pub fn household(area: DocId, list_key: &str) -> Self {
        Self::derived(area, &["household", &fold(list_key)])
    }

    /// A resident: the same person typed in on two phones is one document, not two.
    pub fn resident(household: DocId, name: &str, birth_year: Option<i64>) -> Self {
        let year = birth_year.map_or_else(String::new, |year| year.to_string());
        Self::derived(household, &["resident", &fold(name), &year])
    }

    /// The scope that holds a commune's figures: no names, for leads and coordinators.
    pub fn figures(commune: DocId) -> Self {
        Self::derived(commune, &["figures"])
    }

    /// The document with the figures of an area.
    pub fn summary(area: DocId) -> Self {
        Self::derived(area, &["summary"])
    }

    /// The document that says when a member's phones last came in.
    pub fn phone_state(member: DocId) -> Self {
        Self::derived(member, &["phone_state"])
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl FromStr for DocId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
