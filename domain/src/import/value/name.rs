//! A name cell taken apart: the name itself, the honorific before it, the words beside it.

use crate::people::Gone;
use crate::text::{clean, normalise_tone, title_case};

/// What a name cell holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Name {
    /// In title case; empty when the cell has no name.
    pub full: String,
    /// "(chết)", "(chuyển đi)".
    pub gone: Option<Gone>,
    /// Other words in brackets.
    pub beside: Vec<String>,
    pub has_honorific: bool,
}

pub(in super::super) fn name(text: &str) -> Name {
    let mut result = Name::default();
    let mut rest = Vec::new();
    let mut plain = outside_brackets(text, &mut rest);
    if let Some((name, suffix)) = plain.split_once(" - ").or_else(|| plain.split_once(" – ")) {
        rest.push(suffix.to_owned());
        plain = name.to_owned();
    }
    for words in rest {
        let words = clean(&words);
        match gone(&words) {
            Some(gone) => result.gone = Some(gone),
            None if words.chars().any(char::is_alphanumeric) => result.beside.push(words),
            None => {}
        }
    }
    let plain = plain.trim_start_matches(|c: char| !c.is_alphabetic());
    let plain = plain.trim_end_matches([' ', '.', ',', ';', ':', '*', '-', '–', '+', '/']);
    let bare = without_honorific(plain);
    result.has_honorific = bare.len() != plain.len();
    result.full = title_case(&clean(bare));
    result
}

/// Whether names of Vietnam are written with this character: not `µ`, `ø`, `?`, which old fonts and lost code pages leave.
pub(in super::super) fn is_of_a_name(c: char) -> bool {
    const MARKED: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
    // Highland languages; the breve on ơ and ư has no letter of its own.
    const HIGHLAND: &str = "ĕŏĭŭƀčñ\u{306}";
    const SIGNS: &str = " .,-–/'’ʼ";
    let lower = c.to_lowercase().next().unwrap_or(c);
    lower.is_ascii_lowercase() || MARKED.contains(lower) || HIGHLAND.contains(lower) || SIGNS.contains(c)
}

/// Whether a remark says, and says nothing else than, that the person has died or moved away. "Chồng đã mất" in a
/// widow's row must not.
pub(in super::super) fn gone(words: &str) -> Option<Gone> {
    const DECEASED: [&str; 13] = [
        "chết",
        "đã chết",
        "mất",
        "đã mất",
        "qua đời",
        "đã qua đời",
        "từ trần",
        "đã từ trần",
        "chet",
        "da chet",
        "da mat",
        "qua doi",
        "da qua doi",
    ];
    const MOVED: [&str; 14] = [
        "chuyển đi",
        "đã chuyển đi",
        "đã chuyển",
        "chuyển khẩu",
        "đã chuyển khẩu",
        "cắt khẩu",
        "đã cắt khẩu",
        "chuyển nơi khác",
        "chuyển hộ khẩu",
        "đã chuyển hộ khẩu",
        "chuyển đi nơi khác",
        "đã chuyển đi nơi khác",
        "chuyen di",
        "da chuyen di",
    ];
    // "mất năm 2019", "đã mất 03/2021".
    let lower = clean(words).to_lowercase();
    let kept: Vec<&str> = lower
        .split([' ', '.', ',', ';', ':', '/', '-', '(', ')'])
        .filter(|word| !word.is_empty() && *word != "năm" && !word.chars().all(|c| c.is_ascii_digit()))
        .collect();
    let said = kept.join(" ");
    let is_one_of = |phrases: &[&str]| phrases.iter().any(|phrase| normalise_tone(phrase) == normalise_tone(&said));
    if is_one_of(&DECEASED) {
        Some(Gone::Deceased)
    } else if is_one_of(&MOVED) {
        Some(Gone::MovedAway)
    } else {
        None
    }
}

/// The text without bracketed parts, which go to `beside`. A bracket that never closes reaches to the end.
fn outside_brackets(text: &str, beside: &mut Vec<String>) -> String {
    let mut outside = String::with_capacity(text.len());
    let mut inside: Option<String> = None;
    for c in text.chars() {
        match (c, &mut inside) {
            ('(' | '[' | '{', None) => inside = Some(String::new()),
            (')' | ']' | '}', Some(words)) => {
                beside.push(std::mem::take(words));
                inside = None;
                outside.push(' ');
            }
            (_, Some(words)) => words.push(c),
            (_, None) => outside.push(c),
        }
    }
    beside.extend(inside);
    clean(&outside)
}

/// Drops "Ông", "Bà", "Cụ", "Ông/Bà", "Ô." where a name of two words or more follows. "Bà Năm" is what the neighbours say,
/// and in "Ông Văn Tùng" Ông is the family name.
fn without_honorific(name: &str) -> &str {
    let Some((first, rest)) = name.split_once([' ', '.', ':']) else {
        return name;
    };
    let first = first.to_lowercase();
    let is_letter = matches!(first.as_str(), "ô" | "b" | "c") && name[first.len()..].starts_with('.');
    if !is_letter && !matches!(first.as_str(), "ông" | "bà" | "cụ" | "ông/bà" | "ông/ bà") {
        return name;
    }
    let rest = rest.trim_start_matches([' ', '.', ':']);
    let second = rest.split(' ').next().unwrap_or_default().to_lowercase();
    let is_family_name = matches!(second.as_str(), "văn" | "thị") || !rest.contains(' ');
    if is_family_name { name } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honorifics_go_and_family_names_stay() {
        for (cell, expected) in [
            ("Ông Nguyễn Văn An", "Nguyễn Văn An"),
            ("BÀ LÒ THỊ Y", "Lò Thị Y"),
            ("Ô. Ma Văn Tú", "Ma Văn Tú"),
            ("Ông/Bà: Triệu Thị Mùi", "Triệu Thị Mùi"),
            ("Ông Văn Tùng", "Ông Văn Tùng"),
            ("Bà Năm", "Bà Năm"),
            ("A Thuih", "A Thuih"),
            ("Y", "Y"),
            ("1. nguyễn  văn an,", "Nguyễn Văn An"),
        ] {
            assert_eq!(name(cell).full, expected, "{cell}");
        }
    }

    #[test]
    fn words_beside_the_name_are_understood_or_kept_for_a_person() {
        assert_eq!(name("Lê Văn Tám (chết)").gone, Some(Gone::Deceased));
        assert_eq!(name("Lê Văn Tám (đã MẤT năm 2019)").gone, Some(Gone::Deceased));
        assert_eq!(name("Lê Văn Tám - chuyển đi").gone, Some(Gone::MovedAway));
        let absent = name("LÊ VĂN TÁM (đi làm xa");
        assert_eq!(
            (absent.full.as_str(), absent.gone, absent.beside),
            ("Lê Văn Tám", None, vec!["đi làm xa".to_owned()])
        );
        assert_eq!(gone("chồng đã mất"), None);
        assert_eq!(gone("mật"), None);
    }
}
