//! A database file that was put back without a word (a snapshot of the machine, a copied file) is found out by what phones
//! know of it.
//!
//! A cursor of the present epoch with our own code says which number this database has given in which scope. When there
//! is no such scope now, or its newest number is smaller, the file is older than that cursor.

use domain::DocId;
use domain::planted::{Mistake, is_planted};
use domain::protocol::SyncRequest;

use super::cursor::Cursor;
use crate::admin::{self, How};
use crate::receipts::ReceiptKey;
use crate::store::{Instance, Store, StoreError, StoreResult, Tx};

/// A number that was given and is not there any more.
struct Proof {
    scope: DocId,
    seq: u64,
    key: ReceiptKey,
    instance: Instance,
}

impl Proof {
    /// The next epoch: nobody without the key can foresee it, and it is the same in a simulation that is run again.
    fn epoch(&self, now_ms: u64) -> u128 {
        self.key.epoch(&self.instance.epoch, self.scope, self.seq, now_ms)
    }
}

/// A transaction to serve the request in. When the request's cursors prove that the database is older than they are, it is
/// marked as restored before: what is served is served under the new epoch, so that phones offer what they have.
pub async fn begin<S: Store>(store: &S, request: &SyncRequest, now_ms: u64) -> StoreResult<(S::Tx, Instance)> {
    let mut tx = store.read().await?;
    let instance = read_instance(&mut tx).await?;
    if find(&mut tx, &instance, request).await?.is_none() {
        return Ok((tx, instance));
    }
    tx.commit().await?;
    mark(store, request, now_ms).await?;
    let mut tx = store.read().await?;
    let instance = read_instance(&mut tx).await?;
    Ok((tx, instance))
}

async fn read_instance<T: Tx>(tx: &mut T) -> StoreResult<Instance> {
    tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))
}

async fn mark<S: Store>(store: &S, request: &SyncRequest, now_ms: u64) -> StoreResult<()> {
    let mut tx = store.write().await?;
    let instance = read_instance(&mut tx).await?;
    // Looked for again: a second phone that proves the same finds the epoch changed already.
    let Some(proof) = find(&mut tx, &instance, request).await? else { return Ok(()) };
    admin::mark_restored_in(&mut tx, How::FoundOut, proof.epoch(now_ms), now_ms).await?;
    tx.commit().await?;
    tracing::error!(
        scope = %proof.scope, given = proof.seq,
        "the data are older than what phones have been given: an older file was put back; phones send what it lacks"
    );
    Ok(())
}

/// The first cursor that the database as it is now cannot have given.
async fn find<T: Tx>(tx: &mut T, instance: &Instance, request: &SyncRequest) -> StoreResult<Option<Proof>> {
    if request.cursors.is_empty() || is_planted(Mistake::RollbackUnseen) {
        return Ok(None);
    }
    let Some(key) = instance.capsule_key.as_ref().map(ReceiptKey::of) else { return Ok(None) };
    let proved = |scope: DocId, text: &str| Cursor::read(text)?.proved(scope, &instance.epoch, &key);
    let given: Vec<(DocId, u64)> = request
        .cursors
        .iter()
        .filter_map(|cursor| Some((cursor.scope, proved(cursor.scope, cursor.cursor.as_deref()?)?)))
        .collect();
    let ids: Vec<DocId> = given.iter().map(|(scope, _)| *scope).collect();
    let rows = tx.scopes(&ids).await?;
    let is_missing = |&(scope, seq): &(DocId, u64)| rows.iter().all(|row| row.id != scope || row.seq < seq);
    let found = given.into_iter().find(is_missing);
    Ok(found.map(|(scope, seq)| Proof { scope, seq, key, instance: instance.clone() }))
}
