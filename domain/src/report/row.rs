//! A report as one line of a shared spreadsheet: tab-separated, to be pasted into the ward's Google Sheet.

use super::Report;
use super::official::{Cell, Table};
use crate::Day;
use crate::day::time_of_day;

/// Digits without separators, so that a spreadsheet in any language takes them for numbers.
pub fn row(report: &Report) -> String {
    let made = format!("{} {}", Day::at_ms(report.made_ms).vietnamese(), time_of_day(report.made_ms));
    let period = if report.due.is_empty() { "Đột xuất".to_owned() } else { report.due.clone() };
    let mut cells = vec![cell(&report.unit), cell(&period), made];
    for line in &report.lines {
        if let Some(in_period) = line.in_period {
            cells.push(in_period.to_string());
            cells.push(line.adjustment.map(|change| change.to_string()).unwrap_or_default());
        }
        cells.push(line.cumulative.to_string());
    }
    cells.join("\t")
}

/// What the cells of [`row`] are, for the sheet's first line.
pub fn header_row(report: &Report) -> String {
    let mut cells = vec!["Đơn vị".to_owned(), "Kỳ báo cáo".to_owned(), "Lập lúc".to_owned()];
    for (line, label) in report.lines.iter().zip(report.column_labels()) {
        if line.in_period.is_some() {
            cells.push(cell(&format!("{label} (trong kỳ)")));
            cells.push(cell(&format!("{label} (điều chỉnh)")));
            cells.push(cell(&format!("{label} (lũy kế)")));
        } else {
            cells.push(cell(&label));
        }
    }
    cells.join("\t")
}

/// A whole table, to be pasted with its headings.
pub fn table_rows(table: &Table) -> String {
    let plain = |value: &Cell| match value {
        Cell::Text(text) => cell(text),
        Cell::Number(number) => number.to_string(),
        Cell::Change(change) => change.to_string(),
        Cell::None => String::new(),
    };
    let head = table.columns.iter().map(|column| cell(column)).collect::<Vec<_>>().join("\t");
    let rows = table.rows.iter().map(|row| row.iter().map(plain).collect::<Vec<_>>().join("\t"));
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}

/// One cell: no tab or line break of a name moves the cells after it, and none is taken for a formula.
fn cell(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    harmless(text.trim())
}

/// A spreadsheet takes what begins like this for a formula, wherever it is pasted from.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() }
}
