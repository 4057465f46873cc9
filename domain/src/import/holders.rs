//! A provider's list of who holds a certificate (VNPT, Viettel, …): one row a person, nothing of households.

mod read;

pub use read::read_holders;

use serde::{Deserialize, Serialize};

use super::check::{is_phone, is_text};
use super::value::is_birth_year;
use super::{BadList, COLUMNS_MAX, CellCounts, Column, Converted, ROWS_MAX, Remark};
use crate::Day;

/// What was read from a list of holders.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HolderList {
    /// In the order of the list.
    pub holders: Vec<ListedHolder>,
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

/// One person of the list: one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListedHolder {
    /// Where in the list, counted from 0.
    pub row: usize,
    pub name: String,
    pub birth_year: Option<i64>,
    /// Only where the list certainly gives a day: not for 1 January, which lists write for "some day of that year". For
    /// comparing, never kept.
    pub birth_day: Option<Day>,
    pub phone: Option<String>,
    /// As written; may be empty.
    pub address: String,
    /// Tổ, thôn, ấp: from a column or from the group row above.
    pub cell: Option<String>,
    /// As written: "VNPT", "Viettel".
    pub provider: Option<String>,
    /// The last day on which the certificate is valid.
    pub expires_on: Option<Day>,
}

impl HolderList {
    /// Whether the reader can have made this list.
    ///
    /// # Errors
    /// The first thing found that it would not have made.
    pub fn check(&self) -> Result<(), BadList> {
        if self.holders.len() > ROWS_MAX || self.columns.len() > COLUMNS_MAX {
            return Err(BadList::TooLong);
        }
        let mut last = None;
        for holder in &self.holders {
            if !is_holder(holder) || last.is_some_and(|last| last >= holder.row) {
                return Err(BadList::Row { row: holder.row });
            }
            last = Some(holder.row);
        }
        super::check::report(&self.report, &self.columns, self.first_row)
    }
}

fn is_holder(holder: &ListedHolder) -> bool {
    holder.row < ROWS_MAX
        && is_text(&holder.name)
        && !holder.name.trim().is_empty()
        && holder.birth_year.is_none_or(is_birth_year)
        && holder.birth_day.is_none_or(|day| Some(i64::from(day.year())) == holder.birth_year)
        && holder.phone.as_deref().is_none_or(is_phone)
        && is_text(&holder.address)
        && holder.cell.as_deref().is_none_or(is_text)
        && holder.provider.as_deref().is_none_or(is_text)
}
