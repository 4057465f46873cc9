//! Spreadsheet files (XLSX), made without a network.
//!
//! Written here and not by a library: the one that would do (`rust_xlsxwriter`) adds 263 kB to a phone's first download,
//! three quarters of what the whole app may weigh, and what is needed is a zip of six small files.

mod sheet;
mod zip;

pub use sheet::{Sheet, Style};

use crate::table::Table;

/// The bytes of a file with these sheets, each with its name.
pub fn pack(sheets: &[(&str, Sheet)]) -> Vec<u8> {
    zip::pack(&sheet::parts(sheets))
}

/// The heads of a table and its rows; `spans` says how many of the sheet's columns each of its own takes.
pub fn write_table(sheet: &mut Sheet, table: &Table, spans: &[usize]) {
    let heads = table.columns.iter().zip(spans).map(|(column, span)| (*span, Style::Head, column.as_str()));
    sheet.line(&heads.collect::<Vec<_>>());
    for row in &table.rows {
        sheet.cells(row, spans);
    }
}
