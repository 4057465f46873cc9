//! Where the readers of all formats put their cells: keeps the bounds on rows, columns, cells and text.

use domain::import::Cell;

use crate::{COLUMNS_MAX, Progress, ROWS_MAX, Refused, Sheet, SheetError, Workbook};

/// Places for cells in the whole file, empty ones between filled ones included: 50,000 people with 80 columns.
const PLACES_MAX: usize = 4_000_000;
/// Bytes of text in the cells of the whole file.
const TEXT_MAX: usize = 64 << 20;
/// What a text in memory costs beyond its bytes.
const TEXT_COST: usize = 16;
/// A row costs its own place in the list of rows, which may have grown to twice its need.
const ROW_COST: usize = 2;
pub(crate) const SHEETS_MAX: usize = 256;
/// How many rows go by between two words on progress.
const PROGRESS_ROWS: usize = 500;

/// Takes the sheets of one file.
pub(crate) struct Collector<'p> {
    workbook: Workbook,
    places: usize,
    text: usize,
    rows: usize,
    told: usize,
    progress: &'p mut dyn FnMut(Progress),
}

/// One sheet being read.
pub(crate) struct Grid<'c, 'p> {
    collector: &'c mut Collector<'p>,
    rows: Vec<Vec<Cell>>,
    last: usize,
}

impl<'p> Collector<'p> {
    pub fn new(progress: &'p mut dyn FnMut(Progress)) -> Self {
        Self { workbook: Workbook::default(), places: PLACES_MAX, text: TEXT_MAX, rows: 0, told: 0, progress }
    }

    /// Reads a sheet with `read`. A sheet that fails is remembered as refused, and what it took is given back.
    pub fn sheet(
        &mut self,
        name: String,
        read: impl FnOnce(&mut Grid<'_, 'p>) -> Result<(), SheetError>,
    ) -> Result<(), SheetError> {
        if self.workbook.sheets.len() + self.workbook.refused.len() == SHEETS_MAX {
            return Err(SheetError::TooManySheets);
        }
        let (places, text) = (self.places, self.text);
        let mut grid = Grid { collector: self, rows: Vec::new(), last: 0 };
        match read(&mut grid) {
            Ok(()) => {
                let rows = grid.rows;
                self.workbook.sheets.push(Sheet { name, rows });
            }
            Err(why) => {
                drop(grid);
                (self.places, self.text) = (places, text);
                self.workbook.refused.push(Refused { name, why });
            }
        }
        Ok(())
    }

    /// The sheets; when none could be read, the reason of the first.
    pub fn finish(self) -> Result<Workbook, SheetError> {
        (self.progress)(Progress { rows: self.rows, share: 1.0 });
        match (&*self.workbook.sheets, &*self.workbook.refused) {
            ([], [first, ..]) => Err(first.why.clone()),
            ([], []) => Err(SheetError::NotASheet),
            _ => Ok(self.workbook),
        }
    }
}

impl Grid<'_, '_> {
    /// Puts a cell in its place, both counted from 0. Blank ones cost nothing wherever they are: spreadsheets have
    /// formatted cells far beyond their lists.
    pub fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), SheetError> {
        let text = match &cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) if text.trim().is_empty() => return Ok(()),
            Cell::Text(text) => text.len() + TEXT_COST,
            _ => 0,
        };
        if row >= ROWS_MAX {
            return Err(SheetError::TooManyRows);
        }
        if column >= COLUMNS_MAX {
            return Err(SheetError::TooManyColumns);
        }
        take(&mut self.collector.text, text)?;
        if row >= self.rows.len() {
            take(&mut self.collector.places, (row + 1 - self.rows.len()) * ROW_COST)?;
            self.rows.resize_with(row + 1, Vec::new);
        }
        if row != self.last {
            self.shrink(self.last);
            self.last = row;
        }
        let cells = &mut self.rows[row];
        if column >= cells.len() {
            let before = cells.capacity();
            cells.resize(column + 1, Cell::Empty);
            take(&mut self.collector.places, cells.capacity() - before)?;
        }
        cells[column] = cell;
        Ok(())
    }

    /// One more row has been read, and `done` of `total` units of the file.
    pub fn row_done(&mut self, done: u64, total: u64) {
        let collector = &mut *self.collector;
        collector.rows += 1;
        if collector.rows >= collector.told + PROGRESS_ROWS {
            collector.told = collector.rows;
            #[expect(clippy::cast_precision_loss, reason = "a share for a bar on the screen")]
            let share = if total == 0 { 0.0 } else { (done as f32 / total as f32).min(1.0) };
            (collector.progress)(Progress { rows: collector.rows, share });
        }
    }

    /// Gives back what a row has reserved beyond its need.
    fn shrink(&mut self, row: usize) {
        if let Some(cells) = self.rows.get_mut(row) {
            let before = cells.capacity();
            cells.shrink_to_fit();
            self.collector.places += before - cells.capacity();
        }
    }
}

fn take(left: &mut usize, wanted: usize) -> Result<(), SheetError> {
    *left = left.checked_sub(wanted).ok_or(SheetError::TooManyCells)?;
    Ok(())
}
