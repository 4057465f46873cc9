//! What stands around the data: titles, merged headers, group rows, totals, signatures, unused columns.

use super::RemarkKind as K;
use super::*;
use crate::service::Step;

#[test]
fn the_header_is_found_below_the_titles_and_the_signatures_are_left_out() {
    let list = read(
        "ỦY BAN NHÂN DÂN XÃ HÒA AN | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
         DANH SÁCH CHỦ HỘ THÔN NÀ PÒ
         (Kèm theo Kế hoạch số 12)
         STT | Họ và tên chủ hộ | Năm sinh | Số điện thoại
         (1) | (2) | (3) | (4)
         1 | NGUYỄN VĂN AN | 1957 | 0912345678
         2 | lò thị y | 1960 |
         Tổng cộng: 2 hộ
          | | | Hòa An, ngày 12 tháng 8 năm 2025
         Người lập biểu | | | TRƯỞNG THÔN
         | Triệu Văn Bình | | Ma Thị Cúc",
    );
    assert_eq!(drawn(&list), ["Nguyễn Văn An: Nguyễn Văn An 1957 Chủ hộ", "Lò Thị Y: Lò Thị Y 1960 Chủ hộ"]);
    assert_eq!(list.households[0].phone.as_deref(), Some("0912345678"));
    assert_eq!(
        kinds(&list),
        [
            (1, K::NotData),
            (2, K::NotData),
            (3, K::NotData),
            (5, K::NotData),
            (8, K::Total),
            (9, K::Signature),
            (10, K::Signature),
            (11, K::Signature),
        ]
    );
    assert_eq!(list.first_row, 4);
}

#[test]
fn a_merged_header_of_two_rows_divides_the_year_of_birth_by_sex() {
    let list = read(
        "STT | Họ và tên | Năm sinh | | Chữ ký số | | Ghi chú
          | | Nam | Nữ | Đã đăng ký | Đã kích hoạt |
         1 | 2 | 3 | 4 | 5 | 6 | 7
         1 | Ma Văn Tú | 1957 | | x | |
         2 | Lường Thị Mỵ | | 1960 | x | x | đã mất",
    );
    assert_eq!(drawn(&list), ["Ma Văn Tú: Ma Văn Tú 1957", "Lường Thị Mỵ: Lường Thị Mỵ 1960"]);
    assert_eq!(list.households[0].residents[0].already, [Step::Registered]);
    assert_eq!(list.households[1].residents[0].already, [Step::Registered, Step::SignatureActivated]);
    assert_eq!(list.households[1].residents[0].gone, Some(Gone::Deceased));
    assert_eq!(remarked(&list, RemarkKind::NotData), [3]);
}

#[test]
fn a_merged_header_may_keep_the_names_in_its_second_row() {
    let list = read(
        "TT | Thông tin chủ hộ | | | Kết quả | |
          | Họ và tên | Năm sinh | Điện thoại | VNeID mức 2 | BHYT | CKS
         1 | Bàn Văn Tổ | 1970 | 0912345678 | x | | VNPT",
    );
    assert_eq!(drawn(&list), ["Bàn Văn Tổ: Bàn Văn Tổ 1970 Chủ hộ"]);
    assert_eq!(list.households[0].residents[0].already, [Step::Activated, Step::SignatureActivated]);
    assert!(list.report.is_empty(), "{:?}", list.report);
}

#[test]
fn the_first_row_of_data_is_not_taken_for_a_second_header_row() {
    let list = read(
        "STT | Họ và tên | Giới tính | Quan hệ | Năm sinh
          | Nam Thị Nữ | Nữ | Chủ hộ | 1950
          | Bế Văn Bé | Nam | Con | 1980",
    );
    assert_eq!(drawn(&list), ["Nam Thị Nữ: Nam Thị Nữ 1950 Chủ hộ, Bế Văn Bé 1980 Con"]);
}

#[test]
fn group_rows_name_the_cell_and_surnames_that_look_alike_do_not() {
    let list = read(
        "STT | Họ tên | Năm sinh
         I. Tổ 5
         1 | Tô Văn Bản | 1950
         2 | Bàn Thị Khu | 1951
         II | Thôn Nà Pò |
         1 | Tô Trường Giang | 1952
          | Ấp Bình Hòa: |
         1 | Tống Sơn Hà | 1953",
    );
    let cells: Vec<_> = list.households.iter().map(|household| household.cell.as_deref().unwrap_or("")).collect();
    assert_eq!(cells, ["I. Tổ 5", "I. Tổ 5", "Thôn Nà Pò", "Ấp Bình Hòa"].map(|cell| cell.trim_start_matches("I. ")));
    assert_eq!(list.cells(), ["Tổ 5", "Thôn Nà Pò", "Ấp Bình Hòa"]);
    assert_eq!(list.in_cell(Some("Thôn Nà Pò")).households.len(), 1);
    assert_eq!(remarked(&list, RemarkKind::Group), [2, 5, 7]);
}

