//! An area as people see it: households in walking order, who lives there, what was reached and who did it.
//!
//! A pure fold over the area's documents. Phone and server run the same one, so they cannot disagree.

mod bursts;
mod certificate;
mod credit;
mod fold;
mod helped;
mod same_person;

use std::collections::{BTreeMap, BTreeSet};

pub use bursts::{Burst, Run};
pub use certificate::{Certificate, RENEWAL_DAYS, Renewal};
pub use fold::{Shown, same_people};
pub use helped::HelpedAt;

use crate::campaign::{Campaign, Channel};
use crate::people::Resident;
use crate::place::{Household, Route};
use crate::renamed::Renamed;
use crate::service::{Origin, Service, Step};
use crate::visit::{Apart, Difficulty, Link, Outcome, Visit};
use crate::{Day, DocId, Moment, Value};

/// Where a household stands on its route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoorState {
    NotYet,
    Absent,
    ComeBack,
    Refused,
    MovedAway,
    /// Someone was met; not all are served yet.
    Reached,
    /// Reached, and everyone eligible has what the campaign asks for.
    Done,
}

impl DoorState {
    pub const ALL: [DoorState; 7] = [
        DoorState::NotYet,
        DoorState::Absent,
        DoorState::ComeBack,
        DoorState::Refused,
        DoorState::MovedAway,
        DoorState::Reached,
        DoorState::Done,
    ];

    pub fn label(self) -> &'static str {
        match self {
            DoorState::NotYet => "Chưa đến",
            DoorState::Absent => "Vắng nhà",
            DoorState::ComeBack => "Hẹn lại",
            DoorState::Refused => "Từ chối",
            DoorState::MovedAway => "Chuyển đi",
            DoorState::Reached => "Đã tiếp cận",
            DoorState::Done => "Xong",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            DoorState::NotYet => "not_yet",
            DoorState::Absent => "absent",
            DoorState::ComeBack => "come_back",
            DoorState::Refused => "refused",
            DoorState::MovedAway => "moved_away",
            DoorState::Reached => "reached",
            DoorState::Done => "done",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdView {
    pub household: Household,
    /// In the order of the list; those who are gone come last.
    pub residents: Vec<DocId>,
    /// Live visits, oldest first.
    pub visits: Vec<Visit>,
    /// Met at least once (CD25:59: every household, at least once).
    pub reached: bool,
    /// At least one person can do it alone (CD25:36).
    pub has_proficient: bool,
    /// Since when that is so.
    pub proficient_since: Option<Moment>,
    /// Khó khăn, vướng mắc met here, and whether the newest meeting of each is settled.
    pub difficulties: BTreeMap<Difficulty, bool>,
    pub state: DoorState,
}

impl HouseholdView {
    pub fn is_priority(&self) -> bool {
        !self.household.priorities.is_empty()
    }

    pub fn last_visit(&self) -> Option<&Visit> {
        self.visits.last()
    }

    /// When somebody was first met.
    pub fn reached_since(&self) -> Option<Moment> {
        let met = self.visits.iter().filter(|visit| visit.result == crate::visit::VisitResult::Met);
        met.map(Visit::when).min()
    }

    /// The difficulties that still need somebody.
    pub fn open_difficulties(&self) -> impl Iterator<Item = Difficulty> {
        self.difficulties.iter().filter(|(_, solved)| !**solved).map(|(difficulty, _)| *difficulty)
    }

    /// Where the household stands for coverage, in which "done" is reached too.
    pub fn coverage(&self) -> DoorState {
        if self.reached { DoorState::Reached } else { self.state }
    }
}

/// How far a resident is with one service, and by which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceState {
    pub step: Step,
    pub origin: Origin,
    /// The record that brought the resident here; what an undo corrects.
    pub outcome: DocId,
    pub member: DocId,
    pub day: Day,
    /// Nhà cung cấp of a signature; empty where nobody said.
    pub provider: String,
    /// The server has this record.
    pub accepted: bool,
    /// For each step reached, the record that reached it first: who had a signature before the plan has it no less
    /// "từ trước" because it was used today.
    pub firsts: BTreeMap<Step, First>,
    /// For each step, when it was first renewed: work, but not new (X16).
    pub renewals: BTreeMap<Step, Moment>,
}

/// How and when a step came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First {
    pub origin: Origin,
    pub when: Moment,
    pub channel: Channel,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentView {
    pub resident: Resident,
    /// By `Service::index`.
    pub services: [Option<ServiceState>; 3],
    /// The record that says so, when this resident can do it alone.
    pub proficiency: Option<DocId>,
    /// Since when that is so.
    pub proficient_since: Option<Moment>,
    /// Who stands for this person: of those who are the same, the smallest id that still lives here; most often the
    /// resident's own.
    pub canonical: DocId,
    /// Keys of the plan's population groups in which any of the person's records is.
    pub groups: BTreeSet<String>,
    /// Within the campaign's age; `None` when the year of birth is not known.
    pub eligible: Option<bool>,
    /// Within the age that shares are counted of.
    pub adult: Option<bool>,
    /// Has every service that the campaign asks for.
    pub complete: bool,
    /// Since when that is so.
    pub complete_since: Option<Moment>,
    pub certificates: Vec<Certificate>,
    /// Where helpers worked with this person.
    pub channels: BTreeSet<Channel>,
    /// Who brought this person to completion, if a helper did.
    pub credit: Option<DocId>,
    /// Everyone whose records helped.
    pub helpers: Vec<DocId>,
    /// All live records of this person, in the order that decides credit.
    pub outcomes: Vec<Outcome>,
}

impl ResidentView {
    pub fn service(&self, service: Service) -> Option<&ServiceState> {
        self.services[service.index()].as_ref()
    }

