//! Keeps the older value when a member changes a name that others had set: see `domain::renamed`.

use domain::people::Role;
use domain::planted::{Mistake, is_planted};
use domain::renamed::{Renamed, taken_over};
use domain::{DocId, Document, Kind, Value};

use super::ledger::Ledger;
use super::loaded::Loaded;
use super::{Author, Session, erasing};
use crate::store::{StoreResult, Stored, Tx};

/// Notes what `after` has taken over from others. Leads change names knowingly, and see what members change. Answers what
/// was written: the same push may bring it too, after a restore.
pub async fn note<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    session: &Session,
    before: &Stored,
    after: &Stored,
) -> StoreResult<Vec<Stored>> {
    let mut written = Vec::new();
    if session.grant.role >= Role::Lead || is_planted(Mistake::OldNameForgotten) {
        return Ok(written);
    }
    for (field, value) in taken_over(&before.doc, &after.doc, session.device.install) {
        written.extend(keep(ledger, session, after, field, &value).await?);
    }
    Ok(written)
}

async fn keep<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    session: &Session,
    of: &Stored,
    field: &str,
    value: &Value,
) -> StoreResult<Option<Stored>> {
    let Some(secret) = secret(ledger) else { return Ok(None) };
    let id = Renamed::id(of.doc.id, field, value, &secret);
    let known = ledger.tx().documents(&[id]).await?.into_iter().next();
    if known.as_ref().is_some_and(|known| known.scope != of.scope || known.doc.kind != Kind::Renamed) {
        // Its id was known once, to phones of before a restore.
        tracing::error!(document = %id, "the id of an older name is taken by another document");
        return Ok(None);
    }
    if known.as_ref().is_some_and(|known| known.doc.erased) {
        return Ok(None);
    }
    let stamp = ledger.stamp();
    let doc = known.as_ref().map_or_else(|| Document::description(id, Kind::Renamed), |known| known.doc.clone());
    let doc = doc.with(stamp, Renamed::fields(of.doc.id, field, value, session.grant.member));
    let author = Author { member: Some(session.grant.member), install: session.device.install, action: "rename" };
    Ok(Some(ledger.put(of.scope, known.as_ref(), doc, author).await?))
}

/// Strips what was kept of people who have been erased, in every area that this transaction has written to: also where a
/// copy of them was erased because they had moved, and where a phone has just brought it back.
pub async fn forget_erased<T: Tx>(ledger: &mut Ledger<'_, T>, loaded: &mut Loaded<'_>) -> StoreResult<()> {
    for area in ledger.areas_written() {
        let documents = &loaded.load(ledger, area).await?.documents;
        let is_erased = |id: DocId| documents.get(&id).is_some_and(|(_, doc)| doc.erased);
        let standing =
            |doc: &Document| doc.kind == Kind::Renamed && !doc.erased && doc.link("of").is_some_and(is_erased);
        let left: Vec<Stored> = documents
            .values()
            .filter(|(_, doc)| standing(doc))
            .map(|(accepted, doc)| Stored { scope: area, seq: 0, accepted: *accepted, doc: doc.clone() })
            .collect();
        let install = ledger.instance().clock.install();
        for before in left {
            erasing::put_erased(ledger, &before, None, install).await?;
        }
    }
    Ok(())
}

/// Known to this database and its backups alone, so that phones cannot take the id first.
fn secret<T: Tx>(ledger: &Ledger<'_, T>) -> Option<String> {
    let key = ledger.instance().capsule_key.as_ref()?;
    let hash = crate::store::SecretHash::of(&[b"tung-nha renamed 1".as_slice(), &key.to_bytes()].concat());
    Some(DocId::from_bytes(*hash.0.first_chunk()?).to_string())
}
