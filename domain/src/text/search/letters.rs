//! Which letters a person's words have at all: one comparison spares the scan most of the register.

/// One bit for each letter that occurs, and one for each that a word begins with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letters {
    all: u64,
    first: u64,
}

impl Letters {
    /// Of folded text.
    pub(super) fn of(folded: &str) -> Self {
        let mut letters = Self::default();
        let mut starts_word = true;
        for c in folded.chars() {
            if c == ' ' {
                starts_word = true;
                continue;
            }
            letters.all |= bit(c);
            if std::mem::take(&mut starts_word) {
                letters.first |= bit(c);
            }
        }
        letters
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { all: self.all | other.all, first: self.first | other.first }
    }

    /// False only when no word, no run of words and no initials of these can answer the typed ones.
    pub(super) fn may_be_word_of(self, words: Self) -> bool {
        self.first & !words.first == 0 && self.all & !words.all == 0
    }
}

fn bit(c: char) -> u64 {
    1 << match c {
        'y' => b'i' - b'a', // Lý is also Lí.
        'a'..='z' => c as u8 - b'a',
        '0'..='9' => c as u8 - b'0' + 26,
        _ => 63,
    }
}
