//! Vietnamese telephone numbers as people write them, brought to one form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::fold::{clean, fold};
use super::normal::narrow;

/// Prefixes of the 11-digit numbers that the operators shortened in 2018, without the leading zero.
const SHORTENED: [(&str, &str); 21] = [
    ("120", "70"),
    ("121", "79"),
    ("122", "77"),
    ("126", "76"),
    ("128", "78"),
    ("123", "83"),
    ("124", "84"),
    ("125", "85"),
    ("127", "81"),
    ("129", "82"),
    ("162", "32"),
    ("163", "33"),
    ("164", "34"),
    ("165", "35"),
    ("166", "36"),
    ("167", "37"),
    ("168", "38"),
    ("169", "39"),
    ("186", "56"),
    ("188", "58"),
    ("199", "59"),
];

/// Words that may stand before a number in a cell, folded.
const LABELS: [&str; 12] = ["dt", "sdt", "dd", "dtdd", "tel", "so", "dien", "thoai", "di", "dong", "zalo", "lh"];

/// A number of one phone in Viet Nam: `0912345678`, or 10–11 digits from `02` for a landline.
///
/// `Display` is for reading (`0912 345 678`); [`Phone::as_str`] is for keeping, comparing and calling.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PhoneError {
    #[error("Chưa có số điện thoại")]
    Empty,
    #[error("Số điện thoại chỉ gồm chữ số")]
    NotDigits,
    #[error("Số điện thoại còn thiếu chữ số, hiện có {digits} chữ số")]
    TooShort { digits: usize },
    #[error("Số điện thoại thừa chữ số, hiện có {digits} chữ số")]
    TooLong { digits: usize },
    #[error("Không có đầu số {prefix}, cần hỏi lại số điện thoại")]
    UnknownPrefix { prefix: String },
    #[error("Đây là số điện thoại nước ngoài")]
    Foreign,
    #[error("Số điện thoại đã bị bảng tính làm tròn, cần xem lại danh sách gốc")]
    Rounded,
}

/// What one cell of a list holds: the numbers that were understood, and the words that were not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneCell {
    /// In the order written, each once.
    pub phones: Vec<Phone>,
    /// What is left for a person to look at; empty when everything was understood.
    pub rest: String,
}

impl Phone {
    /// Understands `+84`, `84`, a lost leading zero, dots, spaces and the prefixes from before 2018.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = readable(text);
        let number = without_label(&text)?;
        let (digits, is_international) = digits(number)?;
        national(&digits, is_international).map(Self)
    }

    /// Reads a cell with several numbers or with words around them.
    pub fn parse_all(cell: &str) -> PhoneCell {
        let text = readable(cell);
        if let Ok(phone) = Self::parse(&text) {
            return PhoneCell { phones: vec![phone], rest: String::new() };
        }
        let mut result = PhoneCell::default();
        let mut rest: Vec<&str> = Vec::new();
        let mut done = 0;
        let groups = digit_groups(&text);
        let mut at = 0;
        while at < groups.len() {
            let Some((phone, last)) = longest_phone(&text, &groups, at) else {
                at += 1;
                continue;
            };
            rest.push(&text[done..groups[at].0]);
            done = groups[last].1;
            if !result.phones.contains(&phone) {
                result.phones.push(phone);
            }
            at = last + 1;
        }
        rest.push(&text[done..]);
        let rest: Vec<&str> = rest.into_iter().map(trim_separators).filter(|words| says_something(words)).collect();
        result.rest = rest.join(" ");
        result
    }

    /// The canonical digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last `n` digits, or all of them when there are fewer.
    pub fn tail(&self, n: usize) -> &str {
        self.0.get(self.0.len().saturating_sub(n)..).unwrap_or(&self.0)
    }

    /// For lists that others may look at: `•••• 678`.
    pub fn masked(&self) -> String {
        format!("•••• {}", self.tail(3))
    }

    pub fn is_landline(&self) -> bool {
        self.0.starts_with("02")
    }

    /// The lengths of the first two groups when the number is read out.
    fn grouping(&self) -> (usize, usize) {
        if self.0.len() == 10 {
            (4, 3)
        } else if self.0.starts_with("024") || self.0.starts_with("028") {
            (3, 4) // Hà Nội and Thành phố Hồ Chí Minh have the short area codes.
        } else {
            (4, 3)
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.grouping();
        let (area, local) = self.0.split_at(first);
        let (middle, last) = local.split_at(second);
        write!(f, "{area} {middle} {last}")
    }
}

/// Masked, so that no log line carries a whole number.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

fn readable(text: &str) -> String {
    clean(&text.chars().map(narrow).collect::<String>())
}

/// Drops "ĐT:", "SĐT", "Zalo"; any other word before the number means something and is refused.
fn without_label(text: &str) -> Result<&str, PhoneError> {
    let Some(start) = text.find(|c: char| c.is_ascii_digit() || c == '+') else {
        return Err(if text.chars().any(char::is_alphabetic) { PhoneError::NotDigits } else { PhoneError::Empty });
    };
    let (label, number) = text.split_at(start);
    if fold(label).split([' ', '/']).all(|word| word.is_empty() || LABELS.contains(&word)) {
        Ok(number)
    } else {
        Err(PhoneError::NotDigits)
    }
}

