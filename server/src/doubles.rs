//! Nghi trùng over a whole commune: suggested, joined and parted by a coordinator. Leads do the same for their own areas
//! on the phone, without the server.

use std::collections::{BTreeMap, BTreeSet};

use domain::coverage::AreaView;
use domain::doubles::{Compared, joined, links_of};
use domain::moving::{ROOT, Root};
use domain::people::Resident;
use domain::protocol::{DoublePair, DoublesReply, ListedPerson, MoveRequest, WhatMoves};
use domain::visit::{Apart, Correction, Link};
use domain::{DocId, Document, Kind, Value};

use crate::app::random_id;
use crate::area_cache::AreaCache;
use crate::commune_view::{area_under_lock, docs, for_each_area, listed_person};
use crate::error::Error;
use crate::holders::Desk;
use crate::moves;
use crate::readings::Reader;
use crate::store::{SecretHash, Store, StoreError, StoreResult, Stored, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};

/// More are not told at once: whoever has settled these gets the next.
const PAIRS_MAX: usize = 300;

/// Everyone who may be on the list twice, and who was joined.
pub async fn list<S: Store>(store: &S, desk: Desk) -> StoreResult<DoublesReply> {
    let mut compared = Compared::default();
    let mut people: BTreeMap<DocId, ListedPerson> = BTreeMap::new();
    let mut groups: Vec<Vec<DocId>> = Vec::new();
    for_each_area(store, desk.commune, desk.now_ms, |area, view, documents| {
        compared.add_area(&area.name, view);
        let residents = docs(documents).filter(|doc| doc.kind == Kind::Resident);
        for (id, root) in residents.filter_map(|doc| Some((doc.id, doc.link(ROOT)?))) {
            compared.came_from(id, root);
        }
        let listed = view.residents.keys().filter_map(|id| Some((*id, listed_person(area, view, *id)?)));
        people.extend(listed);
        let ids = joined(view).into_iter().map(|group| group.iter().map(|person| person.resident.id).collect());
        groups.extend(ids);
    })
    .await?;
    let mut doubles = compared.suggest();
    let more = doubles.len().saturating_sub(PAIRS_MAX);
    doubles.truncate(PAIRS_MAX);
    let mut named: BTreeSet<DocId> = doubles.iter().flat_map(|double| double.residents).collect();
    named.extend(groups.iter().flatten());
    people.retain(|id, _| named.contains(id));
    let pair = |double: domain::doubles::Double| {
        let [a, b] = double.residents;
        DoublePair { a, b, reasons: double.reasons }
    };
    Reader::at(desk).note(store, "read_doubles", people.len()).await?;
    Ok(DoublesReply { doubles: doubles.into_iter().map(pair).collect(), more, joined: groups, people })
}

/// Says that two residents are one person; of two areas, the other one first moves to where `keep` lives. Stopped between
/// the two, they are a pair of one area, which the list shows. Answers how many documents were written.
pub async fn join<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    token: SecretHash,
    [a, b]: [DocId; 2],
    keep: DocId,
) -> Result<usize, Error> {
    let [home_a, home_b] = homes(store, desk, [a, b]).await?;
    if home_a.scope == home_b.scope {
        return join_in(store, cache, desk, home_a.scope, [a, b], None).await;
    }
    let (kept, other) = if keep == b { (home_b, home_a) } else { (home_a, home_b) };
    let request = MoveRequest {
        what: WhatMoves::Resident(other.doc.id),
        to_area: kept.scope,
        to_household: kept.doc.link("household"),
    };
    moves::execute(store, cache, token, &request, desk.now_ms).await?;
    let there = Root::of(&other.doc, other.scope).id_in(kept.scope);
    join_in(store, cache, desk, kept.scope, [kept.doc.id, there], Some(there)).await
}

/// `brought` came to this area for it, and goes back when they are parted.
async fn join_in<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    area: DocId,
    [a, b]: [DocId; 2],
    brought: Option<DocId>,
) -> Result<usize, Error> {
    let facts = |view: &AreaView| {
        let mut facts =
            taken_back(view.aparts.iter().filter(|apart| is_pair(apart.residents, a, b)).map(|it| it.id), desk);
        if !is_one(view, a, b) {
            let mut fields = Link::fields([a, b], desk.member);
            fields.extend(brought.map(|resident| (BROUGHT.to_owned(), resident.into())));
            facts.push((Kind::Link, fields));
        }
        facts
    };
    write_in(store, cache, desk, area, &[a, b], facts).await
}

