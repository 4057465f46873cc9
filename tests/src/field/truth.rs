//! What the server has, read from its file when it does not run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::coverage::{AreaView, Shown};
use domain::digest::Digest;
use domain::summary::Summary;
use domain::{Day, DocId, Document, Kind};
use server::app::wall_ms;
use server::store::{ScopeRow, SqliteStore, Store as _, Stored, Tx as _};

use super::commune::{COMMUNE, Person, areas, campaign};
use super::promises::Promises;

pub struct Truth {
    epoch: String,
    audit: u64,
    scopes: BTreeMap<DocId, (ScopeRow, Vec<Stored>)>,
    scope_of: BTreeMap<DocId, (DocId, usize)>,
}

impl Truth {
    /// Opens the file as a server would, then looks at every byte of it.
    pub async fn read(file: &Path) -> Result<Self> {
        let store = SqliteStore::open(file).await?;
        let mut tx = store.read().await?;
        let epoch = tx.instance().await?.context("no instance")?.epoch;
        let audit = tx.audit_count().await?;
        let mut scopes = BTreeMap::new();
        let mut scope_of = BTreeMap::new();
        for row in tx.scopes_of(COMMUNE).await? {
            let documents = tx.all_documents(row.id).await?;
            scope_of.extend(documents.iter().enumerate().map(|(place, stored)| (stored.doc.id, (row.id, place))));
            scopes.insert(row.id, (row, documents));
        }
        tx.commit().await?;
        store.close().await;
        SqliteStore::inspect(file).await?;
        Ok(Self { epoch, audit, scopes, scope_of })
    }

    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    pub fn digest(&self, scope: DocId) -> Digest {
        self.scopes.get(&scope).map(|(row, _)| row.digest).unwrap_or_default()
    }

    pub fn documents(&self, scope: DocId) -> impl Iterator<Item = &Stored> {
        self.scopes.get(&scope).into_iter().flat_map(|(_, documents)| documents)
    }

    pub fn document(&self, id: DocId) -> Option<&Document> {
        let (scope, place) = self.scope_of.get(&id)?;
        self.scopes.get(scope)?.1.get(*place).map(|stored| &stored.doc)
    }

    /// What was confirmed and is not here.
    pub fn lost(&self, promises: &Promises) -> Vec<DocId> {
        promises.lost(|id| self.document(id).cloned())
    }

    /// Facts that nobody wrote, and documents that were counted twice.
    pub fn doubled(&self, promises: &Promises) -> Vec<DocId> {
        let facts = self.scopes.values().flat_map(|(_, documents)| documents).filter(|stored| stored.doc.is_fact());
        let mut doubled: Vec<DocId> =
            facts.map(|stored| stored.doc.id).filter(|id| !promises.facts.contains(id)).collect();
        for (row, documents) in self.scopes.values() {
            let accepted: BTreeSet<u64> = documents.iter().map(|stored| stored.accepted).collect();
            let seqs: BTreeSet<u64> = documents.iter().map(|stored| stored.seq).collect();
            let is_in_order = accepted.len() == documents.len()
                && accepted.last().copied().unwrap_or(0) == row.accepted
                && row.accepted == documents.len() as u64
                && seqs.len() == documents.len()
                && seqs.last().copied().unwrap_or(0) <= row.seq;
            if !is_in_order {
                doubled.push(row.id);
            }
        }
        doubled
    }

    /// Whether sending something again has left any trace: a number, an entry in the audit, a fingerprint.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let areas = |truth: &Self| areas().map(|area| truth.scopes.get(&area).map(|(row, _)| row.clone())).collect();
        let (ours, theirs): (Vec<_>, Vec<_>) = (areas(self), areas(other));
        ours == theirs && self.audit == other.audit
    }

    pub fn check(&self, promises: &Promises, people: &[Person]) -> Vec<String> {
        let mut wrong: Vec<String> =
            self.lost(promises).iter().map(|id| format!("{id} was confirmed and is gone")).collect();
        wrong.extend(self.doubled(promises).iter().map(|id| format!("{id} is there twice, or nobody wrote it")));
        let missing = promises.facts.iter().filter(|id| self.document(**id).is_none());
        wrong.extend(missing.map(|id| format!("{id} was recorded and has not arrived")));
        for area in areas() {
            wrong.extend(self.check_figures(area));
        }
        let members = people.iter().filter(|person| self.document(person.member).is_none());
        wrong.extend(members.map(|person| format!("member {} is gone", person.index)));
        wrong
    }

    /// The area's figures are what counting anew gives.
    fn check_figures(&self, area: DocId) -> Option<String> {
        let campaign = campaign();
        let shown = self.documents(area).map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
        let view = AreaView::build(shown, &campaign, Day::at_ms(wall_ms()));
        let recount = Summary::of(&view, &campaign);
        let written = self.document(DocId::summary(area)).filter(|doc| doc.kind == Kind::Summary);
        let written = written.and_then(Summary::read).map(|(_, summary)| summary);
        (written.as_ref() != Some(&recount)).then(|| format!("area {area} says {written:?}, a recount {recount:?}"))
    }
}
