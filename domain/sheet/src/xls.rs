//! XLS (BIFF8 of Excel 97 to 2003, BIFF5 of Excel 95): a stream of records.

mod cells;
mod strings;

use std::collections::HashMap;

use crate::SheetError;
use crate::collect::Collector;
use crate::date::{Epoch, is_builtin_date, is_date_format};
use crate::xlsx::Strings;
use strings::{Coding, Pieces};

const BOF: u16 = 0x0809;
const END: u16 = 0x000a;
const CONTINUE: u16 = 0x003c;
const FILE_PASS: u16 = 0x002f;
const CODE_PAGE: u16 = 0x0042;
const DATE_MODE: u16 = 0x0022;
const FORMAT: u16 = 0x041e;
const STYLE: u16 = 0x00e0;
const SHEET: u16 = 0x0085;
const SHARED_TEXTS: u16 = 0x00fc;
/// Excel writes at most 4,050.
const STYLES_MAX: usize = 65_536;
/// A record may go on in as many; 8 kB each are more than a file may have.
const CONTINUED_MAX: usize = 65_536;
/// How much of the stream all sheets together may go through, as a multiple of it: sheets do not overlap.
const WALKS_MAX: usize = 2;

/// One record of a stream.
#[derive(Clone, Copy)]
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    /// Where it begins.
    at: usize,
}

/// Goes from record to record; ends where the stream is cut off.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let data_at = at.checked_add(4)?;
        let header = self.stream.get(at..data_at)?;
        let length = usize::from(u16::from_le_bytes([header[2], header[3]]));
        let data = self.stream.get(data_at..data_at + length)?;
        self.at = data_at + length;
        Some(Record { kind: u16::from_le_bytes([header[0], header[1]]), data, at })
    }
}

impl<'a> Records<'a> {
    /// The data of a record with that of the records that continue it.
    fn with_continued(&mut self, record: Record<'a>) -> Pieces<'a> {
        let mut pieces = vec![record.data];
        loop {
            let here = self.at;
            let Some(Record { kind: CONTINUE, data, .. }) = self.next() else {
                self.at = here;
                return Pieces::new(pieces);
            };
            if pieces.len() < CONTINUED_MAX {
                pieces.push(data);
            }
        }
    }
}

/// What the cells of all sheets refer to.
#[derive(Default)]
struct Book {
    coding: Coding,
    epoch: Epoch,
    strings: Strings,
    /// Whether each style shows a number as a day.
    dates: Vec<bool>,
    /// Name and place in the stream.
    sheets: Vec<(String, usize)>,
}

/// Some programs write the records into a file as they are.
pub(crate) fn is_bare(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x09, 0x08, 0x08, 0x00]) || bytes.starts_with(&[0x09, 0x08, 0x10, 0x00])
}

pub(crate) fn read(stream: &[u8], collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let mut book = globals(stream)?;
    let sheets = std::mem::take(&mut book.sheets);
    let mut steps = stream.len().saturating_mul(WALKS_MAX);
    for (name, at) in sheets {
        collector.sheet(name, |grid| cells::read(Records { stream, at }, &book, grid, &mut steps))?;
    }
    Ok(())
}

/// Reads what comes before the sheets.
fn globals(stream: &[u8]) -> Result<Book, SheetError> {
    let mut records = Records { stream, at: 0 };
    let first = records.next().filter(|record| record.kind == BOF).ok_or(SheetError::SaveAgain)?;
    let mut book = Book { coding: Coding::of_version(first.data), ..Book::default() };
    if first.data.get(2..4) == Some(&[0x10, 0]) {
        // No globals: the stream is one sheet.
        book.sheets.push((String::new(), 0));
        return Ok(book);
    }
    let mut formats: HashMap<u32, bool> = HashMap::new();
    while let Some(record) = records.next() {
        let mut data = Pieces::new(vec![record.data]);
        match record.kind {
            END => break,
            FILE_PASS => return Err(SheetError::Encrypted),
            CODE_PAGE => book.coding.set_page(data.u16().unwrap_or(0)),
            DATE_MODE if data.u16() == Some(1) => book.epoch = Epoch::Of1904,
            FORMAT if formats.len() < STYLES_MAX => {
                let id = data.u16().unwrap_or(0);
                let code = book.coding.text(&mut data, true).unwrap_or_default();
                formats.insert(id.into(), is_date_format(&code));
            }
            STYLE if book.dates.len() < STYLES_MAX => {
                data.skip(2);
                let id = data.u16().unwrap_or(0).into();
                book.dates.push(formats.get(&id).copied().unwrap_or_else(|| is_builtin_date(id)));
            }
            SHEET => book.sheets.extend(sheet(&book.coding, &mut data)),
            SHARED_TEXTS => book.strings = strings::shared(&mut records.with_continued(record))?,
            _ => {}
        }
        if book.sheets.len() > crate::collect::SHEETS_MAX {
            return Err(SheetError::TooManySheets);
        }
    }
    Ok(book)
}

/// Name and place of a sheet of cells; charts and macros are sheets of other kinds.
fn sheet(coding: &Coding, data: &mut Pieces<'_>) -> Option<(String, usize)> {
    let at = usize::try_from(data.u32()?).ok()?;
    data.skip(1);
    let kind = data.u8()?;
    let name = coding.short_text(data)?;
    (kind == 0).then_some((name, at))
}
