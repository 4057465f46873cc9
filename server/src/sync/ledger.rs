//! Where changes are written: under the locks of their scopes, numbered, fingerprinted, noted in the audit.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::ScopeKind;
use domain::place::AreaKind;
use domain::planted::{Mistake, is_planted};
use domain::{DocId, Document, Kind, Stamp, Value};

use super::Author;
use crate::store::{AuditLine, Instance, ScopeRow, StoreError, StoreResult, Stored, Tx};

/// The changes of one transaction.
pub struct Ledger<'t, T: Tx> {
    tx: &'t mut T,
    instance: Instance,
    pub now_ms: u64,
    scopes: BTreeMap<DocId, ScopeRow>,
    /// The scopes' numbers when they were locked.
    before: BTreeMap<DocId, u64>,
    changes: Vec<Stored>,
    /// How many of the changes were looked at for people who have moved.
    carried: usize,
    /// For a planted mistake only: what was pushed, before merging.
    pushed: BTreeMap<DocId, Document>,
    created_areas: BTreeSet<DocId>,
    is_clock_changed: bool,
    must_recount_all: bool,
}

impl<'t, T: Tx> Ledger<'t, T> {
    /// Locks `scopes` (in ascending order, so that two requests never wait for each other).
    pub async fn lock(tx: &'t mut T, instance: Instance, scopes: &[DocId], now_ms: u64) -> StoreResult<Self> {
        let mut ids = scopes.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let rows = tx.lock_scopes(&ids).await?;
        Ok(Self {
            tx,
            instance,
            now_ms,
            before: rows.iter().map(|row| (row.id, row.seq)).collect(),
            scopes: rows.into_iter().map(|row| (row.id, row)).collect(),
            changes: Vec::new(),
            carried: 0,
            pushed: BTreeMap::new(),
            created_areas: BTreeSet::new(),
            is_clock_changed: false,
            must_recount_all: false,
        })
    }

    pub fn tx(&mut self) -> &mut T {
        self.tx
    }

    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// A scope that this transaction has locked.
    pub fn scope(&self, id: DocId) -> Option<&ScopeRow> {
        self.scopes.get(&id)
    }

    /// Locks one more scope, if it exists.
    pub async fn lock_also(&mut self, id: DocId) -> StoreResult<()> {
        if !self.scopes.contains_key(&id) {
            for row in self.tx.lock_scopes(&[id]).await? {
                self.before.insert(row.id, row.seq);
                self.scopes.insert(row.id, row);
            }
        }
        Ok(())
    }

    /// The number that a scope had when it was locked.
    pub fn seq_before(&self, id: DocId) -> u64 {
        self.before.get(&id).copied().unwrap_or(0)
    }

    /// A stamp of the server's own clock.
    pub fn stamp(&mut self) -> Stamp {
        self.is_clock_changed = true;
        self.instance.clock.tick(self.now_ms)
    }

    /// Writes a changed document under the scope's next number. `before` is what is stored under its id.
    pub async fn put(
        &mut self,
        scope: DocId,
        before: Option<&Stored>,
        doc: Document,
        author: Author,
    ) -> StoreResult<Stored> {
        let stored = self.number(scope, before, doc)?;
        self.tx.put_document(&stored).await?;
        self.tx
            .audit(&AuditLine {
                member: author.member,
                install: author.install,
                action: author.action,
                document: Some(stored.doc.id),
                scope: Some(scope),
                seq: Some(stored.seq),
                people: None,
                received_ms: self.now_ms,
            })
            .await?;
        self.follow_up(before, &stored).await?;
        self.changes.push(stored.clone());
        Ok(stored)
    }

    /// Writes a document that the server derives from others. It has no author, so the audit does not know it.
    pub async fn put_derived(&mut self, scope: DocId, before: Option<&Stored>, doc: Document) -> StoreResult<()> {
        let stored = self.number(scope, before, doc)?;
        self.tx.put_document(&stored).await
    }

    fn number(&mut self, scope: DocId, before: Option<&Stored>, doc: Document) -> StoreResult<Stored> {
        let row = self.scopes.get_mut(&scope).ok_or(StoreError::Corrupt("a scope that is not locked"))?;
        let seq = next_number(row);
        let accepted = before.map_or_else(
            || {
                row.accepted += 1;
                row.accepted
            },
            |before| before.accepted,
        );
        if let Some(before) = before {
            row.digest.remove(&before.doc);
        }
        row.digest.add(&doc);
        Ok(Stored { scope, seq, accepted, doc })
    }

