//! One Vietnamese letter taken apart: the letter with its hat, breve or horn, and its tone.

use unicode_normalization::char::{compose, decompose_canonical};

/// The five marked tones in dictionary order; the level tone (ngang) is the absence of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Huyen,
    Hoi,
    Nga,
    Sac,
    Nang,
}

impl Tone {
    pub(super) fn of(mark: char) -> Option<Self> {
        Some(match mark {
            '\u{300}' => Self::Huyen,
            '\u{309}' => Self::Hoi,
            '\u{303}' => Self::Nga,
            '\u{301}' => Self::Sac,
            '\u{323}' => Self::Nang,
            _ => return None,
        })
    }

    pub(super) fn mark(self) -> char {
        match self {
            Self::Huyen => '\u{300}',
            Self::Hoi => '\u{309}',
            Self::Nga => '\u{303}',
            Self::Sac => '\u{301}',
            Self::Nang => '\u{323}',
        }
    }
}

/// Splits a composed character into letter and tone. Only vowels carry a tone, so `ñ` stays whole.
pub(super) fn split(character: char) -> (char, Option<Tone>) {
    if character.is_ascii() {
        return (character, None);
    }
    let mut letter = None;
    let mut tone = None;
    let mut is_vowel = false;
    let mut is_whole = true;
    decompose_canonical(character, |part| match letter {
        None => {
            is_vowel = matches!(part.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
            letter = Some(part);
        }
        Some(base) => match (Tone::of(part), compose(base, part)) {
            (Some(found), _) if is_vowel => tone = Some(found),
            (_, Some(marked)) => letter = Some(marked),
            (_, None) => is_whole = false,
        },
    });
    match letter {
        Some(letter) if is_whole => (letter, tone),
        _ => (character, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_leaves_the_hat_the_breve_and_the_horn_in_place() {
        assert_eq!(split('ộ'), ('ô', Some(Tone::Nang)));
        assert_eq!(split('Ẵ'), ('Ă', Some(Tone::Nga)));
        assert_eq!(split('ừ'), ('ư', Some(Tone::Huyen)));
        assert_eq!(split('ý'), ('y', Some(Tone::Sac)));
        assert_eq!(split('đ'), ('đ', None));
        assert_eq!(split('ñ'), ('ñ', None));
        assert_eq!(split('ĕ'), ('ĕ', None));
    }
}
