//! What lies on a phone, read past the app: its database and the worker's caches.

use std::collections::BTreeMap;

use anyhow::Result;

use super::Phone;

const READ_ALL: &str = "
    const known = await indexedDB.databases();
    if (!known.some((one) => one.name === 'tung-nha')) return {};
    const database = await new Promise((done, fail) => {
        const request = indexedDB.open('tung-nha');
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
    });
    const found = {};
    if (database.objectStoreNames.contains(args[0])) {
        const store = database.transaction(args[0]).objectStore(args[0]);
        await new Promise((done, fail) => {
            const cursor = store.openCursor();
            cursor.onerror = () => fail(cursor.error);
            cursor.onsuccess = () => {
                if (!cursor.result) return done();
                found[cursor.result.key] = String(cursor.result.value);
                cursor.result.continue();
            };
        });
    }
    database.close();
    return found;
";

/// Gives the unsent rows another scope, behind the app's back; answers how many.
const MOVE_UNSENT: &str = "
    const database = await new Promise((done, fail) => {
        const request = indexedDB.open('tung-nha');
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
    });
    const transaction = database.transaction('rows', 'readwrite');
    let moved = 0;
    await new Promise((done, fail) => {
        transaction.oncomplete = done;
        transaction.onabort = () => fail(transaction.error);
        const cursor = transaction.objectStore('rows').openCursor();
        cursor.onsuccess = () => {
            if (!cursor.result) return;
            const row = JSON.parse(cursor.result.value);
            if (row.m) {
                moved += 1;
                cursor.result.update(JSON.stringify({ ...row, s: args[0] }));
            }
            cursor.result.continue();
        };
    });
    database.close();
    return moved;
";

const READ_CACHES: &str = "
    const found = {};
    // Beside the builds the worker keeps a note of which of them started.
    for (const name of (await caches.keys()).filter((name) => name.startsWith('tung-nha-'))) {
        const cache = await caches.open(name);
        found[name] = (await cache.keys()).map((request) => new URL(request.url).pathname).sort();
    }
    return found;
";

impl Phone {
    /// Half-typed forms, by their key.
    pub async fn stored_drafts(&self) -> Result<BTreeMap<String, String>> {
        self.eval_later(READ_ALL, vec!["drafts".into()]).await
    }

    /// Documents, by id.
    pub async fn stored_rows(&self) -> Result<BTreeMap<String, String>> {
        self.eval_later(READ_ALL, vec!["rows".into()]).await
    }

    /// As if the app had made a mistake, or somebody had tampered with the phone.
    pub async fn move_unsent_to(&self, scope: &str) -> Result<u64> {
        self.eval_later(MOVE_UNSENT, vec![scope.into()]).await
    }

    /// The phone's row about itself; empty when there is none.
    pub async fn stored_meta(&self) -> Result<String> {
        let meta: BTreeMap<String, String> = self.eval_later(READ_ALL, vec!["meta".into()]).await?;
        Ok(meta.into_values().next().unwrap_or_default())
    }

    /// Paths by the name of their cache.
    pub async fn cached_files(&self) -> Result<BTreeMap<String, Vec<String>>> {
        self.eval_later(READ_CACHES, vec![]).await
    }

    /// Waits until the worker serves this page, so that the app opens without a network.
    pub async fn worker_is_ready(&self) -> Result<()> {
        let script = "await navigator.serviceWorker.ready;
             if (!navigator.serviceWorker.controller)
                 await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done));
             return true";
        self.eval_later::<bool>(script, vec![]).await.map(drop)
    }
}
