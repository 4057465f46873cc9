//! Work that goes by way of another phone (`/chuyen-giup`), and what lies sealed in the outbox.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::{Phone, id, until};

const READ_OUTBOX: &str = "
    const known = await indexedDB.databases();
    if (!known.some((one) => one.name === 'tung-nha-outbox')) return {};
    const database = await new Promise((done, fail) => {
        const request = indexedDB.open('tung-nha-outbox');
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
    });
    const found = {};
    for (const name of database.objectStoreNames) {
        const store = database.transaction(name).objectStore(name);
        found[name] = await new Promise((done, fail) => {
            const all = store.getAll();
            all.onsuccess = () => done(all.result.map((text) => JSON.parse(text)));
            all.onerror = () => fail(all.error);
        });
    }
    database.close();
    return found;
";

const READ_COPY: &str = "
    const copy = await (await caches.open('outbox')).match('/outbox/own');
    return copy ? await copy.json() : {};
";

/// The second copy of what is only on a phone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Copied {
    documents: u64,
    capsules: Vec<String>,
    rescue: Vec<String>,
}

impl Phone {
    pub async fn hand_over_page(&self) -> Result<()> {
        self.open("/chuyen-giup").await?;
        self.see(&id("page-hand-over")).await
    }

    /// Rows by store. Works on any page of the server.
    pub async fn outbox(&self) -> Result<BTreeMap<String, Vec<Value>>> {
        self.eval_later(READ_OUTBOX, vec![]).await
    }

    /// Waits until the unsent work lies sealed for the service worker: so many documents.
    pub async fn has_sealed(&self, documents: u64) -> Result<()> {
        until(format!("{documents} documents in the outbox"), async || {
            let outbox = self.outbox().await?;
            let own = outbox.get("own").and_then(|rows| rows.first()).map(|own| own["documents"].clone());
            Ok((own == Some(json!(documents))).then_some(()))
        })
        .await
    }

    /// Waits until there is a second copy of it, outside the database.
    pub async fn has_copied(&self, documents: u64) -> Result<()> {
        until(format!("a copy of {documents} documents"), async || {
            let copied: Copied = self.eval_later(READ_COPY, vec![]).await?;
            Ok((copied.documents == documents).then_some(()))
        })
        .await
    }

    /// The same of what the server has refused, with nothing unsent beside it.
    pub async fn has_copied_refused(&self, documents: u64) -> Result<()> {
        until(format!("a copy of {documents} refused documents"), async || {
            let copied: Copied = self.eval_later(READ_COPY, vec![]).await?;
            let is_refused = copied.capsules.is_empty() && !copied.rescue.is_empty();
            Ok((is_refused && copied.documents == documents).then_some(()))
        })
        .await
    }

    /// What Chrome does when it has noticed a network: wakes the worker. To be called on a page without the app.
    pub async fn background_sync(&self, origin: &str) -> Result<()> {
        let cdp = self.session()?;
        let cdp = cdp.cdp();
        cdp.send_raw("ServiceWorker.enable", json!({})).await?;
        // The browser counts registrations of a profile from 0; unknown ones do nothing.
        for number in 0..4 {
            let event = json!({
                "origin": origin, "registrationId": number.to_string(), "tag": "send", "lastChance": false,
            });
            let _ = cdp.send_raw("ServiceWorker.dispatchSyncEvent", event).await;
        }
        Ok(())
    }

    /// Files that the phone saves go into this folder.
    pub async fn save_into(&self, folder: &Path) -> Result<()> {
        let wanted = json!({ "behavior": "allow", "downloadPath": folder.to_str().context("a path")? });
        self.session()?.cdp().send_raw("Browser.setDownloadBehavior", wanted).await?;
        Ok(())
    }
}

/// Waits for a capsule's file.
pub async fn saved_capsule(folder: &Path) -> Result<PathBuf> {
    until("a file to be saved", async || {
        let mut files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        Ok(files.find(|path| path.extension().is_some_and(|end| end == "tnha")))
    })
    .await
}
