//! How Vietnamese syllables are built, to tell a text in the right encoding from one in the wrong.

use unicode_normalization::UnicodeNormalization;

const INITIALS: [&str; 28] = [
    "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];
/// Vowels that a consonant may follow.
const CLOSED: [&str; 23] = [
    "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "iê", "yê", "uô", "ươ", "oa", "oă", "oe", "uâ", "uê",
    "uy", "uyê",
];
/// Vowels that end a syllable.
const OPEN: [&str; 32] = [
    "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "ia", "iu", "iêu", "oai", "oao", "oay", "oeo", "oi", "ôi", "ơi",
    "ua", "uây", "ui", "uôi", "uơ", "uya", "uyu", "ưa", "ưi", "ươi", "ươu", "ưu", "yêu", "uêu",
];
const FINALS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// Whether a word is built like a Vietnamese syllable. Its tones may be separate characters.
pub(super) fn is_syllable(word: &str) -> bool {
    if word.len() > 32 {
        return false;
    }
    let is_tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
    let apart: Vec<char> = word.nfd().flat_map(char::to_lowercase).collect();
    if apart.iter().filter(|c| is_tone(c)).count() > 1 {
        return false;
    }
    let toneless: String = apart.into_iter().filter(|c| !is_tone(c)).nfc().collect();
    INITIALS.iter().filter_map(|initial| toneless.strip_prefix(initial)).any(is_rhyme)
}

fn is_rhyme(rest: &str) -> bool {
    let closed = |vowel: &&str| rest.strip_prefix(vowel).is_some_and(|end| FINALS.contains(&end));
    OPEN.contains(&rest) || CLOSED.iter().any(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_what_a_wrong_encoding_makes_of_them() {
        for word in ["Nguyễn", "Đặng", "ƯỚC", "quế", "Thuỷ", "thủy", "nghiêng", "Mỷ", "giếng", "khuya", "Ê"]
        {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["NguyÔn", "Vaên", "TrÇn", "Traàn", "Th\u{323}", "café", "Ñ", "§øc", "Nguyá»…n"] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
