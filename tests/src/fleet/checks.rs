//! The invariants, judged when everything has come to rest. Their names are those of the reliability scoreboard.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::clock::AHEAD_MS_MAX;
use domain::document::{Body, Kind, Register};
use domain::merge::{conflicts, erase, merge};
use domain::protocol::SyncRequest;
use domain::replica::{Replica, Row};
use domain::{Day, DocId, Document};
use server::store::{StoreResult, Stored};

use super::fixture::{COMMUNE, OFFICE};
use super::oracle::{Edit, Record};
use super::plan::START_MS;
use super::world::World;
use super::{figures, moves};

/// Greeting, then a push of one, of twelve and of fifty documents: more is not needed to be rid of a day's work.
const ATTEMPTS_MAX: u64 = 4;
/// After a restore a phone also offers again all that it holds.
const ATTEMPTS_RESTORED_MAX: u64 = 8;

/// What the server holds at the end.
pub struct Truth {
    pub scopes: BTreeMap<DocId, Vec<Stored>>,
    pub documents: BTreeMap<DocId, Stored>,
}

pub async fn all(world: &mut World) -> StoreResult<()> {
    let figures = DocId::figures(COMMUNE);
    let mut truth = Truth { scopes: BTreeMap::new(), documents: BTreeMap::new() };
    let areas = world.fixture.areas.clone();
    for scope in areas.into_iter().chain([COMMUNE, figures]) {
        let stored = world.office.documents(scope).await?;
        truth.documents.extend(stored.iter().map(|stored| (stored.doc.id, stored.clone())));
        truth.scopes.insert(scope, stored);
    }
    world.score.runs += 1;
    world.score.phones += world.phones.len() as u64;
    world.check_edits(&truth);
    world.check_records(&truth);
    world.check_erasures(&truth);
    world.check_promises(&truth);
    world.check_copies(&truth);
    world.check_attempts();
    world.check_stamps(&truth);
    figures::check(world, &truth);
    moves::check(world, &truth);
    moves::check_left(world).await?;
    world.check_resending().await?;
    world.score.violations += world.violations.len() as u64;
    Ok(())
}

impl World {
    fn tray(&self, phone: usize, id: DocId) -> Option<&Document> {
        self.phones[phone].disk.rows.get(&id)?.refused.as_ref().map(|refused| &refused.doc)
    }

    /// The office took it after its author had left the area, so the phone dropped it, and then the office was restored
    /// from a backup: only colleagues who had it by then can bring it back. The one loss that a restore still costs.
    fn has_let_go(&self, phone: usize, id: DocId) -> bool {
        let phone = &self.phones[phone];
        self.restores > 0 && self.reassigned.contains_key(&phone.person.member) && !phone.disk.rows.contains_key(&id)
    }

