//! A household list as a file: what `domain::import` reads are cells, and this makes cells of files.

use std::fmt::Write as _;
use std::path::Path;

use calamine::{Data, DataType, Reader, open_workbook_auto};
use domain::import::{Cell, List, NotAList, Remark, read_list};
use domain::text::fold;

/// Why a file could not be read as a list. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("Không mở được tệp “{0}”. Kiểm tra lại đường dẫn.")]
    Missing(String),
    #[error("Tệp “{0}” không phải là bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv.")]
    NotASheet(String),
    #[error("Tệp CSV “{0}” phải được lưu ở bảng mã UTF-8.")]
    NotUtf8(String),
    #[error("Tệp “{file}” không có danh sách hộ. {cause}.")]
    NotAList { file: String, cause: NotAList },
    #[error("Danh sách không có hộ nào.")]
    NoHouseholds,
}

/// The part of a list that goes into one area.
#[derive(Clone, Debug)]
pub struct AreaList {
    pub area: String,
    pub list: List,
}

/// Reads a list and divides it by area. With `area`, all of it goes there, or, if the list names tổ and thôn itself, those
/// households that it puts there.
pub fn read(path: &Path, area: Option<&str>) -> Result<Vec<AreaList>, ListError> {
    let list = best_list(path)?;
    if list.households.is_empty() {
        return Err(ListError::NoHouseholds);
    }
    let cells: Vec<String> = list.cells().into_iter().map(ToOwned::to_owned).collect();
    if let Some(area) = area {
        let named = cells.iter().find(|cell| fold(cell) == fold(area));
        let list = named.map_or_else(|| list.clone(), |cell| list.in_cell(Some(cell)));
        return Ok(vec![AreaList { area: area.to_owned(), list }]);
    }
    let mut areas: Vec<AreaList> =
        cells.into_iter().map(|cell| AreaList { list: list.in_cell(Some(&cell)), area: cell }).collect();
    let rest = list.in_cell(None);
    if !rest.households.is_empty() {
        areas.push(AreaList { area: file_stem(path), list: rest });
    }
    Ok(areas)
}

/// What there is to say of a list, a line each: first what a person should look at, then what was left out for a known
/// reason.
pub fn remarks(list: &List) -> String {
    let (to_see, known): (Vec<&Remark>, Vec<&Remark>) = list.report.iter().partition(|it| it.kind.needs_a_look());
    let mut text = String::new();
    for (title, remarks) in [("Cần xem lại", to_see), ("Đã bỏ qua hoặc ghi chú", known)] {
        if remarks.is_empty() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{title} ({}):", remarks.len());
        for remark in remarks {
            let column = remark.column.map(|column| format!(", cột {}", column_letters(column))).unwrap_or_default();
            let _ = writeln!(text, "  dòng {}{column}: {}", remark.row + 1, remark.text);
        }
    }
    text
}

/// As spreadsheets name columns: A, …, Z, AA, …
fn column_letters(column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    let before = if column < 26 { String::new() } else { column_letters(column / 26 - 1) };
    format!("{before}{letter}")
}

/// The sheet of the file that holds most households: lists come with covers and notes on other sheets.
fn best_list(path: &Path) -> Result<List, ListError> {
    let file = file_name(path);
    let mut best: Result<List, NotAList> = Err(NotAList::Empty);
    for cells in sheets(path)? {
        let list = read_list(&cells);
        let is_better = match (&best, &list) {
            (Ok(best), Ok(list)) => list.households.len() > best.households.len(),
            (Err(_), Ok(_)) | (Err(NotAList::Empty), Err(_)) => true,
            _ => false,
        };
        if is_better {
            best = list;
        }
    }
    best.map_err(|cause| ListError::NotAList { file, cause })
}

