//! Who belongs together, and what single cells say.

use super::*;
use super::{Priority as P, RemarkKind as K};
use crate::service::Step;

#[test]
fn a_head_written_once_and_merged_down_holds_the_household_together() {
    let list = read(
        "STT | Chủ hộ | Họ tên thành viên | Năm sinh | Địa chỉ
         1 | Hoàng Văn Một | Hoàng Văn Một | 1950 | Ngõ 5, số 8
          | | Hoàng Thị Hai | 1955 |
         2 | Hoàng Văn Ba | Hoàng Văn Ba | 1960 | số 9
          | | Hoàng Thị Bốn | 1990 |",
    );
    assert_eq!(
        drawn(&list),
        [
            "Hoàng Văn Một: Hoàng Văn Một 1950 Chủ hộ, Hoàng Thị Hai 1955",
            "Hoàng Văn Ba: Hoàng Văn Ba 1960 Chủ hộ, Hoàng Thị Bốn 1990"
        ]
    );
    assert_eq!(list.households[0].list_key, "hoang van mot ngo 5 so 8");
}

#[test]
fn a_household_code_holds_together_whether_merged_or_repeated() {
    for second in ["", "H01"] {
        let list = read(&format!(
            "Mã hộ | Họ và tên | QH với chủ hộ
             H01 | Ma Thị Vợ | Vợ
             {second} | Ma Văn Chồng | Chủ hộ
             H02 | Nông Văn Tư | Chủ hộ"
        ));
        assert_eq!(list.households.len(), 2);
        assert_eq!(list.households[0].head, "Ma Văn Chồng");
        assert_eq!(list.households[0].list_key, "h01");
    }
}

#[test]
fn a_code_that_comes_back_joins_its_household_and_is_remarked_on() {
    let list = read(
        "Mã hộ | Họ và tên
         1 | An Văn Một
         2 | An Văn Hai
         1 | An Thị Ba",
    );
    assert_eq!(drawn(&list), ["An Văn Một: An Văn Một ?, An Thị Ba ?", "An Văn Hai: An Văn Hai ?"]);
    assert_eq!(remarked(&list, RemarkKind::Duplicate), [4]);
}

#[test]
fn codes_counted_anew_in_each_cell_are_told_apart_by_the_cell() {
    let list = read(
        "Số hộ | Chủ hộ
         Tổ 1 |
         1 | An Văn Một
         Tổ 2 |
         1 | An Văn Hai",
    );
    let keys: Vec<_> = list.households.iter().map(|household| household.list_key.as_str()).collect();
    assert_eq!(keys, ["1 to 1", "1 to 2"]);
}

#[test]
fn the_relation_chu_ho_begins_a_household_where_nothing_else_does() {
    let list = read(
        "STT | Họ và tên | Năm sinh | Quan hệ với chủ hộ
         1 | Lê Văn An | 1950 | CHỦ HỘ
         2 | Lê Thị Bé | 1955 | vợ
         3 | Lê Văn Cò | 1985 |
         4 | Đỗ Văn Dần | 1960 | Chủ hộ",
    );
    assert_eq!(
        drawn(&list),
        ["Lê Văn An: Lê Văn An 1950 Chủ hộ, Lê Thị Bé 1955 Vợ, Lê Văn Cò 1985", "Đỗ Văn Dần: Đỗ Văn Dần 1960 Chủ hộ"]
    );
}

#[test]
fn a_number_written_once_a_household_holds_it_together() {
    let list = read(
        "TT | Họ và tên | Năm sinh
         1 | Lê Văn An | 1950
          | Lê Thị Bé | 1955
         2 | Đỗ Văn Dần | 1960
          | Đỗ Thị Én | 1965",
    );
    assert_eq!(
        drawn(&list),
        ["Lê Văn An: Lê Văn An 1950, Lê Thị Bé 1955", "Đỗ Văn Dần: Đỗ Văn Dần 1960, Đỗ Thị Én 1965"]
    );
}

#[test]
fn a_list_that_joins_nobody_gives_a_household_a_row_and_says_so() {
    let list = read("STT | Họ và tên người được hỗ trợ\n1 | Lê Văn An\n2 | Lê Thị Bé");
    assert_eq!(list.households.len(), 2);
    assert_eq!(remarked(&list, RemarkKind::Assumed), [2]);
}

#[test]
fn names_are_cleaned_and_what_stood_beside_them_is_said() {
    let list = read(
        "STT | Họ và tên chủ hộ
         1 | Ông NGUYÊ\u{303}N\u{a0}VĂN\u{200b}  AN
         2 | Cụ Ðặng Thị Bé (chết)
         3 | LÊ VĂN CÒ (đi làm xa)
         4 | Lê Văn Dần 2
         5 | (1957)
         6 |",
    );
    let names: Vec<_> = list.households.iter().map(|household| household.head.as_str()).collect();
    assert_eq!(names, ["Nguyễn Văn An", "Đặng Thị Bé", "Lê Văn Cò", "Lê Văn Dần 2"]);
    assert_eq!(list.households[1].residents[0].gone, Some(Gone::Deceased));
    assert_eq!(
        kinds(&list),
        [(2, K::BesideName), (4, K::BesideName), (5, K::Assumed), (6, K::RowLeftOut), (7, K::RowLeftOut)]
    );
    assert_eq!(list.report[0].text, "Đã bỏ “Ông”, “Bà”, “Cụ” trước 2 tên");
}

