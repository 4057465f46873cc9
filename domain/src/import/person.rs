//! One row of a person: each cell understood, or remarked on.

use super::Cell;
use super::cell::Line;
use super::field::Field;
use super::header::{Header, is_card_number};
use super::remark::{RemarkKind, Report, quote};
use super::value::{self, Birth, Mark};
use crate::people::Gone;
use crate::place::Priority;
use crate::service::{Service, Step};
use crate::text::{Phone, fold, title_case};

const TEXT_CHARS_MAX: usize = 200;

/// What a row says, before households are told apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub row: usize,
    pub name: String,
    /// The name in the column of heads, where there is one beside the column of names.
    pub head: String,
    pub code: String,
    pub ordinal: String,
    pub relation: String,
    pub birth_year: Option<i64>,
    pub phone: Option<String>,
    pub house_no: String,
    pub cell: Option<String>,
    pub priorities: Vec<Priority>,
    pub has_smartphone: Option<bool>,
    pub already: Vec<Step>,
    pub gone: Option<Gone>,
}

impl Person {
    pub fn is_head(&self) -> bool {
        is_head(&self.relation)
    }
}

pub(super) fn is_head(relation: &str) -> bool {
    matches!(fold(relation).as_str(), "chu ho" | "ch" | "la chu ho" | "chu gia dinh")
}

pub(super) fn read(line: &Line<'_>, header: &Header, report: &mut Report) -> Person {
    let mut reader = Reader { line, header, report, person: Person { row: line.row, ..Person::default() } };
    reader.names();
    reader.birth();
    reader.place();
    for (column, known) in header.columns.iter().enumerate() {
        let text = line.value(column);
        match known.field {
            Some(Field::HouseholdCode) if reader.person.code.is_empty() => reader.person.code = shortened(text),
            Some(Field::Ordinal) => text.trim_end_matches(['.', ')']).clone_into(&mut reader.person.ordinal),
            Some(Field::Relation) => reader.person.relation = sentence_case(&shortened(text)),
            Some(Field::Phone) if !text.is_empty() => reader.phone(column, text),
            Some(Field::Step(step)) => reader.step(column, step),
            Some(Field::Insurance) => reader.insurance(column),
            Some(Field::Note) => reader.note(column, text),
            Some(Field::Smartphone) => reader.smartphone(column),
            Some(Field::Priority(priority)) => reader.priority(column, priority),
            Some(Field::PriorityText) if !text.is_empty() => reader.priority_text(column, text),
            _ => {}
        }
    }
    reader.person.priorities.sort_unstable();
    reader.person.priorities.dedup();
    reader.person.already.sort_unstable();
    reader.person.already.dedup();
    reader.person
}

struct Reader<'a> {
    line: &'a Line<'a>,
    header: &'a Header,
    report: &'a mut Report,
    person: Person,
}

