//! Where documents, devices and invites are kept: the contract that every database must keep. `conformance` tests it.

pub mod audit;
#[cfg(test)]
pub mod conformance;
mod handout;
pub mod imports;
pub mod sqlite;

use std::collections::BTreeMap;
use std::future::Future;

use domain::access::ScopeKind;
use domain::capsule::{CourierHash, SecretKey};
use domain::digest::Digest;
use domain::protocol::CheckNumber;
use domain::quota::Used;
use domain::{Clock, Day, DocId, Document, InstallId, Kind};

pub use audit::{AuditHead, AuditLine, Chain, Fault};
pub use handout::{HandoutKind, HandoutRow};
pub use sqlite::{BadFile, Contents, SqliteStore};

/// What a database can fail with. None of it is anybody's fault at the door, so it is told as "try again".
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk is full")]
    Full,
    #[error("the database is busy")]
    Busy,
    #[error("the database holds {0} that cannot be read")]
    Corrupt(&'static str),
    /// Somebody wrote without looking at what is there.
    #[error("the id {0} is taken by another document")]
    Taken(DocId),
    #[error(transparent)]
    Backend(Box<dyn std::error::Error + Send + Sync>),
}

pub type StoreResult<T> = Result<T, StoreError>;

/// The database's own identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// 128 random bits; phones start their cursors again when it changes.
    pub epoch: String,
    /// When this database was last restored from a backup.
    pub restored_ms: Option<u64>,
    /// Stamps the documents that the server writes itself.
    pub clock: Clock,
    /// Opens capsules. In the database, so that every backup has it; `None` until `admin::ensure_capsule_key`.
    pub capsule_key: Option<SecretKey>,
    /// The newest time at which this server has worked, as far as that was believed (`clock`); `None` before it ever did.
    pub seen_ms: Option<u64>,
    /// When a person last said that the machine's clock is right.
    pub confirmed_ms: Option<u64>,
    /// When the server last found out that an older copy of its file had been put back (`sync::rollback`).
    pub rolled_back_ms: Option<u64>,
}

impl Instance {
    /// The identity of a new database.
    pub fn new(epoch: String, clock: Clock) -> Self {
        let (restored_ms, seen_ms, confirmed_ms, rolled_back_ms) = (None, None, None, None);
        Self { epoch, restored_ms, clock, capsule_key: None, seen_ms, confirmed_ms, rolled_back_ms }
    }
}

/// A scope's counters. Who holds its lock may change them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    pub id: DocId,
    pub kind: ScopeKind,
    pub commune: DocId,
    /// The newest number given to a document of this scope.
    pub seq: u64,
    /// How many documents were ever accepted.
    pub accepted: u64,
    /// Fingerprint of all documents of the scope.
    pub digest: Digest,
}

impl ScopeRow {
    pub fn new(id: DocId, kind: ScopeKind, commune: DocId) -> Self {
        Self { id, kind, commune, seq: 0, accepted: 0, digest: Digest::default() }
    }
}

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub scope: DocId,
    /// Place in the scope; moves with every change.
    pub seq: u64,
    /// Place in the order of first acceptance; never moves.
    pub accepted: u64,
    pub doc: Document,
}

/// A document of a page, with its size on the wire.
#[derive(Clone, Debug)]
pub struct PageRow {
    pub seq: u64,
    pub accepted: u64,
    pub bytes: usize,
    pub doc: Document,
}

/// SHA-256 of a secret. The secret itself is never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    pub fn of(secret: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(secret).into())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The member left: the phone deletes what the server has, and keeps what it never sent.
    Left,
    /// The phone was reported lost: delete at once.
    Lost,
}

/// A phone enrolled for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: DocId,
    pub token: SecretHash,
    pub member: DocId,
    pub install: InstallId,
    pub created_ms: u64,
    /// Written at most every few minutes.
    pub last_seen_ms: u64,
    pub unsent: u32,
    pub refused: u32,
    /// Areas in which it does not have what the server has, also after it has asked for all anew.
    pub diverged: u32,
    pub app: String,
    pub revoked: Option<Revoked>,
    /// When it first came in after that and was sent word of it; `None` while it has not.
    pub end_told_ms: Option<u64>,
    /// When its token was given, and then, at most once a day, when it came with it.
    pub active_ms: u64,
    /// What the phone shows and whoever invited compares; `None` for phones from before there were numbers.
    pub check: Option<CheckNumber>,
    pub checked: Option<Checked>,
}

/// Who said that a phone is the one that was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// `None` for somebody at the server's own keyboard.
    pub by: Option<DocId>,
    pub at_ms: u64,
}

