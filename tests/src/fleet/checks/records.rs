//! Facts (I3, for what a newer version wrote I11), erasures (I18), promises of the server (I2), and what comes back after a
//! restore (I13).

use std::collections::BTreeSet;

use domain::document::Body;
use domain::merge::{conflicts, erase, merge};
use domain::people::Role;
use domain::{Day, DocId, Document, Kind};

use super::Truth;
use crate::fleet::invariant::Invariant;
use crate::fleet::oracle::{Held, Record};
use crate::fleet::plan::DAY_MS;
use crate::fleet::versions::is_unknown;
use crate::fleet::world::World;

/// By so much an office is believed: `domain::replica` says why.
const BELIEVED_DAYS: u32 = 3;

impl Truth {
    /// The first document of whoever has moved.
    pub(super) fn root(&self, id: DocId) -> DocId {
        self.documents.get(&id).and_then(|stored| stored.doc.link("root")).unwrap_or(id)
    }

    /// An erasure excuses what is lost only where it was allowed.
    pub(super) fn is_erased_lawfully(&self, doc: &Document) -> bool {
        let concerned = match doc.kind {
            Kind::Household | Kind::Resident => Some(doc.id),
            Kind::Visit => doc.link("household"),
            Kind::Renamed => doc.link("of"),
            _ => None,
        };
        concerned.is_some_and(|id| self.erased.contains(&self.root(id)))
    }
}

/// Two forms of one fact of one phone, at different times.
fn is_same_but_for_its_time(one: &Document, other: &Document) -> bool {
    let timeless = |doc: &Document| match &doc.body {
        Body::Fact { at, fields } => {
            let mut fields = fields.clone();
            fields.remove("day");
            Some((doc.id, doc.kind.clone(), doc.erased, at.install, fields))
        }
        Body::Description(_) => None,
    };
    timeless(one).is_some() && timeless(one) == timeless(other)
}

impl World {
    /// On the server as their author last wrote them, or in the author's tray.
    pub(super) fn check_records(&mut self, truth: &Truth) {
        let records = std::mem::take(&mut self.oracle.records);
        for (id, list) in &records {
            let stored = truth.documents.get(id).map(|stored| &stored.doc);
            for record in list {
                self.score.facts += 1;
                let is_newer = record.versions.first().is_some_and(is_unknown);
                let invariant = if is_newer { Invariant::UnknownSurvives } else { Invariant::NothingLost };
                self.checked(invariant);
                let is_it = |doc: &Document| record.versions.iter().any(|mine| !conflicts(doc, mine));
                let is_there = stored.is_some_and(is_it);
                let is_excused = record.discarded
                    || self.phones[record.phone].is_gone
                    || self.tray(record.phone, *id).is_some_and(is_it)
                    || self.has_let_go(record.phone, *id, record.made_ms)
                    || self.waits_blocked(record.phone, *id);
                if !is_there && !is_excused {
                    self.score.records_lost += 1;
                    let what = format!("{id} of p{:02} is neither on the server nor in its tray", record.phone);
                    self.violate(invariant, Some(*id), what);
                }
                if let Some(stored) = stored.filter(|_| is_there) {
                    self.score.wrong_days += u64::from(is_on_a_wrong_day(record, stored));
                    self.check_day(record, stored);
                }
            }
        }
        for stored in truth.documents.values() {
            if !stored.doc.is_fact() || !self.areas.contains(&stored.scope) {
                continue;
            }
            let root = stored.doc.link("root");
            let first = root.unwrap_or(stored.doc.id);
            let is_copy = |doc: &Document| {
                doc.kind == stored.doc.kind
                    && doc.stamps() == stored.doc.stamps()
                    && doc.link("member") == stored.doc.link("member")
            };
            let is_it = |doc: &Document| if root.is_some() { is_copy(doc) } else { !conflicts(doc, &stored.doc) };
            let is_written = self.oracle.of_the_office.get(&first).is_some_and(is_it)
                || self.oracle.of_others.get(&first).is_some_and(is_it)
                || records.get(&first).is_some_and(|list| list.iter().flat_map(|record| &record.versions).any(is_it));
            if !is_written {
                let what = format!("nobody wrote the record {}", stored.doc.id);
                self.score.doubled += 1;
                self.violate(Invariant::NothingLost, Some(stored.doc.id), what);
            }
        }
        self.oracle.records = records;
    }

