//! The receiver: takes whatever the camera reads, in any order, until a series is whole.

use super::equations::{Equations, Mask};
use super::frame::{Frame, Key};

/// So many frames of one other series in a row, and none of ours between them, mean that the other phone shows something
/// else now: then that series begins. Fewer are a neighbour's screen or a stale picture, and change nothing.
const OTHERS_IN_A_ROW: u32 = 4;

/// How far a series has come, in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub received: usize,
    pub count: usize,
}

/// What a text that was read has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// No frame, or a damaged one.
    Foreign,
    /// Nothing new: known already, or of another series.
    Nothing,
    /// One block more.
    More,
    /// The other phone shows another series, and its first block is here.
    OtherSeries,
    /// Everything. The collector is empty again.
    Whole(Vec<u8>),
    /// Everything, but it is not what was sent: some frame lied. The collector is empty again.
    Spoilt,
}

#[derive(Clone, Debug, Default)]
pub struct Collector {
    current: Option<(Key, Equations)>,
    /// Another series, and how many of its frames came in a row.
    other: Option<(Key, u32)>,
}

impl Collector {
    pub fn new() -> Self {
        Self::default()
    }

    /// `None` before the first frame.
    pub fn progress(&self) -> Option<Progress> {
        self.current.as_ref().map(|(key, known)| Progress { received: known.known(), count: key.blocks() })
    }

    /// Takes the text of a code. Hostile texts cost no more than others.
    pub fn take(&mut self, text: &str) -> Taken {
        let Some(Frame { key, number, payload }) = Frame::of_text(text) else { return Taken::Foreign };
        let is_other = self.current.as_ref().is_some_and(|(current, _)| *current != key);
        if is_other && !self.is_followed_up(key) {
            return Taken::Nothing;
        }
        self.other = None;
        let current = self.current.take().filter(|_| !is_other);
        let (_, mut known) = current.unwrap_or_else(|| (key, Equations::new(key.blocks())));
        let is_new = known.add(Mask::of(number, key.blocks()), payload);
        if known.is_enough() {
            let whole = known.solve().map(|mut bytes| {
                bytes.truncate(key.len);
                bytes
            });
            return whole.filter(|bytes| key.is_of(bytes)).map_or(Taken::Spoilt, Taken::Whole);
        }
        self.current = Some((key, known));
        match (is_other, is_new) {
            (true, _) => Taken::OtherSeries,
            (false, true) => Taken::More,
            (false, false) => Taken::Nothing,
        }
    }

    /// Counts a frame of another series; true when that is to begin.
    fn is_followed_up(&mut self, key: Key) -> bool {
        let before = self.other.filter(|(other, _)| *other == key).map_or(0, |(_, times)| times);
        self.other = Some((key, before + 1));
        before + 1 >= OTHERS_IN_A_ROW
    }
}
