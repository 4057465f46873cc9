//! UTF-8 whose bytes were shown one by one: `Nguyá»…n VÄƒn`.

use super::western::byte;

/// Whether the bytes are UTF-8 with a letter of more than one byte: chance and other fonts never make that.
pub(super) fn is_certain(text: &str) -> bool {
    decode(text).is_some_and(|(_, whole)| whole > 0)
}

pub(super) fn convert(text: &str) -> Option<String> {
    decode(text).map(|(text, _)| text)
}

/// The text, and how many of its letters were whole sequences.
fn decode(text: &str) -> Option<(String, usize)> {
    let bytes: Vec<u8> = text.chars().map(byte).collect::<Option<_>>()?;
    let mut out = String::with_capacity(bytes.len());
    let mut whole = 0;
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        let length = match lead {
            0..=0x7f => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => return None,
        };
        let sequence = bytes.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match (sequence, lead, bytes.get(at + 1)) {
            (Some(sequence), ..) => {
                whole += usize::from(length > 1);
                out.push_str(sequence);
                at += length;
            }
            // The second byte of à is the no-break space, which programs turn into a plain one or trim away.
            (None, 0xc3, Some(b' ')) => {
                out.push('à');
                let joins_a_word = bytes.get(at + 2).is_some_and(u8::is_ascii_lowercase);
                at += if joins_a_word { 2 } else { 1 };
            }
            (None, 0xc3, None) => {
                out.push('à');
                at += 1;
            }
            // The second byte of Đ shows as nothing, and is lost.
            (None, 0xc4, Some(next)) if next.is_ascii_alphabetic() || *next >= 0xc2 => {
                out.push('Đ');
                at += 1;
            }
            _ => return None,
        }
    }
    Some((out, whole))
}
