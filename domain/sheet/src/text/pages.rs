//! The code pages that lists were saved in.

/// 0x80 to 0x9f in Windows-1252; places without a character keep their number, so that no byte is lost.
const FROM_80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Western European.
pub(super) fn windows_1252(bytes: &[u8]) -> String {
    decoded(bytes, of_1252)
}

/// Vietnamese: tones are characters of their own, behind the vowel.
pub(super) fn windows_1258(bytes: &[u8]) -> String {
    decoded(bytes, |byte| match byte {
        0xc3 => 'Ă',
        0xcc => '\u{300}',
        0xd0 => 'Đ',
        0xd2 => '\u{309}',
        0xd5 => 'Ơ',
        0xdd => 'Ư',
        0xde => '\u{303}',
        0xe3 => 'ă',
        0xec => '\u{301}',
        0xf0 => 'đ',
        0xf2 => '\u{323}',
        0xf5 => 'ơ',
        0xfd => 'ư',
        0xfe => '₫',
        byte => of_1252(byte),
    })
}

fn of_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => FROM_80[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

/// Takes exactly the memory that the text needs.
fn decoded(bytes: &[u8], character: impl Fn(u8) -> char) -> String {
    let length = bytes.iter().map(|byte| character(*byte).len_utf8()).sum();
    let mut text = String::with_capacity(length);
    text.extend(bytes.iter().map(|byte| character(*byte)));
    text
}
