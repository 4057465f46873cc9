//! HTML that calls itself a spreadsheet, as many web programs export: all tables below each other, as Excel shows them.
//! Text between the tables (`Tổ 5`) has rows of its own.

mod entity;
mod markup;

use domain::import::Cell;

use crate::collect::{Collector, Grid};
use crate::taken::Taken;
use crate::{COLUMNS_MAX, ROWS_MAX, SheetError};
use markup::{Markup, Piece, Tag};

/// Tables in tables.
const DEPTH_MAX: usize = 50;

pub(crate) fn read(text: &str, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    // A page without a table is just a page.
    let mut has_table = false;
    collector.sheet(String::new(), |grid| {
        let mut page = Page::default();
        let mut markup = Markup::new(text);
        while let Some(piece) = markup.next() {
            match piece {
                Piece::Text(text) => page.text().push_str(&text),
                Piece::Open(tag) => {
                    has_table |= tag.name == "table";
                    page.open(&tag, grid)?;
                }
                Piece::Close(name) => page.close(&name, grid)?,
            }
            if page.is_row_new {
                page.is_row_new = false;
                grid.row_done(markup.position() as u64, text.len() as u64);
            }
        }
        while !page.tables.is_empty() {
            page.close("table", grid)?;
        }
        page.end_line(grid)
    })?;
    if has_table { Ok(()) } else { Err(SheetError::NotASheet) }
}

#[derive(Default)]
struct Page {
    next_row: usize,
    /// From the outermost to the innermost that is open.
    tables: Vec<Table>,
    /// Text of the line outside of all tables.
    outside: String,
    is_row_new: bool,
}

#[derive(Default)]
struct Table {
    taken: Taken,
    column: usize,
    /// Cells of the open row that hold something.
    cells: Vec<(usize, String)>,
    is_in_row: bool,
    is_in_cell: bool,
    text: String,
}

impl Page {
    /// Where text goes now.
    fn text(&mut self) -> &mut String {
        match self.tables.last_mut() {
            Some(table) => &mut table.text,
            None => &mut self.outside,
        }
    }

    fn open(&mut self, tag: &Tag<'_>, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
        match tag.name.as_str() {
            "table" => {
                if self.tables.len() == DEPTH_MAX {
                    return Err(SheetError::Damaged);
                }
                if self.tables.is_empty() {
                    self.end_line(grid)?;
                }
                self.tables.push(Table::default());
            }
            "tr" => {
                self.end_row(grid)?;
                if let Some(table) = self.tables.last_mut() {
                    table.is_in_row = true;
                }
            }
            "td" | "th" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_cell()?;
                    table.open_cell(tag);
                }
            }
            name => self.break_line(name, grid)?,
        }
        Ok(())
    }

    fn close(&mut self, name: &str, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
        match name {
            "table" => {
                self.end_row(grid)?;
                self.tables.pop();
            }
            "tr" => self.end_row(grid)?,
            "td" | "th" => self.tables.last_mut().map_or(Ok(()), Table::end_cell)?,
            // `<br>` has no end.
            "br" => {}
            name => self.break_line(name, grid)?,
        }
        Ok(())
    }

    /// What begins a new line on the screen does so in the cell.
    fn break_line(&mut self, name: &str, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
        let is_block = matches!(name, "br" | "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "caption");
        if !is_block {
            return Ok(());
        }
        if self.tables.is_empty() {
            return self.end_line(grid);
        }
        let text = self.text();
        if !text.trim_end().is_empty() {
            text.push('\n');
        }
        Ok(())
    }

    fn end_line(&mut self, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
        let line = tidy(&std::mem::take(&mut self.outside));
        if !line.is_empty() {
            grid.put(self.next_row, 0, Cell::Text(line))?;
            self.next_row += 1;
        }
        Ok(())
    }

    fn end_row(&mut self, grid: &mut Grid<'_, '_>) -> Result<(), SheetError> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        table.end_cell()?;
        if !table.is_in_row && table.cells.is_empty() {
            return Ok(());
        }
        for (column, text) in table.cells.drain(..) {
            grid.put(self.next_row, column, Cell::Text(text))?;
        }
        table.taken.rows_done(1);
        (table.column, table.is_in_row) = (0, false);
        self.next_row += 1;
        self.is_row_new = true;
        Ok(())
    }
}