/// Says that two residents are two people: what holds them together is taken back, nobody is asked again, and who was
/// brought from another area to be joined goes back there.
pub async fn part<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    token: SecretHash,
    [a, b]: [DocId; 2],
) -> Result<usize, Error> {
    let [home_a, home_b] = homes(store, desk, [a, b]).await?;
    // Of two areas, the word stands in one: both are read when doubles are sought.
    let (area, is_within) = (home_a.scope.min(home_b.scope), home_a.scope == home_b.scope);
    let mut parted: Vec<DocId> = Vec::new();
    let facts = |view: &AreaView| {
        let links = if is_one(view, a, b) { links_of(view, a) } else { Vec::new() };
        parted.extend(links.iter().map(|link| link.id));
        let mut facts = taken_back(links.into_iter().map(|link| link.id), desk);
        if !view.aparts.iter().any(|apart| is_pair(apart.residents, a, b)) {
            facts.push((Kind::Apart, Apart::fields([a, b], desk.member)));
        }
        facts
    };
    let there: &[DocId] = if is_within { &[a, b] } else { &[] };
    let written = write_in(store, cache, desk, area, there, facts).await?;
    send_back(store, cache, desk, token, area, &parted).await?;
    Ok(written)
}

/// Whoever was brought to `area` by one of these links returns to the household that they came from.
async fn send_back<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    token: SecretHash,
    area: DocId,
    links: &[DocId],
) -> Result<(), Error> {
    let mut tx = store.read().await?;
    let brought: Vec<DocId> = tx.documents(links).await?.iter().filter_map(|link| link.doc.link(BROUGHT)).collect();
    let mut ways = Vec::new();
    for stored in tx.documents(&brought).await?.into_iter().filter(|stored| stored.scope == area) {
        let root = Root::of(&stored.doc, area);
        let has_moved_on = domain::moving::destination(&stored.doc).is_some();
        if root.home == area || has_moved_on {
            continue;
        }
        let first = tx.documents(&[root.id]).await?.into_iter().next();
        let household = first.and_then(|first| first.doc.link("household"));
        let known = tx.documents(household.as_slice()).await?.into_iter().next();
        let is_there = |known: &Stored| domain::moving::destination(&known.doc).is_none() && !known.doc.flag("deleted");
        ways.push(MoveRequest {
            what: WhatMoves::Resident(stored.doc.id),
            to_area: root.home,
            to_household: known.filter(is_there).map(|known| known.doc.id),
        });
    }
    tx.commit().await?;
    for way in ways {
        moves::execute(store, cache, token, &way, desk.now_ms).await?;
    }
    Ok(())
}

/// On a link: who came from another area to be joined.
const BROUGHT: &str = "brought";

fn is_one(view: &AreaView, a: DocId, b: DocId) -> bool {
    let canonical = |id| view.residents.get(&id).map(|person| person.canonical);
    canonical(a).is_some() && canonical(a) == canonical(b)
}

fn is_pair(residents: [DocId; 2], a: DocId, b: DocId) -> bool {
    residents == [a, b] || residents == [b, a]
}

type Facts = Vec<(Kind, BTreeMap<String, Value>)>;

fn taken_back(facts: impl Iterator<Item = DocId>, desk: Desk) -> Facts {
    facts.map(|fact| (Kind::Correction, Correction::fields(fact, desk.member, true))).collect()
}

/// Two residents of the commune as they are stored. Someone of another commune and someone who does not exist give the
/// same answer.
async fn homes<S: Store>(store: &S, desk: Desk, pair: [DocId; 2]) -> Result<[Stored; 2], Error> {
    let mut tx = store.read().await?;
    let stored = tx.documents(&pair).await?;
    let scopes: Vec<DocId> = stored.iter().map(|stored| stored.scope).collect();
    let rows = tx.scopes(&scopes).await?;
    tx.commit().await?;
    let home = |id: DocId| {
        let found = stored.iter().find(|stored| stored.doc.id == id && Resident::read(&stored.doc).is_some())?;
        let is_ours = rows.iter().any(|row| row.id == found.scope && row.commune == desk.commune);
        is_ours.then(|| found.clone())
    };
    match (home(pair[0]), home(pair[1])) {
        (Some(left), Some(right)) if pair[0] != pair[1] => Ok([left, right]),
        _ => Err(Error::NotForYou),
    }
}

/// Writes what `facts` answers for the area as it is under its lock; all of `there` must live in it.
async fn write_in<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    area: DocId,
    there: &[DocId],
    facts: impl FnOnce(&AreaView) -> Facts + Send,
) -> Result<usize, Error> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let locks = [area, desk.commune, DocId::figures(desk.commune)];
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, desk.now_ms).await?;
    let view = area_under_lock(&mut ledger, desk.commune, area).await?;
    if !there.iter().all(|id| view.residents.contains_key(id)) {
        return Err(Error::NotForYou);
    }
    let facts = facts(&view);
    let written = facts.len();
    let author = Author { member: Some(desk.member), install: desk.install, action: "doubles" };
    for (kind, fields) in facts {
        let stamp = ledger.stamp();
        ledger.put(area, None, Document::fact(random_id(), kind, stamp, fields), author).await?;
    }
    let counted = figures::recount(&mut ledger, cache, desk.commune).await?;
    ledger.finish().await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(written)
}