/// A phone that was not heard of for so long needs a new invite. Nothing on it is deleted, and what it had not sent comes in
/// when it is invited again. An own choice, between two campaigns of a year: no plan says anything about it.
pub const IDLE_MS_MAX: u64 = 120 * 24 * 3_600_000;

impl Device {
    /// Whether it was not heard of for too long. Where the server itself stood still over a summer and a person then said that
    /// its clock is right, the time counts from that moment: the silence was not the phones'.
    pub fn is_idle(&self, instance: &Instance, now_ms: u64) -> bool {
        let since_ms = self.active_ms.max(self.last_seen_ms).max(instance.confirmed_ms.unwrap_or(0));
        now_ms > since_ms.saturating_add(IDLE_MS_MAX)
    }

    /// Whether its token opens anything at this moment.
    pub fn is_live(&self, instance: &Instance, now_ms: u64) -> bool {
        self.revoked.is_none() && !self.is_idle(instance, now_ms)
    }
}

/// Whose capsules come under a courier secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourierRow {
    pub hash: CourierHash,
    /// Id of the device.
    pub device: DocId,
    pub told_ms: u64,
    /// Its author sends what was sealed under it anew: nothing of it is taken any more, ever.
    pub is_void: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    pub code: SecretHash,
    pub member: DocId,
    pub created_ms: u64,
    pub expires_ms: u64,
    pub redeemed: Option<(InstallId, u64)>,
}

/// Whether a row of a provider's list is a resident, as a member said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderDecision {
    /// `domain::holders::decision_id`.
    pub id: DocId,
    pub commune: DocId,
    pub is_same: bool,
    pub member: DocId,
    pub decided_ms: u64,
}

/// A database. Clones share it.
pub trait Store: Clone + Send + Sync + 'static {
    type Tx: Tx;

    /// A transaction that may write. Numbers taken under its locks are seen by nobody before it commits, and those who
    /// come later see all of them: a reader can never pass a number that commits later.
    fn write(&self) -> impl Future<Output = StoreResult<Self::Tx>> + Send;

    /// A transaction that only reads. All its reads see one moment.
    fn read(&self) -> impl Future<Output = StoreResult<Self::Tx>> + Send;
}

/// One transaction. Changes in a transaction that is dropped without `commit` never happened.
pub trait Tx: imports::Imports {
    /// Durable when this returns: neither a crash nor a power cut takes it back.
    fn commit(self) -> impl Future<Output = StoreResult<()>> + Send;

    /// `None` before `set_instance` was first called.
    fn instance(&mut self) -> impl Future<Output = StoreResult<Option<Instance>>> + Send;
    fn set_instance(&mut self, instance: &Instance) -> impl Future<Output = StoreResult<()>> + Send;

    /// Those of `ids` that exist, by ascending id, without a lock.
    fn scopes(&mut self, ids: &[DocId]) -> impl Future<Output = StoreResult<Vec<ScopeRow>>> + Send;
    /// All scopes of a commune, by ascending id, without a lock.
    fn scopes_of(&mut self, commune: DocId) -> impl Future<Output = StoreResult<Vec<ScopeRow>>> + Send;
    /// Every commune, by ascending id.
    fn communes(&mut self) -> impl Future<Output = StoreResult<Vec<DocId>>> + Send;
    /// Locks those of `ids` that exist, in ascending order of id, and reads them under the lock. Only in a writing
    /// transaction, and before documents of these scopes are read to be merged.
    fn lock_scopes(&mut self, ids: &[DocId]) -> impl Future<Output = StoreResult<Vec<ScopeRow>>> + Send;
    /// Creates the scope; does nothing when it exists.
    fn add_scope(&mut self, scope: &ScopeRow) -> impl Future<Output = StoreResult<()>> + Send;
    /// Writes the counters of a locked scope.
    fn set_scope(&mut self, scope: &ScopeRow) -> impl Future<Output = StoreResult<()>> + Send;

    /// In which scopes those of `ids` live that exist.
    fn locate(&mut self, ids: &[DocId]) -> impl Future<Output = StoreResult<Vec<(DocId, DocId)>>> + Send;
    /// Those of `ids` that exist, in any scope.
    fn documents(&mut self, ids: &[DocId]) -> impl Future<Output = StoreResult<Vec<Stored>>> + Send;
    /// Every document of a scope, by ascending `seq`.
    fn all_documents(&mut self, scope: DocId) -> impl Future<Output = StoreResult<Vec<Stored>>> + Send;
    /// The documents of a kind in a scope, by ascending id.
    fn documents_of(&mut self, scope: DocId, kind: &Kind) -> impl Future<Output = StoreResult<Vec<Stored>>> + Send;
    /// Writes a document under the lock of its scope. One that exists must be told by its scope and its `accepted`; else
    /// it is another document, and `Taken`.
    fn put_document(&mut self, stored: &Stored) -> impl Future<Output = StoreResult<()>> + Send;
    /// Documents of a scope with a `seq` above `after`, by ascending `seq`, at most `limit`.
    fn page(
        &mut self,
        scope: DocId,
        after: u64,
        limit: usize,
    ) -> impl Future<Output = StoreResult<Vec<PageRow>>> + Send;
    /// How many documents of a scope have a `seq` above `after`.
    fn count_after(&mut self, scope: DocId, after: u64) -> impl Future<Output = StoreResult<u32>> + Send;

