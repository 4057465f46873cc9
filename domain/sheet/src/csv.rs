//! Text with one row a line (CSV, TSV): which sign stands between the cells is found out.

use std::borrow::Cow;

use domain::import::Cell;

use crate::SheetError;
use crate::collect::Collector;

const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];
/// How many rows, and how many bytes, are looked at to find the separator.
const SAMPLE_ROWS: usize = 200;
const SAMPLE_BYTES: usize = 256 << 10;
/// The longest cell in quotes, in bytes: what is longer is a quote that was never closed.
const QUOTED_MAX: usize = 128 << 10;
/// How many bytes may be looked at in vain for the end of quotes.
const IN_VAIN_MAX: usize = 4 << 20;

/// Reads a text. One without any separator is a list of one column only if its name says that it is a text.
pub(crate) fn read(text: &str, is_named_as_text: bool, collector: &mut Collector<'_>) -> Result<(), SheetError> {
    let (separator, text) = match declared(text) {
        Some(declared) => declared,
        None => match found(text) {
            Some(separator) => (separator, text),
            None if is_named_as_text => (b';', text),
            None => return Err(SheetError::NotASheet),
        },
    };
    collector.sheet(String::new(), |grid| {
        let mut cells = Cells::new(text, separator);
        let (mut row, mut column) = (0, 0);
        while let Some((cell, is_last)) = cells.next() {
            grid.put(row, column, Cell::from(&*cell))?;
            column += 1;
            if is_last {
                grid.row_done(cells.at as u64, text.len() as u64);
                (row, column) = (row + 1, 0);
            }
        }
        Ok(())
    })
}

/// `sep=;` in the first line, which spreadsheets understand and do not show.
fn declared(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    match line.trim_end_matches('\r').trim_matches('"').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator]
            if separator.is_ascii_punctuation() || *separator == b'\t' =>
        {
            Some((*separator, rest))
        }
        _ => None,
    }
}

/// The separator that cuts most rows into the same number of cells; of equals, the one that makes more cells.
fn found(text: &str) -> Option<u8> {
    let score = |separator: u8| -> (usize, usize) {
        let mut widths: Vec<usize> = Vec::new();
        let mut cells = Cells::new(text, separator);
        let mut width = 0;
        while let Some((_, is_last)) = cells.next() {
            width += 1;
            if is_last || cells.at > SAMPLE_BYTES {
                widths.push(std::mem::take(&mut width));
            }
            if widths.len() == SAMPLE_ROWS || cells.at > SAMPLE_BYTES {
                break;
            }
        }
        let rows_of = |width: usize| widths.iter().filter(|it| **it == width).count();
        widths.iter().filter(|width| **width > 1).map(|width| (rows_of(*width), *width)).max().unwrap_or_default()
    };
    let best = SEPARATORS.into_iter().max_by_key(|separator| score(*separator))?;
    (score(best).0 > 0).then_some(best)
}

/// Gives cell after cell.
struct Cells<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
    is_done: bool,
    in_vain: usize,
}

