//! Small lists, one a kind of mess, each with the whole of what is expected.

mod anything;
mod choices;
mod households;
mod layout;
mod output;

use super::*;
use crate::import::changes::{Changes, Importing, compare};
use crate::{Day, DocId, Document, Stamp};

/// A sheet drawn with ` | ` between cells and one row a line; what looks like a whole number is one.
pub(super) fn sheet(drawing: &str) -> Vec<Vec<Cell>> {
    let cell = |text: &str| {
        let text = text.trim();
        let is_number = !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { Cell::Number(text.parse().expect("digits")) } else { Cell::from(text) }
    };
    let lines = drawing.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| line.split('|').map(cell).collect()).collect()
}

fn read(drawing: &str) -> List {
    read_list(&sheet(drawing)).expect("a list")
}

fn changes(list: &List, area: DocId, stamp: Stamp) -> Changes {
    let day = Day::from_ymd(2025, 8, 1).expect("a day");
    let nobody: [&Document; 0] = [];
    compare(list, nobody, Importing { area, member: DocId::from_u128(9), batch: DocId::from_u128(3), day, stamp })
}

/// What a list is in an empty area.
fn documents(list: &List, area: DocId, stamp: Stamp) -> Vec<Document> {
    changes(list, area, stamp).described
}

/// Households as text: "head: resident year relation, …".
fn drawn(list: &List) -> Vec<String> {
    let resident = |resident: &ListedResident| {
        let year = resident.birth_year.map_or_else(|| "?".to_owned(), |year| year.to_string());
        format!("{} {year} {}", resident.name, resident.relation).trim_end().to_owned()
    };
    list.households
        .iter()
        .map(|household| {
            let residents: Vec<String> = household.residents.iter().map(resident).collect();
            format!("{}: {}", household.head, residents.join(", "))
        })
        .collect()
}

/// Rows with a remark of this kind, as a spreadsheet counts them.
fn remarked(list: &List, kind: RemarkKind) -> Vec<usize> {
    list.report.iter().filter(|remark| remark.kind == kind).map(|remark| remark.row + 1).collect()
}

fn kinds(list: &List) -> Vec<(usize, RemarkKind)> {
    list.report.iter().map(|remark| (remark.row + 1, remark.kind)).collect()
}
