//! The normal forms of Unicode, built from the crate's single-character functions.
//!
//! Its iterators (`nfc`, `nfkd`) pull in every table, which would double what text costs a phone to download.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

/// Canonical decomposition, marks in canonical order (NFD).
pub(super) fn decomposed(characters: impl Iterator<Item = char>) -> Vec<char> {
    let mut out = Vec::new();
    for c in characters {
        if c.is_ascii() {
            out.push(c);
        } else {
            decompose_canonical(c, |part| out.push(part));
        }
    }
    // Each run is one base and its marks; the base has class 0 and stays in front.
    for run in out.chunk_by_mut(|_, &next| class(next) != 0) {
        if run.len() > 2 || !run[0].is_ascii() {
            run.sort_by_key(|&c| class(c));
        }
    }
    out
}

/// Canonical composition (NFC).
pub(super) fn composed(characters: impl Iterator<Item = char> + Clone) -> String {
    // Nearly every text is composed already; asking is much cheaper than taking it apart.
    if characters.clone().all(is_composed_latin) {
        return characters.collect();
    }
    let mut out: Vec<char> = Vec::new();
    let mut base: Option<usize> = None;
    let mut last_class = 0;
    for c in decomposed(characters) {
        let class = class(c);
        if let Some(at) = base
            && (last_class < class || at + 1 == out.len())
            && let Some(whole) = compose(out[at], c)
        {
            out[at] = whole;
            continue;
        }
        if class == 0 {
            base = Some(out.len());
        }
        last_class = class;
        out.push(c);
    }
    out.into_iter().collect()
}

/// Letters of Western and Vietnamese text that stay as they are when no mark follows.
fn is_composed_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{1ea0}'..='\u{1ef9}')
}

/// Full-width forms, which Chinese and Japanese keyboards write, are the plain ones.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// Whether the character only modifies the one before it.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}') || class(c) != 0
}

fn class(c: char) -> u8 {
    if c.is_ascii() { 0 } else { canonical_combining_class(c) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn every_single_character_has_the_normal_forms_of_the_standard() {
        for c in '\0'..=char::MAX {
            assert!(decomposed([c].into_iter()).into_iter().eq([c].into_iter().nfd()), "{c:?}");
            assert!(composed([c].into_iter()).chars().eq([c].into_iter().nfc()), "{c:?}");
        }
    }

    fn letters_and_marks() -> impl Strategy<Value = String> {
        let marks = ('\u{300}'..='\u{30a}').chain('\u{31b}'..='\u{328}');
        let pool: Vec<char> = "aeouyôơưẫ가".chars().chain(['\u{11a8}']).chain(marks).collect();
        prop::collection::vec(prop::sample::select(pool), 0..20).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn any_text_has_the_normal_forms_of_the_standard(text in any::<String>(), marked in letters_and_marks()) {
            for text in [text, marked] {
                prop_assert!(decomposed(text.chars()).into_iter().eq(text.nfd()));
                prop_assert_eq!(composed(text.chars()), text.nfc().collect::<String>());
            }
        }
    }
}
