//! Files that are made to hurt: each ends in a sentence (or in cells), soon, and within the memory that is promised.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use sheet::{COLUMNS_MAX, MEMORY_MAX, ROWS_MAX, SheetError, Workbook};

const LINKS: &str = r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/><Relationship Id="s" Type="x/sharedStrings" Target="t.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook><sheets><sheet name="A" r:id="a"/></sheets></workbook>"#;

/// A zip file; each entry is a name and what it unpacks to, in pieces.
fn zip(entries: &[(&str, &[(&str, usize)])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, pieces) in entries {
        let at = u32_of(bytes.len());
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let (mut crc, mut size) = (Crc::new(), 0);
        for (piece, times) in *pieces {
            let block = piece.repeat(1 + 100_000 / piece.len().max(1));
            let mut left = piece.len() * times;
            while left > 0 {
                let now = &block.as_bytes()[..left.min(block.len())];
                encoder.write_all(now).expect("in memory");
                crc.update(now);
                left -= now.len();
                size += now.len();
            }
        }
        let packed = encoder.finish().expect("in memory");
        let mut head = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        head.extend([crc.sum(), u32_of(packed.len()), u32_of(size)].map(u32::to_le_bytes).concat());
        head.extend([u8::try_from(name.len()).expect("short"), 0, 0, 0]);
        bytes.extend([b"PK\x03\x04", &*head, name.as_bytes(), &packed].concat());
        directory.extend([b"PK\x01\x02\x14\0", &*head, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let end = [[0; 8].to_vec(), [directory.len(), bytes.len()].map(|it| u32_of(it).to_le_bytes()).concat(), vec![0; 2]];
    [bytes, directory, b"PK\x05\x06".to_vec(), end.concat()].concat()
}

fn u32_of(number: usize) -> u32 {
    u32::try_from(number).expect("small")
}

fn xlsx(sheet: &[(&str, usize)], strings: &[(&str, usize)]) -> Vec<u8> {
    zip(&[
        ("xl/workbook.xml", &[(BOOK, 1)]),
        ("xl/_rels/workbook.xml.rels", &[(LINKS, 1)]),
        ("xl/s.xml", sheet),
        ("xl/t.xml", strings),
    ])
}

fn ods(table: &[(&str, usize)]) -> Vec<u8> {
    let mut content = vec![("<a><n:text/><office:spreadsheet><table:table>", 1)];
    content.extend(table);
    content.push(("</table:table></office:spreadsheet></a>", 1));
    zip(&[("content.xml", &content)])
}

/// A number in kB of what Linux tells of this process.
fn status(name: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

/// Reads within the promised memory and a time that a person would wait. `at_start` is what the process had before the
/// first case: so what the test itself holds, and what earlier cases left behind, counts as well.
fn read(case: &str, name: &str, bytes: &[u8], at_start: Option<usize>) -> Result<Workbook, SheetError> {
    // Sets the highest use of memory back to the present one.
    let is_measured = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let start = Instant::now();
    let result = sheet::read(name, bytes);
    let took = start.elapsed();
    if let (true, Some(before), Some(peak)) = (is_measured, at_start, status("VmHWM:")) {
        let taken = peak.saturating_sub(before) * 1024;
        println!("{case}: {} MB, {took:?}", taken >> 20);
        assert!(taken <= MEMORY_MAX, "{case} took {} MB", taken >> 20);
    }
    assert!(took < Duration::from_mins(1), "{case} took {took:?}");
    result
}

struct Case {
    what: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    expected: Result<(), SheetError>,
}

fn case(what: &'static str, file: &'static str, bytes: Vec<u8>, why: SheetError) -> Case {
    Case { what, file, bytes, expected: Err(why) }
}

fn bombs() -> Vec<Case> {
    let many = BOOK.replace("<sheets>", &format!("<sheets>{}", r#"<sheet name="A" r:id="a"/>"#.repeat(30)));
    let many: &[(&str, &[(&str, usize)])] = &[
        ("xl/workbook.xml", &[(&many, 1)]),
        ("xl/_rels/workbook.xml.rels", &[(LINKS, 1)]),
        ("xl/s.xml", &[(" ", 9 << 20)]),
    ];
    let one = [("<row>", 1), (" ", 300 << 20)];
    vec![
        case("a bomb in the sheet", "x.xlsx", xlsx(&one, &[]), SheetError::Bomb),
        case("a bomb in the texts", "x.xlsx", xlsx(&[("<s/>", 1)], &one), SheetError::Bomb),
        case("a bomb of many sheets", "x.xlsx", zip(many), SheetError::Bomb),
        case("a bomb as ODS", "x.ods", ods(&one), SheetError::Bomb),
    ]
}

fn far_cells() -> Vec<Case> {
    let sheet = |cells: &str| xlsx(&[("<s>", 1), (cells, 1), ("</s>", 1)], &[]);
    let corner = sheet("<row><c r='XFD1048576'><v>1</v></c></row>");
    let below = sheet("<row r='1048576'><c r='A1048576'><v>1</v></c></row>");
    let beyond = sheet("<row r='18446744073709551615'/><row><c r='ZZZZZZZ1'><v>1</v></c></row>");
    let mut sparse = String::new();
    for number in 1..=ROWS_MAX {
        // Writing to a String cannot fail.
        let _ = write!(sparse, "<row r='{number}'><c r='IV{number}'><v>1</v></c></row>");
    }
    vec![
        case("a cell in the last corner", "x.xlsx", corner, SheetError::TooManyColumns),
        case("a row far below", "x.xlsx", below, SheetError::TooManyRows),
        case("a row beyond all numbers", "x.xlsx", beyond, SheetError::TooManyRows),
        case("a cell at the end of each row", "x.xlsx", sheet(&sparse), SheetError::TooManyCells),
    ]
}

fn much_from_little() -> Vec<Case> {
    let wide = format!("<row>{}</row>", "<c t='s'><v>0</v></c>".repeat(COLUMNS_MAX));
    let wide = [("<s>", 1), (&*wide, 2000), ("</s>", 1)];
    let long_text = "ă".repeat(500_000);
    let long_text = [("<t><si><t>", 1), (&*long_text, 1), ("</t></si></t>", 1)];
    let texts = |text, times| xlsx(&[("<s/>", 1)], &[("<t>", 1), (text, times), ("</t>", 1)]);
    let (empty, usual) = (texts("<si/>", 3_000_000), texts("<si><t>Nông Văn Tằng 0123456789</t></si>", 2_000_000));
    let row = |rows: &str, columns: &str, text: &str| {
        let cell = format!("<t:table-cell t:number-columns-repeated='{columns}'>{text}</t:table-cell>");
        format!("<t:table-row t:number-rows-repeated='{rows}'>{cell}</t:table-row>")
    };
    let table = |rows, columns| ods(&[(&row(rows, columns, "<text:p>Nông Văn Tằng</text:p>"), 1)]);
    let empty_rows = ods(&[(&row("1048576", "16384", ""), 1000)]);
    vec![
        case("one text many times", "x.xlsx", xlsx(&wide, &long_text), SheetError::TooManyCells),
        case("empty texts", "x.xlsx", empty, SheetError::TooManyCells),
        case("too much text", "x.xlsx", usual, SheetError::TooManyCells),
        case("nested without end", "x.xlsx", xlsx(&[("<a>", 3_000_000)], &[]), SheetError::Damaged),
        case("a tag without end", "x.xlsx", xlsx(&[("<a b='0123456789", 400_000)], &[]), SheetError::Damaged),
        case("rows repeated", "x.ods", table("1048576", "1"), SheetError::TooManyRows),
        case("columns repeated", "x.ods", table("1", "99999999999"), SheetError::TooManyColumns),
        case("both repeated", "x.ods", table("60000", "200"), SheetError::TooManyCells),
        Case { what: "empty ones repeated", file: "x.ods", bytes: empty_rows, expected: Ok(()) },
    ]
}

fn texts() -> Vec<Case> {
    let widening = [b"a;".to_vec(), b"\x80".repeat(340), b"\n".to_vec()].concat().repeat(70_000);
    let narrow = "a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t;u;v;w;x;y;z;a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t\n";
    let narrow = narrow.repeat(60_000).into_bytes();
    vec![
        case("bytes that take three", "x.csv", widening, SheetError::TooManyCells),
        case("separators only", "x.csv", b"a;".repeat(12 << 20), SheetError::TooManyColumns),
        Case { what: "one letter a cell", file: "x.csv", bytes: narrow, expected: Ok(()) },
    ]
}

// One test, for memory is measured of the whole process.
#[test]
fn hostile_files_are_refused_within_the_bounds() {
    let at_start = status("VmRSS:");
    for make in [bombs, far_cells, much_from_little, texts] {
        for Case { what, file, bytes, expected } in make() {
            assert_eq!(read(what, file, &bytes, at_start).map(drop), expected, "{what}");
        }
    }
}

#[test]
fn what_is_no_sheet_is_told_by_what_it_is() {
    let protected =
        zip(&[("META-INF/manifest.xml", &[("<m><manifest:encryption-data/></m>", 1)]), ("content.xml", &[("x", 1)])]);
    let ods_text = zip(&[("content.xml", &[("<n:text/><office:body><office:text/></office:body>", 1)])]);
    let mut broken = xlsx(&[("<s><row><c><v>1</v></c></row></s>", 1)], &[("<t/>", 1)]);
    let cut = broken[..broken.len() - 30].to_vec();
    // In the packed bytes of the sheet: the sum tells.
    let at = broken.windows(8).position(|bytes| bytes == b"xl/s.xml").expect("there") + 10;
    broken[at] ^= 1;
    let cases: [(&str, Vec<u8>, SheetError); 10] = [
        ("x.xlsx", Vec::new(), SheetError::Empty),
        ("x.csv", vec![b' '; sheet::INPUT_MAX + 1], SheetError::TooLarge { max: 32 }),
        ("x.xlsx", b"%PDF-1.4".to_vec(), SheetError::Other("tệp PDF")),
        ("x.xls", zip(&[("word/document.xml", &[("x", 1)])]), SheetError::Other("văn bản Word")),
        ("x.xlsx", zip(&[("xl/workbook.bin", &[("x", 1)])]), SheetError::SaveAgain),
        ("x.ods", protected, SheetError::Encrypted),
        ("x.ods", ods_text, SheetError::NotASheet),
        ("x.xlsx", cut, SheetError::Damaged),
        ("x.xlsx", broken, SheetError::Damaged),
        ("x.xls", "Kính gửi các ông bà".into(), SheetError::NotASheet),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(
            sheet::read(name, &bytes),
            Err(expected),
            "{name} {:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
        );
    }
}

#[test]
fn a_sheet_that_fails_does_not_take_the_others_with_it() {
    let book = BOOK.replace("</sheets>", r#"<sheet name="B" r:id="b"/></sheets>"#);
    let links = LINKS.replace(
        "</Relationships>",
        r#"<Relationship Id="b" Type="x/worksheet" Target="/xl/S2.xml"/></Relationships>"#,
    );
    let file = zip(&[
        ("xl/workbook.xml", &[(&book, 1)]),
        ("xl/_rels/workbook.xml.rels", &[(&links, 1)]),
        ("xl/s.xml", &[("<s><row r='70000'><c><v>1</v></c></row></s>", 1)]),
        ("xl\\s2.xml", &[("<x:s><x:row><x:c t='str'><x:f>1</x:f><x:v>a_x000A_b</x:v></x:c></x:row></x:s>", 1)]),
    ]);
    let workbook = sheet::read("x.xlsx", &file).expect("one sheet");
    assert_eq!(workbook.sheets[0].name, "B");
    assert_eq!(workbook.sheets[0].rows, [[domain::import::Cell::from("a\nb")]]);
    assert_eq!((workbook.refused[0].name.as_str(), &workbook.refused[0].why), ("A", &SheetError::TooManyRows));
}

#[test]
fn progress_grows_up_to_the_end() {
    let file = xlsx(&[("<s>", 1), ("<row><c><v>1</v></c></row>", 3000), ("</s>", 1)], &[]);
    let mut told = Vec::new();
    sheet::read_with("x.xlsx", &file, &mut |progress| told.push(progress)).expect("a sheet");
    assert!(told.len() >= 6 && told.is_sorted_by(|a, b| a.rows <= b.rows && a.share <= b.share), "{told:?}");
    assert_eq!(told.last().map(|last| (last.rows, last.share)), Some((3000, 1.0)));
}
