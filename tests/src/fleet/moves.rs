//! Households and people who move to another area while phones are offline, and what must hold of them at the end.

use std::collections::{BTreeMap, BTreeSet};

use domain::coverage::{AreaView, Shown};
use domain::moving::{Areas, Documents, Root, destination};
use domain::people::Role;
use domain::protocol::{MoveRequest, Rejection, WhatMoves};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp};
use server::store::{StoreResult, Stored};

use super::checks::Truth;
use super::fixture::campaign;
use super::world::World;

impl World {
    /// A lead moves somebody of their area. The request may fail like any other.
    pub async fn move_somebody(&mut self) -> StoreResult<()> {
        let areas = self.fixture.areas.clone();
        let from = areas[self.rng.index(areas.len())];
        let others: Vec<DocId> = areas.into_iter().filter(|area| *area != from).collect();
        let Some(&to) = self.rng.pick(&others) else { return Ok(()) };
        let households = living(&self.office.documents(from).await?, &Kind::Household);
        let residents = living(&self.office.documents(from).await?, &Kind::Resident);
        let there = living(&self.office.documents(to).await?, &Kind::Household);
        let what = match self.rng.below(10) {
            0..5 => self.rng.pick(&households).copied().map(WhatMoves::Household),
            5..7 => Some(WhatMoves::Households(households.into_iter().take(3).collect())),
            _ => self.rng.pick(&residents).copied().map(WhatMoves::Resident),
        };
        let Some(what) = what else { return Ok(()) };
        let to_household = match what {
            WhatMoves::Resident(_) if self.rng.chance(600) => self.rng.pick(&there).copied(),
            _ => None,
        };
        let is_lead =
            |phone: &&super::phone::Phone| phone.person.role == Role::Lead && phone.person.areas.contains(&from);
        let Some(token) = self.phones.iter().find(is_lead).map(|phone| phone.token) else { return Ok(()) };
        let request = MoveRequest { what, to_area: to, to_household };
        self.moved.insert((from, to));
        let fault = self.fault();
        let is_done = self.office.move_somebody(token, &request, self.server_ms(), fault).await?;
        self.score.moved += u64::from(is_done);
        self.trace.note(self.at_ms, ("move", is_done), || format!("{request:?} from {from} done: {is_done}"));
        Ok(())
    }

    /// Whether what was written in `area` may be known in one of `own` by now. Either way along a move: when a restore has
    /// lost one move and another follows, what was written where the first led to follows the second.
    pub fn may_have_moved(&self, area: DocId, own: &[DocId]) -> bool {
        let mut reached = BTreeSet::from([area]);
        loop {
            let touched = |(from, to): &&(DocId, DocId)| reached.contains(from) || reached.contains(to);
            let more: Vec<DocId> = self.moved.iter().filter(touched).flat_map(|(from, to)| [*from, *to]).collect();
            let before = reached.len();
            reached.extend(more);
            if reached.len() == before {
                return own.iter().any(|area| reached.contains(area));
            }
        }
    }
}

fn living(stored: &[Stored], kind: &Kind) -> Vec<DocId> {
    let lives = |stored: &&Stored| stored.doc.kind == *kind && destination(&stored.doc).is_none() && !stored.doc.erased;
    stored.iter().filter(lives).map(|stored| stored.doc.id).collect()
}

/// I15: whoever has moved lives in one area, with everything that was ever told of them.
pub fn check(world: &mut World, truth: &Truth) {
    let areas: BTreeMap<DocId, Documents> = world
        .fixture
        .areas
        .iter()
        .map(|area| {
            let stored = truth.scopes.get(area).into_iter().flatten();
            (*area, stored.map(|stored| (stored.doc.id, (stored.accepted, stored.doc.clone()))).collect())
        })
        .collect();
    check_homes(world, &areas);
    check_records(world, &areas);
    for (area, documents) in &areas {
        let mut plan = Areas::new(areas.iter().map(|(area, documents)| (*area, documents)).collect());
        let all: Vec<DocId> = documents.keys().copied().collect();
        let fresh = Stamp { ms: world.server_ms(), counter: 0, install: InstallId(0) };
        plan.carry_on(*area, &all, &mut || fresh);
        for (to, doc) in plan.into_changes() {
            let what = format!("{} {} was not carried from {area} to {to}", doc.kind.name(), doc.id);
            world.violate("I15", Some(doc.id), what);
        }
    }
}

