//! Dividing an area into routes: what a lead's decision writes, and what takes it back.
//!
//! Only documents that really change are written, so that moving a household to where it is moves nothing.

mod alley;

use std::collections::BTreeMap;

use crate::coverage::AreaView;
use crate::place::Route;
use crate::replica::Change;
use crate::text::natural_key;
use crate::{DocId, Kind, Value};

pub use alley::{Stretch, alley, stretches};

/// The routes that an area may be divided into; more than that and a route is a handful of doors.
pub const ROUTES_MAX: usize = 30;

/// One transaction and its opposite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub changes: Vec<Change>,
    pub inverse: Vec<Change>,
}

impl Edit {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn describe(&mut self, area: DocId, id: DocId, kind: &Kind, field: &str, new: Value, old: Value) {
        if new == old {
            return;
        }
        let change = |value| Change::Describe {
            id,
            kind: kind.clone(),
            scope: area,
            fields: BTreeMap::from([(field.to_owned(), value)]),
        };
        self.changes.push(change(new));
        self.inverse.push(change(old));
    }
}

/// One of the routes that a division would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The route that takes these households; `None` is to be made.
    pub route: Option<DocId>,
    pub name: String,
    pub households: Vec<DocId>,
}

/// Households as one walks past them, whatever route they are on now.
pub fn walk(view: &AreaView) -> Vec<DocId> {
    let mut walk: Vec<DocId> = view.households.keys().copied().collect();
    walk.sort_by_cached_key(|id| {
        let household = &view.households[id].household;
        (household.order, natural_key(&household.house_no), *id)
    });
    walk
}

/// How many households each route has; `None` counts those without a route that exists.
pub fn sizes(view: &AreaView) -> BTreeMap<Option<DocId>, usize> {
    let mut sizes = BTreeMap::new();
    for household in view.households.values() {
        *sizes.entry(route_of(view, household.household.route)).or_default() += 1;
    }
    sizes
}

/// A household may name a route that is gone: then it has none.
pub fn route_of(view: &AreaView, route: Option<DocId>) -> Option<DocId> {
    route.filter(|id| view.routes.iter().any(|route| route.id == *id))
}

