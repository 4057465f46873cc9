//! Sorting: people by given name in dictionary order, house numbers and groups as people count them.
//!
//! A key is a string of weights that compares byte by byte, so that sorting needs no locale data.

use super::fold::{fold, is_word};
use super::letter::{Tone, split};
use super::normal::{composed, is_mark, narrow};

/// Dictionary order. The letters of the highland languages stand behind the letter they are made from.
const ALPHABET: &str = "aăâbƀcčdđeĕêfghiĭjklmnñoŏôơpqrstuŭưvwxyz";
/// Ends a level of comparison; lower than every weight, so that a shorter text comes first.
const LEVEL: char = '\u{1}';
const SPACE: char = '\u{2}';
const NUMBER: char = '\u{3}';
const FIRST_LETTER: u8 = 0x30;
/// Behind every letter: 12, 12A, then into the alley 12/1.
const SLASH: char = '\u{7e}';
/// Behind everything: what has no number is visited last.
const BLANK: char = char::MAX;
/// What people write before a house number.
const HOUSE_WORDS: [&str; 3] = ["so", "nha", "sn"];

/// The place of a person in a list: given name, then family name, then the names between.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(Box<str>);

/// The place of a house number or a group in a list: `2` < `7A` < `10` < `12/3` < `12/5`; a blank one comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NaturalKey(Box<str>);

/// The sort key of a full name. Within each part letters come before tones; capitals and marks' placement do not count.
pub fn name_key(name: &str) -> NameKey {
    let name = composed(name.chars());
    // "Nguyễn Văn An (đi làm xa)": the remark is not the given name.
    let name = match name.split_once('(') {
        Some((before, _)) if before.chars().any(is_word) => before,
        _ => &name,
    };
    let mut tokens: Vec<&str> = name.split_whitespace().filter(|token| token.chars().any(is_word)).collect();
    let given = tokens.pop();
    let (family, middle) = tokens.split_at(usize::from(!tokens.is_empty()));
    let mut key = String::with_capacity(name.len() + 12);
    for part in [given.as_slice(), family, middle] {
        let mut weights = Weights::default();
        for token in part {
            weights.end_word();
            token.chars().for_each(|c| weights.push_letter(c));
        }
        weights.write_to(&mut key);
    }
    NameKey(key.into())
}

/// The sort key of a house number, an alley, a group ("Tổ 2" < "Tổ 10").
pub fn natural_key(text: &str) -> NaturalKey {
    let text = composed(text.chars().map(narrow));
    let text = without_house_words(&text);
    let mut weights = Weights::default();
    let mut characters = text.chars().peekable();
    // What stood before a gap: "12 A" is "12A", but "5 6" is not "56".
    let mut before_gap: Option<char> = None;
    let mut last: Option<char> = None;
    while let Some(c) = characters.next() {
        if c.is_ascii_digit() {
            if before_gap.take().is_some_and(|c| c.is_ascii_digit()) {
                weights.letters.push(SPACE);
            }
            let mut digits = String::from(c);
            while let Some(digit) = characters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            weights.push_number(&digits);
        } else if c == '/' {
            before_gap = None;
            weights.letters.push(SLASH);
        } else if is_word(c) || is_mark(c) {
            if before_gap.take().is_some_and(char::is_alphabetic) {
                weights.end_word();
            }
            weights.push_letter(c);
        } else {
            before_gap = before_gap.or(last);
        }
        last = Some(c);
    }
    if weights.letters.is_empty() {
        return NaturalKey(String::from(BLANK).into());
    }
    let mut key = String::with_capacity(text.len() + 8);
    weights.write_to(&mut key);
    NaturalKey(key.into())
}

/// "Số nhà 12" and "12" are the same house.
fn without_house_words(text: &str) -> &str {
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else {
        return text;
    };
    let (words, number) = text.split_at(at);
    if fold(words).split(' ').all(|word| word.is_empty() || HOUSE_WORDS.contains(&word)) { number } else { text }
}

/// Two levels of one text: its letters, and the tone of each of its words.
#[derive(Default)]
struct Weights {
    letters: String,
    tones: String,
    has_tone: bool,
}

impl Weights {
    fn push_letter(&mut self, c: char) {
        if let Some(tone) = Tone::of(c) {
            self.push_tone(tone);
        } else if is_mark(c) {
            self.tones.push(c);
        } else if is_word(c) {
            let (letter, tone) = split(c);
            self.letters.extend(letter.to_lowercase().map(letter_weight));
            if let Some(tone) = tone {
                self.push_tone(tone);
            }
        }
    }

    /// A number weighs by its length, then by its digits; zeros in front say nothing.
    fn push_number(&mut self, digits: &str) {
        let digits = digits.trim_start_matches('0');
        let length = u8::try_from(digits.len()).unwrap_or(u8::MAX);
        self.letters.push(NUMBER);
        self.letters.push(char::from(length));
        self.letters.push_str(digits);
    }

