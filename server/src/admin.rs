//! What the office's own commands do to the store: set it up, write documents in bulk, enrol and revoke phones, restore.

mod plan;
mod restored;

use std::collections::BTreeMap;

use domain::access::ScopeKind;
use domain::campaign::Campaign;
use domain::capsule::SecretKey;
use domain::merge::merge;
use domain::people::Member;
use domain::place::Commune;
use domain::protocol::{CheckNumber, DeviceLine};
use domain::{Clock, DocId, Document, InstallId, Kind};

use crate::area_cache::AreaCache;
use crate::devices::{self, By};
use crate::store::{
    AuditLine, Device, Instance, Revoked, ScopeRow, SecretHash, Store, StoreError, StoreResult, Stored, Tx,
};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};

pub use plan::set_plan;
pub use restored::{How, mark_restored, mark_restored_in};

/// Documents of one transaction of a bulk write: phones wait no longer than this takes.
const BULK_DOCUMENTS_MAX: usize = 2_000;

/// Gives a new database its identity from the caller's random bits; an existing one keeps its own.
pub async fn initialise<S: Store>(store: &S, epoch: u128, install: InstallId) -> StoreResult<()> {
    let mut tx = store.write().await?;
    if tx.instance().await?.is_none() {
        tx.set_instance(&Instance::new(epoch_text(epoch), Clock::new(install))).await?;
    }
    tx.commit().await
}

/// Gives a database that has none the key that opens capsules, from random bytes of the caller.
pub async fn ensure_capsule_key<S: Store>(store: &S, random: [u8; 32]) -> StoreResult<()> {
    let mut tx = store.write().await?;
    let mut instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    if instance.capsule_key.is_none() {
        instance.capsule_key = Some(SecretKey::from_bytes(random));
        tx.set_instance(&instance).await?;
    }
    tx.commit().await
}

/// Makes a commune's own scopes; its documents are written by `write_documents`.
pub async fn add_commune<S: Store>(store: &S, commune: DocId) -> StoreResult<()> {
    let mut tx = store.write().await?;
    tx.add_scope(&ScopeRow::new(commune, ScopeKind::Commune, commune)).await?;
    tx.add_scope(&ScopeRow::new(DocId::figures(commune), ScopeKind::Figures, commune)).await?;
    tx.commit().await
}

/// Writes documents into one scope without asking for rights: set-up, import, demo. They are merged, numbered, noted and
/// counted like any push; those that change nothing move nothing. Answers how many changed.
pub async fn write_documents<S: Store>(
    store: &S,
    cache: &AreaCache,
    scope: DocId,
    documents: &[Document],
    action: &'static str,
    now_ms: u64,
) -> StoreResult<usize> {
    let mut changed = 0;
    for part in documents.chunks(BULK_DOCUMENTS_MAX) {
        changed += write_part(store, cache, scope, part, action, now_ms).await?;
    }
    Ok(changed)
}

async fn write_part<S: Store>(
    store: &S,
    cache: &AreaCache,
    scope: DocId,
    documents: &[Document],
    action: &'static str,
    now_ms: u64,
) -> StoreResult<usize> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let commune = tx.scopes(&[scope]).await?.first().ok_or(StoreError::Corrupt("a missing scope"))?.commune;
    let mut locks = vec![scope, commune, DocId::figures(commune)];
    if scope == commune {
        locks.extend(tx.scopes_of(commune).await?.into_iter().map(|row| row.id));
    }
    let author = Author { member: None, install: instance.clock.install(), action };
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, now_ms).await?;
    let ids: Vec<DocId> = documents.iter().map(|doc| doc.id).collect();
    let mut known: BTreeMap<DocId, Stored> =
        ledger.tx().documents(&ids).await?.into_iter().map(|stored| (stored.doc.id, stored)).collect();
    let mut changed = 0;
    for doc in documents {
        let before = known.get(&doc.id);
        let home = before.map_or(scope, |before| before.scope);
        let merged = merge(before.map_or(doc, |before| &before.doc), doc);
        if before.is_some_and(|before| before.doc == merged) || ledger.scope(home).is_none() {
            continue;
        }
        let stored = ledger.put(home, before, merged, author).await?;
        known.insert(doc.id, stored);
        changed += 1;
    }
    let counted = figures::recount(&mut ledger, cache, commune).await?;
    ledger.finish().await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(changed)
}

/// Counts anew what was counted in another year or by an earlier version of this program. Answers how many areas.
pub async fn recount_outdated<S: Store>(store: &S, cache: &AreaCache, now_ms: u64) -> StoreResult<usize> {
    let mut tx = store.read().await?;
    let mut outdated = Vec::new();
    for commune in tx.communes().await? {
        let areas = figures::outdated(&mut tx, commune, now_ms).await?;
        outdated.extend(areas.into_iter().map(|area| (commune, area)));
    }
    tx.commit().await?;
    // One at a time: phones wait no longer than one area takes.
    for &(commune, area) in &outdated {
        let mut tx = store.write().await?;
        let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
        let mut ledger = Ledger::lock(&mut tx, instance, &[commune, DocId::figures(commune), area], now_ms).await?;
        ledger.recount_all();
        let counted = figures::recount(&mut ledger, cache, commune).await?;
        ledger.finish().await?;
        tx.commit().await?;
        for (area, documents) in counted {
            cache.put(area, documents);
        }
    }
    Ok(outdated.len())
}

