//! The office in a run: the real sync code on a real SQLite database, with crashes, restarts and restores.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use domain::access::ScopeKind;
use domain::protocol::{CapsuleReply, MoveRequest, SyncReply, SyncRequest};
use domain::{DocId, Document, Kind};
use server::area_cache::AreaCache;
use server::clock::{ServerClock, Verdict};
use server::store::{Revoked, ScopeRow, SecretHash, SqliteStore, Store, StoreError, StoreResult, Stored, Tx};
use server::sync::{PageLimits, SyncError, sync_in_pages};
use server::{admin, capsule, moves};
use tempfile::TempDir;

use super::faulty::{Before, FaultyStore, Fuse, Moment, log_of};
use super::fixture::{COMMUNE, Fixture};
use super::phone::Phone;
use super::plan::Plan;

/// How a request ended.
#[derive(Debug)]
pub enum Served {
    Reply(Box<SyncReply>),
    /// The server worded an error of its own.
    Error(SyncError),
    /// The server's clock cannot be right: it serves nobody.
    ClockWrong,
    /// The process died, or the caller went away, within the request.
    Silence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The process dies: whatever was in memory is gone.
    Crash,
    /// The caller hangs up: the request's work is dropped where it stands.
    CallerGone,
    /// The database reports an error.
    Error,
}

pub struct Office {
    store: FaultyStore,
    cache: AreaCache,
    clock: ServerClock,
    pages: PageLimits,
    /// The database's file, when it has one; crashes move on to a copy of it.
    files: Option<Files>,
    /// Grows whenever another database takes the place of this one.
    pub file: u64,
    backups: Vec<Vec<u8>>,
    /// Whether the last fault came at all, and whether it tore what was being written to the log.
    pub has_failed: bool,
    pub has_torn_log: bool,
}

struct Files {
    folder: TempDir,
    number: u32,
}

impl Files {
    fn path(&self) -> PathBuf {
        self.folder.path().join(format!("{}.sqlite", self.number))
    }

    /// A database file as a process that dies now leaves it: what is in the file and its log, nothing else. Of what the last
    /// commit has written to the log, only a part may have got there. Answers where it is, and whether it is torn.
    fn copy_on(&mut self, before: &Before, torn_at: Option<u64>) -> std::io::Result<(PathBuf, bool)> {
        let old = self.path();
        self.number += 1;
        let database = std::fs::read(&old)?;
        std::fs::write(self.path(), &database)?;
        if !log_of(&old).exists() {
            return Ok((self.path(), false));
        }
        let mut log = std::fs::read(log_of(&old))?;
        // A commit that is in the database already was in the log before that, and whole.
        let torn_at = torn_at.filter(|_| database == before.database);
        let is_torn = torn_at.is_some_and(|torn_at| tear(&mut log, &before.log, torn_at));
        std::fs::write(log_of(&self.path()), log)?;
        Ok((self.path(), is_torn))
    }
}

/// Takes back what a commit has written to a log from some place of it on. SQLite writes a log from its beginning again once
/// all of it is in the database: then what was there before is there again. False when nothing of the commit is left out.
fn tear(log: &mut Vec<u8>, before: &[u8], torn_at: u64) -> bool {
    let first = log.iter().zip(before).take_while(|(new, old)| new == old).count();
    // A log that is written over keeps its length.
    let last = log.iter().zip(before).rposition(|(new, old)| new != old).map_or(first, |last| last + 1);
    let end = if log.len() > before.len() { log.len() } else { last };
    let length = u64::try_from(end - first).unwrap_or(0);
    let Ok(kept) = usize::try_from(torn_at % (length + 1)) else { return false };
    let cut = first + kept;
    if cut >= end {
        return false;
    }
    log.truncate(cut);
    log.extend(before.get(cut..).unwrap_or_default());
    true
}

/// What a crash leaves is decided here and by no disk, so memory will do where the system offers it: nobody waits for it.
fn folder() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }
}

fn io(error: std::io::Error) -> StoreError {
    StoreError::Backend(Box::new(error))
}

