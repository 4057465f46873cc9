//! XLS records that the office program at hand does not write: old ones, formulas with texts, passwords.

use domain::import::Cell;
use sheet::SheetError;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// A stream without a compound file around it; `globals` come first, then one sheet with `cells`.
fn stream(version: u16, globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = |kind: u16| {
        let mut data = [version.to_le_bytes(), kind.to_le_bytes()].concat();
        data.resize(16, 0);
        record(0x0809, &data)
    };
    let end = record(0x000a, &[]);
    let globals = [begin(5), globals.concat()].concat();
    // A record of 12 bytes and the end still follow.
    let at = u32::try_from(globals.len() + 12 + 4 + end.len()).expect("short");
    let name: &[u8] =
        if version == 0x0600 { &[4, 0, b'T', b'r', b'a', b'n'] } else { &[5, b'T', b'r', b'a', b'n', b'g'] };
    let place = record(0x0085, &[&at.to_le_bytes()[..], &[0, 0], name].concat());
    [globals, place, end.clone(), begin(0x10), cells.concat(), end].concat()
}

fn rows(bytes: &[u8]) -> Vec<Vec<Cell>> {
    sheet::read("x.xls", bytes).expect("a sheet").sheets.remove(0).rows
}

#[test]
fn a_formula_has_the_value_that_it_last_had() {
    let formula = |column: u8, value: [u8; 8]| record(6, &[&[0, 0, column, 0, 0, 0][..], &value, &[0; 6]].concat());
    let text = record(0x0207, &[3, 0, 1, b'T', 0, 0xd5, 0x1e, b'!', 0]);
    let cells = [
        formula(0, [0, 0, 0, 0, 0, 0, 0xff, 0xff]),
        text,
        formula(1, [1, 0, 1, 0, 0, 0, 0xff, 0xff]),
        formula(2, [2, 0, 0x17, 0, 0, 0, 0xff, 0xff]),
        formula(3, [3, 0, 0, 0, 0, 0, 0xff, 0xff]),
        formula(4, 12.5_f64.to_le_bytes()),
    ];
    let shown: Vec<String> = rows(&stream(0x0600, &[], &cells))[0].iter().map(Cell::text).collect();
    assert_eq!(shown, ["Tổ!", "có", "#REF!", "", "12.5"]);
}

#[test]
fn packed_numbers_are_whole_broken_or_hundredths() {
    let whole = (1956_u32 << 2) | 2;
    let hundredths = (1250_u32 << 2) | 3;
    let float = u32::try_from(1.5_f64.to_bits() >> 32).expect("the upper half");
    let mut data = vec![0, 0, 1, 0];
    for number in [whole, hundredths, float] {
        data.extend([&[0, 0][..], &number.to_le_bytes()].concat());
    }
    data.extend([3, 0]);
    let numbers = [1956.0, 12.5, 1.5].map(Cell::Number);
    assert_eq!(rows(&stream(0x0600, &[], &[record(0x00bd, &data)]))[0][1..], numbers);
}

#[test]
fn texts_of_excel_95_are_in_its_code_page() {
    let label = |text: &[u8]| {
        record(0x0204, &[&[0, 0, 0, 0, 0, 0, u8::try_from(text.len()).expect("short"), 0], text].concat())
    };
    let name = label(b"Nguy\xea\xden");
    let vietnamese = stream(0x0500, &[record(0x0042, &1258_u16.to_le_bytes())], &[name]);
    assert_eq!(rows(&vietnamese), [[Cell::from("Nguyễn")]]);
    let western = stream(0x0500, &[record(0x0042, &1252_u16.to_le_bytes())], &[label(b"Tr\xc7n Th\xde")]);
    assert_eq!(rows(&western), [[Cell::from("TrÇn ThÞ")]]);
}

#[test]
fn a_stream_that_is_only_a_sheet_is_read() {
    let whole = stream(0x0500, &[], &[record(0x0203, &[&[1, 0, 1, 0, 0, 0][..], &7_f64.to_le_bytes()].concat())]);
    let globals_end = whole.len() - 20 - 18 - 4;
    assert_eq!(rows(&whole[globals_end..]), [vec![], vec![Cell::Empty, Cell::Number(7.0)]]);
}

#[test]
fn a_password_is_told_and_what_is_cut_off_is_damaged() {
    let protected = stream(0x0600, &[record(0x002f, &[0; 6])], &[]);
    assert_eq!(sheet::read("x.xls", &protected), Err(SheetError::Encrypted));
    let whole = stream(0x0600, &[], &[record(0x0203, &[0; 14])]);
    assert_eq!(sheet::read("x.xls", &whole[..whole.len() - 10]), Err(SheetError::Damaged));
}
