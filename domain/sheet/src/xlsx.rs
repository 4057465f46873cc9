//! XLSX and XLSM (ECMA-376), read as a stream: memory is taken for cells that are there, not for the size that the file
//! claims.

mod package;
mod strings;
mod styles;
mod worksheet;

use crate::SheetError;
use crate::collect::Collector;
use crate::date::Epoch;
use crate::xml::{Piece, Xml};
use crate::zip::Archive;
use package::Links;
pub(crate) use strings::Strings;
use styles::DateStyles;

/// What the cells of all sheets refer to.
struct Book {
    strings: Strings,
    dates: DateStyles,
    epoch: Epoch,
}

pub(crate) fn read(archive: &mut Archive<'_>, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let path = Links::of(archive, "")?.first("officeDocument").unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let links = Links::of(archive, &path)?;
    let (names, epoch) = sheet_names(archive, &path)?;
    let strings = match links.first("sharedStrings") {
        Some(path) => Strings::read(archive, &path)?,
        None => Strings::default(),
    };
    let dates = match links.first("styles") {
        Some(path) => DateStyles::read(archive, &path)?,
        None => DateStyles::default(),
    };
    let book = Book { strings, dates, epoch };

    // Counted before the first is read, so that it is known how much there is.
    let mut parts = Vec::new();
    for (name, id) in names {
        if let Some(path) = links.worksheet(&id) {
            parts.push((name, archive.part(path)?.ok_or(SheetError::Damaged)?));
        }
    }
    let total = parts.iter().map(|(_, part)| part.size).sum();
    let mut before = 0;
    for (name, part) in parts {
        collector
            .sheet(name, |grid| worksheet::read(part.reader(), &book, grid, |position| (before + position, total)))?;
        before += part.size;
    }
    Ok(())
}

/// Names of the sheets with the ids of their links, and what dates count from.
fn sheet_names(archive: &mut Archive<'_>, path: &str) -> Result<(Vec<(String, String)>, Epoch), SheetError> {
    let part = archive.part(path)?.ok_or(SheetError::Damaged)?;
    let mut xml = Xml::new(part.reader());
    let (mut names, mut epoch) = (Vec::new(), Epoch::Of1900);
    while let Some(piece) = xml.next()? {
        let Piece::Open(tag) = piece else { continue };
        match tag.name() {
            "workbookPr" if tag.get("date1904").is_some_and(|value| value == "1" || value == "true") => {
                epoch = Epoch::Of1904;
            }
            "sheet" => {
                let name = tag.get("name").unwrap_or_default().into_owned();
                let id = tag.get("id").unwrap_or_default().into_owned();
                names.push((name, id));
                if names.len() > crate::collect::SHEETS_MAX {
                    return Err(SheetError::TooManySheets);
                }
            }
            _ => {}
        }
    }
    Ok((names, epoch))
}
