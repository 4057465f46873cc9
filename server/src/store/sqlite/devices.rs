//! Phones in SQLite.

use domain::DocId;
use domain::capsule::CourierHash;
use domain::protocol::CheckNumber;
use sqlx::SqliteConnection;

use super::rows::{self, blob, int};
use crate::store::{Checked, Device, Revoked, SecretHash, StoreResult};

/// id, token hash, member, install, created, last seen, unsent, refused, app, revoked, told of it, active, check number,
/// checked by, checked at, diverged.
type Columns = (
    Vec<u8>,
    Vec<u8>,
    Vec<u8>,
    String,
    i64,
    i64,
    i64,
    i64,
    String,
    Option<String>,
    Option<i64>,
    i64,
    Option<i64>,
    Option<Vec<u8>>,
    Option<i64>,
    i64,
);

macro_rules! devices_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, token_hash, member, install, created_ms, last_seen_ms, unsent, refused, app, revoked, end_told_ms,
                 active_ms, check_number, checked_by, checked_ms, diverged
             FROM devices WHERE ",
            $condition
        )
    };
}

pub async fn find(connection: &mut SqliteConnection, token: SecretHash) -> StoreResult<Option<Device>> {
    let found: Option<Columns> =
        sqlx::query_as(devices_where!("token_hash = ?")).bind(token.0.to_vec()).fetch_optional(connection).await?;
    found.map(device).transpose()
}

pub async fn of_member(connection: &mut SqliteConnection, member: DocId) -> StoreResult<Vec<Device>> {
    let found: Vec<Columns> =
        sqlx::query_as(devices_where!("member = ? ORDER BY id")).bind(blob(member)).fetch_all(connection).await?;
    found.into_iter().map(device).collect()
}

pub async fn of_courier(connection: &mut SqliteConnection, hash: CourierHash) -> StoreResult<Option<Device>> {
    let found: Option<Columns> = sqlx::query_as(devices_where!("id = (SELECT device FROM couriers WHERE hash = ?)"))
        .bind(hash.to_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    found.map(device).transpose()
}

pub async fn put(connection: &mut SqliteConnection, device: &Device) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO devices
             (id, token_hash, member, install, created_ms, last_seen_ms, unsent, refused, app, revoked, end_told_ms,
              active_ms, check_number, checked_by, checked_ms, diverged)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
             token_hash = excluded.token_hash, install = excluded.install, last_seen_ms = excluded.last_seen_ms,
             unsent = excluded.unsent, refused = excluded.refused, app = excluded.app, revoked = excluded.revoked,
             end_told_ms = excluded.end_told_ms, active_ms = excluded.active_ms, check_number = excluded.check_number,
             checked_by = excluded.checked_by, checked_ms = excluded.checked_ms, diverged = excluded.diverged",
    )
    .bind(blob(device.id))
    .bind(device.token.0.to_vec())
    .bind(blob(device.member))
    .bind(rows::install_text(device.install))
    .bind(int(device.created_ms))
    .bind(int(device.last_seen_ms))
    .bind(i64::from(device.unsent))
    .bind(i64::from(device.refused))
    .bind(&device.app)
    .bind(device.revoked.map(revoked_name))
    .bind(device.end_told_ms.map(int))
    .bind(int(device.active_ms))
    .bind(device.check.map(|check| i64::from(check.get())))
    .bind(device.checked.and_then(|checked| checked.by).map(blob))
    .bind(device.checked.map(|checked| int(checked.at_ms)))
    .bind(i64::from(device.diverged))
    .execute(connection)
    .await?;
    Ok(())
}

fn device(columns: Columns) -> StoreResult<Device> {
    let (
        id,
        token,
        member,
        install,
        created,
        seen,
        unsent,
        refused,
        app,
        revoked,
        told,
        active,
        check,
        by,
        checked,
        diverged,
    ) = columns;
    let checked = match checked {
        Some(at_ms) => Some(Checked { by: by.map(|by| rows::id(&by)).transpose()?, at_ms: rows::number(at_ms) }),
        None => None,
    };
    Ok(Device {
        id: rows::id(&id)?,
        token: rows::secret(token)?,
        member: rows::id(&member)?,
        install: rows::install(&install)?,
        created_ms: rows::number(created),
        last_seen_ms: rows::number(seen),
        unsent: u32::try_from(unsent).unwrap_or(u32::MAX),
        refused: u32::try_from(refused).unwrap_or(u32::MAX),
        diverged: u32::try_from(diverged).unwrap_or(u32::MAX),
        app,
        revoked: revoked.map(|reason| match reason.as_str() {
            "lost" => Revoked::Lost,
            // Also an unknown word, from a newer version: the phone stays out, but nothing is deleted unsent.
            _ => Revoked::Left,
        }),
        end_told_ms: told.map(rows::number),
        active_ms: rows::number(active),
        check: check.and_then(|check| u32::try_from(check).ok()).map(CheckNumber::of),
        checked,
    })
}

fn revoked_name(revoked: Revoked) -> &'static str {
    match revoked {
        Revoked::Left => "left",
        Revoked::Lost => "lost",
    }
}