    /// I21: a day that a screen gave stays, but for what the phone's own clock was off.
    fn check_day(&mut self, record: &Record, stored: &Document) {
        let day = |doc: &Document| doc.text("day").and_then(|day| day.parse::<Day>().ok());
        let Some((given, kept)) = record.versions.first().and_then(day).zip(day(stored)) else { return };
        let phone = &self.phones[record.phone];
        let off = i32::try_from(phone.most_off_ms.div_ceil(DAY_MS)).unwrap_or(i32::MAX);
        // A clock that is set from ahead to behind is off by both.
        let reach = off.saturating_mul(2);
        self.checked(Invariant::OwnDays);
        // An office with a wrong clock is believed so far where nothing on the phone tells that it is wrong.
        let believed = if self.score.office_clocks > 0 { BELIEVED_DAYS } else { 0 };
        let is_near = |day: Day| kept.since(day).unsigned_abs() <= reach.unsigned_abs().max(believed);
        // A day that the screen gave under a wrong office may go back to the true one, and nowhere else.
        if !is_near(given) && !is_near(Day::at_ms(record.made_ms)) {
            let what = format!("{} of p{:02} was given {given} and is kept as {kept}", stored.id, record.phone);
            self.violate(Invariant::OwnDays, Some(stored.id), what);
        }
    }

    /// Unsent, on a phone whose line will never let it through.
    pub(super) fn waits_blocked(&self, phone: usize, id: DocId) -> bool {
        let row = self.phones[phone].disk.rows.get(&id);
        let waiting = row.into_iter().flat_map(|row| {
            let offered = row.offer.as_ref().map(|offer| &offer.doc);
            row.mine.as_ref().map(|mine| &mine.doc).into_iter().chain(offered)
        });
        waiting.into_iter().any(|doc| self.is_blocked(phone, doc))
    }

    /// An erasure by somebody who may is final.
    pub(super) fn check_erasures(&mut self, truth: &Truth) {
        for (id, by) in std::mem::take(&mut self.oracle.erasures) {
            self.checked(Invariant::Erased);
            let is_erased = truth.documents.get(&id).is_some_and(|stored| stored.doc.erased);
            let holds = |phone: &usize| {
                let is_gone = self.phones[*phone].is_gone || self.has_let_go(*phone, id, 0);
                let is_refused = self.tray(*phone, id).is_some_and(|doc| doc.erased);
                !is_gone && !is_refused
            };
            if !is_erased && by.iter().any(holds) {
                self.violate(Invariant::Erased, Some(id), format!("{id} was erased by {by:?} and has come back"));
            }
        }
        for stored in truth.documents.values().filter(|stored| stored.doc.erased) {
            self.checked(Invariant::Erased);
            if !truth.is_erased_lawfully(&stored.doc) {
                self.score.records_lost += 1;
                let what =
                    format!("{} {} is erased, and nobody who may had it done", stored.doc.kind.name(), stored.doc.id);
                self.violate(Invariant::WhoMayNot, Some(stored.doc.id), what);
            }
            let mut again = stored.doc.clone();
            erase(&mut again);
            if again != stored.doc {
                let what = format!("{} is erased but not stripped", stored.doc.id);
                self.violate(Invariant::Erased, Some(stored.doc.id), what);
            }
        }
    }

    /// Whom leads have had erased: by what their phones ever stored, or the adversary's lead wrote.
    pub(super) fn lawfully_erased(&self, truth: &Truth) -> BTreeSet<DocId> {
        let by_leads =
            self.oracle.records.values().flatten().filter(|record| self.phones[record.phone].person.role >= Role::Lead);
        let erasures = by_leads.flat_map(|record| &record.versions).chain(self.oracle.of_others.values());
        erasures.filter_map(domain::erasure::subject).map(|subject| truth.root(subject)).collect()
    }

    /// I14: what is said of somebody who was erased may be taken, since it changes nothing: their stripped document keeps no
    /// stamp of it.
    pub(super) fn check_future(&mut self, truth: &Truth) {
        for id in std::mem::take(&mut self.oracle.from_the_future) {
            if !truth.documents.get(&id).is_some_and(|stored| stored.doc.erased) {
                let what = format!("{id} was accepted with a stamp from the future");
                self.violate(Invariant::NoFuture, Some(id), what);
            }
        }
    }

