//! The two forms of a text: `clean` for keeping and showing, `fold` for finding and comparing.

use super::normal::{composed, decomposed, is_mark, narrow};
use super::tone::normalise_tone;

/// What search compares: no marks, no case, no punctuation but `/`, one space between words.
///
/// `Đặng  Thuý` and `ÐẶNG THÚY` both give `dang thuy`. Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    let letters = decomposed(text.chars().map(narrow)).into_iter().filter(|&c| !is_mark(c)).map(|c| match c {
        'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' => 'd',
        'ƀ' | 'Ƀ' => 'b', // Ba Na, Gia Rai; few keyboards have it
        other => other,
    });
    squeeze(letters)
}

/// `fold` with the marks left on, the tone in its one place: tells `Lê` from `Lệ` when the query has marks.
pub(crate) fn fold_keeping_marks(text: &str) -> String {
    normalise_tone(&squeeze(composed(text.chars().map(narrow).map(real_d)).chars()))
}

/// The form that is stored: composed (NFC), a real `Đ`, plain single spaces, nothing invisible.
pub fn clean(text: &str) -> String {
    let visible = text.chars().filter(|&c| !is_invisible(c)).map(real_d);
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in composed(visible).chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Lowercases, keeps letters, digits, their marks and `/`, and turns everything else into single spaces.
fn squeeze(characters: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in characters.filter(|&c| !is_invisible(c)) {
        if is_mark(c) {
            if !gap && !out.is_empty() {
                out.push(c);
            }
        } else if is_word(c) || c == '/' {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

/// Letters and digits. The apostrophes among the modifier letters (`Hʼ Lan`) count as punctuation.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{2b0}'..='\u{2ff}')
}

/// Old code pages give the Icelandic letter, which looks the same and compares as different.
fn real_d(c: char) -> char {
    match c {
        'Ð' | 'Ɖ' => 'Đ',
        'ð' | 'ɖ' => 'đ',
        other => other,
    }
}

fn is_invisible(c: char) -> bool {
    let is_format = matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    );
    is_format || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn marks_case_and_tone_placement_do_not_matter_to_the_fold() {
        for text in ["hoà", "hòa", "Hoa", "HOẢ", "ho\u{300}a"] {
            assert_eq!(fold(text), "hoa");
        }
        assert_eq!(fold("Đặng"), "dang");
        assert_eq!(fold("Ðặng"), "dang");
        assert_eq!(fold("ðặng"), "dang");
        assert_eq!(fold("  NGUYỄN\u{a0}\tVĂN  Đức. "), "nguyen van duc");
    }

    #[test]
    fn names_of_the_highlands_and_of_the_khmer_fold_to_plain_letters() {
        assert_eq!(fold("A Thuih"), "a thuih");
        assert_eq!(fold("Y Blưi"), "y blui");
        assert_eq!(fold("Kơ Pă Ĕban Rŏ Hĭ Bŭ ƀơ\u{306}"), "ko pa eban ro hi bu bo");
        assert_eq!(fold("Néang Sóc Kha"), "neang soc kha");
        assert_eq!(fold("H’Lan"), fold("H'Lan"));
        assert_eq!(fold("HʼLan"), fold("H'Lan"));
    }

    #[test]
    fn the_alley_slash_survives_and_other_punctuation_does_not() {
        assert_eq!(fold("Số 12/3, ngõ-5 (sau chợ)"), "so 12/3 ngo 5 sau cho");
        assert_eq!(fold("１２／３"), "12/3");
        assert_eq!(fold("…"), "");
    }

    #[test]
    fn every_single_character_folds_to_something_stable() {
        for c in '\0'..=char::MAX {
            let once = fold(&String::from(c));
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn cleaning_composes_and_removes_what_cannot_be_seen() {
        assert_eq!(clean("  Nguye\u{302}\u{303}n\u{a0}\u{200b}Ða\u{323}\tT\u{feff}úy\r\n"), "Nguyễn Đạ Túy");
        assert_eq!(clean("sô\u{301}"), "số");
        assert_eq!(clean("a\u{0}b\u{7}"), "ab");
        assert_eq!(clean(" \u{200b} "), "");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn cleaning_twice_is_cleaning_once(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn composed_and_decomposed_text_fold_alike(text in any::<String>()) {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn cleaning_does_not_change_the_fold(text in "[A-Za-zÀ-ỹĐđÐ0-9/ \u{a0}\u{200b}\t.,'-]{0,40}") {
            prop_assert_eq!(fold(&clean(&text)), fold(&text));
        }

        #[test]
        fn the_fold_with_marks_differs_from_the_fold_by_marks_only(text in "[A-Za-zÀ-ỹĐđÐ0-9/ .,'-]{0,40}") {
            prop_assert_eq!(fold(&fold_keeping_marks(&text)), fold(&text));
        }
    }
}
