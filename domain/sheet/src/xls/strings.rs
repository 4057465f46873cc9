//! Texts of records, which may go on in the records that follow.

use crate::SheetError;
use crate::text;
use crate::xlsx::Strings;

/// The data of a record and of those that continue it.
pub(super) struct Pieces<'a> {
    records: Vec<&'a [u8]>,
    record: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub fn new(records: Vec<&'a [u8]>) -> Self {
        Self { records, record: 0, at: 0 }
    }

    pub fn u8(&mut self) -> Option<u8> {
        loop {
            let record = self.records.get(self.record)?;
            if let Some(byte) = record.get(self.at) {
                self.at += 1;
                return Some(*byte);
            }
            self.next_record();
        }
    }

    pub fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub fn skip(&mut self, mut count: usize) {
        while let Some(record) = self.records.get(self.record) {
            let here = (record.len() - self.at).min(count);
            self.at += here;
            count -= here;
            if count == 0 {
                return;
            }
            self.next_record();
        }
    }

    pub fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        (0..count).map(|_| self.u8()).collect()
    }

    /// Characters of one or two bytes. Where they go on in the next record, that one begins by saying which.
    fn characters(&mut self, count: usize, mut is_wide: bool) -> Option<String> {
        let mut units = Vec::new();
        for index in 0..count {
            while self.at >= self.records.get(self.record)?.len() {
                self.next_record();
                if index > 0 {
                    is_wide = self.u8()? & 1 == 1;
                }
            }
            units.push(if is_wide { self.u16()? } else { self.u8()?.into() });
        }
        Some(String::from_utf16_lossy(&units))
    }

    fn next_record(&mut self) {
        self.record += 1;
        self.at = 0;
    }
}

/// How texts are written in a stream.
#[derive(Default)]
pub(super) enum Coding {
    /// BIFF8.
    #[default]
    Unicode,
    /// BIFF5 and before, with the number of the code page.
    Bytes(u16),
}

impl Coding {
    /// By the first record of the stream.
    pub fn of_version(first: &[u8]) -> Self {
        if first.get(..2) == Some(&[0, 6]) { Self::Unicode } else { Self::Bytes(0) }
    }

    pub fn set_page(&mut self, number: u16) {
        if let Self::Bytes(page) = self {
            *page = number;
        }
    }

    /// A text after its length. BIFF5 writes that of formats as one byte.
    pub fn text(&self, data: &mut Pieces<'_>, is_format: bool) -> Option<String> {
        if is_format && matches!(self, Self::Bytes(_)) {
            return self.short_text(data);
        }
        let count = data.u16()?.into();
        self.characters(data, count)
    }

    /// A text after its length of one byte.
    pub fn short_text(&self, data: &mut Pieces<'_>) -> Option<String> {
        let count = data.u8()?.into();
        self.characters(data, count)
    }

    fn characters(&self, data: &mut Pieces<'_>, count: usize) -> Option<String> {
        match self {
            Self::Unicode => {
                let flags = data.u8()?;
                data.characters(count, flags & 1 == 1)
            }
            Self::Bytes(page) => data.bytes(count).map(|bytes| text::of_page(&bytes, *page)),
        }
    }
}

/// The texts that cells refer to by number.
pub(super) fn shared(data: &mut Pieces<'_>) -> Result<Strings, SheetError> {
    let mut strings = Strings::default();
    data.skip(4);
    let count = data.u32().unwrap_or(0);
    for _ in 0..count {
        let Some(text) = rich_text(data) else { break };
        strings.push(&text)?;
    }
    Ok(strings)
}

/// A text with, behind it, its fonts and how to pronounce it.
fn rich_text(data: &mut Pieces<'_>) -> Option<String> {
    let count = data.u16()?.into();
    let flags = data.u8()?;
    let fonts = if flags & 8 == 8 { data.u16()?.into() } else { 0 };
    let sounds = if flags & 4 == 4 { usize::try_from(data.u32()?).ok()? } else { 0 };
    let text = data.characters(count, flags & 1 == 1)?;
    data.skip(fonts * 4);
    data.skip(sounds);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_go_on_in_the_next_record_with_wider_characters() {
        let first: &[u8] = &[1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, b'T', b'o'];
        let second: &[u8] = &[1, 0xa1, 0x1e, b'i', 0, 1, 0, 8, 1, 0];
        let third: &[u8] = &[b'!', 9, 9, 9, 9];
        let strings = shared(&mut Pieces::new(vec![first, second, third])).expect("room");
        // The second text begins where a record ends: nothing says anew how wide it is.
        assert_eq!(strings.get(0), Some("Toại"));
        assert_eq!(strings.get(2), None);
    }
}
