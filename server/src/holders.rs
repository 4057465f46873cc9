//! Đối chiếu: a provider's list against everyone of the commune, and what it comes to written down.

use std::collections::{BTreeMap, BTreeSet};

use domain::holders::{self, Match, Reconciled, Residents};
use domain::import::ListedHolder;
use domain::protocol::{
    HolderCandidate, HolderDoubt, HolderMatch, HoldersPreview, HoldersReply, HoldersRequest, ListedPerson,
};
use domain::{Day, DocId, Document, Kind, Value};

use crate::area_cache::AreaCache;
use crate::commune_view::{docs, for_each_area, listed_person};
use crate::readings::Reader;
use crate::store::{AuditLine, HolderDecision, Store, StoreError, StoreResult, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};

/// For whom and when.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    pub commune: DocId,
    pub member: DocId,
    pub install: domain::InstallId,
    pub now_ms: u64,
}

/// Everyone who may be meant, with what the review screen shows of them.
struct Known {
    residents: Residents,
    people: BTreeMap<DocId, ListedPerson>,
    decided: BTreeMap<DocId, bool>,
}

impl Known {
    async fn read<S: Store>(store: &S, desk: Desk) -> StoreResult<Self> {
        let mut known = Self { residents: Residents::default(), people: BTreeMap::new(), decided: BTreeMap::new() };
        for_each_area(store, desk.commune, desk.now_ms, |area, view, documents| {
            known.residents.add_area(area.id, &area.name, view, docs(documents));
            let people = view.people().filter_map(|person| {
                let id = person.resident.id;
                Some((id, listed_person(area, view, id)?))
            });
            known.people.extend(people);
        })
        .await?;
        let mut tx = store.read().await?;
        known.decided = tx.holder_decisions(desk.commune).await?.into_iter().collect();
        tx.commit().await?;
        Ok(known)
    }

    fn reconcile(&self, request: &HoldersRequest) -> Reconciled {
        holders::reconcile(&request.holders, request.step, &self.residents, |id| self.decided.get(&id).copied())
    }
}

/// Outcomes to be written: ids and fields.
type Records = Vec<(DocId, BTreeMap<String, Value>)>;

/// What the list would come to. Writes nothing but who looked.
pub async fn preview<S: Store>(store: &S, desk: Desk, request: &HoldersRequest) -> StoreResult<HoldersPreview> {
    let mut known = Known::read(store, desk).await?;
    let found = known.reconcile(request);
    let row = |position: usize| request.holders.get(position).map_or(position, |holder| holder.row);
    let rows = |positions: &[usize]| positions.iter().map(|position| row(*position)).collect::<Vec<_>>();
    let matches = |found: &[Match]| -> Vec<HolderMatch> {
        let one = |found: &Match| HolderMatch {
            row: row(found.holder),
            resident: found.resident,
            reasons: found.reasons.clone(),
        };
        found.iter().map(one).collect()
    };
    let doubt = |doubt: &holders::Doubt| HolderDoubt {
        row: row(doubt.holder),
        candidates: doubt
            .candidates
            .iter()
            .map(|candidate| HolderCandidate { resident: candidate.key, reasons: candidate.reasons.clone() })
            .collect(),
    };
    let of_one = [&found.certain, &found.being_helped, &found.taken_back];
    let mut named: BTreeSet<DocId> = of_one.into_iter().flatten().map(|found| found.resident).collect();
    named.extend(found.doubtful.iter().flat_map(|doubt| &doubt.candidates).map(|candidate| candidate.key));
    known.people.retain(|id, _| named.contains(id));
    Reader::at(desk).note(store, "read_holders", known.people.len()).await?;
    Ok(HoldersPreview {
        certain: matches(&found.certain),
        doubtful: found.doubtful.iter().map(doubt).collect(),
        already_known: rows(&found.already_known),
        repeated: rows(&found.repeated),
        being_helped: matches(&found.being_helped),
        taken_back: matches(&found.taken_back),
        unmatched: rows(&found.unmatched),
        people: known.people,
    })
}

