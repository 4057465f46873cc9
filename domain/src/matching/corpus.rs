//! A made commune and a made list of holders with the mess of real ones (domain facts 4.3), each row labelled with whom it
//! means: so that "certain" and "doubtful" can be measured. Invented people only.

mod damage;
mod people;

use super::{Found, Index, Traits};

/// Chance that falls the same way every time (`SplitMix64`).
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap_or(0)
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add_unsigned(self.roll() % (high.abs_diff(low) + 1))
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

/// A row of a made list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub traits: Traits,
    /// The position of the resident who is meant; `None` for somebody who does not live here.
    pub truth: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Corpus {
    pub residents: Vec<Traits>,
    pub rows: Vec<Row>,
}

/// A commune of `residents` people and a list with `rows` rows of them and of strangers.
pub fn made(residents: usize, rows: usize, seed: u64) -> Corpus {
    let mut dice = Dice(seed);
    let residents = people::commune(residents, &mut dice);
    let rows = (0..rows).map(|_| damage::row(&residents, &mut dice)).collect();
    Corpus { residents, rows }
}

/// What became of the rows of a corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    pub rows: usize,
    /// Rows that mean somebody of the commune.
    pub meant: usize,
    pub certain: usize,
    pub certain_right: usize,
    pub doubtful: usize,
    /// With the one who is meant among the candidates.
    pub doubtful_right: usize,
    pub candidates: usize,
}

impl Measured {
    /// Of the matches that nobody looks at, the share that is right.
    pub fn certain_precision(&self) -> f64 {
        share(self.certain_right, self.certain)
    }

    /// Of those who are meant, the share found without anybody looking.
    pub fn certain_recall(&self) -> f64 {
        share(self.certain_right, self.meant)
    }

    /// Of all rows with an answer, certain or to be looked at, the share with the right one in it.
    pub fn offered_precision(&self) -> f64 {
        share(self.certain_right + self.doubtful_right, self.certain + self.doubtful)
    }

    /// Of those who are meant, the share found or offered.
    pub fn offered_recall(&self) -> f64 {
        share(self.certain_right + self.doubtful_right, self.meant)
    }
}

#[expect(clippy::cast_precision_loss, reason = "some ten thousand rows")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Precision and recall on the corpus of a commune of 18,000 with a list of 20,000.
pub fn measure() -> Measured {
    measure_on(&made(18_000, 20_000, 1))
}

pub fn measure_on(corpus: &Corpus) -> Measured {
    let index = Index::new(corpus.residents.iter().enumerate());
    let mut measured = Measured { rows: corpus.rows.len(), ..Measured::default() };
    for row in &corpus.rows {
        measured.meant += usize::from(row.truth.is_some());
        match index.find(&row.traits) {
            Found::Certain(found) => {
                measured.certain += 1;
                measured.certain_right += usize::from(row.truth == Some(found.key));
            }
            Found::Doubtful(found) => {
                measured.doubtful += 1;
                measured.candidates += found.len();
                measured.doubtful_right += usize::from(found.iter().any(|candidate| row.truth == Some(candidate.key)));
            }
            Found::Nobody => {}
        }
    }
    measured
}
