//! What the phone's shell does in a run: runs effects one by one, any of which may be the last.

use domain::Document;
use domain::capsule::CourierSecret;
use domain::merge::merge;
use domain::replica::{Batch, Change, Effect, Event, Mine, Replica, Snapshot, StoreError, Ticket};

use super::invariant::Invariant;
use super::phone::Tab;
use super::plan::SECOND_MS;
use super::world::{Happening, World};

impl World {
    pub fn open(&mut self, phone: usize, tab: usize) {
        if self.phones[phone].tabs[tab].is_some() {
            return;
        }
        if self.phones[phone].is_gone && self.phones[phone].heir.is_some() {
            return;
        }
        self.lives += 1;
        let replica = Replica::open(self.phones[phone].disk.snapshot());
        let is_new = replica.meta().enrolment.is_none();
        self.trace.note(self.at_ms, ("open", phone, tab), || format!("p{phone:02}.{tab} opens"));
        self.phones[phone].tabs[tab] =
            Some(Tab { replica, opened_ms: self.at_ms, life: self.lives, wake_ms: None, late: Vec::new() });
        let event = if is_new { Event::Joined(self.phones[phone].person.enrolment()) } else { Event::Tick };
        self.deliver(phone, tab, event);
        if is_new && self.phones[phone].tabs[tab].is_some() {
            let secret = CourierSecret::from_bytes(self.random_bytes());
            self.deliver(phone, tab, Event::Equip(secret));
        }
    }

    /// The person puts the phone away; Android takes the memory.
    pub fn close(&mut self, phone: usize) {
        if self.phones[phone].is_in_use(self.at_ms) {
            return;
        }
        self.trace.note(self.at_ms, ("close", phone), || format!("p{phone:02} is put away"));
        self.phones[phone].close();
    }

    fn kill(&mut self, phone: usize) {
        self.trace.note(self.at_ms, ("kill", phone), || format!("p{phone:02} IS KILLED"));
        self.score.kills += 1;
        self.phones[phone].close();
        let wait = self.rng.between(SECOND_MS, 20 * SECOND_MS);
        if self.phones[phone].is_in_use(self.at_ms + wait) {
            self.after(wait, Happening::Open { phone, tab: 0 });
        }
    }

    pub fn set_clock(&mut self, phone: usize, skew_ms: i64) {
        self.trace.note(self.at_ms, ("clock", phone, skew_ms), || {
            format!("p{phone:02}'s clock is set from {} to {skew_ms} ms of error", self.phones[phone].skew_ms())
        });
        self.score.clock_jumps += 1;
        if skew_ms > self.phones[phone].skew_ms() {
            self.phones[phone].put_forward_ms = Some(self.server_ms());
        }
        self.phones[phone].set_clock(skew_ms);
    }

    pub fn wake(&mut self, phone: usize, tab: usize, life: u64) {
        let at_ms = self.at_ms;
        let is_due =
            self.phones[phone].tab(tab, life).is_some_and(|tab| tab.wake_ms.take_if(|due| *due == at_ms).is_some());
        if is_due {
            self.deliver(phone, tab, Event::Tick);
        }
    }

    /// Hands an event to a replica and runs the effects. The phone may die before or after each.
    pub fn deliver(&mut self, phone: usize, tab: usize, event: Event) {
        let now = self.phones[phone].now(tab, self.at_ms);
        let entropy = self.rng.next();
        let Some(open) = &mut self.phones[phone].tabs[tab] else { return };
        let life = open.life;
        for effect in open.replica.handle(event, now, entropy) {
            if self.may_die(phone) {
                return;
            }
            self.execute(phone, tab, life, effect);
            if self.phones[phone].tab(tab, life).is_none() || self.may_die(phone) {
                return;
            }
        }
    }

    fn may_die(&mut self, phone: usize) -> bool {
        let dies = !self.is_well && self.rng.chance(self.plan.kill);
        if dies {
            self.kill(phone);
        }
        dies
    }