/// Remembers the choices and records "đã có từ trước" for whoever is then certain. Judged anew: nothing is taken from the
/// preview, which may be old. One transaction an area, so that phones wait no longer than one area takes.
pub async fn write<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    request: &HoldersRequest,
) -> StoreResult<HoldersReply> {
    let mut known = Known::read(store, desk).await?;
    let chosen = choices(&known, request);
    remember(store, desk, &chosen).await?;
    known.decided.extend(chosen);
    let found = known.reconcile(request);
    let mut by_area: BTreeMap<DocId, Records> = BTreeMap::new();
    let (day, provider) = (Day::at_ms(desk.now_ms), request.provider.as_deref());
    for one in &found.certain {
        let (Some(person), Some(holder)) = (known.people.get(&one.resident), request.holders.get(one.holder)) else {
            continue;
        };
        let id = holders::outcome_id(known.residents.root(one.resident), request.step);
        let fields = holders::outcome_fields(holder, one.resident, desk.member, day, request.step, provider);
        by_area.entry(person.area).or_default().push((id, fields));
    }
    let mut recorded = 0;
    for (area, outcomes) in by_area {
        recorded += write_area(store, cache, desk, area, outcomes).await?;
    }
    Ok(HoldersReply {
        recorded,
        already_known: found.already_known.len() + found.certain.len() - recorded,
        doubtful: found.doubtful.len(),
        unmatched: found.unmatched.len(),
        left_alone: found.repeated.len() + found.being_helped.len() + found.taken_back.len(),
    })
}

/// The choices of the request as decisions. What names a row or a resident that is not there is passed over.
fn choices(known: &Known, request: &HoldersRequest) -> Vec<(DocId, bool)> {
    let rows: BTreeMap<usize, &ListedHolder> = request.holders.iter().map(|holder| (holder.row, holder)).collect();
    let decision = |choice: &domain::protocol::HolderChoice| {
        known.residents.get(choice.resident)?;
        let resident = known.residents.root(choice.resident);
        Some((holders::decision_id(rows.get(&choice.row)?, resident), choice.is_same))
    };
    request.choices.iter().filter_map(decision).collect()
}

async fn remember<S: Store>(store: &S, desk: Desk, chosen: &[(DocId, bool)]) -> StoreResult<()> {
    if chosen.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    for (id, is_same) in chosen {
        let decision = HolderDecision {
            id: *id,
            commune: desk.commune,
            is_same: *is_same,
            member: desk.member,
            decided_ms: desk.now_ms,
        };
        tx.put_holder_decision(&decision).await?;
    }
    let line = AuditLine {
        member: Some(desk.member),
        install: desk.install,
        action: "decide_holders",
        document: None,
        scope: Some(desk.commune),
        seq: None,
        people: None,
        received_ms: desk.now_ms,
    };
    tx.audit(&line).await?;
    tx.commit().await
}

/// Answers how many were new.
async fn write_area<S: Store>(
    store: &S,
    cache: &AreaCache,
    desk: Desk,
    area: DocId,
    outcomes: Records,
) -> StoreResult<usize> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let locks = [area, desk.commune, DocId::figures(desk.commune)];
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, desk.now_ms).await?;
    let ids: Vec<DocId> = outcomes.iter().map(|(id, _)| *id).collect();
    let known: BTreeSet<DocId> = ledger.tx().locate(&ids).await?.into_iter().map(|(id, _)| id).collect();
    let author = Author { member: Some(desk.member), install: desk.install, action: "reconcile" };
    let mut recorded = 0;
    for (id, fields) in outcomes.into_iter().filter(|(id, _)| !known.contains(id)) {
        let stamp = ledger.stamp();
        ledger.put(area, None, Document::fact(id, Kind::Outcome, stamp, fields), author).await?;
        recorded += 1;
    }
    let counted = figures::recount(&mut ledger, cache, desk.commune).await?;
    ledger.finish().await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(recorded)
}
