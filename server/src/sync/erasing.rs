//! Erasures carried out: what a fact of kind `erasure` names loses what identifies a person, whichever of the two arrives
//! first and by whatever way.

use std::collections::BTreeSet;

use domain::access::ScopeKind;
use domain::document::Kind;
use domain::erasure;
use domain::merge::erase;
use domain::{DocId, InstallId};

use super::Author;
use super::ledger::Ledger;
use super::loaded::Loaded;
use crate::store::{StoreResult, Stored, Tx};

/// Erases in every area that this transaction has written to what an erasure there reaches and what still stands.
pub async fn carry_out<T: Tx>(ledger: &mut Ledger<'_, T>, loaded: &mut Loaded<'_>) -> StoreResult<()> {
    for area in ledger.areas_written() {
        let known = loaded.load(ledger, area).await?;
        let erasures = known.documents.values().map(|(_, doc)| doc).filter(|doc| doc.kind == Kind::Erasure);
        let subjects: BTreeSet<DocId> = erasures.filter_map(erasure::subject).collect();
        if subjects.is_empty() {
            continue;
        }
        let is_reached = |doc: &&(u64, domain::Document)| {
            !doc.1.erased && subjects.iter().any(|subject| erasure::reaches(*subject, &doc.1))
        };
        let standing: Vec<Stored> = known
            .documents
            .values()
            .filter(is_reached)
            .map(|(accepted, doc)| Stored { scope: area, seq: 0, accepted: *accepted, doc: doc.clone() })
            .collect();
        let install = ledger.instance().clock.install();
        for before in standing {
            put_erased(ledger, &before, None, install).await?;
        }
    }
    Ok(())
}

/// Stores `before` without what identifies a person.
pub async fn put_erased<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    before: &Stored,
    member: Option<DocId>,
    install: InstallId,
) -> StoreResult<Stored> {
    let mut doc = before.doc.clone();
    erase(&mut doc);
    ledger.put(before.scope, Some(before), doc, Author { member, install, action: "erase" }).await
}

/// The household or resident that an erasure just stored in `scope` is about, where it stands there unerased.
pub async fn standing_subject<T: Tx>(ledger: &mut Ledger<'_, T>, erasure: &Stored) -> StoreResult<Option<Stored>> {
    let Some(subject) = erasure::subject(&erasure.doc) else { return Ok(None) };
    let is_area = ledger.scope(erasure.scope).is_some_and(|row| row.kind == ScopeKind::Area);
    let found = ledger.tx().documents(&[subject]).await?.into_iter().next();
    let stands = |found: &Stored| {
        is_area && found.scope == erasure.scope && !found.doc.erased && erasure::reaches(subject, &found.doc)
    };
    Ok(found.filter(stands))
}
