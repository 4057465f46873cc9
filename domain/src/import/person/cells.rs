//! The single cells of a row.

use super::super::cell::Cell;
use super::super::field::Field;
use super::super::header::{NAME_PARTS, is_card_number};
use super::super::line::is_ordinal;
use super::super::remark::{RemarkKind, Verdict, quote};
use super::super::value::{self, Birth, Mark};
use super::Reader;
use super::words::{shortened, with_word};
use crate::place::Priority;
use crate::service::{Service, Step};
use crate::text::{Phone, fold};

impl Reader<'_> {
    pub(in super::super) fn names(&mut self) {
        let head_column = self.header.column(Field::Head);
        let head = self.header.value(self.line, Field::Head).to_owned();
        // In a list of heads a family name beside the head is nobody's: it is told as not understood.
        let is_head_alone = !self.header.has_names() && !value::name(&head).full.is_empty();
        let name = if is_head_alone { String::new() } else { self.header.name(self.line) };
        let names = [(self.header.name_column(), name), (head_column, head)];
        let parts = NAME_PARTS.into_iter().filter(|_| !is_head_alone).chain([Field::Head]);
        for column in parts.filter_map(|field| self.header.column(field)) {
            if !self.line.value(column).is_empty() {
                self.understood(column);
            }
        }
        let [name, head] = names.map(|(column, text)| {
            let cell = value::name(&text);
            if let Some(column) = column {
                self.name_remarks(column, &cell);
            }
            cell
        });
        // A row of a head alone: a list of heads, or members follow below.
        let is_named = !name.full.is_empty();
        let is_own_head = !is_named || fold(&name.full) == fold(&head.full);
        self.person.gone = name.gone.or(head.gone.filter(|_| is_own_head));
        if let (Some(gone), false, Some(column)) = (head.gone, is_own_head, head_column) {
            let text = format!("Bên cạnh tên chủ hộ có ghi “{}”, không nhập cho dòng này", gone.label());
            self.remark(column, RemarkKind::BesideName, text);
        }
        self.person.name = if is_named { name.full } else { head.full.clone() };
        self.person.head = shortened(&head.full);
    }

    fn name_remarks(&mut self, column: usize, name: &value::Name) {
        if name.has_honorific {
            self.report.honorific(self.line.row);
        }
        for beside in &name.beside {
            let text = format!("Bên cạnh tên có ghi {}, không nhập", quote(beside));
            // A name in parts may have it in another of them, or from one to the next.
            let is_there = |part: &usize| {
                let cell = self.line.value(*part);
                *part != column && !cell.is_empty() && (cell.contains(beside) || beside.contains(cell))
            };
            let told_in = NAME_PARTS.into_iter().filter_map(|field| self.header.column(field)).find(is_there);
            self.remark(told_in.unwrap_or(column), RemarkKind::BesideName, text);
        }
        if name.full.chars().any(|c| c.is_ascii_digit()) {
            self.remark(column, RemarkKind::Assumed, format!("Tên có chữ số: {}", quote(&name.full)));
        } else if name.full.chars().any(|c| !value::is_of_a_name(c)) {
            let text = format!("Tên có ký tự lạ, cần xem lại phông chữ: {}", quote(&name.full));
            self.remark(column, RemarkKind::Assumed, text);
        }
    }

    pub(in super::super) fn birth(&mut self) {
        let mut found: Option<usize> = None;
        for field in [Field::Birth, Field::BirthMale, Field::BirthFemale] {
            let Some(column) = self.header.column(field).filter(|&column| self.line.says_something(column)) else {
                continue;
            };
            if found.is_some() {
                let text = "Năm sinh ghi ở cả hai cột, lấy cột bên trái".to_owned();
                self.remark(column, RemarkKind::CellNotUnderstood, text);
                continue;
            }
            found = Some(column);
            match value::birth(self.line.cell(column), self.line.text(column)) {
                Birth::Blank | Birth::Unclear => self.unclear(column),
                Birth::Year(year) => {
                    self.person.birth_year = Some(year);
                    self.understood(column);
                }
                Birth::Guess(year) => {
                    self.person.birth_year = Some(year);
                    let text = format!("Hiểu {} là năm sinh {year}", quote(self.line.text(column)));
                    self.remark(column, RemarkKind::Assumed, text);
                }
            }
        }
    }

    pub(in super::super) fn place(&mut self) {
        let mut house_no: Vec<String> = Vec::new();
        let mut cells: Vec<String> = Vec::new();
        for column in 0..self.header.columns.len() {
            let Some(field) = self.header.field(column) else { continue };
            if self.line.value(column).is_empty() || !matches!(field, Field::HouseNo | Field::Cell) {
                continue;
            }
            if let Some(text) = self.date_that_was_a_number(column) {
                house_no.push(text);
                continue;
            }
            let text = self.text(column);
            let heading = self.header.columns[column].own_heading();
            let is_alley = matches!(fold(heading).as_str(), "ngo" | "ngach" | "hem" | "duong" | "pho");
            match field {
                Field::Cell => cells.push(with_word(heading, &text)),
                _ if is_alley => house_no.push(with_word(heading, &text)),
                _ => house_no.push(text),
            }
        }
        self.person.house_no = shortened(&house_no.join(", "));
        self.person.cell = (!cells.is_empty()).then(|| shortened(&cells.join(", ")));
    }

    /// "12/3" that a spreadsheet took for the twelfth of March.
    fn date_that_was_a_number(&mut self, column: usize) -> Option<String> {
        let &Cell::Date { month, day, .. } = self.line.cell(column) else { return None };
        let text = format!("{day}/{month}");
        self.remark(column, RemarkKind::Assumed, format!("Bảng tính đã đổi số nhà thành ngày, hiểu là “{text}”"));
        Some(text)
    }

    /// "12", "12.", "IV", "1a", "1.605".
    pub(in super::super) fn ordinal(&mut self, column: usize) {
        const CHARS_MAX: usize = 8;
        let text = self.line.text(column);
        let is_number = text.chars().count() <= CHARS_MAX && text.chars().any(|c| c.is_ascii_digit());
        if is_number || is_ordinal(text) {
            text.trim_end_matches(['.', ')']).clone_into(&mut self.person.ordinal);
            self.understood(column);
        } else {
            self.unclear(column);
        }
    }

    pub(in super::super) fn phone(&mut self, column: usize) {
        const NONE: [&str; 6] = ["khong", "ko", "khong co", "chua co", "khong dung", "0"];
        let text = self.line.text(column);
        if NONE.contains(&fold(text).as_str()) {
            return self.understood(column);
        }
        let found = Phone::parse_all(text);
        if found.phones.is_empty() {
            let why = Phone::parse(text).err().map_or_else(String::new, |why| format!(": {why}"));
            return self.remark(column, RemarkKind::CellNotUnderstood, format!("Số điện thoại {}{why}", quote(text)));
        }
        self.understood(column);
        let mut phones = found.phones.into_iter();
        if self.person.phone.is_none() {
            self.person.phone = phones.next().map(|phone| phone.as_str().to_owned());
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

    pub(super) fn step(&mut self, column: usize, step: Step) {
        let is_provider = step.service() == Service::PublicSignature && value::is_provider(self.line.text(column));
        match value::mark(self.line, column) {
            Mark::Unclear if !is_provider => return self.unclear(column),
            Mark::Yes | Mark::Unclear => self.person.already.push(step),
            Mark::No | Mark::Blank => {}
        }
        self.understood(column);
    }

    pub(super) fn insurance(&mut self, column: usize) {
        let is_number = is_card_number(self.line.text(column));
        let is_campaign_list = self.header.is_campaign_list();
        match value::mark(self.line, column) {
            Mark::Yes if is_campaign_list => {
                self.person.already.push(Step::CardIntegrated);
                self.understood(column);
            }
            Mark::No | Mark::Blank if is_campaign_list => self.understood(column),
            Mark::Unclear if !is_number => self.unclear(column),
            // The column has its remark.
            _ => self.judge(column, Verdict::Dropped),
        }
    }

    pub(super) fn note(&mut self, column: usize) {
        const PRIORITY_CHARS_MAX: usize = 30;
        let text = self.line.text(column);
        if let Some(gone) = value::gone(text) {
            self.person.gone = self.person.gone.or(Some(gone));
            self.understood(column);
        } else if text.chars().count() <= PRIORITY_CHARS_MAX
            && let Some(priorities) = value::priorities(text).filter(|found| !found.is_empty())
        {
            self.person.priorities.extend(priorities);
            self.remark(column, RemarkKind::Assumed, format!("Lấy diện ưu tiên từ ghi chú {}", quote(text)));
        } else {
            self.judge(column, Verdict::Dropped);
        }
    }

    pub(super) fn smartphone(&mut self, column: usize) {
        match value::mark(self.line, column) {
            Mark::Yes => self.person.has_smartphone = Some(true),
            Mark::No => self.person.has_smartphone = Some(false),
            Mark::Blank => {}
            Mark::Unclear => return self.unclear(column),
        }
        self.understood(column);
    }

    pub(super) fn priority(&mut self, column: usize, priority: Priority) {
        match value::mark(self.line, column) {
            Mark::Yes => self.person.priorities.push(priority),
            Mark::No | Mark::Blank => {}
            // "Hộ nghèo: HCN" – the word counts, not the heading.
            Mark::Unclear => return self.priority_text(column),
        }
        self.understood(column);
    }

    pub(super) fn priority_text(&mut self, column: usize) {
        match value::priorities(self.line.text(column)) {
            Some(priorities) => {
                self.person.priorities.extend(priorities);
                self.understood(column);
            }
            None => self.unclear(column),
        }
    }

    /// The last four digits: zeros that a spreadsheet lost at the front do not matter here.
    pub(super) fn id_tail(&mut self, column: usize) {
        if value::mark(self.line, column) == Mark::No {
            return self.understood(column);
        }
        if let Some(tail) = value::id_tail(self.line.text(column)) {
            self.person.id_tail = Some(tail);
            self.understood(column);
        } else {
            // Nothing of the number is repeated.
            let text = "Chưa hiểu số căn cước: cần 9 hoặc 12 chữ số".to_owned();
            self.remark(column, RemarkKind::CellNotUnderstood, text);
        }
    }
}
