//! The official table as a spreadsheet file (XLSX), made on the phone without a network.

use super::Report;
use super::official::{Official, Table};
use crate::xlsx::{Sheet, Style, pack, write_table};

/// Columns of the first sheet; narrower tables share them.
const GRID: usize = 7;
const GRID_WIDTHS: [u32; GRID] = [6, 52, 14, 13, 14, 13, 12];
const UNIT_WIDTHS: (u32, u32) = (28, 14);

/// The bytes of the file.
pub fn file(report: &Report) -> Vec<u8> {
    let official = Official::of(report);
    let mut sheets = vec![("Biểu tổng hợp", summary_sheet(&official))];
    sheets.extend(official.units.iter().map(|table| ("Chi tiết", units_sheet(table))));
    pack(&sheets)
}

/// A file with one table under its headings.
pub fn table_file(headings: &[String], table: &Table) -> Vec<u8> {
    let mut widths = vec![UNIT_WIDTHS.1; table.columns.len()];
    // The first column numbers the rows, the second names them.
    for (width, wanted) in widths.iter_mut().zip([GRID_WIDTHS[0], UNIT_WIDTHS.0]) {
        *width = wanted;
    }
    let mut sheet = Sheet::new(&widths, true);
    for heading in headings {
        sheet.line(&[(table.columns.len(), Style::Title, heading)]);
    }
    sheet.blank();
    write_table(&mut sheet, table, &vec![1; table.columns.len()]);
    pack(&[("Các đơn vị", sheet)])
}

fn summary_sheet(official: &Official) -> Sheet {
    let mut sheet = Sheet::new(&GRID_WIDTHS, false);
    let height = official.bodies.len().max(official.motto.len());
    for line in 0..height {
        let style = if line == 0 && official.bodies.len() > 1 { Style::Centred } else { Style::CentredBold };
        let body = official.bodies.get(line).map_or("", String::as_str);
        let motto = official.motto.get(line).copied().unwrap_or_default();
        sheet.line(&[(3, style, body), (4, Style::CentredBold, motto)]);
    }
    sheet.blank();
    sheet.line(&[(3, Style::Centred, ""), (4, Style::CentredItalic, &official.place_and_day)]);
    sheet.blank();
    sheet.line(&[(GRID, Style::Title, official.title)]);
    for subtitle in &official.subtitles {
        sheet.line(&[(GRID, Style::CentredItalic, subtitle)]);
    }
    for table in &official.tables {
        sheet.blank();
        sheet.line(&[(GRID, Style::Bold, &table.title)]);
        write_table(&mut sheet, table, &spans(table.columns.len()));
    }
    sheet.blank();
    sheet.line(&[(3, Style::CentredBold, official.signers[0]), (4, Style::CentredBold, official.signers[1])]);
    let note = "(Ký, ghi rõ họ tên)";
    sheet.line(&[(3, Style::CentredItalic, note), (4, Style::CentredItalic, note)]);
    sheet
}

fn units_sheet(table: &Table) -> Sheet {
    let mut widths = vec![UNIT_WIDTHS.1; table.columns.len()];
    widths[0] = UNIT_WIDTHS.0;
    let mut sheet = Sheet::new(&widths, true);
    sheet.line(&[(1, Style::Bold, &table.title)]);
    write_table(&mut sheet, table, &vec![1; table.columns.len()]);
    sheet
}

/// How many grid columns each of a table's columns takes.
fn spans(columns: usize) -> Vec<usize> {
    match columns {
        GRID => vec![1; GRID],
        3 => vec![3, 2, 2],
        2 => vec![3, 4],
        columns => {
            let mut spans = vec![1; columns];
            spans[0] += GRID - columns;
            spans
        }
    }
}
