//! Documents and outcomes out of a list.

use super::*;
use crate::clock::InstallId;
use crate::people::Resident;
use crate::place::Household;
use crate::service::{Origin, Step};
use crate::visit::Outcome;
use crate::{Day, DocId, Document, Kind, Stamp};

const AREA: DocId = DocId::from_u128(7);
const STAMP: Stamp = Stamp { ms: 1_795_000_000_000, counter: 0, install: InstallId(1) };

const LIST: &str = "Mã hộ | Họ và tên | Quan hệ | Năm sinh | SĐT | Số nhà | Hộ nghèo | Mức 2 | CKS
    1 | Lê Văn An | Chủ hộ | 1950 | 0912345678 | 12/3 | x | x | x
    1 | Lê Thị Bé | Con | 1980 | | | | x |
    1 | Lê Thị Bé | Con | 1980 | | | | |
    2 | Đỗ Văn Dần (chết) | Chủ hộ | 1930 | | | | x |";

#[test]
fn a_list_becomes_documents_that_the_typed_views_read() {
    let documents = documents(&read(LIST), AREA, STAMP);
    let households: Vec<Household> = documents.iter().filter_map(Household::read).collect();
    let residents: Vec<Resident> = documents.iter().filter_map(Resident::read).collect();
    assert_eq!((households.len(), residents.len()), (2, 4));
    assert_eq!(households[0].id, DocId::household(AREA, "1"));
    assert_eq!((households[0].head.as_str(), households[0].house_no.as_str()), ("Lê Văn An", "12/3"));
    assert_eq!((households[0].phone.as_deref(), households[1].order), (Some("0912345678"), 2));
    assert_eq!(households[0].priorities, [Priority::Poor]);
    assert_eq!(residents[0].id, DocId::resident(households[0].id, "LÊ VĂN AN", Some(1950)));
    assert_eq!((residents[1].household, residents[1].relation.as_str()), (Some(households[0].id), "Con"));
    assert_eq!(residents[3].gone, Some(Gone::Deceased));
    assert!(documents.iter().all(|document| document.check().is_ok()));
}

#[test]
fn two_of_one_name_and_year_are_kept_as_two() {
    let list = read(LIST);
    assert_eq!(remarked(&list, RemarkKind::Duplicate), [4]);
    let documents = documents(&list, AREA, STAMP);
    let mut ids: Vec<DocId> = documents.iter().map(|document| document.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), documents.len());
}

#[test]
fn the_same_list_gives_the_same_documents_again_also_in_another_order() {
    let again = documents(&read(LIST), AREA, STAMP);
    assert_eq!(again, documents(&read(LIST), AREA, STAMP));
    let mut rows = sheet("Chủ hộ | Năm sinh\nAn Văn Một | 1950\nAn Văn Một | 1960\nAn Văn Hai | 1970");
    let ids = |rows: &[Vec<Cell>]| {
        let list = read_list(rows).expect("a list");
        let mut ids: Vec<DocId> = documents(&list, AREA, STAMP).iter().map(|document: &Document| document.id).collect();
        ids.sort_unstable();
        ids
    };
    let before = ids(&rows);
    rows.swap(1, 3);
    assert_eq!(ids(&rows), before);
}

#[test]
fn what_the_list_leaves_blank_is_not_set() {
    let documents = documents(&read("Chủ hộ | SĐT | Năm sinh\nAn Văn Một | |"), AREA, STAMP);
    for document in documents {
        let unset = ["phone", "birth_year", "house_no", "priorities", "gone"];
        assert!(unset.iter().all(|name| document.value(name).is_none()), "{document:?}");
    }
}

#[test]
fn what_residents_have_already_is_pre_existing_and_only_for_those_still_here() {
    let day = Day::from_ymd(2025, 8, 1).expect("a day");
    let list = read(LIST);
    let outcomes = changes(&list, AREA, STAMP).outcomes;
    let read: Vec<Outcome> = outcomes
        .iter()
        .filter_map(|(id, fields)| Outcome::read(&Document::fact(*id, Kind::Outcome, STAMP, fields.clone())))
        .collect();
    let steps: Vec<Step> = read.iter().map(|outcome| outcome.step).collect();
    assert_eq!(steps, [Step::Activated, Step::SignatureActivated, Step::Activated]);
    assert!(read.iter().all(|outcome| outcome.origin == Origin::PreExisting && outcome.day == day));
}

#[test]
fn a_list_survives_its_json_and_passes_its_check() {
    let list = read(LIST);
    assert_eq!(list.check(), Ok(()));
    let json = serde_json::to_string(&list).expect("json");
    assert_eq!(serde_json::from_str::<List>(&json).expect("a list"), list);
}

#[test]
fn what_the_reader_would_never_have_made_is_refused() {
    let refused = |change: fn(&mut List)| {
        let mut list = read(LIST);
        change(&mut list);
        list.check()
    };
    let row = |row| Err(BadList::Row { row });
    assert_eq!(refused(|list| list.households[0].residents[1].name = " ".to_owned()), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].name = "a".repeat(TEXT_CHARS_MAX + 1)), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].name = "An\nBé".to_owned()), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].birth_year = Some(1)), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].phone = Some("+84912345678".to_owned())), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].id_tail = Some("019057001234".to_owned())), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].gone = Some(Gone::Deleted)), row(2));
    assert_eq!(refused(|list| list.households[0].residents[1].row = 1), row(1));
    assert_eq!(refused(|list| list.households[1].phone = Some("113".to_owned())), row(4));
    assert_eq!(refused(|list| list.households[1].list_key = "1".to_owned()), Err(BadList::SameKey));
    assert_eq!(refused(|list| list.households[1].residents.clear()), Err(BadList::EmptyHousehold));
    assert_eq!(refused(|list| list.report[0].text = "\u{7}".to_owned()), Err(BadList::Report));
    let double = |list: &mut List| {
        let residents = &mut list.households[0].residents;
        let one = residents[0].clone();
        residents.resize(ROWS_MAX + 1, one);
    };
    assert_eq!(refused(double), Err(BadList::TooLong));
}

#[test]
fn the_longest_cells_give_a_list_that_passes_its_check() {
    let long = "Lê ".repeat(5_000);
    let mut rows = sheet(&format!(
        "Chủ hộ | Họ tên | Số nhà | Tổ | Quan hệ | Mã hộ | Ghi chú {long}\n | Lê Văn An | 1 | 1 | Con | 1 | 1"
    ));
    for column in [0, 2, 3, 4, 5, 6] {
        rows[1][column] = Cell::from(long.as_str());
    }
    let mut heads = sheet("Chủ hộ | Số nhà | Tổ");
    heads.extend([1, 2].map(|_| ["Lê ".repeat(39), long.clone(), long.clone()].map(Cell::Text).to_vec()));
    for rows in [rows, heads] {
        assert_eq!(read_list(&rows).expect("a list").check(), Ok(()));
    }
}
