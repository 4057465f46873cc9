//! The short code of a line on paper, "12-KM": its number in the list and two letters that tell a mistyped number.

use std::fmt;
use std::str::FromStr;

/// No vowels and no `d`, `w`, `f`, `j`, `z`: a Vietnamese keyboard leaves these letters as they are typed.
const LETTERS: &[u8; 15] = b"BCGHKLMNPQRSTVX";
/// A prime below 15 × 15. One wrong digit and two swapped ones change a number by what no prime of this size divides, so
/// they always give other letters; any other mistake does in 222 of 223 cases.
const MODULUS: u64 = 223;

/// Which line of which handout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCode {
    /// From 1.
    pub line: u32,
    letters: [u8; 2],
}

/// What was typed for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    #[error("Gõ mã dòng như in trên phiếu, ví dụ 12-KM.")]
    NotACode,
    #[error("Mã dòng này không khớp với phiếu. Xem lại số dòng, hai chữ cái và số phiếu.")]
    WrongLetters,
    #[error("Phiếu này không có dòng đó. Xem lại số dòng và số phiếu.")]
    NoSuchLine,
}

impl LineCode {
    pub fn of(handout: u64, line: u32) -> Self {
        let number = (u64::from(line) * 37 + handout % MODULUS * 101) % MODULUS;
        let letter = |index: u64| LETTERS[usize::try_from(index).unwrap_or(0) % LETTERS.len()];
        Self { line, letters: [letter(number / 15), letter(number % 15)] }
    }

    /// The line of a handout with so many of them that somebody means by `typed`: with or without the dash, in capitals
    /// or not.
    pub fn read(typed: &str, handout: u64, lines: usize) -> Result<u32, BadCode> {
        let code: Self = typed.parse()?;
        if code != Self::of(handout, code.line) {
            return Err(BadCode::WrongLetters);
        }
        let is_there = code.line > 0 && usize::try_from(code.line).is_ok_and(|line| line <= lines);
        if is_there { Ok(code.line) } else { Err(BadCode::NoSuchLine) }
    }
}

impl fmt::Display for LineCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.letters.map(char::from);
        write!(formatter, "{}-{first}{second}", self.line)
    }
}

impl FromStr for LineCode {
    type Err = BadCode;

    fn from_str(typed: &str) -> Result<Self, BadCode> {
        let plain: String = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
        let plain = plain.to_ascii_uppercase();
        let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
        let (number, letters) = plain.split_at(digits);
        let letters: [u8; 2] = letters.as_bytes().try_into().map_err(|_| BadCode::NotACode)?;
        if !letters.iter().all(u8::is_ascii_uppercase) {
            return Err(BadCode::NotACode);
        }
        Ok(Self { line: number.parse().map_err(|_| BadCode::NotACode)?, letters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = LineCode::of(27, 12).to_string();
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', ""), format!(" {} ", code.replace('-', " "))]
        {
            assert_eq!(LineCode::read(&typed, 27, 200), Ok(12), "{typed}");
        }
        for bad in ["", "12", "KM", "12-K", "12-KMN", "-12", "12-1M", "99999999999-KM", "12-Đẵ"] {
            assert_eq!(LineCode::read(bad, 27, 200), Err(BadCode::NotACode), "{bad}");
        }
        assert_eq!(LineCode::read(&code, 27, 11), Err(BadCode::NoSuchLine));
        assert_eq!(LineCode::read(&LineCode::of(27, 0).to_string(), 27, 11), Err(BadCode::NoSuchLine));
    }

    /// Every number that differs from this one in one digit, or by two neighbours swapped.
    fn mistyped(number: u32) -> Vec<u32> {
        let digits: Vec<u8> = number.to_string().into_bytes();
        let mut wrong = Vec::new();
        for place in 0..digits.len() {
            for digit in b'0'..=b'9' {
                let mut other = digits.clone();
                other[place] = digit;
                wrong.push(other);
            }
            if place > 0 {
                let mut other = digits.clone();
                other.swap(place - 1, place);
                wrong.push(other);
            }
        }
        let read = |digits: Vec<u8>| String::from_utf8(digits).expect("digits").parse::<u32>().expect("a number");
        wrong.into_iter().map(read).filter(|other| *other != number).collect()
    }

    #[test]
    fn one_wrong_digit_and_two_swapped_ones_are_always_noticed() {
        for number in 1..2_000 {
            for other in mistyped(number) {
                assert_ne!(LineCode::of(27, number).letters, LineCode::of(27, other).letters, "{number} as {other}");
                let (right, wrong) = (LineCode::of(number.into(), 12), LineCode::of(other.into(), 12));
                assert_ne!(right.letters, wrong.letters, "handout {number} as {other}");
            }
        }
    }

    #[test]
    fn the_lines_of_one_paper_have_letters_of_their_own() {
        let all: std::collections::BTreeSet<_> = (1..=223).map(|line| LineCode::of(5, line).letters).collect();
        assert_eq!(all.len(), 223);
    }
}
