//! A household list into an area: compared with what is there, written in one transaction, undone in another.

mod area;
mod taken;

use std::collections::{BTreeMap, BTreeSet};

use domain::import::List;
use domain::import::changes::{Changes, Importing, What, undo};
use domain::merge::merge;
use domain::protocol::{AreaChoice, ImportCounts, ImportReply, PastImport, UndoReply};
use domain::text::clean;
use domain::{Day, DocId, Document, Kind, Stamp};

use crate::area_cache::{AreaCache, AreaDocuments};
use crate::readings::Reader;
use crate::store::imports::{Import, Imports as _};
use crate::store::{Instance, Store, StoreError, StoreResult, Stored, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};
pub use area::area_named;
use taken::compare_free;

/// How long an import can be undone, and what was there before is kept.
pub const UNDO_MS: u64 = 30 * 24 * 3_600_000;
/// Of past imports, so many areas are shown.
const PAST_MAX: usize = 500;
const NAME_CHARS_MAX: usize = 80;

/// Why a list was not taken in. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{0}.")]
    BadList(#[from] domain::import::BadList),
    #[error("Không có địa bàn này trong xã, phường. Chọn lại địa bàn rồi nhập.")]
    NoArea,
    #[error("Tên địa bàn mới không hợp lệ. Ghi tên ngắn gọn, như “Tổ 5”.")]
    BadName,
    #[error("Không có lần nhập này, hoặc đã hoàn tác rồi.")]
    NoImport,
    #[error("Lần nhập này đã quá 30 ngày nên không hoàn tác được nữa.")]
    TooLate,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who imports, and of which commune.
#[derive(Clone, Copy, Debug)]
pub struct Clerk {
    pub commune: DocId,
    pub member: DocId,
    pub install: domain::InstallId,
}

/// What the list would change; nothing is written but who looked: it shows who lives in the area.
pub async fn preview<S: Store>(
    store: &S,
    clerk: Clerk,
    choice: &AreaChoice,
    list: &List,
    now_ms: u64,
) -> Result<ImportReply, ImportError> {
    list.check()?;
    let mut tx = store.read().await?;
    let area = area::find(&mut tx, clerk.commune, choice, now_ms).await?;
    let stored = match area.known() {
        Some(area) => tx.all_documents(area).await?,
        None => Vec::new(),
    };
    let importing = importing(area.id(), DocId::from_u128(0), clerk, now_ms);
    let changes = compare_free(&mut tx, list, &stored, importing).await?;
    tx.commit().await?;
    let reply = reply(area.known(), changes);
    let Clerk { commune, member, install } = clerk;
    Reader { member, install, scope: area.known().unwrap_or(commune), now_ms }
        .note(store, "read_import", reply.rows.len())
        .await?;
    Ok(reply)
}

/// Takes the list in. A part that is sent again changes nothing and answers as it did; another part of the same batch
/// ("TDP 05" and "Tổ 5" of one list are one area) joins what is there of the batch, to be undone together.
pub async fn import<S: Store>(
    store: &S,
    cache: &AreaCache,
    clerk: Clerk,
    batch: DocId,
    choice: &AreaChoice,
    (file, list): (&str, &List),
    now_ms: u64,
) -> Result<ImportReply, ImportError> {
    list.check()?;
    let mut tx = store.write().await?;
    let area = area::find(&mut tx, clerk.commune, choice, now_ms).await?;
    let earlier = tx.imports_of_batch(batch).await?.into_iter().find(|known| known.area == area.id());
    let earlier = earlier.filter(|known| known.undone_ms.is_none());
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let locks = [clerk.commune, DocId::figures(clerk.commune), area.id()];
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, now_ms).await?;
    let author = Author { member: Some(clerk.member), install: clerk.install, action: "import" };
    area::write(&mut ledger, clerk.commune, &area, author).await?;
    let mut importing = importing(area.id(), batch, clerk, ledger.stamp().ms);
    if let Some(earlier) = &earlier {
        importing.stamp = earlier.stamp;
    }
    let stored = ledger.tx().all_documents(area.id()).await?;
    let changes = compare_free(ledger.tx(), list, &stored, importing).await?;
    if let Some(earlier) = &earlier
        && changes.described.is_empty()
        && changes.outcomes.is_empty()
    {
        return Ok(ImportReply { area: Some(earlier.area), counts: earlier.counts, rows: Vec::new() });
    }
    let known = by_id(stored);
    put_all(&mut ledger, area.id(), &known, &changes.described, author).await?;
    let outcomes = changes.outcomes.iter();
    let outcomes: Vec<Document> =
        outcomes.map(|(id, fields)| Document::fact(*id, Kind::Outcome, ledger.stamp(), fields.clone())).collect();
    put_all(&mut ledger, area.id(), &known, &outcomes, author).await?;
    let mut undo = changes.undo.clone();
    let reply = reply(Some(area.id()), changes);
    let mut counts = reply.counts;
    if let Some(earlier) = earlier {
        counts.add(&earlier.counts);
        undo.join(earlier.undo.unwrap_or_default());
    }
    ledger
        .tx()
        .put_import(&Import {
            batch,
            commune: clerk.commune,
            area: area.id(),
            member: clerk.member,
            file: shortened(file),
            counts,
            stamp: importing.stamp,
            undo: Some(undo),
            imported_ms: now_ms,
            undone_ms: None,
        })
        .await?;
    let counted = finish(ledger, cache, clerk.commune).await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(reply)
}

