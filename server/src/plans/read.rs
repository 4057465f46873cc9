//! Reading a plan from a file. Whatever is wrong is told as a sentence with the line that it is about.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use domain::campaign::Campaign;
use serde::Deserialize;
use toml::de::{DeTable, DeValue, Deserializer};

use super::keys::Keys;
use super::words;

/// Why a plan could not be read. Nothing is written then.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("Không mở được tệp “{0}”. Kiểm tra lại đường dẫn.")]
    Missing(String),
    #[error("Tệp “{0}” phải là văn bản ở bảng mã UTF-8.")]
    NotText(String),
    #[error("Tệp “{file}”, dòng {line}: {sentence}")]
    Line { file: String, line: usize, sentence: String },
    #[error("Không có kế hoạch mẫu “{key}”. Các kế hoạch mẫu: {keys}.")]
    Unknown { key: String, keys: String },
}

/// Reads a plan from a TOML file.
pub fn read_file(path: &Path) -> Result<Campaign, PlanError> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let Ok(bytes) = std::fs::read(path) else {
        return Err(PlanError::Missing(file));
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(PlanError::NotText(file));
    };
    // Windows editors put a mark in front.
    read(text.trim_start_matches('\u{feff}'), &file)
}

/// Reads a plan from text; `file` is what it is called in an error.
pub fn read(text: &str, file: &str) -> Result<Campaign, PlanError> {
    let at = |span: Range<usize>, sentence: String| {
        let line = text.get(..span.start).unwrap_or(text).matches('\n').count() + 1;
        PlanError::Line { file: file.to_owned(), line, sentence }
    };
    let mut table =
        DeTable::parse(text).map_err(|error| at(error.span().unwrap_or(0..0), words::of_syntax(error.message())))?;
    if let Some(stray) = Keys::of_a_plan().stray(table.get_ref()) {
        return Err(at(stray.span, words::of_stray_key(&stray.key, &stray.known)));
    }
    days_to_text(table.get_mut());
    let spans = table.get_ref().clone();
    let campaign = Campaign::deserialize(Deserializer::from(table))
        .map_err(|error| at(error.span().unwrap_or(0..0), words::of_shape(error.message())))?;
    match campaign.misfits().into_iter().next() {
        Some(misfit) => Err(at(span_of(&spans, misfit.setting, misfit.place), misfit.sentence)),
        None => Ok(campaign),
    }
}

/// TOML has days of its own, without quotes: they mean the same.
fn days_to_text(table: &mut DeTable<'_>) {
    for (_, value) in table.iter_mut() {
        day_to_text(value.get_mut());
    }
}

fn day_to_text(value: &mut DeValue<'_>) {
    match value {
        DeValue::Datetime(day) => *value = DeValue::String(Cow::Owned(day.to_string())),
        DeValue::Array(items) => items.iter_mut().for_each(|item| day_to_text(item.get_mut())),
        DeValue::Table(table) => days_to_text(table),
        _ => {}
    }
}

/// Where a setting stands, or one place of its list.
fn span_of(table: &DeTable<'_>, setting: &str, place: Option<usize>) -> Range<usize> {
    let Some(value) = table.get(setting) else { return 0..0 };
    let items = value.get_ref().as_array();
    let item = items.zip(place).and_then(|(items, place)| items.get(place));
    item.unwrap_or(value).span()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: &str = "[[targets]]\nlabel = \"Chỉ tiêu\"\nmeasure = \"used\"\ncounted = \"stock\"\n\
        comparator = \"at_least\"\namount = { basis_points = 7000 }\n";

    /// The line and the sentence of what is wrong with it.
    fn complaint(text: &str) -> (usize, String) {
        match read(text, "ke-hoach.toml").expect_err("a plan with a mistake") {
            PlanError::Line { line, sentence, file } => {
                assert_eq!(file, "ke-hoach.toml");
                (line, sentence)
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_plan_needs_no_more_than_a_name() {
        let plan = read("name = \"Kế hoạch\"", "x").expect("a plan");
        assert_eq!(plan, Campaign { name: "Kế hoạch".to_owned(), ..Campaign::asking_nothing() });
    }

    #[test]
    fn a_day_may_be_written_with_or_without_quotes() {
        for day in ["\"2026-10-31\"", "2026-10-31"] {
            let plan = read(&format!("name = \"Kế hoạch\"\nends_on = {day}\n{TARGET}deadline = {day}"), "x");
            let plan = plan.expect("a plan");
            let expected = "2026-10-31".parse().ok();
            assert_eq!((plan.ends_on, plan.targets[0].deadline), (expected, expected));
        }
        assert_eq!(complaint("name = \"Kế hoạch\"\nends_on = 2026-10-31T10:00:00").0, 2);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let cases = [
            ("name = Kế hoạch", 1, "Chưa đúng cú pháp"),
            ("name = \"a\"\nname = \"b\"", 2, "hai lần"),
            ("quota = 15", 1, "Thiếu mục “name”"),
            ("name = \"a\"\n\nquotas = 15", 3, "Không có mục “quotas”"),
            ("name = \"a\"\nquota = \"mười lăm\"", 2, "số nguyên"),
            ("name = \"a\"\nquota = -1", 2, "số nguyên"),
            ("name = \"a\"\nends_on = \"31/10/2026\"", 2, "Ngày không hợp lệ"),
            ("name = \"a\"\nstarts_on = 2026-06-02\nends_on = 2026-06-01", 3, "trước ngày bắt đầu"),
            ("name = \"a\"\n[[report_slots]]\nto = \"UBND\"", 2, "weekdays"),
            ("name = \"a\"\n[[report_slots]]\nweekdays = [\"thứ tư\"]", 2, "“thứ tư”"),
            ("name = \"\"", 1, "chưa có tên"),
        ];
        for (text, line, words) in cases {
            let (at, sentence) = complaint(text);
            assert!(at == line && sentence.contains(words), "{text:?}: dòng {at}: {sentence}");
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn a_mistake_in_a_list_is_found_at_its_place() {
        let twice = format!("name = \"a\"\n{TARGET}\n{TARGET}");
        assert_eq!(complaint(&twice.replacen("used", "dùng", 1)), (4, "Không có cách đếm “dùng”.".to_owned()));
        let second = format!("{twice}group = \"pupils\"\n");
        let (line, sentence) = complaint(&second);
        assert!(line == 9 && sentence.contains("nhóm “pupils”"), "dòng {line}: {sentence}");
        let (line, sentence) = complaint(&format!("{twice}due = 2026-10-31\n"));
        assert!(line == 15 && sentence.contains("deadline"), "dòng {line}: {sentence}");
    }

    #[test]
    fn a_file_that_is_no_text_is_told_by_name() {
        let missing = read_file(Path::new("/khong/co/ke-hoach.toml")).expect_err("no file");
        assert_eq!(missing, PlanError::Missing("ke-hoach.toml".to_owned()));
        let path = std::env::temp_dir().join(format!("tung-nha-plan-{}.toml", std::process::id()));
        std::fs::write(&path, [0xff, 0xfe, 0x00]).expect("written");
        assert!(matches!(read_file(&path), Err(PlanError::NotText(_))));
        std::fs::write(&path, "\u{feff}name = \"Kế hoạch\"\r\n").expect("written");
        assert!(read_file(&path).is_ok());
        std::fs::remove_file(&path).expect("removed");
    }
}
