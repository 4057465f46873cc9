//! Ids that a list's households and people would get, and under which somebody has put another document elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use domain::import::List;
use domain::import::changes::{Changes, Importing, compare};
use domain::moving::MOVED_TO;
use domain::{DocId, Document, Kind};

use crate::store::{StoreResult, Stored, Tx};

/// What `list` would change in an area that holds `stored`. Ids of a list can be guessed before it is imported: a row whose
/// id lies in another area is left out and told, like those of people who live elsewhere; the others go on.
pub(super) async fn compare_free<T: Tx>(
    tx: &mut T,
    list: &List,
    stored: &[Stored],
    importing: Importing,
) -> StoreResult<Changes> {
    let documents = || stored.iter().map(|stored| &stored.doc);
    let mut changes = compare(list, documents(), importing);
    let known: BTreeSet<DocId> = documents().map(|doc| doc.id).collect();
    let outcomes = changes.outcomes.iter().map(|(id, _)| *id);
    let new: Vec<DocId> =
        changes.described.iter().map(|doc| doc.id).chain(outcomes).filter(|id| !known.contains(id)).collect();
    let taken: BTreeMap<DocId, DocId> = tx.locate(&new).await?.into_iter().collect();
    if taken.is_empty() {
        return Ok(changes);
    }
    for id in taken.keys() {
        tracing::error!(document = %id, "an id of a list is taken in another area");
    }
    // Of no kind that is paired by name, so that every other row keeps its id.
    let kind = Kind::Other("taken".to_owned());
    let elsewhere = |(id, scope): (&DocId, &DocId)| {
        Document::description(*id, kind.clone()).with(importing.stamp, [(MOVED_TO, (*scope).into())])
    };
    let described = changes.described.iter().filter_map(|doc| taken.get_key_value(&doc.id));
    let elsewhere: Vec<Document> = described.map(elsewhere).collect();
    changes = compare(list, documents().chain(&elsewhere), importing);
    // An outcome needs no id that phones can tell: one that nobody could know before is as good.
    let free = |id: DocId| DocId::derived(id, &["again", &importing.batch.to_string()]);
    let added = changes.outcomes.iter_mut().map(|(id, _)| id).chain(&mut changes.undo.outcomes);
    added.filter(|id| taken.contains_key(id)).for_each(|id| *id = free(*id));
    Ok(changes)
}