/// "Tuyến 4": the first such name that is free.
pub fn next_name(routes: &[Route]) -> String {
    let is_taken = |name: &String| routes.iter().any(|route| crate::text::fold(&route.name) == crate::text::fold(name));
    let mut names = (1..).map(|number| format!("Tuyến {number}"));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// A new route at the end, with these households.
pub fn add_route(view: &AreaView, area: DocId, id: DocId, name: &str, households: &[DocId]) -> Edit {
    let order = view.routes.iter().map(|route| route.order).max().unwrap_or(0).saturating_add(1);
    let mut edit = Edit::default();
    put_route(&mut edit, area, id, name, order);
    for household in households {
        move_household(&mut edit, view, area, *household, Some(id));
    }
    edit
}

fn put_route(edit: &mut Edit, area: DocId, id: DocId, name: &str, order: i64) {
    let fields = |deleted: bool| {
        BTreeMap::from([
            ("name".to_owned(), Value::from(name)),
            ("order".to_owned(), Value::from(order)),
            ("deleted".to_owned(), Value::from(deleted)),
        ])
    };
    let change = |fields| Change::Describe { id, kind: Kind::Route, scope: area, fields };
    edit.changes.push(change(fields(false)));
    edit.inverse.push(change(fields(true)));
}

pub fn rename_route(view: &AreaView, area: DocId, id: DocId, name: &str) -> Edit {
    let mut edit = Edit::default();
    if let Some(route) = view.routes.iter().find(|route| route.id == id) {
        edit.describe(area, id, &Kind::Route, "name", name.into(), route.name.as_str().into());
    }
    edit
}

pub fn assign_members(view: &AreaView, area: DocId, id: DocId, members: &[DocId]) -> Edit {
    let mut edit = Edit::default();
    let is_other = |route: &&Route| {
        route.members.len() != members.len() || !members.iter().all(|member| route.members.contains(member))
    };
    if let Some(route) = view.routes.iter().find(|route| route.id == id).filter(is_other) {
        let [new, old] = [members, &route.members[..]].map(|ids| ids.iter().copied().collect::<Value>());
        edit.describe(area, id, &Kind::Route, "members", new, old);
    }
    edit
}

pub fn move_households(view: &AreaView, area: DocId, households: &[DocId], to: Option<DocId>) -> Edit {
    let mut edit = Edit::default();
    for id in households {
        move_household(&mut edit, view, area, *id, to);
    }
    edit
}

fn move_household(edit: &mut Edit, view: &AreaView, area: DocId, id: DocId, to: Option<DocId>) {
    if let Some(household) = view.households.get(&id) {
        let value = |route: Option<DocId>| route.map_or(Value::Null, Value::from);
        edit.describe(area, id, &Kind::Household, "route", value(to), value(household.household.route));
    }
}

/// The route goes; its households stay, without a route.
pub fn delete_route(view: &AreaView, area: DocId, id: DocId) -> Edit {
    let mut edit = Edit::default();
    edit.describe(area, id, &Kind::Route, "deleted", true.into(), false.into());
    for household in view.households.values().filter(|household| household.household.route == Some(id)) {
        move_household(&mut edit, view, area, household.household.id, None);
    }
    edit
}

/// The walk in `count` parts as equal as can be, none empty. Routes that are there keep their names and members.
pub fn equal_shares(view: &AreaView, count: usize) -> Vec<Share> {
    let walk = walk(view);
    let count = count.clamp(1, ROUTES_MAX).min(walk.len().max(1));
    let mut routes = view.routes.clone();
    let mut rest = walk.as_slice();
    let mut shares = Vec::with_capacity(count);
    for index in 0..count {
        let (part, behind) = rest.split_at(rest.len().div_ceil(count - index));
        rest = behind;
        let route = view.routes.get(index);
        let name = route.map_or_else(|| next_name(&routes), |route| route.name.clone());
        if route.is_none() {
            routes.push(Route {
                id: DocId::from_u128(0),
                name: name.clone(),
                order: 0,
                members: Vec::new(),
                deleted: false,
            });
        }
        shares.push(Share { route: route.map(|route| route.id), name, households: part.to_vec() });
    }
    shares
}

/// Makes the area so divided: new routes under `new_id`, routes that got nothing are deleted.
pub fn divide(view: &AreaView, area: DocId, shares: &[Share], mut new_id: impl FnMut() -> DocId) -> Edit {
    let mut edit = Edit::default();
    let mut order = view.routes.iter().map(|route| route.order).max().unwrap_or(0);
    for share in shares {
        let route = share.route.unwrap_or_else(|| {
            let id = new_id();
            order = order.saturating_add(1);
            put_route(&mut edit, area, id, &share.name, order);
            id
        });
        for id in &share.households {
            move_household(&mut edit, view, area, *id, Some(route));
        }
    }
    for route in surplus(view, shares) {
        edit.describe(area, route.id, &Kind::Route, "deleted", true.into(), false.into());
    }
    edit
}

/// How many households a division would move.
pub fn moved(view: &AreaView, shares: &[Share]) -> usize {
    let stays = |share: &Share, id: &DocId| {
        share.route.is_some() && view.households.get(id).is_some_and(|door| door.household.route == share.route)
    };
    shares.iter().map(|share| share.households.iter().filter(|id| !stays(share, id)).count()).sum()
}

/// The routes that a division leaves without a household.
pub fn surplus<'a>(view: &'a AreaView, shares: &'a [Share]) -> impl Iterator<Item = &'a Route> {
    view.routes.iter().filter(|route| !shares.iter().any(|share| share.route == Some(route.id)))
}

#[cfg(test)]
mod tests;
