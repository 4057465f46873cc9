//! Nghi trùng over a whole commune: suggested, joined and parted by a coordinator. Leads do the same for their own areas
//! on the phone, without the server.

use std::collections::{BTreeMap, BTreeSet};

use domain::coverage::AreaView;
use domain::doubles::{Compared, joined, links_of};
use domain::people::Resident;
use domain::protocol::{DoublePair, DoublesReply, ListedPerson};
use domain::visit::{Apart, Correction, Link};
use domain::{DocId, Document, Kind, Value};

use crate::app::random_id;
use crate::area_cache::AreaCache;
use crate::commune_view::{for_each_area, listed_person};
use crate::holders::Desk;
use crate::store::{Store, StoreError, StoreResult, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};

/// More are not told at once: whoever has settled these gets the next.
const PAIRS_MAX: usize = 300;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DoublesError {
    /// Not two residents of this commune; says no more, on purpose.
    #[error("two residents are not of this commune")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Everyone who may be on the list twice, and who was joined.
pub async fn list<S: Store>(store: &S, desk: Desk) -> StoreResult<DoublesReply> {
    let mut compared = Compared::default();
    let mut people: BTreeMap<DocId, ListedPerson> = BTreeMap::new();
    let mut groups: Vec<Vec<DocId>> = Vec::new();
    for_each_area(store, desk.commune, desk.now_ms, |area, view, _| {
        compared.add_area(&area.name, view);
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
    Ok(DoublesReply { doubles: doubles.into_iter().map(pair).collect(), more, joined: groups, people })
}

/// Says that two residents are one person. Answers how many documents were written.
pub async fn join<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    [a, b]: [DocId; 2],
    _keep: DocId,
) -> Result<usize, DoublesError> {
    let [home_a, home_b] = homes(store, desk, [a, b]).await?;
    if home_a != home_b {
        return Err(DoublesError::Unknown);
    }
    write_in(store, cache, desk, home_a, |view| {
        let is_one = view.residents.get(&a).map(|person| person.canonical)
            == view.residents.get(&b).map(|person| person.canonical);
        let mut facts =
            taken_back(view.aparts.iter().filter(|apart| is_pair(apart.residents, a, b)).map(|it| it.id), desk);
        if !is_one {
            facts.push((Kind::Link, Link::fields([a, b], desk.member)));
        }
        facts
    })
    .await
}

/// Says that two residents are two people: what holds them together is taken back, and nobody is asked again.
pub async fn part<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    [a, b]: [DocId; 2],
) -> Result<usize, DoublesError> {
    let [home_a, home_b] = homes(store, desk, [a, b]).await?;
    // Of two areas, the word stands in one: both are read when doubles are sought.
    let home = home_a.min(home_b);
    write_in(store, cache, desk, home, |view| {
        let is_one = view
            .residents
            .get(&a)
            .is_some_and(|left| view.residents.get(&b).is_some_and(|right| left.canonical == right.canonical));
        let links = if is_one { links_of(view, a) } else { Vec::new() };
        let mut facts = taken_back(links.into_iter().map(|link| link.id), desk);
        if !view.aparts.iter().any(|apart| is_pair(apart.residents, a, b)) {
            facts.push((Kind::Apart, Apart::fields([a, b], desk.member)));
        }
        facts
    })
    .await
}

fn is_pair(residents: [DocId; 2], a: DocId, b: DocId) -> bool {
    residents == [a, b] || residents == [b, a]
}

type Facts = Vec<(Kind, BTreeMap<String, Value>)>;

fn taken_back(facts: impl Iterator<Item = DocId>, desk: Desk) -> Facts {
    facts.map(|fact| (Kind::Correction, Correction::fields(fact, desk.member, true))).collect()
}

/// The areas of two residents of the commune.
async fn homes<S: Store>(store: &S, desk: Desk, pair: [DocId; 2]) -> Result<[DocId; 2], DoublesError> {
    let mut tx = store.read().await?;
    let stored = tx.documents(&pair).await?;
    let scopes: Vec<DocId> = stored.iter().map(|stored| stored.scope).collect();
    let rows = tx.scopes(&scopes).await?;
    tx.commit().await?;
    let home = |id: DocId| {
        let found = stored.iter().find(|stored| stored.doc.id == id && Resident::read(&stored.doc).is_some())?;
        let row = rows.iter().find(|row| row.id == found.scope)?;
        (row.commune == desk.commune).then_some(row.id)
    };
    match (home(pair[0]), home(pair[1])) {
        (Some(left), Some(right)) if pair[0] != pair[1] => Ok([left, right]),
        _ => Err(DoublesError::Unknown),
    }
}

/// Writes what `facts` answers for the area as it is under its lock.
async fn write_in<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    area: DocId,
    facts: impl FnOnce(&AreaView) -> Facts + Send,
) -> Result<usize, DoublesError> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let locks = [area, desk.commune, DocId::figures(desk.commune)];
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, desk.now_ms).await?;
    let view = crate::commune_view::area_under_lock(&mut ledger, desk.commune, area).await?;
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
