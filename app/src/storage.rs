//! What survives a killed tab: rows, the phone's row about itself, and half-typed forms, in one IndexedDB database.
//! Values are opaque text here, so that encryption can slot in.

pub mod idb;
mod outside;
mod trouble;

use std::cell::RefCell;
use std::collections::BTreeSet;

use domain::replica::{Batch, Meta, Row, Snapshot, StoreError};
use domain::{DocId, InstallId};
use leptos::prelude::*;
use serde::Deserialize;

use idb::{Database, IdbError, Mode, Transaction};
pub use trouble::{Trouble, Unopened, times_reopened};

const ROWS: &str = "rows";
const META: &str = "meta";
const DRAFTS: &str = "drafts";
/// The one key of the phone's row about itself. Beside it lie rows that could not be read, as they were.
const META_KEY: &str = "meta";

/// One handle for the app. It reopens by itself once: phones close databases under sleeping tabs.
pub struct Storage {
    database: RefCell<Option<Database>>,
    trouble: RwSignal<Option<Trouble>>,
    /// Keys of rows that this app could not read when it loaded them.
    unreadable: RefCell<BTreeSet<String>>,
    unread: RwSignal<u32>,
}

impl From<IdbError> for StoreError {
    fn from(error: IdbError) -> Self {
        if error.is_full() { Self::Full } else { Self::Failed(error.to_string()) }
    }
}

/// What of the stored meta decides whether something may be stored on top.
#[derive(Deserialize)]
struct Stand {
    generation: u64,
}

enum Commit {
    Done,
    Outdated,
}

impl Commit {
    /// What another tab has stored is what goes on.
    async fn or_load(self, storage: &Storage) -> Result<(), StoreError> {
        match self {
            Self::Done => Ok(()),
            Self::Outdated => Err(StoreError::Outdated(Box::new(storage.load().await.map_err(StoreError::from)?))),
        }
    }
}

impl Storage {
    pub fn new() -> Self {
        Self {
            database: RefCell::new(None),
            trouble: RwSignal::new(None),
            unreadable: RefCell::default(),
            unread: RwSignal::new(0),
        }
    }

    /// How many stored rows this app could not read, set aside or not.
    pub fn unread(&self) -> RwSignal<u32> {
        self.unread
    }

    /// What keeps the database from answering now.
    pub fn trouble(&self) -> RwSignal<Option<Trouble>> {
        self.trouble
    }

    /// Everything that is stored. The first time it makes this installation's id.
    pub async fn load(&self) -> Result<Snapshot, Unopened> {
        let Stored { keys, values, meta, aside } = self.with_database(read_all).await?;
        let mut rows = Vec::with_capacity(keys.len());
        let mut unreadable = BTreeSet::new();
        for (key, value) in keys.into_iter().zip(values) {
            match (key.parse::<DocId>(), serde_json::from_str::<Row>(&value)) {
                (Ok(id), Ok(row)) => rows.push((id, row)),
                _ => {
                    unreadable.insert(key);
                }
            }
        }
        // They stay stored: a newer version may read them, and the digests bring back what the server has.
        let unread = u32::try_from(unreadable.len() + aside).unwrap_or(u32::MAX);
        if unread > 0 {
            leptos::logging::warn!("{unread} rows of this phone can't be read");
        }
        self.unread.try_set(unread);
        self.unreadable.replace(unreadable);
        let meta = match meta {
            Some(text) => serde_json::from_str(&text).map_err(|error| Unopened::Failed(error.to_string()))?,
            None => self.first_meta(&rows).await?,
        };
        Ok(Snapshot { meta, rows })
    }

    async fn first_meta(&self, rows: &[(DocId, Row)]) -> Result<Meta, Unopened> {
        let mut meta = Meta::new(InstallId(crate::state::random_u64()));
        // Rows without the row about the phone: a torn store. What it never sent can still be sent.
        meta.rev = rows.iter().filter_map(|(_, row)| Some(row.mine.as_ref()?.rev)).max().unwrap_or(0);
        let text = to_text(&meta).map_err(Unopened::from)?;
        let stored = self.with_database(async |database: &Database| put_if_absent(database, &text).await).await?;
        // Another tab may have been faster.
        stored.map_or(Ok(meta), |text| serde_json::from_str(&text).map_err(|error| Unopened::Failed(error.to_string())))
    }

