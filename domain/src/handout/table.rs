//! A handout as tables: for the page, as text and as a spreadsheet file, all with the mark of who took it.

use super::doors::RESULTS;
use super::{BoxState, DoorList, Handout, HelpedLine, HelpedList, LineCode, List, Tick};
use crate::service::{Origin, Service, Step};
use crate::table::{Cell, Table};
use crate::visit::VisitResult;
use crate::xlsx::{Sheet, Style, pack, write_table};

/// Nobody said: not "no".
const UNKNOWN: &str = "—";

impl Handout {
    /// "DANH SÁCH HỖ TRỢ (15 NGƯỜI)", and what stands under it.
    pub fn headings(&self) -> Vec<String> {
        let mut headings = match &self.list {
            List::Helped(list) => {
                let quota = list.quota.map(|quota| format!(" ({quota} NGƯỜI)")).unwrap_or_default();
                vec![format!("DANH SÁCH HỖ TRỢ{quota}"), format!("Người hỗ trợ: {}", list.helper)]
            }
            List::Doors(list) => {
                let parts = [list.area.as_str(), list.route.as_str()].into_iter().filter(|part| !part.is_empty());
                vec!["DANH SÁCH HỘ ĐỂ ĐI TỪNG NHÀ".to_owned(), parts.collect::<Vec<_>>().join(" – ")]
            }
        };
        headings.extend([self.commune.clone(), self.campaign.clone()].into_iter().filter(|line| !line.is_empty()));
        headings
    }

    /// The mark: who, why, and what is to become of it.
    pub fn mark(&self) -> [String; 3] {
        [self.taken.who(), self.taken.why(), super::Taken::RULE.to_owned()]
    }

    pub fn tables(&self) -> Vec<Table> {
        match &self.list {
            List::Helped(list) => helped_tables(list),
            List::Doors(list) => vec![door_table(list, self.taken.number)],
        }
    }

    /// Tab-separated, for a program or a printer that knows nothing else.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = self.mark().into_iter().chain(self.headings()).collect();
        for table in self.tables() {
            lines.push(String::new());
            lines.extend((!table.title.is_empty()).then(|| table.title.clone()));
            lines.push(table.columns.join("\t"));
            let row = |row: &Vec<Cell>| row.iter().map(Cell::shown).collect::<Vec<_>>().join("\t");
            lines.extend(table.rows.iter().map(row));
        }
        lines.join("\n") + "\n"
    }

    /// The bytes of a spreadsheet file (XLSX).
    pub fn xlsx(&self) -> Vec<u8> {
        let (name, widths) = match &self.list {
            List::Helped(list) => ("Danh sách hỗ trợ", helped_widths(list)),
            List::Doors(list) => ("Danh sách hộ", door_widths(list)),
        };
        let all = widths.len();
        let mut sheet = Sheet::new(&widths, true);
        let [who, why, rule] = self.mark();
        sheet.around_pages(&format!("{who} · {why}"), &rule);
        for mark in [format!("{who} · {why}"), rule] {
            sheet.line(&[(all, Style::CentredItalic, &mark)]);
        }
        sheet.repeat_so_far();
        for (index, heading) in self.headings().iter().enumerate() {
            sheet.line(&[(all, if index == 0 { Style::Title } else { Style::Centred }, heading)]);
        }
        for table in self.tables() {
            sheet.blank();
            if !table.title.is_empty() {
                sheet.line(&[(all, Style::Bold, &table.title)]);
            }
            write_table(&mut sheet, &table, &vec![1; all]);
        }
        pack(&[(name, sheet)])
    }
}

fn helped_columns(list: &HelpedList) -> Vec<(&'static str, u32)> {
    let mut columns = vec![
        ("STT", 5),
        ("Họ và tên người được hỗ trợ", 26),
        ("Năm sinh", 8),
        ("Địa chỉ (thôn/tổ, số nhà)", 20),
        ("Điện thoại", 13),
        ("Định danh mức độ 2", 16),
        ("Tích hợp BHYT/SSKĐT", 16),
        ("Chữ ký số: đăng ký", 9),
        ("Chữ ký số: kích hoạt", 9),
        ("Chữ ký số: sử dụng", 9),
        ("Nhà cung cấp", 14),
        ("Cài mới/Gia hạn/Đã có", 12),
        ("Ngày hỗ trợ", 12),
        ("Người hỗ trợ", 20),
        ("Ghi chú", 16),
    ];
    columns.retain(|(name, _)| list.with_phones || *name != "Điện thoại");
    columns
}

fn helped_widths(list: &HelpedList) -> Vec<u32> {
    helped_columns(list).into_iter().map(|(_, width)| width).collect()
}

