//! The store in SQLite: one file in WAL mode, one writing connection, a few that read.

mod audit;
mod couriers;
mod devices;
mod handouts;
mod imports;
mod inspect;
mod quota;
mod rows;
mod tx;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteOwnedBuf, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

use super::{Store, StoreError, StoreResult};
pub use inspect::{BadFile, Contents};
pub use tx::SqliteTx;

/// Below this a bug in WAL can corrupt the file when a checkpoint meets a writer.
const VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
const READERS: u32 = 4;
const BUSY_MS: u64 = 5_000;

/// Applied in order, each once; `user_version` counts them.
const MIGRATIONS: [&str; 11] = [
    include_str!("../../migrations/sqlite/0001_start.sql"),
    include_str!("../../migrations/sqlite/0002_imports.sql"),
    include_str!("../../migrations/sqlite/0003_holders.sql"),
    include_str!("../../migrations/sqlite/0004_moves.sql"),
    include_str!("../../migrations/sqlite/0005_handouts.sql"),
    include_str!("../../migrations/sqlite/0006_couriers.sql"),
    include_str!("../../migrations/sqlite/0007_end_told.sql"),
    include_str!("../../migrations/sqlite/0008_devices_audit.sql"),
    include_str!("../../migrations/sqlite/0009_quota.sql"),
    include_str!("../../migrations/sqlite/0010_clock.sql"),
    include_str!("../../migrations/sqlite/0011_diverged.sql"),
];

#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// `None` for a store in memory.
    file: Option<PathBuf>,
}

impl SqliteStore {
    /// Opens the file, makes it when it is not there, and brings it to the newest schema.
    pub async fn open(path: &Path) -> StoreResult<Self> {
        make_private(path)?;
        let options = Self::options()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Said, not assumed: what was answered "ok" must survive a power cut.
            .synchronous(synchronous());
        let writer = Self::mended(Self::pool(1)).connect_with(options.clone()).await?;
        let readers = Self::mended(Self::pool(READERS)).connect_lazy_with(options.pragma("query_only", "ON"));
        let store = Self { writer, readers, file: Some(path.to_owned()) };
        store.prepare().await?;
        Ok(store)
    }

    /// A store that is gone with the process. Reads and writes share its one connection.
    pub async fn in_memory() -> StoreResult<Self> {
        let store = Self::in_memory_unprepared().await?;
        store.prepare().await?;
        Ok(store)
    }

    /// A store in memory with the contents of a `snapshot`.
    pub async fn in_memory_from(snapshot: &[u8]) -> StoreResult<Self> {
        let store = Self::in_memory_unprepared().await?;
        let mut connection = store.writer.acquire().await?;
        connection.deserialize(None, SqliteOwnedBuf::try_from(snapshot)?, false).await?;
        drop(connection);
        store.prepare().await?;
        Ok(store)
    }

    /// The whole contents of a store in memory, for `in_memory_from`.
    pub async fn snapshot(&self) -> StoreResult<Vec<u8>> {
        let mut connection = self.writer.acquire().await?;
        Ok(connection.serialize(None).await?.to_vec())
    }

    /// Copies the database to a new file, while it is in use, as it is at one moment. `backup::make` also sees to it that
    /// the copy is whole and on the disk.
    pub async fn backup_to(&self, path: &Path) -> StoreResult<()> {
        make_private(path)?;
        let path = path.to_str().ok_or(StoreError::Corrupt("a path"))?;
        let file = self.file.as_ref().ok_or(StoreError::Corrupt("nothing to copy: it is in memory"))?;
        // A connection of its own: on the one that writes, every phone would wait for the whole copy.
        let mut connection = Self::options().filename(file).connect().await?;
        let copied = sqlx::query("VACUUM INTO ?").bind(path).execute(&mut connection).await;
        connection.close().await?;
        copied?;
        Ok(())
    }

