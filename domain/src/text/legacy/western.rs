//! The code page Windows-1252, by which old bytes are shown.

use super::CodePage;

/// What bytes 0x80–0x9f show; those without a sign show as control characters.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Where Windows-1258 differs from it.
const VIETNAMESE: [(char, u8); 14] = [
    ('\u{300}', 0xcc),
    ('\u{301}', 0xec),
    ('\u{303}', 0xde),
    ('\u{309}', 0xd2),
    ('\u{323}', 0xf2),
    ('Ă', 0xc3),
    ('Đ', 0xd0),
    ('Ơ', 0xd5),
    ('Ư', 0xdd),
    ('ă', 0xe3),
    ('đ', 0xf0),
    ('ơ', 0xf5),
    ('ư', 0xfd),
    ('₫', 0xfe),
];

/// The text as Windows-1252 shows its bytes; `None` when a character has no byte.
pub(super) fn shown(text: &str, page: CodePage) -> Option<String> {
    text.chars().map(|c| if is_western(c) { Some(c) } else { alias(c, page) }).collect()
}

fn alias(c: char, page: CodePage) -> Option<char> {
    let found = VIETNAMESE.iter().find(|(letter, _)| *letter == c).filter(|_| page == CodePage::Vietnamese);
    found.map(|(_, byte)| char::from(*byte))
}

fn is_western(c: char) -> bool {
    byte(c).is_some()
}

/// The byte of a shown character. Control characters of ISO 8859-1 are their own bytes.
pub(super) fn byte(c: char) -> Option<u8> {
    let upper = UPPER.iter().zip(0x80_u8..).find(|(shown, _)| **shown == c).map(|(_, byte)| byte);
    upper.or_else(|| u8::try_from(u32::from(c)).ok())
}
