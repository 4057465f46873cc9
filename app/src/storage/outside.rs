//! Reading and writing beside the app's own work: a test row, and what is unsent in a database of a newer app.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::replica::StoreError;
use futures_channel::oneshot;
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::idb::{self, Database, Mode};
use super::{DRAFTS, ROWS, Storage};

/// No page has this path, so no half-typed form has this key.
const TEST_KEY: &str = "tu-kiem-tra";
/// More than a day of work writes: a phone that has room for this has room until the evening.
const TEST_BYTES: usize = 1_000_000;

/// The marks of a row that is not settled (`Row`).
#[derive(Deserialize)]
struct Marks {
    #[serde(rename = "m")]
    mine: Option<IgnoredAny>,
    #[serde(rename = "r")]
    refused: Option<IgnoredAny>,
}

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

/// What is unsent or refused, in the form of `AppState::export_unsettled`, from a database that this app is too old to
/// work with. `None` when it can't be read.
pub async fn unsettled_as_it_is() -> Option<String> {
    let database = idb::open_as_it_is().await.ok()?;
    let rows = async {
        let transaction = database.transaction(&[ROWS], Mode::Read).ok()?;
        let (keys, values) = (transaction.all_keys(ROWS), transaction.all_values(ROWS));
        Some(keys.await.ok()?.into_iter().zip(values.await.ok()?).collect::<BTreeMap<_, _>>())
    };
    let rows = rows.await;
    database.close();
    let rows = rows?.into_iter().filter(|(_, row)| is_unsettled(row));
    let rows: BTreeMap<String, Box<RawValue>> =
        rows.filter_map(|(id, row)| Some((id, RawValue::from_string(row).ok()?))).collect();
    serde_json::to_string_pretty(&rows).ok()
}

/// What can't be understood may be unsent too.
fn is_unsettled(row: &str) -> bool {
    serde_json::from_str::<Marks>(row).map_or(true, |marks| marks.mine.is_some() || marks.refused.is_some())
}

#[cfg(test)]
mod tests {
    use super::is_unsettled;

    #[test]
    fn only_what_the_server_lacks_goes_into_the_file() {
        assert!(is_unsettled(r#"{"s":"1","m":{"rev":1,"doc":{}},"new":1}"#));
        assert!(is_unsettled(r#"{"s":"1","b":{},"r":{"code":"forbidden"}}"#));
        assert!(!is_unsettled(r#"{"s":"1","b":{}}"#));
        assert!(is_unsettled("a form of tomorrow"));
    }
}
