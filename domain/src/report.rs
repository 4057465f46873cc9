//! A report: the figures of a unit up to a moment that the plan names, "trong kỳ" and "lũy kế". Numbers only, never names.
//!
//! A report is made from figures alone, so the lead's phone and the office make the same one. Sending freezes it: it
//! becomes a fact. What arrives later for what it covered is the next report's "điều chỉnh", so that for every line
//! `lũy kế = lũy kế đã báo + điều chỉnh + trong kỳ`.

mod lines;
mod office;
pub mod official;
mod period;
mod row;
mod sent;
mod subject;
mod text;
pub mod xlsx;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use office::Office;
pub use period::{Period, likely, periods, sent_for_day};
pub use row::{header_row, row, table_rows};
pub use sent::{Sent, previous};
pub use subject::Team;
pub use text::{as_of as as_of_words, message, period as period_words, signed, target_words};

use crate::attainment::Attainment;
use crate::campaign::{Campaign, ReportSlot};
use crate::daily::Daily;
use crate::due::{Due, cut, cut_before};
use crate::summary::{PhoneState, Summary};
use crate::visit::Difficulty;
use crate::{Day, Moment};

/// A phone that has been silent for longer may hold records that nobody has counted.
pub const SILENT_MS: u64 = 24 * 3_600_000;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What the line counts; the same in every report of a plan.
    pub key: String,
    pub label: String,
    /// "hộ", "người", "lượt".
    pub unit: String,
    /// Trong kỳ; absent for what has no days, such as the number of households.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_period: Option<u64>,
    /// Điều chỉnh: what has become known since about what the report before this one covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<i64>,
    /// Lũy kế, up to the report's moment.
    pub cumulative: u64,
    /// Of what `cumulative` is a share, if of anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
}

/// A target of the plan, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetLine {
    pub label: String,
    /// "50,16%"; absent when it can't be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// "trên 65%".
    pub wanted: String,
    /// Còn thiếu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<u64>,
    pub unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Day>,
}

/// A difficulty by the number of households that met it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifficultyLine {
    pub label: String,
    pub open: u64,
    pub solved: u64,
}

/// One unit of the many that a commune's or a province's report adds up: the cumulative figure of each line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    pub name: String,
    /// In the order of the report's lines; `None` where nothing has been counted yet.
    pub figures: Vec<Option<u64>>,
}

/// How far the phones of the unit have come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phones {
    pub all: u64,
    /// Silent for a day, or never heard of.
    pub late: u64,
}

impl Phones {
    /// `phones` are the unit's members with what is known of their phones.
    pub fn count<'a>(phones: impl IntoIterator<Item = Option<&'a PhoneState>>, now_ms: u64) -> Self {
        let mut counted = Self::default();
        for phone in phones {
            counted.all += 1;
            let is_fresh = phone.is_some_and(|phone| now_ms.saturating_sub(phone.last_sync_ms) <= SILENT_MS);
            counted.late += u64::from(!is_fresh);
        }
        counted
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// "Tổ 5", "Phường Bắc Kạn".
    pub unit: String,
    /// What the unit belongs to: "Phường Bắc Kạn", "Tỉnh Thái Nguyên"; may be empty.
    pub within: String,
    /// Where it is signed: "Bắc Kạn"; may be empty.
    #[serde(default)]
    pub place: String,
    /// Of a whole commune or province, not of an area.
    pub is_whole: bool,
    pub campaign: String,
    /// The rule of the plan that asked for it; empty for a report on request.
    pub slot: String,
    /// "Thứ Hai 23/11/2026, trước 14h00"; empty for a report on request.
    pub due: String,
    /// Where the plan wants it sent.
    pub to: String,
    /// The moment at which "trong kỳ" begins; absent when the plan and earlier reports name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The moment before which everything is covered.
    pub until: Moment,
    /// When it was made, milliseconds since 1970.
    pub made_ms: u64,
    /// When the maker last heard from the office; absent when the office itself made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_ms: Option<u64>,
    pub phones: Phones,
    pub lines: Vec<Line>,
    #[serde(default)]
    pub targets: Vec<TargetLine>,
    #[serde(default)]
    pub difficulties: Vec<DifficultyLine>,
    #[serde(default)]
    pub units: Vec<UnitRow>,
}

impl Report {
    /// What each line is called where it stands alone: "– trong đó cài mới" says nothing without the line above it.
    fn column_labels(&self) -> Vec<String> {
        let mut whole = "";
        let mut labels = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            if let Some(part) = line.part() {
                labels.push(format!("{whole}, {part}"));
            } else {
                whole = &line.label;
                labels.push(whole.to_owned());
            }
        }
        labels
    }
}