/// Undoes a batch in every area that it went into.
pub async fn undo_batch<S: Store>(
    store: &S,
    cache: &AreaCache,
    clerk: Clerk,
    batch: DocId,
    now_ms: u64,
) -> Result<UndoReply, ImportError> {
    let mut tx = store.read().await?;
    let mut parts = tx.imports_of_batch(batch).await?;
    tx.commit().await?;
    parts.retain(|part| part.commune == clerk.commune && part.undone_ms.is_none());
    if parts.is_empty() {
        return Err(ImportError::NoImport);
    }
    if parts.iter().any(|part| part.undo.is_none()) {
        return Err(ImportError::TooLate);
    }
    let mut told = UndoReply::default();
    for part in parts {
        // An area at a time: phones wait no longer than one takes. What is left of a broken undo can be undone again.
        let mut tx = store.write().await?;
        let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
        let undone = undo_part(&mut tx, instance, cache, clerk, &part, now_ms).await?;
        tx.commit().await?;
        for (area, documents) in undone.1 {
            cache.put(area, documents);
        }
        told.people_removed += undone.0.people_removed;
        told.people_kept += undone.0.people_kept;
    }
    Ok(told)
}

async fn undo_part<T: Tx>(
    tx: &mut T,
    instance: Instance,
    cache: &AreaCache,
    clerk: Clerk,
    part: &Import,
    now_ms: u64,
) -> StoreResult<(UndoReply, Vec<(DocId, AreaDocuments)>)> {
    let locks = [clerk.commune, DocId::figures(clerk.commune), part.area];
    let mut ledger = Ledger::lock(tx, instance, &locks, now_ms).await?;
    let stored = ledger.tx().all_documents(part.area).await?;
    let importing = importing(part.area, part.batch, clerk, ledger.stamp().ms);
    let record = part.undo.clone().unwrap_or_default();
    let undoing = undo(&record, part.stamp, stored.iter().map(|stored| &stored.doc), importing);
    let known = by_id(stored);
    let author = Author { member: Some(clerk.member), install: clerk.install, action: "undo import" };
    put_all(&mut ledger, part.area, &known, &undoing.described, author).await?;
    let corrections = undoing.corrections.into_iter();
    let corrections: Vec<Document> =
        corrections.map(|(id, fields)| Document::fact(id, Kind::Correction, ledger.stamp(), fields)).collect();
    put_all(&mut ledger, part.area, &known, &corrections, author).await?;
    ledger.tx().end_import(part.batch, part.area, now_ms).await?;
    let counted = finish(ledger, cache, clerk.commune).await?;
    Ok((UndoReply { people_removed: undoing.people_removed, people_kept: undoing.people_kept }, counted))
}

