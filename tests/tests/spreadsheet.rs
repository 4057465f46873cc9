//! The Excel files of a report and of the lists that leave the program, opened by a program that we did not write.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::handout::{
    BoxState, DoorLine, DoorList, DoorPerson, Handout, HelpedLine, HelpedList, LineCode, List, Reason, Taken, Tick,
};
use domain::people::Role;
use domain::report::{DifficultyLine, Line, Phones, Report, TargetLine, UnitRow, xlsx};
use domain::service::{Origin, Step};
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

/// A list on which everybody's name is hostile.
fn handout(list: List) -> Handout {
    let (by, words) = ("Triệu Thị Mai & <bạn>".to_owned(), "=họp tổ".to_owned());
    let at_ms = 1_795_240_000_000;
    let taken = Taken { number: 27, by, role: Role::Lead, at_ms, reason: Reason::Check, words };
    Handout { taken, commune: "Phường Bắc Kạn".to_owned(), campaign: "Đợt thử".to_owned(), list }
}

fn people() -> Handout {
    let line = |name: &str| HelpedLine {
        name: name.to_owned(),
        birth_year: Some(1958),
        address: "12/3, Tổ 5".to_owned(),
        phone: Some("0912345678".to_owned()),
        steps: [Some(Step::Activated), None, Some(Step::SignatureActivated)],
        provider: "VNPT SmartCA".to_owned(),
        origin: Some(Origin::NewlyInstalled),
        day: "2026-11-20".parse().ok(),
        helper: "Triệu Thị Mai".to_owned(),
    };
    let list = HelpedList {
        helper: "Triệu Thị Mai".to_owned(),
        quota: Some(15),
        with_phones: true,
        counted: HOSTILE.map(line).to_vec(),
        shared: vec![line("Bàn Thị Hoa")],
    };
    handout(List::Helped(list))
}

fn doors() -> Handout {
    let tick = Tick { step: Step::SignatureActivated, origin: Origin::NewlyInstalled };
    let person = |name: &str| DoorPerson { name: name.to_owned(), birth_year: None, boxes: vec![BoxState::Open] };
    let line = |name: &str| DoorLine {
        house_no: "12/3".to_owned(),
        head: "Nông Văn Đức".to_owned(),
        is_priority: true,
        people: vec![person(name), person("Hoàng Thị Lan")],
    };
    let list = DoorList {
        area: "Tổ 5".to_owned(),
        route: String::new(),
        ticks: vec![tick],
        lines: HOSTILE.map(line).to_vec(),
        left_out: 0,
    };
    handout(List::Doors(list))
}

/// Has `LibreOffice` write the file in another format; answers every file that it made.
fn converted(folder: &Path, content: &[u8], format: &str) -> Vec<PathBuf> {
    let file = folder.join("bao-cao.xlsx");
    fs::write(&file, content).expect("written");
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

/// Every sheet: tab-separated, UTF-8, figures as they are kept and not as shown.
fn sheets(content: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let format = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,false,false,false,false,-1";
    converted(folder.path(), content, format).iter().map(|file| fs::read_to_string(file).expect("text")).collect()
}

/// The cells of each row that hold something.
fn rows(sheets: &[String]) -> Vec<Vec<&str>> {
    sheets
        .iter()
        .flat_map(|sheet| sheet.lines())
        .map(|line| line.split('\t').map(|cell| cell.trim_matches('"')).filter(|cell| !cell.is_empty()).collect())
        .collect()
}

#[test]
fn libre_office_reads_the_same_figures() {
    let sheets = sheets(&xlsx::file(&report()));
    assert_eq!(sheets.len(), 2, "a sheet for the figures, one for the units");
    let rows = rows(&sheets);
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
fn libre_office_reads_the_lists_of_people_and_doors_with_their_mark() {
    let people = sheets(&people().xlsx());
    let listed = rows(&people);
    let doors = sheets(&doors().xlsx());
    let knocked = rows(&doors);
    for (all, expected) in [
        (&listed, &["DANH SÁCH HỖ TRỢ (15 NGƯỜI)"][..]),
        (&listed, &["Chỉ dùng để hỗ trợ người dân; trả lại hoặc hủy sau khi dùng."]),
        (
            &listed,
            &[
                "2",
                "+84 912",
                "1958",
                "12/3, Tổ 5",
                "0912345678",
                "Đã kích hoạt",
                "—",
                "x",
                "x",
                "—",
                "VNPT SmartCA",
                "Cài mới",
                "20/11/2026",
                "Triệu Thị Mai",
            ],
        ),
        (&knocked, &["DANH SÁCH HỘ ĐỂ ĐI TỪNG NHÀ"]),
        (&knocked, &["Hoàng Thị Lan", "☐"]),
    ] {
        assert!(all.iter().any(|row| row == expected), "{expected:?} is not among\n{all:#?}");
    }
    for all in [&listed, &knocked] {
        assert!(all[0][0].contains("Phiếu số 27 · Triệu Thị Mai & <bạn> (Tổ trưởng)"), "{:?}", all[0]);
        assert!(all[0][0].contains("Lý do: Kiểm tra, đối chiếu kết quả (=họp tổ)"), "{:?}", all[0]);
    }
    assert!(knocked.iter().any(|row| row[0] == LineCode::of(27, 5).to_string()), "{knocked:#?}");
}

#[test]
fn every_printed_page_of_a_list_carries_the_mark() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = converted(folder.path(), &doors().xlsx(), "fods");
    let xml = fs::read_to_string(&files[0]).expect("text");
    let head = &xml[xml.find("<style:header").expect("a head of the page")..];
    let head = &head[..head.find("</style:header>").expect("its end")];
    assert!(head.contains("Phiếu số 27 · Triệu Thị Mai &amp; &lt;bạn&gt;"), "{head}");
    assert!(xml.contains("<table:table-header-rows>"), "the mark's rows come again on every page");
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    for content in [xlsx::file(&report()), people().xlsx(), doors().xlsx()] {
        stays_text(&content);
    }
}

fn stays_text(content: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let files = converted(folder.path(), content, "fods");
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
