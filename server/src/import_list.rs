//! A household list as a file: `sheet` makes cells of it, `domain::import` households; here they are divided by area.

use std::fmt::Write as _;
use std::path::Path;

use domain::import::{List, NotAList, Remark, column_letters, read_list};
use domain::text::fold;
use sheet::SheetError;

/// Why a file could not be read as a list. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("Không mở được tệp “{0}”. Kiểm tra lại đường dẫn.")]
    Missing(String),
    #[error("Không đọc được tệp “{file}”. {cause}")]
    NotRead { file: String, cause: SheetError },
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

/// The sheet of the file that holds most households: lists come with covers and notes on other sheets.
fn best_list(path: &Path) -> Result<List, ListError> {
    let file = file_name(path);
    let bytes = std::fs::read(path).map_err(|_| ListError::Missing(file.clone()))?;
    let workbook = sheet::read(&file, &bytes).map_err(|cause| ListError::NotRead { file: file.clone(), cause })?;
    let mut best: Result<List, NotAList> = Err(NotAList::Empty);
    for sheet in &workbook.sheets {
        let list = read_list(&sheet.rows);
        let is_better = match (&best, &list) {
            (Ok(best), Ok(list)) => list.households.len() > best.households.len(),
            (Err(_), Ok(_)) | (Err(NotAList::Empty), Err(_)) => true,
            _ => false,
        };
        if is_better {
            best = list;
        }
    }
    for refused in &workbook.refused {
        tracing::warn!("Trang tính “{}” không đọc được: {}", refused.name, refused.why);
    }
    match (best, workbook.refused.into_iter().next()) {
        (Ok(list), _) => Ok(list),
        // The list may have been on the sheet that could not be read.
        (Err(_), Some(refused)) => Err(ListError::NotRead { file, cause: refused.why }),
        (Err(cause), None) => Err(ListError::NotAList { file, cause }),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use domain::import::Cell;

    use super::*;

    #[test]
    fn remarks_name_the_cell_as_the_spreadsheet_does() {
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
