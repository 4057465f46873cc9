//! A household list as communes keep it, read from the cells of a spreadsheet into households and residents.
//!
//! Pure: the server turns files into [`Cell`]s. Nothing is dropped in silence: each row that is left out and each cell
//! that is not understood becomes a [`Remark`] with its reason, so that a person can check the result against the list.

mod cell;
pub mod changes;
mod check;
mod converted;
mod field;
mod grouping;
mod header;
mod heading;
mod holders;
mod key;
mod line;
mod options;
mod person;
mod remark;
mod value;

pub use cell::Cell;
pub use check::{BadList, TEXT_CHARS_MAX};
pub use converted::Converted;
pub use field::{Field, UnknownField};
pub use header::Column;
pub use holders::{HolderList, ListedHolder, read_holders};
pub use options::{Mapping, Options, Proposal};
pub use remark::{CellCounts, Remark, RemarkKind, column_letters};

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::people::Gone;
use crate::place::Priority;
use crate::service::Step;
use cell::Line;
use header::Header;
use line::LineKind;
use remark::{Report, quote};

/// The largest commune of the plans has about 9,000 households; five people each still fit.
pub const ROWS_MAX: usize = 50_000;
/// The widest lists in use have about 40.
pub const COLUMNS_MAX: usize = 200;

/// What was read from a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// In the order of the list.
    pub households: Vec<ListedHousehold>,
    /// In the order of the rows.
    pub report: Vec<Remark>,
    /// How each column was understood.
    pub columns: Vec<Column>,
    /// The first row below the header, counted from 0.
    pub first_row: usize,
    #[serde(default)]
    pub counts: CellCounts,
    /// Old fonts that were converted, with samples for a preview.
    #[serde(default)]
    pub converted: Option<Converted>,
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
    #[error("Chưa biết cột nào là họ tên: hãy chọn cột “Họ và tên” hoặc “Họ tên chủ hộ”")]
    NoName,
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

/// Reads one sheet as the reader proposes. Rows may have different lengths; formatted but empty cells around the list do
/// not count.
pub fn read_list(rows: &[Vec<Cell>]) -> Result<List, NotAList> {
    read_list_with(rows, &Options::default())
}

/// Reads one sheet as the coordinator decided.
pub fn read_list_with(rows: &[Vec<Cell>], options: &Options) -> Result<List, NotAList> {
    let (rows, converted) = converted::readable(used(rows)?, options.legacy);
    let lines = lines(&rows);
    let sheet = Sheet::open(&lines, options)?;
    let mut report = sheet.report(converted.as_ref(), |field| person::is_kept(field, options.keep_id_tail));

    let mut grouping = grouping::Grouping::new(&sheet.header, sheet.body, &sheet.kinds);
    for (line, kind) in sheet.body.iter().zip(&sheet.kinds) {
        match kind {
            LineKind::Blank => {}
            LineKind::Person => {
                let person = person::read(line, &sheet.header, options.keep_id_tail, &mut report);
                grouping.add(person, &mut report);
            }
            LineKind::Group(cell) => {
                grouping.enter_cell(cell);
                report.row(line.row, RemarkKind::Group, &format!("Dòng nhóm {}", quote(cell)));
            }
            LineKind::LeftOut(kind, why) => report.left_out(line, *kind, why),
        }
    }
    let households = grouping.finish(&mut report);
    let (report, counts) = report.finish();
    let first_row = sheet.header.first_row;
    Ok(List { households, report, columns: sheet.header.columns, first_row, counts, converted })
}

/// How the sheet would be read, for the menu of columns: also where no column of names is known yet.
pub fn propose(rows: &[Vec<Cell>], options: &Options) -> Result<Proposal, NotAList> {
    let (rows, _) = converted::readable(used(rows)?, options.legacy);
    let lines = lines(&rows);
    let top = lines.iter().take(TOP_ROWS).map(|line| (0..line.width()).map(|at| sample(line.text(at))).collect());
    let header = header::find(&lines, &options.mapping)?;
    let body = lines.get(header.first_row..).unwrap_or_default();
    let samples = header.columns.iter().enumerate().map(|(at, column)| {
        if matches!(column.field, Some(Field::IdNumber | Field::Private)) {
            return Vec::new();
        }
        body.iter().map(|line| line.text(at)).filter(|text| !text.is_empty()).take(SAMPLES).map(sample).collect()
    });
    Ok(Proposal {
        samples: samples.collect(),
        top: top.collect(),
        signature: Mapping::signature(&header.columns),
        header_row: (!header.rows.is_empty()).then_some(header.rows.start),
        first_row: header.first_row,
        columns: header.columns,
    })
}

/// Enough to know a column by, and to find a header.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 40;
const TOP_ROWS: usize = 15;

fn sample(text: &str) -> String {
    text.chars().take(SAMPLE_CHARS).collect()
}

/// A sheet whose header is found and whose rows are told apart.
struct Sheet<'a> {
    lines: &'a [Line<'a>],
    header: Header,
    body: &'a [Line<'a>],
    /// One a line of the body.
    kinds: Vec<LineKind>,
}

impl<'a> Sheet<'a> {
    fn open(lines: &'a [Line<'a>], options: &Options) -> Result<Self, NotAList> {
        if lines.iter().all(Line::is_blank) {
            return Err(NotAList::Empty); // Cells of invisible characters only.
        }
        let header = header::find(lines, &options.mapping)?;
        if !header.names_somebody() {
            return Err(NotAList::NoName);
        }
        let body = lines.get(header.first_row..).unwrap_or_default();
        let kinds = line::classify(body, &header);
        Ok(Self { lines, header, body, kinds })
    }

    /// What there is to say before the first row of data.
    fn report(&self, converted: Option<&Converted>, is_kept: impl Fn(Field) -> bool) -> Report {
        let mut report = Report::default();
        if let Some(converted) = converted {
            report.row(0, RemarkKind::Converted, &converted.sentence());
        }
        let Header { rows, first_row, .. } = &self.header;
        let around = [
            (0..rows.start, "Dòng phía trên tiêu đề"),
            (rows.end..*first_row, "Dòng phía trên dòng đầu tiên được chọn"),
        ];
        for (range, why) in around {
            for line in self.lines.get(range).unwrap_or_default().iter().filter(|line| !line.is_blank()) {
                report.row(line.row, RemarkKind::NotData, why);
            }
        }
        self.header.report_columns(self.body, &self.kinds, is_kept, &mut report);
        report
    }
}

/// The rows down to the last that holds something.
fn used(rows: &[Vec<Cell>]) -> Result<&[Vec<Cell>], NotAList> {
    let used = rows.iter().rposition(|row| row.iter().any(|cell| !cell.is_empty())).map_or(0, |last| last + 1);
    if used == 0 {
        return Err(NotAList::Empty);
    }
    if used > ROWS_MAX {
        return Err(NotAList::TooManyRows { rows: used });
    }
    let columns = rows[..used].iter().map(|row| width(row)).max().unwrap_or(0);
    if columns > COLUMNS_MAX {
        return Err(NotAList::TooManyColumns { columns });
    }
    Ok(&rows[..used])
}

fn width(row: &[Cell]) -> usize {
    row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

fn lines(rows: &[Vec<Cell>]) -> Vec<Line<'_>> {
    rows.iter().enumerate().map(|(row, cells)| Line::new(row, &cells[..width(cells)])).collect()
}

#[cfg(test)]
mod tests;
