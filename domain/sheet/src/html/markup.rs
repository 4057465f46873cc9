//! Cuts HTML into tags and text, as forgiving as browsers are. Takes time in proportion to its length: what has been
//! looked for in vain once is not looked for again.

use std::borrow::Cow;

use super::entity;

pub(super) enum Piece<'a> {
    Open(Tag<'a>),
    Close(String),
    /// Runs of line ends are blanks.
    Text(Cow<'a, str>),
}

pub(super) struct Tag<'a> {
    /// In lower case.
    pub name: String,
    attributes: &'a str,
}

impl Tag<'_> {
    /// The number in an attribute; 1 when there is none, and the largest when it is too long.
    pub fn number(&self, name: &str) -> usize {
        let bytes = self.attributes.as_bytes();
        let is_here = |at: &usize| {
            bytes[*at..*at + name.len()].eq_ignore_ascii_case(name.as_bytes())
                && at
                    .checked_sub(1)
                    .is_none_or(|before| !bytes[before].is_ascii_alphanumeric() && bytes[before] != b'-')
        };
        let Some(at) = (0..(bytes.len() + 1).saturating_sub(name.len())).find(is_here) else { return 1 };
        let value = bytes[at + name.len()..].iter().skip_while(|byte| matches!(byte, b' ' | b'=' | b'"' | b'\''));
        let digits = value.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0, |number: usize, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    }
}

pub(super) struct Markup<'a> {
    text: &'a str,
    at: usize,
    /// Texts that are known not to come any more.
    missing: Vec<&'static str>,
}

/// Elements whose content is not for people.
const UNSHOWN: [(&str, &str); 4] =
    [("script", "</script"), ("style", "</style"), ("title", "</title"), ("xml", "</xml")];

impl<'a> Markup<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, missing: Vec::new() }
    }

    /// In bytes from the start.
    pub fn position(&self) -> usize {
        self.at
    }

    pub fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = &self.text[self.at..];
            let bytes = rest.as_bytes();
            match (bytes.first()?, bytes.get(1)) {
                (b'<', Some(b'!' | b'?')) => self.skip_declaration(rest),
                (b'<', Some(byte)) if byte.is_ascii_alphabetic() || *byte == b'/' => {
                    if let Some(piece) = self.tag(rest) {
                        return Some(piece);
                    }
                }
                _ => return Some(Piece::Text(self.plain(rest))),
            }
        }
    }

    fn plain(&mut self, rest: &'a str) -> Cow<'a, str> {
        // A `<` that begins no tag is a sign.
        let length = rest.bytes().skip(1).position(|byte| byte == b'<').map_or(rest.len(), |length| length + 1);
        self.at += length;
        let text = &rest[..length];
        if text.contains(['&', '\n', '\r']) {
            Cow::Owned(entity::decode(&text.replace(['\n', '\r'], " ")))
        } else {
            Cow::Borrowed(text)
        }
    }

    fn skip_declaration(&mut self, rest: &str) {
        let end = if rest.starts_with("<!--") { self.find(4, "-->") } else { self.find(2, ">") };
        self.at = end.unwrap_or(self.text.len());
    }

    /// A tag; `None` for one whose content is passed over.
    fn tag(&mut self, rest: &'a str) -> Option<Piece<'a>> {
        let is_close = rest.starts_with("</");
        let name_at = if is_close { 2 } else { 1 };
        let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-');
        let length = rest.as_bytes()[name_at..].iter().take(20).take_while(|byte| is_in_name(byte)).count();
        let name = rest[name_at..name_at + length].to_ascii_lowercase();
        let start = self.at + name_at + length;
        let end = self.tag_end(start);
        let attributes = self.text[start..end].trim_end_matches('>');
        self.at = end;
        if is_close {
            return Some(Piece::Close(name));
        }
        if let Some((_, close)) = UNSHOWN.iter().find(|(unshown, _)| *unshown == name) {
            if !attributes.ends_with('/') {
                self.at = self.find(0, close).map_or(self.text.len(), |end| end - close.len());
            }
            return None;
        }
        Some(Piece::Open(Tag { name, attributes }))
    }

    /// Behind the `>` that ends a tag; one in quotes does not.
    fn tag_end(&mut self, start: usize) -> usize {
        self.at = start;
        while let Some(at) = self.text[self.at..].find(['>', '"', '\'']).map(|length| self.at + length) {
            let quote = match self.text.as_bytes()[at] {
                b'>' => return at + 1,
                b'"' => "\"",
                _ => "'",
            };
            self.at = at + 1;
            self.at = self.find(0, quote).unwrap_or(self.at);
        }
        self.text.len()
    }

    /// Behind the next `wanted`, in small letters or capitals, from `offset` after here.
    fn find(&mut self, offset: usize, wanted: &'static str) -> Option<usize> {
        if self.missing.contains(&wanted) {
            return None;
        }
        let from = (self.at + offset).min(self.text.len());
        let bytes = &self.text.as_bytes()[from..];
        let found = bytes.windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()));
        if found.is_none() {
            self.missing.push(wanted);
        }
        found.map(|at| from + at + wanted.len())
    }
}
