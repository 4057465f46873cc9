//! The Excel file of a report, opened by a program that we did not write.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::report::{DifficultyLine, Line, Phones, Report, TargetLine, UnitRow, xlsx};
use domain::{Day, Moment};

/// What a spreadsheet takes for a formula when a person types it.
const HOSTILE: [&str; 5] = ["=1+1", "+84 912", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://vi.du\";\"Tổ 1\")"];

fn report() -> Report {
    let line = |key: &str, label: &str, in_period, adjustment, cumulative, of| Line {
        key: key.to_owned(),
        label: label.to_owned(),
        unit: "người".to_owned(),
        in_period,
        adjustment,
        cumulative,
        of,
    };
    let monday: Day = "2026-11-23".parse().expect("a day");
    Report {
        unit: "Phường Bắc Kạn".to_owned(),
        within: "Thái Nguyên".to_owned(),
        place: "Bắc Kạn".to_owned(),
        is_whole: true,
        campaign: "Đợt <thử> & \"kiểm tra\"".to_owned(),
        slot: String::new(),
        due: "Thứ Hai 23/11/2026, trước 14h00".to_owned(),
        to: String::new(),
        from: None,
        until: Moment { day: monday, hour: 14 },
        made_ms: u64::try_from(monday.start_ms()).expect("after 1970"),
        synced_ms: None,
        phones: Phones { all: 5, late: 2 },
        lines: vec![
            line("households", "Tổng số hộ", None, None, 654, None),
            line("signature_activated.stock", "Chữ ký số: đã kích hoạt", Some(1_234), Some(-17), 12_314, Some(17_592)),
            line("signature_activated.new", "– trong đó cài mới", Some(3), Some(2), 3_490, None),
        ],
        targets: vec![TargetLine {
            label: "Trên 70%".to_owned(),
            value: Some("69,998%".to_owned()),
            wanted: "trên 70%".to_owned(),
            missing: Some(1),
            unit: "người".to_owned(),
            deadline: None,
        }],
        difficulties: vec![DifficultyLine { label: "Không nhận được mã OTP".to_owned(), open: 8, solved: 3 }],
        units: HOSTILE
            .into_iter()
            .map(|name| UnitRow { name: name.to_owned(), figures: vec![Some(110), None, Some(7)] })
            .collect(),
    }
}

/// Has `LibreOffice` write the file in another format; answers every file that it made.
fn converted(folder: &Path, format: &str) -> Vec<PathBuf> {
    let file = folder.join("bao-cao.xlsx");
    fs::write(&file, xlsx::file(&report())).expect("written");
    let out = folder.join("out");
    // A profile of its own: another LibreOffice of this user must not answer in its place.
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", format, "--outdir"])
        .args([&out, &file])
        .output()
        .expect("soffice runs; `cargo xtask test office` installs it");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut files: Vec<PathBuf> =
        fs::read_dir(&out).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

#[test]
fn libre_office_reads_the_same_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    // Tab-separated, UTF-8, figures as they are kept and not as shown, every sheet.
    let format = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,false,false,false,false,-1";
    let sheets: Vec<String> =
        converted(folder.path(), format).iter().map(|file| fs::read_to_string(file).expect("text")).collect();
    assert_eq!(sheets.len(), 2, "a sheet for the figures, one for the units");
    let rows: Vec<Vec<&str>> = sheets
        .iter()
        .flat_map(|sheet| sheet.lines())
        .map(|line| line.split('\t').map(|cell| cell.trim_matches('"')).filter(|cell| !cell.is_empty()).collect())
        .collect();
    for expected in [
        &["1", "Tổng số hộ", "người", "—", "—", "654", "—"][..],
        &["2", "Chữ ký số: đã kích hoạt", "người", "1234", "-17", "12314", "70%"],
        &["– trong đó cài mới", "người", "3", "2", "3490", "—"],
        &["Trên 70%", "69,998%, cần trên 70%, còn thiếu 1 người"],
        &["Không nhận được mã OTP", "8", "3"],
        &["+84 912", "110", "—", "7"],
        &["Cộng", "654", "12314", "3490"],
        &["ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ] {
        assert!(rows.iter().any(|row| row == expected), "{expected:?} is not among\n{rows:#?}");
    }
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = converted(folder.path(), "fods");
    let [file] = files.as_slice() else { panic!("{files:?}") };
    let xml = fs::read_to_string(file).expect("text");
    assert!(!xml.contains("table:formula"), "a formula was made");
    for name in HOSTILE {
        let escaped = name.replace('"', "&quot;");
        let cell = xml.find(&format!("<text:p>{escaped}")).or_else(|| xml.find(&format!("<text:p>{name}")));
        let before = &xml[..cell.unwrap_or_else(|| panic!("{name} is not in the sheet"))];
        let opened = before.rfind("<table:table-cell").expect("in a cell");
        assert!(before[opened..].contains(r#"office:value-type="string""#), "{name} is no text");
    }
}
