//! How a run comes to rest: faults end, everything is sent, and whoever has not settled by then is stuck.

use std::cmp::Reverse;

use domain::replica::Event;
use server::store::StoreResult;

use super::invariant::Invariant;
use super::phone::Phone;
use super::plan::{MINUTE_MS, SECOND_MS, START_MS};
use super::world::{Happening, World};

/// A phone that is asked to sync has an answer within this: twice the longest wait between two tries.
const ROUND_MS: u64 = 10 * MINUTE_MS;

impl World {
    /// From here on the network is good and every phone that lives is open. What is still under way arrives soon.
    pub async fn heal(&mut self) -> StoreResult<()> {
        self.trace.note(self.at_ms, "heal", || "ALL IS WELL from here on".to_owned());
        self.is_well = true;
        self.office_skew_ms = 0;
        let entries = std::mem::take(&mut self.queue).into_sorted_vec();
        for Reverse(mut entry) in entries.into_iter().rev() {
            match entry.what {
                Happening::Act { .. }
                | Happening::SetClock { .. }
                | Happening::Close { .. }
                | Happening::Open { .. }
                | Happening::Restore
                | Happening::Move
                | Happening::Split { .. }
                | Happening::JoinDoubles
                | Happening::Evict { .. }
                | Happening::Rot { .. }
                | Happening::Replace { .. }
                | Happening::Leave { .. }
                | Happening::Rejoin { .. }
                | Happening::Freeze { .. }
                | Happening::Filter { .. }
                | Happening::RollBack
                | Happening::Strike { .. }
                | Happening::LosePhone { .. } => continue,
                Happening::Arrive(_) | Happening::Carry { .. } => {
                    entry.at_ms = entry.at_ms.min(self.at_ms + self.rng.below(MINUTE_MS));
                }
                _ => {}
            }
            self.queue.push(Reverse(entry));
        }
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone {
                self.phones[phone].close();
                continue;
            }
            if self.office.is_revoked(self.phones[phone].token).await?.is_none() {
                self.rejoin(phone).await?;
            }
            // Joining that a full disk has refused says so on the screen, and the person taps again.
            let tabs = self.phones[phone].tabs.iter().enumerate();
            let unjoined = |tab: &super::phone::Tab| tab.replica.meta().enrolment.is_none();
            let unjoined: Vec<usize> =
                tabs.filter(|(_, tab)| tab.as_ref().is_some_and(unjoined)).map(|(tab, _)| tab).collect();
            for tab in unjoined {
                self.deliver(phone, tab, Event::Joined(self.phones[phone].person.enrolment()));
            }
            if self.phones[phone].open_tabs().is_empty() {
                let wait = self.rng.below(10 * SECOND_MS);
                self.after(wait, Happening::Open { phone, tab: 0 });
            } else if self.phones[phone].filter.is_some() || self.rng.chance(500) {
                // The browser tells half of them that the network is back; the others find out by themselves. What was refused on
                // the way for days waits for hours, or for somebody who asks.
                self.sync_now(phone);
            }
            self.join_again(phone);
        }
        Ok(())
    }

    /// Joining could not be stored: the person has seen that, and takes the invite once more.
    pub fn join_again(&mut self, phone: usize) {
        for tab in self.phones[phone].open_tabs() {
            let Some(open) = &self.phones[phone].tabs[tab] else { continue };
            if open.replica.meta().enrolment.is_none() {
                self.deliver(phone, tab, Event::Joined(self.phones[phone].person.enrolment()));
            }
        }
    }

    pub fn is_at_rest(&self) -> bool {
        self.is_well
            && self.packets_under_way == 0
            && self.living().all(|phone| self.has_settled(phone, self.plan.length_ms))
    }

    pub fn living(&self) -> impl Iterator<Item = &Phone> {
        self.phones.iter().filter(|phone| !phone.is_gone)
    }

    /// Nothing to store, to send or to wait for, and an answer since `since_ms`.
    fn has_settled(&self, phone: &Phone, since_ms: u64) -> bool {
        let is_sent = |left: usize| left == 0 || left == self.blocked_len(phone.index);
        let mut tabs = phone.tabs.iter().flatten().peekable();
        tabs.peek().is_some()
            && tabs.all(|tab| {
                let status = tab.replica.status();
                // A phone that believes itself more than the office dates its last sync by its own clock.
                let synced_ms =
                    status.last_sync_ms.map(|at_ms| at_ms.saturating_add_signed(status.clock_doubt_ms.unwrap_or(0)));
                !tab.replica.is_busy()
                    && is_sent(status.unsent + status.offers)
                    && !status.is_offline
                    && synced_ms.is_some_and(|at_ms| at_ms >= START_MS + since_ms)
            })
    }

    /// Whoever has not settled since `since_ms` is stuck.
    pub fn report_stuck(&mut self, since_ms: u64) {
        let before = self.score.stuck;
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone || self.has_settled(&self.phones[phone], since_ms) {
                continue;
            }
            self.score.stuck += 1;
            let states: Vec<String> =
                self.phones[phone].tabs.iter().flatten().map(|tab| format!("{:?}", tab.replica.status())).collect();
            let what = format!("p{phone:02} is stuck: {}", states.join(", "));
            self.violate(Invariant::Progress, None, what);
        }
        if self.score.stuck == before {
            self.score.stuck += 1;
            let what = format!("every phone has settled, and {} requests are still under way", self.packets_under_way);
            self.violate(Invariant::Progress, None, what);
        }
    }

    /// False when somebody does not get to the end of it.
    pub async fn everybody_syncs(&mut self) -> StoreResult<bool> {
        self.at_ms += SECOND_MS;
        let since_ms = self.at_ms;
        for phone in 0..self.phones.len() {
            if !self.phones[phone].is_gone {
                self.sync_now(phone);
            }
        }
        while !self.living().all(|phone| self.has_settled(phone, since_ms)) {
            if self.at_ms >= since_ms + ROUND_MS {
                self.report_stuck(since_ms);
                return Ok(false);
            }
            self.step().await?;
        }
        Ok(true)
    }

    pub fn sync_now(&mut self, phone: usize) {
        for tab in self.phones[phone].open_tabs() {
            self.deliver(phone, tab, Event::SyncNow);
        }
    }
}
