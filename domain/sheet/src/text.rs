//! Bytes into text, for the formats that do not say which encoding they are in.

mod pages;
mod syllable;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::SheetError;
use syllable::is_syllable;

/// How much of the beginning of a file is looked at to tell what it is.
const HEAD: usize = 8 << 10;
/// How much of a text is looked at to tell its encoding.
const SAMPLE: usize = 256 << 10;

/// What a text is, by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    Xml2003,
    FlatOds,
    Html,
    Plain,
}

/// What the file is when it is one of the usual things that are no sheets.
pub(crate) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 10] = [
        (b"%PDF", "tệp PDF"),
        (b"\x89PNG", "hình ảnh"),
        (b"\xff\xd8\xff", "hình ảnh"),
        (b"GIF8", "hình ảnh"),
        (b"{\\rtf", "văn bản"),
        (b"Rar!", "tệp nén"),
        (b"7z\xbc\xaf", "tệp nén"),
        (b"\x1f\x8b", "tệp nén"),
        (b"MIME-Version:", "trang web lưu thành một tệp"),
        (b"SQLite format", "cơ sở dữ liệu"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

pub(crate) fn looks(text: &str) -> Looks {
    let text = text.trim_start();
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text[..end].to_ascii_lowercase();
    let has = |words: &str| head.contains(words);
    if head.starts_with("<?xml") && has("urn:schemas-microsoft-com:office:spreadsheet") && !has("<html") {
        Looks::Xml2003
    } else if head.starts_with("<?xml") && has("<office:document") {
        Looks::FlatOds
    } else if head.starts_with('<') || (has("<table") && has("<tr")) {
        Looks::Html
    } else {
        Looks::Plain
    }
}

/// The text of a file. A text that is not in Unicode is in Windows-1258 if that makes Vietnamese syllables of it; else in
/// Windows-1252, which keeps the bytes of the old Vietnamese fonts as [`domain`] knows them.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    if let Some(bytes) = bytes.strip_prefix(b"\xff\xfe") {
        return Ok(Cow::Owned(utf16(bytes, u16::from_le_bytes)));
    }
    if let Some(bytes) = bytes.strip_prefix(b"\xfe\xff") {
        return Ok(Cow::Owned(utf16(bytes, u16::from_be_bytes)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return bare_utf16(bytes).map(Cow::Owned).ok_or(SheetError::NotASheet);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if is_binary(sample) {
        return Err(SheetError::NotASheet);
    }
    if is_damaged_utf8(sample) {
        return Ok(String::from_utf8_lossy(bytes));
    }
    let is_1258 = says_1258(sample) || is_vietnamese(&pages::windows_1258(sample));
    Ok(Cow::Owned(if is_1258 { windows_1258(bytes) } else { pages::windows_1252(bytes) }))
}

/// Bytes of a code page with this number, as XLS files name it.
pub(crate) fn of_page(bytes: &[u8], page: u16) -> String {
    if page == 1258 { windows_1258(bytes) } else { pages::windows_1252(bytes) }
}

fn windows_1258(bytes: &[u8]) -> String {
    pages::windows_1258(bytes).nfc().collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let characters = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
    characters.filter(|character| *character != '\0').collect()
}

/// UTF-16 that does not say so: every other byte of its spaces, digits and separators is 0.
fn bare_utf16(bytes: &[u8]) -> Option<String> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = sample.len() / 8;
    match (even, odd) {
        (0, odd) if odd > many => Some(utf16(bytes, u16::from_le_bytes)),
        (even, 0) if even > many => Some(utf16(bytes, u16::from_be_bytes)),
        _ => None,
    }
}

/// Control characters are not typed.
fn is_binary(sample: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a);
    sample.iter().filter(is_control).count() > sample.len() / 100
}

/// Mostly UTF-8, with some bytes that were cut or mixed in.
fn is_damaged_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 20
}

fn says_1258(sample: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&sample[..sample.len().min(HEAD)]).to_ascii_lowercase();
    head.contains("charset=windows-1258") || head.contains("charset=\"windows-1258")
}

/// Whether half of the words with letters beyond ASCII are Vietnamese syllables.
fn is_vietnamese(text: &str) -> bool {
    let words = text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic()).filter(|word| !word.is_ascii());
    let (mut good, mut all) = (0, 0);
    for word in words {
        all += 1;
        good += usize::from(is_syllable(word));
    }
    good > 0 && good * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "Họ và tên;Nguyễn Thị Mỷ;Đặng Văn Ước;Lường Thị Quế";

    /// A text in Windows-1258, as a Vietnamese Windows saves it: the tone is a character of its own.
    fn in_1258(text: &str) -> Vec<u8> {
        let tone = |c: char| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(c);
        let mut bytes = Vec::new();
        for c in text.chars() {
            let mut marks: Vec<char> = c.nfd().collect();
            let tones: Vec<char> = marks.extract_if(.., |c| tone(*c)).collect();
            for c in marks.into_iter().nfc().chain(tones) {
                let byte = (0..=255).find(|byte| pages::windows_1258(&[*byte]).starts_with(c));
                bytes.push(byte.expect("in the page"));
            }
        }
        bytes
    }

    #[test]
    fn unicode_is_read_with_and_without_a_mark_at_the_start() {
        let le: Vec<u8> = NAMES.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = NAMES.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let files = [
            NAMES.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", NAMES.as_bytes()),
            marked(b"\xff\xfe", &le),
            marked(b"\xfe\xff", &be),
            le,
            be,
        ];
        for file in files {
            assert_eq!(decode(&file).as_deref(), Ok(NAMES));
        }
    }

    #[test]
    fn windows_1258_becomes_composed_vietnamese() {
        assert_eq!(decode(&in_1258(NAMES)).as_deref(), Ok(NAMES));
    }

    #[test]
    fn bytes_of_old_fonts_stay_what_a_spreadsheet_shows() {
        for shown in ["Nguyeãn Vaên Baûy;Traàn Thò Ñöùc;Leâ", "NguyÔn V¨n B¶y;TrÇn ThÞ §øc;Lª"] {
            let bytes: Vec<u8> = shown.chars().map(|c| u8::try_from(u32::from(c)).expect("one byte")).collect();
            assert_eq!(decode(&bytes).as_deref(), Ok(shown));
        }
    }

    #[test]
    fn a_byte_that_was_cut_does_not_spoil_the_rest() {
        let mut bytes = NAMES.repeat(5).into_bytes();
        bytes.push(0xe1);
        let text = decode(&bytes).expect("text");
        assert!(text.starts_with(NAMES) && text.ends_with('\u{fffd}'), "{text}");
    }

    #[test]
    fn bytes_that_no_one_typed_are_no_text() {
        assert_eq!(decode(&[1, 2, 3, 0xff, 5, 6]), Err(SheetError::NotASheet));
        assert_eq!(decode(b"abc\0\0\0def"), Err(SheetError::NotASheet));
    }

    #[test]
    fn a_text_is_known_by_its_beginning() {
        assert_eq!(looks("\n<html><body>"), Looks::Html);
        assert_eq!(looks("Warning: x\n<table><tr><td>1"), Looks::Html);
        assert_eq!(looks("STT;<b>"), Looks::Plain);
        assert_eq!(looks("<?xml?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"), Looks::Xml2003);
        assert_eq!(looks("<?xml?><office:document>"), Looks::FlatOds);
    }
}
