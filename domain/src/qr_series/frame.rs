//! One code of a series: `TN`, version, hash of all bytes (8), their number (3), frame number (2), block, CRC-32 (4); big-endian.

use xxhash_rust::xxh3::xxh3_64;

use super::{BLOCK_MAX, BLOCKS_MAX, base45};

/// Another way of cutting or mixing would be another version.
const MAGIC: [u8; 3] = *b"TN\x01";
const HEAD: usize = 16;
const CHECKSUM: usize = 4;

/// What all frames of a series have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    hash: u64,
    /// Bytes of the whole; at least 1.
    pub len: usize,
    /// Bytes of each block; at least 1.
    pub block_size: usize,
}

impl Key {
    pub fn of(bytes: &[u8], block_size: usize) -> Self {
        Self { hash: xxh3_64(bytes), len: bytes.len(), block_size }
    }

    pub fn blocks(self) -> usize {
        self.len.div_ceil(self.block_size)
    }

    /// Whether these are the bytes that the series was made of.
    pub fn is_of(self, bytes: &[u8]) -> bool {
        self == Self::of(bytes, self.block_size)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub key: Key,
    pub number: u16,
    /// `key.block_size` bytes.
    pub payload: Vec<u8>,
}

impl Frame {
    pub fn to_text(&self) -> String {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.key.hash.to_be_bytes());
        // What a series can carry fits into three bytes.
        bytes.extend(&u32::try_from(self.key.len).unwrap_or_default().to_be_bytes()[1..]);
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(&self.payload);
        bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
        base45::encode(&bytes)
    }

    /// `None` for anything that is no frame, or a damaged one, or one of a series that is too long.
    pub fn of_text(text: &str) -> Option<Self> {
        // Whatever else hangs on a wall is put aside before any work is spent on it.
        if text.len() > (HEAD + BLOCK_MAX + CHECKSUM).div_ceil(2) * 3 {
            return None;
        }
        let bytes = base45::decode(text)?;
        let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>()?;
        let (head, payload) = content.split_first_chunk::<HEAD>()?;
        let [m0, m1, version, hash @ .., l0, l1, l2, n0, n1] = *head;
        let is_whole = [m0, m1, version] == MAGIC && crc32fast::hash(content).to_be_bytes() == *checksum;
        let len = usize::try_from(u32::from_be_bytes([0, l0, l1, l2])).ok()?;
        if !is_whole || payload.is_empty() || len == 0 {
            return None;
        }
        let key = Key { hash: u64::from_be_bytes(hash), len, block_size: payload.len() };
        let is_sound = key.blocks() <= BLOCKS_MAX;
        is_sound.then(|| Self { key, number: u16::from_be_bytes([n0, n1]), payload: payload.to_vec() })
    }
}