    /// Writes everything into the one file and lets go of it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    fn options() -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .busy_timeout(Duration::from_millis(BUSY_MS))
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            // A page of an area, so that SQLite's thread hands it over without waiting for its reader.
            .row_buffer_size(512)
            .disable_statement_logging()
    }

    fn pool(size: u32) -> SqlitePoolOptions {
        SqlitePoolOptions::new()
            .min_connections(u32::from(size == 1))
            .max_connections(size)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(20))
    }

    /// When the disk is full, SQLite ends the transaction by itself; sqlx then fails to end it, and would refuse every later
    /// one on that connection. So a connection that comes back inside a transaction is replaced by a new one.
    fn mended(pool: SqlitePoolOptions) -> SqlitePoolOptions {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                // Waits for the rollback that a dropped transaction has ordered.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
    }

    async fn in_memory_unprepared() -> StoreResult<Self> {
        let pool = Self::pool(1).connect_with(Self::options().in_memory(true)).await?;
        Ok(Self { writer: pool.clone(), readers: pool, file: None })
    }

    async fn prepare(&self) -> StoreResult<()> {
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&self.writer).await?;
        if parse_version(&version).is_none_or(|version| version < VERSION_MIN) {
            let (major, minor, patch) = VERSION_MIN;
            return Err(StoreError::Backend(
                format!("SQLite {version} can damage its file; {major}.{minor}.{patch} or newer is needed").into(),
            ));
        }
        let mut tx = Self::begin_immediate(&self.writer).await?;
        let applied: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *tx).await?;
        let applied = usize::try_from(applied).unwrap_or(usize::MAX);
        if applied > MIGRATIONS.len() {
            return Err(StoreError::Backend("the database was written by a newer version of this program".into()));
        }
        for migration in &MIGRATIONS[applied..] {
            sqlx::raw_sql(*migration).execute(&mut *tx).await?;
        }
        if applied < MIGRATIONS.len() {
            // A pragma takes no parameters; the number is ours.
            let statement = format!("PRAGMA user_version = {}", MIGRATIONS.len());
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The only place where a writing transaction begins. It takes the lock at once: one that begins by reading and
    /// then wants to write fails under load.
    async fn begin_immediate(pool: &SqlitePool) -> StoreResult<sqlx::Transaction<'static, sqlx::Sqlite>> {
        Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

#[cfg(not(feature = "planted"))]
fn synchronous() -> SqliteSynchronous {
    SqliteSynchronous::Full
}

/// In a program built for tests `NORMAL` can be planted: power cuts must be seen to lose something then.
#[cfg(feature = "planted")]
fn synchronous() -> SqliteSynchronous {
    if std::env::var_os("TUNG_NHA_PLANT_SYNCHRONOUS_NORMAL").is_some() {
        SqliteSynchronous::Normal
    } else {
        SqliteSynchronous::Full
    }
}

/// Makes the file, empty and for this user alone, before SQLite makes it for everybody: it holds names and numbers.
fn make_private(path: &Path) -> StoreResult<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| StoreError::Backend(Box::new(error)))
}

impl Store for SqliteStore {
    type Tx = SqliteTx;

    async fn write(&self) -> StoreResult<SqliteTx> {
        Ok(SqliteTx::new(Self::begin_immediate(&self.writer).await?))
    }

    async fn read(&self) -> StoreResult<SqliteTx> {
        Ok(SqliteTx::new(self.readers.begin_with("BEGIN").await?))
    }
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        const SQLITE_BUSY: u32 = 5;
        const SQLITE_FULL: u32 = 13;
        /// The lowest byte says what, the others say where: "busy" has three numbers more while a server starts.
        const WHAT: u32 = 0xff;
        let code = match &error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Database(database) => database.code().and_then(|code| code.parse::<u32>().ok()),
            _ => None,
        };
        match code.map(|code| code & WHAT) {
            Some(SQLITE_FULL) => Self::Full,
            Some(SQLITE_BUSY) => Self::Busy,
            _ => Self::Backend(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod full;
#[cfg(test)]
mod older;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::conformance_tests;

    conformance_tests!(SqliteStore::in_memory().await.expect("a store"));

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse_version("3.51.3"), Some(VERSION_MIN));
        assert!(parse_version("3.100.0") > Some(VERSION_MIN));
        assert!(parse_version("3.9.4") < Some(VERSION_MIN));
        assert_eq!(parse_version("mới"), None);
    }

    #[tokio::test]
    async fn what_is_committed_to_a_file_survives_a_power_cut_by_its_settings() -> StoreResult<()> {
        let folder = std::env::temp_dir().join(format!("tung-nha-settings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let store = SqliteStore::open(&folder.join("test.sqlite")).await?;
        let full = 2_i64;
        assert_eq!(sqlx::query_scalar::<_, i64>("PRAGMA synchronous").fetch_one(&store.writer).await?, full);
        assert_eq!(sqlx::query_scalar::<_, String>("PRAGMA journal_mode").fetch_one(&store.writer).await?, "wal");
        assert_eq!(sqlx::query_scalar::<_, i64>("PRAGMA foreign_keys").fetch_one(&store.writer).await?, 1);
        assert_eq!(sqlx::query_scalar::<_, i64>("PRAGMA trusted_schema").fetch_one(&store.writer).await?, 0);
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&store.writer).await?;
        assert!(parse_version(&version) >= Some((3, 51, 3)), "{version} has the bug that damages files in WAL mode");
        assert_eq!(sqlx::query_scalar::<_, i64>("PRAGMA query_only").fetch_one(&store.readers).await?, 1);
        store.close().await;
        std::fs::remove_dir_all(&folder).expect("removed");
        Ok(())
    }

    #[tokio::test]
    async fn the_audit_cannot_be_rewritten() -> StoreResult<()> {
        let store = SqliteStore::in_memory().await?;
        sqlx::query("INSERT INTO audit (install, action, received_ms) VALUES ('1', 'test', 1)")
            .execute(&store.writer)
            .await?;
        assert!(sqlx::query("UPDATE audit SET action = 'x'").execute(&store.writer).await.is_err());
        assert!(sqlx::query("DELETE FROM audit").execute(&store.writer).await.is_err());
        Ok(())
    }

    #[tokio::test]
    async fn a_snapshot_is_the_same_database() {
        let store = SqliteStore::in_memory().await.expect("a store");
        let copy = SqliteStore::in_memory_from(&store.snapshot().await.expect("bytes")).await.expect("a copy");
        assert_eq!(store.snapshot().await.expect("bytes"), copy.snapshot().await.expect("bytes"));
    }
}
