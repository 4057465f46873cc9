//! I8: the figures are what a recount gives, on the server and on every phone.

use std::collections::{BTreeMap, BTreeSet};

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::replica::Replica;
use domain::summary::Summary;
use domain::tally::Tally;
use domain::{Day, DocId, Kind};
use server::store::{StoreResult, Stored};

use super::checks::Truth;
use super::fixture::COMMUNE;
use super::invariant::Invariant;
use super::recount;
use super::world::World;

/// The office's own figures, once somebody has written after a fault of the server: what it remembered of what it could not
/// store may be counted, and put right by chance before the run ends. Areas in which nothing has changed since they were
/// last judged, nor in the plan, are not read again.
pub async fn check_after_fault(world: &mut World) -> StoreResult<()> {
    let figures = DocId::figures(COMMUNE);
    let ids: Vec<DocId> = world.areas.iter().copied().chain([COMMUNE]).collect();
    let numbers = world.office.scopes(&ids).await?;
    let newest = |scope: DocId| numbers.get(&scope).map_or(0, |row| row.seq);
    let mut scopes = BTreeMap::new();
    for scope in [COMMUNE, figures] {
        scopes.insert(scope, world.office.documents(scope).await?);
    }
    let Some(campaign) = campaign(&scopes) else { return Ok(()) };
    for area in world.areas.clone() {
        let written = scopes[&figures].iter().find(|stored| stored.doc.id == DocId::summary(area)).cloned();
        let state = (newest(area), written.as_ref().map_or(0, |stored| stored.seq), newest(COMMUNE));
        if world.judged.insert(area, state) != Some(state) {
            scopes.insert(area, world.office.documents(area).await?);
            check_area(world, area, &scopes, written.as_ref(), &campaign);
        }
    }
    Ok(())
}

fn campaign(scopes: &BTreeMap<DocId, Vec<Stored>>) -> Option<Campaign> {
    scopes.get(&COMMUNE).into_iter().flatten().find_map(|stored| Campaign::read(&stored.doc))
}

/// What the office says of an area is what a recount gives.
fn check_area(
    world: &mut World,
    area: DocId,
    scopes: &BTreeMap<DocId, Vec<Stored>>,
    written: Option<&Stored>,
    campaign: &Campaign,
) -> Option<(AreaView, Summary)> {
    world.checked(Invariant::Figures);
    let stored = scopes.get(&area).map_or(&[][..], Vec::as_slice);
    let shown = stored.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
    let view = AreaView::build(shown, campaign, Day::at_ms(world.server_ms()));
    let recount = Summary::of(&view, campaign);
    let id = DocId::summary(area);
    let written = written.filter(|stored| stored.doc.kind == Kind::Summary);
    let Some((_, summary)) = written.and_then(|stored| Summary::read(&stored.doc)) else {
        // An area that nothing was ever written to has no figures yet.
        if recount != Summary::default() {
            world.violate(Invariant::Figures, Some(id), format!("area {area} has no figures"));
        }
        return None;
    };
    if summary != recount {
        let what = format!("area {area} says {summary:?}, a recount {recount:?}");
        world.violate(Invariant::Figures, Some(id), what);
    }
    let credited: u64 = summary.members.values().map(|count| count.credited).sum();
    let people = view.people().filter(|person| person.credit.is_some()).count() as u64;
    if credited != people {
        let what = format!("{credited} credited, but {people} people brought to the end");
        world.violate(Invariant::Figures, Some(id), what);
    }
    Some((view, summary))
}

/// `exact` names the phones that hold an area to the letter: a count of what they hold is the count of what the server
/// holds.
pub fn check(world: &mut World, truth: &Truth, replicas: &BTreeMap<usize, Replica>, exact: &BTreeSet<(usize, DocId)>) {
    let day = Day::at_ms(world.server_ms());
    let Some(campaign) = campaign(&truth.scopes) else {
        return world.violate(Invariant::Figures, None, "the plan is gone".to_owned());
    };
    for area in world.areas.clone() {
        let written = truth.documents.get(&DocId::summary(area));
        let Some((view, summary)) = check_area(world, area, &truth.scopes, written, &campaign) else { continue };
        recount::check(world, truth, area, &campaign, &summary);
        for (&phone, replica) in replicas.iter().filter(|(phone, _)| !truth.revoked.contains(phone)) {
            let member = world.phones[phone].person.member;
            if !world.team.get(&member).is_some_and(|areas| areas.contains(&area)) {
                continue;
            }
            let tally = if exact.contains(&(phone, area)) {
                Tally::of(member, &view, &view, &campaign)
            } else {
                let all = AreaView::build(replica.shown(area), &campaign, day);
                let confirmed = AreaView::build(replica.confirmed(area), &campaign, day);
                Tally::of(member, &all, &confirmed, &campaign)
            };
            world.checked(Invariant::Figures);
            let counted = summary.members.get(&member).map_or(0, |count| count.credited);
            let waits = !tally.waiting.is_empty() && !world.has_blocked(phone);
            if tally.confirmed.len() as u64 != counted || waits {
                let (has, waits) = (tally.confirmed.len(), tally.waiting.len());
                let what = format!("p{phone:02} says {has} + {waits} waiting, the office {counted}");
                world.violate(Invariant::Figures, None, what);
            }
        }
    }
    check_elsewhere(world, truth, replicas);
}

/// What a phone says of areas that it does not hold is what their figures say.
fn check_elsewhere(world: &mut World, truth: &Truth, replicas: &BTreeMap<usize, Replica>) {
    let summary = |area: &DocId| Some((*area, Summary::read(&truth.documents.get(&DocId::summary(*area))?.doc)?.1));
    let summaries: Vec<(DocId, Summary)> = world.areas.iter().filter_map(summary).collect();
    for (&phone, replica) in replicas.iter().filter(|(phone, _)| !truth.revoked.contains(phone)) {
        let member = world.phones[phone].person.member;
        let held = world.team.get(&member).cloned().unwrap_or_default();
        let others = summaries.iter().filter(|(area, _)| !held.contains(area));
        let counted: u64 =
            others.map(|(_, summary)| summary.members.get(&member).map_or(0, |count| count.credited)).sum();
        let told = replica.meta().credited_elsewhere;
        world.checked(Invariant::Figures);
        if told != counted {
            let what = format!("p{phone:02} says {told} in other areas, the office {counted}");
            world.violate(Invariant::Figures, None, what);
        }
    }
}
