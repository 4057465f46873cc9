//! Texts that cells share: each is written once and referred to by number.

use crate::SheetError;
use crate::xml::{Piece, Xml, append};
use crate::zip::Archive;

const COUNT_MAX: usize = 2_000_000;
/// In bytes.
const LENGTH_MAX: usize = 48 << 20;

/// All of them in one text, which takes a third of the memory of as many small ones.
#[derive(Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { *self.ends.get(index - 1)? };
        self.text.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }

    pub fn push(&mut self, text: &str) -> Result<(), SheetError> {
        if self.ends.len() == COUNT_MAX || self.text.len() + text.len() > LENGTH_MAX {
            return Err(SheetError::TooManyCells);
        }
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).map_err(|_| SheetError::TooManyCells)?);
        Ok(())
    }

    pub(super) fn read(archive: &mut Archive<'_>, path: &str) -> Result<Self, SheetError> {
        let Some(part) = archive.part(path)? else { return Ok(Self::default()) };
        let mut xml = Xml::new(part.reader());
        let mut strings = Self::default();
        let mut rich = RichText::default();
        while let Some(piece) = xml.next()? {
            if let Piece::Close(end) = &piece
                && end.name() == "si"
            {
                strings.push(&unescape(&rich.take()))?;
            } else {
                rich.add(&piece)?;
            }
        }
        Ok(strings)
    }
}

/// The text of an `si` or `is` element: what stands in its `t` elements, but not in those that say how to pronounce it.
#[derive(Default)]
pub(super) struct RichText {
    text: String,
    is_in_text: bool,
    is_in_pronunciation: bool,
}

impl RichText {
    pub fn add(&mut self, piece: &Piece<'_>) -> Result<(), SheetError> {
        match piece {
            Piece::Open(tag) => match tag.name() {
                "t" => self.is_in_text = true,
                "rPh" => self.is_in_pronunciation = true,
                _ => {}
            },
            Piece::Close(end) => match end.name() {
                "t" => self.is_in_text = false,
                "rPh" => self.is_in_pronunciation = false,
                _ => {}
            },
            Piece::Text(text) if self.is_in_text && !self.is_in_pronunciation => append(&mut self.text, text)?,
            Piece::Text(_) => {}
        }
        Ok(())
    }

    pub fn take(&mut self) -> String {
        std::mem::take(self).text
    }
}

/// `_x000D_` stands for a character that XML cannot hold.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest.get(2..6).filter(|_| rest.as_bytes().get(6) == Some(&b'_'));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let taken = if character.is_some() { 7 } else { 2 };
        plain.push_str(&character.map_or_else(|| "_x".to_owned(), String::from));
        rest = &rest[taken..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_characters_are_put_back_and_others_stay() {
        assert_eq!(unescape("Tổ 5_x000D_\n_x1EA1_ _x00_ _xạ"), "Tổ 5\r\nạ _x00_ _xạ");
    }

    #[test]
    fn strings_are_found_by_number() {
        let mut strings = Strings::default();
        for text in ["Hộ", "", "Tổ"] {
            strings.push(text).expect("room");
        }
        assert_eq!([0, 1, 2, 3].map(|index| strings.get(index)), [Some("Hộ"), Some(""), Some("Tổ"), None]);
    }
}
