//! What was typed, and how well one person answers it.

use super::super::fold::{fold, fold_keeping_marks};
use super::super::letter::split;
use super::super::phone::Phone;
use super::letters::Letters;
use super::{Rank, Row, close_slashes};

/// More words than any name has; the rest of a pasted text is not searched.
const TERMS_MAX: usize = 16;
/// The words of a name fit the bits of `Used`.
const WORDS_MAX: usize = 32;
/// Fewer last digits would find half the commune.
const PHONE_TAIL_MIN: usize = 3;
/// What people type before a house number although the list leaves it out.
const HOUSE_WORDS: [&str; 3] = ["so", "nha", "sn"];

/// Which words of a name are already taken by a term, one bit each.
type Used = u32;

pub(super) struct Query {
    fold: String,
    /// Longest first: the choosiest term takes its word before a shorter one can.
    terms: Vec<Term>,
    /// All digits, when nothing else was typed: a phone number written in groups.
    digits: Option<String>,
    has_number: bool,
}

struct Term {
    fold: String,
    letters: Letters,
    /// Only if it was typed with marks.
    marked: Option<String>,
    has_digit: bool,
    is_number: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Match {
    pub rank: Rank,
    /// As typed, marks included.
    is_close: bool,
}

impl Match {
    /// Lower is better. Words typed with their marks stand before every other answer.
    pub(super) fn cost(self) -> u8 {
        let rank = self.rank as u8;
        match self.rank {
            Rank::WholeName | Rank::GivenName | Rank::NameToken if self.is_close => rank,
            _ => 3 + 2 * rank + u8::from(!self.is_close),
        }
    }
}

impl Query {
    pub(super) fn new(text: &str) -> Option<Self> {
        let whole = close_slashes(fold(text));
        let marked = close_slashes(fold_keeping_marks(text));
        let mut terms: Vec<Term> = whole
            .split(' ')
            .zip(marked.split(' '))
            .take(TERMS_MAX)
            .filter_map(|(fold, marked)| Term::new(fold, marked))
            .collect();
        if terms.is_empty() {
            return None;
        }
        terms.sort_by_key(|term| std::cmp::Reverse(term.fold.len()));
        let digits = terms.iter().all(|term| term.is_number).then(|| match Phone::parse(text) {
            Ok(phone) => phone.into(),
            Err(_) => whole.chars().filter(char::is_ascii_digit).collect(),
        });
        let has_number = terms.iter().any(|term| term.has_digit);
        Some(Self { fold: whole, terms, digits, has_number })
    }

    /// `words` is scratch space, lent so that a scan allocates nothing for each person.
    pub(super) fn matches<'r>(&self, row: &'r Row, words: &mut Vec<&'r str>) -> Option<Match> {
        words.clear();
        let by_terms = self.match_terms(row, words);
        let by_phone = self
            .digits
            .as_deref()
            .filter(|digits| is_phone_of(row, digits))
            .map(|digits| Match { rank: Rank::Phone, is_close: row.phone.ends_with(digits) });
        by_terms.into_iter().chain(by_phone).min_by_key(|found| found.cost())
    }

    /// Every term has to be found, each at its own word of the name.
    fn match_terms<'r>(&self, row: &'r Row, words: &mut Vec<&'r str>) -> Option<Match> {
        let mut used: Used = 0;
        let mut worst = Match { rank: Rank::WholeName, is_close: true };
        let mut has_given_name = false;
        for term in &self.terms {
            let may_be_word = term.letters.may_be_word_of(row.letters);
            let found = may_be_word
                .then(|| self.match_words(term, row, words, &mut used))
                .flatten()
                .or_else(|| term.as_house_word(self.has_number))
                .or_else(|| term.as_number(row))
                .or_else(|| may_be_word.then(|| term.in_head(row)).flatten())?;
            has_given_name |= found.rank == Rank::GivenName;
            worst.rank = worst.rank.max(found.rank);
            worst.is_close &= found.is_close;
        }
        if self.fold == *row.name {
            worst.rank = Rank::WholeName;
        } else if has_given_name && worst.rank <= Rank::NameToken {
            worst.rank = Rank::GivenName;
        }
        Some(worst)
    }

    fn match_words<'r>(&self, term: &Term, row: &'r Row, words: &mut Vec<&'r str>, used: &mut Used) -> Option<Match> {
        if words.is_empty() {
            words.extend(row.name.split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX));
        }
        term.in_name(row, words, used)
            .or_else(|| term.as_initials(row, words, used, self.terms.len() == 1))
            .or_else(|| self.has_number.then(|| term.in_house(row)).flatten())
    }
}

impl Term {
    fn new(fold: &str, marked: &str) -> Option<Self> {
        // A slash alone says nothing.
        fold.chars().any(char::is_alphanumeric).then(|| Self {
            fold: fold.to_owned(),
            letters: Letters::of(fold),
            marked: (fold != marked).then(|| marked.to_owned()),
            has_digit: fold.chars().any(|c| c.is_ascii_digit()),
            is_number: fold.chars().all(|c| c.is_ascii_digit()),
        })
    }

