//! A household list into an area: compared with what is there, written in one transaction, undone in another.

use std::collections::BTreeMap;

use domain::import::List;
use domain::import::changes::{Changes, Importing, What, compare, undo};
use domain::merge::merge;
use domain::place::{Area, AreaKind, is_same_area};
use domain::protocol::{AreaChoice, ImportCounts, ImportReply, PastImport, UndoReply};
use domain::text::{clean, fold};
use domain::{Day, DocId, Document, Kind, Stamp, Value};

use crate::area_cache::{AreaCache, AreaDocuments};
use crate::store::imports::{Import, Imports as _};
use crate::store::{Instance, Store, StoreError, StoreResult, Stored, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, figures};

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

/// The area that a list means by `name`; a new one where there is none.
pub async fn area_named<S: Store>(store: &S, commune: DocId, name: &str) -> StoreResult<AreaChoice> {
    let mut tx = store.read().await?;
    let stored = tx.documents_of(commune, &Kind::Area).await?;
    tx.commit().await?;
    let areas: Vec<Area> = stored.iter().filter_map(|stored| Area::read(&stored.doc)).collect();
    let mut known = areas.iter().filter(|area| is_same_area(&area.name, name));
    if let Some(only) = known.next().filter(|_| known.next().is_none()) {
        return Ok(AreaChoice::Known(only.id));
    }
    let as_others = areas.iter().map(|area| area.kind).find(|kind| !kind.is_support_point());
    let kind = AreaKind::told_by(name).or(as_others).unwrap_or_default();
    Ok(AreaChoice::New { name: name.to_owned(), kind: kind.name().to_owned() })
}

/// What the list would change; nothing is written.
pub async fn preview<S: Store>(
    store: &S,
    clerk: Clerk,
    choice: &AreaChoice,
    list: &List,
    now_ms: u64,
) -> Result<ImportReply, ImportError> {
    list.check()?;
    let mut tx = store.read().await?;
    let area = find_area(&mut tx, clerk.commune, choice).await?;
    let documents = match area {
        Found::Known(area) => tx.all_documents(area).await?,
        Found::New(..) => Vec::new(),
    };
    tx.commit().await?;
    let importing = importing(area.id(), DocId::from_u128(0), clerk, now_ms);
    let changes = compare(list, documents.iter().map(|stored| &stored.doc), importing);
    let known = if let Found::Known(id) = area { Some(id) } else { None };
    Ok(reply(known, changes))
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
    let area = find_area(&mut tx, clerk.commune, choice).await?;
    let earlier = tx.imports_of_batch(batch).await?.into_iter().find(|known| known.area == area.id());
    let earlier = earlier.filter(|known| known.undone_ms.is_none());
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    let locks = [clerk.commune, DocId::figures(clerk.commune), area.id()];
    let mut ledger = Ledger::lock(&mut tx, instance, &locks, now_ms).await?;
    let author = Author { member: Some(clerk.member), install: clerk.install, action: "import" };
    if let Found::New(_, document) = &area {
        let mut document = document.clone();
        let stamp = ledger.stamp();
        if let domain::Body::Description(registers) = &mut document.body {
            for register in registers.values_mut() {
                register.stamp = stamp;
            }
        }
        ledger.put(clerk.commune, None, document, author).await?;
    }
    let mut importing = importing(area.id(), batch, clerk, ledger.stamp().ms);
    if let Some(earlier) = &earlier {
        importing.stamp = earlier.stamp;
    }
    let stored = ledger.tx().all_documents(area.id()).await?;
    let changes = compare(list, stored.iter().map(|stored| &stored.doc), importing);
    if let Some(earlier) = &earlier
        && changes.described.is_empty()
        && changes.outcomes.is_empty()
    {
        return Ok(ImportReply { area: Some(earlier.area), counts: earlier.counts, rows: Vec::new() });
    }
    let known = by_id(stored);
    put_all(&mut ledger, area.id(), &known, &changes.described, author).await?;
    for (id, fields) in &changes.outcomes {
        let stamp = ledger.stamp();
        let fact = Document::fact(*id, Kind::Outcome, stamp, fields.clone());
        put_all(&mut ledger, area.id(), &known, std::slice::from_ref(&fact), author).await?;
    }
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
    for (id, fields) in undoing.corrections {
        let stamp = ledger.stamp();
        let fact = Document::fact(id, Kind::Correction, stamp, fields);
        put_all(&mut ledger, part.area, &known, std::slice::from_ref(&fact), author).await?;
    }
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

enum Found {
    Known(DocId),
    /// With its document, still without a stamp of its own.
    New(DocId, Document),
}

impl Found {
    fn id(&self) -> DocId {
        match self {
            Found::Known(id) | Found::New(id, _) => *id,
        }
    }
}

/// The area that was chosen. A new one whose name is known already is the known one.
async fn find_area<T: Tx>(tx: &mut T, commune: DocId, choice: &AreaChoice) -> Result<Found, ImportError> {
    let stored = tx.documents_of(commune, &Kind::Area).await?;
    let areas: Vec<Area> = stored.iter().filter_map(|stored| Area::read(&stored.doc)).collect();
    match choice {
        AreaChoice::Known(id) => {
            let is_place = |area: &&Area| area.id == *id && area.commune.is_none();
            areas.iter().find(is_place).map(|area| Found::Known(area.id)).ok_or(ImportError::NoArea)
        }
        AreaChoice::New { name, kind } => {
            let name = clean(name);
            let kind = AreaKind::from_name(kind).filter(|kind| *kind != AreaKind::Commune);
            let is_fine =
                !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.contains(char::is_control);
            let kind = kind.filter(|_| is_fine).ok_or(ImportError::BadName)?;
            if areas.iter().any(|area| area.kind == AreaKind::Commune) {
                // A province, which holds no lists.
                return Err(ImportError::NoArea);
            }
            if let Some(known) = areas.iter().find(|area| fold(&area.name) == fold(&name)) {
                return Ok(Found::Known(known.id));
            }
            // The same name gives the same area, whoever imports it first.
            let id = DocId::derived(commune, &["area", &fold(&name)]);
            let order = areas.iter().map(|area| area.order).max().unwrap_or(0).saturating_add(1);
            let fields = [("name", Value::from(name)), ("kind", kind.name().into()), ("order", order.into())];
            Ok(Found::New(id, Document::description(id, Kind::Area).with(Stamp::of_list(0), fields)))
        }
    }
}

fn importing(area: DocId, batch: DocId, clerk: Clerk, now_ms: u64) -> Importing {
    Importing { area, member: clerk.member, batch, day: Day::at_ms(now_ms), stamp: Stamp::of_list(now_ms) }
}

fn by_id(stored: Vec<Stored>) -> BTreeMap<DocId, Stored> {
    stored.into_iter().map(|stored| (stored.doc.id, stored)).collect()
}

/// Merges the documents into what is stored; what changes nothing moves nothing.
async fn put_all<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    area: DocId,
    known: &BTreeMap<DocId, Stored>,
    documents: &[Document],
    author: Author,
) -> StoreResult<()> {
    for doc in documents {
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
