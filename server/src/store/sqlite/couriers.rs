//! Couriers in SQLite.

use domain::DocId;
use domain::capsule::CourierHash;
use sqlx::SqliteConnection;

use super::devices;
use super::rows::{self, blob, int};
use crate::store::{CourierRow, Device, StoreResult};

pub async fn find(connection: &mut SqliteConnection, hash: CourierHash) -> StoreResult<Option<(CourierRow, Device)>> {
    let courier: Option<(i64, bool)> = sqlx::query_as("SELECT told_ms, void FROM couriers WHERE hash = ?")
        .bind(hash.to_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    let device = devices::of_courier(connection, hash).await?;
    let (Some((told, is_void)), Some(device)) = (courier, device) else {
        return Ok(None);
    };
    Ok(Some((CourierRow { hash, device: device.id, told_ms: rows::number(told), is_void }, device)))
}

pub async fn put(connection: &mut SqliteConnection, courier: &CourierRow) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO couriers (hash, device, told_ms, void) VALUES (?, ?, ?, ?)
         ON CONFLICT (hash) DO UPDATE SET void = max(void, excluded.void) WHERE device = excluded.device",
    )
    .bind(courier.hash.to_bytes().to_vec())
    .bind(blob(courier.device))
    .bind(int(courier.told_ms))
    .bind(courier.is_void)
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn forget(connection: &mut SqliteConnection, device: DocId, keep: u32) -> StoreResult<()> {
    sqlx::query(
        "DELETE FROM couriers WHERE device = ?1 AND hash NOT IN
             (SELECT hash FROM couriers WHERE device = ?1 ORDER BY told_ms DESC, hash LIMIT ?2)",
    )
    .bind(blob(device))
    .bind(i64::from(keep))
    .execute(connection)
    .await?;
    Ok(())
}
