//! The real store with a fuse: at the n-th step of a request, or exactly around the commit of what it wrote, it dies, hangs
//! until the caller is gone, or reports an error.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::capsule::CourierHash;
use domain::quota::Used;
use domain::{Day, DocId, Kind};
use server::store::imports::{Import, Imports};
use server::store::sqlite::SqliteTx;
use server::store::{
    AuditLine, CourierRow, Device, HandoutRow, HolderDecision, Instance, Invite, PageRow, ScopeRow, SecretHash,
    SqliteStore, Store, StoreError, StoreResult, Stored, Tx,
};

/// When a fuse ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// After so many steps, whatever the next one would be.
    Step(u32),
    /// Everything is written, and the commit does not come.
    Commit,
    /// It is committed, and nobody hears of it. A process that dies then may have written its log in part: how far is chance.
    Committed { torn_at: u64 },
}

/// Burns down with every step; the step at which it ends does not happen.
#[derive(Debug, Default)]
pub struct Fuse(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    ends: Option<Moment>,
    hangs: bool,
    blown: bool,
    /// The database's file, when what is in it and its log before a commit is to be remembered.
    file: Option<PathBuf>,
    before: Before,
}

/// The files of a database before its last commit.
#[derive(Debug, Default)]
pub struct Before {
    pub database: Vec<u8>,
    pub log: Vec<u8>,
}

/// Where SQLite logs what is not in the file yet.
pub fn log_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", file.display()))
}

impl Fuse {
    /// Ends at `moment`: with an error, or by never going on. What is in `file` and its log before a commit is remembered.
    pub fn light(&self, moment: Moment, hangs: bool, file: Option<PathBuf>) {
        *self.state() = State { ends: Some(moment), hangs, file, ..State::default() };
    }

    /// Puts it out; tells whether it had blown.
    pub fn put_out(&self) -> bool {
        std::mem::take(&mut *self.state()).blown
    }

    pub fn is_hanging(&self) -> bool {
        let state = self.state();
        state.blown && state.hangs
    }

    /// What was remembered.
    pub fn before(&self) -> Before {
        std::mem::take(&mut self.state().before)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn burn(&self) -> StoreResult<()> {
        self.end_if(|ends| match ends {
            Moment::Step(0) => true,
            Moment::Step(left) => {
                *left -= 1;
                false
            }
            Moment::Commit | Moment::Committed { .. } => false,
        })
        .await
    }

    async fn commits(&self) -> StoreResult<()> {
        self.end_if(|ends| *ends == Moment::Commit).await?;
        let mut state = self.state();
        if let Some(file) = &state.file {
            // There is no log before the first transaction.
            let read = |file: &Path| std::fs::read(file).unwrap_or_default();
            state.before = Before { database: read(file), log: read(&log_of(file)) };
        }
        Ok(())
    }

    async fn has_committed(&self) -> StoreResult<()> {
        self.end_if(|ends| matches!(ends, Moment::Committed { .. })).await
    }

    async fn end_if(&self, is_now: impl FnOnce(&mut Moment) -> bool) -> StoreResult<()> {
        {
            let mut state = self.state();
            state.blown |= state.ends.as_mut().is_some_and(is_now);
            if !state.blown {
                return Ok(());
            }
        }
        if self.is_hanging() {
            std::future::pending::<()>().await;
        }
        Err(StoreError::Backend("the fuse blew".into()))
    }
}

#[derive(Clone, Debug)]
pub struct FaultyStore {
    pub inner: SqliteStore,
    pub fuse: Arc<Fuse>,
}

#[derive(Debug)]
pub struct FaultyTx {
    inner: SqliteTx,
    fuse: Arc<Fuse>,
    writes: bool,
}

impl Store for FaultyStore {
    type Tx = FaultyTx;

    async fn write(&self) -> StoreResult<FaultyTx> {
        self.fuse.burn().await?;
        Ok(FaultyTx { inner: self.inner.write().await?, fuse: self.fuse.clone(), writes: true })
    }

