//! The cells of one sheet.

use domain::import::Cell;

use super::strings::Pieces;
use super::{BOF, Book, END, Record, Records};
use crate::collect::Grid;
use crate::{SheetError, date};

/// The value that a formula last had; a text comes in a later record.
const FORMULA: [u16; 3] = [0x0006, 0x0206, 0x0406];
const FORMULA_TEXT: u16 = 0x0207;
const NUMBER: u16 = 0x0203;
const PACKED_NUMBER: u16 = 0x027e;
const PACKED_NUMBERS: u16 = 0x00bd;
const SHARED_TEXT: u16 = 0x00fd;
const TEXT: u16 = 0x0204;
const RICH_TEXT: u16 = 0x00d6;
const BOOL_OR_ERROR: u16 = 0x0205;

/// Reads up to the end of the sheet. `steps` bounds how many bytes all sheets go through.
pub(super) fn read(
    mut records: Records<'_>,
    book: &Book,
    grid: &mut Grid<'_, '_>,
    steps: &mut usize,
) -> Result<(), SheetError> {
    let total = records.stream.len() as u64;
    records.next().filter(|record| record.kind == BOF).ok_or(SheetError::Damaged)?;
    // Charts stand inside a sheet as streams of their own.
    let mut depth = 1_usize;
    let mut row_before = None;
    // The cell whose formula gave a text.
    let mut awaited = None;
    while let Some(record) = records.next() {
        *steps = steps.checked_sub(4 + record.data.len()).ok_or(SheetError::Damaged)?;
        match record.kind {
            BOF => depth += 1,
            END if depth == 1 => return Ok(()),
            END => depth -= 1,
            _ if depth > 1 => {}
            FORMULA_TEXT => {
                let text = book.coding.text(&mut records.with_continued(record), false);
                if let (Some((row, column)), Some(text)) = (awaited.take(), text) {
                    grid.put(row, column, Cell::Text(text))?;
                }
            }
            kind if is_cell(kind) => {
                let row = read_record(record, book, grid, &mut awaited)?.ok_or(SheetError::Damaged)?;
                if row_before.replace(row) != Some(row) {
                    grid.row_done(record.at as u64, total);
                }
            }
            _ => {}
        }
    }
    // No end: the file is cut off.
    Err(SheetError::Damaged)
}

fn is_cell(kind: u16) -> bool {
    const KINDS: [u16; 7] = [NUMBER, PACKED_NUMBER, PACKED_NUMBERS, SHARED_TEXT, TEXT, RICH_TEXT, BOOL_OR_ERROR];
    KINDS.contains(&kind) || FORMULA.contains(&kind)
}

/// Reads a record with one cell or some side by side. Gives its row, or `None` if it is too short.
fn read_record(
    record: Record<'_>,
    book: &Book,
    grid: &mut Grid<'_, '_>,
    awaited: &mut Option<(usize, usize)>,
) -> Result<Option<usize>, SheetError> {
    let mut data = Pieces::new(vec![record.data]);
    let (Some(row), Some(column)) = (data.u16(), data.u16()) else { return Ok(None) };
    let (row, column) = (usize::from(row), usize::from(column));
    if record.kind == PACKED_NUMBERS {
        // A style and a number each; the last two bytes repeat the last column.
        let count = record.data.len().saturating_sub(6) / 6;
        for column in column..column + count {
            let style = data.u16();
            grid.put(row, column, packed_number(&mut data, style, book).unwrap_or_default())?;
        }
        return Ok(Some(row));
    }
    let style = data.u16();
    let cell = match record.kind {
        NUMBER => number(&mut data, style, book),
        PACKED_NUMBER => packed_number(&mut data, style, book),
        SHARED_TEXT => {
            let index = data.u32().and_then(|index| usize::try_from(index).ok());
            index.and_then(|index| book.strings.get(index)).map(Cell::from)
        }
        TEXT | RICH_TEXT => book.coding.text(&mut data, false).map(Cell::Text),
        BOOL_OR_ERROR => match (data.u8(), data.u8()) {
            (Some(value), Some(0)) => Some(Cell::Bool(value != 0)),
            (Some(code), Some(_)) => Some(error(code)),
            _ => None,
        },
        // A number, unless its last two bytes say that it is none.
        _ => match record.data.get(6..14) {
            Some(&[0, _, _, _, _, _, 0xff, 0xff]) => {
                *awaited = Some((row, column));
                Some(Cell::Empty)
            }
            Some(&[1, _, value, _, _, _, 0xff, 0xff]) => Some(Cell::Bool(value != 0)),
            Some(&[2, _, code, _, _, _, 0xff, 0xff]) => Some(error(code)),
            Some(&[_, _, _, _, _, _, 0xff, 0xff]) => Some(Cell::Empty),
            _ => number(&mut data, style, book),
        },
    };
    let Some(cell) = cell else { return Ok(None) };
    grid.put(row, column, cell)?;
    Ok(Some(row))
}

fn number(data: &mut Pieces<'_>, style: Option<u16>, book: &Book) -> Option<Cell> {
    let low = u64::from(data.u32()?);
    let value = f64::from_bits(low | u64::from(data.u32()?) << 32);
    Some(styled(value, style, book))
}

/// A number in four bytes: an integer or the upper half of a float, perhaps in hundredths.
fn packed_number(data: &mut Pieces<'_>, style: Option<u16>, book: &Book) -> Option<Cell> {
    let packed = data.u32()?;
    let whole = if packed & 2 == 2 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    Some(styled(if packed & 1 == 1 { whole / 100.0 } else { whole }, style, book))
}

fn styled(value: f64, style: Option<u16>, book: &Book) -> Cell {
    let is_date = style.and_then(|style| book.dates.get(usize::from(style))).copied().unwrap_or(false);
    if value.is_finite() { date::number(value, is_date, book.epoch) } else { error(0x24) }
}

fn error(code: u8) -> Cell {
    Cell::from(match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    })
}
