//! Every kind of mess of domain facts 4.1–4.3, one small list each, with the whole of what is read from it.
//!
//! `UPDATE_CORPUS=1 cargo test -p domain --test corpus` writes what is read now into the files: look at the difference
//! before it is committed.

#[path = "corpus/case.rs"]
mod case;

use case::{MIDDLE, Read, all};
use domain::import::{Cell, Remark};

#[test]
fn every_list_of_the_corpus_is_read_as_its_file_says() {
    let is_update = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut wrong = Vec::new();
    let cases = all();
    assert!(cases.len() >= 30, "{} files", cases.len());
    for case in &cases {
        let told = case.read().told();
        if is_update {
            let text = format!("{}\n{MIDDLE}{told}", case.input.trim_end_matches('\n'));
            std::fs::write(&case.path, text).expect("the corpus can be written");
        } else if told != case.expected {
            wrong.push(format!("{}:\n{told}", case.path.display()));
        }
    }
    assert!(wrong.is_empty(), "read otherwise than expected:\n{}", wrong.join("\n"));
}

#[test]
fn every_cell_of_the_corpus_is_accounted_for() {
    for case in all() {
        let read = case.read();
        let (Some(counts), name) = (read.counts(), case.path.display()) else { continue };
        assert_eq!(counts.filled, counts.understood + counts.dropped + counts.unclear, "{name}");
        assert!(read.check().is_ok(), "{name}");
    }
}

/// Word by word: whatever nonsense stands in a cell of a person, the list or its report is another, or the column has
/// its remark.
#[test]
fn no_cell_of_the_corpus_is_silently_without_effect() {
    const NONSENSE: &str = "qzx wvj";
    for case in all() {
        let before = case.read();
        let Read::List(Ok(list)) = &before else { continue };
        let people: Vec<usize> =
            list.households.iter().flat_map(|household| &household.residents).map(|resident| resident.row).collect();
        let told_of_column = |column: usize| {
            let is_told = |remark: &Remark| remark.column == Some(column) && remark.row < list.first_row.max(1);
            list.report.iter().any(is_told)
        };
        for &row in &people {
            for column in 0..list.columns.len() {
                let mut changed = case.clone();
                let cells = &mut changed.rows[row];
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Empty);
                }
                cells[column] = Cell::Text(NONSENSE.to_owned());
                let after = changed.read();
                let Read::List(Ok(after_list)) = &after else { continue };
                let is_remarked = |remark: &Remark| (remark.row, remark.column) == (row, Some(column));
                let is_seen = after.told() != before.told() || after_list.report.iter().any(is_remarked);
                assert!(
                    is_seen || told_of_column(column),
                    "{}: row {}, column {} has no effect",
                    case.path.display(),
                    row + 1,
                    column + 1
                );
            }
        }
    }
}