    fn execute(&mut self, phone: usize, tab: usize, life: u64, effect: Effect) {
        match effect {
            Effect::Persist(batch) => {
                let wait = self.rng.between(1, 20);
                self.after(wait, Happening::Store { phone, tab, life, batch });
            }
            Effect::Send { request, body, .. } => self.send(phone, tab, life, request, &body),
            Effect::Saved(ticket) => self.check_saved(phone, ticket),
            Effect::NotSaved(ticket, _) => {
                self.phones[phone].tickets.remove(&ticket);
            }
            Effect::Wake { at_mono_ms } => {
                let Some(open) = self.phones[phone].tab(tab, life) else { return };
                let at_ms = open.opened_ms + at_mono_ms;
                if open.wake_ms != Some(at_ms) {
                    open.wake_ms = Some(at_ms);
                    let wait = at_ms.saturating_sub(self.at_ms);
                    self.after(wait, Happening::Wake { phone, tab, life });
                }
            }
            Effect::Changed => {}
            Effect::HandedOver { contents, .. } => self.hand_on(phone, contents),
            Effect::Diverged { scope } => {
                self.trace
                    .note(self.at_ms, ("diverged", phone, scope), || format!("p{phone:02} has DIVERGED in {scope}"));
                // A disk that lost a row is what the digest is for. And whoever writes against the rules to what has not been
                // downloaded yet, or not again since a restore, may keep it in the wrong area until its page comes.
                let held = &self.phones[phone];
                let is_misplaced = held.disk.rows.iter().any(|(id, row)| {
                    let is_claimed = self.claimed.contains(&(*id, scope));
                    row.scope == scope && (is_claimed || self.restores > 0 && self.hostile.contains(id))
                });
                if !held.rotten.contains(&scope) && !is_misplaced && !self.was_rolled_back {
                    self.violate(
                        Invariant::SameEverywhere,
                        None,
                        format!("p{phone:02} found its copy of scope {scope} to differ"),
                    );
                }
            }
            Effect::Wipe { unsent } => {
                self.hand_on(phone, unsent);
                self.trace.note(self.at_ms, ("wipe", phone), || format!("p{phone:02} is wiped"));
                self.score.wipes += 1;
                if !self.phones[phone].is_gone {
                    self.violate(Invariant::PurgeSpares, None, format!("p{phone:02} was wiped though nobody lost it"));
                }
                self.phones[phone].is_gone = true;
                self.phones[phone].lose_storage();
            }
        }
    }

    pub fn store(&mut self, phone: usize, tab: usize, life: u64, batch: &Batch) {
        if self.phones[phone].tab(tab, life).is_none() {
            return;
        }
        if !self.is_well && self.rng.chance(self.plan.disk_full) {
            self.score.disks_full += 1;
            self.trace.note(self.at_ms, ("full", phone), || format!("p{phone:02}'s disk is full"));
            self.after(1, Happening::Stored { phone, tab, life, outcome: Err(StoreError::Full) });
            return;
        }
        if let Err(outdated) = self.phones[phone].disk.check(batch) {
            self.score.outdated += 1;
            self.trace.note(self.at_ms, ("outdated", phone, tab), || format!("p{phone:02}.{tab} is outdated"));
            self.after(1, Happening::Stored { phone, tab, life, outcome: Err(outdated) });
            return;
        }
        for (index, part) in self.phones[phone].disk.transactions(batch).iter().enumerate() {
            if index > 0 && !self.is_well && self.rng.chance(40) {
                self.kill(phone);
                return;
            }
            self.commit(phone, part);
        }
        let wait = self.rng.between(1, 20);
        self.after(wait, Happening::Stored { phone, tab, life, outcome: Ok(()) });
        self.tell_other_tabs(phone, tab);
    }

    fn commit(&mut self, phone: usize, batch: &Batch) {
        self.check_purge(phone, batch);
        self.note_let_go(phone, batch);
        let (at_ms, now_ms) = (self.at_ms, self.server_ms());
        let phone = &mut self.phones[phone];
        for (id, row) in &batch.rows {
            self.oracle.committed(phone.index, phone.install(), phone.disk.rows.get(id), row.as_ref(), now_ms);
        }
        phone.disk.write(batch);
        let rows: Vec<(u128, bool)> = batch
            .rows
            .iter()
            .map(|(id, row)| (id.as_u128(), row.as_ref().is_some_and(|row| row.mine.is_some())))
            .collect();
        self.trace.note(at_ms, ("commit", phone.index, batch.meta.generation, rows), || {
            let rows: Vec<String> = batch.rows.iter().map(|(id, row)| describe(*id, row.as_ref())).collect();
            format!("p{:02} stores {}: {}", phone.index, batch.meta.generation, rows.join("; "))
        });
    }

    /// What is settled goes with an area that the member has left, or with the team.
    fn note_let_go(&mut self, phone: usize, batch: &Batch) {
        let now_ms = self.server_ms();
        let Self { phones, left_areas, oracle, .. } = self;
        let held = &phones[phone];
        for (id, _) in batch.rows.iter().filter(|(_, new)| new.is_none()) {
            let Some(scope) = held.disk.rows.get(id).map(|row| row.scope) else { continue };
            let has_left = held.has_left || left_areas.contains(&(held.person.member, scope));
            if has_left && !batch.meta.scopes.contains_key(&scope) {
                oracle.let_go.entry((phone, *id)).or_default().push(now_ms);
            }
        }
    }

    fn tell_other_tabs(&mut self, phone: usize, tab: usize) {
        for other in self.phones[phone].open_tabs() {
            if other != tab && self.rng.chance(900) {
                let snapshot = Box::new(self.phones[phone].disk.snapshot());
                let life = self.phones[phone].tabs[other].as_ref().map_or(0, |tab| tab.life);
                let wait = self.rng.between(1, 80);
                self.after(wait, Happening::News { phone, tab: other, life, snapshot });
            }
        }
    }

    pub fn stored(&mut self, phone: usize, tab: usize, life: u64, outcome: Result<(), StoreError>) {
        if self.phones[phone].tab(tab, life).is_some() {
            self.deliver(phone, tab, Event::Persisted(outcome));
        }
    }

