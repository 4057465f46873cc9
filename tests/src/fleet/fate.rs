//! What befalls whole phones and the whole server: lost, evicted, replaced, left, joined again; restored from a backup.

use std::collections::BTreeMap;

use domain::people::Member;
use domain::replica::Event;
use domain::{DocId, InstallId};
use server::store::{Revoked, StoreResult};

use super::fixture::Person;
use super::oracle::Held;
use super::phone::Phone;
use super::plan::HOUR_MS;
use super::world::{Happening, World};

impl World {
    /// Who has this phone's place: after its storage was evicted it is another one.
    pub fn heir(&self, phone: usize) -> usize {
        let mut phone = phone;
        while let Some(heir) = self.phones[phone].heir {
            phone = heir;
        }
        phone
    }

    pub async fn lose_phone(&mut self, phone: usize) -> StoreResult<()> {
        let member = self.phones[phone].person.member;
        self.trace.note(self.at_ms, ("lost", phone), || format!("p{phone:02} is reported lost"));
        // The office shuts out whatever phones the member has.
        for phone in self.phones.iter_mut().filter(|phone| phone.person.member == member) {
            phone.is_gone = true;
        }
        self.office.revoke(member, Revoked::Lost, self.server_ms()).await
    }

    /// The member is off the team: their phones give back what is settled, and keep the rest.
    pub async fn leave(&mut self, phone: usize) -> StoreResult<()> {
        let member = self.phones[phone].person.member;
        if self.phones.iter().any(|phone| phone.person.member == member && phone.is_gone && phone.heir.is_none()) {
            // Reported lost already, which weighs more.
            return Ok(());
        }
        self.trace.note(self.at_ms, ("left", phone), || format!("the member of p{phone:02} has left the team"));
        for phone in self.phones.iter_mut().filter(|phone| phone.person.member == member && !phone.is_gone) {
            phone.has_left = true;
            self.score.left += 1;
        }
        self.office.revoke(member, Revoked::Left, self.server_ms()).await
    }

    /// The browser has thrown everything away. The person finds an empty app, and is joined by a new invite.
    pub async fn evict(&mut self, phone: usize) -> StoreResult<()> {
        if self.phones[phone].is_gone || self.phones[phone].has_left {
            return Ok(());
        }
        self.trace.note(self.at_ms, ("evicted", phone), || format!("p{phone:02}'S STORAGE IS EVICTED"));
        self.score.evicted += 1;
        self.phones[phone].lose_storage();
        self.phones[phone].is_gone = true;
        let heir = self.add_phone(phone).await?;
        self.phones[phone].heir = Some(heir);
        self.phones[heir].version = self.phones[phone].version;
        let skew_ms = self.phones[phone].skew_ms();
        self.phones[heir].set_clock(skew_ms);
        let (sessions, cuts) = (self.phones[phone].sessions.clone(), self.phones[phone].cuts.clone());
        let heir_phone = &mut self.phones[heir];
        (heir_phone.sessions, heir_phone.cuts) = (sessions, cuts);
        if self.phones[heir].is_in_use(self.at_ms) {
            self.after(30_000, Happening::Open { phone: heir, tab: 0 });
        }
        Ok(())
    }

    /// A disk that loses what it had stored: a settled row is gone. Never what is unsent, which nothing could bring back.
    pub async fn rot(&mut self, phone: usize) -> StoreResult<()> {
        let held = &self.phones[phone];
        let is_settled = |row: &domain::replica::Row| {
            row.base.is_some() && row.mine.is_none() && row.offer.is_none() && row.refused.is_none()
        };
        let settled: Vec<DocId> = held.disk.rows.iter().filter(|(_, row)| is_settled(row)).map(|(id, _)| *id).collect();
        if held.is_gone || !held.open_tabs().is_empty() {
            return Ok(());
        }
        let Some(&id) = self.rng.pick(&settled) else { return Ok(()) };
        self.trace.note(self.at_ms, ("rot", phone, id), || format!("p{phone:02}'s disk has lost {id}"));
        self.score.rotten += 1;
        if let Some(row) = self.phones[phone].disk.rows.remove(&id) {
            self.phones[phone].rotten.insert(row.scope);
        }
        // Until a phone hears of a restore it does not know that it may hold the last copy.
        let lost_ms = if self.has_heard(phone).await? { self.server_ms() } else { self.restored_ms };
        self.oracle.let_go.entry((phone, id)).or_default().push(lost_ms);
        Ok(())
    }

    /// Whether this phone was answered by the office as it is since its last restore.
    async fn has_heard(&self, phone: usize) -> StoreResult<bool> {
        let epoch = self.office.epoch().await?;
        let is_current = |cursor: &String| cursor.split('.').next() == Some(epoch.as_str());
        let mut scopes = self.phones[phone].disk.meta.scopes.values();
        let has_heard = scopes.any(|scope| scope.cursor.as_ref().is_some_and(is_current));
        Ok(self.restores == 0 || (has_heard && self.unseen_epoch.is_none()))
    }