impl Office {
    pub async fn open(fixture: &Fixture, plan: &Plan) -> StoreResult<Self> {
        let (inner, files) = if plan.on_disk {
            let files = Files { folder: folder().map_err(io)?, number: 0 };
            std::fs::write(files.path(), &fixture.database).map_err(io)?;
            (SqliteStore::open(&files.path()).await?, Some(files))
        } else {
            (SqliteStore::in_memory_from(&fixture.database).await?, None)
        };
        let store = FaultyStore { inner, fuse: Arc::new(Fuse::default()) };
        let pages = PageLimits { documents: plan.page, ..PageLimits::default() };
        Ok(Self {
            store,
            cache: AreaCache::default(),
            // The runs have a calendar of their own, older than any program.
            clock: ServerClock::new(0),
            pages,
            files,
            file: 0,
            backups: Vec::new(),
            has_failed: false,
            has_torn_log: false,
        })
    }

    pub async fn serve(
        &mut self,
        token: SecretHash,
        request: &SyncRequest,
        now_ms: u64,
        fault: Option<(Fault, Moment)>,
    ) -> StoreResult<Served> {
        if !self.is_clock_right(now_ms).await? {
            return Ok(Served::ClockWrong);
        }
        let pages = self.pages;
        let work = async |store: &FaultyStore, cache: &AreaCache| {
            sync_in_pages(store, cache, pages, token, request, now_ms).await
        };
        Ok(match self.under(fault, work).await? {
            None => Served::Silence,
            Some(Ok(reply)) => Served::Reply(Box::new(reply)),
            Some(Err(error)) => Served::Error(error),
        })
    }

    /// Several requests at once, on connections of their own where the database is a file. Answers them in the order in which
    /// they ended.
    pub async fn serve_together(
        &self,
        said: &[(SecretHash, &SyncRequest)],
        now_ms: u64,
    ) -> StoreResult<Vec<(usize, Served)>> {
        if !self.is_clock_right(now_ms).await? {
            return Ok((0..said.len()).map(|index| (index, Served::ClockWrong)).collect());
        }
        let (store, cache, pages) = (&self.store, &self.cache, self.pages);
        let mut works: Vec<_> = said
            .iter()
            .map(|(token, request)| Some(Box::pin(sync_in_pages(store, cache, pages, *token, request, now_ms))))
            .collect();
        let mut ended = Vec::new();
        std::future::poll_fn(|context| {
            for (index, work) in works.iter_mut().enumerate() {
                if let Some(Poll::Ready(outcome)) = work.as_mut().map(|work| work.as_mut().poll(context)) {
                    *work = None;
                    let served = outcome.map_or_else(Served::Error, |reply| Served::Reply(Box::new(reply)));
                    ended.push((index, served));
                }
            }
            if ended.len() == works.len() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        Ok(ended)
    }

    /// Asked before every request, as the guard in front of all of them does.
    async fn is_clock_right(&self, now_ms: u64) -> StoreResult<bool> {
        Ok(self.clock.check(&self.store, now_ms).await? == Verdict::Right)
    }

    /// False when it was refused or failed; it may have been done all the same.
    pub async fn move_somebody(
        &mut self,
        token: SecretHash,
        request: &MoveRequest,
        now_ms: u64,
        fault: Option<(Fault, Moment)>,
    ) -> StoreResult<bool> {
        if !self.is_clock_right(now_ms).await? {
            return Ok(false);
        }
        let work = async |store: &FaultyStore, cache: &AreaCache| {
            moves::execute(store, cache, token, request, now_ms).await.is_ok()
        };
        Ok(self.under(fault, work).await?.unwrap_or(false))
    }

    /// A capsule, brought by whoever. `None` when nothing of it was taken.
    pub async fn take_capsule(
        &mut self,
        bytes: &[u8],
        carrier: Option<SecretHash>,
        now_ms: u64,
        fault: Option<(Fault, Moment)>,
    ) -> StoreResult<Option<CapsuleReply>> {
        if !self.is_clock_right(now_ms).await? {
            return Ok(None);
        }
        let work = async |store: &FaultyStore, cache: &AreaCache| {
            capsule::take(store, cache, bytes, carrier, now_ms).await.ok()
        };
        Ok(self.under(fault, work).await?.flatten())
    }

    /// Does some work while a fuse burns. `None` when its process died or its caller went away.
    async fn under<R>(
        &mut self,
        fault: Option<(Fault, Moment)>,
        work: impl AsyncFnOnce(&FaultyStore, &AreaCache) -> R,
    ) -> StoreResult<Option<R>> {
        let is_crash = matches!(fault, Some((Fault::Crash, _)));
        if let Some((fault, moment)) = fault {
            let file = self.files.as_ref().filter(|_| is_crash).map(Files::path);
            // A process that dies does not clean up: nothing of its transaction is taken back by itself.
            self.store.fuse.light(moment, fault != Fault::Error, file);
        }
        let (fuse, store, cache, files) = (self.store.fuse.clone(), &self.store, &self.cache, &mut self.files);
        let mut copy = None;
        let outcome = {
            let mut work = pin!(work(store, cache));
            let outcome = std::future::poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                Poll::Pending if fuse.is_hanging() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            })
            .await;
            if is_crash
                && outcome.is_none()
                && let Some(files) = files
            {
                // The transaction is open and stays as it is.
                let torn_at = match fault {
                    Some((_, Moment::Committed { torn_at })) => Some(torn_at),
                    _ => None,
                };
                copy = Some(files.copy_on(&fuse.before(), torn_at).map_err(io)?);
            }
            outcome
        };
        self.has_failed = self.store.fuse.put_out();
        self.has_torn_log = copy.as_ref().is_some_and(|(_, is_torn)| *is_torn);
        if is_crash && self.has_failed {
            self.start_again(copy.map(|(path, _)| path)).await?;
            return Ok(None);
        }
        Ok(outcome)
    }

