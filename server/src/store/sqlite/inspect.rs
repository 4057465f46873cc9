//! Reads a database file to judge it, without changing it: is it ours, is it whole, what does it hold.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use domain::digest::Digest;
use domain::{DocId, Document};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::audit;
use super::rows::{self, ScopeColumns};
use super::{MIGRATIONS, SqliteStore};
use crate::store::{Chain, ScopeRow};

/// The schema that brought the audit's chain.
const AUDIT_CHAIN_SINCE: usize = 8;
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Why a file cannot be used as our data.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    #[error("Không đọc được tệp. Kiểm tra lại tên tệp và quyền đọc")]
    Unreadable(#[from] std::io::Error),
    #[error("Tệp này không phải dữ liệu của Từng Nhà.")]
    Foreign,
    #[error("Tệp do một phiên bản mới hơn của chương trình ghi. Cập nhật chương trình rồi thử lại.")]
    Newer,
    #[error("Tệp bị hỏng, không dùng được. Chọn một bản sao lưu khác. ({0})")]
    Damaged(String),
}

/// What a database file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    pub epoch: String,
    pub bytes: u64,
    /// Each scope with the number of its documents. The fingerprints have been counted anew from the documents.
    pub scopes: BTreeMap<DocId, (ScopeRow, u64)>,
    /// The audit's chain, walked; `None` in files from before there was one. A broken one makes no file unfit: the people's
    /// records in it are as good as before, and without backups more would be lost than a log.
    pub audit: Option<Chain>,
}

impl Contents {
    pub fn documents(&self) -> u64 {
        self.scopes.values().map(|(_, documents)| documents).sum()
    }
}

impl SqliteStore {
    /// Checks the file from its first byte to the fingerprint of each scope. Nobody else may have it open.
    pub async fn inspect(path: &Path) -> Result<Contents, BadFile> {
        let mut start = [0; MAGIC.len()];
        let mut file = std::fs::File::open(path)?;
        let bytes = file.metadata()?.len();
        if file.read_exact(&mut start).is_err() || start != MAGIC {
            return Err(BadFile::Foreign);
        }
        drop(file);
        let mut connection = Self::options().filename(path).read_only(true).connect().await.map_err(damaged)?;
        let contents = read(&mut connection, bytes).await;
        // Nothing was written: there is nothing that closing could fail to keep.
        let _ = connection.close().await;
        contents
    }
}

async fn read(connection: &mut SqliteConnection, bytes: u64) -> Result<Contents, BadFile> {
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await.map_err(damaged)?;
    let ours: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema
         WHERE type = 'table' AND name IN ('instance', 'scopes', 'documents', 'devices', 'audit')",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(damaged)?;
    let version = usize::try_from(version).unwrap_or(0);
    if ours != 5 || version == 0 {
        return Err(BadFile::Foreign);
    }
    if version > MIGRATIONS.len() {
        return Err(BadFile::Newer);
    }
    let verdict: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *connection).await.map_err(damaged)?;
    if verdict != "ok" {
        return Err(BadFile::Damaged(verdict));
    }
    if sqlx::query("PRAGMA foreign_key_check").fetch_optional(&mut *connection).await.map_err(damaged)?.is_some() {
        return Err(BadFile::Damaged("foreign_key_check".to_owned()));
    }
    let epoch: Option<String> =
        sqlx::query_scalar("SELECT epoch FROM instance").fetch_optional(&mut *connection).await.map_err(damaged)?;
    let epoch = epoch.ok_or_else(|| BadFile::Damaged("instance".to_owned()))?;
    let found: Vec<ScopeColumns> = sqlx::query_as("SELECT id, kind, commune, seq, accepted, digest FROM scopes")
        .fetch_all(&mut *connection)
        .await
        .map_err(damaged)?;
    let mut scopes = BTreeMap::new();
    for columns in found {
        let row = rows::scope(columns).map_err(damaged)?;
        let documents = count(connection, &row).await?;
        scopes.insert(row.id, (row, documents));
    }
    let audit =
        if version < AUDIT_CHAIN_SINCE { None } else { Some(audit::walk(connection, None).await.map_err(damaged)?) };
    Ok(Contents { epoch, bytes, scopes, audit })
}

/// How many documents a scope has, all of them readable and together what its fingerprint says.
async fn count(connection: &mut SqliteConnection, row: &ScopeRow) -> Result<u64, BadFile> {
    let bodies: Vec<(String, String)> = sqlx::query_as("SELECT lower(hex(id)), body FROM documents WHERE scope = ?")
        .bind(rows::blob(row.id))
        .fetch_all(connection)
        .await
        .map_err(damaged)?;
    let mut digest = Digest::default();
    for (id, body) in &bodies {
        // The parser's own words quote the document, and these are for the log.
        let document: Document = serde_json::from_str(body).map_err(|_| BadFile::Damaged(format!("document {id}")))?;
        digest.add(&document);
    }
    if digest != row.digest {
        return Err(BadFile::Damaged(format!("digest {}", row.id)));
    }
    Ok(bodies.len() as u64)
}

fn damaged(error: impl std::fmt::Display) -> BadFile {
    BadFile::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin;
    use crate::store::{Store as _, Tx as _};
    use domain::access::ScopeKind;
    use domain::{InstallId, Kind};

    #[tokio::test]
    async fn a_document_that_cannot_be_read_is_named_by_its_id_and_never_quoted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.sqlite");
        let store = SqliteStore::open(&path).await.expect("a store");
        admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
        let commune = DocId::from_u128(0xc0);
        let doc = Document::description(DocId::from_u128(0xd0c), Kind::Household);
        let mut tx = store.write().await.expect("a transaction");
        tx.add_scope(&ScopeRow::new(commune, ScopeKind::Commune, commune)).await.expect("a scope");
        let stored = crate::store::Stored { scope: commune, seq: 1, accepted: 1, doc };
        tx.put_document(&stored).await.expect("written");
        tx.commit().await.expect("committed");
        for body in [r#""Nông Thị Mỷ 0900000003""#, r#"{"id":"Nông Thị Mỷ 0900000003"}"#] {
            sqlx::query("UPDATE documents SET body = ?").bind(body).execute(&store.writer).await.expect("written");
            let bad = SqliteStore::inspect(&path).await.expect_err("damaged");
            // As the regular backup puts it in the log.
            let told = format!("{:#}", anyhow::Error::from(crate::backup::BackupError::Bad(bad)));
            assert!(told.contains("00000d0c") && !told.contains("Mỷ") && !told.contains("0900000003"), "{told}");
        }
        store.close().await;
    }
}