impl Line {
    /// What part of the line above it this one is: "trong đó cài mới".
    pub fn part(&self) -> Option<&str> {
        self.label.strip_prefix("– ")
    }
}

/// What a report is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// For a slot of the plan that is due on a day.
    Slot { slot: &'a ReportSlot, day: Day },
    /// Đột xuất: on request, up to the end of today.
    Now,
}

impl<'a> Wanted<'a> {
    pub fn due(due: &Due<'a>) -> Self {
        Self::Slot { slot: due.slot, day: due.day }
    }

    /// The moment before which everything is covered.
    pub fn until(self, now_ms: u64) -> Moment {
        match self {
            Self::Slot { slot, day } => cut(slot, day),
            Self::Now => Moment::start_of(Day::at_ms(now_ms).plus(1)),
        }
    }

    /// The rule of the plan, as sent reports name it.
    pub fn slot_name(self) -> String {
        match self {
            Self::Slot { slot, .. } => slot.label(),
            Self::Now => String::new(),
        }
    }
}

/// Whose figures they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub unit: String,
    pub within: String,
    pub place: String,
    /// The plan's numbers are of the whole commune: an area is not held against them.
    pub is_whole: bool,
    pub phones: Phones,
    /// When the maker last heard from the office.
    pub synced_ms: Option<u64>,
}

/// The figures of one unit.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    pub summary: &'a Summary,
    pub daily: &'a Daily,
}

/// Makes a report. `before` is the last one sent for the same purpose, `parts` the units that the figures are the sum of.
pub fn make(
    campaign: &Campaign,
    subject: &Subject,
    figures: Figures<'_>,
    parts: &[(String, Option<Figures<'_>>)],
    wanted: Wanted<'_>,
    before: Option<&Report>,
    now_ms: u64,
) -> Report {
    let until = wanted.until(now_ms);
    let before = before.filter(|before| before.until < until);
    let from = before.map(|before| before.until).or_else(|| match wanted {
        Wanted::Slot { slot, .. } => cut_before(slot, until).max(campaign.starts_on.map(Moment::start_of)),
        Wanted::Now => campaign.starts_on.map(Moment::start_of),
    });
    let from = from.map(|from| from.min(until));
    let lines = lines::lines(campaign, figures, from, until, before);
    let units = parts.iter().map(|(name, figures)| lines::unit_row(campaign, name, *figures, until)).collect();
    let (slot, due, to) = match wanted {
        Wanted::Slot { slot, day } => (slot.label(), slot.due_label(day), slot.to.clone()),
        Wanted::Now => Default::default(),
    };
    Report {
        unit: subject.unit.clone(),
        within: subject.within.clone(),
        place: subject.place.clone(),
        is_whole: subject.is_whole,
        campaign: campaign.name.clone(),
        slot,
        due,
        to,
        from,
        until,
        made_ms: now_ms,
        synced_ms: subject.synced_ms,
        phones: subject.phones,
        lines,
        targets: targets(campaign, subject, figures, until),
        difficulties: difficulties(figures.summary),
        units,
    }
}

fn targets(campaign: &Campaign, subject: &Subject, figures: Figures<'_>, until: Moment) -> Vec<TargetLine> {
    let flow = figures.daily.before(until);
    let fits = |target: &&crate::campaign::Target| subject.is_whole || target.measure.counts_households();
    let line = |target: &crate::campaign::Target| {
        let attained = Attainment::at(target, campaign, figures.summary, &flow)
            .unwrap_or_else(|| Attainment::of(target, campaign, figures.summary));
        TargetLine {
            label: if target.label.is_empty() { target.measure.label() } else { target.label.clone() },
            value: attained.value_label(),
            wanted: attained.target_label(),
            missing: attained.missing(),
            unit: attained.unit.to_owned(),
            deadline: target.deadline,
        }
    };
    campaign.targets.iter().filter(fits).map(line).collect()
}

/// The most frequent first.
fn difficulties(summary: &Summary) -> Vec<DifficultyLine> {
    let of = |counts: &BTreeMap<String, u64>, code: &str| counts.get(code).copied().unwrap_or(0);
    let mut lines: Vec<DifficultyLine> = Difficulty::all()
        .map(|difficulty| {
            let (met, solved) = (of(&summary.difficulties, difficulty.name()), of(&summary.solved, difficulty.name()));
            DifficultyLine { label: difficulty.label().to_owned(), open: met.saturating_sub(solved), solved }
        })
        .filter(|line| line.open + line.solved > 0)
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.open, line.solved)));
    lines
}