    /// A new process on what the old one had committed.
    async fn start_again(&mut self, copy: Option<PathBuf>) -> StoreResult<()> {
        self.cache = AreaCache::default();
        self.clock = ServerClock::new(0);
        if let Some(copy) = copy {
            let old = std::mem::replace(&mut self.store.inner, SqliteStore::open(&copy).await?);
            old.close().await;
        }
        Ok(())
    }

    pub async fn back_up(&mut self) -> StoreResult<()> {
        let backup = match &self.files {
            None => self.store.inner.snapshot().await?,
            Some(files) => {
                let path = files.folder.path().join("backup.sqlite");
                self.store.inner.backup_to(&path).await?;
                let bytes = std::fs::read(&path).map_err(io)?;
                std::fs::remove_file(&path).map_err(io)?;
                bytes
            }
        };
        self.backups.push(backup);
        Ok(())
    }

    /// The machine burnt down; the last backup is all there is, and the next time the one before. False when there is none.
    pub async fn restore(&mut self, epoch: u128, now_ms: u64) -> StoreResult<bool> {
        if !self.roll_back().await? {
            return Ok(false);
        }
        admin::mark_restored(&self.store, epoch, now_ms).await?;
        Ok(true)
    }

    /// The same, and nobody tells the server: a snapshot of the machine, a file that was copied back.
    pub async fn roll_back(&mut self) -> StoreResult<bool> {
        let Some(bytes) = self.backups.pop() else { return Ok(false) };
        let restored = match &mut self.files {
            None => SqliteStore::in_memory_from(&bytes).await?,
            Some(files) => {
                files.number += 1;
                std::fs::write(files.path(), &bytes).map_err(io)?;
                SqliteStore::open(&files.path()).await?
            }
        };
        std::mem::replace(&mut self.store.inner, restored).close().await;
        self.cache = AreaCache::default();
        self.clock = ServerClock::new(0);
        self.file += 1;
        Ok(true)
    }

