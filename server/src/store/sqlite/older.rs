//! A database that an older version of this program made is brought up to date when it is opened, and nothing of it is lost.

use domain::access::ScopeKind;
use domain::digest::Digest;
use domain::{Clock, DocId, Document, InstallId, Kind, Stamp, Value};
use sqlx::{ConnectOptions as _, Connection as _};

use super::rows::{blob, kind_name};
use super::{MIGRATIONS, SqliteStore};
use crate::store::{ScopeRow, SecretHash, Store as _, StoreResult, Tx as _};

const COMMUNE: DocId = DocId::from_u128(0xc0);
const AREA: DocId = DocId::from_u128(0xa);
const MEMBER: DocId = DocId::from_u128(0xe);
const TOKEN: SecretHash = SecretHash([7; 32]);

fn documents() -> Vec<(DocId, Document)> {
    let stamp = Stamp { ms: 1_790_000_000_000, counter: 0, install: InstallId(7) };
    let named = |id, kind, name: &str| Document::description(id, kind).with(stamp, [("name", Value::text(name))]);
    vec![
        (COMMUNE, named(COMMUNE, Kind::Commune, "Xã Thử")),
        (COMMUNE, named(AREA, Kind::Area, "Bản 1")),
        (COMMUNE, named(MEMBER, Kind::Member, "Lý A")),
        (AREA, named(DocId::from_u128(0x100), Kind::Resident, "Nông Thị Mỷ")),
        (AREA, named(DocId::from_u128(0x101), Kind::Resident, "Nông Văn Páo")),
    ]
}

/// A database as the version with the first `applied` migrations would have left it.
async fn make(path: &std::path::Path, applied: usize) -> StoreResult<()> {
    let mut connection = SqliteStore::options().filename(path).create_if_missing(true).connect().await?;
    for migration in &MIGRATIONS[..applied] {
        sqlx::raw_sql(*migration).execute(&mut connection).await?;
    }
    let statement = format!("PRAGMA user_version = {applied}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    let clock = serde_json::to_string(&Clock::new(InstallId(1))).expect("JSON");
    sqlx::query("INSERT INTO instance (one, epoch, clock) VALUES (1, 'e0', ?)")
        .bind(clock)
        .execute(&mut connection)
        .await?;
    for (scope, kind) in [(COMMUNE, ScopeKind::Commune), (AREA, ScopeKind::Area)] {
        let own: Vec<Document> =
            documents().into_iter().filter(|(of, _)| *of == scope).map(|(_, document)| document).collect();
        let count = i64::try_from(own.len()).expect("few");
        sqlx::query("INSERT INTO scopes (id, kind, commune, seq, accepted, digest) VALUES (?1, ?2, ?3, ?4, ?4, ?5)")
            .bind(blob(scope))
            .bind(kind_name(kind))
            .bind(blob(COMMUNE))
            .bind(count)
            .bind(Digest::of(&own).to_bytes().to_vec())
            .execute(&mut connection)
            .await?;
        for (number, document) in (1_i64..).zip(&own) {
            sqlx::query("INSERT INTO documents (id, scope, kind, seq, accepted, body) VALUES (?1, ?2, ?3, ?4, ?4, ?5)")
                .bind(blob(document.id))
                .bind(blob(scope))
                .bind(document.kind.name())
                .bind(number)
                .bind(serde_json::to_string(document).expect("JSON"))
                .execute(&mut connection)
                .await?;
        }
    }
    sqlx::query(
        "INSERT INTO devices (id, token_hash, member, install, created_ms, last_seen_ms) VALUES (?, ?, ?, '7', 1, 2)",
    )
    .bind(blob(DocId::from_u128(0xde)))
    .bind(TOKEN.0.to_vec())
    .bind(blob(MEMBER))
    .execute(&mut connection)
    .await?;
    sqlx::query("INSERT INTO audit (install, action, received_ms) VALUES ('7', 'create', 1)")
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

#[tokio::test]
async fn a_database_of_every_older_version_is_updated_and_keeps_everything() -> StoreResult<()> {
    for applied in 1..=MIGRATIONS.len() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.sqlite");
        make(&path, applied).await?;
        let before = SqliteStore::inspect(&path).await.expect("a restore takes it as it is");

        let store = SqliteStore::open(&path).await?;
        let mut tx = store.read().await?;
        for scope in [COMMUNE, AREA] {
            let stored: Vec<(DocId, Document)> =
                tx.all_documents(scope).await?.into_iter().map(|stored| (stored.scope, stored.doc)).collect();
            let wanted: Vec<(DocId, Document)> = documents().into_iter().filter(|(of, _)| *of == scope).collect();
            assert_eq!(stored, wanted, "{applied}");
        }
        let device = tx.device(TOKEN).await?.expect("its phone");
        assert_eq!((device.member, device.last_seen_ms, tx.audit_count().await?), (MEMBER, 2, 1), "{applied}");
        // What came with later versions is there, and empty.
        assert!(tx.instance().await?.is_some_and(|instance| instance.epoch == "e0" && instance.capsule_key.is_none()));
        assert_eq!((tx.left_areas(MEMBER).await?, tx.newest_handout().await?), (Vec::new(), None), "{applied}");
        tx.commit().await?;
        let mut tx = store.write().await?;
        tx.add_scope(&ScopeRow::new(DocId::from_u128(0xb), ScopeKind::Area, COMMUNE)).await?;
        tx.commit().await?;
        store.close().await;

        let after = SqliteStore::inspect(&path).await.expect("whole");
        assert_eq!((after.documents(), after.scopes.len()), (before.documents(), 3), "{applied}");
        for (id, scope) in &before.scopes {
            assert_eq!(after.scopes.get(id), Some(scope), "{applied}");
        }
    }
    Ok(())
}