/// Nobody is in two areas, nobody in none.
fn check_homes(world: &mut World, areas: &BTreeMap<DocId, Documents>) {
    let mut homes: BTreeMap<Root, u32> = BTreeMap::new();
    for (area, documents) in areas {
        let shown = documents.values().map(|(accepted, doc)| Shown { doc, accepted: Some(*accepted) });
        let view = AreaView::build(shown, &campaign(), Day::at_ms(world.server_ms()));
        for (_, doc) in documents.values() {
            let is_here = match doc.kind {
                Kind::Household if !doc.erased => view.households.contains_key(&doc.id),
                Kind::Resident => view.residents.contains_key(&doc.id),
                _ => continue,
            };
            *homes.entry(Root::of(doc, *area)).or_default() += u32::from(is_here);
        }
    }
    for (root, count) in homes.into_iter().filter(|(_, count)| *count != 1) {
        world.score.doubled += u64::from(count > 1);
        world.score.records_lost += u64::from(count == 0);
        world.violate("I15", Some(root.id), format!("{} lives in {count} areas", root.id));
    }
}

/// Judged without the code that carries: each record of somebody who has moved is in the area where they live.
fn check_records(world: &mut World, areas: &BTreeMap<DocId, Documents>) {
    for (area, documents) in areas {
        for (_, fact) in documents.values().filter(|(_, doc)| is_of_one(doc)) {
            let subject = fact.link("household").or_else(|| fact.link("resident"));
            let subject = subject.and_then(|id| documents.get(&id)).map(|(_, doc)| doc);
            let Some(to) = subject.and_then(destination) else { continue };
            let root = fact.link("root").unwrap_or(fact.id);
            let is_same = |doc: &Document| doc.id == root || doc.link("root") == Some(root);
            let copies = areas.get(&to).into_iter().flat_map(BTreeMap::values).filter(|(_, doc)| is_same(doc));
            let copies: Vec<&Document> = copies.map(|(_, doc)| doc).collect();
            let is_like = |doc: &&Document| {
                doc.stamps() == fact.stamps()
                    && doc.link("member") == fact.link("member")
                    && doc.text("day") == fact.text("day")
            };
            if copies.len() != 1 || !copies.iter().all(is_like) {
                world.score.records_lost += 1;
                let what = format!("{} {} of {area} is {} times in {to}", fact.kind.name(), fact.id, copies.len());
                world.violate("I15", Some(fact.id), what);
            }
        }
    }
}

fn is_of_one(doc: &Document) -> bool {
    matches!(doc.kind, Kind::Visit | Kind::Outcome | Kind::Proficiency | Kind::Solution)
}

/// I16: what a member made before they were sent to another area is not refused.
pub async fn check_left(world: &mut World) -> StoreResult<()> {
    if world.plan.hostile > 0 || world.restores > 0 {
        return Ok(());
    }
    for phone in 0..world.phones.len() {
        let member = world.phones[phone].person.member;
        if world.phones[phone].is_gone || world.reassigned.get(&member) != Some(&1) {
            continue;
        }
        let left = world.office.left_areas(member).await?;
        let rows: Vec<(DocId, DocId, Document)> = world.phones[phone]
            .disk
            .rows
            .iter()
            .filter_map(|(id, row)| Some((*id, row.scope, row.refused.as_ref()?)))
            .filter(|(_, _, refused)| refused.code == Rejection::Forbidden)
            .map(|(id, scope, refused)| (id, scope, refused.doc.clone()))
            .collect();
        for (id, scope, doc) in rows {
            let limit = left.iter().find(|(area, _)| *area == scope).map(|(_, left_ms)| *left_ms);
            if limit.is_some_and(|limit| doc.stamps().iter().all(|stamp| stamp.ms <= limit)) {
                world.violate(
                    "I16",
                    Some(id),
                    format!("p{phone:02} made {id} before it left {scope}, and it was refused"),
                );
            }
        }
    }
    Ok(())
}