    pub async fn revoke(&self, member: DocId, reason: Revoked, now_ms: u64) -> StoreResult<()> {
        admin::revoke_devices(&self.store, member, reason, now_ms).await.map(drop)
    }

    /// A new invite, redeemed by this install.
    pub async fn enrol(&self, phone: &Phone, now_ms: u64) -> StoreResult<()> {
        let device = DocId::from_u128(0xd000 + phone.index as u128);
        let (member, install) = (phone.person.member, phone.person.install);
        admin::enrol(&self.store, member, install, phone.token, device, now_ms).await
    }

    /// The office writes documents by itself.
    pub async fn write(&self, scope: DocId, documents: &[Document], now_ms: u64) -> StoreResult<()> {
        admin::write_documents(&self.store, &self.cache, scope, documents, "office", now_ms).await.map(drop)
    }

    pub async fn close(self) {
        self.store.inner.close().await;
    }
}

/// What checks read.
impl Office {
    pub async fn documents(&self, scope: DocId) -> StoreResult<Vec<Stored>> {
        let mut tx = self.store.read().await?;
        tx.all_documents(scope).await
    }

    pub async fn scopes(&self, ids: &[DocId]) -> StoreResult<BTreeMap<DocId, ScopeRow>> {
        let mut tx = self.store.read().await?;
        Ok(tx.scopes(ids).await?.into_iter().map(|row| (row.id, row)).collect())
    }

    /// The epoch, and every scope with the documents that have a higher number than is known of it.
    pub async fn since(&self, known: &BTreeMap<DocId, u64>) -> StoreResult<(String, Vec<(ScopeRow, Vec<Document>)>)> {
        let mut tx = self.store.read().await?;
        let epoch = tx.instance().await?.map(|instance| instance.epoch).unwrap_or_default();
        let mut scopes = Vec::new();
        for row in tx.scopes_of(COMMUNE).await? {
            let after = known.get(&row.id).copied().unwrap_or(0);
            let page = if row.seq == after { Vec::new() } else { tx.page(row.id, after, 1_000_000).await? };
            scopes.push((row, page.into_iter().map(|page| page.doc).collect()));
        }
        Ok((epoch, scopes))
    }

    pub async fn epoch(&self) -> StoreResult<String> {
        let mut tx = self.store.read().await?;
        Ok(tx.instance().await?.map(|instance| instance.epoch).unwrap_or_default())
    }

    /// The newest number of every scope.
    pub async fn numbers(&self) -> StoreResult<Vec<(DocId, u64)>> {
        let mut tx = self.store.read().await?;
        Ok(tx.scopes_of(COMMUNE).await?.into_iter().map(|row| (row.id, row.seq)).collect())
    }

    /// `None` when the server does not know this phone; else whether it is shut out.
    pub async fn is_revoked(&self, token: SecretHash) -> StoreResult<Option<bool>> {
        let mut tx = self.store.read().await?;
        Ok(tx.device(token).await?.map(|device| device.revoked.is_some()))
    }

    /// Every area that has a scope of its own.
    pub async fn areas(&self) -> StoreResult<Vec<DocId>> {
        let mut tx = self.store.read().await?;
        let scopes = tx.scopes_of(COMMUNE).await?;
        Ok(scopes.into_iter().filter(|row| row.kind == ScopeKind::Area).map(|row| row.id).collect())
    }

    pub async fn left_areas(&self, member: DocId) -> StoreResult<Vec<(DocId, u64)>> {
        let mut tx = self.store.read().await?;
        tx.left_areas(member).await
    }

    pub async fn audit_count(&self) -> StoreResult<u64> {
        let mut tx = self.store.read().await?;
        tx.audit_count().await
    }

    /// The team as it is stored, by member.
    pub async fn team(&self) -> StoreResult<BTreeMap<DocId, Document>> {
        let mut tx = self.store.read().await?;
        let stored = tx.documents_of(COMMUNE, &Kind::Member).await?;
        Ok(stored.into_iter().map(|stored| (stored.doc.id, stored.doc)).collect())
    }
}
