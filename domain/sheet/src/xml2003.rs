//! "XML Spreadsheet 2003", which older office programs write under the name `.xls`.

use domain::import::Cell;

use crate::collect::{Collector, Grid};
use crate::taken::Taken;
use crate::xml::{Piece, Tag, Xml, append};
use crate::{SheetError, date};

pub(crate) fn read(text: &str, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let mut xml = Xml::new(text.as_bytes());
    loop {
        match xml.next()? {
            None => return Ok(()),
            Some(Piece::Open(tag)) if tag.name() == "Worksheet" => {
                let name = tag.get("Name").unwrap_or_default().into_owned();
                let mut is_damaged = false;
                collector.sheet(name, |grid| {
                    let total = text.len() as u64;
                    read_sheet(&mut xml, total, grid).inspect_err(|error| is_damaged = *error == SheetError::Damaged)
                })?;
                if is_damaged {
                    return Ok(());
                }
            }
            Some(_) => {}
        }
    }
}

/// The cell being read.
#[derive(Default)]
struct Open {
    kind: String,
    text: String,
    is_in_data: bool,
    /// How many columns it is wide.
    across: usize,
}

/// Where the next row and cell are.
#[derive(Default)]
struct Place {
    row: usize,
    /// Rows below that are like this one.
    like: usize,
    column: usize,
    taken: Taken,
}

fn read_sheet(xml: &mut Xml<&[u8]>, size: u64, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
    let mut place = Place::default();
    let mut open: Option<Open> = None;
    while let Some(piece) = xml.next()? {
        match (piece, &mut open) {
            (Piece::Open(tag), None) => match tag.name() {
                "Row" => {
                    let row = index(&tag).unwrap_or(place.row);
                    place.taken.rows_done(row.saturating_sub(place.row));
                    place.row = row;
                    place.like = tag.number("Span").unwrap_or(0);
                    place.column = 0;
                }
                "Cell" => {
                    place.column = index(&tag).unwrap_or_else(|| place.taken.free_from(place.column));
                    let joined = |name: &str| tag.number(name).unwrap_or(0).saturating_add(1);
                    let across = joined("MergeAcross");
                    place.taken.join(place.column, across, joined("MergeDown"));
                    open = Some(Open { across, ..Open::default() });
                }
                _ => {}
            },
            (Piece::Open(tag), Some(cell)) if tag.name() == "Data" => {
                cell.is_in_data = true;
                cell.kind = tag.get("Type").unwrap_or_default().into_owned();
            }
            (Piece::Text(text), Some(cell)) if cell.is_in_data => append(&mut cell.text, &text)?,
            (Piece::Close(end), Some(cell)) => match end.name() {
                "Data" => cell.is_in_data = false,
                "Cell" => {
                    grid.put(place.row, place.column, value(cell))?;
                    place.column = place.column.saturating_add(cell.across);
                    open = None;
                }
                _ => {}
            },
            (Piece::Close(end), None) => match end.name() {
                "Row" => {
                    let rows = place.like.saturating_add(1);
                    place.row = place.row.saturating_add(rows);
                    place.taken.rows_done(rows);
                    grid.row_done(xml.position(), size);
                }
                "Worksheet" => break,
                _ => {}
            },
            _ => {}
        }
    }
    Ok(())
}

fn index(tag: &Tag<'_>) -> Option<usize> {
    tag.number("Index")?.checked_sub(1)
}

fn value(open: &Open) -> Cell {
    let known = match open.kind.as_str() {
        "Number" => open.text.trim().parse().ok().filter(|number: &f64| number.is_finite()).map(Cell::Number),
        "DateTime" => date::iso(&open.text),
        "Boolean" => Some(Cell::Bool(open.text.trim() == "1")),
        _ => None,
    };
    known.unwrap_or_else(|| Cell::from(open.text.as_str()))
}
