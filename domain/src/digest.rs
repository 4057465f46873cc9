//! A fingerprint of all documents of a scope, so that phone and server notice when they differ.
//!
//! It finds accidents (a lost row, a cursor too far), not attacks: a fast hash is enough.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Document;

/// The sum of the documents' hashes: order does not matter, and one changed document is subtracted and added again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(u128);

impl Digest {
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let mut digest = Self::default();
        for document in documents {
            digest.add(document);
        }
        digest
    }

    pub fn add(&mut self, document: &Document) {
        self.0 = self.0.wrapping_add(hash(document));
    }

    pub fn remove(&mut self, document: &Document) {
        self.0 = self.0.wrapping_sub(hash(document));
    }

    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

fn hash(document: &Document) -> u128 {
    xxhash_rust::xxh3::xxh3_128(&document.canonical_bytes())
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}