    /// I3 for descriptions: the greatest stamp ever stored wins everywhere, and nothing that nobody wrote.
    fn check_edits(&mut self, truth: &Truth) {
        let edits = std::mem::take(&mut self.oracle.edits);
        // Somebody who moves is one person with several documents: what is written of one arrives in another.
        let root = |id: DocId| truth.documents.get(&id).and_then(|stored| stored.doc.link("root")).unwrap_or(id);
        let mut of_root: BTreeMap<(DocId, &str), Vec<Edit>> = BTreeMap::new();
        for ((id, name), list) in &edits {
            of_root.entry((root(*id), name)).or_default().extend(list.iter().cloned());
        }
        for ((id, name), list) in &edits {
            let all = &of_root[&(root(*id), name.as_str())];
            self.score.edits += list.len() as u64;
            let stored = truth.documents.get(id).map(|stored| &stored.doc);
            let now = stored.and_then(|doc| register(doc, name));
            let is_stripped = stored.is_some_and(|doc| doc.erased && now.is_none());
            if is_stripped {
                continue;
            }
            let first = self.fixture.documents.get(&root(*id)).and_then(|doc| register(doc, name)).cloned();
            let first = first.as_ref();
            let binding: Vec<&Edit> = list.iter().filter(|edit| !self.is_excused(edit, *id, name)).collect();
            for edit in &binding {
                let newest = edit.stamps.last();
                if now.map(|register| &register.stamp) < newest && !self.is_overtaken(edit, now, first, all) {
                    self.score.records_lost += 1;
                    let by = format!("{id} {name}={:?} of p{:02} at {newest:?}", edit.value, edit.phone);
                    self.violate("I3", Some(*id), format!("{by}, but the server has {now:?}"));
                }
            }
            // The household of somebody who has moved is another document there; the office says so of who moves alone.
            let is_household = name == "household";
            let is_written = now.is_some_and(|now| {
                let is_same = |edit: &Edit| edit.value == now.value || is_household;
                all.iter().any(|edit| is_same(edit) && edit.stamps.contains(&now.stamp))
                    || (is_household && now.stamp.install == OFFICE)
            });
            // Figures come from the server's own count; a phone that tries to write some must not succeed.
            let is_counted = stored.is_some_and(|doc| matches!(doc.kind, Kind::Summary | Kind::PhoneState));
            let is_known = if is_counted { !is_written } else { is_written || now.is_none() || now == first };
            if !is_known {
                self.score.doubled += 1;
                self.violate("I3", Some(*id), format!("{id} {name} is {now:?}, which nobody wrote"));
            }
            let latest = binding.into_iter().max_by_key(|edit| edit.made_ms);
            let is_overtaken = latest.zip(now).is_some_and(|(latest, now)| latest.value != now.value);
            self.score.overtaken += u64::from(is_overtaken);
        }
        self.oracle.edits = edits;
    }

    /// Given up by the person, in the tray with a reason, or on a phone that is gone.
    fn is_excused(&self, edit: &Edit, id: DocId, name: &str) -> bool {
        let in_tray = self.tray(edit.phone, id).and_then(|doc| register(doc, name));
        edit.discarded
            || self.phones[edit.phone].is_gone
            || self.has_let_go(edit.phone, id)
            || in_tray
                .is_some_and(|register| register.value == edit.value || Some(&register.stamp) > edit.stamps.last())
    }

    /// A phone that learns how wrong its clock was puts its unsent edits in their place, and may find at that moment
    /// that something else was written later. What this costs is counted for I14; it is no loss.
    fn is_overtaken(&self, edit: &Edit, now: Option<&Register>, first: Option<&Register>, all: &[Edit]) -> bool {
        let is_later = |other: &Edit| other.phone != edit.phone || other.made_ms > edit.made_ms;
        let is_there = |other: &Edit| now.is_some_and(|now| now.value == other.value);
        // `first` is what was there before, and not yet on that phone when it wrote.
        self.phones[edit.phone].has_been_off
            && (now == first || all.iter().any(|other| is_later(other) && is_there(other)))
    }

    /// I3 for facts: on the server as their author last wrote them, or in the author's tray.
    fn check_records(&mut self, truth: &Truth) {
        let records = std::mem::take(&mut self.oracle.records);
        for (id, list) in &records {
            let stored = truth.documents.get(id).map(|stored| &stored.doc);
            for record in list {
                self.score.facts += 1;
                let is_there = stored.is_some_and(|stored| record.versions.iter().any(|mine| !conflicts(stored, mine)));
                let is_excused = record.discarded
                    || self.phones[record.phone].is_gone
                    || self.tray(record.phone, *id).is_some()
                    || self.has_let_go(record.phone, *id);
                if !is_there && !is_excused {
                    self.score.records_lost += 1;
                    let what = format!("{id} of p{:02} is neither on the server nor in its tray", record.phone);
                    self.violate("I3", Some(*id), what);
                }
                if let Some(stored) = stored.filter(|_| is_there) {
                    self.score.wrong_days += u64::from(is_on_a_wrong_day(record, stored));
                }
            }
        }
        let areas = self.fixture.areas.clone();
        for stored in truth.documents.values().filter(|stored| areas.contains(&stored.scope) && stored.doc.is_fact()) {
            let root = stored.doc.link("root");
            let is_written = records.get(&root.unwrap_or(stored.doc.id)).is_some_and(|list| {
                let mut versions = list.iter().flat_map(|record| &record.versions);
                let is_copy = |doc: &Document| {
                    doc.kind == stored.doc.kind
                        && doc.stamps() == stored.doc.stamps()
                        && doc.link("member") == stored.doc.link("member")
                };
                versions.any(|doc| if root.is_some() { is_copy(doc) } else { !conflicts(doc, &stored.doc) })
            });
            if !is_written {
                self.score.doubled += 1;
                self.violate("I3", Some(stored.doc.id), format!("nobody wrote the record {}", stored.doc.id));
            }
        }
        self.oracle.records = records;
    }