#[test]
fn a_cell_column_gives_a_bare_number_its_word() {
    let list = read(
        "Tổ | Chủ hộ | Số nhà
         5 | Hà Văn Một | 12/3
          | Hà Văn Hai | 12/4
         Tổ 6 | Hà Văn Ba | 7A",
    );
    let cells: Vec<_> = list.households.iter().map(|household| household.cell.as_deref().unwrap_or("")).collect();
    assert_eq!(cells, ["Tổ 5", "Tổ 5", "Tổ 6"]);
    assert_eq!(list.households[0].house_no, "12/3");
}

#[test]
fn private_columns_are_dropped_and_said_so_once() {
    let list = read(
        "STT | Họ và tên | Số CCCD | Dân tộc | Tôn giáo | Số thẻ BHYT | Giới tính | Màu áo
         1 | Chu Văn Sáu | 019057001234 | Tày | Không | TN4190570012345 | Nam | xanh
         2 | Chu Thị Bảy | 019160001234 | Nùng | Không | TN4190570012346 | Nữ | đỏ",
    );
    assert_eq!(remarked(&list, RemarkKind::ColumnDropped), [1, 1, 1, 1]);
    assert_eq!(remarked(&list, RemarkKind::ColumnUnused), [1, 1]);
    assert!(!format!("{list:?}").contains("019057"), "no id number is left anywhere");
}

#[test]
fn a_column_dt_is_ethnicity_unless_it_holds_phones() {
    let phones = read("STT | Ho ten | DT\n1 | Le Van Tam | 0912345678");
    assert_eq!(phones.households[0].phone.as_deref(), Some("0912345678"));
    let peoples = read("STT | Họ tên | DT\n1 | Lê Văn Tám | Tày");
    assert_eq!(remarked(&peoples, RemarkKind::ColumnDropped), [1]);
    assert_eq!(read("STT | Họ tên | ĐT\n1 | Lê Văn Tám |").columns[2].field, Some(Field::Phone));
}

#[test]
fn a_repeated_header_and_a_list_after_the_signatures_are_understood() {
    let list = read(
        "STT | Họ và tên | Năm sinh
         1 | Lê Văn Một | 1950
          | Người lập |
          | Ai Đó |
         STT | Họ và tên | Năm sinh
         2 | Lê Văn Hai | 1951",
    );
    assert_eq!(drawn(&list), ["Lê Văn Một: Lê Văn Một 1950", "Lê Văn Hai: Lê Văn Hai 1951"]);
    assert_eq!(remarked(&list, RemarkKind::Signature), [3, 4]);
    assert_eq!(remarked(&list, RemarkKind::NotData), [5]);
}

#[test]
fn names_over_two_columns_are_joined() {
    let split = read("STT | Họ đệm | Tên | Năm sinh\n1 | Nguyễn Thị | Hoa | 1950");
    assert_eq!(drawn(&split), ["Nguyễn Thị Hoa: Nguyễn Thị Hoa 1950"]);
    let merged = read("STT | Họ và tên | | Năm sinh\n1 | NGUYỄN THỊ | HOA | 1950\n2 | A | THUIH | 1951");
    assert_eq!(drawn(&merged), ["Nguyễn Thị Hoa: Nguyễn Thị Hoa 1950", "A Thuih: A Thuih 1951"]);
}

#[test]
fn headings_that_say_not_yet_or_wish_give_no_yes() {
    let list = read(
        "Họ tên | Chưa kích hoạt mức 2 | Nhu cầu chữ ký số | VNeID mức 1 | Không có điện thoại thông minh
         Ma Văn Ba | x | x | x | x",
    );
    assert_eq!(list.households[0].residents[0].already, []);
    assert_eq!(list.households[0].priorities, [Priority::NoSmartphone]);
    assert_eq!(remarked(&list, RemarkKind::ColumnUnused).len(), 3);
}