fn sheets(path: &Path) -> Result<Vec<Vec<Vec<Cell>>>, ListError> {
    if !path.is_file() {
        return Err(ListError::Missing(file_name(path)));
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if extension.eq_ignore_ascii_case("csv") || extension.eq_ignore_ascii_case("txt") {
        return Ok(vec![read_csv(path)?]);
    }
    let mut workbook = open_workbook_auto(path).map_err(|_| ListError::NotASheet(file_name(path)))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        if let Ok(range) = workbook.worksheet_range(&name) {
            // Rows and columns left blank at the top and left are part of how people see the sheet.
            let (rows, columns) = range.end().map_or((0, 0), |(row, column)| (row + 1, column + 1));
            let cells = |row| (0..columns).map(|column| cell(range.get_value((row, column)))).collect();
            sheets.push((0..rows).map(cells).collect());
        }
    }
    Ok(sheets)
}

fn cell(data: Option<&Data>) -> Cell {
    match data {
        None | Some(Data::Empty | Data::Error(_)) => Cell::Empty,
        Some(Data::String(text)) => Cell::from(text.as_str()),
        #[expect(clippy::cast_precision_loss, reason = "numbers of a household list are small")]
        Some(Data::Int(number)) => Cell::Number(*number as f64),
        Some(Data::Float(number)) => Cell::Number(*number),
        Some(Data::Bool(flag)) => Cell::Bool(*flag),
        Some(Data::DateTime(moment)) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell::Date { year: i32::from(year), month: u32::from(month), day: u32::from(day) }
        }
        Some(Data::DateTimeIso(text)) => iso_date(text).unwrap_or_else(|| Cell::from(text.as_str())),
        Some(other) => other.as_string().map_or(Cell::Empty, |text| Cell::from(text.as_str())),
    }
}

/// `2026-07-31T00:00:00`.
fn iso_date(text: &str) -> Option<Cell> {
    let (year, month, day) = text.get(..10)?.parse::<domain::Day>().ok()?.ymd();
    Some(Cell::Date { year, month, day })
}

fn read_csv(path: &Path) -> Result<Vec<Vec<Cell>>, ListError> {
    let bytes = std::fs::read(path).map_err(|_| ListError::Missing(file_name(path)))?;
    let text = String::from_utf8(bytes).map_err(|_| ListError::NotUtf8(file_name(path)))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| ListError::NotASheet(file_name(path)))?;
        rows.push(record.iter().map(Cell::from).collect());
    }
    Ok(rows)
}

/// A spreadsheet set to Vietnamese writes semicolons.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| text.lines().take(20).flat_map(str::bytes).filter(|byte| *byte == sign).count();
    if line.contains('\t') {
        return b'\t';
    }
    if count(b';') > count(b',') { b';' } else { b',' }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_that_the_file_uses() {
        assert_eq!(delimiter("STT;Họ và tên\n1;Nông Thị Mỷ, bà"), b';');
        assert_eq!(delimiter("STT,Họ và tên\n"), b',');
        assert_eq!(delimiter("\nSTT\tHọ và tên"), b'\t');
    }

    #[test]
    fn remarks_name_the_cell_as_the_spreadsheet_does() {
        assert_eq!([0, 25, 26, 51, 52].map(column_letters), ["A", "Z", "AA", "AZ", "BA"]);
        let rows = [vec!["STT", "Họ và tên", "Số nhà", "Năm sinh"], vec!["1", "Lò Văn Pao", "12", "ko nhớ"]];
        let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| Cell::from(*cell)).collect()).collect();
        let told = remarks(&read_list(&cells).expect("a list"));
        assert!(told.contains("\n  dòng 2, cột D: Chưa hiểu “ko nhớ”"), "{told}");
    }

    #[test]
    fn a_file_that_is_not_there_is_told_by_name() {
        let error = read(Path::new("/khong/co/danh-sach.xlsx"), None).expect_err("no such file");
        assert_eq!(error.to_string(), "Không mở được tệp “danh-sach.xlsx”. Kiểm tra lại đường dẫn.");
    }
}
