//! How alike two names are.

use super::Reason;
use crate::text::{fold, fold_keeping_marks};

/// A name in the forms that are compared.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// With marks, in one case and one school of tone placement.
    marked: String,
    /// Without marks, `y` as `i`, in words.
    words: Vec<String>,
    has_marks: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    NoMarks,
    OtherMarks,
    OneLetter,
    OtherOrder,
    Shortened,
}

impl Likeness {
    /// Nothing contradicts: the same but for marks that were lost.
    pub fn is_full(self) -> bool {
        matches!(self, Likeness::Same | Likeness::NoMarks)
    }

    pub fn reason(self) -> Reason {
        match self {
            Likeness::Same => Reason::SameName,
            Likeness::NoMarks => Reason::NoMarks,
            Likeness::OtherMarks => Reason::OtherMarks,
            Likeness::OneLetter => Reason::OneLetter,
            Likeness::OtherOrder => Reason::OtherOrder,
            Likeness::Shortened => Reason::Shortened,
        }
    }
}

/// Lý and Lí, Kỳ and Kì, Mỹ and Mĩ are one name; the marks stay.
fn plain_y(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'y' => 'i',
            'ý' => 'í',
            'ỳ' => 'ì',
            'ỷ' => 'ỉ',
            'ỹ' => 'ĩ',
            'ỵ' => 'ị',
            other => other,
        })
        .collect()
}

impl Name {
    pub fn of(written: &str) -> Self {
        let marked = plain_y(&fold_keeping_marks(written));
        let folded = plain_y(&fold(written));
        Self { has_marks: marked != folded, words: folded.split_whitespace().map(str::to_owned).collect(), marked }
    }

    /// The word that people are called by.
    pub fn given(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// All but the given name.
    pub fn before_given(&self) -> &[String] {
        self.words.split_last().map_or(&[], |(_, rest)| rest)
    }

    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// `None`: two names.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.words.is_empty() || other.words.is_empty() {
            return None;
        }
        if self.words == other.words {
            return Some(match self.marked == other.marked {
                true => Likeness::Same,
                false if self.has_marks && other.has_marks => Likeness::OtherMarks,
                false => Likeness::NoMarks,
            });
        }
        if is_one_letter_off(&self.words, &other.words) {
            return Some(Likeness::OneLetter);
        }
        if has_same_words(&self.words, &other.words) {
            return Some(Likeness::OtherOrder);
        }
        let (long, short) = if self.words.len() >= other.words.len() {
            (&self.words, &other.words)
        } else {
            (&other.words, &self.words)
        };
        is_shortened(long, short).then_some(Likeness::Shortened)
    }
}

fn has_same_words(left: &[String], right: &[String]) -> bool {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    left.len() == right.len() && sorted(left) == sorted(right)
}

/// The given name is whole, the family name is there at least by its first letter, and what is between is left out or
/// abbreviated: "Nguyễn Nam", "Ng. V. Nam", "Ng V Nam".
fn is_shortened(long: &[String], short: &[String]) -> bool {
    let (Some((given, long)), Some((same, short))) = (long.split_last(), short.split_last()) else { return false };
    // One word alone is anybody's.
    if given != same || short.is_empty() {
        return false;
    }
    let starts = |whole: &String, part: &String| whole.starts_with(part.as_str()) || part.starts_with(whole.as_str());
    let mut rest = long.iter();
    let Some(family) = rest.next() else { return false };
    starts(family, &short[0]) && short[1..].iter().all(|part| rest.any(|whole| starts(whole, part)))
}

/// One letter added, left out, wrong, or two neighbours swapped, in one word; or a space lost or gained.
fn is_one_letter_off(left: &[String], right: &[String]) -> bool {
    if left.len() != right.len() {
        return left.len().abs_diff(right.len()) == 1 && left.concat() == right.concat();
    }
    let mut others = left.iter().zip(right).filter(|(left, right)| left != right);
    match (others.next(), others.next()) {
        // One letter as a whole word, "A Thuih" and "Y Thuih", is man and woman.
        (Some((left, right)), None) => left.chars().count().max(right.chars().count()) > 1 && is_one_edit(left, right),
        _ => false,
    }
}

fn is_one_edit(left: &str, right: &str) -> bool {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let start = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    match (&left[..left.len() - end], &right[..right.len() - end]) {
        ([] | [_], [_]) | ([_], []) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
