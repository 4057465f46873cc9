//! One small list in every format, as an office program writes it; from `ho.fods`.

use domain::import::Cell;
use sheet::{Sheet, Workbook};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

fn read(name: &str) -> Workbook {
    let workbook = sheet::read(name, &file(name)).expect("a sheet");
    assert_eq!(workbook.refused, [], "{name}");
    workbook
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn expected() -> Vec<Vec<Cell>> {
    let number = Cell::Number;
    let date = |year, month, day| Cell::Date { year, month, day };
    let again =
        vec![number(4.5), text("Lò Văn  Pao"), text("1957"), Cell::Empty, Cell::Empty, number(123_456_789_012.0)];
    vec![
        vec![text("DANH SÁCH HỘ DÂN & NHÂN KHẨU")],
        vec![],
        ["STT", "Họ và tên", "Ngày sinh", "Số nhà", "VNeID", "Ghi chú"].map(text).to_vec(),
        vec![number(1.0), text("Nông Văn Tằng"), date(1956, 3, 4), text("12/5"), Cell::Bool(true), text("#N/A")],
        vec![number(2.0), text("Hoàng Thị Ết"), date(1958, 12, 31), Cell::Empty, Cell::Bool(false), text("#DIV/0!")],
        vec![number(3.0), text("Triệu Tài Sính"), text("1980"), text("14"), Cell::Empty, text("dòng 1\ndòng 2")],
        again.clone(),
        again,
    ]
}

#[test]
fn every_format_gives_the_same_cells() {
    for name in ["ho.xlsx", "ho-1904.xlsx", "ho.xls", "ho-1904.xls", "ho.ods", "ho-xml.xls"] {
        let [list, hidden] = <[Sheet; 2]>::try_from(read(name).sheets).expect("two sheets");
        assert_eq!(list.name, "Tổ 5", "{name}");
        assert_eq!(list.rows, expected(), "{name}");
        assert_eq!((hidden.name.as_str(), hidden.rows), ("Ẩn", vec![vec![text("Bí mật")]]), "{name}");
    }
}

#[test]
fn the_content_decides_and_not_the_extension() {
    for (name, other) in [("ho.xlsx", "ho.xls"), ("ho.ods", "ho.csv"), ("ho.xls", "ho.xlsx"), ("ho.fods", "ho.txt")] {
        assert_eq!(sheet::read(other, &file(name)), sheet::read(name, &file(name)));
    }
}

#[test]
fn html_gives_the_texts_that_it_shows() {
    let workbook = read("ho-html.xls");
    let shown: Vec<Vec<String>> =
        workbook.sheets[0].rows.iter().map(|row| row.iter().map(Cell::text).collect()).collect();
    let row = |name: &str| shown.iter().find(|row| row.get(1).is_some_and(|cell| cell == name)).expect("a row").clone();
    assert_eq!(row("Nông Văn Tằng"), ["1", "Nông Văn Tằng", "04/03/1956", "12/5", "TRUE", "#N/A"]);
    assert_eq!(row("Hoàng Thị Ết"), ["2", "Hoàng Thị Ết", "31/12/1958", "", "FALSE", "#DIV/0!"]);
}