/// Makes an install a device of a member, known by the hash of its token. The same install gets its old device back,
/// under the new token.
pub async fn enrol<S: Store>(
    store: &S,
    member: DocId,
    install: InstallId,
    token: SecretHash,
    device: DocId,
    now_ms: u64,
) -> StoreResult<()> {
    let mut tx = store.write().await?;
    enrol_in(&mut tx, member, install, token, device, None, now_ms).await?;
    tx.commit().await
}

pub(crate) async fn enrol_in<T: Tx>(
    tx: &mut T,
    member: DocId,
    install: InstallId,
    token: SecretHash,
    device: DocId,
    check: Option<CheckNumber>,
    now_ms: u64,
) -> StoreResult<()> {
    let known = tx.devices_of(member).await?.into_iter().find(|known| known.install == install);
    let device = match known {
        // Until it comes in under the new token nobody knows whether it has got it (`invite::redeem`).
        Some(known) => Device {
            token,
            last_seen_ms: 0,
            revoked: None,
            end_told_ms: None,
            active_ms: now_ms,
            check,
            checked: None,
            ..known
        },
        None => Device {
            id: device,
            token,
            member,
            install,
            created_ms: now_ms,
            // Long ago, so that its first request is noted.
            last_seen_ms: 0,
            unsent: 0,
            refused: 0,
            diverged: 0,
            app: String::new(),
            revoked: None,
            end_told_ms: None,
            active_ms: now_ms,
            check,
            checked: None,
        },
    };
    tx.put_device(&device).await?;
    let line = AuditLine {
        member: Some(member),
        install,
        action: "enrol",
        document: Some(device.id),
        scope: None,
        seq: None,
        people: None,
        received_ms: now_ms,
    };
    tx.audit(&line).await
}

/// Shuts out the phones of a member, and whoever holds an invite for one. Answers how many phones there were.
pub async fn revoke_devices<S: Store>(store: &S, member: DocId, reason: Revoked, now_ms: u64) -> StoreResult<usize> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let devices = tx.devices_of(member).await?;
    let by = By { member: None, install: instance.clock.install() };
    devices::end(&mut tx, &instance, &devices, reason, by, now_ms).await?;
    tx.end_invites(member, now_ms).await?;
    tx.commit().await?;
    Ok(devices.len())
}

/// A member's phones as they are told to people.
pub async fn devices<S: Store>(store: &S, member: DocId, now_ms: u64) -> StoreResult<Vec<DeviceLine>> {
    let mut tx = store.read().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let devices = tx.devices_of(member).await?;
    tx.commit().await?;
    Ok(devices::lines(devices, &instance, None, now_ms))
}

/// Says at the server's own keyboard that the phone with this check number is the one that was invited. False when none
/// of the member's phones waits for it; of two with one number nobody can say which was meant.
pub async fn confirm_device<S: Store>(store: &S, member: DocId, check: CheckNumber, now_ms: u64) -> StoreResult<bool> {
    let mut tx = store.write().await?;
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let devices = tx.devices_of(member).await?;
    let mut waiting = devices
        .iter()
        .filter(|device| device.revoked.is_none() && device.checked.is_none() && device.check == Some(check));
    let (Some(device), None) = (waiting.next(), waiting.next()) else { return Ok(false) };
    let by = By { member: None, install: instance.clock.install() };
    devices::confirm(&mut tx, device, by, now_ms).await?;
    tx.commit().await?;
    Ok(true)
}

/// Every commune of this database; one, as a rule. A province is none.
pub async fn communes<S: Store>(store: &S) -> StoreResult<Vec<Commune>> {
    let all = tenants(store).await?;
    Ok(all.into_iter().filter(|commune| !commune.is_province()).collect())
}

/// Whom a plan can be for: a plan that lists communes is a province's.
pub async fn tenants_of_plan<S: Store>(store: &S, plan: &Campaign) -> StoreResult<Vec<Commune>> {
    let all = tenants(store).await?;
    Ok(all.into_iter().filter(|tenant| tenant.is_province() != plan.units.is_empty()).collect())
}

async fn tenants<S: Store>(store: &S) -> StoreResult<Vec<Commune>> {
    let mut tx = store.read().await?;
    let ids = tx.communes().await?;
    let stored = tx.documents(&ids).await?;
    tx.commit().await?;
    Ok(stored.iter().filter_map(|stored| Commune::read(&stored.doc)).collect())
}

/// Everyone on the teams of every commune, with the commune.
pub async fn members<S: Store>(store: &S) -> StoreResult<Vec<(DocId, Member)>> {
    let mut tx = store.read().await?;
    let mut members = Vec::new();
    for commune in tx.communes().await? {
        let stored = tx.documents_of(commune, &Kind::Member).await?;
        members.extend(stored.iter().filter_map(|stored| Member::read(&stored.doc)).map(|member| (commune, member)));
    }
    tx.commit().await?;
    Ok(members)
}

/// A line of the audit about the whole database.
pub(crate) fn note(instance: &Instance, action: &'static str, now_ms: u64) -> AuditLine {
    AuditLine {
        member: None,
        install: instance.clock.install(),
        action,
        document: None,
        scope: None,
        seq: None,
        people: None,
        received_ms: now_ms,
    }
}

fn epoch_text(bits: u128) -> String {
    format!("{bits:032x}")
}
