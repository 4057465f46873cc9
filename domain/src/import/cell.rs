//! One cell of a sheet, and one row of them with their text made readable.

use unicode_normalization::UnicodeNormalization;

use crate::text::clean;

/// A cell as the file holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Date {
        year: i32,
        month: u32,
        day: u32,
    },
    Bool(bool),
}

impl Cell {
    /// What a person sees in the cell; a whole number has no `.0`.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(number) if number.is_finite() => format!("{number}"),
            Cell::Number(_) | Cell::Empty => String::new(),
            Cell::Date { year, month, day } => format!("{day:02}/{month:02}/{year:04}"),
            Cell::Bool(flag) => if *flag { "có" } else { "không" }.to_owned(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

/// Cleaned, and with full-width digits and ligatures, which come from scanned lists, made plain (NFKC).
fn readable(text: &str) -> String {
    // Nearly every cell; the tables of NFKC are slow.
    let is_plain = |c: char| matches!(c, ' '..='~' | 'À'..='ı' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}');
    if text.chars().all(is_plain) { clean(text) } else { clean(&text.nfkc().collect::<String>()) }
}

/// A row with its cleaned texts.
pub(super) struct Line<'a> {
    pub row: usize,
    cells: &'a [Cell],
    texts: Vec<String>,
}

impl<'a> Line<'a> {
    pub fn new(row: usize, cells: &'a [Cell]) -> Self {
        Self { row, cells, texts: cells.iter().map(|cell| readable(&cell.text())).collect() }
    }

    pub fn is_blank(&self) -> bool {
        self.texts.iter().all(String::is_empty)
    }

    pub fn width(&self) -> usize {
        self.texts.len()
    }

    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// The text as it stands, signs included.
    pub fn text(&self, column: usize) -> &str {
        self.texts.get(column).map_or("", String::as_str)
    }

    /// The text, or nothing for `-`, `…`, `?` and the like.
    pub fn value(&self, column: usize) -> &str {
        let text = self.text(column);
        if text.chars().any(char::is_alphanumeric) { text } else { "" }
    }

    /// Whether the cell says something: `-`, `…`, `?` are how people write that they leave it blank.
    pub fn says_something(&self, column: usize) -> bool {
        const BLANK: &str = "-–—_.…,;:/\\|?*'\"`´’‘“”()[] ";
        !self.text(column).chars().all(|c| BLANK.contains(c))
    }

    /// Columns and texts of the cells that hold something.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.texts.iter().map(String::as_str).enumerate().filter(|(_, text)| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_character_is_read_as_its_plain_form() {
        for c in '\0'..=char::MAX {
            let text = String::from(c);
            assert_eq!(readable(&text), clean(&text.nfkc().collect::<String>()), "U+{:04X}", u32::from(c));
        }
    }
}