#[test]
fn phones_are_read_in_every_spelling_and_the_rest_is_reported() {
    let list = read(
        "Chủ hộ | Điện thoại
         An Văn Một | 387912345
         An Văn Hai | +84 387.912.345
         An Văn Ba | 01687912345
         An Văn Bốn | 0912345678 - 0987654321
         An Văn Năm | 3,87E+08
         An Văn Sáu | không có
         An Văn Bảy | hỏi con gái",
    );
    let phones: Vec<_> = list.households.iter().map(|household| household.phone.as_deref().unwrap_or("")).collect();
    assert_eq!(phones, ["0387912345", "0387912345", "0387912345", "0912345678", "", "", ""]);
    assert_eq!(remarked(&list, RemarkKind::CellNotUnderstood), [5, 6, 8]);
}

#[test]
fn yes_is_yes_in_every_spelling_and_blank_is_not_no() {
    for yes in ["x", "X", "v", "✓", "có", "ĐÃ", "rồi", "1", "OK", "M2", "Đã kích hoạt", "12/08/2025 đã làm"]
    {
        let list = read(&format!("Họ tên | VNeID mức 2\nLê Văn An | {yes}"));
        let already = &list.households[0].residents[0].already;
        if yes.starts_with("12") {
            assert_eq!((already.as_slice(), remarked(&list, RemarkKind::CellNotUnderstood)), (&[][..], vec![2]));
        } else {
            assert_eq!(already.as_slice(), [Step::Activated], "{yes}");
        }
    }
    for no in ["", "-", "không", "chưa", "0", "M1"] {
        let list = read(&format!("Họ tên | VNeID mức 2 | Smartphone\nLê Văn An | {no} | {no}"));
        assert_eq!(list.households[0].residents[0].already, [], "{no}");
        let is_said = !matches!(no, "" | "-");
        assert_eq!(!list.households[0].priorities.is_empty(), is_said, "{no}");
    }
}

#[test]
fn bhyt_is_the_service_only_beside_the_other_two() {
    let campaign = read("Họ tên | Mức 2 | BHYT | CKS\nLê Văn An | | x |");
    assert_eq!(campaign.households[0].residents[0].already, [Step::CardIntegrated]);
    let cards = read("Họ tên | BHYT\nLê Văn An | x");
    assert_eq!(cards.households[0].residents[0].already, []);
    assert_eq!(remarked(&cards, RemarkKind::ColumnUnused), [1]);
    let linked = read("Họ tên | Đã tích hợp BHYT trên VNeID\nLê Văn An | x");
    assert_eq!(linked.households[0].residents[0].already, [Step::CardIntegrated]);
}

#[test]
fn priorities_come_from_columns_and_words() {
    let list = read(
        "Chủ hộ | Hộ nghèo | Người cao tuổi | Diện | Ghi chú
         An Văn Một | x | x | |
         An Văn Hai | HCN | | GĐCS |
         An Văn Ba | | | | hộ nghèo
         An Văn Bốn | | | màu xanh | gọi trước khi đến",
    );
    let priorities: Vec<_> = list.households.iter().map(|household| household.priorities.as_slice()).collect();
    assert_eq!(priorities, [&[P::Elderly, P::Poor][..], &[P::NearPoor, P::PolicyFamily][..], &[P::Poor][..], &[][..]]);
    assert_eq!(remarked(&list, RemarkKind::CellNotUnderstood), [5]);
}

#[test]
fn a_house_number_that_became_a_date_is_a_number_again() {
    let mut rows = sheet("Chủ hộ | Số nhà\nAn Văn Một |");
    rows[1][1] = Cell::Date { year: 2025, month: 3, day: 12 };
    let list = read_list(&rows).expect("a list");
    assert_eq!(list.households[0].house_no, "12/3");
    assert_eq!(remarked(&list, RemarkKind::Assumed), [2]);
}

#[test]
fn fifty_thousand_rows_of_one_name_take_no_more_than_a_moment() {
    let mut rows = sheet("Chủ hộ | Năm sinh");
    rows.extend(std::iter::repeat_n(vec![Cell::from("An Văn Một"), Cell::Number(1950.0)], ROWS_MAX - 1));
    assert_eq!(read_list(&rows).expect("a list").households.len(), ROWS_MAX - 1);
    let mut rows = sheet("Mã hộ | Họ tên");
    rows.extend(std::iter::repeat_n(vec![Cell::Number(1.0), Cell::from("An Văn Một")], ROWS_MAX - 1));
    assert_eq!(read_list(&rows).expect("a list").households.len(), 1);
}
