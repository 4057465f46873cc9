//! A household list as communes keep it, read from the cells of a spreadsheet into households and residents.
//!
//! Pure: the server turns files into [`Cell`]s. Nothing is dropped in silence: each row that is left out and each cell
//! that is not understood becomes a [`Remark`] with its reason, so that a person can check the result against the list.

mod cell;
pub mod changes;
mod check;
mod documents;
mod field;
mod grouping;
mod header;
mod heading;
mod key;
mod line;
mod person;
mod remark;
mod value;

pub use cell::Cell;
pub use check::{BadList, TEXT_CHARS_MAX};
pub use documents::{already_outcomes, documents};
pub use field::{Field, UnknownField};
pub use header::Column;
pub use remark::{Remark, RemarkKind};

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::people::Gone;
use crate::place::Priority;
use crate::service::Step;
use cell::Line;
use line::LineKind;
use remark::Report;

/// The largest commune of the plans has about 9,000 households; five people each still fit.
pub const ROWS_MAX: usize = 50_000;
/// The widest lists in use have about 40.
pub const COLUMNS_MAX: usize = 200;

/// What was read from a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// In the order of the list.
    pub households: Vec<ListedHousehold>,
    /// In the order of the rows.
    pub report: Vec<Remark>,
    /// How each column was understood.
    pub columns: Vec<Column>,
    /// The first row below the header, counted from 0.
    pub first_row: usize,
}

/// A household of the list, before it has an id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListedHousehold {
    /// Stays the same when the list comes again: the household code, else the head's name and house number.
    pub list_key: String,
    pub head: String,
    pub house_no: String,
    pub phone: Option<String>,
    pub priorities: Vec<Priority>,
    /// Tổ, thôn, ấp: from a column or from the group row above.
    pub cell: Option<String>,
    pub residents: Vec<ListedResident>,
}

/// One person of the list: one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListedResident {
    pub name: String,
    pub birth_year: Option<i64>,
    pub relation: String,
    pub phone: Option<String>,
    pub gone: Option<Gone>,
    /// The last four digits of the căn cước, only where the coordinator asked for them: tells two of one name apart.
    #[serde(default)]
    pub id_tail: Option<String>,
    /// Where in the list, counted from 0.
    pub row: usize,
    /// What the list says this resident has had from before.
    pub already: Vec<Step>,
}

/// Why cells are not a list of households.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAList {
    #[error("Trang tính này trống")]
    Empty,
    #[error("Không tìm thấy dòng tiêu đề: cần có cột “Họ và tên” hoặc “Chủ hộ”")]
    NoHeader,
    #[error("Danh sách có {rows} dòng, nhiều nhất là {ROWS_MAX} dòng; hãy tách theo tổ, thôn")]
    TooManyRows { rows: usize },
    #[error("Danh sách có {columns} cột, nhiều nhất là {COLUMNS_MAX} cột")]
    TooManyColumns { columns: usize },
}

impl List {
    /// The tổ, thôn, ấp named in the list, in its order.
    pub fn cells(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.households
            .iter()
            .filter_map(|household| household.cell.as_deref())
            .filter(|cell| seen.insert(*cell))
            .collect()
    }

    /// Only the households of one cell, to be stored in that cell's area; keys stay as they are in the whole list.
    #[must_use]
    pub fn in_cell(&self, cell: Option<&str>) -> Self {
        let mut part = self.clone();
        part.households.retain(|household| household.cell.as_deref() == cell);
        part
    }
}

/// Reads one sheet. Rows may have different lengths; formatted but empty cells around the list do not count.
pub fn read_list(rows: &[Vec<Cell>]) -> Result<List, NotAList> {
    let lines = lines(rows)?;
    let header = header::find(&lines).ok_or(NotAList::NoHeader)?;
    let mut report = Report::default();
    for line in lines[..header.rows.start].iter().filter(|line| !line.is_blank()) {
        report.row(line.row, RemarkKind::NotData, "Dòng phía trên tiêu đề");
    }
    let body = &lines[header.rows.end..];
    let kinds = line::classify(body, &header);
    header.report_columns(body, &kinds, &mut report);

    let mut grouping = grouping::Grouping::new(&header, body, &kinds);
    for (line, kind) in body.iter().zip(&kinds) {
        match kind {
            LineKind::Blank => {}
            LineKind::Person => {
                let person = person::read(line, &header, &mut report);
                grouping.add(person, &mut report);
            }
            LineKind::Group(cell) => {
                grouping.enter_cell(cell);
                report.row(line.row, RemarkKind::Group, &format!("Dòng nhóm “{cell}”"));
            }
            LineKind::LeftOut(kind, why) => report.row(line.row, *kind, why),
        }
    }
    let households = grouping.finish(&mut report);
    Ok(List { households, report: report.finish(), columns: header.columns, first_row: header.rows.end })
}

fn lines(rows: &[Vec<Cell>]) -> Result<Vec<Line<'_>>, NotAList> {
    let used = rows.iter().rposition(|row| row.iter().any(|cell| !cell.is_empty())).map_or(0, |last| last + 1);
    if used == 0 {
        return Err(NotAList::Empty);
    }
    if used > ROWS_MAX {
        return Err(NotAList::TooManyRows { rows: used });
    }
    let width = |row: &Vec<Cell>| row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let columns = rows[..used].iter().map(width).max().unwrap_or(0);
    if columns > COLUMNS_MAX {
        return Err(NotAList::TooManyColumns { columns });
    }
    let lines: Vec<Line<'_>> =
        rows[..used].iter().enumerate().map(|(row, cells)| Line::new(row, &cells[..width(cells)])).collect();
    // Cells of invisible characters only.
    if lines.iter().all(Line::is_blank) { Err(NotAList::Empty) } else { Ok(lines) }
}

#[cfg(test)]
mod tests;
