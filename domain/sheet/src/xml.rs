//! XML read piece by piece, with bounds on how long a piece and how deep the nesting may be.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};

use crate::SheetError;

/// The longest tag, comment or text without markup; a cell of a spreadsheet holds at most 32,767 characters.
const PIECE_MAX: usize = 1 << 20;
/// The longest text of one cell, put together from its pieces.
const CELL_TEXT_MAX: usize = 1 << 20;
const DEPTH_MAX: usize = 200;

/// A piece of an XML document.
pub(crate) enum Piece<'a> {
    Open(Tag<'a>),
    Close(End<'a>),
    Text(Cow<'a, str>),
}

/// An opening tag.
pub(crate) struct Tag<'a>(BytesStart<'a>);

/// A closing tag.
pub(crate) struct End<'a>(BytesEnd<'a>);

impl Tag<'_> {
    /// Without prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, named without prefix.
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.0.attributes();
        let attribute = attributes.with_checks(false).flatten().find(|it| it.key.local_name().into_inner() == name)?;
        let plain = unescape(&attribute.value).ok().map(Cow::into_owned);
        Some(plain.map_or(attribute.value, Cow::Owned))
    }

    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }
}

impl End<'_> {
    /// Without prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}

/// Gives the pieces of a document in turn. An empty element opens and closes.
pub(crate) struct Xml<R> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    pub fn new(inner: R) -> Self {
        let mut reader = Reader::from_reader(Bounded { inner, left: PIECE_MAX });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The next piece; `None` at the end of the document. A document that ends inside an element is damaged.
    pub fn next(&mut self) -> Result<Option<Piece<'_>>, SheetError> {
        self.buffer.clear();
        self.reader.get_mut().left = PIECE_MAX;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| SheetError::Damaged)?;
        Ok(Some(match event {
            Event::Start(_) if self.depth == DEPTH_MAX => return Err(SheetError::Damaged),
            Event::Start(tag) => {
                self.depth += 1;
                Piece::Open(Tag(tag))
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                Piece::Close(End(end))
            }
            Event::Text(text) => Piece::Text(text.into_inner()),
            Event::CData(text) => Piece::Text(text.into_inner()),
            Event::GeneralRef(reference) => Piece::Text(Cow::Owned(character(&reference))),
            Event::Eof if self.depth > 0 => return Err(SheetError::Damaged),
            Event::Eof => return Ok(None),
            _ => Piece::Text(Cow::Borrowed("")),
        }))
    }
}

/// What `&…;` stands for; an unknown name stays as it is, for a person to see.
fn character(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        _ => resolve_predefined_entity(reference).map_or_else(|| format!("&{};", &**reference), ToOwned::to_owned),
    }
}

/// Adds a piece to the text of a cell.
pub(crate) fn append(text: &mut String, piece: &str) -> Result<(), SheetError> {
    if text.len() + piece.len() > CELL_TEXT_MAX {
        return Err(SheetError::TooManyCells);
    }
    text.push_str(piece);
    Ok(())
}

/// Lets no piece become too long, however long the document is.
struct Bounded<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let bytes = self.inner.fill_buf()?;
        Ok(&bytes[..bytes.len().min(self.left)])
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.inner.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<String>, SheetError> {
        let mut xml = Xml::new(text.as_bytes());
        let mut pieces = Vec::new();
        while let Some(piece) = xml.next()? {
            pieces.push(match piece {
                Piece::Open(tag) => format!("+{} {:?}", tag.name(), tag.get("a").as_deref()),
                Piece::Close(end) => format!("-{}", end.name()),
                Piece::Text(text) => text.into_owned(),
            });
        }
        Ok(pieces)
    }

    #[test]
    fn names_lose_their_prefix_and_references_become_characters() {
        let pieces = all("<x:v p:a='1&lt;2'/>a&amp;&#x1EA1;<![CDATA[<]]>").expect("well formed");
        assert_eq!(pieces, ["+v Some(\"1<2\")", "-v", "a", "&", "ạ", "<"]);
    }

    #[test]
    fn an_entity_of_the_document_is_not_unfolded() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
        assert_eq!(all(bomb).expect("well formed")[2], "&c;");
    }

    #[test]
    fn what_is_cut_off_too_deep_or_too_long_is_damaged() {
        for text in
            ["<a>".to_owned(), "<a>".repeat(1_000_000), "<a>".to_owned() + &" ".repeat(PIECE_MAX), "</a>".into()]
        {
            assert_eq!(all(&text), Err(SheetError::Damaged));
        }
    }
}