    /// What a document of the commune brings into being. The ids of derived documents are known to everyone, so they
    /// are taken at once, before somebody else can put another document there.
    async fn follow_up(&mut self, before: Option<&Stored>, stored: &Stored) -> StoreResult<()> {
        let (doc, commune) = (&stored.doc, stored.scope);
        match doc.kind {
            Kind::Area if doc.text("kind") == Some(AreaKind::Commune.name()) => {
                // Nobody lives in it: its figures are copied from the commune.
                self.reserve(commune, Document::description(DocId::summary(doc.id), Kind::Summary), "area", doc.id)
                    .await
            }
            Kind::Area => {
                let area = ScopeRow::new(doc.id, ScopeKind::Area, commune);
                self.tx.add_scope(&area).await?;
                for row in self.tx.lock_scopes(&[doc.id]).await? {
                    self.before.entry(row.id).or_insert(row.seq);
                    self.created_areas.insert(row.id);
                    self.scopes.entry(row.id).or_insert(row);
                }
                self.reserve(commune, Document::description(DocId::summary(doc.id), Kind::Summary), "area", doc.id)
                    .await
            }
            Kind::Member => {
                let had = before.map(|before| before.doc.links("areas")).unwrap_or_default();
                let has = doc.links("areas");
                for area in had.into_iter().filter(|area| !has.contains(area)) {
                    self.tx.put_left_area(doc.id, area, self.now_ms).await?;
                }
                let state = Document::description(DocId::phone_state(doc.id), Kind::PhoneState);
                self.reserve(commune, state, "member", doc.id).await
            }
            Kind::Campaign => {
                self.must_recount_all = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn reserve(&mut self, commune: DocId, mut doc: Document, field: &str, of: DocId) -> StoreResult<()> {
        if self.tx.locate(&[doc.id]).await?.is_empty() {
            let stamp = self.stamp();
            doc.set(field.to_owned(), Value::from(of), stamp);
            self.put_derived(DocId::figures(commune), None, doc).await?;
        }
        Ok(())
    }

    /// Has every locked area counted anew, changed or not.
    pub fn recount_all(&mut self) {
        self.must_recount_all = true;
    }

    /// The areas whose figures may be other than before.
    pub fn areas_to_count(&self) -> Vec<DocId> {
        let mut touched: BTreeSet<DocId> = self.changes.iter().map(|change| change.scope).collect();
        touched.extend(&self.created_areas);
        let areas = self.scopes.values().filter(|row| row.kind == ScopeKind::Area);
        areas.filter(|row| self.must_recount_all || touched.contains(&row.id)).map(|row| row.id).collect()
    }

    /// The areas that this transaction has written documents into.
    pub fn areas_written(&self) -> BTreeSet<DocId> {
        let is_area = |scope: &DocId| self.scopes.get(scope).is_some_and(|row| row.kind == ScopeKind::Area);
        self.changes.iter().map(|change| change.scope).filter(is_area).collect()
    }

    /// What was written into areas since this was last asked, by area, in order.
    pub fn take_uncarried(&mut self) -> BTreeMap<DocId, Vec<DocId>> {
        let mut written: BTreeMap<DocId, Vec<DocId>> = BTreeMap::new();
        for change in &self.changes[self.carried.min(self.changes.len())..] {
            if self.scopes.get(&change.scope).is_some_and(|row| row.kind == ScopeKind::Area) {
                written.entry(change.scope).or_default().push(change.doc.id);
            }
        }
        self.carried = self.changes.len();
        written
    }

    /// What this transaction has changed in a scope, in order.
    pub fn changes_in(&self, scope: DocId) -> impl Iterator<Item = &Stored> {
        self.changes.iter().filter(move |change| change.scope == scope)
    }

    pub fn remember_pushed(&mut self, doc: &Document) {
        self.pushed.insert(doc.id, doc.clone());
    }

    pub fn pushed(&self) -> &BTreeMap<DocId, Document> {
        &self.pushed
    }

    /// Writes the counters of the scopes that changed, and the server's clock.
    pub async fn finish(self) -> StoreResult<()> {
        for (id, row) in &self.scopes {
            if self.before.get(id) != Some(&row.seq) {
                self.tx.set_scope(row).await?;
            }
        }
        if self.is_clock_changed {
            self.tx.set_instance(&self.instance).await?;
        }
        Ok(())
    }
}

fn next_number(row: &mut ScopeRow) -> u64 {
    if is_planted(Mistake::SequenceBeforeLock) {
        return early_number(row);
    }
    row.seq += 1;
    row.seq
}

/// A planted mistake: numbers in the order 2, 1, 6, 5, 10, 9, …, as when two transactions took theirs before the lock.
/// An even newest number means that the one below it is still to be used.
fn early_number(row: &mut ScopeRow) -> u64 {
    if row.seq > 0 && row.seq.is_multiple_of(2) {
        let early = row.seq - 1;
        row.seq += 1;
        return early;
    }
    row.seq += if row.seq == 0 { 2 } else { 3 };
    row.seq
}
