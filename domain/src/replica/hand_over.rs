//! Giving unsent work out of the phone, sealed, by another way than this phone's own sync.
//!
//! What leaves is *sent*: its stamps must not change any more, since the server may take it at any time, in any order with
//! this phone's own sync. So the replica first stores that everything up to now has settled, and only then gives it out.

use super::rows::Batch;
use super::{Effect, Now, Replica, Ticket};
use crate::capsule::{CONTENT, Content, Courier, CourierSecret, Portion};
use crate::clock::AHEAD_MS_MAX;
use crate::protocol::Push;
use crate::receipt::Receipt;
use crate::{DocId, Document, Stamp};

impl Replica {
    /// A secret for a phone that has none yet.
    pub(super) fn plan_equip(&self, secret: CourierSecret) -> Option<Batch> {
        if self.meta.courier.is_some() {
            return None;
        }
        let mut meta = self.meta.clone();
        meta.courier = Some(Courier::new(secret));
        Some(Batch { rows: Vec::new(), meta })
    }

    /// From now on, whatever is stamped up to `newest` counts as sent.
    pub(super) fn plan_left(&self, newest: Stamp) -> Batch {
        let mut meta = self.meta.clone();
        meta.settled = meta.settled.max(newest);
        meta.left = meta.left.max(Some(newest));
        Batch { rows: Vec::new(), meta }
    }

    pub(super) fn knows_left(&self, newest: Stamp) -> bool {
        self.meta.settled >= newest && self.meta.left >= Some(newest)
    }

    pub(super) fn handed_over(&self, ticket: Ticket, portion: Portion, now: Now) -> Effect {
        Effect::HandedOver { ticket, contents: self.capsules(portion, now) }
    }

    /// Everything unsent, oldest first, in as many contents as it takes. None when nothing is unsent or when the phone
    /// has no secret yet. Whoever lets one of them leave must have the replica know (`Event::HandOver`, `Event::Left`).
    pub fn capsules(&self, portion: Portion, now: Now) -> Vec<Content> {
        let (Some(enrolment), Some(courier)) = (&self.meta.enrolment, &self.meta.courier) else { return Vec::new() };
        let mut contents: Vec<Content> = Vec::new();
        let mut bytes = 0;
        for push in self.leaving(portion.with_refused) {
            let size = push.doc.get().len();
            bytes += size;
            match contents.last_mut() {
                Some(last) if last.push.len() < portion.documents && bytes <= portion.bytes => last.push.push(push),
                _ => {
                    bytes = size;
                    contents.push(Content {
                        version: CONTENT,
                        install: self.meta.install(),
                        member: enrolment.member,
                        courier: courier.secret,
                        made_ms: self.corrected_ms(now.wall_ms),
                        push: vec![push],
                    });
                }
            }
        }
        contents
    }

    /// How many documents are on this phone only.
    pub fn leaving_len(&self, with_refused: bool) -> usize {
        self.unsent.len() + self.offers.len() + if with_refused { self.refused.len() } else { 0 }
    }

    fn leaving(&self, with_refused: bool) -> impl Iterator<Item = Push> {
        // An edit of an offered document says only what the offer lacks, so the offer comes first.
        let offers = self.offers.iter().filter_map(|(_, id)| self.offer_push(*id));
        let unsent = self.unsent.iter().filter_map(|(_, id)| self.unsent_push(*id));
        let refused = self.refused.iter().filter(move |_| with_refused);
        offers.chain(unsent).chain(refused.filter_map(|id| {
            let row = self.rows.get(id)?;
            let refused = row.refused.as_ref()?;
            push(*id, 0, row.scope, &refused.doc, refused.receipt)
        }))
    }
}

pub(super) fn push(id: DocId, rev: u64, scope: DocId, document: &Document, receipt: Option<Receipt>) -> Option<Push> {
    let text = serde_json::to_string(document).ok()?;
    Some(Push { id, rev, scope, doc: serde_json::value::RawValue::from_string(text).ok()?, receipt })
}

/// Something left under a clock that ran ahead: the server refuses it now and would take it once that time has come, maybe
/// after this phone has stamped it anew. So what left is to be refused for good; this phone still holds all of it. True
/// when the server must first hear of that.
pub(super) fn void_early_capsules(meta: &mut super::Meta, server_ms: u64) -> bool {
    let is_early = meta.left.is_some_and(|left| left.ms > server_ms.saturating_add(AHEAD_MS_MAX));
    if is_early {
        meta.courier = meta.courier.map(|courier| courier.replaced());
        meta.left = None;
    }
    is_early
}
