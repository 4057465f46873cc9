//! Who made a capsule: the token of a device lies in a cookie that scripts cannot read, so a phone has a second secret, for
//! this only. Whoever holds it can push in the name of that phone and read nothing.

use std::fmt;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use serde::{Deserialize, Serialize};

use super::hex;

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierSecret(#[serde(with = "hex")] [u8; 32]);

/// What the server knows of a courier secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CourierHash(#[serde(with = "hex")] [u8; 32]);

impl CourierSecret {
    /// From random bytes of the caller.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn hash(&self) -> CourierHash {
        CourierHash(self.mixed(b"hash"))
    }

    /// The secret that follows this one. Only who has this one can make it.
    #[must_use]
    fn next(&self) -> Self {
        Self(self.mixed(b"next"))
    }

    fn mixed(self, purpose: &[u8]) -> [u8; 32] {
        let mixed = Blake2b::<U32>::new().chain_update(b"tung-nha courier ").chain_update(purpose);
        mixed.chain_update(self.0).finalize().into()
    }
}

impl fmt::Debug for CourierSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CourierSecret(…)")
    }
}

impl CourierHash {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

/// What a phone keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courier {
    pub secret: CourierSecret,
    /// The one before: what was sealed under it is not to be taken any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<CourierHash>,
    /// The server has heard of this secret.
    #[serde(default)]
    pub told: bool,
}

impl Courier {
    pub fn new(secret: CourierSecret) -> Self {
        Self { secret, void: None, told: false }
    }

    /// From now on capsules under the old secret are void.
    #[must_use]
    pub fn replaced(&self) -> Self {
        Self { secret: self.secret.next(), void: Some(self.secret.hash()), told: false }
    }

    pub fn note(&self) -> CourierNote {
        CourierNote { hash: self.secret.hash(), void: self.void }
    }
}

/// What a phone tells the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierNote {
    pub hash: CourierHash,
    /// Capsules of this phone under this hash are to be refused: it stamps their documents anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<CourierHash>,
}
