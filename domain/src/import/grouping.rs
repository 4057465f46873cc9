//! Puts persons together into households, by the strongest sign that the list has.

use std::collections::HashMap;

use super::cell::Line;
use super::field::Field;
use super::header::Header;
use super::key;
use super::line::LineKind;
use super::person::{Person, is_head};
use super::remark::{RemarkKind, Report, quote};
use super::{ListedHousehold, ListedResident};
use crate::place::Priority;
use crate::text::fold;

/// Which columns tell households apart in this list.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four independent findings about one list")]
struct Signs {
    code: bool,
    /// A column of heads beside the column of names.
    head: bool,
    /// "Chủ hộ" among the relations.
    relation: bool,
    /// One number a household, written once or repeated.
    ordinal: bool,
}

/// A household while rows are added to it.
pub(super) struct Draft {
    pub row: usize,
    pub code: String,
    pub ordinal: String,
    /// Folded text of the column of heads.
    pub head_cell: String,
    /// Somebody has one; somebody has none.
    pub smartphones: (bool, bool),
    has_head: bool,
    /// Folded name and year of birth → row, to see doubles.
    seen: HashMap<(String, Option<i64>), usize>,
    pub household: ListedHousehold,
}

pub(super) struct Grouping<'a> {
    header: &'a Header,
    signs: Signs,
    /// The list has no column of names: the column of heads names everyone.
    heads_only: bool,
    drafts: Vec<Draft>,
    current: Option<usize>,
    /// Household code and cell → draft, for codes that come back further down.
    by_code: HashMap<(String, Option<String>), usize>,
    group_cell: Option<String>,
    column_cell: Option<String>,
}

impl<'a> Grouping<'a> {
    pub fn new(header: &'a Header, body: &[Line<'_>], kinds: &[LineKind]) -> Self {
        let people = || body.iter().zip(kinds).filter(|(_, kind)| **kind == LineKind::Person).map(|(line, _)| line);
        let signs = Signs {
            code: header.has(Field::HouseholdCode),
            head: header.has(Field::Head) && header.has_names(),
            relation: people().any(|line| is_head(header.value(line, Field::Relation))),
            ordinal: ordinals_mark_households(header, people()),
        };
        Self {
            header,
            signs,
            heads_only: !header.has_names(),
            drafts: Vec::new(),
            current: None,
            by_code: HashMap::new(),
            group_cell: None,
            column_cell: None,
        }
    }

    /// A group row: nothing runs across it.
    pub fn enter_cell(&mut self, cell: &str) {
        self.group_cell = Some(cell.to_owned());
        self.column_cell = None;
        self.current = None;
    }

    pub fn add(&mut self, mut person: Person, report: &mut Report) {
        if self.signs.head && person.relation.is_empty() && fold(&person.name) == fold(&person.head) {
            "Chủ hộ".clone_into(&mut person.relation);
        }
        if person.cell.is_some() {
            self.column_cell.clone_from(&person.cell);
        }
        let cell = self.column_cell.clone().or_else(|| self.group_cell.clone());
        let place = self.current.filter(|&at| !self.starts_household(&self.drafts[at], &person));
        let at = match place.or_else(|| self.come_back(&person, cell.as_ref(), report)) {
            Some(at) => at,
            None => self.open(&mut person, cell),
        };
        self.current = Some(at);
        self.drafts[at].take(person, self.header, report);
    }

    fn starts_household(&self, current: &Draft, person: &Person) -> bool {
        let code = fold(&person.code);
        if self.signs.code && !code.is_empty() {
            return code != current.code;
        }
        let head = fold(&person.head);
        let same_head = self.signs.head && !head.is_empty() && head == current.head_cell;
        if self.signs.head && !head.is_empty() && !same_head {
            return true;
        }
        if self.signs.relation && person.is_head() {
            // With the code merged down or the head repeated in each row, the head may come second.
            return current.has_head || !(same_head || (self.signs.code && !current.code.is_empty()));
        }
        if self.signs.ordinal && !person.ordinal.is_empty() && person.ordinal != current.ordinal {
            return true;
        }
        // Nothing in the list joins rows: each is a household.
        !(self.signs.code || self.signs.head || self.signs.relation || self.signs.ordinal)
    }

    /// The household of the same code and cell further up, if any.
    fn come_back(&self, person: &Person, cell: Option<&String>, report: &mut Report) -> Option<usize> {
        if person.code.is_empty() {
            return None;
        }
        let at = *self.by_code.get(&(fold(&person.code), cell.cloned()))?;
        let text = format!("Mã hộ {} đã có ở dòng {}, xếp vào hộ đó", quote(&person.code), self.drafts[at].row + 1);
        report.row(person.row, RemarkKind::Duplicate, &text);
        Some(at)
    }

    fn open(&mut self, person: &mut Person, cell: Option<String>) -> usize {
        if self.heads_only && person.relation.is_empty() {
            "Chủ hộ".clone_into(&mut person.relation);
        }
        let at = self.drafts.len();
        if !person.code.is_empty() {
            self.by_code.insert((fold(&person.code), cell.clone()), at);
        }
        self.drafts.push(Draft {
            row: person.row,
            code: fold(&person.code),
            ordinal: person.ordinal.clone(),
            head_cell: fold(&person.head),
            smartphones: (false, false),
            has_head: false,
            seen: HashMap::new(),
            household: ListedHousehold {
                list_key: String::new(),
                head: if self.heads_only { String::new() } else { person.head.clone() },
                house_no: String::new(),
                phone: None,
                priorities: Vec::new(),
                cell,
                residents: Vec::new(),
            },
        });
        at
    }

    pub fn finish(mut self, report: &mut Report) -> Vec<ListedHousehold> {
        for draft in &mut self.drafts {
            draft.finish(self.signs.relation, report);
        }
        if let Some(first) = self.drafts.first()
            && !(self.heads_only || self.signs.code || self.signs.head || self.signs.relation || self.signs.ordinal)
        {
            let text = "Danh sách không cho biết ai chung một hộ: mỗi dòng thành một hộ";
            report.row(first.row, RemarkKind::Assumed, text);
        }
        key::assign(&mut self.drafts, report);
        self.drafts.into_iter().map(|draft| draft.household).collect()
    }
}