    pub fn news(&mut self, phone: usize, tab: usize, life: u64, snapshot: Box<Snapshot>) {
        if self.phones[phone].tab(tab, life).is_some() {
            self.deliver(phone, tab, Event::Replaced(snapshot));
        }
    }

    /// I3, at every single transaction: what is unsent leaves the phone when the server has taken it, what is refused when
    /// its person has decided. I12: also when an area is taken from the phone.
    fn check_purge(&mut self, phone: usize, batch: &Batch) {
        if self.phones[phone].is_gone {
            return;
        }
        let disk = &self.phones[phone].disk;
        let is_purge = disk.meta.scopes.keys().any(|scope| !batch.meta.scopes.contains_key(scope));
        let invariant = if is_purge { Invariant::PurgeSpares } else { Invariant::NothingLost };
        let mut missing = Vec::new();
        for (id, new) in &batch.rows {
            let Some(old) = disk.rows.get(id) else { continue };
            let is_held =
                new.as_ref().is_some_and(|new| new.mine.is_some() || new.offer.is_some() || new.refused.is_some());
            // What a page has brought back need not be sent.
            let base = new.as_ref().and_then(|new| new.base.as_ref());
            // Nor an edit that turns out, by a clock that was set right, to be older than what it brought: judged at the end.
            let is_overtaken = |doc: &Document| self.phones[phone].has_been_off && !doc.is_fact();
            let has_arrived = |doc: &Document| base.is_some_and(|base| merge(base, doc) == *base || is_overtaken(doc));
            let is_held = is_held
                || (old.mine.as_ref().is_none_or(|mine| has_arrived(&mine.doc))
                    && old.refused.as_ref().is_none_or(|refused| has_arrived(&refused.doc)));
            let is_confirmed = |rev: u64| self.phones[phone].confirmed.contains(&(*id, rev));
            // A restored server may take this edit back as an offer: it had taken it before.
            let is_offered =
                |mine: &Mine| old.offer.as_ref().is_some_and(|offer| offer.doc == mine.doc && is_confirmed(offer.rev));
            let is_sent = old.mine.as_ref().is_some_and(|mine| is_confirmed(mine.rev) || is_offered(mine));
            if old.mine.is_some() && !is_held && !is_sent {
                missing.push((*id, "unsent"));
            }
            if old.refused.is_some() && !is_held && !self.phones[phone].decided.contains(id) {
                missing.push((*id, "refused"));
            }
        }
        self.checked(invariant);
        for (id, what) in missing {
            self.score.records_lost += 1;
            self.violate(invariant, Some(id), format!("p{phone:02} dropped {id}, which was {what}"));
        }
    }

    /// I1: what the screen calls saved has been on the disk.
    fn check_saved(&mut self, phone: usize, ticket: Ticket) {
        let Some(changes) = self.phones[phone].tickets.remove(&ticket) else { return };
        self.checked(Invariant::Saved);
        for change in changes {
            let id = match &change {
                Change::Describe { id, .. } | Change::Record { id, .. } | Change::Erase { id, .. } => *id,
            };
            let row = self.phones[phone].disk.rows.get(&id);
            let shown = row.and_then(|row| row.shown());
            let is_there = match &change {
                Change::Record { .. } => row.is_some(),
                Change::Erase { .. } => shown.is_none_or(|doc| doc.erased),
                Change::Describe { fields, .. } => fields.iter().all(|(name, value)| {
                    let was_written = self
                        .oracle
                        .edits
                        .get(&(id, name.clone()))
                        .is_some_and(|edits| edits.iter().any(|edit| edit.phone == phone && edit.value == *value));
                    was_written || shown.is_some_and(|doc| doc.value(name) == Some(value))
                }),
            };
            if !is_there {
                self.score.records_lost += 1;
                self.violate(
                    Invariant::Saved,
                    Some(id),
                    format!("p{phone:02} called {id} saved, but it is not on its disk"),
                );
            }
        }
    }
}

fn describe(id: domain::DocId, row: Option<&domain::replica::Row>) -> String {
    let Some(row) = row else { return format!("{id} deleted") };
    let stamps = |doc: &domain::Document| {
        let stamp = doc.newest_stamp().map(|stamp| stamp.to_string()).unwrap_or_default();
        format!("{}{}@{stamp}", doc.kind.name(), if doc.erased { " erased" } else { "" })
    };
    let base = row.base.as_ref().map(stamps).unwrap_or_default();
    let mine = row.mine.as_ref().map(|mine| format!(" mine#{} {}", mine.rev, stamps(&mine.doc))).unwrap_or_default();
    let offer =
        row.offer.as_ref().map(|offer| format!(" offer#{} {}", offer.rev, stamps(&offer.doc))).unwrap_or_default();
    let refused = row.refused.as_ref().map(|refused| format!(" refused {:?}", refused.code)).unwrap_or_default();
    format!("{id} [{base}{offer}{mine}{refused}]")
}
