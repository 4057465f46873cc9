//! Replies that reach a phone which has gone on: after it has given their request up, or once more. It waits for the answer
//! to another request then, with other cursors, and may have written since.

use std::rc::Rc;

use super::network::Packet;
use super::phone::Cut;
use super::plan::SECOND_MS;
use super::world::{Happening, World};

impl World {
    /// Whether this reply does not come in time. Some come in time and once more.
    pub fn is_held_up(&mut self, packet: &Packet, reply: &Rc<str>) -> bool {
        if self.is_well || !self.rng.chance(self.plan.late_reply) {
            return false;
        }
        let Some(open) = self.phones[packet.phone].tab(packet.tab, packet.life) else { return false };
        open.late.push((packet.request, reply.clone()));
        self.rng.chance(700)
    }

    /// The phone asks again: what was held up may come now, before the answer or after it.
    pub fn let_late_replies_go(&mut self, phone: usize, tab: usize, life: u64) {
        let is_cut = matches!(self.phones[phone].cut(self.at_ms), Some(Cut::BothWays | Cut::Inwards));
        // What comes later yet is older yet. A good network has delivered in time.
        let is_held = !self.is_well && (is_cut || self.rng.chance(400));
        let is_well = self.is_well;
        let Some(open) = self.phones[phone].tab(tab, life).filter(|_| !is_held) else { return };
        for (request, text) in std::mem::take(&mut open.late).into_iter().filter(|_| !is_well) {
            self.score.late_replies += 1;
            let wait = self.rng.between(1, 3 * SECOND_MS);
            self.after(wait, Happening::Answer { phone, tab, life, request, outcome: Ok(text) });
        }
    }
}
