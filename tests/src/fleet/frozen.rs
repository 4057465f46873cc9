//! Pages that the system stops: a phone in a pocket, a tab behind others. No timer fires and no answer is read until somebody
//! looks again; the running clock runs on, or stands still with the page.

use super::phone::Frozen;
use super::world::{Happening, World};

impl World {
    pub fn freeze(&mut self, phone: usize, length_ms: u64, stops_clock: bool) {
        if self.phones[phone].open_tabs().is_empty() || self.phones[phone].frozen.is_some() {
            return;
        }
        self.trace.note(self.at_ms, ("freeze", phone, length_ms, stops_clock), || {
            format!("p{phone:02}'s page is stopped for {length_ms} ms, its clock too: {stops_clock}")
        });
        self.score.frozen += 1;
        let (since_ms, until_ms) = (self.at_ms, self.at_ms + length_ms);
        self.phones[phone].frozen = Some(Frozen { since_ms, until_ms, stops_clock });
        self.after(length_ms, Happening::Thaw { phone });
    }

    pub fn thaw(&mut self, phone: usize) {
        let is_over = |frozen: &mut Frozen| frozen.until_ms <= self.at_ms;
        let Some(frozen) = self.phones[phone].frozen.take_if(is_over) else { return };
        self.trace.note(self.at_ms, ("thaw", phone), || format!("p{phone:02}'s page goes on"));
        if frozen.stops_clock {
            for tab in self.phones[phone].tabs.iter_mut().flatten() {
                tab.opened_ms += frozen.until_ms - frozen.since_ms;
            }
        }
    }

    /// What a stopped page does not notice comes when it goes on. Answers whether it was put off.
    pub fn puts_off(&mut self, what: Happening) -> Option<Happening> {
        let phone = match &what {
            Happening::Wake { phone, .. }
            | Happening::Stored { phone, .. }
            | Happening::News { phone, .. }
            | Happening::Answer { phone, .. } => *phone,
            Happening::Open { phone, .. } | Happening::Act { phone } => self.heir(*phone),
            _ => return Some(what),
        };
        let Some(frozen) = self.phones[phone].frozen else { return Some(what) };
        let wait = (frozen.until_ms - self.at_ms) + self.rng.between(1, 40);
        if let Happening::Wake { tab, life, .. } = what {
            // The timer is late, and the one that was due is this one.
            let at_ms = self.at_ms;
            let open = self.phones[phone].tab(tab, life).filter(|open| open.wake_ms == Some(at_ms))?;
            open.wake_ms = Some(at_ms + wait);
        }
        self.after(wait, what);
        None
    }
}
