//! Where the tone mark sits: `hoà` and `hòa` are one word in two schools of writing.

use super::letter::{Tone, split};
use super::normal::composed;

/// Endings that put the mark on the second vowel of `oa`, `oe`, `uy` in both schools.
const CODAS: [&str; 12] = ["c", "ch", "m", "n", "ng", "nh", "p", "t", "i", "y", "o", "u"];

struct Letter {
    written: char,
    base: char,
    lower: char,
    tone: Option<Tone>,
}

/// Moves the tone of `oa`, `oe`, `uy` to its one place (`hoà` → `hòa`, `thuỷ` → `thủy`, `hòan` → `hoàn`).
///
/// Nothing else changes: `quí` and `quý` stay two spellings, and names that are not Vietnamese syllables
/// keep their marks where they were.
pub fn normalise_tone(text: &str) -> String {
    let text = composed(text.chars());
    let mut out = String::with_capacity(text.len());
    let mut word: Vec<Letter> = Vec::new();
    let mut has_moved = false;
    for c in text.chars() {
        if c.is_alphabetic() {
            let (base, tone) = split(c);
            let lower = base.to_lowercase().next().unwrap_or(base);
            word.push(Letter { written: c, base, lower, tone });
        } else {
            has_moved |= flush(&mut word, &mut out);
            out.push(c);
        }
    }
    has_moved |= flush(&mut word, &mut out);
    if has_moved { composed(out.chars()) } else { out }
}

/// Whether the word was changed; its tone is then written as a separate mark.
fn flush(word: &mut Vec<Letter>, out: &mut String) -> bool {
    let has_moved = place_tone(word);
    for letter in word.drain(..) {
        if has_moved {
            out.push(letter.base);
            out.extend(letter.tone.map(Tone::mark));
        } else {
            out.push(letter.written);
        }
    }
    has_moved
}

fn place_tone(word: &mut [Letter]) -> bool {
    let Some(first) =
        word.windows(2).position(|pair| matches!((pair[0].lower, pair[1].lower), ('o', 'a' | 'e') | ('u', 'y')))
    else {
        return false;
    };
    let tail: String = word[first + 2..].iter().map(|letter| letter.lower).collect();
    let follows_q = first > 0 && word[first - 1].lower == 'q';
    let target = if tail.starts_with('ê') {
        first + 2
    } else if CODAS.contains(&tail.as_str()) || (tail.is_empty() && follows_q) {
        first + 1
    } else if tail.is_empty() {
        first
    } else {
        return false;
    };
    // Two marks in one syllable is no Vietnamese word; leave it to the person.
    let mut marked = (0..word.len()).filter(|&at| word[at].tone.is_some());
    match (marked.next(), marked.next()) {
        (Some(at), None) if at != target && (first..=first + 1).contains(&at) => {
            let tone = word[at].tone.take();
            word[target].tone = tone;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold;
    use super::*;

    #[test]
    fn both_schools_of_tone_placement_come_to_one_form() {
        for (new, old) in [
            ("hoà", "hòa"),
            ("khoẻ", "khỏe"),
            ("thuỷ", "thủy"),
            ("uỷ", "ủy"),
            ("Thuý", "Thúy"),
            ("HOÀ BÌNH", "HÒA BÌNH"),
            ("Nguyễn Thị Hoè", "Nguyễn Thị Hòe"),
        ] {
            assert_eq!(normalise_tone(new), old);
            assert_eq!(normalise_tone(old), old);
        }
    }

    #[test]
    fn closed_syllables_carry_the_mark_on_the_second_vowel() {
        assert_eq!(normalise_tone("hòan"), "hoàn");
        assert_eq!(normalise_tone("hoàn thoại huỳnh tuyết khuỷu"), "hoàn thoại huỳnh tuyết khuỷu");
        assert_eq!(normalise_tone("hùynh"), "huỳnh");
        assert_eq!(normalise_tone("tuýêt"), "tuyết");
    }

    #[test]
    fn the_u_after_q_belongs_to_the_consonant() {
        assert_eq!(normalise_tone("quý"), "quý");
        assert_eq!(normalise_tone("quí"), "quí");
        assert_eq!(normalise_tone("qúy"), "quý");
        assert_eq!(normalise_tone("quà"), "quà");
    }

    #[test]
    fn names_that_are_not_vietnamese_syllables_are_left_alone() {
        for name in ["Néang", "Y Blưi", "Rơ Châm H'Bía", "Đoàn", "Ksor Blóah"] {
            assert_eq!(normalise_tone(name), name);
        }
    }

    proptest! {
        #[test]
        fn placing_the_tone_twice_is_placing_it_once(text in "[a-zà-ỹđ ]{0,20}") {
            let once = normalise_tone(&text);
            prop_assert_eq!(normalise_tone(&once), once);
        }

        #[test]
        fn placing_the_tone_never_changes_the_letters(text in any::<String>()) {
            prop_assert_eq!(fold(&normalise_tone(&text)), fold(&text));
        }
    }
}