impl<'a> Cells<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        Self { text, at: 0, separator, is_done: text.is_empty(), in_vain: 0 }
    }

    /// The next cell, and whether it is the last of its row.
    fn next(&mut self) -> Option<(Cow<'a, str>, bool)> {
        if self.is_done {
            return None;
        }
        let start = self.text[self.at..].trim_start_matches(' ');
        let cell = if start.starts_with('"') { self.quoted(self.text.len() - start.len()) } else { None };
        let cell = cell.unwrap_or_else(|| Cow::Borrowed(self.plain()));
        // Now at a separator, a line end, or the end of the text.
        let bytes = self.text.as_bytes();
        let is_last = match bytes.get(self.at) {
            None => true,
            Some(b'\r') => {
                self.at += 1 + usize::from(bytes.get(self.at + 1) == Some(&b'\n'));
                true
            }
            Some(b'\n') => {
                self.at += 1;
                true
            }
            Some(_) => {
                self.at += 1;
                // A separator at the very end has an empty cell behind it, which says nothing.
                self.at == bytes.len()
            }
        };
        self.is_done = self.at == bytes.len();
        Some((cell, is_last))
    }

    /// Up to the next separator or line end.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        let is_end = |byte: &u8| *byte == self.separator || matches!(byte, b'\n' | b'\r');
        let bytes = &self.text.as_bytes()[start..];
        self.at += bytes.iter().position(is_end).unwrap_or(bytes.len());
        &self.text[start..self.at]
    }

    /// A cell in quotes, which may hold separators, line ends and doubled quotes. `None` if the quote at `quote` is only a
    /// sign in a text: it is never closed, or closed in another row by a quote that opens a cell there.
    fn quoted(&mut self, quote: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let limit = bytes.len().min(quote + 1 + QUOTED_MAX.min(IN_VAIN_MAX.saturating_sub(self.in_vain)));
        let mut cell = String::new();
        let mut from = quote + 1;
        loop {
            let Some(length) = bytes.get(from..limit).and_then(|rest| rest.iter().position(|byte| *byte == b'"'))
            else {
                self.in_vain += limit.saturating_sub(quote);
                return None;
            };
            let end = from + length;
            cell.push_str(&self.text[from..end]);
            match bytes.get(end + 1) {
                Some(b'"') => {
                    cell.push('"');
                    from = end + 2;
                }
                after if after.is_none_or(|byte| *byte == self.separator || matches!(byte, b'\n' | b'\r')) => {
                    self.at = end + 1;
                    return Some(Cow::Owned(cell));
                }
                _ if cell.contains(['\n', '\r']) => {
                    self.in_vain += end - quote;
                    return None;
                }
                _ => {
                    // `"Bảy" Nguyễn`: what follows belongs to the cell.
                    self.at = end + 1;
                    let rest = self.plain();
                    cell.push_str(rest.trim_end());
                    return Some(Cow::Owned(cell));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let workbook = crate::read("x.csv", text.as_bytes()).expect("a sheet");
        let cells = |row: &Vec<Cell>| row.iter().map(Cell::text).collect();
        workbook.sheets[0].rows.iter().map(cells).collect()
    }

    #[test]
    fn the_separator_is_the_one_that_the_rows_agree_on() {
        for (text, separator) in [
            ("STT;Họ và tên\n1;Nông Thị Mỷ, bà", b';'),
            ("STT,Họ và tên\n1,A", b','),
            ("\nSTT\tHọ và tên\n1\tA", b'\t'),
            ("STT|Họ và tên\n1|A", b'|'),
            ("DANH SÁCH\nTT;Tên;Địa chỉ\n1;A;Số 1, ngõ 2, Tổ 5\n2;B;Số 3, ngõ 2, Tổ 5", b';'),
            ("TT,Tên,\"Địa chỉ; số nhà\"\n1,A,\"Tổ 5; 12; 3\"", b','),
        ] {
            assert_eq!(found(text), Some(separator), "{text}");
        }
        assert_eq!(found("Một câu văn.\nMột câu nữa."), None);
    }

    #[test]
    fn quotes_hold_separators_line_ends_and_doubled_quotes() {
        let text = "TT;Tên;Ghi chú\r\n1;\"Lò \"\"Tí\"\"; ông\";\"dòng 1\r\ndòng 2\"\r\n2; \"Vàng\" ;x";
        assert_eq!(
            rows(text),
            [["TT", "Tên", "Ghi chú"], ["1", "Lò \"Tí\"; ông", "dòng 1\r\ndòng 2"], ["2", "Vàng", "x"]]
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_swallow_the_list() {
        let text = "TT;Tên;Năm\n1;\"Lò Văn Pao;1956\n2;\"Bảy\" Vàng;1957\n3;\"Sùng A;1958\n";
        assert_eq!(
            rows(text),
            [["TT", "Tên", "Năm"], ["1", "\"Lò Văn Pao", "1956"], ["2", "Bảy Vàng", "1957"], ["3", "\"Sùng A", "1958"]]
        );
    }

    #[test]
    fn a_line_that_declares_the_separator_is_no_row() {
        assert_eq!(rows("sep=|\r\nTT|Tên;họ\n1|A;B"), [["TT", "Tên;họ"], ["1", "A;B"]]);
    }

    #[test]
    fn blank_lines_keep_their_place() {
        let sheet = rows("TT;Tên\n\n1;A\n\n\n");
        assert_eq!(sheet, [vec!["TT", "Tên"], vec![], vec!["1", "A"]]);
    }

    #[test]
    fn a_million_open_quotes_take_no_longer_than_their_bytes() {
        let text = "a;\"a;".repeat(2_000_000);
        let start = std::time::Instant::now();
        assert_eq!(crate::read("x.csv", text.as_bytes()), Err(SheetError::TooManyColumns));
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
