//! The server's key pair: everybody may close a capsule, only the server opens it. Sealed boxes as libsodium makes them.

use std::fmt;

use blake2::digest::consts::U8;
use blake2::{Blake2b, Digest};
use crypto_box::aead::rand_core::{self, CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use super::hex;

/// The first bytes of a public key's hash: tells whose capsule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(pub [u8; Self::BYTES]);

impl KeyId {
    pub const BYTES: usize = 8;
}

/// What phones seal to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey(#[serde(with = "hex")] [u8; 32]);

impl PublicKey {
    pub fn id(&self) -> KeyId {
        KeyId(Blake2b::<U8>::digest(self.0).into())
    }

    pub(super) fn seal(&self, plain: &[u8], random: [u8; 32]) -> Option<Vec<u8>> {
        crypto_box::PublicKey::from(self.0).seal(&mut Handed(Some(random)), plain).ok()
    }
}

/// What opens capsules. Lies in the server's database and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// From random bytes, or from what `to_bytes` gave.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey(*crypto_box::SecretKey::from(self.0).public_key().as_bytes())
    }

    pub(super) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        crypto_box::SecretKey::from(self.0).unseal(sealed).ok()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

/// Chance of the caller, given out once: sealing takes the 32 bytes of its one-time key and no more.
struct Handed(Option<[u8; 32]>);

impl CryptoRng for Handed {}

impl RngCore for Handed {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        // A key that somebody could guess must never be made.
        let random = self.0.take().expect("chance is asked for once");
        bytes.copy_from_slice(&random);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