    /// An erasure by somebody who may is final.
    fn check_erasures(&mut self, truth: &Truth) {
        for (id, by) in std::mem::take(&mut self.oracle.erasures) {
            let is_erased = truth.documents.get(&id).is_some_and(|stored| stored.doc.erased);
            let holds = |phone: &usize| !self.phones[*phone].is_gone && self.tray(*phone, id).is_none();
            if !is_erased && by.iter().any(holds) {
                self.violate("I3", Some(id), format!("{id} was erased by {by:?} and has come back"));
            }
        }
        for stored in truth.documents.values().filter(|stored| stored.doc.erased) {
            let mut again = stored.doc.clone();
            erase(&mut again);
            if again != stored.doc {
                self.violate("erased", Some(stored.doc.id), format!("{} is erased but not stripped", stored.doc.id));
            }
        }
    }

    /// I2: what the server said it has, it has. I13: after a restore, also what living phones held.
    fn check_promises(&mut self, truth: &Truth) {
        let has =
            |doc: &Document| truth.documents.get(&doc.id).is_some_and(|stored| merge(&stored.doc, doc) == stored.doc);
        for promise in std::mem::take(&mut self.oracle.acknowledged) {
            // What a restored server has forgotten comes back from its author, who may be gone.
            let id = promise.doc.id;
            let is_lost = self.phones[promise.phone].is_gone || self.has_let_go(promise.phone, id);
            let is_kept = promise.restores == self.restores || !is_lost;
            if is_kept && !has(&promise.doc) && self.tray(promise.phone, id).is_none() {
                self.score.records_lost += 1;
                self.violate("I2", Some(id), format!("{id} of p{:02} was acknowledged and is gone", promise.phone));
            }
        }
        for (phone, scope, doc) in std::mem::take(&mut self.oracle.held) {
            let member = self.phones[phone].person.member;
            let still_works_there = self.team.get(&member).is_some_and(|areas| areas.contains(&scope));
            let is_kept = still_works_there && !self.phones[phone].is_gone;
            let is_given_up = self.oracle.given_up.contains(&(phone, doc.id));
            if is_kept && !is_given_up && !has(&doc) && self.tray(phone, doc.id).is_none() {
                self.score.records_lost += 1;
                self.violate("I13", Some(doc.id), format!("{} was held by p{phone:02} and did not come back", doc.id));
            }
        }
    }

