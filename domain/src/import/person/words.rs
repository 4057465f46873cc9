//! How words of a list are written when they are kept.

use crate::text::{fold, title_case};

const TEXT_CHARS_MAX: usize = 200;

pub(in super::super) fn is_head(relation: &str) -> bool {
    matches!(fold(relation).as_str(), "chu ho" | "ch" | "la chu ho" | "chu gia dinh")
}

pub(in super::super) fn shortened(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// "5" under "Tổ" → "Tổ 5"; "Tổ 5" stays.
pub(super) fn with_word(heading: &str, text: &str) -> String {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{} {text}", title_case_first(heading)).trim_start().to_owned()
    } else {
        text.to_owned()
    }
}

/// "TỔ DÂN PHỐ" → "Tổ dân phố".
fn title_case_first(words: &str) -> String {
    let is_all_capitals = words.chars().count() > 3 && !words.chars().any(char::is_lowercase);
    if is_all_capitals || words.chars().count() <= 2 { sentence_case(words) } else { words.to_owned() }
}

/// "CHỦ HỘ", "chủ hộ" → "Chủ hộ".
pub(super) fn sentence_case(words: &str) -> String {
    let lower = words.to_lowercase();
    match lower.split_once(' ') {
        Some((first, rest)) => format!("{} {rest}", title_case(first)),
        None => title_case(&lower),
    }
}
