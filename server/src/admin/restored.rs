//! What a database that is older than what phones have seen needs, before it serves again.

use domain::planted::{Mistake, is_planted};
use domain::{Body, DocId};

use super::{epoch_text, note};
use crate::store::{Store, StoreError, StoreResult, Tx};
use crate::sync::ledger::Ledger;

/// Who says that the database is an older copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A person, who has restored a backup.
    Told,
    /// A phone's cursor: nobody has said a word.
    FoundOut,
}

/// To be called once after the database was restored from a backup: with a new epoch every phone offers all it has, and
/// what the server writes itself gets new stamps, because phones may hold newer versions from the lost time.
pub async fn mark_restored<S: Store>(store: &S, epoch: u128, now_ms: u64) -> StoreResult<()> {
    let mut tx = store.write().await?;
    mark_restored_in(&mut tx, How::Told, epoch, now_ms).await?;
    tx.commit().await
}

/// The same in a transaction that writes.
pub async fn mark_restored_in<T: Tx>(tx: &mut T, how: How, epoch: u128, now_ms: u64) -> StoreResult<()> {
    let mut instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    instance.restored_ms = Some(now_ms);
    if how == How::FoundOut {
        instance.rolled_back_ms = Some(now_ms);
    }
    if !is_planted(Mistake::RestoreKeepsEpoch) {
        instance.epoch = epoch_text(epoch);
    }
    tx.set_instance(&instance).await?;
    for commune in tx.communes().await? {
        let scope = DocId::figures(commune);
        let derived = tx.all_documents(scope).await?;
        let mut ledger = Ledger::lock(tx, instance.clone(), &[scope], now_ms).await?;
        for before in derived.into_iter().filter(|before| !before.doc.is_fact()) {
            let mut doc = before.doc.clone();
            let stamp = ledger.stamp();
            if let Body::Description(registers) = &mut doc.body {
                for register in registers.values_mut() {
                    register.stamp = stamp;
                }
            }
            ledger.put_derived(scope, Some(&before), doc).await?;
        }
        instance = ledger.instance().clone();
        ledger.finish().await?;
    }
    let action = match how {
        How::Told => "restore",
        How::FoundOut => "rolled_back",
    };
    tx.audit(&note(&instance, action, now_ms)).await
}