impl Draft {
    fn take(&mut self, person: Person, header: &Header, report: &mut Report) {
        self.compare(&person, header, report);
        let household = &mut self.household;
        if household.house_no.is_empty() {
            household.house_no.clone_from(&person.house_no);
        }
        household.priorities.extend(&person.priorities);
        match person.has_smartphone {
            Some(true) => self.smartphones.0 = true,
            Some(false) => self.smartphones.1 = true,
            None => {}
        }
        self.has_head |= person.is_head();
        let first_row = *self.seen.entry((fold(&person.name), person.birth_year)).or_insert(person.row);
        if first_row != person.row {
            let text = format!("Trùng tên, trùng năm sinh với dòng {} trong cùng hộ; giữ cả hai", first_row + 1);
            report.row(person.row, RemarkKind::Duplicate, &text);
        }
        household.residents.push(ListedResident {
            name: person.name,
            birth_year: person.birth_year,
            relation: person.relation,
            phone: person.phone,
            gone: person.gone,
            id_tail: person.id_tail,
            row: person.row,
            already: person.already,
        });
    }

    /// Tells what a row says of its household that does not fit with the rows above: the household keeps the first.
    fn compare(&mut self, person: &Person, header: &Header, report: &mut Report) {
        let household = &mut self.household;
        let differs = |new: &str, old: &str| !new.is_empty() && !old.is_empty() && fold(new) != fold(old);
        // A member's row often has the number only, the head's the street as well.
        let begins_alike = fold(&household.house_no).starts_with(&format!("{} ", fold(&person.house_no)));
        if differs(&person.house_no, &household.house_no) && !begins_alike {
            let text = format!("Địa chỉ {} khác với địa chỉ của hộ, không nhập", quote(&person.house_no));
            report.not_understood_after_all(person.row, header.column(Field::HouseNo), text);
        }
        match (&person.cell, &household.cell) {
            (Some(new), Some(old)) if differs(new, old) => {
                let text = format!("{} khác với tổ, thôn của hộ là {}, không nhập", quote(new), quote(old));
                report.not_understood_after_all(person.row, header.column(Field::Cell), text);
            }
            (Some(_), None) => household.cell.clone_from(&person.cell),
            _ => {}
        }
        if !header.has_names() || person.head.is_empty() {
            return;
        }
        if household.head.is_empty() {
            household.head.clone_from(&person.head);
            self.head_cell = fold(&person.head);
        } else if differs(&person.head, &household.head) {
            let text = format!("Chủ hộ {} khác với chủ hộ ghi phía trên, không nhập", quote(&person.head));
            report.not_understood_after_all(person.row, header.column(Field::Head), text);
        }
    }

    fn finish(&mut self, expects_head: bool, report: &mut Report) {
        let household = &mut self.household;
        let mut heads = household.residents.iter().filter(|resident| is_head(&resident.relation));
        let head = heads.next().cloned();
        if let Some(second) = heads.next() {
            report.row(second.row, RemarkKind::Assumed, "Hộ có hai người ghi là chủ hộ, lấy người ghi trước");
        }
        if household.head.is_empty() {
            let first = household.residents.first();
            if head.is_none() && expects_head {
                report.row(self.row, RemarkKind::Assumed, "Hộ chưa ghi ai là chủ hộ, lấy người đầu tiên");
            }
            household.head = head.as_ref().or(first).map(|resident| resident.name.clone()).unwrap_or_default();
        }
        let anyone = household.residents.iter().find_map(|resident| resident.phone.clone());
        household.phone = head.and_then(|head| head.phone).or(anyone);
        if self.smartphones == (false, true) {
            household.priorities.push(Priority::NoSmartphone);
        }
        household.priorities.sort_unstable();
        household.priorities.dedup();
    }
}

/// Numbers that are written once a household (members below have none, or the same) rather than once a person.
fn ordinals_mark_households<'a>(header: &Header, people: impl Iterator<Item = &'a Line<'a>>) -> bool {
    let (mut all, mut without, mut last) = (0_usize, 0_usize, "");
    for line in people {
        let ordinal = header.value(line, Field::Ordinal);
        all += 1;
        without += usize::from(all > 1 && (ordinal.is_empty() || ordinal == last));
        if !ordinal.is_empty() {
            last = ordinal;
        }
    }
    // A few forgotten numbers in a list of persons do not make it one of households; no number at all says nothing.
    !last.is_empty() && without * 5 >= all
}