    /// I2: what the server said it has, it has. I13: after a restore, also what living phones held.
    pub(super) fn check_promises(&mut self, truth: &Truth) {
        let has =
            |doc: &Document| truth.documents.get(&doc.id).is_some_and(|stored| merge(&stored.doc, doc) == stored.doc);
        for promise in std::mem::take(&mut self.oracle.acknowledged) {
            // What a restored server has forgotten comes back from its author, who may be gone, or may have thrown away what
            // that server refused at first.
            let id = promise.doc.id;
            let is_old = promise.restores != self.restores;
            let invariant = if is_old { Invariant::Restored } else { Invariant::Acknowledged };
            self.checked(invariant);
            let is_given_up = self.oracle.given_up.contains(&(promise.phone, id));
            let is_lost = self.phones[promise.phone].is_gone || is_given_up || self.has_let_go(promise.phone, id, 0);
            // A later edit of the same document may be what blocks it.
            let is_blocked = self.is_blocked(promise.phone, &promise.doc) || self.waits_blocked(promise.phone, id);
            let is_kept = !is_old || !(is_lost || is_blocked || self.is_in_tray(promise.phone, &promise.doc));
            // The phone had not heard that it was taken and moved it with its clock; the office was restored without it.
            let has_moved = || {
                let stored = truth.documents.get(&id).map(|stored| &stored.doc);
                is_old && stored.is_some_and(|stored| is_same_but_for_its_time(stored, &promise.doc))
            };
            if is_kept && !has(&promise.doc) && !has_moved() {
                self.score.records_lost += 1;
                let what = format!("{id} of p{:02} was acknowledged and is gone", promise.phone);
                self.violate(invariant, Some(id), what);
            }
        }
        for Held { phone, scope, doc, restored_ms } in std::mem::take(&mut self.oracle.held) {
            let holder = &self.phones[phone];
            let still_works_there = self.team.get(&holder.person.member).is_some_and(|areas| areas.contains(&scope));
            // Who has left was told to drop it; a bad disk may lose it before the phone hears of the restore.
            let times = self.oracle.let_go.get(&(phone, doc.id));
            let has_let_go = times.is_some_and(|times| times.iter().any(|at_ms| *at_ms >= restored_ms));
            // Of two records under one id one comes back; who made the other has it in their tray.
            let there = truth.documents.get(&doc.id).map(|stored| &stored.doc);
            let is_others = doc.stamps().iter().all(|stamp| stamp.install != holder.install());
            let has_lost_its_id = is_others && there.is_some_and(|there| conflicts(there, &doc));
            let is_kept = still_works_there && !holder.is_gone && !has_let_go && !has_lost_its_id;
            let is_kept = is_kept && !self.is_blocked(phone, &doc);
            let is_given_up = self.oracle.given_up.contains(&(phone, doc.id));
            self.checked(Invariant::Restored);
            if is_kept && !is_given_up && !has(&doc) && !self.is_in_tray(phone, &doc) {
                self.score.records_lost += 1;
                let what = format!("{} was held by p{phone:02} and did not come back", doc.id);
                self.violate(Invariant::Restored, Some(doc.id), what);
            }
        }
    }

    /// Refused, with all that this version of it tells.
    fn is_in_tray(&self, phone: usize, doc: &Document) -> bool {
        self.tray(phone, doc.id).is_some_and(|refused| merge(refused, doc) == *refused)
    }

    /// I6, on the versions of facts and descriptions that really met in this run.
    pub(super) fn check_merge_laws(&mut self, truth: &Truth) {
        let promises: Vec<&Document> = self.oracle.acknowledged.iter().map(|promise| &promise.doc).collect();
        let mut broken = Vec::new();
        let mut judged = 0;
        for pair in promises.iter().step_by(1 + promises.len() / 64) {
            let Some(stored) = truth.documents.get(&pair.id).map(|stored| &stored.doc) else { continue };
            let Some(first) = promises.iter().find(|other| other.id == pair.id) else { continue };
            judged += 1;
            let there = merge(stored, pair);
            let is_lawful = there == merge(pair, stored)
                && merge(&there, pair) == there
                && merge(&there, stored) == there
                && merge(&there, first) == merge(stored, &merge(pair, first));
            if !is_lawful {
                broken.push(pair.id);
            }
        }
        for _ in 0..judged {
            self.checked(Invariant::MergeLaws);
        }
        for id in broken {
            self.violate(Invariant::MergeLaws, Some(id), format!("versions of {id} do not merge lawfully"));
        }
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