    /// The services of the campaign that this resident still lacks.
    pub fn lacks(&self, campaign: &Campaign) -> Vec<Service> {
        campaign
            .services
            .iter()
            .filter(|goal| !self.service(goal.service).is_some_and(|state| state.step.includes(goal.done)))
            .map(|goal| goal.service)
            .collect()
    }

    /// The day on which the last of the certificates ends, where a day is known of any.
    pub fn expires_on(&self) -> Option<Day> {
        self.certificates.iter().filter_map(|certificate| certificate.expires_on).max()
    }

    /// Whether the last of the certificates has ended, or is about to; nobody knows where no day was noted.
    pub fn renewal(&self, today: Day) -> Option<Renewal> {
        Renewal::of(self.expires_on()?, today)
    }

    /// Still to be visited for.
    pub fn is_present(&self) -> bool {
        self.lives_here() && !self.resident.erased
    }

    /// Counts in the figures, also without a name: neither dead, nor moved away, nor entered by mistake.
    pub fn lives_here(&self) -> bool {
        self.resident.gone.is_none()
    }
}

#[derive(Clone, Debug, Default)]
pub struct AreaView {
    pub routes: Vec<Route>,
    pub households: BTreeMap<DocId, HouseholdView>,
    pub residents: BTreeMap<DocId, ResidentView>,
    /// Households in walking order: by route, then order, then house number.
    pub walk: Vec<DocId>,
    /// Who was joined as one person, and by whom.
    pub links: Vec<Link>,
    /// Who was looked at and is not one person.
    pub aparts: Vec<Apart>,
    /// Households and residents that have moved, with the area that they have moved to: they are in nothing else here.
    pub moved: BTreeMap<DocId, DocId>,
    /// Older values of names and the like that members have changed, and that no lead has settled.
    pub renamed: Vec<Renamed>,
}

impl AreaView {
    /// Folds an area's documents. `day` decides ages; kinds that do not belong to an area are passed over.
    pub fn build<'a>(documents: impl IntoIterator<Item = Shown<'a>>, campaign: &Campaign, day: Day) -> Self {
        fold::build(documents, campaign, day)
    }

    /// One view per person: the canonical resident of each group of doubles.
    pub fn people(&self) -> impl Iterator<Item = &ResidentView> {
        self.residents.values().filter(|view| view.canonical == view.resident.id)
    }

    /// The older values that are not the ones of today, of whoever is still here; the latest change first.
    pub fn renamed_now(&self) -> Vec<(&Renamed, Value)> {
        let mut open: Vec<(&Renamed, Value)> = self
            .renamed
            .iter()
            .filter_map(|kept| Some((kept, self.value_now(kept)?)))
            .filter(|(kept, now)| kept.before != *now)
            .collect();
        open.sort_by_key(|(kept, _)| (std::cmp::Reverse(kept.at), kept.id));
        open
    }

    /// What a field says today; `None` where nobody is to be asked.
    fn value_now(&self, kept: &Renamed) -> Option<Value> {
        let text = |text: &str| Some(Value::text(text));
        let or_null = |value: Option<Value>| Some(value.unwrap_or(Value::Null));
        if let Some(door) = self.households.get(&kept.of) {
            let home = &door.household;
            return match kept.field.as_str() {
                "head" => text(&home.head),
                "house_no" => text(&home.house_no),
                "phone" => or_null(home.phone.clone().map(Value::from)),
                _ => None,
            };
        }
        let person = &self.residents.get(&kept.of).filter(|person| person.is_present())?.resident;
        match kept.field.as_str() {
            "name" => text(&person.name),
            "birth_year" => or_null(person.birth_year.map(Value::from)),
            "phone" => or_null(person.phone.clone().map(Value::from)),
            _ => None,
        }
    }

    pub fn household_of(&self, resident: DocId) -> Option<&HouseholdView> {
        self.households.get(&self.residents.get(&resident)?.resident.household?)
    }
}
