//! Households and people who move to another area while phones are offline, and what must hold of them at the end.

use std::collections::{BTreeMap, BTreeSet};

use domain::coverage::{AreaView, Shown};
use domain::moving::{Areas, Documents, Root, destination};
use domain::people::Role;
use domain::protocol::{MoveRequest, Rejection, WhatMoves};
use domain::visit::{Correction, Link};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};
use server::store::{StoreResult, Stored};

use super::checks::Truth;
use super::fixture::{COORDINATOR, OFFICE, campaign, is_villains};
use super::invariant::Invariant;
use super::world::World;

impl World {
    /// A lead moves somebody of their area. The request may fail like any other.
    pub async fn move_somebody(&mut self) -> StoreResult<()> {
        let from = self.areas[self.rng.index(self.areas.len())];
        let others: Vec<DocId> = self.areas.iter().copied().filter(|area| *area != from).collect();
        let Some(&to) = self.rng.pick(&others) else { return Ok(()) };
        let here = self.office.documents(from).await?;
        let (households, residents) = (living(&here, &Kind::Household), living(&here, &Kind::Resident));
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
        self.request_move(from, MoveRequest { what, to_area: to, to_household }).await.map(drop)
    }

    /// A new area gets a whole route of another one, or half of its households.
    pub async fn split(&mut self, to: DocId) -> StoreResult<()> {
        let others: Vec<DocId> = self.areas.iter().copied().filter(|area| *area != to).collect();
        let Some(&from) = self.rng.pick(&others) else { return Ok(()) };
        let here = self.office.documents(from).await?;
        let households = living(&here, &Kind::Household);
        let on_route = |route: &&DocId| here.iter().any(|stored| stored.doc.link("route") == Some(**route));
        let routes: Vec<DocId> = living(&here, &Kind::Route).iter().filter(on_route).copied().collect();
        let what = match self.rng.pick(&routes) {
            Some(&route) if self.rng.chance(500) => WhatMoves::Route(route),
            _ => WhatMoves::Households(households.into_iter().step_by(2).collect()),
        };
        let is_done = self.request_move(from, MoveRequest { what, to_area: to, to_household: None }).await?;
        self.score.splits += u64::from(is_done);
        Ok(())
    }

    /// The coordinator's list of doubles: people of two areas are one, so one of them moves to the other and they are
    /// linked there; or those who were joined so are parted, and go back.
    pub async fn join_or_part_doubles(&mut self) -> StoreResult<()> {
        if let Some(&(link, area, home, resident)) = self.joined.first()
            && self.rng.chance(500)
        {
            self.joined.remove(0);
            let fields = Correction::fields(link, COORDINATOR, true);
            self.write_as_office(area, Kind::Correction, fields).await?;
            let what = WhatMoves::Resident(resident);
            let is_done = self.request_move(area, MoveRequest { what, to_area: home, to_household: None }).await?;
            self.score.parted_across += u64::from(is_done);
            return Ok(());
        }
        let from = self.areas[self.rng.index(self.areas.len())];
        let others: Vec<DocId> = self.areas.iter().copied().filter(|area| *area != from).collect();
        let Some(&to) = self.rng.pick(&others) else { return Ok(()) };
        let here = self.office.documents(from).await?;
        let there = self.office.documents(to).await?;
        let one = self.rng.pick(&living(&here, &Kind::Resident)).copied();
        let Some((one, kept)) = one.zip(self.rng.pick(&living(&there, &Kind::Resident)).copied()) else {
            return Ok(());
        };
        let to_household =
            there.iter().find(|stored| stored.doc.id == kept).and_then(|kept| kept.doc.link("household"));
        let what = WhatMoves::Resident(one);
        if !self.request_move(from, MoveRequest { what, to_area: to, to_household }).await? {
            return Ok(());
        }
        let first = here.iter().find(|stored| stored.doc.id == one);
        let Some(arrived) = first.map(|first| Root::of(&first.doc, from).id_in(to)) else { return Ok(()) };
        let link = self.write_as_office(to, Kind::Link, Link::fields([kept, arrived], COORDINATOR)).await?;
        self.joined.push((link, to, from, arrived));
        self.score.joined_across += 1;
        Ok(())
    }

    /// A fact by the office itself.
    async fn write_as_office(
        &mut self,
        area: DocId,
        kind: Kind,
        fields: BTreeMap<String, Value>,
    ) -> StoreResult<DocId> {
        let stamp = Stamp { ms: self.server_ms(), counter: 0, install: OFFICE };
        let fact = Document::fact(self.new_id(), kind, stamp, fields);
        let id = fact.id;
        self.office.write(area, std::slice::from_ref(&fact), self.server_ms()).await?;
        self.oracle.of_the_office.insert(id, fact);
        Ok(id)
    }

