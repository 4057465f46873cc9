//! What a coordinator decides about a list: columns, where it begins, how its old fonts are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::{Column, Field};
use crate::text::{Legacy, fold};

/// What a coordinator decides about a list; by default everything is as the reader proposes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    pub mapping: Mapping,
    /// Keeps the last four digits of a căn cước; every other private column is dropped whatever is chosen.
    pub keep_id_tail: bool,
    pub legacy: Legacy,
}

/// What columns hold and where the data begin, where the proposal is wrong. Rows and columns are counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// Only the columns that were chosen; `None` leaves a column out.
    pub columns: BTreeMap<usize, Option<Field>>,
    pub header_row: Option<usize>,
    /// Alone: from here on there are data, and a header only if one is found above.
    pub first_row: Option<usize>,
}

impl Mapping {
    /// The part that is right for every list with the same headings: titles above them come and go.
    #[must_use]
    pub fn remembered(&self) -> Self {
        Self { columns: self.columns.clone(), ..Self::default() }
    }

    /// Equal for lists with equal headings, so that a choice can be kept under it; says nothing of the headings.
    pub fn signature(columns: &[Column]) -> String {
        let mut headings: Vec<String> = columns.iter().map(|column| fold(&column.heading)).collect();
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        format!("{:032x}", xxh3_128(headings.join("\n").as_bytes()))
    }
}

/// What would be read how: for the menu above a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub columns: Vec<Column>,
    /// The first row of the header; `None` for a list without one.
    pub header_row: Option<usize>,
    pub first_row: usize,
    /// See [`Mapping::signature`].
    pub signature: String,
    /// The first values of each column, old fonts converted; none of columns that are dropped on purpose.
    pub samples: Vec<Vec<String>>,
    /// The first rows of the sheet, to look for the header in.
    pub top: Vec<Vec<String>>,
}