    /// Stores a batch in one transaction that survives a power cut, on top of the generation that it was made for.
    pub async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        // All serialising comes first: a transaction ends when nothing is asked of it.
        let mut changes = Vec::with_capacity(batch.rows.len());
        for (id, row) in &batch.rows {
            changes.push((id.to_string(), row.as_ref().map(to_text).transpose()?));
        }
        let meta = to_text(&batch.meta)?;
        let before = batch.meta.generation.saturating_sub(1);
        let unreadable = self.unreadable.borrow().clone();
        let commit = async |database: &Database| write_batch(database, &changes, &meta, before, &unreadable).await;
        self.with_database(commit).await?.or_load(self).await
    }

    /// The stored generation; also a small sign that the database still answers.
    pub async fn generation(&self) -> Result<u64, StoreError> {
        let read = async |database: &Database| {
            let transaction = database.transaction(&[META], Mode::Read)?;
            let meta = transaction.get(META, META_KEY).await?;
            Ok(meta.as_deref().map_or(0, stand))
        };
        Ok(self.with_database(read).await?)
    }

    /// Puts `meta` in the place of everything, on top of the generation that it was made for.
    pub async fn replace(&self, meta: &Meta) -> Result<(), StoreError> {
        let text = to_text(meta)?;
        let before = meta.generation.saturating_sub(1);
        let replace = async |database: &Database| {
            let transaction = database.transaction(&[ROWS, META, DRAFTS], Mode::Write)?;
            if !stands_at(&transaction, before).await? {
                transaction.abort();
                return Ok(Commit::Outdated);
            }
            for store in [ROWS, META, DRAFTS] {
                transaction.clear(store)?;
            }
            transaction.put(META, META_KEY, &text)?;
            transaction.finish().await?;
            Ok(Commit::Done)
        };
        self.with_database(replace).await?.or_load(self).await
    }

    /// Deletes everything, for good.
    pub async fn wipe(&self) {
        let clear = async |database: &Database| {
            let transaction = database.transaction(&[ROWS, META, DRAFTS], Mode::Write)?;
            for store in [ROWS, META, DRAFTS] {
                transaction.clear(store)?;
            }
            transaction.finish().await
        };
        // Emptied first: deleting the database waits for other tabs, and one of them may be asleep.
        if let Err(error) = self.with_database(clear).await {
            leptos::logging::warn!("could not empty the store: {error}");
        }
        if let Some(database) = self.database.borrow_mut().take() {
            database.close();
        }
        idb::delete();
    }

    pub async fn draft(&self, key: &str) -> Option<String> {
        let read = async |database: &Database| {
            let transaction = database.transaction(&[DRAFTS], Mode::Read)?;
            transaction.get(DRAFTS, key).await
        };
        self.with_database(read).await.ok().flatten()
    }

    /// Keeps a half-typed form, or forgets it. A draft that can't be kept is not worth a word: the form is still there.
    pub async fn keep_draft(&self, key: &str, value: Option<String>) {
        if let Err(error) = self.put_draft(key, value.as_deref()).await {
            leptos::logging::warn!("a draft was not kept: {error:?}");
        }
    }

    /// Runs `work`; when the handle turns out to be dead, once more on a new one.
    async fn with_database<T>(&self, work: impl AsyncFn(&Database) -> Result<T, IdbError>) -> Result<T, IdbError> {
        let mut outcome = self.attempt(&work).await;
        if outcome.as_ref().is_err_and(IdbError::is_dead_handle) {
            if let Some(database) = self.database.borrow_mut().take() {
                database.close();
            }
            trouble::note_reopened();
            outcome = self.attempt(&work).await;
        }
        let is_lost = outcome.as_ref().is_err_and(IdbError::is_dead_handle);
        let trouble = is_lost.then_some(Trouble::Lost);
        if self.trouble.try_get_untracked().is_some_and(|now| now != trouble) {
            self.trouble.set(trouble);
        }
        outcome
    }

    async fn attempt<T>(&self, work: &impl AsyncFn(&Database) -> Result<T, IdbError>) -> Result<T, IdbError> {
        work(&self.opened().await?).await
    }

    async fn opened(&self) -> Result<Database, IdbError> {
        let open = self.database.borrow().clone().filter(|database| !database.is_closed());
        if let Some(database) = open {
            return Ok(database);
        }
        let trouble = self.trouble;
        let on_wait = move || {
            trouble.try_set(Some(Trouble::Blocked));
        };
        let database = idb::open(&[ROWS, META, DRAFTS], on_wait).await?;
        *self.database.borrow_mut() = Some(database.clone());
        Ok(database)
    }
}

