//! What a transaction has written about people who live in another area by now is carried there, in the same
//! transaction. Most areas have never seen a move, and this costs them nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::ScopeKind;
use domain::moving::{Areas, Root, destination};
use domain::place::AreaKind;
use domain::planted::{Mistake, is_planted};
use domain::{DocId, Document, Kind, Stamp, Value};

use super::Author;
use super::ledger::Ledger;
use super::loaded::Loaded;
use crate::store::{StoreResult, Stored, Tx};

/// The name of an area that nobody has told of yet but that people moved there.
const NAME_UNKNOWN: &str = "Địa bàn chưa rõ tên";

/// Carries on everything that was written since this was last called.
pub async fn carry_on<T: Tx>(ledger: &mut Ledger<'_, T>, loaded: &mut Loaded<'_>, commune: DocId) -> StoreResult<()> {
    let uncarried = ledger.take_uncarried();
    make_areas_again(ledger, loaded, commune, &uncarried).await?;
    for (area, mut written) in uncarried {
        let known = loaded.load(ledger, area).await?;
        if !known.has_moves {
            continue;
        }
        if is_planted(Mistake::LateFactNotCarried) {
            written.retain(|id| known.documents.get(id).is_some_and(|(_, doc)| !doc.is_fact()));
        }
        let roots = roots_concerned(area, &written, &known.documents);
        if roots.is_empty() {
            continue;
        }
        let changes = plan_on(ledger, loaded, commune, area, &written, roots).await?;
        let author = Author { member: None, install: ledger.instance().clock.install(), action: "carry" };
        let skipped = write(ledger, loaded, changes, author).await?;
        for id in skipped {
            tracing::error!(document = %id, "a copy's id is taken in another scope");
        }
    }
    Ok(())
}

/// A server that was restored from before an area was made hears of it from whoever brings back that people moved there,
/// perhaps before it knows that it was restored. They live there from now on, so it is there from now on; its name and all
/// else come from a coordinator's phone.
async fn make_areas_again<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    loaded: &mut Loaded<'_>,
    commune: DocId,
    written: &BTreeMap<DocId, Vec<DocId>>,
) -> StoreResult<()> {
    let mut named = BTreeSet::new();
    for (area, ids) in written {
        let known = &loaded.load(ledger, *area).await?.documents;
        named.extend(ids.iter().filter_map(|id| known.get(id)).filter_map(|(_, doc)| destination(doc)));
    }
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<DocId> = named.into_iter().collect();
    let scopes = ledger.tx().scopes(&named).await?;
    let taken = ledger.tx().locate(&named).await?;
    let is_known =
        |id: &DocId| scopes.iter().any(|row| row.id == *id) || taken.iter().any(|(document, _)| document == id);
    let missing: Vec<DocId> = named.iter().copied().filter(|id| !is_known(id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    ledger.lock_also(commune).await?;
    ledger.lock_also(DocId::figures(commune)).await?;
    let install = ledger.instance().clock.install();
    // Whatever a phone knows of the area is newer.
    let stamp = Stamp { ms: 0, counter: 0, install };
    for id in missing {
        let fields = [("name", Value::text(NAME_UNKNOWN)), ("kind", Value::text(AreaKind::default().name()))];
        let area = Document::description(id, Kind::Area).with(stamp, fields);
        ledger.put(commune, None, area, Author { member: None, install, action: "restore" }).await?;
    }
    Ok(())
}

/// What follows from the written documents. It may concern more people than those whom they are about: then the areas of
/// these are loaded too, and it is planned again.
async fn plan_on<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    loaded: &mut Loaded<'_>,
    commune: DocId,
    area: DocId,
    written: &[DocId],
    mut roots: BTreeSet<Root>,
) -> StoreResult<Vec<(DocId, Document)>> {
    let mut areas = BTreeSet::from([area]);
    loop {
        areas.extend(load_copies(ledger, loaded, commune, &roots).await?);
        // An area may have grown by what was carried from another one of this transaction.
        loaded.load(ledger, area).await?;
        let mut plan = plan(loaded, areas.iter().copied());
        plan.carry_on(area, written, &mut || ledger.stamp());
        if plan.rests_on().is_subset(&roots) {
            for id in plan.taken() {
                tracing::error!(document = %id, "a copy's id is taken in the area itself");
            }
            return Ok(plan.into_changes());
        }
        roots.extend(plan.rests_on());
    }
}

/// Whoever has moved away among those whom the written documents are about, or was written just now.
fn roots_concerned(area: DocId, written: &[DocId], documents: &domain::moving::Documents) -> BTreeSet<Root> {
    let plan = Areas::new(BTreeMap::from([(area, documents)]));
    let touched = plan.touched(area, written);
    let touched = touched.iter().filter_map(|id| plan.get(area, *id));
    let concerned = touched.filter(|doc| destination(doc).is_some() || written.contains(&doc.id));
    let erased = written.iter().filter_map(|id| plan.get(area, *id)).filter(|doc| doc.erased);
    concerned.chain(erased).map(|doc| Root::of(doc, area)).collect()
}

/// Loads every area that has a copy of one of these, or is said to be where they live. Answers which.
pub async fn load_copies<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    loaded: &mut Loaded<'_>,
    commune: DocId,
    roots: &BTreeSet<Root>,
) -> StoreResult<BTreeSet<DocId>> {
    let scopes = ledger.tx().scopes_of(commune).await?;
    let all: BTreeSet<DocId> = scopes.iter().filter(|row| row.kind == ScopeKind::Area).map(|row| row.id).collect();
    let ids: Vec<DocId> = roots.iter().flat_map(|root| all.iter().map(|area| root.id_in(*area))).collect();
    let copies = ledger.tx().documents(&ids).await?;
    let mut areas: BTreeSet<DocId> = copies.iter().map(|stored| stored.scope).collect();
    areas.extend(copies.iter().filter_map(|stored| destination(&stored.doc)));
    areas.retain(|area| all.contains(area));
    for &area in &areas {
        ledger.lock_also(area).await?;
        loaded.load(ledger, area).await?;
    }
    Ok(areas)
}

/// The loaded areas, to plan a move in.
pub fn plan<'a>(loaded: &'a Loaded<'_>, areas: impl IntoIterator<Item = DocId>) -> Areas<'a> {
    Areas::new(areas.into_iter().filter_map(|area| Some((area, &loaded.get(area)?.documents))).collect())
}

/// Writes what was planned. Answers the ids that could not be written, because somebody has put another document there.
pub async fn write<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    loaded: &Loaded<'_>,
    changes: Vec<(DocId, Document)>,
    author: Author,
) -> StoreResult<Vec<DocId>> {
    let before = |area: DocId, doc: &Document| {
        let (accepted, known) = loaded.get(area)?.documents.get(&doc.id)?;
        Some(Stored { scope: area, seq: 0, accepted: *accepted, doc: known.clone() })
    };
    let new: Vec<DocId> =
        changes.iter().filter(|(area, doc)| before(*area, doc).is_none()).map(|(_, doc)| doc.id).collect();
    let taken: BTreeSet<DocId> = ledger.tx().locate(&new).await?.into_iter().map(|(id, _)| id).collect();
    let mut skipped = Vec::new();
    for (area, doc) in changes {
        if taken.contains(&doc.id) || doc.check().is_err() {
            skipped.push(doc.id);
            continue;
        }
        let before = before(area, &doc);
        ledger.put(area, before.as_ref(), doc, author).await?;
    }
    ledger.take_uncarried();
    Ok(skipped)
}
