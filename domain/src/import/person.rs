//! One row of a person: each cell understood, dropped on purpose, or remarked on.

mod cells;
mod words;

pub(super) use words::{is_head, shortened};

use super::cell::Line;
use super::field::Field;
use super::header::Header;
use super::remark::{RemarkKind, Report, Verdict, quote};
use crate::people::Gone;
use crate::place::Priority;
use crate::service::Step;

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
    pub id_tail: Option<String>,
}

impl Person {
    pub fn is_head(&self) -> bool {
        is_head(&self.relation)
    }
}

/// Whether a household list has a use for this field.
pub(super) fn is_kept(field: Field, keep_id_tail: bool) -> bool {
    match field {
        Field::Private | Field::Unused | Field::Provider | Field::IssuedOn | Field::ExpiresOn => false,
        Field::IdNumber => keep_id_tail,
        _ => true,
    }
}

pub(super) fn read(line: &Line<'_>, header: &Header, keep_id_tail: bool, report: &mut Report) -> Person {
    let mut reader = Reader::new(line, header, report);
    reader.names();
    reader.birth();
    reader.place();
    for column in 0..header.columns.len() {
        let (Some(field), true) = (header.field(column), line.says_something(column)) else { continue };
        match field {
            Field::HouseholdCode => reader.person.code = reader.text(column),
            Field::Ordinal => reader.ordinal(column),
            Field::Relation => reader.person.relation = words::sentence_case(&reader.text(column)),
            Field::Phone => reader.phone(column),
            Field::Step(step) => reader.step(column, step),
            Field::Insurance => reader.insurance(column),
            Field::Note => reader.note(column),
            Field::Smartphone => reader.smartphone(column),
            Field::Priority(priority) => reader.priority(column, priority),
            Field::PriorityText => reader.priority_text(column),
            Field::IdNumber if keep_id_tail => reader.id_tail(column),
            _ => {}
        }
    }
    reader.finish(|field| is_kept(field, keep_id_tail))
}

/// Reads one row. Whatever a reading function does not account for is told as unclear at the end.
pub(super) struct Reader<'a> {
    line: &'a Line<'a>,
    header: &'a Header,
    report: &'a mut Report,
    verdicts: Vec<Option<Verdict>>,
    person: Person,
}

impl<'a> Reader<'a> {
    pub fn new(line: &'a Line<'a>, header: &'a Header, report: &'a mut Report) -> Self {
        let verdicts = vec![None; line.width()];
        Self { line, header, report, verdicts, person: Person { row: line.row, ..Person::default() } }
    }

    /// Tells what is left, and counts.
    pub fn finish(mut self, is_kept: impl Fn(Field) -> bool) -> Person {
        for column in 0..self.line.width() {
            if !self.line.says_something(column) {
                continue;
            }
            if self.verdicts[column].is_none() {
                let verdict = match self.header.columns.get(column) {
                    // The column has its remark.
                    Some(known) if known.field.is_none() && !known.is_chosen => Some(Verdict::Unclear),
                    Some(known) if !known.field.is_some_and(&is_kept) => Some(Verdict::Dropped),
                    _ => None,
                };
                match verdict {
                    Some(verdict) => self.verdicts[column] = Some(verdict),
                    None => self.unclear(column),
                }
            }
            if let Some(verdict) = self.verdicts[column] {
                self.report.count(verdict);
            }
        }
        self.person.priorities.sort_unstable();
        self.person.priorities.dedup();
        self.person.already.sort_unstable();
        self.person.already.dedup();
        self.person
    }

    fn judge(&mut self, column: usize, verdict: Verdict) {
        if let Some(slot) = self.verdicts.get_mut(column) {
            *slot = Some(verdict);
        }
    }

    pub fn understood(&mut self, column: usize) {
        self.judge(column, Verdict::Understood);
    }

    fn remark(&mut self, column: usize, kind: RemarkKind, text: String) {
        let is_unclear = kind == RemarkKind::CellNotUnderstood;
        self.judge(column, if is_unclear { Verdict::Unclear } else { Verdict::Understood });
        self.report.cell(self.line.row, column, kind, text);
    }

    pub fn unclear(&mut self, column: usize) {
        let text = format!("Chưa hiểu {} ở cột “{}”", quote(self.line.text(column)), self.header.heading(column));
        self.remark(column, RemarkKind::CellNotUnderstood, text);
    }

    /// The text of a cell, kept as it is, up to what a field holds.
    pub fn text(&mut self, column: usize) -> String {
        let text = self.line.text(column);
        let kept = shortened(text);
        if kept.len() < text.len() {
            let told = format!("Quá dài, chỉ nhập {} chữ đầu", kept.chars().count());
            self.remark(column, RemarkKind::CellNotUnderstood, told);
        } else {
            self.understood(column);
        }
        kept
    }
}