    /// A word of the name, the beginning of one, or several written together ("ducanh").
    fn in_name(&self, row: &Row, words: &[&str], used: &mut Used) -> Option<Match> {
        let mut best: Option<(Match, Used)> = None;
        for at in (0..words.len()).filter(|at| *used & (1 << at) == 0) {
            let Some((rank, taken)) = self.at_word(words, at, *used) else {
                continue;
            };
            let found = Match { rank, is_close: self.is_close(row, words, at, rank) };
            if best.is_none_or(|(known, _)| found.cost() < known.cost()) {
                best = Some((found, taken));
            }
        }
        let (found, taken) = best?;
        *used |= taken;
        Some(found)
    }

    fn at_word(&self, words: &[&str], at: usize, used: Used) -> Option<(Rank, Used)> {
        let mut left = self.fold.as_str();
        let mut taken: Used = 0;
        for (word_at, word) in words.iter().enumerate().skip(at) {
            if used & (1 << word_at) != 0 {
                return None;
            }
            taken |= 1 << word_at;
            if word_at == at && is_same_name(left, word) {
                let is_given = word_at + 1 == words.len();
                return Some((if is_given { Rank::GivenName } else { Rank::NameToken }, taken));
            }
            if word.starts_with(left) {
                return Some((Rank::NamePrefix, taken));
            }
            left = left.strip_prefix(word)?;
        }
        None
    }

    fn is_close(&self, row: &Row, words: &[&str], at: usize, rank: Rank) -> bool {
        match &self.marked {
            // An unmarked word is content with any marks, not with another letter (Vy for Vi).
            None => rank == Rank::NamePrefix || words[at] == self.fold,
            Some(marked) => {
                row.marked.split(' ').nth(at).is_some_and(|word| {
                    word == marked || (rank == Rank::NamePrefix && word.starts_with(marked.as_str()))
                })
            }
        }
    }

    /// "nva", "nvđ"; beside other terms also a part of them ("nv đức").
    fn as_initials(&self, row: &Row, words: &[&str], used: &mut Used, is_alone: bool) -> Option<Match> {
        let count = self.fold.chars().count();
        if count < 2 || count > words.len() {
            return None;
        }
        let last_start = if is_alone { 0 } else { words.len() - count };
        let start = (0..=last_start).find(|&start| {
            let mut run = words.iter().enumerate().skip(start).zip(self.fold.chars());
            run.all(|((at, word), letter)| *used & (1 << at) == 0 && word.starts_with(letter))
        })?;
        for at in start..start + count {
            *used |= 1 << at;
        }
        let has_these_marks = self.marked.as_ref().is_none_or(|marked| {
            let names = row.marked.split(' ').skip(start);
            names.zip(marked.chars()).all(|(word, typed)| {
                let first = word.chars().next().map(|c| split(c).0);
                typed.is_ascii() || first == Some(split(typed).0)
            })
        });
        Some(Match { rank: Rank::Initials, is_close: has_these_marks && count == words.len() })
    }

    /// Only asked when something with a digit was typed, or "ngo" would find everyone who lives in an alley.
    fn in_house(&self, row: &Row) -> Option<Match> {
        let parts = row.house.split(' ').filter(|part| part.starts_with(self.fold.as_str()));
        let is_close = parts.map(|part| part == self.fold).max()?;
        Some(Match { rank: Rank::HouseNumber, is_close })
    }

    fn as_house_word(&self, has_number: bool) -> Option<Match> {
        let is_house_word = has_number && HOUSE_WORDS.contains(&self.fold.as_str());
        is_house_word.then_some(Match { rank: Rank::HouseNumber, is_close: true })
    }

    fn as_number(&self, row: &Row) -> Option<Match> {
        let rank = if !self.is_number {
            return None;
        } else if is_phone_of(row, &self.fold) {
            Rank::Phone
        } else if row.birth_year.is_some() && self.fold.len() == 4 && self.fold.parse().ok() == row.birth_year {
            Rank::BirthYear
        } else {
            return None;
        };
        Some(Match { rank, is_close: true })
    }

    fn in_head(&self, row: &Row) -> Option<Match> {
        let mut words = row.head.split(' ');
        let is_found = words.any(|word| word.starts_with(self.fold.as_str()));
        is_found.then_some(Match { rank: Rank::HouseholdHead, is_close: false })
    }
}

/// The last digits, or the first ones of a number that is being typed whole.
fn is_phone_of(row: &Row, digits: &str) -> bool {
    digits.len() >= PHONE_TAIL_MIN
        && (row.phone.ends_with(digits) || (digits.len() > PHONE_TAIL_MIN && row.phone.starts_with(digits)))
}

/// Equal, or one of the names that are spelled with i or y: Lý/Lí, Mỹ/Mĩ, Quý/Quí. Not Mai and May.
fn is_same_name(typed: &str, word: &str) -> bool {
    if typed == word {
        return true;
    }
    let without_i_or_y = |text| str::strip_suffix(text, ['i', 'y']);
    match (without_i_or_y(typed), without_i_or_y(word)) {
        (Some(typed), Some(word)) if typed == word => {
            typed.ends_with("qu") || typed.ends_with(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y'))
        }
        _ => false,
    }
}
