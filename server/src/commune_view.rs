//! All areas of a commune, one after the other: for what a coordinator asks of everybody at once.

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::place::{Area, AreaKind};
use domain::protocol::ListedPerson;
use domain::{Day, DocId, Document, Kind};

use crate::store::{Store, StoreResult, Stored, Tx};
use crate::sync::figures;
use crate::sync::ledger::Ledger;

/// Folds each area and hands it over. One area is in memory at a time, and all are of one moment.
pub async fn for_each_area<S: Store>(
    store: &S,
    commune: DocId,
    now_ms: u64,
    mut take: impl FnMut(&Area, &AreaView, &[Stored]) + Send,
) -> StoreResult<()> {
    let mut tx = store.read().await?;
    let campaigns = tx.documents_of(commune, &Kind::Campaign).await?;
    let campaign = Campaign::current(campaigns.iter().filter_map(|stored| Campaign::read(&stored.doc)));
    let campaign = campaign.unwrap_or_else(Campaign::asking_nothing);
    let areas = tx.documents_of(commune, &Kind::Area).await?;
    for area in areas.iter().filter_map(|stored| Area::read(&stored.doc)) {
        if area.kind == AreaKind::Commune {
            continue;
        }
        let documents = tx.all_documents(area.id).await?;
        let view = view_of(&documents, &campaign, now_ms);
        take(&area, &view, &documents);
    }
    tx.commit().await
}

fn view_of(documents: &[Stored], campaign: &Campaign, now_ms: u64) -> AreaView {
    let shown = documents.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
    AreaView::build(shown, campaign, Day::at_ms(now_ms))
}

/// One area as it is in a transaction that holds its lock.
pub async fn area_under_lock<T: Tx>(ledger: &mut Ledger<'_, T>, commune: DocId, area: DocId) -> StoreResult<AreaView> {
    let campaign = figures::current_campaign(ledger, commune).await?.unwrap_or_else(Campaign::asking_nothing);
    let documents = ledger.tx().all_documents(area).await?;
    Ok(view_of(&documents, &campaign, ledger.now_ms))
}

/// The documents themselves.
pub fn docs(documents: &[Stored]) -> impl Iterator<Item = &Document> {
    documents.iter().map(|stored| &stored.doc)
}

/// A resident as review screens show one.
pub fn listed_person(area: &Area, view: &AreaView, resident: DocId) -> Option<ListedPerson> {
    let person = view.residents.get(&resident)?;
    let home = view.household_of(resident).map(|door| &door.household);
    let phone = person.resident.phone.as_ref().or_else(|| home?.phone.as_ref());
    Some(ListedPerson {
        name: person.resident.name.clone(),
        birth_year: person.resident.birth_year,
        phone: phone.filter(|phone| !phone.is_empty()).cloned(),
        house_no: home.map_or_else(|| person.resident.address.clone(), |home| home.house_no.clone()),
        head: home.map(|home| home.head.clone()).unwrap_or_default(),
        area: area.id,
        area_name: area.name.clone(),
        steps: person.services.iter().flatten().map(|state| state.step).collect(),
        records: person.outcomes.len(),
    })
}
