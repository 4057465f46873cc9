//! ODS (`OpenDocument`), read as a stream. Cells and rows that are repeated are written once with their count, so the
//! counts are what has to be bounded.

use std::io::BufRead;

use domain::import::Cell;

use crate::collect::{Collector, Grid};
use crate::xml::{Piece, Tag, Xml, append};
use crate::zip::Archive;
use crate::{COLUMNS_MAX, SheetError, date};

pub(crate) fn read(archive: &mut Archive<'_>, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    if is_encrypted(archive)? {
        return Err(SheetError::Encrypted);
    }
    let part = archive.part("content.xml")?.ok_or(SheetError::Damaged)?;
    read_tables(part.reader(), part.size, collector)
}

/// The same in one file without zip (`.fods`).
pub(crate) fn read_flat(text: &str, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    read_tables(text.as_bytes(), text.len() as u64, collector)
}

fn is_encrypted(archive: &mut Archive<'_>) -> Result<bool, SheetError> {
    let Some(part) = archive.part("META-INF/manifest.xml")? else { return Ok(false) };
    let mut xml = Xml::new(part.reader());
    while let Some(piece) = xml.next()? {
        if matches!(piece, Piece::Open(tag) if tag.name() == "encryption-data") {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read_tables(reader: impl BufRead, size: u64, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let mut xml = Xml::new(reader);
    let (mut is_in_body, mut is_spreadsheet) = (false, false);
    while let Some(piece) = xml.next()? {
        let Piece::Open(tag) = piece else { continue };
        match tag.name() {
            "body" => is_in_body = true,
            "spreadsheet" => is_spreadsheet = true,
            // The first in the body says what the document is.
            _ if is_in_body && !is_spreadsheet => return Err(SheetError::NotASheet),
            "table" if is_spreadsheet => {
                let name = tag.get("name").unwrap_or_default().into_owned();
                let mut failure = None;
                collector.sheet(name, |grid| {
                    read_table(&mut xml, size, grid).inspect_err(|error| failure = Some(error.clone()))
                })?;
                match failure {
                    None => {}
                    // What follows cannot be read either.
                    Some(SheetError::Damaged) => return Ok(()),
                    Some(_) => skip_table(&mut xml)?,
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Goes behind the end of the table that is being read.
fn skip_table(xml: &mut Xml<impl BufRead>) -> Result<(), SheetError> {
    while let Some(piece) = xml.next()? {
        if matches!(piece, Piece::Close(end) if end.name() == "table") {
            break;
        }
    }
    Ok(())
}

/// A row with what it repeats.
#[derive(Default)]
struct Row {
    /// Column, how many times, and what.
    cells: Vec<(usize, usize, Cell)>,
    columns: usize,
    repeated: usize,
}

/// The cell being read.
#[derive(Default)]
struct Open {
    kind: String,
    value: Option<String>,
    repeated: usize,
    text: String,
    paragraphs: usize,
    is_in_paragraph: bool,
    /// Remarks hang on cells and have paragraphs as well.
    is_in_remark: bool,
}

fn read_table(xml: &mut Xml<impl BufRead>, size: u64, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
    let mut next_row = 0_usize;
    let mut row = Row::default();
    let mut open: Option<Open> = None;
    while let Some(piece) = xml.next()? {
        match (&piece, &mut open) {
            (Piece::Open(tag), None) => match tag.name() {
                "table-row" => row = Row { repeated: repeated(tag, "number-rows-repeated"), ..Row::default() },
                "table-cell" | "covered-table-cell" => open = Some(Open::new(tag)),
                _ => {}
            },
            (Piece::Close(end), None) => match end.name() {
                "table-row" => {
                    row.write(next_row, grid)?;
                    next_row = next_row.saturating_add(row.repeated);
                    grid.row_done(xml.position(), size);
                }
                "table" => break,
                _ => {}
            },
            (Piece::Close(end), Some(cell)) if matches!(end.name(), "table-cell" | "covered-table-cell") => {
                row.add(cell)?;
                open = None;
            }
            (piece, Some(cell)) => cell.add(piece)?,
            (Piece::Text(_), None) => {}
        }
    }
    Ok(())
}

impl Row {
    fn add(&mut self, open: &mut Open) -> Result<(), SheetError> {
        let cell = open.finished();
        if cell != Cell::Empty {
            if self.columns.saturating_add(open.repeated) > COLUMNS_MAX {
                return Err(SheetError::TooManyColumns);
            }
            self.cells.push((self.columns, open.repeated, cell));
        }
        self.columns = self.columns.saturating_add(open.repeated);
        Ok(())
    }

    fn write(&mut self, first: usize, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
        // An empty row may be repeated a million times.
        let count = if self.cells.is_empty() { 0 } else { self.repeated };
        for row in 0..count {
            for (column, repeated, cell) in &self.cells {
                for offset in 0..*repeated {
                    grid.put(first.saturating_add(row), column + offset, cell.clone())?;
                }
            }
        }
        Ok(())
    }
}

impl Open {
    fn new(tag: &Tag<'_>) -> Self {
        let kind = tag.get("value-type").unwrap_or_default().into_owned();
        let value = match kind.as_str() {
            "date" => tag.get("date-value"),
            "boolean" => tag.get("boolean-value"),
            "float" | "percentage" | "currency" => tag.get("value"),
            _ => tag.get("string-value"),
        };
        let value = value.map(std::borrow::Cow::into_owned);
        Self { kind, value, repeated: repeated(tag, "number-columns-repeated"), ..Self::default() }
    }

    fn add(&mut self, piece: &Piece<'_>) -> Result<(), SheetError> {
        match piece {
            Piece::Open(tag) => match tag.name() {
                "annotation" => self.is_in_remark = true,
                _ if self.is_in_remark => {}
                "p" => {
                    self.is_in_paragraph = true;
                    self.paragraphs += 1;
                    if self.paragraphs > 1 {
                        append(&mut self.text, "\n")?;
                    }
                }
                "s" => append(&mut self.text, &" ".repeat(tag.number("c").unwrap_or(1).min(100)))?,
                "tab" => append(&mut self.text, "\t")?,
                "line-break" => append(&mut self.text, "\n")?,
                _ => {}
            },
            Piece::Close(end) => match end.name() {
                "annotation" => self.is_in_remark = false,
                "p" => self.is_in_paragraph = false,
                _ => {}
            },
            Piece::Text(text) if self.is_in_paragraph && !self.is_in_remark => append(&mut self.text, text)?,
            Piece::Text(_) => {}
        }
        Ok(())
    }

    fn finished(&mut self) -> Cell {
        let shown = std::mem::take(&mut self.text);
        let value = self.value.as_deref();
        let known = match self.kind.as_str() {
            "date" => value.and_then(date::iso),
            "boolean" => value.map(|value| Cell::Bool(value == "true")),
            "float" | "percentage" | "currency" => {
                value.and_then(|value| value.parse().ok()).filter(|number: &f64| number.is_finite()).map(Cell::Number)
            }
            _ => None,
        };
        known.unwrap_or_else(|| Cell::from(if shown.is_empty() { value.unwrap_or_default() } else { &shown }))
    }
}

fn repeated(tag: &Tag<'_>, name: &str) -> usize {
    tag.number(name).unwrap_or(1).max(1)
}