    /// The member gets a new phone, and goes on with the old one for as long as it was planned.
    pub async fn replace(&mut self, phone: usize) -> StoreResult<()> {
        if self.phones[phone].is_gone || self.phones[phone].has_left {
            return Ok(());
        }
        let new = self.add_phone(phone).await?;
        self.trace.note(self.at_ms, ("replaced", phone, new), || format!("p{new:02} is to replace p{phone:02}"));
        self.score.replaced += 1;
        self.draw_phone(new);
        self.schedule_sessions(new);
        Ok(())
    }

    /// Another phone for the member of this one.
    async fn add_phone(&mut self, of: usize) -> StoreResult<usize> {
        let index = self.phones.len();
        let person = Person { install: InstallId(0xf0_0000 + index as u64), ..self.phones[of].person.clone() };
        let phone = Phone::new(index, person);
        self.office.enrol(&phone, self.server_ms()).await?;
        self.phones.push(phone);
        Ok(index)
    }

    /// A new invite for a phone that the server does not know or has shut out; an open app takes it at once.
    pub async fn rejoin(&mut self, phone: usize) -> StoreResult<()> {
        let phone = self.heir(phone);
        if self.phones[phone].is_gone || self.office.is_revoked(self.phones[phone].token).await? == Some(false) {
            return Ok(());
        }
        self.trace.note(self.at_ms, ("rejoin", phone), || format!("p{phone:02} is joined again"));
        self.score.rejoined += 1;
        self.office.enrol(&self.phones[phone], self.server_ms()).await?;
        for tab in self.phones[phone].open_tabs() {
            self.deliver(phone, tab, Event::Joined(self.phones[phone].person.enrolment()));
        }
        Ok(())
    }

    /// Somebody sets the office's clock, or its battery was empty.
    pub fn set_office_clock(&mut self, skew_ms: i64) {
        self.trace.note(self.at_ms, ("office clock", skew_ms), || {
            format!("the office's clock is wrong by {skew_ms} ms from here on")
        });
        self.score.office_clocks += u64::from(skew_ms != 0);
        self.office_skew_ms = skew_ms;
    }

    pub async fn back_up(&mut self) -> StoreResult<()> {
        self.trace.note(self.at_ms, "backup", || "the server is backed up".to_owned());
        self.office.back_up().await
    }

    pub async fn restore(&mut self) -> StoreResult<()> {
        let epoch = self.rng.bits();
        if !self.office.restore(epoch, self.server_ms()).await? {
            return Ok(());
        }
        self.trace.note(self.at_ms, "restore", || "THE SERVER IS RESTORED from its backup".to_owned());
        self.score.restores += 1;
        self.score.restored_older += u64::from(self.restores > 0);
        self.is_back_at_a_backup().await
    }

    /// The server has an earlier file again, under the epoch that it had, and does not know it.
    pub async fn roll_back(&mut self) -> StoreResult<()> {
        if !self.office.roll_back().await? {
            return Ok(());
        }
        self.trace.note(self.at_ms, "roll back", || "THE SERVER IS RESTORED, and nobody tells it".to_owned());
        self.score.rolled_back += 1;
        self.was_rolled_back = true;
        self.unseen_epoch = Some(self.office.epoch().await?);
        self.numbers.clear();
        self.is_back_at_a_backup().await
    }

    async fn is_back_at_a_backup(&mut self) -> StoreResult<()> {
        self.restores += 1;
        let restored_ms = self.server_ms();
        self.restored_ms = restored_ms;
        self.judged.clear();
        self.taken.clear();
        self.refresh_team().await?;
        self.schedule_replays();
        for phone in self.phones.iter().filter(|phone| !phone.is_gone) {
            for row in phone.disk.rows.values().filter(|row| self.areas.contains(&row.scope)) {
                if let Some(base) = &row.base {
                    let (phone, scope, doc) = (phone.index, row.scope, base.clone());
                    self.oracle.held.push(Held { phone, scope, doc, restored_ms });
                }
            }
        }
        // Whoever joined after the backup needs a new invite, and asks for it sooner or later.
        for phone in 0..self.phones.len() {
            if !self.phones[phone].is_gone && self.office.is_revoked(self.phones[phone].token).await?.is_none() {
                self.score.unknown_devices += 1;
                let wait = self.rng.below(self.plan.length_ms / 4 + HOUR_MS);
                self.after(wait, Happening::Rejoin { phone });
            }
        }
        Ok(())
    }

    /// Who works where, and which areas there are, as the server has it now.
    pub async fn refresh_team(&mut self) -> StoreResult<()> {
        let team = self.office.team().await?;
        let team: BTreeMap<DocId, Vec<DocId>> =
            team.iter().filter_map(|(id, doc)| Some((*id, Member::read(doc)?.areas))).collect();
        for (member, areas) in &self.team {
            let left = areas.iter().filter(|area| !team.get(member).is_some_and(|areas| areas.contains(area)));
            self.left_areas.extend(left.map(|area| (*member, *area)));
        }
        self.team = team;
        let new: Vec<DocId> =
            self.office.areas().await?.into_iter().filter(|area| !self.areas.contains(area)).collect();
        for area in new {
            self.score.areas_made += 1;
            self.areas.push(area);
            if !self.is_well {
                // What it was made for.
                let wait = self.rng.below(self.plan.length_ms / 4);
                self.after(wait, Happening::Split { to: area });
            }
        }
        Ok(())
    }
}
