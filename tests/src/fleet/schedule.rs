//! What is planned before a run begins: sessions, clocks, partitions, the fate of phones and server.

use super::phone::{Cut, Version};
use super::plan::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use super::world::{Happening, World};

impl World {
    /// Plans what does not depend on anything else.
    pub fn schedule(&mut self) {
        let length_ms = self.plan.length_ms;
        for phone in 0..self.phones.len() {
            self.draw_phone(phone);
            self.schedule_sessions(phone);
            self.schedule_fate(phone);
        }
        if self.plan.restores > 0 {
            // Two backups; the second restore is from the older one.
            for (from, to) in [(10, 30), (30, 50)].into_iter().take(usize::try_from(self.plan.restores).unwrap_or(1)) {
                let at = self.rng.between(length_ms * from / 100, length_ms * to / 100);
                self.after(at, Happening::BackUp);
            }
            for (from, to) in [(51, 70), (71, 90)].into_iter().take(usize::try_from(self.plan.restores).unwrap_or(1)) {
                let at = self.rng.between(length_ms * from / 100, length_ms * to / 100);
                self.after(at, Happening::Restore);
            }
        }
        for _ in 0..self.plan.rollbacks {
            let at = self.rng.between(length_ms * 10 / 100, length_ms * 45 / 100);
            self.after(at, Happening::BackUp);
            let at = self.rng.between(length_ms * 50 / 100, length_ms * 90 / 100);
            self.after(at, Happening::RollBack);
        }
        for _ in 0..self.plan.office_clock {
            let at = self.rng.below(length_ms * 80 / 100);
            let skew_ms = self.office_wrong_by();
            self.after(at, Happening::OfficeClock { skew_ms });
            let until = at + self.rng.below(length_ms * 10 / 100);
            self.after(until, Happening::OfficeClock { skew_ms: 0 });
        }
        if self.plan.phone_lost {
            // A member's phone, never a lead's.
            let phone = self.phones.len() - 1;
            let at = self.rng.between(length_ms / 4, length_ms);
            self.after(at, Happening::LosePhone { phone });
        }
        for _ in 0..self.plan.moves {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::Move);
        }
        for _ in 0..self.plan.doubles {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::JoinDoubles);
        }
        self.schedule_villains();
        self.after(length_ms, Happening::Heal);
    }

    /// What sort of phone it is.
    pub fn draw_phone(&mut self, phone: usize) {
        let length_ms = self.plan.length_ms;
        if self.rng.chance(self.plan.wrong_clock) {
            let skew_ms = self.wrong_by();
            self.phones[phone].set_clock(skew_ms);
            self.score.wrong_clocks += 1;
        }
        if self.rng.chance(self.plan.partition) {
            let from = self.rng.below(length_ms);
            let to = from + self.rng.between(length_ms / 4, length_ms);
            let cut = *self.rng.pick(&[Cut::BothWays, Cut::Outwards, Cut::Inwards]).unwrap_or(&Cut::BothWays);
            match cut {
                Cut::BothWays => self.score.cut_both_ways += 1,
                Cut::Outwards => self.score.cut_outwards += 1,
                Cut::Inwards => self.score.cut_inwards += 1,
            }
            self.phones[phone].cuts.push((from, to, cut));
        }
        let roll = self.rng.below(1_000);
        if roll < self.plan.older {
            self.phones[phone].version = Version::Older;
            self.score.older += 1;
        } else if roll >= 1_000 - self.plan.newer {
            self.phones[phone].version = Version::Newer;
            self.score.newer += 1;
        }
        // Two phones of each run are used in two tabs at once.
        self.phones[phone].has_two_tabs = phone % 10 == 7;
    }

    fn schedule_fate(&mut self, phone: usize) {
        let length_ms = self.plan.length_ms;
        if self.rng.chance(self.plan.filters) {
            let at = self.rng.below(length_ms / 2);
            self.after(at, Happening::Filter { phone });
        }
        if self.rng.chance(self.plan.evicted) {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::Evict { phone });
        }
        if self.rng.chance(self.plan.rotten) {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::Rot { phone });
        }
        if self.rng.chance(self.plan.replaced) {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::Replace { phone });
        }
        // Neither the coordinator nor the leads: they move households in this story.
        if phone > self.plan.areas && self.rng.chance(self.plan.left) {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::Leave { phone });
            if self.rng.chance(500) {
                let back = self.rng.between(at, length_ms.max(at + DAY_MS));
                self.after(back, Happening::Rejoin { phone });
            }
        }
    }

    /// When the person uses this phone, from now on.
    pub fn schedule_sessions(&mut self, phone: usize) {
        let (now, last) = (self.at_ms, self.plan.length_ms * 95 / 100);
        for _ in 0..self.plan.sessions {
            let opens = now + self.rng.below(last.saturating_sub(now).max(1));
            self.after(opens - now, Happening::Open { phone, tab: 0 });
            if self.phones[phone].has_two_tabs {
                self.after(opens - now + SECOND_MS, Happening::Open { phone, tab: 1 });
            }
            let mut at = opens;
            for _ in 0..self.plan.writes {
                at += self.rng.between(300, 25 * SECOND_MS);
                self.after(at - now, Happening::Act { phone });
            }
            if self.rng.chance(self.plan.clock_jump) {
                let skew_ms = if self.rng.chance(300) { 0 } else { self.wrong_by() };
                let when = self.rng.between(opens, at);
                self.after(when - now, Happening::SetClock { phone, skew_ms });
            }
            if self.rng.chance(self.plan.frozen) {
                at = self.schedule_frozen(phone, opens, at);
            }
            let closes = at + self.rng.between(SECOND_MS, 100 * SECOND_MS);
            self.phones[phone].sessions.push((opens, closes));
            self.after(closes - now, Happening::Close { phone });
        }
        if self.rng.chance(self.plan.left_open) {
            let opens = (self.plan.length_ms - self.rng.below(HOUR_MS.min(self.plan.length_ms))).max(now);
            self.phones[phone].sessions.push((opens, u64::MAX));
            self.after(opens - now, Happening::Open { phone, tab: 0 });
            self.score.left_open += 1;
        }
    }

    /// The page is stopped while it waits for its first answers, or later; goes on hours later, and is used again. Answers when
    /// that ends.
    fn schedule_frozen(&mut self, phone: usize, opens: u64, last: u64) -> u64 {
        let now = self.at_ms;
        let from = if self.rng.chance(600) {
            opens + self.rng.between(5, 3 * SECOND_MS)
        } else {
            self.rng.between(opens, last)
        };
        let length_ms = *self.rng.pick(&[20 * MINUTE_MS, 9 * HOUR_MS, 26 * HOUR_MS]).unwrap_or(&0);
        if from + length_ms + MINUTE_MS > self.plan.length_ms * 95 / 100 {
            return last;
        }
        let stops_clock = self.rng.chance(500);
        self.after(from - now, Happening::Freeze { phone, length_ms, stops_clock });
        let mut at = from + length_ms;
        for _ in 0..self.plan.writes {
            at += self.rng.between(300, 15 * SECOND_MS);
            self.after(at - now, Happening::Act { phone });
        }
        at.max(last)
    }

    /// An empty battery, a typing error, a year too many.
    fn office_wrong_by(&mut self) -> i64 {
        let days = *self.rng.pick(&[-11 * 365, -365, -3, 61, 365, 3650]).unwrap_or(&0);
        days * DAY_MS.cast_signed()
    }

    /// Seconds, hours or up to 400 days, both ways.
    fn wrong_by(&mut self) -> i64 {
        let reach = *self.rng.pick(&[50 * SECOND_MS, 60 * MINUTE_MS, 400 * 24 * 60 * MINUTE_MS]).unwrap_or(&0);
        let by = self.rng.below(reach).cast_signed();
        if self.rng.chance(500) { by } else { -by }
    }
}
