//! What comes back on paper: a line typed in becomes the facts that the helper's phone would have written.
//!
//! The id of such a fact follows from whom it is about, who went, on which day, and what was ticked. So the same sheet
//! typed twice, by two people, or from two prints of the list, gives the same facts; and what the helper's phone has
//! recorded meanwhile is recognised by the same marks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Tick;
use super::doors::to_visit;
use crate::coverage::{AreaView, HouseholdView, ResidentView};
use crate::document::Kind;
use crate::service::Origin;
use crate::visit::{Outcome, Visit, VisitResult};
use crate::{Day, DocId, Value};

/// A household's line as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub household: DocId,
    /// The boxes at the door; more than one may be ticked: met, and asked to come back.
    pub results: Vec<VisitResult>,
    pub people: Vec<PersonEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    pub resident: DocId,
    pub ticks: Vec<Tick>,
}

/// Who went with the paper, when, and who types it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    pub member: DocId,
    pub day: Day,
    pub entered_by: DocId,
}

/// What cannot be on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    #[error("Chưa đánh dấu ô nào. Đánh dấu như trên phiếu, hoặc bỏ qua dòng này.")]
    Nothing,
    #[error("Phiếu ghi vắng nhà nhưng lại có việc đã làm. Xem lại dòng này trên phiếu.")]
    AbsentButServed,
    #[error("Hộ này không còn trong danh sách của địa bàn. Để phiếu riêng và hỏi tổ trưởng.")]
    NoSuchHousehold,
    #[error("Có người không còn trong hộ này. Mở lại dòng rồi đánh dấu lại.")]
    NoSuchPerson,
    #[error("Ô này không có trên phiếu. Mở lại trang rồi nhập lại dòng.")]
    NoSuchBox,
}

/// A fact to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub kind: Kind,
    pub fields: BTreeMap<String, Value>,
    about: DocId,
    marks: String,
}

impl Planned {
    /// The id under which it is written. One that was written and taken back stays taken back: what is typed again after
    /// that is the next attempt.
    pub fn id(&self, attempt: u32) -> DocId {
        DocId::derived(self.about, &["paper", &self.marks, &attempt.to_string()])
    }
}

/// What a line comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they are to be stamped.
    pub facts: Vec<Planned>,
    /// Đã có trên máy: how many of the ticked boxes were recorded by the same helper already.
    pub already: u64,
}

/// The facts of a line, without those that are there already. `ticks` are the boxes that the plan's paper has.
pub fn plan(view: &AreaView, ticks: &[Tick], entry: &Entry, round: &Round) -> Result<Plan, BadEntry> {
    let line = PaperLine::of(view, entry.household);
    if line.is_gone {
        return Err(BadEntry::NoSuchHousehold);
    }
    let mut results: BTreeSet<VisitResult> = entry.results.iter().copied().collect();
    let served = entry.people.iter().any(|person| !person.ticks.is_empty());
    if results.is_empty() && !served {
        return Err(BadEntry::Nothing);
    }
    if results.iter().any(|result| !super::doors::RESULTS.contains(result)) {
        return Err(BadEntry::NoSuchBox);
    }
    if served && results.contains(&VisitResult::Absent) {
        return Err(BadEntry::AbsentButServed);
    }
    if served {
        // Whoever was helped was met, also where the box was forgotten.
        results.insert(VisitResult::Met);
    }
    let mut plan = Plan::default();
    // "Đã gặp" is the smallest: what the door was left at comes last.
    for result in results {
        if line.knows_result(result, round.member, round.day) {
            plan.already += 1;
        } else {
            let fields = Visit::fields(entry.household, round.member, round.day, result, None, &[], "");
            plan.facts.push(planned(Kind::Visit, entry.household, result.name(), fields, round));
        }
    }
    for PersonEntry { resident, ticks: ticked } in &entry.people {
        let person = line.people.iter().find(|known| known.resident == *resident).ok_or(BadEntry::NoSuchPerson)?;
        if ticked.iter().any(|tick| !ticks.contains(tick)) {
            return Err(BadEntry::NoSuchBox);
        }
        for tick in furthest(ticked) {
            if person.knows(tick, round.member) {
                plan.already += 1;
            } else {
                let what = format!("{} {}", tick.step.name(), tick.origin.name());
                let fields = Outcome::fields(*resident, round.member, round.day, tick.step, tick.origin);
                plan.facts.push(planned(Kind::Outcome, *resident, &what, fields, round));
            }
        }
    }
    Ok(plan)
}

