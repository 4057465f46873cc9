//! The blocks of a series as unknowns, each frame an equation: the XOR of the blocks that its mask names.

/// Which blocks are in a frame, a bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask(Vec<u64>);

impl Mask {
    /// What the frame of this number holds. Part of the format: sender and receiver work it out by themselves.
    pub fn of(number: u16, blocks: usize) -> Self {
        let mut mask = Self(vec![0; blocks.div_ceil(64)]);
        let plain = usize::from(number);
        if plain < blocks {
            mask.set(plain);
            return mask;
        }
        let mut state = u64::from(number);
        for word in &mut mask.0 {
            *word = split_mix(&mut state);
        }
        if !blocks.is_multiple_of(64)
            && let Some(last) = mask.0.last_mut()
        {
            *last &= (1 << (blocks % 64)) - 1;
        }
        if mask.0.iter().all(|word| *word == 0) {
            mask.set(plain % blocks);
        }
        mask
    }

    pub fn has(&self, block: usize) -> bool {
        self.0[block / 64] >> (block % 64) & 1 == 1
    }

    fn set(&mut self, block: usize) {
        self.0[block / 64] |= 1 << (block % 64);
    }

    /// The blocks that it names, in order.
    pub fn blocks(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len() * 64).filter(|block| self.has(*block))
    }
}

/// `SplitMix64`, the next number.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut value = *state;
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

pub fn xor(target: &mut [u8], other: &[u8]) {
    for (byte, other) in target.iter_mut().zip(other) {
        *byte ^= other;
    }
}

/// What is known so far: by the first block that it names, an equation without the blocks before.
#[derive(Clone, Debug)]
pub struct Equations {
    rows: Vec<Option<(Mask, Vec<u8>)>>,
    known: usize,
}

impl Equations {
    pub fn new(blocks: usize) -> Self {
        Self { rows: vec![None; blocks], known: 0 }
    }

    /// Equations that tell something the others do not.
    pub fn known(&self) -> usize {
        self.known
    }

    pub fn is_enough(&self) -> bool {
        self.known == self.rows.len()
    }

    /// False when this tells nothing new.
    pub fn add(&mut self, mut mask: Mask, mut sum: Vec<u8>) -> bool {
        for (block, row) in self.rows.iter_mut().enumerate() {
            if !mask.has(block) {
                continue;
            }
            let Some((other_mask, other_sum)) = row else {
                *row = Some((mask, sum));
                self.known += 1;
                return true;
            };
            for (word, other) in mask.0.iter_mut().zip(&other_mask.0) {
                *word ^= other;
            }
            xor(&mut sum, other_sum);
        }
        false
    }

    /// All blocks one after another; `None` as long as something is missing.
    pub fn solve(mut self) -> Option<Vec<u8>> {
        // From the last block on: what an equation names besides its first block is then known.
        for block in (0..self.rows.len()).rev() {
            let (mask, mut sum) = self.rows[block].take()?;
            for (_, solved) in mask.blocks().skip(1).filter_map(|later| self.rows[later].as_ref()) {
                xor(&mut sum, solved);
            }
            self.rows[block] = Some((mask, sum));
        }
        Some(self.rows.into_iter().flatten().flat_map(|(_, block)| block).collect())
    }
}