impl Reader<'_> {
    fn remark(&mut self, column: usize, kind: RemarkKind, text: String) {
        self.report.cell(self.line.row, column, kind, text);
    }

    fn unclear(&mut self, column: usize) {
        let heading = &self.header.columns[column].heading;
        let text = format!("Chưa hiểu {} ở cột “{heading}”", quote(self.line.text(column)));
        self.remark(column, RemarkKind::CellNotUnderstood, text);
    }

    fn names(&mut self) {
        let head_column = self.header.column(Field::Head);
        let names = [
            (self.header.name_column(), self.header.name(self.line)),
            (head_column, self.header.value(self.line, Field::Head).to_owned()),
        ];
        let [name, head] = names.map(|(column, text)| {
            let cell = value::name(&text);
            if cell.has_honorific {
                self.report.honorific(self.line.row);
            }
            for beside in &cell.beside {
                if let Some(column) = column {
                    self.remark(
                        column,
                        RemarkKind::BesideName,
                        format!("Bên cạnh tên có ghi {}, không nhập", quote(beside)),
                    );
                }
            }
            if cell.full.chars().any(|c| c.is_ascii_digit())
                && let Some(column) = column
            {
                self.remark(column, RemarkKind::Assumed, format!("Tên có chữ số: {}", quote(&cell.full)));
            }
            cell
        });
        // A row of a head alone: a list of heads, or members follow below.
        let is_named = !name.full.is_empty();
        self.person.gone = if is_named { name.gone } else { head.gone };
        self.person.name = if is_named { name.full } else { head.full.clone() };
        self.person.head = shortened(&head.full);
    }

    fn birth(&mut self) {
        let mut found: Option<(usize, Birth)> = None;
        for field in [Field::Birth, Field::BirthMale, Field::BirthFemale] {
            let Some(column) = self.header.column(field) else { continue };
            let birth = value::birth(self.line.cell(column), self.line.text(column));
            if birth == Birth::Blank {
                continue;
            }
            if found.is_some() {
                self.remark(
                    column,
                    RemarkKind::CellNotUnderstood,
                    "Năm sinh ghi ở cả hai cột, lấy cột bên trái".to_owned(),
                );
                continue;
            }
            found = Some((column, birth));
        }
        match found {
            None | Some((_, Birth::Blank)) => {}
            Some((_, Birth::Year(year))) => self.person.birth_year = Some(year),
            Some((column, Birth::Guess(year))) => {
                self.person.birth_year = Some(year);
                let text = format!("Hiểu {} là năm sinh {year}", quote(self.line.text(column)));
                self.remark(column, RemarkKind::Assumed, text);
            }
            Some((column, Birth::Unclear)) => self.unclear(column),
        }
    }

    fn place(&mut self) {
        let mut house_no: Vec<String> = Vec::new();
        let mut cells: Vec<String> = Vec::new();
        for (column, known) in self.header.columns.iter().enumerate() {
            let text = self.line.value(column);
            match known.field {
                Some(Field::HouseNo) if !text.is_empty() => {
                    if let Cell::Date { month, day, .. } = self.line.cell(column) {
                        house_no.push(format!("{day}/{month}"));
                        let guess = format!("Bảng tính đã đổi số nhà thành ngày, hiểu là “{day}/{month}”");
                        self.remark(column, RemarkKind::Assumed, guess);
                    } else if matches!(fold(known.own_heading()).as_str(), "ngo" | "ngach" | "hem" | "duong" | "pho") {
                        house_no.push(with_word(known.own_heading(), text));
                    } else {
                        house_no.push(text.to_owned());
                    }
                }
                Some(Field::Cell) if !text.is_empty() => cells.push(with_word(known.own_heading(), text)),
                _ => {}
            }
        }
        self.person.house_no = shortened(&house_no.join(", "));
        self.person.cell = (!cells.is_empty()).then(|| shortened(&cells.join(", ")));
    }

    fn phone(&mut self, column: usize, text: &str) {
        const NONE: [&str; 6] = ["khong", "ko", "khong co", "chua co", "khong dung", "0"];
        if NONE.contains(&fold(text).as_str()) {
            return;
        }
        let found = Phone::parse_all(text);
        let mut phones = found.phones.into_iter();
        if self.person.phone.is_none() {
            self.person.phone = phones.next().map(|phone| phone.as_str().to_owned());
            if self.person.phone.is_none() {
                let why = Phone::parse(text).err().map_or_else(String::new, |why| format!(": {why}"));
                self.remark(column, RemarkKind::CellNotUnderstood, format!("Số điện thoại {}{why}", quote(text)));
                return;
            }
        }
        let others: Vec<String> = phones
            .filter(|phone| Some(phone.as_str()) != self.person.phone.as_deref())
            .map(|phone| phone.masked())
            .collect();
        if !others.is_empty() {
            let text = format!("Có hơn một số điện thoại, chỉ lấy số đầu; còn {}", others.join(", "));
            self.remark(column, RemarkKind::CellNotUnderstood, text);
        }
        if !found.rest.is_empty() {
            let text = format!("Chưa hiểu {} bên cạnh số điện thoại", quote(&found.rest));
            self.remark(column, RemarkKind::CellNotUnderstood, text);
        }
    }

    fn step(&mut self, column: usize, step: Step) {
        match value::mark(self.line, column) {
            Mark::Yes => self.person.already.push(step),
            Mark::No | Mark::Blank => {}
            Mark::Unclear
                if step.service() == Service::PublicSignature && value::is_provider(self.line.text(column)) =>
            {
                self.person.already.push(step);
            }
            Mark::Unclear => self.unclear(column),
        }
    }

    fn insurance(&mut self, column: usize) {
        match value::mark(self.line, column) {
            Mark::Yes if self.header.is_campaign_list() => self.person.already.push(Step::CardIntegrated),
            Mark::Unclear if !is_card_number(self.line.text(column)) => self.unclear(column),
            _ => {}
        }
    }

    fn note(&mut self, column: usize, text: &str) {
        const PRIORITY_CHARS_MAX: usize = 30;
        if let Some(gone) = value::gone(text) {
            self.person.gone = self.person.gone.or(Some(gone));
        } else if text.chars().count() <= PRIORITY_CHARS_MAX
            && let Some(priorities) = value::priorities(text).filter(|found| !found.is_empty())
        {
            self.person.priorities.extend(priorities);
            self.remark(column, RemarkKind::Assumed, format!("Lấy diện ưu tiên từ ghi chú {}", quote(text)));
        }
    }

    fn smartphone(&mut self, column: usize) {
        match value::mark(self.line, column) {
            Mark::Yes => self.person.has_smartphone = Some(true),
            Mark::No => self.person.has_smartphone = Some(false),
            Mark::Blank => {}
            Mark::Unclear => self.unclear(column),
        }
    }

    fn priority(&mut self, column: usize, priority: Priority) {
        match value::mark(self.line, column) {
            Mark::Yes => self.person.priorities.push(priority),
            Mark::No | Mark::Blank => {}
            // "Hộ nghèo: HCN" – the word counts, not the heading.
            Mark::Unclear => self.priority_text(column, self.line.text(column)),
        }
    }

    fn priority_text(&mut self, column: usize, text: &str) {
        match value::priorities(text) {
            Some(priorities) => self.person.priorities.extend(priorities),
            None => self.unclear(column),
        }
    }
}

pub(super) fn shortened(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// "5" under "Tổ" → "Tổ 5"; "Tổ 5" stays.
fn with_word(heading: &str, text: &str) -> String {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{} {text}", title_case_first(heading))
    } else {
        text.to_owned()
    }
}

/// "TỔ DÂN PHỐ" → "Tổ dân phố".
fn title_case_first(words: &str) -> String {
    let is_all_capitals = words.chars().count() > 3 && !words.chars().any(char::is_lowercase);
    if is_all_capitals || words.chars().count() <= 2 { sentence_case(words) } else { words.to_owned() }
}

/// "CHỦ HỘ", "chủ hộ" → "Chủ hộ".
fn sentence_case(words: &str) -> String {
    let lower = words.to_lowercase();
    match lower.split_once(' ') {
        Some((first, rest)) => format!("{} {rest}", title_case(first)),
        None => title_case(&lower),
    }
}
