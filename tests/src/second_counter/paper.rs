//! Documents as they are on the wire: fields, stamps, days.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Paper;

/// Year, month, day.
pub type Day = (i64, u32, u32);
/// A day in Vietnam and an hour of it.
pub type Moment = (Day, u32);

/// One document, read: of a description the newest value of each field.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub id: String,
    /// The document that this is a copy of, or itself: who is carried to another area stays who they are.
    pub root: String,
    pub kind: String,
    pub erased: bool,
    /// Milliseconds, counter, phone.
    pub stamp: (u64, u64, u64),
    fields: BTreeMap<String, Value>,
    pub accepted: Option<u64>,
    /// Nobody has taken it back.
    pub is_live: bool,
    /// Lives in this area, and was not carried to another.
    pub is_here: bool,
}

impl Sheet {
    fn read(paper: &Paper) -> Option<Self> {
        let wire = &paper.wire;
        let mut newest: BTreeMap<String, ((u64, u64, u64), Value)> = BTreeMap::new();
        let mut stamp = (0, 0, 0);
        if let Some(at) = wire["at"].as_str() {
            stamp = read_stamp(at)?;
            newest =
                wire["f"].as_object()?.iter().map(|(name, value)| (name.clone(), (stamp, value.clone()))).collect();
        }
        for edit in wire["e"].as_array().into_iter().flatten() {
            let at = read_stamp(edit[0].as_str()?)?;
            for (name, value) in edit[1].as_object()? {
                if newest.get(name).is_none_or(|(known, _)| *known < at) {
                    newest.insert(name.clone(), (at, value.clone()));
                }
            }
        }
        let fields: BTreeMap<String, Value> = newest.into_iter().map(|(name, (_, value))| (name, value)).collect();
        let id = wire["id"].as_str()?.to_owned();
        let root = fields.get("root").and_then(Value::as_str).unwrap_or(&id).to_owned();
        let (kind, erased) = (wire["k"].as_str()?.to_owned(), wire["x"] == true);
        Some(Self { id, root, kind, erased, stamp, fields, accepted: paper.accepted, is_live: true, is_here: true })
    }

    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.fields.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.fields.get(name)?.as_i64()
    }

    fn flag(&self, name: &str) -> bool {
        self.fields.get(name) == Some(&Value::Bool(true))
    }

    /// A field that names another document.
    pub fn id_in(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| is_id(text))
    }

    pub fn member(&self) -> Option<&str> {
        self.id_in("member")
    }

    pub fn is_deleted(&self) -> bool {
        self.flag("deleted") || self.erased
    }

    /// The business day that the helper named, else the one on which it was recorded.
    pub fn day(&self) -> Day {
        read_day(self.text("day")).unwrap_or(vietnam(self.stamp.0).0)
    }

    /// The day on which it was told, which is never before the one that it is about.
    pub fn told_on(&self) -> Day {
        let by_paper = self.text("source") == "list" || self.id_in("entered_by").is_some();
        if by_paper { self.day() } else { self.day().max(vietnam(self.stamp.0).0) }
    }

    /// The hour is known of what was recorded on its own day only.
    pub fn when(&self) -> Moment {
        let (recorded, hour) = vietnam(self.stamp.0);
        if self.day() == recorded { (recorded, hour) } else { (self.day(), 0) }
    }
}

/// Reads all, strikes out what was taken back, and marks who has been carried to another area.
pub fn sort(papers: &[Paper]) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = papers.iter().filter_map(Sheet::read).collect();
    let mut corrections: BTreeMap<String, Vec<Sheet>> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| sheet.kind == "correction") {
        corrections.entry(sheet.text("target").to_owned()).or_default().push(sheet.clone());
    }
    for sheet in &mut sheets {
        // By its author, or by somebody who leads. A correction is not taken back: what was right is told anew.
        let takes_back = |fix: &Sheet| {
            let by = fix.member();
            by.is_some() && (by == sheet.member() || fix.flag("by_lead"))
        };
        sheet.is_live =
            sheet.kind == "correction" || !corrections.get(&sheet.id).is_some_and(|fixes| fixes.iter().any(takes_back));
    }
    let has_moved = |sheet: &Sheet| sheet.id_in("moved_to").is_some();
    let away: BTreeSet<String> = sheets
        .iter()
        .filter(|sheet| sheet.kind == "household" && has_moved(sheet))
        .map(|sheet| sheet.id.clone())
        .collect();
    for sheet in &mut sheets {
        let with_household = sheet.kind == "resident" && away.contains(sheet.text("household"));
        sheet.is_here = !has_moved(sheet) && !with_household;
    }
    sheets
}

/// What was told and not taken back, by whom or what it is about.
pub fn told<'a>(sheets: &'a [Sheet], kind: &str, about: &str) -> BTreeMap<&'a str, Vec<&'a Sheet>> {
    let mut told: BTreeMap<&str, Vec<&Sheet>> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| sheet.kind == kind && sheet.is_live && sheet.member().is_some()) {
        if let Some(subject) = sheet.id_in(about) {
            told.entry(subject).or_default().push(sheet);
        }
    }
    told
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn read_stamp(text: &str) -> Option<(u64, u64, u64)> {
    let parts: Vec<u64> = text.split('-').map(|part| u64::from_str_radix(part, 16)).collect::<Result<_, _>>().ok()?;
    let [ms, counter, phone] = parts[..] else { return None };
    Some((ms, counter, phone))
}

pub fn read_day(text: &str) -> Option<Day> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let day: Day = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let is_real = (1..=12).contains(&day.1) && day.2 >= 1 && day.2 <= days_of_month(day.0, day.1);
    is_real.then_some(day)
}

/// The day and the hour in Vietnam, seven hours ahead of UTC.
fn vietnam(ms: u64) -> Moment {
    let hours = ms / 3_600_000 + 7;
    let (mut days, mut year, mut month) = (hours / 24, 1970, 1);
    while days >= u64::from(days_of_month(year, month)) {
        days -= u64::from(days_of_month(year, month));
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    let day = u32::try_from(days).unwrap_or(0) + 1;
    ((year, month, day), u32::try_from(hours % 24).unwrap_or(0))
}

fn days_of_month(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
