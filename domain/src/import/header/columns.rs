//! What the columns hold: first by their headings, then by the rows below them, last by what was chosen.

use serde::{Deserialize, Serialize};

use super::super::cell::Line;
use super::super::field::Field;
use super::super::heading::{lookup, lookup_under};
use super::super::options::Mapping;
use super::super::person::shortened;
use crate::text::{Phone, fold};

/// A column of the list and how it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As written; the two rows of a merged header are joined with " – ".
    pub heading: String,
    /// `None` when the heading is not in the dictionary, or when the column is left out by choice.
    pub field: Option<Field>,
    /// The field was chosen by a person, not proposed.
    #[serde(default)]
    pub is_chosen: bool,
}

impl Column {
    fn proposed(heading: &str, field: Option<Field>) -> Self {
        Self { heading: shortened(heading), field, is_chosen: false }
    }

    /// The heading's own words, without the merged one above.
    pub(in super::super) fn own_heading(&self) -> &str {
        self.heading.rsplit(" – ").next().unwrap_or(&self.heading)
    }
}

/// By the headings, by the body, by choice.
pub(super) fn propose(headings: &[Line<'_>], body: &[Line<'_>], mapping: &Mapping) -> Vec<Column> {
    let mut columns = of_headings(headings);
    let width = body.iter().map(Line::width).max().unwrap_or(0).max(columns.len());
    columns.resize_with(width, || Column::proposed("", None));
    settle(&mut columns, body);
    for (&at, &field) in &mapping.columns {
        if let Some(column) = columns.get_mut(at) {
            *column = Column { field, is_chosen: true, ..column.clone() };
        }
    }
    keep_single(&mut columns);
    columns
}

pub(super) fn of_headings(headings: &[Line<'_>]) -> Vec<Column> {
    let (Some(above), below) = (headings.first(), headings.get(1)) else { return Vec::new() };
    let width = above.width().max(below.map_or(0, Line::width));
    (0..width)
        .map(|column| {
            let over = above.text(column);
            let under = below.map_or("", |below| below.text(column));
            if under.is_empty() || under == over {
                return Column::proposed(over, lookup(over));
            }
            let over = parent(above, column);
            let heading = if over.is_empty() { under.to_owned() } else { format!("{over} – {under}") };
            Column::proposed(&heading, lookup_under(over, under))
        })
        .collect()
}

/// The heading over a column: its own, or the merged one that begins to the left.
pub(super) fn parent<'a>(above: &'a Line<'_>, column: usize) -> &'a str {
    (0..=column).rev().map(|left| above.text(left)).find(|text| !text.is_empty()).unwrap_or("")
}

/// The first column with this field.
pub(super) fn position(columns: &[Column], field: Field) -> Option<usize> {
    columns.iter().position(|column| column.field == Some(field))
}

/// Decides what the headings alone leave open, from the rows below.
fn settle(columns: &mut [Column], body: &[Line<'_>]) {
    for (at, column) in columns.iter_mut().enumerate() {
        // "DT" is ethnicity or telephone.
        if fold(&column.heading) == "dt" && holds_phones(body, at) {
            column.field = Some(Field::Phone);
        }
    }
    let has = |columns: &[Column], field| position(columns, field).is_some();
    if !has(columns, Field::FamilyName)
        && !has(columns, Field::Name)
        && let Some(given) = position(columns, Field::GivenName)
    {
        columns[given].field = Some(Field::Name);
    }
    // A heading merged over two columns: family name and given name.
    if let Some(name) = position(columns, Field::Name)
        && !has(columns, Field::GivenName)
        && columns.get(name + 1).is_some_and(|next| next.heading.is_empty())
        && holds_given_names(body, name)
    {
        columns[name].field = Some(Field::FamilyName);
        columns[name + 1].field = Some(Field::GivenName);
    }
}

/// One column for each field of which there can be only one: a chosen one before a proposed one, the left before the
/// right.
fn keep_single(columns: &mut [Column]) {
    let mut seen: Vec<Field> = Vec::new();
    for is_chosen in [true, false] {
        for column in columns.iter_mut().filter(|column| column.is_chosen == is_chosen) {
            match column.field {
                Some(field) if field.is_single() && seen.contains(&field) => column.field = Some(Field::Unused),
                Some(field) => seen.push(field),
                None => {}
            }
        }
    }
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