    fn device(&mut self, token: SecretHash) -> impl Future<Output = StoreResult<Option<Device>>> + Send;
    fn devices_of(&mut self, member: DocId) -> impl Future<Output = StoreResult<Vec<Device>>> + Send;
    /// Writes a device by its id, new or not.
    fn put_device(&mut self, device: &Device) -> impl Future<Output = StoreResult<()>> + Send;

    /// The device that told a courier, and what is known of the courier.
    fn courier(&mut self, hash: CourierHash) -> impl Future<Output = StoreResult<Option<(CourierRow, Device)>>> + Send;
    /// Writes a courier by its hash: a new one stays its device's, one that is void stays so.
    fn put_courier(&mut self, courier: &CourierRow) -> impl Future<Output = StoreResult<()>> + Send;
    /// Forgets all couriers of a device but the `keep` that were told last.
    fn forget_couriers(&mut self, device: DocId, keep: u32) -> impl Future<Output = StoreResult<()>> + Send;

    fn invite(&mut self, code: SecretHash) -> impl Future<Output = StoreResult<Option<Invite>>> + Send;
    /// Writes an invite by its code, new or not.
    fn put_invite(&mut self, invite: &Invite) -> impl Future<Output = StoreResult<()>> + Send;
    /// Lets all invites of a member expire at `now_ms`, those that live longer.
    fn end_invites(&mut self, member: DocId, now_ms: u64) -> impl Future<Output = StoreResult<()>> + Send;

    /// What was decided of rows of providers' lists, by the id of the decision.
    fn holder_decisions(&mut self, commune: DocId) -> impl Future<Output = StoreResult<Vec<(DocId, bool)>>> + Send;
    /// Writes a decision by its id, new or not.
    fn put_holder_decision(&mut self, decision: &HolderDecision) -> impl Future<Output = StoreResult<()>> + Send;
    /// Notes when a member left an area; a later leaving replaces an earlier one.
    fn put_left_area(
        &mut self,
        member: DocId,
        area: DocId,
        left_ms: u64,
    ) -> impl Future<Output = StoreResult<()>> + Send;
    /// The areas that a member has ever left, and when.
    fn left_areas(&mut self, member: DocId) -> impl Future<Output = StoreResult<Vec<(DocId, u64)>>> + Send;

    /// Writes how many people of an area are credited to whom, in place of what was written before.
    fn set_credits(
        &mut self,
        commune: DocId,
        area: DocId,
        people: &BTreeMap<DocId, u64>,
    ) -> impl Future<Output = StoreResult<()>> + Send;
    /// The people credited to a member in a commune, without those of the areas in `held`.
    fn credited_elsewhere(
        &mut self,
        commune: DocId,
        member: DocId,
        held: &[DocId],
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// What a member has had stored on a day.
    fn quota(&mut self, member: DocId, day: Day) -> impl Future<Output = StoreResult<Used>> + Send;
    /// Writes it, in place of all that was known of this member.
    fn put_quota(&mut self, member: DocId, day: Day, used: Used) -> impl Future<Output = StoreResult<()>> + Send;

    /// Appends a line to the chain; lines are never changed.
    fn audit(&mut self, line: &AuditLine) -> impl Future<Output = StoreResult<()>> + Send;
    fn audit_count(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Appends a handout; it is never changed.
    fn put_handout(&mut self, handout: &HandoutRow) -> impl Future<Output = StoreResult<()>> + Send;
    fn handout(&mut self, number: u64) -> impl Future<Output = StoreResult<Option<HandoutRow>>> + Send;
    /// The one with the largest number, of any commune.
    fn newest_handout(&mut self) -> impl Future<Output = StoreResult<Option<HandoutRow>>> + Send;
    /// The newest of a commune, newest first, at most `limit`.
    fn handouts_of(
        &mut self,
        commune: DocId,
        limit: usize,
    ) -> impl Future<Output = StoreResult<Vec<HandoutRow>>> + Send;
}
