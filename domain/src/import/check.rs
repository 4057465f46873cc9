//! A list that comes from a browser is checked before the server believes it: the reader keeps these limits, so what
//! breaks them was not made by it.

use std::collections::HashSet;

use super::value::is_birth_year;
use super::{COLUMNS_MAX, Column, List, ListedHousehold, ListedResident, ROWS_MAX, Remark};
use crate::people::Gone;
use crate::place::Priority;
use crate::service::Step;
use crate::text::{Phone, fold};

/// Longer than every text that the reader takes over, remarks included.
pub const TEXT_CHARS_MAX: usize = 800;

/// What the reader would never have made. Rows are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadList {
    #[error("Danh sách gửi lên quá dài; hãy tách theo tổ, thôn rồi gửi lại")]
    TooLong,
    #[error("Danh sách gửi lên có một hộ không có người nào; hãy tải lại trang rồi nhập lại")]
    EmptyHousehold,
    #[error("Danh sách gửi lên có hai hộ cùng một mã; hãy tải lại trang rồi nhập lại")]
    SameKey,
    #[error("Dòng {} gửi lên không đúng dạng; hãy tải lại trang rồi nhập lại", row + 1)]
    Row { row: usize },
    #[error("Phần ghi chú của danh sách gửi lên không đúng dạng; hãy tải lại trang rồi nhập lại")]
    Report,
}

impl List {
    /// Whether the reader can have made this list.
    ///
    /// # Errors
    /// The first thing found that it would not have made.
    pub fn check(&self) -> Result<(), BadList> {
        let residents = || self.households.iter().flat_map(|household| &household.residents);
        if residents().count() > ROWS_MAX || self.households.len() > ROWS_MAX || self.columns.len() > COLUMNS_MAX {
            return Err(BadList::TooLong);
        }
        let mut keys = HashSet::new();
        let mut rows = HashSet::new();
        for household in &self.households {
            let first = household.residents.first().ok_or(BadList::EmptyHousehold)?;
            if !is_household(household) {
                return Err(BadList::Row { row: first.row });
            }
            if !keys.insert(fold(&household.list_key)) {
                return Err(BadList::SameKey);
            }
            for resident in &household.residents {
                if !is_resident(resident) || !rows.insert(resident.row) {
                    return Err(BadList::Row { row: resident.row });
                }
            }
        }
        report(&self.report, &self.columns, self.first_row)
    }
}

/// What both kinds of list tell of themselves.
pub(super) fn report(remarks: &[Remark], columns: &[Column], first_row: usize) -> Result<(), BadList> {
    let is_remark = |remark: &Remark| {
        remark.row < ROWS_MAX && remark.column.is_none_or(|column| column < COLUMNS_MAX) && is_text(&remark.text)
    };
    let is_fine =
        first_row <= ROWS_MAX && columns.iter().all(|column| is_text(&column.heading)) && remarks.iter().all(is_remark);
    if is_fine { Ok(()) } else { Err(BadList::Report) }
}

fn is_household(household: &ListedHousehold) -> bool {
    is_text(&household.list_key)
        && is_filled(&household.head)
        && is_text(&household.house_no)
        && household.cell.as_deref().is_none_or(is_filled)
        && household.phone.as_deref().is_none_or(is_phone)
        && household.priorities.len() <= Priority::ALL.len()
}

fn is_resident(resident: &ListedResident) -> bool {
    resident.row < ROWS_MAX
        && is_filled(&resident.name)
        && is_text(&resident.relation)
        && resident.birth_year.is_none_or(is_birth_year)
        && resident.phone.as_deref().is_none_or(is_phone)
        && resident.id_tail.as_deref().is_none_or(is_id_tail)
        // No list says that one of its rows is a mistake.
        && resident.gone != Some(Gone::Deleted)
        && resident.already.len() <= Step::ALL.len()
}

fn is_filled(text: &str) -> bool {
    is_text(text) && !text.trim().is_empty()
}

/// Short, and without control characters: what `Document::check` asks of every text.
pub(super) fn is_text(text: &str) -> bool {
    text.chars().count() <= TEXT_CHARS_MAX && !text.chars().any(char::is_control)
}

/// In the one form that is kept.
pub(super) fn is_phone(text: &str) -> bool {
    Phone::parse(text).is_ok_and(|phone| phone.as_str() == text)
}

fn is_id_tail(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}