    async fn read(&self) -> StoreResult<FaultyTx> {
        self.fuse.burn().await?;
        Ok(FaultyTx { inner: self.inner.read().await?, fuse: self.fuse.clone(), writes: false })
    }
}

/// Every step of a transaction burns the fuse first.
macro_rules! steps {
    ($trait:ident, { $($rest:tt)* } $(fn $name:ident(&mut self $(, $arg:ident: $type:ty)*) -> $result:ty;)+) => {
        impl $trait for FaultyTx {
            $($rest)*

            $(async fn $name(&mut self $(, $arg: $type)*) -> StoreResult<$result> {
                self.fuse.burn().await?;
                self.inner.$name($($arg),*).await
            })+
        }
    };
}

steps! {
    Tx,
    {
        async fn commit(self) -> StoreResult<()> {
            self.fuse.burn().await?;
            if self.writes {
                self.fuse.commits().await?;
            }
            self.inner.commit().await?;
            if self.writes {
                self.fuse.has_committed().await?;
            }
            // Committed, and nobody will hear of it.
            self.fuse.burn().await
        }
    }
    fn instance(&mut self) -> Option<Instance>;
    fn set_instance(&mut self, instance: &Instance) -> ();
    fn scopes(&mut self, ids: &[DocId]) -> Vec<ScopeRow>;
    fn scopes_of(&mut self, commune: DocId) -> Vec<ScopeRow>;
    fn communes(&mut self) -> Vec<DocId>;
    fn lock_scopes(&mut self, ids: &[DocId]) -> Vec<ScopeRow>;
    fn add_scope(&mut self, scope: &ScopeRow) -> ();
    fn set_scope(&mut self, scope: &ScopeRow) -> ();
    fn locate(&mut self, ids: &[DocId]) -> Vec<(DocId, DocId)>;
    fn documents(&mut self, ids: &[DocId]) -> Vec<Stored>;
    fn all_documents(&mut self, scope: DocId) -> Vec<Stored>;
    fn documents_of(&mut self, scope: DocId, kind: &Kind) -> Vec<Stored>;
    fn put_document(&mut self, stored: &Stored) -> ();
    fn page(&mut self, scope: DocId, after: u64, limit: usize) -> Vec<PageRow>;
    fn count_after(&mut self, scope: DocId, after: u64) -> u32;
    fn device(&mut self, token: SecretHash) -> Option<Device>;
    fn devices_of(&mut self, member: DocId) -> Vec<Device>;
    fn put_device(&mut self, device: &Device) -> ();
    fn courier(&mut self, hash: CourierHash) -> Option<(CourierRow, Device)>;
    fn put_courier(&mut self, courier: &CourierRow) -> ();
    fn forget_couriers(&mut self, device: DocId, keep: u32) -> ();
    fn invite(&mut self, code: SecretHash) -> Option<Invite>;
    fn put_invite(&mut self, invite: &Invite) -> ();
    fn end_invites(&mut self, member: DocId, now_ms: u64) -> ();
    fn holder_decisions(&mut self, commune: DocId) -> Vec<(DocId, bool)>;
    fn put_holder_decision(&mut self, decision: &HolderDecision) -> ();
    fn put_left_area(&mut self, member: DocId, area: DocId, left_ms: u64) -> ();
    fn left_areas(&mut self, member: DocId) -> Vec<(DocId, u64)>;
    fn set_credits(&mut self, commune: DocId, area: DocId, people: &BTreeMap<DocId, u64>) -> ();
    fn credited_elsewhere(&mut self, commune: DocId, member: DocId, held: &[DocId]) -> u64;
    fn put_handout(&mut self, handout: &HandoutRow) -> ();
    fn handout(&mut self, number: u64) -> Option<HandoutRow>;
    fn newest_handout(&mut self) -> Option<HandoutRow>;
    fn handouts_of(&mut self, commune: DocId, limit: usize) -> Vec<HandoutRow>;
    fn quota(&mut self, member: DocId, day: Day) -> Used;
    fn put_quota(&mut self, member: DocId, day: Day, used: Used) -> ();
    fn audit(&mut self, line: &AuditLine) -> ();
    fn audit_count(&mut self) -> u64;
}

steps! {
    Imports,
    {}
    fn put_import(&mut self, import: &Import) -> ();
    fn imports_of(&mut self, commune: DocId, limit: usize) -> Vec<Import>;
    fn imports_of_batch(&mut self, batch: DocId) -> Vec<Import>;
    fn end_import(&mut self, batch: DocId, area: DocId, now_ms: u64) -> ();
    fn forget_undo(&mut self, imported_before_ms: u64) -> u64;
}
