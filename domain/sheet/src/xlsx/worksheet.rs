//! The cells of one sheet.

use std::io::BufRead;

use domain::import::Cell;

use super::Book;
use super::strings::{RichText, unescape};
use crate::SheetError;
use crate::collect::Grid;
use crate::date;
use crate::xml::{Piece, Tag, Xml, append};

/// The cell being read.
#[derive(Default)]
struct Open {
    kind: String,
    style: Option<usize>,
    value: String,
    rich: RichText,
}

/// `progress` makes of the place in this sheet that in the whole file.
pub(super) fn read(
    reader: impl BufRead,
    book: &Book,
    grid: &mut Grid<'_, '_>,
    progress: impl Fn(u64) -> (u64, u64),
) -> Result<(), SheetError> {
    let mut xml = Xml::new(reader);
    // Rows and cells may say where they are; those that do not follow the one before.
    let (mut next_row, mut next_column) = (0, 0);
    let mut open: Option<Open> = None;
    let mut is_in_value = false;
    while let Some(piece) = xml.next()? {
        match (&piece, &mut open) {
            (Piece::Open(tag), None) => match tag.name() {
                "row" => {
                    next_row = tag.number("r").map_or(next_row, |row| row.saturating_sub(1)).saturating_add(1);
                    next_column = 0;
                }
                "c" => {
                    next_column = column(tag).unwrap_or(next_column) + 1;
                    let kind = tag.get("t").unwrap_or_default().into_owned();
                    open = Some(Open { kind, style: tag.number("s"), ..Open::default() });
                }
                _ => {}
            },
            (Piece::Open(tag), Some(_)) if tag.name() == "v" => is_in_value = true,
            (Piece::Close(end), Some(_)) if end.name() == "v" => is_in_value = false,
            (Piece::Close(end), Some(cell)) if end.name() == "c" => {
                let cell = finished(cell, book)?;
                grid.put(next_row.max(1) - 1, next_column - 1, cell)?;
                (open, is_in_value) = (None, false);
            }
            (Piece::Close(end), None) => match end.name() {
                "row" => {
                    let (done, total) = progress(xml.position());
                    grid.row_done(done, total);
                }
                "sheetData" => break,
                _ => {}
            },
            (Piece::Text(text), Some(cell)) if is_in_value => append(&mut cell.value, text)?,
            (piece, Some(cell)) => cell.rich.add(piece)?,
            (Piece::Text(_), None) => {}
        }
    }
    Ok(())
}

fn finished(open: &mut Open, book: &Book) -> Result<Cell, SheetError> {
    let value = open.value.trim();
    if value.is_empty() && open.kind != "inlineStr" {
        return Ok(Cell::Empty);
    }
    Ok(match open.kind.as_str() {
        "s" => {
            let index = value.parse().map_err(|_| SheetError::Damaged)?;
            Cell::from(book.strings.get(index).ok_or(SheetError::Damaged)?)
        }
        "inlineStr" => Cell::Text(unescape(&open.rich.take())),
        "str" => Cell::Text(unescape(&open.value)),
        "b" => Cell::Bool(value == "1" || value == "true"),
        "d" => date::iso(value).unwrap_or_else(|| Cell::from(value)),
        "e" => Cell::from(value),
        _ => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => date::number(number, book.dates.is_date(open.style), book.epoch),
            _ => Cell::from(value),
        },
    })
}

/// The column, from 0, in a name like `AB12`.
fn column(tag: &Tag<'_>) -> Option<usize> {
    let place = tag.get("r")?;
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let number =
        letters.take(4).fold(0, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'@'));
    number.checked_sub(1)
}
