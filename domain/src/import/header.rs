//! Finds the header among the title rows, or takes the one that was chosen, and says what each column holds.

mod columns;
mod told;

pub use columns::Column;
pub(super) use told::is_card_number;

use std::ops::Range;

use super::NotAList;
use super::cell::Line;
use super::field::Field;
use super::heading::{lookup, lookup_under};
use super::options::Mapping;
use crate::service::Service;
use crate::text::fold;

/// Title rows above a header are rarely more than ten.
const TITLE_ROWS_MAX: usize = 100;

pub(super) struct Header {
    pub columns: Vec<Column>,
    /// One row, two when the header is merged, none when the list begins with its data.
    pub rows: Range<usize>,
    /// Where the data begin.
    pub first_row: usize,
    /// The folded texts of the header's rows, to know them when a page repeats them.
    texts: Vec<Vec<String>>,
}

/// The header and its columns as proposed and chosen. Says nothing of whether there is a column of names.
pub(super) fn find(lines: &[Line<'_>], mapping: &Mapping) -> Result<Header, NotAList> {
    let (rows, first_row) = place(lines, mapping).ok_or(NotAList::NoHeader)?;
    let body = lines.get(first_row..).unwrap_or_default();
    let columns = columns::propose(&lines[rows.clone()], body, mapping);
    let texts = lines[rows.clone()].iter().map(folded_texts).collect();
    Ok(Header { columns, rows, first_row, texts })
}

/// The rows of the header, and the first row of data.
fn place(lines: &[Line<'_>], mapping: &Mapping) -> Option<(Range<usize>, usize)> {
    if let Some(at) = mapping.header_row {
        let below = lines.get(at + 1).filter(|below| is_second_row(lines.get(at), below));
        let end = at + 1 + usize::from(below.is_some() && mapping.first_row.is_none_or(|first| first > at + 1));
        let first_row = mapping.first_row.unwrap_or(end).max(end);
        return (end <= lines.len()).then_some((at..end, first_row));
    }
    let found = detect(lines);
    let Some(first_row) = mapping.first_row else {
        return found.map(|rows| (rows.clone(), rows.end));
    };
    match found {
        Some(rows) if rows.start < first_row => {
            let end = rows.end.min(first_row);
            Some((rows.start..end, first_row))
        }
        // Data from here on, whatever looks like a header further down.
        _ => (first_row < lines.len()).then_some((first_row..first_row, first_row)),
    }
}

/// The first rows that look like a header: at least two known columns, one of them a name.
fn detect(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let reach = lines.len().min(TITLE_ROWS_MAX);
    let two_known = (0..reach).find_map(|at| {
        let rows = at..at + 1 + usize::from(lines.get(at + 1).is_some_and(|below| is_second_row(lines.get(at), below)));
        let columns = columns::of_headings(&lines[rows.clone()]);
        let known = columns.iter().filter(|column| column.field.is_some()).count();
        (known >= 2 && has_name(&columns)).then_some(rows)
    });
    // A list of nothing but names.
    let is_alone =
        |line: &Line<'_>| line.filled().count() == 1 && has_name(&columns::of_headings(std::slice::from_ref(line)));
    two_known.or_else(|| (0..reach).find(|&at| is_alone(&lines[at])).map(|at| at..at + 1))
}

fn has_name(columns: &[Column]) -> bool {
    columns.iter().any(|column| matches!(column.field, Some(Field::Head | Field::Name | Field::GivenName)))
}

/// Whether `below` divides columns of `above` (Năm sinh → Nam | Nữ) and is not the first row of data.
fn is_second_row(above: Option<&Line<'_>>, below: &Line<'_>) -> bool {
    let Some(above) = above else { return false };
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
        let field = lookup_under(columns::parent(above, column), text);
        if lookup(over).is_some_and(is_undivided) && !field.is_some_and(Field::is_name) {
            return false;
        }
        divides = true;
        known_below += usize::from(field.is_some());
    }
    divides && known_below > 0
}

fn folded_texts(line: &Line<'_>) -> Vec<String> {
    (0..line.width()).map(|column| fold(line.text(column))).collect()
}

impl Header {
    /// The first column with this field.
    pub fn column(&self, field: Field) -> Option<usize> {
        columns::position(&self.columns, field)
    }

    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    pub fn field(&self, column: usize) -> Option<Field> {
        self.columns.get(column).and_then(|column| column.field)
    }

    pub fn heading(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| column.heading.as_str())
    }

    /// The text of the first column with this field; signs alone count as nothing.
    pub fn value<'a>(&self, line: &'a Line<'_>, field: Field) -> &'a str {
        self.column(field).map_or("", |column| line.value(column))
    }

    /// The person's name: one column, or family name and given name joined.
    pub fn name(&self, line: &Line<'_>) -> String {
        let parts = NAME_PARTS.map(|field| self.value(line, field));
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Where to point when a name is remarked on.
    pub fn name_column(&self) -> Option<usize> {
        NAME_PARTS.into_iter().chain([Field::Head]).find_map(|field| self.column(field))
    }

    pub fn has_names(&self) -> bool {
        self.has(Field::Name) || self.has(Field::GivenName)
    }

    /// Whether anybody is named at all.
    pub fn names_somebody(&self) -> bool {
        has_name(&self.columns)
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
}

/// The columns of a person's name, in the order in which they are joined.
pub(super) const NAME_PARTS: [Field; 3] = [Field::Name, Field::FamilyName, Field::GivenName];