/// Everything as it is stored.
struct Stored {
    keys: Vec<String>,
    values: Vec<String>,
    meta: Option<String>,
    /// Rows that were set aside unread.
    aside: usize,
}

async fn read_all(database: &Database) -> Result<Stored, IdbError> {
    let transaction = database.transaction(&[ROWS, META], Mode::Read)?;
    let keys = transaction.all_keys(ROWS);
    let values = transaction.all_values(ROWS);
    let meta = transaction.get(META, META_KEY);
    let beside_meta = transaction.all_keys(META);
    // In the order in which they were asked: an answer that comes before somebody waits for it is never heard.
    let (keys, values, beside_meta) = (keys.await?, values.await?, beside_meta.await?);
    let meta = meta.await?;
    let aside = beside_meta.iter().filter(|key| key.as_str() != META_KEY).count();
    Ok(Stored { keys, values, meta, aside })
}

/// Stores the first meta; returns the one that was there already.
async fn put_if_absent(database: &Database, meta: &str) -> Result<Option<String>, IdbError> {
    let transaction = database.transaction(&[META], Mode::Write)?;
    let stored = transaction.get(META, META_KEY).await?;
    if stored.is_none() {
        transaction.put(META, META_KEY, meta)?;
    }
    transaction.finish().await?;
    Ok(stored)
}

async fn write_batch(
    database: &Database,
    changes: &[(String, Option<String>)],
    meta: &str,
    before: u64,
    unreadable: &BTreeSet<String>,
) -> Result<Commit, IdbError> {
    let transaction = database.transaction(&[ROWS, META], Mode::Write)?;
    if !stands_at(&transaction, before).await? {
        transaction.abort();
        return Ok(Commit::Outdated);
    }
    for (key, row) in changes {
        if unreadable.contains(key) {
            set_aside(&transaction, key, before).await?;
        }
        match row {
            Some(row) => transaction.put(ROWS, key, row)?,
            None => transaction.delete(ROWS, key)?,
        }
    }
    transaction.put(META, META_KEY, meta)?;
    transaction.finish().await?;
    Ok(Commit::Done)
}

/// Keeps a row that could not be read before another takes its place: what was unsent in it is nowhere else.
async fn set_aside(transaction: &Transaction, key: &str, generation: u64) -> Result<(), IdbError> {
    match transaction.get(ROWS, key).await? {
        // The row that was put in its place since can be read.
        Some(row) if serde_json::from_str::<Row>(&row).is_err() => {
            transaction.put(META, &format!("unread/{key}/{generation}"), &row)
        }
        _ => Ok(()),
    }
}

async fn stands_at(transaction: &Transaction, generation: u64) -> Result<bool, IdbError> {
    let stored = transaction.get(META, META_KEY).await?;
    Ok(stored.as_deref().map_or(0, stand) == generation)
}

/// A meta that can't be read is nobody's to overwrite: no generation fits it.
fn stand(meta: &str) -> u64 {
    serde_json::from_str::<Stand>(meta).map_or(u64::MAX, |stand| stand.generation)
}

fn to_text(thing: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(thing).map_err(|error| StoreError::Failed(error.to_string()))
}