    /// Asked for by the lead of the area, if there is one with a phone, or else by the coordinator.
    async fn request_move(&mut self, from: DocId, request: MoveRequest) -> StoreResult<bool> {
        let leads_there = |phone: &&super::phone::Phone| {
            let member = phone.person.member;
            phone.person.role == Role::Lead && self.team.get(&member).is_some_and(|areas| areas.contains(&from))
        };
        let asker = self.living().find(leads_there).or_else(|| self.living().next());
        let Some(token) = asker.map(|phone| phone.token) else { return Ok(false) };
        // A push that failed is sent again and puts right what the server may have kept of it; a move is not.
        let fault = self.fault_with(self.plan.server_fault * 5, 60);
        let is_done = self.office.move_somebody(token, &request, self.office_ms(), fault).await?;
        self.note_fault(fault);
        if is_done || self.office.has_failed {
            self.moved.insert((from, request.to_area));
        }
        self.score.moved += u64::from(is_done);
        self.trace.note(self.at_ms, ("move", is_done), || format!("{request:?} from {from} done: {is_done}"));
        Ok(is_done)
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
        .areas
        .iter()
        .map(|area| {
            let stored = truth.scopes.get(area).into_iter().flatten();
            (*area, stored.map(|stored| (stored.doc.id, (stored.accepted, stored.doc.clone()))).collect())
        })
        .collect();
    check_homes(world, truth, &areas);
    check_records(world, truth, &areas);
    for (area, documents) in &areas {
        let mut plan = Areas::new(areas.iter().map(|(area, documents)| (*area, documents)).collect());
        let all: Vec<DocId> = documents.keys().copied().collect();
        let fresh = Stamp { ms: world.server_ms(), counter: 0, install: InstallId(0) };
        plan.carry_on(*area, &all, &mut || fresh);
        for (to, doc) in plan.into_changes() {
            if is_copy_taken(truth, &areas, Root::of(&doc, to)) {
                continue;
            }
            let told = serde_json::to_string(&doc).unwrap_or_default();
            let what = format!("{} {} was not carried from {area} to {to}: {told}", doc.kind.name(), doc.id);
            world.violate(Invariant::OneHome, Some(doc.id), what);
        }
    }
}

/// The adversary, who is a colleague, has put something else under the id that a copy of this would have. Such a move is
/// refused; one that a restored office hears of ends there.
fn is_copy_taken(truth: &Truth, areas: &BTreeMap<DocId, Documents>, root: Root) -> bool {
    areas.keys().any(|area| {
        let stored = truth.documents.get(&root.id_in(*area)).filter(|stored| stored.scope != *area);
        stored.is_some_and(|stored| stored.doc.stamps().iter().all(|stamp| is_villains(stamp.install)))
    })
}

/// Nobody is in two areas, nobody in none.
fn check_homes(world: &mut World, truth: &Truth, areas: &BTreeMap<DocId, Documents>) {
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
    for (root, count) in homes {
        world.checked(Invariant::OneHome);
        if count == 1 || (count == 0 && is_copy_taken(truth, areas, root)) {
            continue;
        }
        world.score.doubled += u64::from(count > 1);
        world.score.records_lost += u64::from(count == 0);
        let of_root = |area: &DocId, documents: &Documents| -> Vec<String> {
            let of_root = documents.values().filter(|(_, doc)| Root::of(doc, *area) == root);
            of_root.map(|(_, doc)| format!("{area}: {}", serde_json::to_string(doc).unwrap_or_default())).collect()
        };
        let told: Vec<String> = areas.iter().flat_map(|(area, documents)| of_root(area, documents)).collect();
        world.violate(
            Invariant::OneHome,
            Some(root.id),
            format!("{} lives in {count} areas: {}", root.id, told.join("; ")),
        );
    }
}

/// Judged without the code that carries: each record of somebody who has moved is in the area where they live.
fn check_records(world: &mut World, truth: &Truth, areas: &BTreeMap<DocId, Documents>) {
    for (area, documents) in areas {
        for (_, fact) in documents.values().filter(|(_, doc)| is_of_one(doc)) {
            let subject = fact.link("household").or_else(|| fact.link("resident"));
            let subject = subject.and_then(|id| documents.get(&id)).map(|(_, doc)| doc);
            let Some(to) = subject.and_then(destination) else { continue };
            if subject.is_some_and(|subject| is_copy_taken(truth, areas, Root::of(subject, *area))) {
                continue;
            }
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
                world.violate(Invariant::OneHome, Some(fact.id), what);
            }
        }
    }
}

fn is_of_one(doc: &Document) -> bool {
    matches!(doc.kind, Kind::Visit | Kind::Outcome | Kind::Proficiency | Kind::Solution)
}

/// I16: what a member made before they were sent to another area is not refused.
pub async fn check_left(world: &mut World) -> StoreResult<()> {
    if world.restores > 0 {
        return Ok(());
    }
    for phone in 0..world.phones.len() {
        let member = world.phones[phone].person.member;
        let (is_gone, has_left) = (world.phones[phone].is_gone, world.phones[phone].has_left);
        if is_gone || has_left || world.reassigned.get(&member) != Some(&1) {
            continue;
        }
        world.checked(Invariant::BeforeLeaving);
        let left = world.office.left_areas(member).await?;
        let rows: Vec<(DocId, DocId, Document)> = world.phones[phone]
            .disk
            .rows
            .iter()
            .filter_map(|(id, row)| Some((*id, row.scope, row.refused.as_ref()?)))
            .filter(|(id, _, refused)| refused.code == Rejection::Forbidden && !world.hostile.contains(id))
            .map(|(id, scope, refused)| (id, scope, refused.doc.clone()))
            .collect();
        for (id, scope, doc) in rows {
            let limit = left.iter().find(|(area, _)| *area == scope).map(|(_, left_ms)| *left_ms);
            if limit.is_some_and(|limit| doc.stamps().iter().all(|stamp| stamp.ms <= limit)) {
                let what = format!("p{phone:02} made {id} before it left {scope}, and it was refused");
                world.violate(Invariant::BeforeLeaving, Some(id), what);
            }
        }
    }
    Ok(())
}
