//! Finds the header among the title rows and says what each column holds.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::cell::Line;
use super::field::Field;
use super::heading::{lookup, lookup_under};
use super::line::LineKind;
use super::person::shortened;
use super::remark::{RemarkKind, Report};
use crate::service::Service;
use crate::text::{Phone, fold};

/// Title rows above a header are rarely more than ten.
const TITLE_ROWS_MAX: usize = 100;

/// A column of the list and how it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As written; the two rows of a merged header are joined with " – ".
    pub heading: String,
    /// `None` when the heading is not in the dictionary.
    pub field: Option<Field>,
}

pub(super) struct Header {
    pub columns: Vec<Column>,
    /// One row, or two when the header is merged.
    pub rows: Range<usize>,
    /// The folded texts of those rows, to know them when a page repeats them.
    texts: Vec<Vec<String>>,
}

/// The first rows that look like a header: at least two known columns, one of them a name.
pub(super) fn find(lines: &[Line<'_>]) -> Option<Header> {
    let reach = lines.len().min(TITLE_ROWS_MAX);
    let two_known = (0..reach).find_map(|at| {
        let below = lines.get(at + 1).filter(|below| is_second_row(&lines[at], below));
        let columns = columns(&lines[at], below);
        let known = columns.iter().filter(|column| column.field.is_some()).count();
        (known >= 2 && has_name(&columns)).then(|| (columns, at..at + 1 + usize::from(below.is_some())))
    });
    let (columns, rows) =
        two_known.or_else(|| (0..reach).find_map(|at| alone(&lines[at]).map(|columns| (columns, at..at + 1))))?;
    let texts = lines[rows.clone()].iter().map(folded_texts).collect();
    let mut header = Header { columns, rows, texts };
    header.settle(lines);
    Some(header)
}

/// A list of nothing but names.
fn alone(line: &Line<'_>) -> Option<Vec<Column>> {
    let columns = columns(line, None);
    (line.filled().count() == 1 && has_name(&columns)).then_some(columns)
}

fn has_name(columns: &[Column]) -> bool {
    columns.iter().any(|column| matches!(column.field, Some(Field::Head | Field::Name | Field::GivenName)))
}

/// Whether `below` divides columns of `above` (Năm sinh → Nam | Nữ) and is not the first row of data.
fn is_second_row(above: &Line<'_>, below: &Line<'_>) -> bool {
    let mut known_above = 0;
    let mut cells_above = 0;
    for (_, text) in above.filled() {
        cells_above += 1;
        known_above += usize::from(lookup(text).is_some());
    }
    if cells_above < 2 || known_above == 0 {
        return false;
    }
    let mut known_below = 0;
    let mut divides = false;
    for (column, text) in below.filled() {
        let over = above.text(column);
        if over == text {
            continue; // A merged cell that the file repeats.
        }
        if !matches!(below.cell(column), super::Cell::Text(_)) || !text.chars().any(char::is_alphabetic) {
            return false;
        }
        let is_undivided =
            |field: Field| field.is_name() || matches!(field, Field::Ordinal | Field::Phone | Field::Relation);
        let field = lookup_under(parent(above, column), text);
        if lookup(over).is_some_and(is_undivided) && !field.is_some_and(Field::is_name) {
            return false;
        }
        divides = true;
        known_below += usize::from(field.is_some());
    }
    divides && known_below > 0
}

/// The heading over a column: its own, or the merged one that begins to the left.
fn parent<'a>(above: &'a Line<'_>, column: usize) -> &'a str {
    (0..=column).rev().map(|left| above.text(left)).find(|text| !text.is_empty()).unwrap_or("")
}

fn columns(above: &Line<'_>, below: Option<&Line<'_>>) -> Vec<Column> {
    let width = above.width().max(below.map_or(0, Line::width));
    (0..width)
        .map(|column| {
            let over = above.text(column);
            let under = below.map_or("", |below| below.text(column));
            if under.is_empty() || under == over {
                return Column { heading: shortened(over), field: lookup(over) };
            }
            let over = parent(above, column);
            let heading = if over.is_empty() { under.to_owned() } else { format!("{over} – {under}") };
            Column { heading: shortened(&heading), field: lookup_under(over, under) }
        })
        .collect()
}

fn folded_texts(line: &Line<'_>) -> Vec<String> {
    (0..line.width()).map(|column| fold(line.text(column))).collect()
}

impl Column {
    /// The heading's own words, without the merged one above.
    pub(super) fn own_heading(&self) -> &str {
        self.heading.rsplit(" – ").next().unwrap_or(&self.heading)
    }
}

impl Header {
    /// The first column with this field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// The text of the first column with this field; signs alone count as nothing.
    pub fn value<'a>(&self, line: &'a Line<'_>, field: Field) -> &'a str {
        self.column(field).map_or("", |column| line.value(column))
    }

    /// The person's name: one column, or family name and given name joined.
    pub fn name(&self, line: &Line<'_>) -> String {
        let parts = [Field::Name, Field::FamilyName, Field::GivenName].map(|field| self.value(line, field));
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Where to point when a name is remarked on.
    pub fn name_column(&self) -> Option<usize> {
        [Field::Name, Field::FamilyName, Field::GivenName, Field::Head].into_iter().find_map(|field| self.column(field))
    }

    pub fn has_names(&self) -> bool {
        self.has(Field::Name) || self.has(Field::GivenName)
    }

    /// Whether the list has columns of the other two services, so that "BHYT" means the service and not the card.
    pub fn is_campaign_list(&self) -> bool {
        self.columns
            .iter()
            .any(|column| matches!(column.field, Some(Field::Step(step)) if step.service() != Service::HealthRecord))
    }

    /// Whether a page break repeated the header here.
    pub fn is_repeated(&self, line: &Line<'_>) -> bool {
        let cells: Vec<(usize, String)> = line.filled().map(|(column, text)| (column, fold(text))).collect();
        cells.len() >= 2
            && self.texts.iter().any(|texts| cells.iter().all(|(column, text)| texts.get(*column) == Some(text)))
    }

    /// Decides what the headings alone leave open, from the rows below.
    fn settle(&mut self, lines: &[Line<'_>]) {
        let body = &lines[self.rows.end..];
        for column in 0..self.columns.len() {
            // "DT" is ethnicity or telephone.
            if fold(&self.columns[column].heading) == "dt" && holds_phones(body, column) {
                self.columns[column].field = Some(Field::Phone);
            }
        }
        if !self.has(Field::FamilyName)
            && !self.has(Field::Name)
            && let Some(given) = self.column(Field::GivenName)
        {
            self.columns[given].field = Some(Field::Name);
        }
        // A heading merged over two columns: family name and given name.
        if let Some(name) = self.column(Field::Name)
            && !self.has(Field::GivenName)
            && self.columns.get(name + 1).is_some_and(|next| next.heading.is_empty())
            && holds_given_names(body, name)
        {
            self.columns[name].field = Some(Field::FamilyName);
            self.columns[name + 1].field = Some(Field::GivenName);
        }
        let mut seen = Vec::new();
        for column in &mut self.columns {
            match column.field {
                Some(field) if field.is_single() && seen.contains(&field) => column.field = Some(Field::Unused),
                Some(field) => seen.push(field),
                None => {}
            }
        }
    }

    /// One remark for each column that is not taken over.
    pub fn report_columns(&self, body: &[Line<'_>], kinds: &[LineKind], report: &mut Report) {
        let row = self.rows.end - 1;
        let people = || body.iter().zip(kinds).filter(|(_, kind)| **kind == LineKind::Person).map(|(line, _)| line);
        for (index, column) in self.columns.iter().enumerate() {
            let heading = &column.heading;
            let (kind, text) = match column.field {
                Some(Field::Private) => {
                    (RemarkKind::ColumnDropped, format!("Cột “{heading}” là thông tin riêng không cần đến, không nhập"))
                }
                Some(Field::Insurance) if people().any(|line| is_card_number(line.text(index))) => {
                    (RemarkKind::ColumnDropped, format!("Cột “{heading}” có số thẻ, số thẻ không nhập"))
                }
                Some(Field::Insurance) if !self.is_campaign_list() => (
                    RemarkKind::ColumnUnused,
                    format!("Cột “{heading}” chỉ cho biết ai có thẻ, không ghi là đã tích hợp trên VNeID"),
                ),
                Some(Field::Unused) => {
                    (RemarkKind::ColumnUnused, format!("Cột “{heading}” không dùng đến, không nhập"))
                }
                Some(Field::Note) => (
                    RemarkKind::ColumnUnused,
                    format!("Cột “{heading}” chỉ dùng để biết ai đã mất, ai chuyển đi; nội dung khác không nhập"),
                ),
                None if !heading.is_empty() => {
                    (RemarkKind::ColumnUnused, format!("Chưa hiểu tiêu đề cột “{heading}”, không nhập cột này"))
                }
                _ => continue,
            };
            report.cell(row, index, kind, text);
        }
        let width = body.iter().map(Line::width).max().unwrap_or(0);
        for index in 0..width {
            let has_heading =
                self.columns.get(index).is_some_and(|column| !column.heading.is_empty() || column.field.is_some());
            if !has_heading && people().any(|line| !line.text(index).is_empty()) {
                report.cell(row, index, RemarkKind::ColumnUnused, "Cột không có tiêu đề, không nhập".to_owned());
            }
        }
    }
}

/// A number instead of a yes: it says who has a card, not who has linked it.
pub(super) fn is_card_number(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 8
}

fn holds_phones(body: &[Line<'_>], column: usize) -> bool {
    let texts = || body.iter().map(|line| line.value(column)).filter(|text| !text.is_empty()).take(20);
    let phones = texts().filter(|text| !Phone::parse_all(text).phones.is_empty()).count();
    phones > 0 && phones * 2 > texts().count()
}

/// Whether the column after `name` mostly holds a word where `name` does.
fn holds_given_names(body: &[Line<'_>], name: usize) -> bool {
    let named = || body.iter().filter(|line| !line.value(name).is_empty()).take(50);
    let is_word = |text: &str| text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_numeric);
    let words = named().filter(|line| is_word(line.value(name + 1))).count();
    words > 0 && words * 2 > named().count()
}
