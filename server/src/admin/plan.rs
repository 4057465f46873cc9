//! The commune's plan, set from the office.

use domain::campaign::Campaign;
use domain::{DocId, Document, Kind, Value};

use crate::area_cache::AreaCache;
use crate::store::{Store, StoreError, StoreResult, Stored, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};

/// Makes `plan` the plan of a commune, also in place of another: it is one document under one id, so that phones take it
/// for the same plan with other settings. Only what differs is written. Answers whether anything did.
pub async fn set_plan<S: Store>(
    store: &S,
    cache: &AreaCache,
    commune: DocId,
    plan: &Campaign,
    now_ms: u64,
) -> StoreResult<bool> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let author = Author { member: None, install: instance.clock.install(), action: "plan" };
    let mut locks = vec![commune, DocId::figures(commune)];
    locks.extend(tx.scopes_of(commune).await?.into_iter().map(|row| row.id));
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, now_ms).await?;

    let before = newest(ledger.tx().documents_of(commune, &Kind::Campaign).await?);
    let mut doc = match &before {
        Some(before) => before.doc.clone(),
        None => Document::description(DocId::derived(commune, &["campaign"]), Kind::Campaign),
    };
    let differs = |(name, value): &(String, Value)| doc.value(name) != Some(value);
    let changed: Vec<(String, Value)> = plan.to_fields().into_iter().filter(differs).collect();
    if changed.is_empty() {
        return Ok(false);
    }
    let stamp = ledger.stamp();
    // A coordinator's phone may be ahead of this clock by a little.
    let stamp = doc.newest_stamp().map_or(stamp, |newest| stamp.after(newest));
    for (name, value) in changed {
        doc.set(name, value, stamp);
    }
    ledger.put(commune, before.as_ref(), doc, author).await?;
    let counted = figures::recount(&mut ledger, cache, commune).await?;
    ledger.finish().await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(true)
}

/// The one that figures follow, as [`Campaign::current`] has it.
fn newest(plans: Vec<Stored>) -> Option<Stored> {
    plans
        .into_iter()
        .max_by_key(|stored| Campaign::read(&stored.doc).map(|plan| (plan.issued_on, plan.starts_on, plan.name)))
}