fn helped_tables(list: &HelpedList) -> Vec<Table> {
    let table = |title: String, lines: &[HelpedLine]| Table {
        title,
        columns: helped_columns(list).into_iter().map(|(name, _)| name.to_owned()).collect(),
        rows: (1..).zip(lines).map(|(number, line)| helped_row(number, line, list.with_phones)).collect(),
    };
    let mut tables = vec![table(format!("Đã tính cho người hỗ trợ: {} người", list.counted.len()), &list.counted)];
    if !list.shared.is_empty() {
        let title = format!("Đã cùng hỗ trợ, tính cho thành viên khác: {} người", list.shared.len());
        tables.push(table(title, &list.shared));
    }
    tables
}

fn helped_row(number: u64, line: &HelpedLine, with_phones: bool) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(if text.is_empty() { UNKNOWN.to_owned() } else { text.to_owned() });
    let step = |service: Service| text(line.steps[service.index()].map_or(UNKNOWN, Step::label));
    let signature = line.steps[Service::PublicSignature.index()];
    let reached = |wanted: Step| text(if signature.is_some_and(|step| step.includes(wanted)) { "x" } else { "" });
    let mut row = vec![
        Cell::Number(number),
        text(&line.name),
        text(&line.birth_year.map(|year| year.to_string()).unwrap_or_default()),
        text(&line.address),
    ];
    row.extend(with_phones.then(|| text(line.phone.as_deref().unwrap_or_default())));
    row.extend([
        step(Service::EidLevel2),
        step(Service::HealthRecord),
        reached(Step::Registered),
        reached(Step::SignatureActivated),
        reached(Step::Used),
        text(&line.provider),
        text(line.origin.map_or(UNKNOWN, Origin::label)),
        text(&line.day.map(crate::Day::vietnamese).unwrap_or_default()),
        text(&line.helper),
        // For the hand.
        Cell::Text(String::new()),
    ]);
    row
}

fn door_widths(list: &DoorList) -> Vec<u32> {
    let mut widths = vec![9, 12, 24, 8, 9, 9, 9, 9, 26, 9];
    widths.extend(list.ticks.iter().map(|_| 9));
    widths.push(24);
    widths
}

/// A row for each person; what belongs to the household stands in its first.
fn door_table(list: &DoorList, number: u64) -> Table {
    let mut columns: Vec<String> = ["Mã dòng", "Số nhà", "Chủ hộ", "Ưu tiên"].map(str::to_owned).to_vec();
    columns.extend(RESULTS.map(VisitResult::label).map(str::to_owned));
    columns.extend(["Họ và tên", "Năm sinh"].map(str::to_owned));
    columns.extend(list.ticks.iter().map(|tick| format!("{}: {}", tick.step.service().short_label(), tick.label())));
    columns.push("Ghi chú".to_owned());
    let text = |text: &str| Cell::Text(text.to_owned());
    let mut rows = Vec::new();
    for (index, door) in (1..).zip(&list.lines) {
        let mut first = vec![
            Cell::Text(LineCode::of(number, index).to_string()),
            text(&door.house_no),
            text(&door.head),
            text(if door.is_priority { "Ưu tiên" } else { "" }),
        ];
        first.extend(RESULTS.map(|_| text(BoxState::Open.sign())));
        let heads = std::iter::once(first).chain(std::iter::repeat_with(|| vec![text(""); 4 + RESULTS.len()]));
        let nobody = [(String::new(), String::new(), Vec::new())];
        let people = door.people.iter().map(|person| {
            let year = person.birth_year.map(|year| year.to_string()).unwrap_or_default();
            (person.name.clone(), year, person.boxes.clone())
        });
        let people: Vec<_> = if door.people.is_empty() { nobody.to_vec() } else { people.collect() };
        for (mut row, (name, year, boxes)) in heads.zip(people) {
            row.extend([Cell::Text(name), Cell::Text(year)]);
            row.extend((0..list.ticks.len()).map(|place| text(boxes.get(place).map_or("", |of| of.sign()))));
            row.push(text(""));
            rows.push(row);
        }
    }
    Table { title: String::new(), columns, rows }
}

impl BoxState {
    /// As a character.
    pub fn sign(self) -> &'static str {
        match self {
            BoxState::Open => "☐",
            BoxState::Filled => "☒",
            BoxState::Moot => "",
        }
    }
}

impl Tick {
    /// "Chữ ký số: Kích hoạt", for who cannot see in which column a box stands.
    pub fn full_label(self) -> String {
        format!("{}: {}", self.step.service().short_label(), self.label())
    }
}
