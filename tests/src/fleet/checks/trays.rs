//! I19: what lies in a tray is refused for a reason that still holds, and no record is in conflict with itself.

use domain::merge::{conflicts, merge};
use domain::protocol::{PROTOCOL, PhoneReport, Push, Rejection, SCHEMA, SyncRequest, Verdict};
use domain::{DocId, Document};
use serde_json::value::RawValue;
use server::store::StoreResult;

use super::Truth;
use crate::fleet::acts::CLONED;
use crate::fleet::fixture::{is_villains, is_villains_name};
use crate::fleet::invariant::Invariant;
use crate::fleet::office::Served;
use crate::fleet::world::World;

/// The adversary, who is a colleague, took the id of a record that a restored server had lost, under a stamp of any phone
/// but in a name of its own. Neither is lost: who made the record is told, and writes it again.
fn is_squatted(stored: &Document, doc: &Document) -> bool {
    let is_in_a_villains_name = stored.link("member").is_some_and(is_villains_name);
    let is_stamped_so = stored.stamps().iter().all(|stamp| is_villains(stamp.install));
    conflicts(stored, doc) && (is_stamped_so || is_in_a_villains_name)
}

impl World {
    /// The last check of all: what is sent here again may be taken, when the first answer was wrong.
    pub(super) async fn check_trays(&mut self, truth: &Truth) -> StoreResult<()> {
        for phone in 0..self.phones.len() {
            let held = &self.phones[phone];
            // Rights that came and went leave behind what was refused for want of them.
            let had_other_rights = held.has_left || self.reassigned.contains_key(&held.person.member);
            let was_restored = self.restores > 0;
            if held.is_gone {
                continue;
            }
            let trays: Vec<(DocId, DocId, Rejection, Document)> = held
                .disk
                .rows
                .iter()
                .filter_map(|(id, row)| Some((*id, row.scope, row.refused.as_ref()?)))
                .map(|(id, scope, refused)| (id, scope, refused.code.clone(), refused.doc.clone()))
                .collect();
            for (id, scope, code, doc) in trays {
                self.checked(Invariant::RefusedForAReason);
                // What would change nothing (any more) is taken without a word.
                let stored = truth.documents.get(&id).map(|stored| &stored.doc);
                let is_cloned = id.as_u128() >> 32 == CLONED >> 32;
                if code == Rejection::FactConflict
                    && !is_cloned
                    && !(was_restored && stored.is_some_and(|stored| is_squatted(stored, &doc)))
                {
                    let what = format!("p{phone:02}'s {id} is said to conflict with {stored:?}");
                    self.violate(Invariant::RefusedForAReason, Some(id), what);
                }
                let is_nothing = stored.is_some_and(|stored| merge(stored, &doc) == *stored);
                // A day that was still to come has come, and so has the next day's allowance.
                let is_for_now = matches!(code, Rejection::DayUnlikely | Rejection::TooMuch);
                let may_be_taken = is_for_now || was_restored || (had_other_rights && code == Rejection::Forbidden);
                if !may_be_taken && !is_nothing && !self.is_refused_again(phone, scope, &doc).await? {
                    let what = format!("p{phone:02}'s {id} was refused ({code:?}), and is taken now");
                    self.violate(Invariant::RefusedForAReason, Some(id), what);
                }
            }
        }
        Ok(())
    }

    async fn is_refused_again(&mut self, phone: usize, scope: DocId, doc: &Document) -> StoreResult<bool> {
        let text = serde_json::to_string(doc).unwrap_or_default();
        let Ok(text) = RawValue::from_string(text) else { return Ok(true) };
        let request = SyncRequest {
            protocol: PROTOCOL,
            schema: SCHEMA,
            install: self.phones[phone].install(),
            cursors: Vec::new(),
            push: vec![Push { id: doc.id, rev: 1, scope, doc: text, receipt: None }],
            phone: PhoneReport::default(),
            courier: None,
        };
        let served = self.office.serve(self.phones[phone].token, &request, self.server_ms(), None).await?;
        let Served::Reply(reply) = served else { return Ok(true) };
        Ok(reply.results.iter().all(|result| matches!(result.verdict, Verdict::Rejected { .. })))
    }
}