    /// One tone a word wherever it was written, so that `hoà` and `hòa` are one place in the list.
    fn push_tone(&mut self, tone: Tone) {
        self.has_tone = true;
        self.tones.push(match tone {
            Tone::Huyen => '\u{12}',
            Tone::Hoi => '\u{13}',
            Tone::Nga => '\u{14}',
            Tone::Sac => '\u{15}',
            Tone::Nang => '\u{16}',
        });
    }

    fn end_word(&mut self) {
        if self.letters.is_empty() {
            return;
        }
        self.letters.push(SPACE);
        self.end_tones();
    }

    fn end_tones(&mut self) {
        if !std::mem::take(&mut self.has_tone) {
            self.tones.push('\u{11}');
        }
        self.tones.push(SPACE);
    }

    fn write_to(mut self, key: &mut String) {
        self.end_tones();
        key.push_str(&self.letters);
        key.push(LEVEL);
        key.push_str(&self.tones);
        key.push(LEVEL);
    }
}

fn letter_weight(letter: char) -> char {
    let letter = if letter == 'ð' { 'đ' } else { letter };
    if letter.is_ascii_digit() {
        return char::from(letter as u8 - b'0' + 0x20);
    }
    let place = ALPHABET.chars().position(|known| known == letter).and_then(|place| u8::try_from(place).ok());
    place.map_or(letter, |place| char::from(FIRST_LETTER + place))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn assert_ascending<K: Ord>(texts: &[&str], key: impl Fn(&str) -> K) {
        for pair in texts.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn people_are_listed_by_given_name_then_family_name_then_middle_name() {
        assert_ascending(
            &[
                "Trần Thị An",
                "Bùi Văn Ân",
                "Lê Văn Bình",
                "Nguyễn Thị Bình",
                "Nguyễn Văn Bình",
                "Lê Dung",
                "Lê Đức",
                "Nguyễn Đức",
            ],
            name_key,
        );
    }

    #[test]
    fn letters_follow_the_alphabet_and_tones_follow_the_letters() {
        assert_ascending(&["an", "ăn", "ân", "ba", "da", "đa", "en", "ên", "on", "ôn", "ơn", "un", "ưn"], name_key);
        assert_ascending(&["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Man"], name_key);
        assert_ascending(&["Hòa", "Hoan"], name_key);
        assert_ascending(&["Trần Thị Hoa", "Bùi Thị Hòa"], name_key);
    }

    #[test]
    fn one_word_names_and_highland_names_have_their_place() {
        assert_ascending(&["An", "Y An", "Y Blưi", "A Thuih"], name_key);
        assert_ascending(&["A Hen", "A Hĕn", "A Hên"], name_key);
    }

    #[test]
    fn spelling_of_the_same_name_does_not_move_it() {
        assert_eq!(name_key("NGUYỄN  THỊ HOÀ"), name_key("Nguyễn Thị Hòa"));
        assert_eq!(name_key("Ðặng Văn An"), name_key("Đặng Văn An"));
        assert_eq!(name_key("Lê An (đi làm xa)"), name_key("Lê An"));
    }

    #[test]
    fn house_numbers_are_listed_as_people_count_them() {
        assert_ascending(&["2", "7A", "7B", "10", "12", "12A", "12/3", "12/5", "12/10", "100", ""], natural_key);
        assert_ascending(&["Thôn Dài", "Thôn Đầm", "Tổ 2", "Tổ 10"], natural_key);
        assert_eq!(natural_key("Số nhà 12"), natural_key("12"));
        assert_eq!(natural_key("Tổ 07"), natural_key("tổ 7"));
        assert_eq!(natural_key("12 a"), natural_key("12A"));
        assert!(natural_key("5 6") < natural_key("56"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_key_and_composition_does_not_matter(text in any::<String>()) {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(name_key(&text), name_key(&decomposed));
            prop_assert_eq!(natural_key(&text), natural_key(&decomposed));
        }

        #[test]
        fn numbers_sort_by_value(a in any::<u32>(), b in any::<u32>()) {
            let key = |n: u32| natural_key(&format!("Tổ {n}"));
            prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
        }

        #[test]
        fn the_given_name_decides_before_the_family_name(
            family in "(Nguyễn|Trần|Y|A|Néang)", other in "(Nguyễn|Trần|Y|A|Néang)",
            given in "(An|Ân|Bình|Đức|Dung|Hoà|Lệ|Lê)", late in "(An|Ân|Bình|Đức|Dung|Hoà|Lệ|Lê)",
        ) {
            let full = name_key(&format!("{family} {given}")).cmp(&name_key(&format!("{other} {late}")));
            let expected = name_key(&given).cmp(&name_key(&late)).then(name_key(&family).cmp(&name_key(&other)));
            prop_assert_eq!(full, expected);
        }
    }
}
