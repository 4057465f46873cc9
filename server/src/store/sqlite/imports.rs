//! Imports in SQLite.

use domain::DocId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::rows::{blob, id, int, number};
use super::tx::SqliteTx;
use crate::store::imports::{Import, Imports};
use crate::store::{StoreError, StoreResult};

/// batch, commune, area, member, file, counts, stamp, undo, `imported_ms`, `undone_ms`.
type Columns = (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, String, String, String, Option<String>, i64, Option<i64>);

const COLUMNS: &str = "batch, commune, area, member, file, counts, stamp, undo, imported_ms, undone_ms";

fn read(columns: Columns) -> StoreResult<Import> {
    let (batch, commune, area, member, file, counts, stamp, undo, imported_ms, undone_ms) = columns;
    Ok(Import {
        batch: id(&batch)?,
        commune: id(&commune)?,
        area: id(&area)?,
        member: id(&member)?,
        file,
        counts: of_json(&counts)?,
        stamp: stamp.parse().map_err(|_| StoreError::Corrupt("a stamp"))?,
        undo: undo.as_deref().map(of_json).transpose()?,
        imported_ms: number(imported_ms),
        undone_ms: undone_ms.map(number),
    })
}

fn of_json<T: DeserializeOwned>(text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt("an import"))
}

fn json(value: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Backend(Box::new(error)))
}

impl SqliteTx {
    async fn imports_where(&mut self, condition: &str, of: DocId, limit: i64) -> StoreResult<Vec<Import>> {
        let sql = format!("SELECT {COLUMNS} FROM imports WHERE {condition} = ? ORDER BY number DESC LIMIT ?");
        let found: Vec<Columns> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(blob(of)).bind(limit).fetch_all(self.connection()).await?;
        found.into_iter().map(read).collect()
    }
}

impl Imports for SqliteTx {
    async fn put_import(&mut self, import: &Import) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO imports
                 (batch, commune, area, member, file, counts, stamp, undo, imported_ms, undone_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (batch, area) DO UPDATE SET
                 counts = excluded.counts, stamp = excluded.stamp, undo = excluded.undo, undone_ms = excluded.undone_ms",
        )
        .bind(blob(import.batch))
        .bind(blob(import.commune))
        .bind(blob(import.area))
        .bind(blob(import.member))
        .bind(&import.file)
        .bind(json(&import.counts)?)
        .bind(import.stamp.to_string())
        .bind(import.undo.as_ref().map(json).transpose()?)
        .bind(int(import.imported_ms))
        .bind(import.undone_ms.map(int))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn imports_of(&mut self, commune: DocId, limit: usize) -> StoreResult<Vec<Import>> {
        self.imports_where("commune", commune, i64::try_from(limit).unwrap_or(i64::MAX)).await
    }

    async fn imports_of_batch(&mut self, batch: DocId) -> StoreResult<Vec<Import>> {
        self.imports_where("batch", batch, i64::MAX).await
    }

    async fn end_import(&mut self, batch: DocId, area: DocId, now_ms: u64) -> StoreResult<()> {
        sqlx::query("UPDATE imports SET undone_ms = ?, undo = NULL WHERE batch = ? AND area = ?")
            .bind(int(now_ms))
            .bind(blob(batch))
            .bind(blob(area))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn forget_undo(&mut self, imported_before_ms: u64) -> StoreResult<u64> {
        let forgotten = sqlx::query("UPDATE imports SET undo = NULL WHERE undo IS NOT NULL AND imported_ms < ?")
            .bind(int(imported_before_ms))
            .execute(self.connection())
            .await?;
        Ok(forgotten.rows_affected())
    }
}
