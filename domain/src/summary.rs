//! The figures of an area. They hold no names, and they add up: a commune's figures are the sum of its areas'.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, Counted, Target};
use crate::coverage::{AreaView, DoorState, ResidentView};
use crate::document::{Document, Kind};
use crate::service::{Origin, Step};
use crate::{DocId, Value};

/// Households by how they were reached; each is counted in exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoorCounts {
    pub reached: u64,
    pub not_yet: u64,
    pub absent: u64,
    pub come_back: u64,
    pub refused: u64,
    pub moved_away: u64,
}

impl DoorCounts {
    pub fn total(&self) -> u64 {
        self.reached + self.not_yet + self.absent + self.come_back + self.refused + self.moved_away
    }

    fn count(&mut self, state: DoorState) {
        let slot = match state {
            DoorState::Reached | DoorState::Done => &mut self.reached,
            DoorState::NotYet => &mut self.not_yet,
            DoorState::Absent => &mut self.absent,
            DoorState::ComeBack => &mut self.come_back,
            DoorState::Refused => &mut self.refused,
            DoorState::MovedAway => &mut self.moved_away,
        };
        *slot += 1;
    }

    fn add(&mut self, other: &Self) {
        self.reached += other.reached;
        self.not_yet += other.not_yet;
        self.absent += other.absent;
        self.come_back += other.come_back;
        self.refused += other.refused;
        self.moved_away += other.moved_away;
    }
}

/// People who have reached a step, by how they came to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepCount {
    /// All who have it.
    pub stock: u64,
    /// Cài mới since the plan was issued.
    pub new: u64,
    pub renewed: u64,
    pub pre_existing: u64,
    pub self_done: u64,
}

impl StepCount {
    fn add(&mut self, other: &Self) {
        self.stock += other.stock;
        self.new += other.new;
        self.renewed += other.renewed;
        self.pre_existing += other.pre_existing;
        self.self_done += other.self_done;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberCount {
    /// People brought to completion: what counts towards the fifteen.
    pub credited: u64,
    pub visits: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub doors: DoorCounts,
    pub done_households: u64,
    pub proficient_households: u64,
    pub priority_households: u64,
    pub priority_reached: u64,
    pub people: u64,
    /// Within the age that the campaign serves, or of unknown age.
    pub eligible: u64,
    /// Known to be within the age that shares are counted of.
    pub adults: u64,
    pub age_unknown: u64,
    pub complete: u64,
    pub steps: BTreeMap<Step, StepCount>,
    pub routes: BTreeMap<DocId, DoorCounts>,
    pub members: BTreeMap<DocId, MemberCount>,
    /// Visits at which a difficulty was met, by its code.
    pub difficulties: BTreeMap<String, u64>,
}

impl Summary {
    pub fn of(view: &AreaView, campaign: &Campaign) -> Self {
        let mut summary = Self::default();
        for household in view.households.values() {
            let coverage = household.coverage();
            summary.doors.count(coverage);
            if let Some(route) = household.household.route {
                summary.routes.entry(route).or_default().count(coverage);
            }
            summary.done_households += u64::from(household.state == DoorState::Done);
            summary.proficient_households += u64::from(household.has_proficient);
            summary.priority_households += u64::from(household.is_priority());
            summary.priority_reached += u64::from(household.is_priority() && household.reached);
            for visit in &household.visits {
                summary.members.entry(visit.member).or_default().visits += 1;
                for difficulty in &visit.difficulties {
                    *summary.difficulties.entry(difficulty.name().to_owned()).or_default() += 1;
                }
            }
        }
        for person in view.people() {
            summary.count_person(person, campaign);
        }
        summary
    }

    fn count_person(&mut self, person: &ResidentView, campaign: &Campaign) {
        if person.resident.gone == Some(crate::people::Gone::Deleted) {
            return;
        }
        if let Some(member) = person.credit {
            self.members.entry(member).or_default().credited += 1;
        }
        if person.resident.gone.is_some() {
            return;
        }
        self.people += 1;
        self.eligible += u64::from(person.eligible != Some(false));
        self.adults += u64::from(person.adult == Some(true));
        self.age_unknown += u64::from(person.adult.is_none());
        self.complete += u64::from(person.complete);
        if person.adult == Some(false) {
            return;
        }
        for state in person.services.iter().flatten() {
            for (&step, first) in &state.firsts {
                let count = self.steps.entry(step).or_default();
                count.stock += 1;
                match first.origin {
                    Origin::NewlyInstalled => {
                        count.new += u64::from(campaign.issued_on.is_none_or(|issued| first.day >= issued));
                    }
                    Origin::Renewed => count.renewed += 1,
                    Origin::PreExisting => count.pre_existing += 1,
                    Origin::SelfDone => count.self_done += 1,
                }
            }
        }
    }

    /// Adds another area's figures.
    pub fn add(&mut self, other: &Self) {
        self.doors.add(&other.doors);
        self.done_households += other.done_households;
        self.proficient_households += other.proficient_households;
        self.priority_households += other.priority_households;
        self.priority_reached += other.priority_reached;
        self.people += other.people;
        self.eligible += other.eligible;
        self.adults += other.adults;
        self.age_unknown += other.age_unknown;
        self.complete += other.complete;
        for (step, count) in &other.steps {
            self.steps.entry(*step).or_default().add(count);
        }
        for (route, count) in &other.routes {
            self.routes.entry(*route).or_default().add(count);
        }
        for (member, count) in &other.members {
            let slot = self.members.entry(*member).or_default();
            slot.credited += count.credited;
            slot.visits += count.visits;
        }
        for (code, count) in &other.difficulties {
            *self.difficulties.entry(code.clone()).or_default() += count;
        }
    }

    /// People who count for a target.
    pub fn towards(&self, target: &Target) -> u64 {
        let count = self.steps.get(&target.step).copied().unwrap_or_default();
        match target.counted {
            Counted::Stock => count.stock,
            Counted::New => count.new,
        }
    }

    /// As the value of a summary document's field `figures`.
    pub fn to_value(&self) -> Value {
        Value::from_serialize(self).unwrap_or(Value::Null)
    }

    /// The area and its figures from a summary document.
    pub fn read(document: &Document) -> Option<(DocId, Self)> {
        if document.kind != Kind::Summary {
            return None;
        }
        Some((document.link("area")?, document.value("figures")?.parse()?))
    }
}

/// When a member's phone last came in, from a phone state document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneState {
    pub member: DocId,
    /// Milliseconds since 1970.
    pub last_sync_ms: u64,
    pub unsent: u64,
    pub refused: u64,
}

impl PhoneState {
    pub fn read(document: &Document) -> Option<Self> {
        if document.kind != Kind::PhoneState {
            return None;
        }
        let number = |name| document.int(name).and_then(|value| u64::try_from(value).ok());
        Some(Self {
            member: document.link("member")?,
            last_sync_ms: number("last_sync_ms")?,
            unsent: number("unsent").unwrap_or(0),
            refused: number("refused").unwrap_or(0),
        })
    }

    /// What [`PhoneState::read`] reads.
    pub fn fields(&self) -> [(&'static str, Value); 4] {
        let number = |value: u64| Value::Int(i64::try_from(value).unwrap_or(i64::MAX));
        [
            ("member", Value::from(self.member)),
            ("last_sync_ms", number(self.last_sync_ms)),
            ("unsent", number(self.unsent)),
            ("refused", number(self.refused)),
        ]
    }
}