fn planned(kind: Kind, about: DocId, what: &str, mut fields: BTreeMap<String, Value>, round: &Round) -> Planned {
    fields.insert(crate::visit::ENTERED_BY.to_owned(), round.entered_by.into());
    Planned { kind, fields, about, marks: format!("{} {} {what}", round.member, round.day) }
}

/// Of the boxes ticked for a service only the furthest is a record: a signature in use was registered. What was there
/// before comes first, so that what the helper did after it is not taken for the beginning.
fn furthest(ticked: &[Tick]) -> Vec<Tick> {
    let mut kept: Vec<Tick> = Vec::new();
    for &tick in ticked {
        let is_less = |other: &Tick| other.origin == tick.origin && other != &tick && other.step.includes(tick.step);
        if !ticked.iter().any(is_less) && !kept.contains(&tick) {
            kept.push(tick);
        }
    }
    kept.sort_by_key(|tick| (tick.origin != Origin::PreExisting, tick.step, tick.origin));
    kept
}

/// A line as it is shown to whoever types it in: as on paper, and what is known already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperLine {
    pub household: DocId,
    pub house_no: String,
    pub head: String,
    pub people: Vec<PaperPerson>,
    pub visits: Vec<KnownVisit>,
    /// No longer in the area: nothing can be typed for it.
    pub is_gone: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPerson {
    pub resident: DocId,
    pub name: String,
    pub birth_year: Option<i64>,
    pub known: Vec<KnownStep>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownVisit {
    pub member: DocId,
    pub day: Day,
    pub result: VisitResult,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStep {
    pub member: DocId,
    pub day: Day,
    #[serde(flatten)]
    pub tick: Tick,
}

impl PaperLine {
    pub fn of(view: &AreaView, household: DocId) -> Self {
        let Some(door) = view.households.get(&household) else {
            let (house_no, head) = (String::new(), String::new());
            return Self { household, house_no, head, people: Vec::new(), visits: Vec::new(), is_gone: true };
        };
        Self {
            household,
            house_no: door.household.house_no.clone(),
            head: door.household.head.clone(),
            people: to_visit(door, view).map(PaperPerson::of).collect(),
            visits: known_visits(door),
            is_gone: false,
        }
    }

    /// Whether this helper's record of that day says the same of the door.
    pub fn knows_result(&self, result: VisitResult, member: DocId, day: Day) -> bool {
        self.visits.contains(&KnownVisit { member, day, result })
    }
}

impl PaperPerson {
    fn of(person: &ResidentView) -> Self {
        let known = |fact: &Outcome| {
            let tick = Tick { step: fact.step, origin: fact.origin };
            KnownStep { member: fact.member, day: fact.day, tick }
        };
        Self {
            resident: person.resident.id,
            name: person.resident.name.clone(),
            birth_year: person.resident.birth_year,
            known: person.outcomes.iter().map(known).collect(),
        }
    }

    /// Đã có trên máy: this helper has recorded as much.
    pub fn knows(&self, tick: Tick, member: DocId) -> bool {
        let mut own = self.known.iter().filter(|known| known.member == member && known.tick.origin == tick.origin);
        own.any(|known| known.tick.step.includes(tick.step))
    }

    /// Somebody, not necessarily this helper, has recorded as much.
    pub fn is_reached(&self, tick: Tick) -> bool {
        self.known.iter().any(|known| known.tick.step.includes(tick.step))
    }
}

fn known_visits(door: &HouseholdView) -> Vec<KnownVisit> {
    let known = |visit: &Visit| KnownVisit { member: visit.member, day: visit.day, result: visit.result };
    door.visits.iter().map(known).collect()
}
