//! Which couriers a device has told: who has the secret of one may bring that device's capsules.

use domain::capsule::CourierNote;

use super::{SyncError, open};
use crate::store::{CourierRow, Device, SecretHash, Store, StoreResult, Tx};

/// A phone has one, and another after its clock ran ahead; more than this is nobody's honest need.
const COURIERS_MAX: u32 = 16;

/// Whether everything that the note says is known; `None` without a note.
pub async fn is_known<T: Tx>(tx: &mut T, device: &Device, note: Option<CourierNote>) -> StoreResult<Option<bool>> {
    let Some(note) = note else { return Ok(None) };
    let own = |found: Option<(CourierRow, Device)>| found.filter(|(_, of)| of.id == device.id).map(|(row, _)| row);
    let is_told = own(tx.courier(note.hash).await?).is_some();
    let is_void_told = match note.void {
        Some(void) => own(tx.courier(void).await?).is_some_and(|row| row.is_void),
        None => true,
    };
    Ok(Some(is_told && is_void_told))
}

/// Notes what the phone says, in the transaction of its request. True when the server knows its courier now.
pub async fn note<T: Tx>(tx: &mut T, device: &Device, note: Option<CourierNote>, now_ms: u64) -> StoreResult<bool> {
    let (Some(note), false) = (note, is_known(tx, device, note).await? == Some(true)) else {
        return Ok(note.is_some());
    };
    let row = |hash, is_void| CourierRow { hash, device: device.id, told_ms: now_ms, is_void };
    if let Some(void) = note.void {
        tx.put_courier(&row(void, true)).await?;
    }
    tx.put_courier(&row(note.hash, false)).await?;
    tx.forget_couriers(device.id, COURIERS_MAX).await?;
    // Not so when the hash is another device's.
    Ok(is_known(tx, device, Some(note)).await? == Some(true))
}

/// The same after a request that only reads.
pub async fn note_apart<S: Store>(
    store: &S,
    token: SecretHash,
    told: Option<CourierNote>,
    now_ms: u64,
) -> Result<bool, SyncError> {
    let mut tx = store.write().await?;
    let session = open(&mut tx, token, now_ms).await?;
    if session.device.revoked.is_some() {
        return Ok(false);
    }
    let is_known = note(&mut tx, &session.device, told, now_ms).await?;
    tx.commit().await?;
    Ok(is_known)
}
