use super::super::super::tests::sheet;
use super::*;

fn holders(drawing: &str) -> HolderList {
    let list = read_holders(&sheet(drawing), &Options::default()).expect("a list");
    assert_eq!(list.check(), Ok(()));
    list
}

#[test]
fn a_providers_list_gives_a_person_a_row() {
    let list = holders(
        "DANH SÁCH THUÊ BAO CHỮ KÝ SỐ
         STT | Tên khách hàng | Ngày sinh | Số CCCD | Số thuê bao | Địa chỉ | Nhà cung cấp | Ngày cấp CTS | Ngày hết hạn
         1 | NGUYỄN VĂN AN | 03/12/1957 | 019057001234 | 84912345678 | Thôn Nà Pò | VNPT SmartCA | 01/02/2026 | 01/02/2027
         2 | Lò Thị Y | 01/01/1960 | | | | VT | | 12/2026
         3 | Ma Văn Tú | 1970 | | hỏi lại | | MobiFone | | sau Tết",
    );
    let day = |text: &str| text.parse::<Day>().ok();
    assert_eq!(
        list.holders[0],
        ListedHolder {
            row: 2,
            name: "Nguyễn Văn An".to_owned(),
            birth_year: Some(1957),
            birth_day: day("1957-12-03"),
            phone: Some("0912345678".to_owned()),
            address: "Thôn Nà Pò".to_owned(),
            cell: None,
            provider: Some("VNPT SmartCA".to_owned()),
            expires_on: day("2027-02-01"),
        }
    );
    let dates: Vec<_> = list.holders.iter().map(|holder| (holder.birth_day, holder.expires_on)).collect();
    assert_eq!(dates[1..], [(None, day("2026-12-31")), (None, None)], "1 January may be any day");
    let unclear = list.report.iter().filter(|remark| remark.kind == RemarkKind::CellNotUnderstood);
    assert_eq!(unclear.map(|remark| (remark.row, remark.column)).collect::<Vec<_>>(), [(4, Some(4)), (4, Some(8))]);
    assert_eq!((list.counts.filled, list.counts.dropped, list.counts.unclear), (20, 2, 2));
}

#[test]
fn dates_that_an_american_computer_swapped_are_swapped_back_or_left_out() {
    let mut rows = sheet("Họ tên | Ngày sinh\nAn Văn Một | 25/03/1957\nAn Văn Hai |\nAn Văn Ba |\nAn Văn Bốn |");
    for row in [2, 3, 4] {
        rows[row][1] = Cell::Date { year: 1960, month: 12, day: 3 };
    }
    let list = read_holders(&rows, &Options::default()).expect("a list");
    let days = |list: &HolderList| list.holders.iter().map(|holder| holder.birth_day).collect::<Vec<_>>();
    let day = |text: &str| text.parse::<Day>().ok();
    assert_eq!(days(&list)[..2], [day("1957-03-25"), day("1960-03-12")]);
    assert_eq!(list.report[0].kind, RemarkKind::Assumed);
    rows.truncate(3);
    let few = read_holders(&rows, &Options::default()).expect("a list");
    assert_eq!(days(&few), [day("1957-03-25"), None]);
    assert_eq!(few.holders[1].birth_year, Some(1960));
    let american = holders("Họ tên | Ngày sinh\nAn Văn Một | 03/25/1957\nAn Văn Hai | 03/04/1957");
    assert_eq!(days(&american), [day("1957-03-25"), day("1957-03-04")]);
}

#[test]
fn a_column_of_a_provider_says_whose_it_is() {
    let list = holders("Họ tên | VNPT | Viettel\nAn Văn Một | x |\nAn Văn Hai | | x\nAn Văn Ba | |");
    let providers: Vec<_> = list.holders.iter().map(|holder| holder.provider.as_deref()).collect();
    assert_eq!(providers, [Some("VNPT"), Some("Viettel"), None]);
}