    /// I4: every phone has exactly what the server has, in every scope that it may hold, and nothing of others (I9).
    fn check_copies(&mut self, truth: &Truth) {
        let figures = DocId::figures(COMMUNE);
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone {
                continue;
            }
            let person = &self.phones[phone].person;
            let mut held: BTreeSet<DocId> = self.team.get(&person.member).into_iter().flatten().copied().collect();
            held.insert(COMMUNE);
            if person.role >= domain::people::Role::Lead {
                held.insert(figures);
            }
            let replica = Replica::open(self.phones[phone].disk.snapshot());
            self.score.refused += replica.refused().count() as u64;
            for (scope, stored) in &truth.scopes {
                let theirs: &[Stored] = if held.contains(scope) { stored } else { &[] };
                self.compare(phone, &replica, *scope, theirs);
            }
            self.check_rows(phone);
        }
    }

    fn compare(&mut self, phone: usize, replica: &Replica, scope: DocId, theirs: &[Stored]) {
        let mut missing: BTreeMap<DocId, &Stored> = theirs.iter().map(|stored| (stored.doc.id, stored)).collect();
        for (id, row) in replica.rows().filter(|(_, row)| row.scope == scope && row.base.is_some()) {
            match missing.remove(&id) {
                None => {
                    self.violate(
                        "I9",
                        Some(id),
                        format!("p{phone:02} holds {id} of {scope}, which is not its to hold"),
                    );
                }
                Some(stored) if row.base.as_ref() != Some(&stored.doc) || row.accepted != Some(stored.accepted) => {
                    let what =
                        format!("p{phone:02} has {:?} as number {:?}, the server {stored:?}", row.base, row.accepted);
                    self.violate("I4", Some(id), what);
                }
                Some(_) => {}
            }
        }
        for id in missing.into_keys() {
            self.violate("I10", Some(id), format!("p{phone:02} lacks {id} of {scope}"));
        }
        let digest = domain::digest::Digest::of(theirs.iter().map(|stored| &stored.doc));
        if replica.digest(scope) != digest {
            self.violate("I4", None, format!("p{phone:02} has another digest of {scope}"));
        }
    }

    /// Rows come back from the disk as they were written, and none is left without any content.
    fn check_rows(&mut self, phone: usize) {
        let rows: Vec<(DocId, Row)> = self.phones[phone].disk.snapshot().rows;
        for (id, row) in rows {
            let text = serde_json::to_string(&row).unwrap_or_default();
            if serde_json::from_str::<Row>(&text).ok().as_ref() != Some(&row) {
                self.violate("I11", Some(id), format!("p{phone:02}'s row {id} does not survive its disk"));
            }
            if row.shown().is_none() && row.refused.is_none() {
                self.violate("I3", Some(id), format!("p{phone:02}'s row {id} is empty"));
            }
        }
    }

    /// I5: with a healthy network everything is sent in a few attempts.
    fn check_attempts(&mut self) {
        let limit = if self.restores > 0 { ATTEMPTS_RESTORED_MAX } else { ATTEMPTS_MAX };
        for phone in 0..self.phones.len() {
            let attempts = self.phones[phone].attempts;
            self.score.attempts_max = self.score.attempts_max.max(attempts);
            // Two tabs take turns, and each greets for itself.
            let limit = if self.phones[phone].has_two_tabs { limit * 2 } else { limit };
            if attempts > limit {
                self.violate(
                    "I5",
                    None,
                    format!("p{phone:02} needed {attempts} answered requests to send what it held"),
                );
            }
        }
    }

    /// I14, once more over everything.
    fn check_stamps(&mut self, truth: &Truth) {
        let limit = START_MS + self.at_ms + AHEAD_MS_MAX;
        for stored in truth.documents.values() {
            if stored.doc.stamps().iter().any(|stamp| stamp.ms > limit) {
                self.violate("I14", Some(stored.doc.id), format!("{} is stamped in the future", stored.doc.id));
            }
        }
    }

    /// I7: what was taken whole changes nothing when it comes again.
    async fn check_resending(&mut self) -> StoreResult<()> {
        let scopes: Vec<DocId> = self.fixture.areas.iter().copied().chain([COMMUNE]).collect();
        let before = (self.office.scopes(&scopes).await?, self.office.audit_count().await?);
        let taken: Vec<(usize, Rc<str>)> = std::mem::take(&mut self.taken);
        let stride = (taken.len() / 6).max(1);
        for (phone, body) in taken.iter().step_by(stride) {
            if let Ok(request) = serde_json::from_str::<SyncRequest>(body) {
                self.office.serve(self.phones[*phone].token, &request, self.server_ms(), None).await?;
            }
        }
        let after = (self.office.scopes(&scopes).await?, self.office.audit_count().await?);
        if before != after {
            self.violate("I7", None, format!("sending again has changed {before:?} to {after:?}"));
        }
        Ok(())
    }
}

fn register<'a>(doc: &'a Document, name: &str) -> Option<&'a Register> {
    match &doc.body {
        Body::Description(registers) => registers.get(name),
        Body::Fact { .. } => None,
    }
}

/// Dated "today" by its phone, and yet not on the day on which it was made.
fn is_on_a_wrong_day(record: &Record, stored: &Document) -> bool {
    let was_today = record.versions.first().is_some_and(|first| match &first.body {
        Body::Fact { at, .. } => first.text("day") == Some(Day::at_ms(at.ms).to_string().as_str()),
        Body::Description(_) => false,
    });
    was_today && stored.text("day") != Some(Day::at_ms(record.made_ms).to_string().as_str())
}
