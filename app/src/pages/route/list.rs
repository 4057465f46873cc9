//! Which doors, in which order.

use domain::Day;
use domain::DocId;
use domain::coverage::{AreaView, DoorState, HouseholdView};

use super::filter::Filter;
use super::scope::Scope;

/// The households of a scope in walking order.
pub fn walk(view: &AreaView, scope: Scope, me: DocId) -> Vec<DocId> {
    let in_scope =
        |id: &DocId| view.households.get(id).is_some_and(|door| scope.has_route(view, door.household.route, me));
    view.walk.iter().copied().filter(in_scope).collect()
}

pub fn reached(view: &AreaView, ids: &[DocId]) -> usize {
    ids.iter().filter(|id| view.households.get(id).is_some_and(|door| door.reached)).count()
}

/// Appointments stand in the order of their hours, everything else in walking order.
pub fn filtered(view: &AreaView, ids: &[DocId], filter: Filter) -> Vec<DocId> {
    let admitted = ids.iter().copied().filter(|id| view.households.get(id).is_some_and(|door| filter.admits(door)));
    let mut doors: Vec<DocId> = admitted.collect();
    if filter == Filter::ComeBack {
        doors.sort_by_key(|id| view.households.get(id).and_then(come_back_at).unwrap_or(u64::MAX));
    }
    doors
}

/// When this household asked to be visited, if that is how the last knock ended.
pub fn come_back_at(door: &HouseholdView) -> Option<u64> {
    (door.state == DoorState::ComeBack).then(|| door.last_visit()?.come_back_at)?
}

pub fn previous(walk: &[DocId], from: DocId) -> Option<DocId> {
    let place = walk.iter().position(|id| *id == from)?;
    walk.get(place.checked_sub(1)?).copied()
}

/// The next door that is still to be knocked at: onward from here, then from the start.
pub fn next(view: &AreaView, walk: &[DocId], from: DocId, now_ms: u64) -> Option<DocId> {
    // A household of another route: the walk begins anew.
    let after = walk.iter().position(|id| *id == from).map_or(0, |place| place + 1);
    let (before, onward) = walk.split_at(after);
    let is_due = |id: &&DocId| **id != from && view.households.get(id).is_some_and(|door| is_due(door, now_ms));
    onward.iter().chain(before).find(is_due).copied()
}

/// Not reached yet, and not told to wait for another day.
fn is_due(door: &HouseholdView, now_ms: u64) -> bool {
    match door.state {
        DoorState::NotYet | DoorState::Absent => true,
        DoorState::ComeBack => come_back_at(door).is_none_or(|ms| Day::at_ms(ms) <= Day::at_ms(now_ms)),
        DoorState::Refused | DoorState::MovedAway | DoorState::Reached | DoorState::Done => false,
    }
}

#[cfg(test)]
mod tests {
    use domain::visit::{Visit, VisitResult};
    use domain::{InstallId, Stamp};

    use super::*;

    const NOW_MS: u64 = 1_795_230_000_000;
    const HOUR_MS: u64 = 3_600_000;

    fn door(number: u128, state: DoorState, come_back_at: Option<u64>) -> (DocId, HouseholdView) {
        let id = DocId::from_u128(number);
        let document = domain::Document::description(id, domain::Kind::Household);
        let visit = Visit {
            id: DocId::from_u128(number + 1000),
            at: Stamp { ms: 0, counter: 0, install: InstallId(1) },
            household: id,
            member: DocId::from_u128(1),
            day: Day::at_ms(NOW_MS),
            result: VisitResult::ComeBack,
            come_back_at,
            difficulties: Vec::new(),
            note: String::new(),
        };
        let view = HouseholdView {
            household: domain::place::Household::read(&document).expect("a household"),
            residents: Vec::new(),
            visits: vec![visit],
            reached: false,
            has_proficient: false,
            proficient_since: None,
            difficulties: std::collections::BTreeMap::new(),
            state,
        };
        (id, view)
    }

    fn area(doors: impl IntoIterator<Item = (DocId, HouseholdView)>) -> AreaView {
        let households: std::collections::BTreeMap<_, _> = doors.into_iter().collect();
        AreaView { walk: households.keys().copied().collect(), households, ..AreaView::default() }
    }

    #[test]
    fn appointments_stand_in_the_order_of_their_hours() {
        let view = area([
            door(1, DoorState::ComeBack, Some(NOW_MS + 5 * HOUR_MS)),
            door(2, DoorState::ComeBack, None),
            door(3, DoorState::ComeBack, Some(NOW_MS + HOUR_MS)),
            door(4, DoorState::NotYet, None),
        ]);
        let order = filtered(&view, &view.walk, Filter::ComeBack);
        assert_eq!(order, [3, 1, 2].map(DocId::from_u128));
        assert_eq!(filtered(&view, &view.walk, Filter::All), view.walk);
    }

    #[test]
    fn the_next_door_is_onward_then_from_the_start_and_never_one_that_asked_for_another_day() {
        let view = area([
            door(1, DoorState::NotYet, None),
            door(2, DoorState::Reached, None),
            door(3, DoorState::ComeBack, Some(NOW_MS + 48 * HOUR_MS)),
            door(4, DoorState::Absent, None),
        ]);
        let next = |from: u128| next(&view, &view.walk, DocId::from_u128(from), NOW_MS);
        assert_eq!(next(1), Some(DocId::from_u128(4)));
        assert_eq!(next(4), Some(DocId::from_u128(1)));
        assert_eq!(next(99), Some(DocId::from_u128(1)));
        assert_eq!(previous(&view.walk, DocId::from_u128(1)), None);
        assert_eq!(previous(&view.walk, DocId::from_u128(4)), Some(DocId::from_u128(3)));
    }
}
