//! What the row of a household says.

use domain::DocId;
use domain::coverage::{AreaView, DoorState, HouseholdView};
use domain::visit::VisitResult;
use leptos::prelude::With;

use super::{Walk, list};
use crate::components::{self, HouseholdRowData};
use crate::pages::door::{marks, when};

/// `found` is the person whom a search meant.
pub fn data(walk: Walk, id: DocId, found: Option<String>) -> HouseholdRowData {
    walk.view.with(|view| {
        let Some(door) = view.households.get(&id) else { return HouseholdRowData::default() };
        let household = &door.household;
        let people = door.residents.iter().filter_map(|id| view.residents.get(id)).filter(|person| person.is_present());
        let people =
            walk.state.campaign().with(|campaign| people.map(|person| marks::states(person, campaign)).collect());
        let (house_number, place) = number_and_place(&household.house_no);
        HouseholdRowData {
            href: format!("/ho/{id}"),
            house_number,
            head_name: household.head.clone(),
            place,
            detail: found.or_else(|| detail(door, walk.state.now_ms())).unwrap_or_default(),
            state: shape(door.state),
            words: if door.state == DoorState::Reached { "Đang dở" } else { door.state.label() }.to_owned(),
            people,
            priority: door.is_priority(),
            unsent: is_unsent(walk, view, door),
        }
    })
}

/// "Ngõ 5, số 8" hangs on the wall as 8, in Ngõ 5.
fn number_and_place(house_no: &str) -> (String, String) {
    let Some((place, number)) = house_no.rsplit_once(',') else { return (house_no.to_owned(), String::new()) };
    let number = number.trim();
    let number = ["số nhà ", "số ", "Số "].iter().find_map(|word| number.strip_prefix(word)).unwrap_or(number);
    (number.to_owned(), place.trim().to_owned())
}

fn detail(door: &HouseholdView, now_ms: u64) -> Option<String> {
    match door.state {
        DoorState::ComeBack => Some(list::come_back_at(door).map_or_else(
            || "chưa rõ giờ".to_owned(),
            |ms| format!("{}{}", when::when(ms, now_ms), if ms < now_ms { ", đã qua" } else { "" }),
        )),
        DoorState::Absent => {
            let times = door.visits.iter().filter(|visit| visit.result == VisitResult::Absent).count();
            (times > 1).then(|| format!("{times} lần"))
        }
        _ => None,
    }
}

pub fn shape(state: DoorState) -> components::DoorState {
    match state {
        DoorState::NotYet => components::DoorState::NotYet,
        DoorState::Absent => components::DoorState::Absent,
        DoorState::ComeBack => components::DoorState::Appointment,
        DoorState::Refused => components::DoorState::Refused,
        DoorState::MovedAway => components::DoorState::MovedAway,
        DoorState::Reached | DoorState::Done => components::DoorState::Reached,
    }
}

/// Anything of this household that only this phone has.
fn is_unsent(walk: Walk, view: &AreaView, door: &HouseholdView) -> bool {
    let is_unsent = |id: DocId| walk.state.unsent(id);
    let people = door.residents.iter().filter_map(|id| view.residents.get(id));
    is_unsent(door.household.id)
        || door.visits.iter().any(|visit| is_unsent(visit.id))
        || people.into_iter().any(|person| {
            person.services.iter().flatten().any(|reached| !reached.accepted)
                || person.proficiency.is_some_and(is_unsent)
                || is_unsent(person.resident.id)
        })
}

#[cfg(test)]
mod tests {
    use super::number_and_place;

    #[test]
    fn the_number_on_the_wall_stands_apart_from_the_alley() {
        let split = |text: &str| number_and_place(text);
        assert_eq!(split("Ngõ 5, số 8"), ("8".to_owned(), "Ngõ 5".to_owned()));
        assert_eq!(split("12/3"), ("12/3".to_owned(), String::new()));
        assert_eq!(split(""), (String::new(), String::new()));
    }
}
