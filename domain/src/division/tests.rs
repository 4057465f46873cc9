use super::*;
use crate::coverage::{DoorState, HouseholdView};
use crate::place::Household;

const AREA: DocId = DocId::from_u128(1);

fn route(number: u128, name: &str) -> Route {
    let order = i64::try_from(number).expect("small");
    Route { id: DocId::from_u128(100 + number), name: name.to_owned(), order, members: Vec::new(), deleted: false }
}

/// `doors` houses numbered from 1, all on `on`.
fn area(doors: u128, routes: Vec<Route>, on: Option<DocId>) -> AreaView {
    let household = |number: u128| {
        let household = Household {
            id: DocId::from_u128(1000 + number),
            head: String::new(),
            house_no: number.to_string(),
            phone: None,
            route: on,
            order: 0,
            priorities: Vec::new(),
            note: String::new(),
            moved_to: None,
            deleted: false,
        };
        HouseholdView {
            household,
            residents: Vec::new(),
            visits: Vec::new(),
            reached: false,
            has_proficient: false,
            proficient_since: None,
            difficulties: std::collections::BTreeMap::new(),
            state: DoorState::NotYet,
        }
    };
    let households = (1..=doors).map(household).map(|view| (view.household.id, view)).collect();
    AreaView { routes, households, ..AreaView::default() }
}

fn moved(edit: &Edit) -> usize {
    edit.changes.iter().filter(|change| matches!(change, Change::Describe { kind: Kind::Household, .. })).count()
}

#[test]
fn moving_households_writes_only_those_that_move() {
    let one = route(1, "Tuyến 1");
    let mut view = area(10, vec![one.clone()], None);
    let ids = walk(&view);
    view.households.get_mut(&ids[0]).expect("a household").household.route = Some(one.id);
    let edit = move_households(&view, AREA, &ids[..3], Some(one.id));
    assert_eq!((edit.changes.len(), edit.inverse.len()), (2, 2));
    assert!(move_households(&view, AREA, &ids[..1], Some(one.id)).is_empty());
}

#[test]
fn households_of_a_deleted_route_have_no_route() {
    let one = route(1, "Tuyến 1");
    let view = area(4, vec![one.clone()], Some(one.id));
    let edit = delete_route(&view, AREA, one.id);
    assert_eq!((edit.changes.len(), moved(&edit)), (5, 4));
    let orphans = area(4, Vec::new(), Some(one.id));
    assert_eq!(sizes(&orphans), BTreeMap::from([(None, 4)]));
}

#[test]
fn equal_shares_follow_the_walk_and_differ_by_one_at_most() {
    let view = area(100, vec![route(1, "Xóm Trên")], None);
    let shares = equal_shares(&view, 3);
    assert_eq!(shares.iter().map(|share| share.households.len()).collect::<Vec<_>>(), [34, 33, 33]);
    assert_eq!(shares.iter().map(|share| share.name.as_str()).collect::<Vec<_>>(), ["Xóm Trên", "Tuyến 1", "Tuyến 2"]);
    let joined: Vec<DocId> = shares.iter().flat_map(|share| share.households.clone()).collect();
    assert_eq!(joined, walk(&view));
}

#[test]
fn no_share_is_empty_however_many_are_asked_for() {
    let view = area(2, Vec::new(), None);
    assert_eq!(equal_shares(&view, 9).len(), 2);
    assert_eq!(equal_shares(&view, 0).len(), 1);
    assert_eq!(equal_shares(&area(0, Vec::new(), None), 3).len(), 1);
}

#[test]
fn dividing_again_the_same_way_writes_nothing() {
    let routes = vec![route(1, "Tuyến 1")];
    let view = area(10, routes, Some(DocId::from_u128(101)));
    let shares = equal_shares(&view, 1);
    assert!(divide(&view, AREA, &shares, || DocId::from_u128(7)).is_empty());
}

#[test]
fn a_division_makes_the_missing_routes_and_drops_the_surplus() {
    let view = area(10, vec![route(1, "A"), route(2, "B"), route(3, "C")], None);
    let shares = equal_shares(&view, 2);
    assert_eq!(surplus(&view, &shares).map(|route| route.name.as_str()).collect::<Vec<_>>(), ["C"]);
    assert_eq!(divide(&view, AREA, &shares, || DocId::from_u128(7)).changes.len(), 11);

    let shares = equal_shares(&view, 4);
    let edit = divide(&view, AREA, &shares, || DocId::from_u128(7));
    assert_eq!((edit.changes.len(), edit.inverse.len(), moved(&edit)), (11, 11, 10));
}

#[test]
fn new_routes_take_the_first_free_number() {
    let routes = [route(1, "Tuyến 1"), route(2, "tuyen 3")];
    assert_eq!(next_name(&routes), "Tuyến 2");
}

#[test]
fn stretches_of_a_walk_are_its_alleys() {
    let mut view = area(5, Vec::new(), None);
    let ids = walk(&view);
    for (id, number) in ids.iter().zip(["1", "2", "2/1", "2/2", "3"]) {
        view.households.get_mut(id).expect("a household").household.house_no = number.to_owned();
    }
    let stretches = stretches(&view, &walk(&view));
    let labels: Vec<(&str, usize)> =
        stretches.iter().map(|stretch| (stretch.label.as_str(), stretch.households.len())).collect();
    assert_eq!(labels, [("Số 1 – 2", 2), ("Ngõ 2", 2), ("Số 3", 1)]);
}

#[test]
fn a_new_route_takes_its_households_in_the_same_write() {
    let view = area(4, vec![route(1, "Tuyến 1")], None);
    let edit = add_route(&view, AREA, DocId::from_u128(7), "Tuyến 2", &walk(&view)[..2]);
    assert_eq!((edit.changes.len(), moved(&edit)), (3, 2));
}

#[test]
fn giving_a_route_to_the_same_members_in_another_order_writes_nothing() {
    let [lan, hung] = [DocId::from_u128(8), DocId::from_u128(9)];
    let view = area(1, vec![Route { members: vec![lan, hung], ..route(1, "Tuyến 1") }], None);
    let id = view.routes[0].id;
    assert!(assign_members(&view, AREA, id, &[hung, lan]).is_empty());
    assert_eq!(assign_members(&view, AREA, id, &[lan]).changes.len(), 1);
}
