//! Reading and writing beside the app's own work: a test row, and whether the database answers at all.

use std::time::Duration;

use domain::replica::StoreError;
use futures_channel::oneshot;
use leptos::prelude::*;

use super::idb::{Database, Mode};
use super::{DRAFTS, Storage};

/// No page has this path, so no half-typed form has this key.
const TEST_KEY: &str = "tu-kiem-tra";
/// More than a day of work writes: a phone that has room for this has room until the evening.
const TEST_BYTES: usize = 1_000_000;

impl Storage {
    /// Writes a test row as records are written, reads it back and removes it. Touches nothing else.
    pub async fn test(&self) -> Result<(), StoreError> {
        let text = format!("{:x}", crate::state::random_u64()).repeat(TEST_BYTES / 16);
        let written = self.put_draft(TEST_KEY, Some(&text)).await;
        let read = self.draft(TEST_KEY).await;
        let removed = self.put_draft(TEST_KEY, None).await;
        written?;
        removed?;
        if read.as_ref() == Some(&text) { Ok(()) } else { Err(StoreError::Failed("read back otherwise".to_owned())) }
    }

    pub(super) async fn put_draft(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        let write = async |database: &Database| {
            let transaction = database.transaction(&[DRAFTS], Mode::Write)?;
            match value {
                Some(value) => transaction.put(DRAFTS, key, value)?,
                None => transaction.delete(DRAFTS, key)?,
            }
            transaction.finish().await
        };
        Ok(self.with_database(write).await?)
    }

    /// The stored generation, or `None` when the database does not answer in time: on iPhones requests of a woken app may
    /// hang for ever.
    pub async fn generation_within(self: std::rc::Rc<Self>, patience: Duration) -> Option<Result<u64, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let storage = std::rc::Rc::clone(&self);
        let answer = std::rc::Rc::new(std::cell::Cell::new(Some(answer)));
        let late = std::rc::Rc::clone(&answer);
        let timer = set_timeout_with_handle(move || drop(late.take()), patience).ok();
        leptos::task::spawn_local(async move {
            let generation = storage.generation().await;
            if let Some(answer) = answer.take() {
                let _ = answer.send(generation);
            }
        });
        let generation = answered.await.ok();
        if let Some(timer) = timer {
            timer.clear();
        }
        generation
    }
}
