//! A file of the corpus: what it shows, how it is to be read, the cells, and what is read from them.
//!
//! ```text
//! # What the list shows (source in the domain facts)
//! % holders, id tails, legacy as_is, header 3, data 5, column 2 = phone, column 4 = -
//! STT | Họ và tên | …
//! === what is read
//! …
//! ```
//! Cells stand between `|`. `12` is a number, `"12"` a text, `=20821.5` a number as written, `@1957-03-12` a date, and
//! `\u{a0}` a character that cannot be seen. Rows and columns are counted from 1, as spreadsheets do.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::import::{
    BadList, Cell, CellCounts, Field, HolderList, List, NotAList, Options, Remark, read_holders, read_list_with,
};
use domain::text::Legacy;

pub const MIDDLE: &str = "=== what is read\n";

#[derive(Clone, Debug)]
pub struct Case {
    pub path: PathBuf,
    /// The file down to what is read.
    pub input: String,
    pub is_holders: bool,
    pub options: Options,
    pub rows: Vec<Vec<Cell>>,
    pub expected: String,
}

pub enum Read {
    List(Result<List, NotAList>),
    Holders(Result<HolderList, NotAList>),
}

/// All files, in the order of their names.
pub fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lists");
    let files = std::fs::read_dir(&folder).expect("the folder of the corpus");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file of the corpus").path()).collect();
    paths.sort();
    paths.into_iter().map(Case::open).collect()
}

impl Case {
    fn open(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).expect("a text file");
        let (input, expected) = text.split_once(MIDDLE).unwrap_or((&text, ""));
        let mut case = Self {
            input: input.to_owned(),
            expected: expected.to_owned(),
            path,
            is_holders: false,
            options: Options::default(),
            rows: Vec::new(),
        };
        for line in input.lines() {
            if let Some(options) = line.strip_prefix('%') {
                for option in options.split(',') {
                    case.set(option.trim());
                }
            } else if !line.starts_with('#') {
                let line = line.trim_end_matches(' ');
                case.rows.push(if line.is_empty() { Vec::new() } else { line.split('|').map(cell).collect() });
            }
        }
        case
    }

    fn set(&mut self, option: &str) {
        let words: Vec<&str> = option.split_whitespace().collect();
        let place = |text: &str| text.parse::<usize>().expect("a number") - 1;
        match words.as_slice() {
            ["holders"] => self.is_holders = true,
            ["id", "tails"] => self.options.keep_id_tail = true,
            ["legacy", kind] => {
                self.options.legacy = serde_json::from_str::<Legacy>(&format!("\"{kind}\"")).expect("a kind of font");
            }
            ["header", row] => self.options.mapping.header_row = Some(place(row)),
            ["data", row] => self.options.mapping.first_row = Some(place(row)),
            ["column", column, "=", key] => {
                let field = (*key != "-").then(|| Field::from_key(key).expect("a field"));
                self.options.mapping.columns.insert(place(column), field);
            }
            _ => panic!("{}: what is {option:?}?", self.path.display()),
        }
    }

    pub fn read(&self) -> Read {
        if self.is_holders {
            Read::Holders(read_holders(&self.rows, &self.options))
        } else {
            Read::List(read_list_with(&self.rows, &self.options))
        }
    }
}

fn cell(text: &str) -> Cell {
    let text = text.trim_matches(' ');
    if let Some(date) = text.strip_prefix('@') {
        let mut parts = date.split('-').map(|part| part.parse::<u32>().expect("a date"));
        let mut next = || parts.next().expect("three parts");
        return Cell::Date { year: next().cast_signed(), month: next(), day: next() };
    }
    if let Some(number) = text.strip_prefix('=') {
        return Cell::Number(number.parse().expect("a number"));
    }
    if let Some(text) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return Cell::Text(text.to_owned());
    }
    if !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Cell::Number(text.parse().expect("digits"));
    }
    Cell::from(unescaped(text).as_str())
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("a closed escape");
        out.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a character"));
        out.push_str(rest);
    }
    out
}

impl Read {
    pub fn counts(&self) -> Option<CellCounts> {
        match self {
            Read::List(list) => list.as_ref().ok().map(|list| list.counts),
            Read::Holders(list) => list.as_ref().ok().map(|list| list.counts),
        }
    }

    pub fn check(&self) -> Result<(), BadList> {
        match self {
            Read::List(list) => list.as_ref().map_or(Ok(()), List::check),
            Read::Holders(list) => list.as_ref().map_or(Ok(()), HolderList::check),
        }
    }

    /// What was read, a line each.
    pub fn told(&self) -> String {
        match self {
            Read::List(Ok(list)) => told_list(list),
            Read::Holders(Ok(list)) => told_holders(list),
            Read::List(Err(error)) | Read::Holders(Err(error)) => format!("{error}\n"),
        }
    }
}

fn told_list(list: &List) -> String {
    let mut out = String::new();
    for household in &list.households {
        let priorities: Vec<&str> = household.priorities.iter().map(|priority| priority.name()).collect();
        let parts = [
            household.head.clone(),
            named("tại", household.cell.as_deref().unwrap_or_default()),
            named("số", &household.house_no),
            named("ĐT", household.phone.as_deref().unwrap_or_default()),
            named("ưu tiên", &priorities.join(" ")),
            named("mã", &household.list_key),
        ];
        line(&mut out, "hộ ", &parts);
        for resident in &household.residents {
            let already: Vec<&str> = resident.already.iter().map(|step| step.name()).collect();
            let parts = [
                resident.name.clone(),
                resident.birth_year.map_or_else(|| "?".to_owned(), |year| year.to_string()),
                resident.relation.clone(),
                resident.phone.clone().unwrap_or_default(),
                resident.gone.map_or_else(String::new, |gone| gone.name().to_owned()),
                named("căn cước …", resident.id_tail.as_deref().unwrap_or_default()),
                named("đã có", &already.join(" ")),
            ];
            line(&mut out, "  ", &parts);
        }
    }
    rest(&mut out, &list.report, list.counts);
    out
}

fn told_holders(list: &HolderList) -> String {
    let mut out = String::new();
    for holder in &list.holders {
        let day = |day: Option<domain::Day>| day.map_or_else(String::new, |day| day.to_string());
        let year = holder.birth_year.map_or_else(|| "?".to_owned(), |year| year.to_string());
        let parts = [
            holder.name.clone(),
            if holder.birth_day.is_some() { day(holder.birth_day) } else { year },
            holder.phone.clone().unwrap_or_default(),
            named("địa chỉ", &holder.address),
            named("tại", holder.cell.as_deref().unwrap_or_default()),
            named("của", holder.provider.as_deref().unwrap_or_default()),
            named("đến", &day(holder.expires_on)),
        ];
        line(&mut out, "người ", &parts);
    }
    rest(&mut out, &list.report, list.counts);
    out
}

fn rest(out: &mut String, report: &[Remark], counts: CellCounts) {
    for remark in report {
        let column = remark.column.map_or_else(String::new, |column| format!(" cột {}", column + 1));
        let _ = writeln!(out, "dòng {}{column}: {:?}: {}", remark.row + 1, remark.kind, remark.text);
    }
    let CellCounts { filled, understood, dropped, unclear } = counts;
    let _ = writeln!(out, "ô: {filled} = {understood} hiểu + {dropped} bỏ + {unclear} chưa hiểu");
}

fn named(name: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{name} {text}") }
}

fn line(out: &mut String, start: &str, parts: &[String]) {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let _ = writeln!(out, "{start}{}", parts.join(", "));
}
