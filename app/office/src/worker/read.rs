//! A file into sheets, a sheet into households or holders.

use std::collections::BTreeMap;

use domain::import::{
    Cell, Column, HolderList, List, Options, Remark, RemarkKind, propose, read_holders, read_list, read_list_with,
};
use sheet::Workbook;

use super::tell;
use crate::messages::{Opened, ReadColumn, ReadSheet, Remarks, Told};

/// The rows in which a person looks for the header.
const TOP_ROWS: usize = 15;
const TOP_COLUMNS: usize = 40;
const TOP_CHARS: usize = 40;
/// More of one kind nobody reads.
const REMARKS_SHOWN: usize = 150;
/// Finding out which sheet is the list costs a reading of each.
const SHEETS_TRIED: usize = 20;

pub fn open(name: &str, bytes: &[u8]) -> Result<(Workbook, Opened), String> {
    // The households come after the cells, so that the bar is never full too early.
    let mut told = 0.0;
    let mut progress = |at: sheet::Progress| {
        let share = f64::from(at.share) * 0.8;
        if share - told >= 0.01 {
            told = share;
            tell(&Told::Progress { share });
        }
    };
    let book = sheet::read_with(name, bytes, &mut progress).map_err(|error| error.to_string())?;
    let people = |rows: &[Vec<Cell>]| {
        let list = read_list(rows).ok();
        list.map_or(0, |list| list.households.iter().map(|household| household.residents.len()).sum())
    };
    let mut best = (0, 0);
    if book.sheets.len() > 1 {
        for (at, sheet) in book.sheets.iter().enumerate().take(SHEETS_TRIED) {
            let people: usize = people(&sheet.rows);
            if people > best.1 {
                best = (at, people);
            }
        }
    }
    let refused = book.refused.iter().map(|refused| format!("Trang “{}”: {}", refused.name, refused.why)).collect();
    let opened = Opened { sheets: book.sheets.iter().map(|sheet| sheet.name.clone()).collect(), best: best.0, refused };
    Ok((book, opened))
}

pub fn household_list(book: &Workbook, sheet: usize, options: &Options) -> (ReadSheet, Option<List>) {
    let rows: &[Vec<Cell>] = book.sheets.get(sheet).map_or(&[], |sheet| &sheet.rows);
    let mut told = ReadSheet { sheet, ..ReadSheet::default() };
    let mut samples = Vec::new();
    if let Ok(proposal) = propose(rows, options) {
        told.columns = columns(&proposal.columns, &proposal.samples);
        told.header_row = proposal.header_row;
        told.signature = proposal.signature;
        told.top = proposal.top;
        samples = proposal.samples;
    } else {
        told.top = top(rows);
    }
    match read_list_with(rows, options) {
        Err(problem) => {
            told.problem = Some(format!("{problem}."));
            (told, None)
        }
        Ok(list) => {
            told.columns = columns(&list.columns, &samples);
            told.households = list.households.len();
            told.people = list.households.iter().map(|household| household.residents.len()).sum();
            told.cells = cells(&list);
            told.counts = list.counts;
            told.converted.clone_from(&list.converted);
            told.remarks = remarks(&list.report);
            (told, Some(list))
        }
    }
}

/// The sheet that names most holders.
pub fn holders(book: &Workbook) -> Told {
    let mut best: Option<(String, HolderList)> = None;
    let mut why = None;
    for sheet in &book.sheets {
        match read_holders(&sheet.rows, &Options::default()) {
            Ok(list) if best.as_ref().is_none_or(|(_, known)| known.holders.len() < list.holders.len()) => {
                best = Some((sheet.name.clone(), list));
            }
            Ok(_) => {}
            Err(error) => why = why.or(Some(error.to_string())),
        }
    }
    match best {
        Some((sheet, list)) if !list.holders.is_empty() => Told::Holders { sheet, list: Box::new(list) },
        _ => Told::Failed(why.unwrap_or_else(|| "Không thấy người nào trong tệp này".to_owned()) + "."),
    }
}

/// Where no header is found: the rows as the file has them.
fn top(rows: &[Vec<Cell>]) -> Vec<Vec<String>> {
    let text = |cell: &Cell| cell.text().chars().take(TOP_CHARS).collect();
    rows.iter().take(TOP_ROWS).map(|row| row.iter().take(TOP_COLUMNS).map(text).collect()).collect()
}

fn columns(columns: &[Column], samples: &[Vec<String>]) -> Vec<ReadColumn> {
    let column = |(at, column): (usize, &Column)| ReadColumn {
        heading: column.heading.clone(),
        field: column.field,
        samples: samples.get(at).cloned().unwrap_or_default(),
    };
    columns.iter().enumerate().map(column).collect()
}

fn cells(list: &List) -> Vec<(Option<String>, usize, usize)> {
    let mut cells: Vec<(Option<String>, usize, usize)> = Vec::new();
    let mut places: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for household in &list.households {
        let place = *places.entry(household.cell.clone()).or_insert_with(|| {
            cells.push((household.cell.clone(), 0, 0));
            cells.len() - 1
        });
        if let Some(cell) = cells.get_mut(place) {
            cell.1 += 1;
            cell.2 += household.residents.len();
        }
    }
    cells
}

fn remarks(report: &[Remark]) -> Vec<Remarks> {
    let mut kinds: BTreeMap<RemarkKind, Remarks> = BTreeMap::new();
    for remark in report {
        let of = kinds.entry(remark.kind).or_insert(Remarks { kind: remark.kind, count: 0, first: Vec::new() });
        of.count += 1;
        if of.first.len() < REMARKS_SHOWN {
            of.first.push(remark.clone());
        }
    }
    let mut kinds: Vec<Remarks> = kinds.into_values().collect();
    kinds.sort_by_key(|remarks| (!remarks.kind.needs_a_look(), remarks.kind));
    kinds
}
