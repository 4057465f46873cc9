//! Whatever a sheet holds: no panic, and no row that vanishes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::clock::InstallId;
use crate::{DocId, Stamp};

fn cell() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "",
        "Nguyễn Văn An",
        "LÒ THỊ Y (chết)",
        "Ông Ma Văn Tú",
        "Chủ hộ",
        "Vợ",
        "Tổ 5",
        "Thôn Nà Pò",
        "Tổng cộng",
        "x",
        "-",
        "1957",
        "00/00/1957",
        "0912345678",
        "(1)",
        "1",
        "2",
        "STT",
        "Họ và tên",
        "Năm sinh",
        "Nam",
        "Người lập biểu",
        "HN",
        "12/3",
        "ngày 1 tháng 2 năm 2025",
        "chưa",
        "\u{200b}",
    ]);
    prop_oneof![
        6 => words.prop_map(Cell::from),
        1 => any::<String>().prop_map(Cell::Text),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => (1900_u32..2100).prop_map(|number| Cell::Number(f64::from(number))),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => (any::<i32>(), any::<u32>(), any::<u32>()).prop_map(|(year, month, day)| Cell::Date { year, month, day }),
        2 => Just(Cell::Empty),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Vec<Cell>>> {
    prop::collection::vec(prop::collection::vec(cell(), 0..9), 0..14)
}

fn header() -> impl Strategy<Value = Vec<Cell>> {
    let heading = prop::sample::select(vec![
        "STT",
        "Mã hộ",
        "Chủ hộ",
        "Họ và tên",
        "Họ đệm",
        "Tên",
        "Năm sinh",
        "Quan hệ",
        "SĐT",
        "Số nhà",
        "Tổ",
        "Hộ nghèo",
        "Diện",
        "Mức 2",
        "BHYT",
        "CKS",
        "CCCD",
        "Ghi chú",
        "Smartphone",
        "Gì đó",
        "",
    ]);
    prop::collection::vec(heading.prop_map(Cell::from), 1..9)
}

/// Every row with something in it is a resident's, below a remark, or the header.
fn accounts_for_every_row(rows: &[Vec<Cell>]) -> Result<(), TestCaseError> {
    let Ok(list) = read_list(rows) else { return Ok(()) };
    let residents = list.households.iter().flat_map(|household| &household.residents).map(|resident| resident.row);
    let left_out = list.report.iter().filter(|remark| remark.kind.is_row_left_out()).map(|remark| remark.row);
    let told: BTreeSet<usize> = residents.clone().chain(left_out.clone()).collect();
    for (row, cells) in rows.iter().enumerate().skip(list.first_row) {
        let is_blank = cells.iter().all(|cell| crate::text::clean(&cell.text()).is_empty());
        prop_assert_eq!(told.contains(&row), !is_blank, "row {}", row);
    }
    prop_assert_eq!(residents.count() + left_out.collect::<BTreeSet<_>>().len(), told.len(), "a row is told once");

    prop_assert_eq!(list.check(), Ok(()));
    accounts_for_every_cell(rows, &list)?;
    let keys: BTreeSet<String> =
        list.households.iter().map(|household| crate::text::fold(&household.list_key)).collect();
    prop_assert_eq!(keys.len(), list.households.len());
    let stamp = Stamp { ms: 1, counter: 0, install: InstallId(1) };
    let documents = documents(&list, DocId::from_u128(1), stamp);
    let ids: BTreeSet<DocId> = documents.iter().map(|document| document.id).collect();
    prop_assert_eq!(ids.len(), documents.len());
    for document in &documents {
        prop_assert!(document.check().is_ok(), "{:?}", document);
    }
    Ok(())
}

/// Counted anew: the cells that say something, in the rows of residents and in those that were left out.
fn accounts_for_every_cell(rows: &[Vec<Cell>], list: &List) -> Result<(), TestCaseError> {
    let residents = list.households.iter().flat_map(|household| &household.residents).map(|resident| resident.row);
    let left_out = list.report.iter().filter(|remark| remark.kind == RemarkKind::RowLeftOut).map(|remark| remark.row);
    let says_something = |cell: &&Cell| {
        let text = crate::text::clean(&cell.text().nfkc().collect::<String>());
        text.chars().any(|c| !"-–—_.…,;:/\\|?*'\"`´’‘“”()[] ".contains(c))
    };
    let filled: usize = residents.chain(left_out).map(|row| rows[row].iter().filter(says_something).count()).sum();
    let CellCounts { understood, dropped, unclear, .. } = list.counts;
    prop_assert_eq!((list.counts.filled, understood + dropped + unclear), (filled, filled));
    Ok(())
}

/// Whether a word that means nothing, put in this cell, changes what is read or is told.
fn nonsense_is_seen(rows: &[Vec<Cell>], row: usize, column: usize) -> Result<(), TestCaseError> {
    let Ok(before) = read_list(rows) else { return Ok(()) };
    if !before.households.iter().flat_map(|household| &household.residents).any(|resident| resident.row == row) {
        return Ok(());
    }
    let mut changed = rows.to_vec();
    let cells = &mut changed[row];
    cells.resize(cells.len().max(column + 1), Cell::Empty);
    cells[column] = Cell::from("qzx wvj");
    let Ok(after) = read_list(&changed) else { return Ok(()) };
    let is_told =
        |remark: &Remark| remark.column == Some(column) && (remark.row == row || remark.row < after.first_row);
    prop_assert!(after.households != before.households || after.report.iter().any(is_told), "{:?}", after);
    Ok(())
}

proptest! {
    #[test]
    fn no_cell_of_a_person_is_silently_without_effect(
        header in header(), rows in rows(), row in 1_usize..14, column in 0_usize..9
    ) {
        let mut sheet = vec![header];
        sheet.extend(rows);
        if row < sheet.len() {
            nonsense_is_seen(&sheet, row, column)?;
        }
    }

    #[test]
    fn any_cells_at_all_are_read_or_refused(rows in rows()) {
        accounts_for_every_row(&rows)?;
    }

    #[test]
    fn every_row_below_a_header_is_in_the_list_or_in_the_report(header in header(), rows in rows()) {
        let mut sheet = vec![header];
        sheet.extend(rows);
        accounts_for_every_row(&sheet)?;
    }
}
