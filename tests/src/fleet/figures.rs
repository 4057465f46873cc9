//! I8: the figures are what a recount gives, on the server and on every phone.

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::replica::Replica;
use domain::summary::Summary;
use domain::tally::Tally;
use domain::{Day, DocId, Kind};

use super::checks::Truth;
use super::fixture::COMMUNE;
use super::world::World;

pub fn check(world: &mut World, truth: &Truth) {
    let day = Day::at_ms(world.server_ms());
    let campaign = truth.scopes.get(&COMMUNE).into_iter().flatten().find_map(|stored| Campaign::read(&stored.doc));
    let Some(campaign) = campaign else {
        return world.violate("I8", None, "the plan is gone".to_owned());
    };
    for area in world.fixture.areas.clone() {
        let stored = truth.scopes.get(&area).map_or(&[][..], Vec::as_slice);
        let shown = stored.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
        let view = AreaView::build(shown, &campaign, day);
        let recount = Summary::of(&view, &campaign);
        let id = DocId::summary(area);
        let written = truth.documents.get(&id).filter(|stored| stored.doc.kind == Kind::Summary);
        let Some((_, summary)) = written.and_then(|stored| Summary::read(&stored.doc)) else {
            // An area that nothing was ever written to has no figures yet.
            if recount != Summary::default() {
                world.violate("I8", Some(id), format!("area {area} has no figures"));
            }
            continue;
        };
        if summary != recount {
            world.violate("I8", Some(id), format!("area {area} says {summary:?}, a recount {recount:?}"));
        }
        let credited: u64 = summary.members.values().map(|count| count.credited).sum();
        let people = view.people().filter(|person| person.credit.is_some()).count() as u64;
        if credited != people {
            world.violate("I8", Some(id), format!("{credited} credited, but {people} people brought to the end"));
        }
        check_tallies(world, area, &summary, &campaign, day);
    }
    check_elsewhere(world, truth);
}

/// What a phone says of areas that it does not hold is what their figures say.
fn check_elsewhere(world: &mut World, truth: &Truth) {
    for phone in 0..world.phones.len() {
        let member = world.phones[phone].person.member;
        let held = world.team.get(&member).cloned().unwrap_or_default();
        if world.phones[phone].is_gone {
            continue;
        }
        let others = world.fixture.areas.iter().filter(|area| !held.contains(area));
        let summaries = others.filter_map(|area| truth.documents.get(&DocId::summary(*area)));
        let summaries = summaries.filter_map(|stored| Summary::read(&stored.doc));
        let counted: u64 =
            summaries.map(|(_, summary)| summary.members.get(&member).map_or(0, |count| count.credited)).sum();
        let told = Replica::open(world.phones[phone].disk.snapshot()).meta().credited_elsewhere;
        if told != counted {
            world.violate("I8", None, format!("p{phone:02} says {told} in other areas, the office {counted}"));
        }
    }
}

fn check_tallies(world: &mut World, area: DocId, summary: &Summary, campaign: &Campaign, day: Day) {
    for phone in 0..world.phones.len() {
        let member = world.phones[phone].person.member;
        let works_there = world.team.get(&member).is_some_and(|areas| areas.contains(&area));
        if world.phones[phone].is_gone || !works_there {
            continue;
        }
        let replica = Replica::open(world.phones[phone].disk.snapshot());
        let all = AreaView::build(replica.shown(area), campaign, day);
        let confirmed = AreaView::build(replica.confirmed(area), campaign, day);
        let tally = Tally::of(member, &all, &confirmed, campaign);
        let counted = summary.members.get(&member).map_or(0, |count| count.credited);
        if tally.confirmed.len() as u64 != counted || !tally.waiting.is_empty() {
            let (has, waits) = (tally.confirmed.len(), tally.waiting.len());
            world.violate("I8", None, format!("p{phone:02} says {has} + {waits} waiting, the office {counted}"));
        }
    }
}
