//! Old fonts in a sheet: found by the share of telltale cells, column by column, and converted before anything is read.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Cell;
use crate::text::legacy::{CodePage, Encoding, convert, has_foreign_letters, is_unicode, telltale};
use crate::text::{Legacy, clean};

/// Old text that was converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Converted {
    /// What was found, or chosen; more than one where columns differ.
    pub kinds: Vec<Legacy>,
    /// Counted from 0.
    pub columns: Vec<usize>,
    /// How many cells changed.
    pub cells: usize,
    /// Some of them, before and after.
    pub samples: Vec<(String, String)>,
}

const SAMPLES_MAX: usize = 8;
/// Names longer than this tell nothing more.
const SAMPLE_CHARS_MAX: usize = 60;

impl Converted {
    pub(super) fn sentence(&self) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.label()).collect();
        let sample = self
            .samples
            .first()
            .map_or_else(String::new, |(before, after)| format!(", ví dụ “{}” thành “{after}”", clean(before)));
        format!("Đã chuyển chữ cũ sang Unicode ({}) ở {} ô{sample}", kinds.join(", "), self.cells)
    }

    fn add(&mut self, encoding: Encoding, column: usize, before: &str, after: &str) {
        self.cells += 1;
        if !self.kinds.contains(&encoding.legacy()) {
            self.kinds.push(encoding.legacy());
        }
        if !self.columns.contains(&column) {
            self.columns.push(column);
        }
        let sample = (before.to_owned(), clean(after));
        let is_name_like = before.contains(' ') && before.chars().count() <= SAMPLE_CHARS_MAX;
        if is_name_like && self.samples.len() < SAMPLES_MAX && !self.samples.contains(&sample) {
            self.samples.push(sample);
        }
    }
}

/// The rows with their old text converted, and what was converted. Rows wholly in Unicode come back as they are.
pub(super) fn readable(rows: &[Vec<Cell>], legacy: Legacy) -> (Cow<'_, [Vec<Cell>]>, Option<Converted>) {
    let evidence = match legacy {
        Legacy::AsIs => return (Cow::Borrowed(rows), None),
        Legacy::Detect => Evidence::of(rows),
        chosen => Evidence { chosen: chosen.encoding(), page: CodePage::Western, ..Evidence::default() },
    };
    if !evidence.says_something() {
        return (Cow::Borrowed(rows), None);
    }
    let mut converted = Converted { kinds: Vec::new(), columns: Vec::new(), cells: 0, samples: Vec::new() };
    let mut rows = rows.to_vec();
    for row in &mut rows {
        for (column, cell) in row.iter_mut().enumerate() {
            let Cell::Text(text) = cell else { continue };
            let Some(encoding) = evidence.encoding(column, text) else { continue };
            if let Some(after) = convert(text, encoding, evidence.page).filter(|after| after != text) {
                converted.add(encoding, column, text, &after);
                *text = after;
            }
        }
    }
    converted.columns.sort_unstable();
    let is_any = converted.cells > 0;
    (Cow::Owned(rows), is_any.then_some(converted))
}

/// Cells of one column, or of the whole sheet.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Telltale cells of each encoding.
    old: [usize; 3],
    /// Cells that only Unicode can write.
    unicode: usize,
    /// Cells with letters that no Vietnamese word has.
    foreign: usize,
    /// Cells with anything but plain letters.
    marked: usize,
}

impl Counts {
    fn is_mostly(&self, encoding: Encoding) -> bool {
        self.old[encoding.index()] + self.foreign > 2 * self.unicode
    }
}

#[derive(Debug)]
struct Evidence {
    page: CodePage,
    columns: Vec<Counts>,
    sheet: Counts,
    chosen: Option<Encoding>,
}

impl Default for Evidence {
    fn default() -> Self {
        Self { page: CodePage::Western, columns: Vec::new(), sheet: Counts::default(), chosen: None }
    }
}

impl Evidence {
    fn of(rows: &[Vec<Cell>]) -> Self {
        // Unicode has letters that the Vietnamese code page never shows; where there are next to none but telltales,
        // its ă, đ, ơ, ư are old bytes too.
        let vietnamese = Self::shown_by(rows, CodePage::Vietnamese);
        let old: usize = vietnamese.sheet.old.iter().sum();
        if vietnamese.sheet.unicode * 10 < old { vietnamese } else { Self::shown_by(rows, CodePage::Western) }
    }

    fn shown_by(rows: &[Vec<Cell>], page: CodePage) -> Self {
        let mut evidence = Self { page, ..Self::default() };
        for row in rows {
            for (column, cell) in row.iter().enumerate() {
                let Cell::Text(text) = cell else { continue };
                if text.is_ascii() {
                    continue;
                }
                if evidence.columns.len() <= column {
                    evidence.columns.resize(column + 1, Counts::default());
                }
                let is_unicode = is_unicode(text, page);
                let old = telltale(text, page);
                let is_foreign = old.is_none() && !is_unicode && has_foreign_letters(text);
                for counts in [&mut evidence.columns[column], &mut evidence.sheet] {
                    counts.marked += 1;
                    counts.unicode += usize::from(is_unicode);
                    counts.foreign += usize::from(is_foreign);
                    if let Some(encoding) = old {
                        counts.old[encoding.index()] += 1;
                    }
                }
            }
        }
        evidence
    }

    fn says_something(&self) -> bool {
        self.chosen.is_some() || Encoding::ALL.into_iter().any(|encoding| self.is_present(encoding))
    }

    /// Two cells are enough where the telltales are signs inside words. The pairs of VNI also occur in names from
    /// abroad, so there it takes a twentieth of the sheet.
    fn is_present(&self, encoding: Encoding) -> bool {
        let (hits, marked) = (self.sheet.old[encoding.index()], self.sheet.marked);
        let is_enough = hits >= 2 || (hits == 1 && marked <= 3);
        is_enough && (encoding != Encoding::Vni || hits * 20 >= marked)
    }

    /// How a cell is to be converted, if at all.
    fn encoding(&self, column: usize, text: &str) -> Option<Encoding> {
        if self.chosen.is_some() {
            return self.chosen.filter(|_| !is_unicode(text, self.page));
        }
        if text.is_ascii() && !text.contains('-') {
            return None;
        }
        let counts = self.columns.get(column).copied().unwrap_or_default();
        let most = |counts: &Counts| {
            let present = Encoding::ALL.into_iter().filter(|encoding| self.is_present(*encoding));
            present.max_by_key(|encoding| counts.old[encoding.index()])
        };
        let in_sheet = most(&self.sheet);
        let in_column = most(&counts).filter(|encoding| counts.old[encoding.index()] > 0);
        let in_column = in_column.or(in_sheet.filter(|_| counts.foreign > 0));
        // Cells without a telltale go with their column, and columns without one with the sheet.
        let with_the_rest = in_column
            .filter(|&encoding| counts.is_mostly(encoding))
            .or_else(|| in_sheet.filter(|&encoding| counts.unicode == 0 && self.sheet.is_mostly(encoding)))
            .filter(|_| !is_unicode(text, self.page));
        with_the_rest.or_else(|| telltale(text, self.page).filter(|encoding| self.is_present(*encoding)))
    }
}
