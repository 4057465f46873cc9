//! The log of lists that left the program, in SQL.

use domain::DocId;
use domain::handout::Reason;
use sqlx::SqliteConnection;

use super::rows::{blob, id, int, number};
use crate::store::{HandoutKind, HandoutRow, StoreError, StoreResult};

const COLUMNS: &str = "SELECT number, id, commune, member, what, subject, route, reason, words, with_phones, people_count, lines, created_ms FROM handouts";

/// In the order of `COLUMNS`.
type Columns =
    (i64, Vec<u8>, Vec<u8>, Vec<u8>, String, Vec<u8>, Option<Vec<u8>>, String, String, i64, i64, Vec<u8>, i64);

pub async fn put(connection: &mut SqliteConnection, row: &HandoutRow) -> StoreResult<()> {
    let (what, subject, route, with_phones, lines) = match &row.what {
        HandoutKind::Helped { member, with_phones } => ("helped", *member, None, *with_phones, Vec::new()),
        HandoutKind::Doors { area, route, lines } => {
            ("doors", *area, *route, false, lines.iter().flat_map(|id| *id.as_bytes()).collect())
        }
    };
    sqlx::query(
        "INSERT INTO handouts (number, id, commune, member, what, subject, route, reason, words, with_phones,
             people_count, lines, created_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(int(row.number))
    .bind(blob(row.id))
    .bind(blob(row.commune))
    .bind(blob(row.member))
    .bind(what)
    .bind(blob(subject))
    .bind(route.map(blob))
    .bind(row.reason.name())
    .bind(&row.words)
    .bind(i64::from(with_phones))
    .bind(int(row.people))
    .bind(lines)
    .bind(int(row.created_ms))
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn find(connection: &mut SqliteConnection, wanted: u64) -> StoreResult<Option<HandoutRow>> {
    let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE number = ?"));
    let found: Option<Columns> = sqlx::query_as(statement).bind(int(wanted)).fetch_optional(connection).await?;
    found.map(read).transpose()
}

pub async fn newest(connection: &mut SqliteConnection) -> StoreResult<Option<HandoutRow>> {
    let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY number DESC LIMIT 1"));
    let found: Option<Columns> = sqlx::query_as(statement).fetch_optional(connection).await?;
    found.map(read).transpose()
}

pub async fn of_commune(
    connection: &mut SqliteConnection,
    commune: DocId,
    limit: usize,
) -> StoreResult<Vec<HandoutRow>> {
    let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE commune = ? ORDER BY number DESC LIMIT ?"));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found: Vec<Columns> = sqlx::query_as(statement).bind(blob(commune)).bind(limit).fetch_all(connection).await?;
    found.into_iter().map(read).collect()
}

fn read(columns: Columns) -> StoreResult<HandoutRow> {
    let (number_column, own, commune, member, what, subject, route, reason, words, phones, people, lines, created) =
        columns;
    let what = match what.as_str() {
        "helped" => HandoutKind::Helped { member: id(&subject)?, with_phones: phones != 0 },
        "doors" => HandoutKind::Doors {
            area: id(&subject)?,
            route: route.as_deref().map(id).transpose()?,
            lines: lines.chunks(16).map(id).collect::<StoreResult<_>>()?,
        },
        _ => return Err(StoreError::Corrupt("a handout's kind")),
    };
    Ok(HandoutRow {
        number: number(number_column),
        id: id(&own)?,
        commune: id(&commune)?,
        member: id(&member)?,
        what,
        // A reason of a newer version is told by its words.
        reason: Reason::from_name(&reason).unwrap_or(Reason::Other),
        words,
        people: number(people),
        created_ms: number(created),
    })
}
