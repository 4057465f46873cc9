//! From communes to their province: figures only, copied as sums, apart from the communes' own exchanges, so that no phone
//! ever waits for a province.

use std::collections::BTreeMap;

use domain::daily::Daily;
use domain::place::Area;
use domain::summary::Summary;
use domain::{DocId, Kind};

use crate::store::{Store, StoreError, StoreResult, Tx};
use crate::sync::figures::{Counted, write_figures};
use crate::sync::ledger::Ledger;

/// Up to which number of a commune's figures its province has them.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<DocId, u64>);

/// A commune that a province counts, and that reports to it.
struct Link {
    province: DocId,
    area: DocId,
    commune: DocId,
    /// The newest number of the commune's figures.
    seq: u64,
}

/// Copies the figures of every commune that has new ones to its province. Answers how many were copied.
pub async fn roll_up<S: Store>(store: &S, known: &mut Known, now_ms: u64) -> StoreResult<usize> {
    let mut tx = store.read().await?;
    let links = links(&mut tx).await?;
    tx.commit().await?;
    let mut copied = 0;
    for link in links {
        if known.0.get(&link.area) != Some(&link.seq) {
            copied += usize::from(copy(store, &link, now_ms).await?);
            known.0.insert(link.area, link.seq);
        }
    }
    Ok(copied)
}

async fn links<T: Tx>(tx: &mut T) -> StoreResult<Vec<Link>> {
    let communes = tx.communes().await?;
    let mut links = Vec::new();
    for &province in &communes {
        let areas = tx.documents_of(province, &Kind::Area).await?;
        for area in areas.iter().filter_map(|stored| Area::read(&stored.doc)) {
            let Some(commune) = area.commune.filter(|commune| communes.contains(commune) && *commune != province)
            else {
                continue;
            };
            // Both must name each other: nobody takes another commune's figures, and nobody gives theirs unasked.
            let own = tx.documents(&[commune]).await?;
            if !own.iter().any(|stored| stored.doc.link("reports_to") == Some(province)) {
                continue;
            }
            let figures = tx.scopes(&[DocId::figures(commune)]).await?;
            let seq = figures.first().map_or(0, |row| row.seq);
            links.push(Link { province, area: area.id, commune, seq });
        }
    }
    Ok(links)
}

/// False when the commune has nothing counted yet: nothing is not zero.
async fn copy<S: Store>(store: &S, link: &Link, now_ms: u64) -> StoreResult<bool> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let figures = DocId::figures(link.commune);
    let mut counted = Counted { summary: Summary::default(), daily: Daily::default() };
    let summaries = tx.documents_of(figures, &Kind::Summary).await?;
    let summaries: Vec<Summary> =
        summaries.iter().filter_map(|stored| Summary::read(&stored.doc)).map(|(_, summary)| summary).collect();
    if summaries.is_empty() {
        return Ok(false);
    }
    for summary in &summaries {
        counted.summary.add(summary);
    }
    for stored in tx.documents_of(figures, &Kind::Daily).await? {
        if let Some((_, month)) = Daily::read(&stored.doc) {
            counted.daily.add(&month);
        }
    }
    // Ids of routes and members mean nothing outside their commune.
    counted.summary.routes.clear();
    counted.summary.members.clear();
    let mut ledger = Ledger::lock(&mut tx, instance, &[DocId::figures(link.province)], now_ms).await?;
    write_figures(&mut ledger, link.province, link.area, &counted).await?;
    ledger.finish().await?;
    tx.commit().await?;
    Ok(true)
}