/// The digits, and whether a `+` stood before them.
fn digits(number: &str) -> Result<(String, bool), PhoneError> {
    let (number, is_international) = number.strip_prefix('+').map_or((number, false), |rest| (rest, true));
    if let Some((mantissa, exponent)) = number.split_once(['e', 'E']) {
        return unrounded(mantissa, exponent).map(|digits| (digits, false));
    }
    // A cell that a spreadsheet kept as a number.
    if let Some(whole) = number.strip_suffix(".0")
        && whole.chars().all(|c| c.is_ascii_digit())
    {
        return Ok((whole.to_owned(), is_international));
    }
    let mut digits = String::with_capacity(number.len());
    for c in number.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '.' | ',' | '-' | '–' | '_' | '(' | ')' | '/' | '\'' => {}
            _ => return Err(PhoneError::NotDigits),
        }
    }
    if digits.is_empty() { Err(PhoneError::Empty) } else { Ok((digits, is_international)) }
}

/// `3.87912345E+08` still holds every digit; `3,87E+08` has lost some for good.
fn unrounded(mantissa: &str, exponent: &str) -> Result<String, PhoneError> {
    let exponent: usize = exponent.trim_start_matches('+').parse().map_err(|_| PhoneError::NotDigits)?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let are_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.len() != 1 || !are_digits(whole) || !are_digits(fraction) {
        return Err(PhoneError::NotDigits);
    }
    if fraction.len() != exponent {
        return Err(PhoneError::Rounded);
    }
    Ok(format!("{whole}{fraction}"))
}

/// Country code and trunk zero off, old prefix replaced, zero on.
fn national(digits: &str, is_international: bool) -> Result<String, PhoneError> {
    let local = if is_international {
        digits.strip_prefix("84").ok_or(PhoneError::Foreign)?
    } else if let Some(abroad) = digits.strip_prefix("00").filter(|abroad| abroad.len() > 8) {
        abroad.strip_prefix("84").ok_or(PhoneError::Foreign)?
    } else if digits.len() >= 11 {
        // Shorter ones that begin with 84 are 084… without its zero.
        digits.strip_prefix("84").unwrap_or(digits)
    } else {
        digits
    };
    let number = local.strip_prefix('0').unwrap_or(local);
    let written = digits.len();
    match (number.len(), number.as_bytes().first()) {
        (9, Some(b'3' | b'5' | b'7' | b'8' | b'9')) | (9 | 10, Some(b'2')) => Ok(format!("0{number}")),
        (10, Some(b'1')) => SHORTENED
            .iter()
            .find_map(|(old, new)| number.strip_prefix(old).map(|rest| format!("0{new}{rest}")))
            .ok_or_else(|| unknown_prefix(number)),
        (..9, _) => Err(PhoneError::TooShort { digits: written }),
        (9, _) => Err(unknown_prefix(number)),
        _ => Err(PhoneError::TooLong { digits: written }),
    }
}

fn unknown_prefix(number: &str) -> PhoneError {
    PhoneError::UnknownPrefix { prefix: format!("0{}", number.get(..2).unwrap_or(number)) }
}

/// Byte ranges of the runs of digits, each with the `+` before it.
fn digit_groups(text: &str) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut plus = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            match groups.last_mut() {
                Some((_, end)) if *end == at => *end = at + 1,
                _ => groups.push((plus.unwrap_or(at), at + 1)),
            }
        }
        plus = (c == '+').then_some(at);
    }
    groups
}

/// The phone number that starts at this group and takes in the most groups after it.
fn longest_phone(text: &str, groups: &[(usize, usize)], first: usize) -> Option<(Phone, usize)> {
    const GROUPS_MAX: usize = 6; // "+84 91 23 45 67 8"
    let joins = |gap: &str| gap.chars().all(|c| matches!(c, ' ' | '.' | '-' | '–' | '(' | ')'));
    let reach = (first + 1..groups.len().min(first + GROUPS_MAX))
        .take_while(|&next| joins(&text[groups[next - 1].1..groups[next].0]))
        .last()
        .unwrap_or(first);
    (first..=reach).rev().find_map(|last| {
        let phone = Phone::parse(&text[groups[first].0..groups[last].1]).ok()?;
        Some((phone, last))
    })
}

fn trim_separators(words: &str) -> &str {
    words.trim_matches(|c: char| matches!(c, ' ' | '/' | ';' | ',' | '.' | '-' | '–' | '|' | '&' | '+' | ':'))
}

fn says_something(words: &str) -> bool {
    let folded = fold(words);
    folded.chars().any(char::is_alphanumeric)
        && !folded.split(' ').all(|word| matches!(word, "hoac" | "va") || LABELS.contains(&word))
}

#[cfg(test)]
mod tests;