impl Table {
    fn open_cell(&mut self, tag: &Tag<'_>) {
        self.text.clear();
        self.is_in_cell = true;
        self.column = self.taken.free_from(self.column);
        let across = tag.number("colspan").clamp(1, COLUMNS_MAX);
        let down = tag.number("rowspan").clamp(1, ROWS_MAX);
        self.taken.join(self.column, across, down);
        // The text goes to the first column; the cell ends before the next one.
        self.cells.push((self.column, String::new()));
        self.column = self.column.saturating_add(across);
    }

    fn end_cell(&mut self) -> Result<(), SheetError> {
        let text = tidy(&std::mem::take(&mut self.text));
        if std::mem::take(&mut self.is_in_cell)
            && let Some(mut cell) = self.cells.pop()
            && !text.is_empty()
        {
            if cell.0 >= COLUMNS_MAX {
                return Err(SheetError::TooManyColumns);
            }
            cell.1 = text;
            self.cells.push(cell);
        }
        Ok(())
    }
}

/// White space as a browser shows it: one blank, none at the ends of lines.
fn tidy(text: &str) -> String {
    let is_blank = |c: char| c.is_ascii_whitespace();
    let line = |line: &str| line.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.split('\n').map(line).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let workbook = crate::read("x.xls", text.as_bytes()).expect("a sheet");
        let cells = |row: &Vec<Cell>| row.iter().map(Cell::text).collect();
        workbook.sheets[0].rows.iter().map(cells).collect()
    }

    #[test]
    fn joined_cells_hold_their_text_once_and_keep_their_place() {
        let page = "<html><table><tr><th rowspan=2>TT<th colspan='2'>Năm sinh</th><th rowspan=\"2\">Ghi chú</tr>
            <tr><th>Nam<th>Nữ</tr><tr><td>1<td>1956<td><td>x</table>";
        assert_eq!(
            rows(page),
            [vec!["TT", "Năm sinh", "", "Ghi chú"], vec!["", "Nam", "Nữ"], vec!["1", "1956", "", "x"]]
        );
    }

    #[test]
    fn text_between_tables_and_tables_in_tables_have_rows() {
        let page = "<style>td{}</style><script>if (a<b) '<td>x'</script><h3>Tổ&nbsp;5</h3><table><tr><td>ngoài
            <table><tr><td>A<br>B</td><td>&#7841;&amp;&lt;&zzz;</td></tr></table></td></tr></table><!-- <p>x --><p>hết";
        assert_eq!(rows(page), [vec!["Tổ\u{a0}5"], vec!["A\nB", "ạ&<&zzz;"], vec!["ngoài"], vec!["hết"]]);
    }

    #[test]
    fn hostile_pages_end_soon() {
        let cases = [
            "<table>".to_owned() + &"<td colspan=99999999999 rowspan=65536>".repeat(200_000),
            "<table>".repeat(1_000_000),
            "<table><tr><td rowspan=65536 colspan=256>x".to_owned() + &"<tr>".repeat(2_000_000),
            "<table><a b=\"".repeat(500_000),
            "<table>".to_owned() + &"<!--".repeat(1_000_000),
            "<table>".to_owned() + &"<script>".repeat(1_000_000),
            "<table><td>".to_owned() + &"&".repeat(2_000_000),
            "<table><td>".to_owned() + &"<".repeat(2_000_000),
        ];
        for case in cases {
            let start = std::time::Instant::now();
            let _ = crate::read("x.xls", case.as_bytes());
            assert!(start.elapsed().as_secs() < 20, "{} {:?}", &case[..40], start.elapsed());
        }
    }
}
