//! The office in a run: the real sync code on a real SQLite database, with crashes, restarts and restores.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use domain::protocol::{MoveRequest, SyncReply, SyncRequest};
use domain::{DocId, Document, Kind};
use server::area_cache::AreaCache;
use server::store::{Revoked, ScopeRow, SecretHash, SqliteStore, Store, StoreError, StoreResult, Stored, Tx};
use server::sync::{PageLimits, SyncError, sync_in_pages};
use server::{admin, moves};

use super::faulty::{FaultyStore, Fuse};
use super::fixture::{COMMUNE, Fixture};
use super::plan::Plan;

/// How a request ended.
#[derive(Debug)]
pub enum Served {
    Reply(Box<SyncReply>),
    /// The server worded an error of its own.
    Error(SyncError),
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
    pages: PageLimits,
    /// The database's file, when it has one; crashes move on to a copy of it.
    files: Option<Files>,
    backup: Option<Vec<u8>>,
}

struct Files {
    folder: tempfile::TempDir,
    number: u32,
}

impl Files {
    fn path(&self) -> PathBuf {
        self.folder.path().join(format!("{}.sqlite", self.number))
    }

    /// A database file as a process that dies now leaves it: what is in the file and its log, nothing else.
    fn copy_on(&mut self) -> std::io::Result<PathBuf> {
        let old = self.path();
        self.number += 1;
        let new = self.path();
        for end in ["", "-wal"] {
            let with_end = |path: &PathBuf| PathBuf::from(format!("{}{end}", path.display()));
            if with_end(&old).exists() {
                std::fs::copy(with_end(&old), with_end(&new))?;
            }
        }
        Ok(new)
    }
}

fn io(error: std::io::Error) -> StoreError {
    StoreError::Backend(Box::new(error))
}

impl Office {
    pub async fn open(fixture: &Fixture, plan: &Plan) -> StoreResult<Self> {
        let (inner, files) = if plan.on_disk {
            let files = Files { folder: tempfile::tempdir().map_err(io)?, number: 0 };
            std::fs::write(files.path(), &fixture.database).map_err(io)?;
            (SqliteStore::open(&files.path()).await?, Some(files))
        } else {
            (SqliteStore::in_memory_from(&fixture.database).await?, None)
        };
        let store = FaultyStore { inner, fuse: Arc::new(Fuse::new()) };
        let pages = PageLimits { documents: plan.page, ..PageLimits::default() };
        Ok(Self { store, cache: AreaCache::default(), pages, files, backup: None })
    }

    pub async fn serve(
        &mut self,
        token: SecretHash,
        request: &SyncRequest,
        now_ms: u64,
        fault: Option<(Fault, u32)>,
    ) -> StoreResult<Served> {
        if let Some((fault, steps)) = fault {
            self.store.fuse.light(steps, fault == Fault::CallerGone);
        }
        let fuse = self.store.fuse.clone();
        let served = {
            let mut work = pin!(sync_in_pages(&self.store, &self.cache, self.pages, token, request, now_ms));
            std::future::poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                Poll::Pending if fuse.is_hanging() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            })
            .await
        };
        let has_blown = self.store.fuse.put_out();
        if has_blown && matches!(fault, Some((Fault::Crash, _))) {
            self.crash().await?;
            return Ok(Served::Silence);
        }
        Ok(match served {
            None => Served::Silence,
            Some(Ok(reply)) => Served::Reply(Box::new(reply)),
            Some(Err(error)) => Served::Error(error),
        })
    }

    /// False when it was refused or failed; it may have been done all the same.
    pub async fn move_somebody(
        &mut self,
        token: SecretHash,
        request: &MoveRequest,
        now_ms: u64,
        fault: Option<(Fault, u32)>,
    ) -> StoreResult<bool> {
        if let Some((fault, steps)) = fault {
            self.store.fuse.light(steps, fault == Fault::CallerGone);
        }
        let fuse = self.store.fuse.clone();
        let is_done = {
            let mut work = pin!(moves::execute(&self.store, &self.cache, token, request, now_ms));
            std::future::poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Ready(outcome) => Poll::Ready(outcome.is_ok()),
                Poll::Pending if fuse.is_hanging() => Poll::Ready(false),
                Poll::Pending => Poll::Pending,
            })
            .await
        };
        let has_blown = self.store.fuse.put_out();
        if has_blown && matches!(fault, Some((Fault::Crash, _))) {
            self.crash().await?;
        }
        Ok(is_done)
    }

    /// A new process on what the old one had committed.
    async fn crash(&mut self) -> StoreResult<()> {
        self.cache = AreaCache::default();
        if let Some(files) = &mut self.files {
            let copy = files.copy_on().map_err(io)?;
            let old = std::mem::replace(&mut self.store.inner, SqliteStore::open(&copy).await?);
            old.close().await;
        }
        Ok(())
    }

    pub async fn back_up(&mut self) -> StoreResult<()> {
        self.backup = Some(match &self.files {
            None => self.store.inner.snapshot().await?,
            Some(files) => {
                let path = files.folder.path().join("backup.sqlite");
                self.store.inner.backup_to(&path).await?;
                let bytes = std::fs::read(&path).map_err(io)?;
                std::fs::remove_file(&path).map_err(io)?;
                bytes
            }
        });
        Ok(())
    }

    /// The machine burnt down; the last backup is all there is. False when there is none.
    pub async fn restore(&mut self, epoch: u128, now_ms: u64) -> StoreResult<bool> {
        let Some(bytes) = self.backup.take() else { return Ok(false) };
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
        admin::mark_restored(&self.store, epoch, now_ms).await?;
        Ok(true)
    }

    pub async fn report_lost(&self, member: DocId, now_ms: u64) -> StoreResult<()> {
        admin::revoke_devices(&self.store, member, Revoked::Lost, now_ms).await.map(drop)
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

    /// The newest number in the scope of figures.
    pub async fn figures_seq(&self) -> StoreResult<u64> {
        let figures = DocId::figures(COMMUNE);
        Ok(self.scopes(&[figures]).await?.get(&figures).map_or(0, |row| row.seq))
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
