//! What a person should know about a list that was read: one sentence a finding.

use serde::{Deserialize, Serialize};

use super::cell::Line;

/// Why a remark was made; the preview groups by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// Old fonts were converted, in these columns.
    Converted,
    /// A title, a numbering row, a repeated header.
    NotData,
    /// A row that names the tổ or thôn of the rows below it; used, not left out.
    Group,
    /// "Tổng cộng".
    Total,
    /// Place, date and signatures at the end.
    Signature,
    /// A row that holds something but no person that could be read.
    RowLeftOut,
    /// A cell whose content was not taken over.
    CellNotUnderstood,
    /// Taken over by a guess that may be wrong.
    Assumed,
    /// Words beside a name, such as "(đi làm xa)".
    BesideName,
    /// The same person, or the same household, twice.
    Duplicate,
    /// A column with data that is not kept on purpose: id numbers, ethnicity, religion.
    ColumnDropped,
    /// A column that nothing here uses.
    ColumnUnused,
}

/// A finding at a place in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Counted from 0; the screen adds one, as spreadsheets do.
    pub row: usize,
    pub column: Option<usize>,
    pub kind: RemarkKind,
    pub text: String,
}

/// What became of the cells that hold something, in the rows that are data. Nothing else is left over:
/// `filled == understood + dropped + unclear`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellCounts {
    pub filled: usize,
    /// Taken over, also where a remark says how.
    pub understood: usize,
    /// In columns that are left out on purpose: private, not needed, or by choice.
    pub dropped: usize,
    /// Not taken over, or not wholly: told cell by cell, or once for the column or the row.
    pub unclear: usize,
}

/// What was done with one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Understood,
    Dropped,
    Unclear,
}

impl RemarkKind {
    /// Whether the remark says that a whole row is not in the result.
    pub fn is_row_left_out(self) -> bool {
        matches!(
            self,
            RemarkKind::NotData
                | RemarkKind::Group
                | RemarkKind::Total
                | RemarkKind::Signature
                | RemarkKind::RowLeftOut
        )
    }

    /// Whether a person should look before the import; the others are for the record.
    pub fn needs_a_look(self) -> bool {
        matches!(
            self,
            RemarkKind::RowLeftOut | RemarkKind::CellNotUnderstood | RemarkKind::Assumed | RemarkKind::Duplicate
        )
    }
}

/// Remarks while they are gathered.
#[derive(Default)]
pub(super) struct Report {
    remarks: Vec<Remark>,
    /// First row with an honorific before a name, and how many there were: one remark for all.
    honorifics: Option<(usize, usize)>,
    counts: CellCounts,
}

impl Report {
    pub fn row(&mut self, row: usize, kind: RemarkKind, text: &str) {
        self.remarks.push(Remark { row, column: None, kind, text: text.to_owned() });
    }

    pub fn cell(&mut self, row: usize, column: usize, kind: RemarkKind, text: String) {
        self.remarks.push(Remark { row, column: Some(column), kind, text });
    }

    pub fn honorific(&mut self, row: usize) {
        let (_, count) = self.honorifics.get_or_insert((row, 0));
        *count += 1;
    }

    /// A row that is not taken over; when it held data, its cells count.
    pub fn left_out(&mut self, line: &Line<'_>, kind: RemarkKind, why: &str) {
        if kind == RemarkKind::RowLeftOut {
            for _ in (0..line.width()).filter(|&column| line.says_something(column)) {
                self.count(Verdict::Unclear);
            }
        }
        self.row(line.row, kind, why);
    }

    pub fn count(&mut self, verdict: Verdict) {
        let counts = &mut self.counts;
        counts.filled += 1;
        match verdict {
            Verdict::Understood => counts.understood += 1,
            Verdict::Dropped => counts.dropped += 1,
            Verdict::Unclear => counts.unclear += 1,
        }
    }

    /// A cell that was counted as understood turns out not to fit with the rows above it.
    pub fn not_understood_after_all(&mut self, row: usize, column: Option<usize>, text: String) {
        self.counts.understood = self.counts.understood.saturating_sub(1);
        self.counts.unclear += 1;
        self.remarks.push(Remark { row, column, kind: RemarkKind::CellNotUnderstood, text });
    }

    pub fn finish(mut self) -> (Vec<Remark>, CellCounts) {
        if let Some((row, count)) = self.honorifics {
            let text = format!("Đã bỏ “Ông”, “Bà”, “Cụ” trước {count} tên");
            self.row(row, RemarkKind::BesideName, &text);
        }
        self.remarks.sort_by_key(|remark| (remark.row, remark.column, remark.kind));
        (self.remarks, self.counts)
    }
}

/// A piece of a cell for a sentence: short, and without the whole of a long number, which may be an id.
pub(super) fn quote(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    const DIGITS_SHOWN_MAX: usize = 8;
    let mut out = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        if run.len() > DIGITS_SHOWN_MAX {
            out.push('•');
            out.push_str(&run[run.len() - 3..]);
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for c in text.chars().take(CHARS_MAX) {
        if c.is_ascii_digit() {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    if text.chars().nth(CHARS_MAX).is_some() {
        out.push('…');
    }
    format!("“{out}”")
}

/// As spreadsheets name columns: A, …, Z, AA, …
pub fn column_letters(column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    let before = if column < 26 { String::new() } else { column_letters(column / 26 - 1) };
    format!("{before}{letter}")
}

#[cfg(test)]
mod tests {
    use super::column_letters;

    #[test]
    fn columns_are_named_as_a_spreadsheet_does() {
        assert_eq!([0, 25, 26, 51, 52].map(column_letters), ["A", "Z", "AA", "AZ", "BA"]);
    }
}