#[test]
fn what_is_not_a_list_is_refused_with_a_sentence() {
    assert_eq!(read_list(&[]), Err(NotAList::Empty));
    assert_eq!(read_list(&[vec![Cell::Empty, Cell::from(" \u{200b} ")]]), Err(NotAList::Empty));
    assert_eq!(read_list(&sheet("Bảng chấm công | Tháng 8\n1 | 2")), Err(NotAList::NoHeader));
    let tall = vec![vec![Cell::from("x")]; ROWS_MAX + 1];
    assert_eq!(read_list(&tall), Err(NotAList::TooManyRows { rows: ROWS_MAX + 1 }));
    let wide = vec![vec![Cell::from("x"); COLUMNS_MAX + 1]];
    assert_eq!(read_list(&wide), Err(NotAList::TooManyColumns { columns: COLUMNS_MAX + 1 }));
    let mut padded = sheet("STT | Họ tên\n1 | Lê Văn Tám");
    padded[0].resize(16_384, Cell::Empty);
    padded.resize(ROWS_MAX * 2, Vec::new());
    assert_eq!(read_list(&padded).expect("empty cells do not count").households.len(), 1);
}

#[test]
fn headings_in_use_are_in_the_dictionary() {
    use crate::import::heading::lookup;
    let groups: [(Option<Field>, &[&str]); 22] = [
        (Some(Field::Ordinal), &["STT", "TT", "Số TT", "Số thứ tự", "No"]),
        (Some(Field::HouseholdCode), &["Mã hộ", "Số hộ", "Hộ số", "Mã HGĐ", "Số sổ hộ khẩu", "Số HSHK", "Hộ"]),
        (Some(Field::Head), &["Chủ hộ", "HỌ VÀ TÊN CHỦ HỘ", "Tên chủ hộ"]),
        (
            Some(Field::Name),
            &[
                "Họ và tên",
                "Họ, chữ đệm và tên",
                "Tên công dân",
                "Người được hỗ trợ",
                "Tên khách hàng",
                "Họ và tên (viết hoa)",
            ],
        ),
        (Some(Field::FamilyName), &["Họ đệm", "Họ và đệm", "Họ lót", "Họ"]),
        (Some(Field::Birth), &["Ngày sinh", "Ngày, tháng, năm sinh", "NTNS", "NS", "Sinh năm", "Năm sinh của chủ hộ"]),
        (Some(Field::Relation), &["Quan hệ với chủ hộ", "QH với chủ hộ", "QHCH", "Quan hệ"]),
        (Some(Field::Phone), &["SĐT", "ĐT", "Điện thoại liên hệ", "Số ĐT", "Di động", "Zalo", "SĐT chủ hộ"]),
        (Some(Field::IdNumber), &["CCCD", "Số căn cước", "Số định danh", "Số ĐDCN", "Số CMND/CCCD"]),
        (Some(Field::Private), &["Dân tộc", "Tôn giáo", "Số thẻ BHYT", "Ngày cấp", "Nơi cấp"]),
        (Some(Field::Provider), &["Nhà mạng", "Nhà cung cấp", "Đơn vị cung cấp", "VNPT"]),
        (Some(Field::ExpiresOn), &["Ngày hết hạn", "Hiệu lực đến", "Ngày hết hiệu lực CTS", "Hạn sử dụng"]),
        (Some(Field::IssuedOn), &["Ngày cấp CTS", "Ngày cấp chứng thư số", "Hiệu lực từ"]),
        (Some(Field::HouseNo), &["Địa chỉ", "Số nhà", "Ngõ", "Nơi cư trú", "HKTT", "Chỗ ở hiện nay", "Địa chỉ chủ hộ"]),
        (Some(Field::Cell), &["Tổ", "Tổ dân phố", "TDP", "Thôn", "Thôn/bản", "Khu phố", "Tên ấp", "Tổ (thôn)"]),
        (Some(Field::PriorityText), &["Diện", "Đối tượng", "Hộ nghèo, cận nghèo"]),
        (Some(Field::Priority(Priority::NearPoor)), &["Hộ cận nghèo", "HCN"]),
        (Some(Field::Smartphone), &["Có ĐTTM", "Điện thoại thông minh", "Smartphone"]),
        (Some(Field::Step(Step::Activated)), &["VNeID", "VNeID mức 2", "Mức 2", "ĐDĐT", "Định danh", "Đã kích hoạt"]),
        (
            Some(Field::Step(Step::SignatureActivated)),
            &["CKS", "Chữ ký số", "Chứng thư số", "Đã cài", "Cài mới", "Chữ ký số qua VNeID"],
        ),
        (Some(Field::Unused), &["Tuổi", "GT", "Người hỗ trợ", "Ngày hỗ trợ", "Tạm trú", "Chưa có CKS", "Số nhân khẩu"]),
        (None, &["Hồ sơ", "Màu áo", "DANH SÁCH CHỦ HỘ", "", "(1)"]),
    ];
    for (field, headings) in groups {
        for heading in headings {
            assert_eq!(lookup(heading), field, "{heading}");
        }
    }
}
