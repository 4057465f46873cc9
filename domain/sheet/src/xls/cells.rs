//! The cells of one sheet.

use domain::import::Cell;

use super::{BOF, Book, END, Records};
use crate::collect::Grid;
use crate::xls::strings::Pieces;
use crate::{SheetError, date};

/// Reads up to the end of the sheet. `steps` bounds how many bytes all sheets go through; `progress` makes of a place in
/// the stream that in the whole file.
pub(super) fn read(
    mut records: Records<'_>,
    book: &Book,
    grid: &mut Grid<'_, '_>,
    steps: &mut usize,
    progress: impl Fn(usize) -> (u64, u64),
) -> Result<(), SheetError> {
    let start = records.at;
    records.next().filter(|record| record.kind == BOF).ok_or(SheetError::Damaged)?;
    // Charts stand inside a sheet as streams of their own.
    let mut depth = 1_usize;
    let mut row_before = None;
    // The cell whose formula gave a text, which comes in a later record.
    let mut awaited = None;
    while let Some(record) = records.next() {
        *steps = steps.checked_sub(4 + record.data.len()).ok_or(SheetError::Damaged)?;
        match record.kind {
            BOF => depth += 1,
            END => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Ok(());
        }
        if depth > 1 {
            continue;
        }
        let is_text = record.kind == 0x0207;
        let mut data = if is_text { records.with_continued(record) } else { Pieces::new(vec![record.data]) };
        if is_text {
            if let (Some((row, column)), Some(text)) = (awaited.take(), book.coding.text(&mut data, false)) {
                grid.put(row, column, Cell::Text(text))?;
            }
            continue;
        }
        if !matches!(
            record.kind,
            0x0203 | 0x027e | 0x00bd | 0x00fd | 0x0204 | 0x00d6 | 0x0205 | 0x0006 | 0x0206 | 0x0406
        ) {
            continue;
        }
        let (Some(row), Some(column)) = (data.u16(), data.u16()) else { return Err(SheetError::Damaged) };
        let (row, column) = (usize::from(row), usize::from(column));
        if row_before.replace(row) != Some(row) {
            let (done, total) = progress(record.at.saturating_sub(start));
            grid.row_done(done, total);
        }
        if record.kind == 0x00bd {
            // Numbers side by side; the last two bytes repeat the last column.
            let count = (record.data.len() - 4).saturating_sub(2) / 6;
            for offset in 0..count {
                let style = data.u16();
                grid.put(row, column + offset, packed_number(&mut data, style, book).unwrap_or_default())?;
            }
            continue;
        }
        let style = data.u16();
        let cell = match record.kind {
            0x0203 => number(&mut data, style, book),
            0x027e => packed_number(&mut data, style, book),
            0x00fd => {
                let index = data.u32().and_then(|index| usize::try_from(index).ok());
                index.and_then(|index| book.strings.get(index)).map(Cell::from)
            }
            0x0204 | 0x00d6 => book.coding.text(&mut data, false).map(Cell::Text),
            0x0205 => match (data.u8(), data.u8()) {
                (Some(value), Some(0)) => Some(Cell::Bool(value != 0)),
                (Some(code), Some(_)) => Some(error(code)),
                _ => None,
            },
            _ => match record.data.get(6..14) {
                Some(&[0, _, _, _, _, _, 0xff, 0xff]) => {
                    awaited = Some((row, column));
                    Some(Cell::Empty)
                }
                Some(&[1, _, value, _, _, _, 0xff, 0xff]) => Some(Cell::Bool(value != 0)),
                Some(&[2, _, code, _, _, _, 0xff, 0xff]) => Some(error(code)),
                Some(&[_, _, _, _, _, _, 0xff, 0xff]) => Some(Cell::Empty),
                _ => number(&mut data, style, book),
            },
        };
        grid.put(row, column, cell.ok_or(SheetError::Damaged)?)?;
    }
    // No end: the file is cut off.
    Err(SheetError::Damaged)
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
