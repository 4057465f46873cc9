//! Moving households and people to another area. Everything of them is carried there in one transaction with the new
//! figures of both areas; what phones bring later for the old area follows by itself (`sync::carry`).

use std::collections::BTreeSet;

use domain::access::{Grant, ScopeKind};
use domain::moving::{MovedCount, Root};
use domain::people::Role;
use domain::place::{Area, Household};
use domain::protocol::{MOVED_HOUSEHOLDS_MAX, MoveReply, MoveRequest, WhatMoves};
use domain::{DocId, Document, Kind};

use crate::area_cache::AreaCache;
use crate::error::Error;
use crate::store::{SecretHash, Store, Stored, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::loaded::Loaded;
use crate::sync::{self, Author, Session, carry, figures};

/// Households of one transaction: phones wait no longer than this takes.
const HOUSEHOLDS_AT_ONCE: usize = 100;

/// Moves what is asked for, if this device's member may. A large split goes in several transactions; asked for again, it
/// goes on where it stopped.
pub async fn execute<S: Store>(
    store: &S,
    cache: &AreaCache,
    token: SecretHash,
    request: &MoveRequest,
    now_ms: u64,
) -> Result<MoveReply, Error> {
    let parts: Vec<Part> = match &request.what {
        WhatMoves::Resident(resident) => vec![Part::Resident(*resident)],
        WhatMoves::Household(household) => vec![Part::Households(vec![*household])],
        WhatMoves::Households(households) if households.len() > MOVED_HOUSEHOLDS_MAX => return Err(Error::TooLarge),
        WhatMoves::Households(households) => split(households),
        WhatMoves::Route(route) => {
            let mut tx = store.read().await?;
            let session = open(&mut tx, token, now_ms).await?;
            let households = of_route(&mut tx, &session.grant, *route).await?;
            tx.commit().await?;
            split(&households)
        }
    };
    let mut reply = MoveReply::default();
    for part in parts {
        let moved = move_part(store, cache, token, request, &part, now_ms).await?;
        reply.households += moved.households;
        reply.people += moved.people;
    }
    Ok(reply)
}

/// What is moved in one transaction.
enum Part {
    Households(Vec<DocId>),
    Resident(DocId),
}

impl Part {
    fn ids(&self) -> &[DocId] {
        match self {
            Part::Households(households) => households,
            Part::Resident(resident) => std::slice::from_ref(resident),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Part::Households(_) => Kind::Household,
            Part::Resident(_) => Kind::Resident,
        }
    }
}

fn split(households: &[DocId]) -> Vec<Part> {
    households.chunks(HOUSEHOLDS_AT_ONCE).map(|chunk| Part::Households(chunk.to_vec())).collect()
}

async fn open<T: Tx>(tx: &mut T, token: SecretHash, now_ms: u64) -> Result<Session, Error> {
    let session = sync::open(tx, token, now_ms).await?;
    if session.device.revoked.is_some() { Err(Error::DeviceUnknown) } else { Ok(session) }
}

/// Whoever answers for the area that is left; where it goes nobody is asked.
fn may_move_from(grant: &Grant, area: DocId) -> bool {
    grant.role == Role::Coordinator || (grant.role == Role::Lead && grant.areas.contains(&area))
}

async fn of_route<T: Tx>(tx: &mut T, grant: &Grant, route: DocId) -> Result<Vec<DocId>, Error> {
    let found = tx.documents(&[route]).await?.into_iter().next();
    let found = found.filter(|stored| stored.doc.kind == Kind::Route);
    let area = found.map(|stored| stored.scope).filter(|area| may_move_from(grant, *area));
    let area = area.ok_or(Error::CannotMove)?;
    let households = tx.documents_of(area, &Kind::Household).await?;
    let households = households.iter().filter_map(|stored| Household::read(&stored.doc));
    let on_route = households.filter(|household| household.route == Some(route) && household.moved_to.is_none());
    Ok(on_route.map(|household| household.id).collect())
}

async fn move_part<S: Store>(
    store: &S,
    cache: &AreaCache,
    token: SecretHash,
    request: &MoveRequest,
    part: &Part,
    now_ms: u64,
) -> Result<MovedCount, Error> {
    let mut tx = store.write().await?;
    let session = open(&mut tx, token, now_ms).await?;
    let (grant, to) = (&session.grant, request.to_area);
    let found = tx.documents(part.ids()).await?;
    let from = old_area(&mut tx, grant, part, &found, to).await?;
    check_new_area(&mut tx, grant, to).await?;
    check_new_household(&mut tx, to, request.to_household).await?;

    let commune = grant.commune;
    let locks = [commune, DocId::figures(commune), from, to];
    let mut ledger = Ledger::lock(&mut tx, session.instance.clone(), &locks, now_ms).await?;
    let mut loaded = Loaded::new(cache);
    loaded.load(&mut ledger, to).await?;
    let documents = &loaded.load(&mut ledger, from).await?.documents;
    let mut roots: BTreeSet<Root> = found.iter().map(|stored| Root::of(&stored.doc, from)).collect();
    let residents = documents.values().map(|(_, doc)| doc).filter(|doc| doc.kind == Kind::Resident);
    // Whoever may go along.
    roots.extend(residents.filter(|doc| domain::moving::tells_of_a_move(doc)).map(|doc| Root::of(doc, from)));
    let stamp = ledger.stamp();
    let mut areas = BTreeSet::from([from, to]);
    let (moved, changes) = loop {
        areas.extend(carry::load_copies(&mut ledger, &mut loaded, commune, &roots).await?);
        let mut plan = carry::plan(&loaded, areas.iter().copied());
        let moved = match part {
            Part::Households(households) => plan.move_households(from, households, to, stamp),
            Part::Resident(resident) => plan.move_resident(from, *resident, to, request.to_household, stamp),
        };
        if plan.rests_on().is_subset(&roots) {
            if let Some(id) = plan.taken().first() {
                tracing::error!(document = %id, "a move stopped: a copy's id is taken in the area itself");
                return Err(Error::CannotMove);
            }
            break (moved, plan.into_changes());
        }
        // More people are drawn along than was known: their areas are needed too.
        roots.extend(plan.rests_on());
    };
    let author = Author { member: Some(grant.member), install: session.device.install, action: "move" };
    if let Some(id) = carry::write(&mut ledger, &loaded, changes, author).await?.first() {
        tracing::error!(document = %id, "a move stopped: a copy's id is taken, or the copy is too large");
        return Err(Error::CannotMove);
    }
    let counted = figures::recount_loaded(&mut ledger, loaded, commune).await?;
    ledger.finish().await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(moved)
}

/// The one area in which all of this lives, if the member may move it away from there. What does not exist, what is out
/// of reach and what has moved already give one answer.
async fn old_area<T: Tx>(tx: &mut T, grant: &Grant, part: &Part, found: &[Stored], to: DocId) -> Result<DocId, Error> {
    let from = found.first().ok_or(Error::CannotMove)?.scope;
    let is_of_kind = found.iter().all(|stored| stored.doc.kind == part.kind() && stored.scope == from);
    let row = tx.scopes(&[from]).await?.into_iter().next().ok_or(Error::CannotMove)?;
    let is_own = row.kind == ScopeKind::Area && row.commune == grant.commune;
    let asked: BTreeSet<&DocId> = part.ids().iter().collect();
    let is_here = found.len() == asked.len() && found.iter().any(|stored| lives_here(&stored.doc));
    if is_of_kind && is_own && is_here && from != to && may_move_from(grant, from) {
        Ok(from)
    } else {
        Err(Error::CannotMove)
    }
}

fn lives_here(doc: &Document) -> bool {
    domain::moving::destination(doc).is_none()
}

/// An area of the commune in which people live.
async fn check_new_area<T: Tx>(tx: &mut T, grant: &Grant, to: DocId) -> Result<(), Error> {
    let stored = tx.documents(&[to]).await?.into_iter().next();
    let area = stored.filter(|stored| stored.scope == grant.commune).and_then(|stored| Area::read(&stored.doc));
    let has_scope = tx.scopes(&[to]).await?.iter().any(|row| row.kind == ScopeKind::Area);
    match area {
        Some(area) if has_scope && !area.kind.is_support_point() => Ok(()),
        _ => Err(Error::CannotMoveThere),
    }
}

async fn check_new_household<T: Tx>(tx: &mut T, to: DocId, household: Option<DocId>) -> Result<(), Error> {
    let Some(household) = household else { return Ok(()) };
    let stored = tx.documents(&[household]).await?.into_iter().next();
    let household = stored.filter(|stored| stored.scope == to).and_then(|stored| Household::read(&stored.doc));
    match household {
        Some(household) if household.moved_to.is_none() && !household.deleted => Ok(()),
        _ => Err(Error::CannotMoveThere),
    }
}
