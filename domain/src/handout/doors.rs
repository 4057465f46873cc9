//! The doors of an area in walking order, as a fallback on paper: boxes to tick, and no more about people than it takes.
//!
//! Paper gets lost. So it has no phone numbers, no notes, nothing of what makes a household a priority (poverty, age), only
//! that it is one; nobody who is too young for the plan; and no door at which nothing is left to do.

use serde::{Deserialize, Serialize};

use super::{BoxState, Tick, ticks};
use crate::DocId;
use crate::campaign::Campaign;
use crate::coverage::{AreaView, DoorState, HouseholdView, ResidentView};
use crate::visit::VisitResult;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorList {
    pub area: String,
    /// Empty for the whole area.
    pub route: String,
    /// The boxes of every person, in order.
    pub ticks: Vec<Tick>,
    /// In walking order.
    pub lines: Vec<DoorLine>,
    /// Doors that are left out because nothing is left to do there: done, or moved away.
    pub left_out: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorLine {
    pub house_no: String,
    pub head: String,
    pub is_priority: bool,
    pub people: Vec<DoorPerson>,
}

impl DoorLine {
    /// How many people it names: its head may be none of those who are to be visited.
    pub fn names(&self) -> usize {
        let is_head_apart = !self.head.is_empty() && !self.people.iter().any(|person| person.name == self.head);
        self.people.len() + usize::from(is_head_apart)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorPerson {
    pub name: String,
    pub birth_year: Option<i64>,
    /// As many as `DoorList::ticks`.
    pub boxes: Vec<BoxState>,
}

/// How a knock can end on paper.
pub const RESULTS: [VisitResult; 4] =
    [VisitResult::Met, VisitResult::Absent, VisitResult::ComeBack, VisitResult::Refused];

/// The doors of an area, or of one of its routes, with the household of each line.
pub fn door_list(area: &str, view: &AreaView, route: Option<DocId>, campaign: &Campaign) -> (DoorList, Vec<DocId>) {
    let ticks = ticks(campaign);
    let on_route = view.walk.iter().filter_map(|id| view.households.get(id));
    let on_route = on_route.filter(|door| route.is_none() || door.household.route == route);
    let (left, done): (Vec<&HouseholdView>, Vec<_>) =
        on_route.partition(|door| !matches!(door.state, DoorState::Done | DoorState::MovedAway));
    let route = view.routes.iter().find(|known| Some(known.id) == route);
    let list = DoorList {
        area: area.to_owned(),
        route: route.map(|route| route.name.clone()).unwrap_or_default(),
        lines: left.iter().map(|door| line(door, view, &ticks)).collect(),
        ticks,
        left_out: u64::try_from(done.len()).unwrap_or(u64::MAX),
    };
    (list, left.iter().map(|door| door.household.id).collect())
}

fn line(door: &HouseholdView, view: &AreaView, ticks: &[Tick]) -> DoorLine {
    let person = |person: &ResidentView| DoorPerson {
        name: person.resident.name.clone(),
        birth_year: person.resident.birth_year,
        boxes: ticks.iter().map(|tick| tick.of(person)).collect(),
    };
    DoorLine {
        house_no: door.household.house_no.clone(),
        head: door.household.head.clone(),
        is_priority: door.is_priority(),
        people: to_visit(door, view).map(person).collect(),
    }
}

/// Those of a household who are on paper, and on the screen where it is typed in: who lives there and is old enough, or of
/// whom nobody knows how old they are.
pub(super) fn to_visit<'a>(
    door: &'a HouseholdView,
    view: &'a AreaView,
) -> impl Iterator<Item = &'a ResidentView> + use<'a> {
    let people = door.residents.iter().filter_map(|id| view.residents.get(id));
    people.filter(|person| person.is_present() && person.eligible != Some(false))
}
