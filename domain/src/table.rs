//! Tables as people read them, for the screen, for paper and for spreadsheets.

use crate::number::grouped;
use crate::report::signed;

/// A cell that is shown as people write it and stays a number in a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(u64),
    /// A change, with its sign.
    Change(i64),
    /// There is no such figure: not zero.
    None,
}

impl Cell {
    pub fn shown(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => grouped(*number),
            Cell::Change(change) if *change == 0 => "0".to_owned(),
            Cell::Change(change) => signed(*change),
            Cell::None => "—".to_owned(),
        }
    }

    /// A figure stands at the right of its column.
    pub fn is_figure(&self) -> bool {
        match self {
            Cell::Text(text) => text.ends_with('%'),
            Cell::Number(_) | Cell::Change(_) | Cell::None => true,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}
