//! Columns that a joined cell from above takes, so that the cells of a row move to the right.

use crate::COLUMNS_MAX;

/// For how many more rows each column is taken.
#[derive(Default)]
pub(crate) struct Taken(Vec<usize>);

impl Taken {
    /// The first free column from here on.
    pub fn free_from(&self, column: usize) -> usize {
        let taken = self.0.iter().skip(column).take_while(|rows| **rows > 0).count();
        column.saturating_add(taken)
    }

    /// A cell in `column` is `across` columns wide and `down` rows high.
    pub fn join(&mut self, column: usize, across: usize, down: usize) {
        let end = column.saturating_add(across).min(COLUMNS_MAX);
        if down > 1 && column < end {
            self.0.resize(self.0.len().max(end), 0);
            self.0[column..end].fill(down);
        }
    }

    pub fn rows_done(&mut self, count: usize) {
        for rows in &mut self.0 {
            *rows = rows.saturating_sub(count);
        }
    }
}
