//! What members have had stored today, in SQL.

use domain::quota::Used;
use domain::{Day, DocId};
use sqlx::SqliteConnection;

use super::rows::{blob, int, number};
use crate::store::StoreResult;

pub async fn find(connection: &mut SqliteConnection, member: DocId, day: Day) -> StoreResult<Used> {
    let found: Option<(i64, i64, i64)> =
        sqlx::query_as("SELECT documents, bytes, unknown FROM quota WHERE member = ? AND day = ?")
            .bind(blob(member))
            .bind(day.to_string())
            .fetch_optional(connection)
            .await?;
    let used = |(documents, bytes, unknown)| Used {
        documents: number(documents),
        bytes: number(bytes),
        unknown: number(unknown),
    };
    Ok(found.map(used).unwrap_or_default())
}

/// Replaces every other day of this member: only today is ever asked for.
pub async fn put(connection: &mut SqliteConnection, member: DocId, day: Day, used: Used) -> StoreResult<()> {
    sqlx::query("DELETE FROM quota WHERE member = ? AND day <> ?")
        .bind(blob(member))
        .bind(day.to_string())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT OR REPLACE INTO quota (member, day, documents, bytes, unknown) VALUES (?, ?, ?, ?, ?)")
        .bind(blob(member))
        .bind(day.to_string())
        .bind(int(used.documents))
        .bind(int(used.bytes))
        .bind(int(used.unknown))
        .execute(connection)
        .await?;
    Ok(())
}
