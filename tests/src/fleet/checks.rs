//! The invariants, judged when everything has come to rest. Some are judged all along: see `effects` and `network`.

mod copies;
mod edits;
mod found_out;
mod records;
mod trays;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::clock::AHEAD_MS_MAX;
use domain::protocol::{PUSH_DOCUMENTS_MAX, SyncRequest};
use domain::replica::Replica;
use domain::{DocId, Document};
use server::store::{StoreResult, Stored};

use super::fixture::COMMUNE;
use super::invariant::Invariant;
use super::plan::START_MS;
use super::world::World;
use super::{figures, moves};

/// Greeting, then a push of one, of twelve and of fifty documents: more is not needed to be rid of a day's work.
const ATTEMPTS_MAX: u64 = 4;
/// After a restore a phone also offers again what the office lacks. Of more than these hold it is one more for each full
/// request.
const ATTEMPTS_RESTORED_MAX: u64 = 8;

/// What the server holds at the end.
pub struct Truth {
    pub scopes: BTreeMap<DocId, Vec<Stored>>,
    pub documents: BTreeMap<DocId, Stored>,
    /// Whom somebody who may has had erased, by the first of their documents.
    pub erased: BTreeSet<DocId>,
    /// Phones that are shut out, and may hold nothing.
    pub revoked: BTreeSet<usize>,
}

pub async fn all(world: &mut World) -> StoreResult<()> {
    let figures = DocId::figures(COMMUNE);
    let mut truth = Truth {
        scopes: BTreeMap::new(),
        documents: BTreeMap::new(),
        erased: BTreeSet::new(),
        revoked: BTreeSet::new(),
    };
    let areas = world.areas.clone();
    for scope in areas.into_iter().chain([COMMUNE, figures]) {
        let stored = world.office.documents(scope).await?;
        truth.documents.extend(stored.iter().map(|stored| (stored.doc.id, stored.clone())));
        truth.scopes.insert(scope, stored);
    }
    for phone in world.phones.iter().filter(|phone| phone.has_left) {
        if world.office.is_revoked(phone.token).await? == Some(true) {
            truth.revoked.insert(phone.index);
        }
    }
    truth.erased = world.lawfully_erased(&truth);
    world.score.runs += 1;
    world.score.phones += world.phones.len() as u64;
    let has_partitions = world.phones.iter().any(|phone| !phone.cuts.is_empty());
    if has_partitions {
        world.score.partition_runs += 1;
        world.score.stuck_in_partitions += world.score.stuck;
    }
    world.check_merge_laws(&truth);
    world.check_edits(&truth);
    world.check_records(&truth);
    world.check_erasures(&truth);
    world.check_future(&truth);
    world.check_promises(&truth);
    // From the disk: what is in memory dies with the tab.
    let replicas: BTreeMap<usize, Replica> =
        world.living().map(|phone| (phone.index, Replica::open(phone.disk.snapshot()))).collect();
    let exact = world.check_copies(&truth, &replicas);
    world.check_attempts();
    world.check_stamps(&truth);
    figures::check(world, &truth, &replicas, &exact);
    moves::check(world, &truth);
    moves::check_left(world).await?;
    world.check_resending().await?;
    world.check_trays(&truth).await?;
    world.score.violations += world.violations.len() as u64;
    Ok(())
}

impl World {
    fn tray(&self, phone: usize, id: DocId) -> Option<&Document> {
        self.phones[phone].disk.rows.get(&id)?.refused.as_ref().map(|refused| &refused.doc)
    }

    /// The office took it, and the phone dropped it because its author had left the area or the team, or its disk lost it;
    /// then the office was restored from a backup: only colleagues who had it by then can bring it back. The one loss
    /// that a restore still costs.
    fn has_let_go(&self, phone: usize, id: DocId, made_ms: u64) -> bool {
        // What the office said just before it was restored may reach the phone just after.
        let last_ms = self.restored_ms + AHEAD_MS_MAX;
        let times = self.oracle.let_go.get(&(phone, id));
        self.restores > 0 && times.is_some_and(|times| times.iter().any(|at_ms| (made_ms..=last_ms).contains(at_ms)))
    }

    /// I5: with a healthy network everything is sent in a few attempts.
    fn check_attempts(&mut self) {
        let limit = if self.restores > 0 { ATTEMPTS_RESTORED_MAX } else { ATTEMPTS_MAX };
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone || self.is_filtered_for_ever(phone) {
                continue;
            }
            self.checked(Invariant::Progress);
            let attempts = self.phones[phone].attempts;
            self.score.attempts_max = self.score.attempts_max.max(attempts);
            let full_requests = (self.phones[phone].disk.rows.len() / PUSH_DOCUMENTS_MAX) as u64;
            let limit = if self.restores > 0 { limit.max(full_requests) } else { limit };
            // Two tabs take turns, and each greets for itself.
            let limit = if self.phones[phone].has_two_tabs { limit * 2 } else { limit };
            if attempts > limit {
                let what = format!("p{phone:02} needed {attempts} answered requests to send what it held");
                self.violate(Invariant::Progress, None, what);
            }
        }
    }

    /// I14, once more over everything.
    fn check_stamps(&mut self, truth: &Truth) {
        let limit = START_MS + self.at_ms + AHEAD_MS_MAX;
        for stored in truth.documents.values() {
            self.checked(Invariant::NoFuture);
            if stored.doc.stamps().iter().any(|stamp| stamp.ms > limit) {
                let what = format!("{} is stamped in the future", stored.doc.id);
                self.violate(Invariant::NoFuture, Some(stored.doc.id), what);
            }
        }
    }

    /// I7: what was taken whole changes nothing when it comes again.
    async fn check_resending(&mut self) -> StoreResult<()> {
        let scopes: Vec<DocId> = self.areas.iter().copied().chain([COMMUNE]).collect();
        let before = (self.office.scopes(&scopes).await?, self.office.audit_count().await?);
        let taken: Vec<(usize, Rc<str>)> = std::mem::take(&mut self.taken);
        let stride = (taken.len() / 6).max(1);
        for (phone, body) in taken.iter().step_by(stride) {
            if let Ok(request) = serde_json::from_str::<SyncRequest>(body) {
                self.office.serve(self.phones[*phone].token, &request, self.server_ms(), None).await?;
                self.checked(Invariant::AgainIsNothing);
            }
        }
        let after = (self.office.scopes(&scopes).await?, self.office.audit_count().await?);
        if before != after {
            let what = format!("sending again has changed {before:?} to {after:?}");
            self.violate(Invariant::AgainIsNothing, None, what);
        }
        Ok(())
    }
}
