//! What single cells mean: yes or no, a year of birth, a name, a priority.

mod birth;
mod day;
mod name;

pub(super) use birth::{Birth, birth, is_year as is_birth_year};
pub(super) use day::{DayOrder, day};
pub(super) use name::{Name, gone, is_of_a_name, name};

use super::Cell;
use super::cell::Line;
use super::heading::has_phrase;
use crate::place::Priority;
use crate::text::fold;

/// What a cell of a yes-column says. Blank is not "no": it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Yes,
    No,
    Blank,
    Unclear,
}

pub(super) fn mark(line: &Line<'_>, column: usize) -> Mark {
    match line.cell(column) {
        // The day on which it was done.
        Cell::Date { .. } | Cell::Bool(true) => return Mark::Yes,
        Cell::Bool(false) => return Mark::No,
        _ => {}
    }
    let text = line.text(column);
    if text.contains(['✓', '✔', '☑', '√', '☒']) {
        return Mark::Yes;
    }
    let folded = fold(text);
    match folded.trim_matches(['/', ' ']) {
        "" => Mark::Blank,
        "x" | "v" | "co" | "roi" | "1" | "ok" | "oke" | "m2" | "muc 2" | "muc do 2" | "yes" | "y" | "xong" | "dat"
        | "hoan thanh" | "co roi" => Mark::Yes,
        "0" | "k" | "ko" | "kg" | "no" | "n" | "m1" | "muc 1" | "muc do 1" => Mark::No,
        words if words == "da" || words.starts_with("da ") => Mark::Yes,
        words if ["khong", "chua"].iter().any(|no| words == *no || words.starts_with(&format!("{no} "))) => Mark::No,
        _ => Mark::Unclear,
    }
}

/// Whether a cell of a signature column names the provider, which only those who have one can.
pub(super) fn is_provider(text: &str) -> bool {
    const PROVIDERS: [&str; 14] = [
        "vnpt",
        "vt",
        "vtl",
        "viettel",
        "mbf",
        "mobifone",
        "smartca",
        "vnpt smartca",
        "mysign",
        "viettel mysign",
        "misa",
        "bkav",
        "fpt",
        "ca2",
    ];
    PROVIDERS.contains(&fold(text).as_str())
}

/// The priorities named in a cell; `None` when its words are not understood.
pub(super) fn priorities(text: &str) -> Option<Vec<Priority>> {
    const NONE: [&str; 9] = ["khong", "ko", "k", "0", "binh thuong", "trung binh", "kha", "kha gia", "ho trung binh"];
    let folded = fold(text);
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| has_phrase(&folded, phrase));
    if NONE.contains(&folded.as_str()) || has(&["thoat ngheo", "thoat can ngheo", "khong ngheo"]) {
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    if has(&["cao tuoi", "nct"]) {
        found.push(Priority::Elderly);
    }
    let is_near_poor = has(&["can ngheo", "hcn", "cn"]);
    if has(&["ho ngheo", "hn"]) || (folded == "ngheo") {
        found.push(Priority::Poor);
    }
    if is_near_poor {
        found.push(Priority::NearPoor);
    }
    if has(&["chinh sach", "gdcs", "cs", "nguoi co cong", "ncc", "liet si", "thuong binh", "benh binh", "me viet nam"])
    {
        found.push(Priority::PolicyFamily);
    }
    if found.is_empty() { None } else { Some(found) }
}

/// The last four digits of a căn cước (12 digits) or of the CMND before it (9), also with zeros lost at the front. Not of
/// a number that a spreadsheet has rounded, and not of two.
pub(super) fn id_tail(text: &str) -> Option<String> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '\'');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // Grouped digits are one number; "012345678 / 001…" are two.
    let is_one = text.chars().all(is_number) && (8..=12).contains(&digits.len());
    is_one.then(|| digits[digits.len() - 4..].to_owned())
}
