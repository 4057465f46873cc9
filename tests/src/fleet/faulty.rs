//! The real store with a fuse: at the n-th step of a request it dies, hangs until the caller is gone, or reports an error.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use domain::capsule::CourierHash;
use domain::{DocId, Kind};
use server::store::imports::{Import, Imports};
use server::store::sqlite::SqliteTx;
use server::store::{
    AuditLine, CourierRow, Device, HandoutRow, HolderDecision, Instance, Invite, PageRow, ScopeRow, SecretHash,
    SqliteStore, Store, StoreError, StoreResult, Stored, Tx,
};

const OFF: u32 = u32::MAX;

/// Burns down with every step; the step at which it ends does not happen.
#[derive(Debug)]
pub struct Fuse {
    left: AtomicU32,
    hangs: AtomicBool,
    blown: AtomicBool,
}

impl Fuse {
    pub fn new() -> Self {
        Self { left: AtomicU32::new(OFF), hangs: AtomicBool::new(false), blown: AtomicBool::new(false) }
    }

    /// Ends after `steps` from now: with an error, or by never going on.
    pub fn light(&self, steps: u32, hangs: bool) {
        self.left.store(steps, Ordering::Relaxed);
        self.hangs.store(hangs, Ordering::Relaxed);
        self.blown.store(false, Ordering::Relaxed);
    }

    /// Puts it out; tells whether it had blown.
    pub fn put_out(&self) -> bool {
        self.left.store(OFF, Ordering::Relaxed);
        self.blown.swap(false, Ordering::Relaxed)
    }

    pub fn is_hanging(&self) -> bool {
        self.blown.load(Ordering::Relaxed) && self.hangs.load(Ordering::Relaxed)
    }

    async fn burn(&self) -> StoreResult<()> {
        match self.left.load(Ordering::Relaxed) {
            OFF => return Ok(()),
            0 => self.blown.store(true, Ordering::Relaxed),
            left => {
                self.left.store(left - 1, Ordering::Relaxed);
                return Ok(());
            }
        }
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Err(StoreError::Backend("the fuse blew".into()))
    }
}

impl Default for Fuse {
    fn default() -> Self {
        Self::new()
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
}

impl Store for FaultyStore {
    type Tx = FaultyTx;

    async fn write(&self) -> StoreResult<FaultyTx> {
        self.fuse.burn().await?;
        Ok(FaultyTx { inner: self.inner.write().await?, fuse: self.fuse.clone() })
    }

    async fn read(&self) -> StoreResult<FaultyTx> {
        self.fuse.burn().await?;
        Ok(FaultyTx { inner: self.inner.read().await?, fuse: self.fuse.clone() })
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
            self.inner.commit().await?;
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
