//! Bytes from one phone's screen to another's camera, as a series of QR codes that goes on until everything is there.
//!
//! The bytes are cut into blocks of one size. The first turn shows them one by one; from then on every frame is the XOR of
//! about half of all blocks, another half each time. So whatever was missed, each further frame that is read brings one
//! block more, and nobody waits a whole turn for a single code. The receiver solves the equations as they come in.
//!
//! A frame says which series it belongs to (the hash of the bytes), how long that is, and its own number; a checksum
//! guards it, and the hash guards the whole. The format is fixed: phones of different versions hand over to each other.

mod base45;
mod collector;
mod equations;
mod frame;
#[cfg(test)]
mod tests;

pub use collector::{Collector, Progress, Taken};

use frame::{Frame, Key};

/// Bytes of a block at most, as [`Grain::Fine`].
const BLOCK_MAX: usize = 336;

/// Blocks of the longest series: a minute and a half at six codes a second.
const BLOCKS_MAX: usize = 512;

/// How small the squares of the codes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// 534 characters, a code of version 12 at level L: its 65 squares a side are 4 pixels wide each on a narrow phone, which
    /// cheap cameras still tell apart. Less correction and fewer squares are read better than more of both (measured with
    /// `app/scanner/tests/camera.rs`).
    #[default]
    Fine,
    /// 279 characters, version 8, 49 squares a side: takes twice as long, for a camera that cannot read the others.
    Coarse,
}

impl Grain {
    fn block_max(self) -> usize {
        match self {
            Self::Fine => BLOCK_MAX,
            Self::Coarse => 166,
        }
    }

    /// What a series can carry; more goes by file.
    pub fn bytes_max(self) -> usize {
        self.block_max() * BLOCKS_MAX
    }
}

/// Why bytes cannot be shown as a series. Reads as a sentence for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSeries {
    #[error("Không có gì để chuyển.")]
    Empty,
    #[error("Nhiều quá, mã QR không chuyển hết được. Hãy chuyển bằng tệp.")]
    TooLong,
}

/// Bytes as a series of frames without an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    key: Key,
    /// All of one size: the last one is filled up with zeros.
    blocks: Vec<Vec<u8>>,
}

impl Series {
    /// Cuts the bytes into as few blocks as possible, and those evenly: the less there is, the coarser the codes.
    pub fn of(bytes: &[u8], grain: Grain) -> Result<Self, NoSeries> {
        if bytes.is_empty() {
            return Err(NoSeries::Empty);
        }
        if bytes.len() > grain.bytes_max() {
            return Err(NoSeries::TooLong);
        }
        let size = bytes.len().div_ceil(bytes.len().div_ceil(grain.block_max()));
        let block = |part: &[u8]| part.iter().copied().chain(std::iter::repeat(0)).take(size).collect();
        Ok(Self { key: Key::of(bytes, size), blocks: bytes.chunks(size).map(block).collect() })
    }

    /// Codes of the first turn; so many different ones bring everything, and seldom are more than two more needed.
    pub fn count(&self) -> usize {
        self.blocks.len()
    }

    /// The text of the `index`-th code to show, from 0 and without an end. Only letters of QR's alphanumeric mode.
    pub fn frame(&self, index: usize) -> String {
        let number = u16::try_from(index % (usize::from(u16::MAX) + 1)).unwrap_or_default();
        let mut payload = vec![0; self.key.block_size];
        for block in equations::Mask::of(number, self.count()).blocks() {
            equations::xor(&mut payload, &self.blocks[block]);
        }
        Frame { key: self.key, number, payload }.to_text()
    }
}
