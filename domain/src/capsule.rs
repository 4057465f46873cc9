//! The sealed outbox: unsent documents of a phone as bytes that only the server can open.
//!
//! One form for three needs: the service worker posts it while the app is closed, a colleague carries it as a file or as
//! codes, and it is kept before anything that could lose it. Opened, it is a push like any other, so that sending it twice
//! or through two phones changes nothing.
//!
//! ```text
//! "TN1" · number of documents (2 bytes) · id of the server's key (8 bytes) · sealed box of the deflated JSON
//! ```

mod courier;
mod hex;
mod keys;
#[cfg(test)]
mod tests;

use blake2::digest::consts::U8;
use blake2::{Blake2b, Digest};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};

pub use courier::{Courier, CourierHash, CourierNote, CourierSecret};
pub use keys::{KeyId, PublicKey, SecretKey};

use crate::protocol::Push;
use crate::{DocId, InstallId};

/// Version of the content; a server opens all that were ever released.
pub const CONTENT: u32 = 1;
/// Documents in one capsule: more than anybody collects in weeks. Whoever has more makes several.
pub const DOCUMENTS_MAX: usize = 2_000;
/// Bytes of documents in one capsule, before they are deflated. One document may exceed it alone.
pub const DOCUMENT_BYTES_MAX: usize = 768 * 1024;
/// What an honest content takes at most when it is unpacked; beyond this nothing is unpacked.
pub const PLAIN_BYTES_MAX: usize = 2 * 1024 * 1024;

const MAGIC: &[u8; 3] = b"TN1";
const HEADER_BYTES: usize = MAGIC.len() + 2 + KeyId::BYTES;
/// Small enough for a slow phone, and documents repeat one another anyway.
const DEFLATE_LEVEL: u8 = 6;

/// What a capsule holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Content {
    pub version: u32,
    /// Whose documents these are: the phone and the member that it belonged to when they were written.
    pub install: InstallId,
    pub member: DocId,
    /// Proves it: the server was told the hash by that phone.
    pub courier: CourierSecret,
    /// When it was made, by the phone's clock as far as it knew its error. Only to be shown.
    pub made_ms: u64,
    pub push: Vec<Push>,
}

/// How much one capsule may hold: a file takes much, a series of codes little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    pub documents: usize,
    pub bytes: usize,
    /// With what the server refused and the tray keeps: for when the phone is about to forget it.
    pub with_refused: bool,
}

impl Portion {
    /// A file with what is unsent.
    pub const FILE: Self = Self { documents: DOCUMENTS_MAX, bytes: DOCUMENT_BYTES_MAX, with_refused: false };
    /// What a series of codes shows in about twenty seconds: deflated, a quarter of this is left at most.
    pub const CODES: Self = Self { documents: 500, bytes: 160 * 1024, with_refused: false };
    /// Everything that is only on this phone.
    pub const RESCUE: Self = Self { with_refused: true, ..Self::FILE };
}

/// What can be told of a capsule without opening it. Nobody has vouched for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub documents: u16,
    pub key: KeyId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapsuleError {
    #[error("Đây không phải tệp chuyển giúp của Từng Nhà. Chọn lại tệp có đuôi .tnha.")]
    NotACapsule,
    #[error("Gói này dành cho máy chủ của xã, phường khác. Chuyển nó cho người của nơi đó.")]
    OtherServer,
    #[error("Gói bị hỏng hoặc thiếu phần cuối. Xin người gửi gửi lại.")]
    Damaged,
}

impl Content {
    /// The bytes that leave the phone. `random` must be used for nothing else, ever.
    pub fn seal(&self, key: &PublicKey, random: [u8; 32]) -> Result<Vec<u8>, CapsuleError> {
        let plain = serde_json::to_vec(self).map_err(|_| CapsuleError::Damaged)?;
        let sealed = key.seal(&compress_to_vec(&plain, DEFLATE_LEVEL), random).ok_or(CapsuleError::Damaged)?;
        let documents = u16::try_from(self.push.len()).unwrap_or(u16::MAX);
        let mut bytes = Vec::with_capacity(HEADER_BYTES + sealed.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&documents.to_be_bytes());
        bytes.extend_from_slice(&key.id().0);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }
}

/// Reads what is on the outside.
pub fn header(bytes: &[u8]) -> Result<Header, CapsuleError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(CapsuleError::NotACapsule)?;
    let (documents, rest) = rest.split_first_chunk().ok_or(CapsuleError::Damaged)?;
    let (key, _) = rest.split_first_chunk().ok_or(CapsuleError::Damaged)?;
    Ok(Header { documents: u16::from_be_bytes(*documents), key: KeyId(*key) })
}

/// Names a capsule, so that the same one is kept once. Each sealing gives another.
pub fn name_of(bytes: &[u8]) -> String {
    hex::text(&Blake2b::<U8>::digest(bytes))
}

/// Opens a capsule that was sealed to this server.
pub fn open(key: &SecretKey, bytes: &[u8]) -> Result<Content, CapsuleError> {
    let header = header(bytes)?;
    if header.key != key.public_key().id() {
        return Err(CapsuleError::OtherServer);
    }
    let packed = key.open(&bytes[HEADER_BYTES..]).ok_or(CapsuleError::Damaged)?;
    let plain = decompress_to_vec_with_limit(&packed, PLAIN_BYTES_MAX).map_err(|_| CapsuleError::Damaged)?;
    let content: Content = serde_json::from_slice(&plain).map_err(|_| CapsuleError::Damaged)?;
    // The outside is not sealed, so it must agree with the inside.
    if u16::try_from(content.push.len()).unwrap_or(u16::MAX) != header.documents {
        return Err(CapsuleError::Damaged);
    }
    Ok(content)
}