/// The last imports of a commune, the newest first, the areas of a batch together.
pub async fn past<S: Store>(store: &S, commune: DocId, now_ms: u64) -> StoreResult<Vec<PastImport>> {
    let mut tx = store.read().await?;
    let parts = tx.imports_of(commune, PAST_MAX).await?;
    tx.commit().await?;
    let mut past: Vec<PastImport> = Vec::new();
    for part in parts {
        let can_be_undone =
            part.undo.is_some() && part.undone_ms.is_none() && part.imported_ms.saturating_add(UNDO_MS) > now_ms;
        if let Some(batch) = past.iter_mut().find(|batch| batch.batch == part.batch) {
            batch.areas.push(part.area);
            batch.counts.add(&part.counts);
            batch.can_be_undone |= can_be_undone;
            batch.undone_ms = batch.undone_ms.filter(|_| part.undone_ms.is_some());
        } else {
            past.push(PastImport {
                batch: part.batch,
                file: part.file,
                member: part.member,
                areas: vec![part.area],
                counts: part.counts,
                imported_ms: part.imported_ms,
                undone_ms: part.undone_ms,
                can_be_undone,
            });
        }
    }
    Ok(past)
}

/// Forgets what it takes to undo imports that are too old for it. Answers of how many.
pub async fn forget_old_undo<S: Store>(store: &S, now_ms: u64) -> StoreResult<u64> {
    let mut tx = store.write().await?;
    let forgotten = tx.forget_undo(now_ms.saturating_sub(UNDO_MS)).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn importing(area: DocId, batch: DocId, clerk: Clerk, now_ms: u64) -> Importing {
    Importing { area, member: clerk.member, batch, day: Day::at_ms(now_ms), stamp: Stamp::of_list(now_ms) }
}

fn by_id(stored: Vec<Stored>) -> BTreeMap<DocId, Stored> {
    stored.into_iter().map(|stored| (stored.doc.id, stored)).collect()
}

/// Merges the documents into what is stored; what changes nothing moves nothing, and what lies in another area stays as it
/// is there.
async fn put_all<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    area: DocId,
    known: &BTreeMap<DocId, Stored>,
    documents: &[Document],
    author: Author,
) -> StoreResult<()> {
    let new: Vec<DocId> = documents.iter().map(|doc| doc.id).filter(|id| !known.contains_key(id)).collect();
    let taken: BTreeSet<DocId> = ledger.tx().locate(&new).await?.into_iter().map(|(id, _)| id).collect();
    for doc in documents {
        if taken.contains(&doc.id) {
            tracing::error!(document = %doc.id, "an id of a list is taken in another area");
            continue;
        }
        let before = known.get(&doc.id);
        let merged = merge(before.map_or(doc, |before| &before.doc), doc);
        if before.is_none_or(|before| before.doc != merged) {
            ledger.put(area, before, merged, author).await?;
        }
    }
    Ok(())
}

async fn finish<T: Tx>(
    mut ledger: Ledger<'_, T>,
    cache: &AreaCache,
    commune: DocId,
) -> StoreResult<Vec<(DocId, AreaDocuments)>> {
    let counted = figures::recount(&mut ledger, cache, commune).await?;
    ledger.finish().await?;
    Ok(counted)
}

fn reply(area: Option<DocId>, changes: Changes) -> ImportReply {
    let of = |what: What| changes.rows.iter().filter(|row| row.what == what).count();
    let is_new_home = |(doc, before): (&Document, &domain::import::changes::Before)| {
        doc.kind == Kind::Household && before.fields.is_none()
    };
    let counts = ImportCounts {
        households_added: changes
            .described
            .iter()
            .zip(&changes.undo.described)
            .filter(|pair| is_new_home(*pair))
            .count(),
        added: of(What::Added),
        changed: of(What::Changed),
        moved: of(What::Moved),
        same: of(What::Same),
        kept: changes.rows.iter().filter(|row| !row.kept.is_empty()).count(),
        left_out: changes.rows.iter().filter(|row| row.what.is_left_out()).count(),
        already: changes.outcomes.len(),
        missing: changes.missing,
    };
    let mut rows = changes.rows;
    rows.retain(|row| row.what != What::Same || !row.kept.is_empty());
    ImportReply { area, counts, rows }
}

fn shortened(text: &str) -> String {
    clean(text).chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect()
}
