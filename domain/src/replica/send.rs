//! What to send: one request at a time, and never stuck.

use std::borrow::Cow;

use super::pace::Flight;
use super::{Effect, Now, Replica, ScopeState, SendError, hand_over};
use crate::merge::difference;
use crate::protocol::{PAGE_BYTES_MAX, PROTOCOL, PhoneReport, Push, SCHEMA, ScopeCursor, SyncRequest};
use crate::{DocId, Document};

/// A request without an answer is given up after this; a slow 2G upload of a full push takes about 40 s.
const TIMEOUT_MS: u64 = 60_000;

impl Replica {
    /// Does what is due: gives up a lost request, starts the next, says when to wake.
    pub(super) fn pump(&mut self, now: Now, entropy: u64, effects: &mut Vec<Effect>) {
        if self.meta.enrolment.is_none() {
            return;
        }
        let is_lost = |flight: &mut Flight| now.mono_ms >= flight.started.mono_ms + TIMEOUT_MS;
        if let Some(flight) = self.pace.flight.take_if(is_lost) {
            self.pace.failed(SendError::NoNetwork, flight, now, entropy);
            effects.push(Effect::Changed);
        }
        if let Some(flight) = &self.pace.flight {
            effects.push(Effect::Wake { at_mono_ms: flight.started.mono_ms + TIMEOUT_MS });
            return;
        }
        if self.pace.is_stopped() {
            return;
        }
        let due = *self.pace.next_try_ms.get_or_insert(now.mono_ms);
        if now.mono_ms >= due {
            self.start_sync(now, effects);
        } else {
            effects.push(Effect::Wake { at_mono_ms: due });
        }
    }

    fn start_sync(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let request = self.pace.next_request();
        let is_hello = !self.pace.is_clock_known();
        let push = if is_hello { Vec::new() } else { self.select(now) };
        let sent = push.iter().map(|push| (push.id, push.rev)).collect();
        // A hello may meet a server that was restored and knows less; a push must not come before the news that capsules
        // with the same documents are void.
        let courier = self.meta.courier.filter(|courier| is_hello || !courier.told).map(|courier| courier.note());
        let cursor =
            |(scope, state): (&DocId, &ScopeState)| ScopeCursor { scope: *scope, cursor: state.position().cloned() };
        let cursors: Vec<ScopeCursor> = self.meta.scopes.iter().map(cursor).collect();
        let body = Box::new(SyncRequest {
            protocol: PROTOCOL,
            schema: SCHEMA,
            install: self.meta.install(),
            cursors: cursors.clone(),
            push,
            phone: self.report(),
            courier,
        });
        let courier = courier.map(|note| note.hash);
        self.pace.flight = Some(Flight { request, sent, cursors, started: now, is_hello, courier });
        effects.push(Effect::Send { request, body, timeout_ms: TIMEOUT_MS });
        effects.push(Effect::Wake { at_mono_ms: now.mono_ms + TIMEOUT_MS });
    }

    fn report(&self) -> PhoneReport {
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        PhoneReport {
            unsent: count(self.unsent.len()),
            refused: count(self.refused.len()),
            diverged: count(self.meta.scopes.values().filter(|state| state.given_up_ms.is_some()).count()),
            app: String::new(),
        }
    }

    /// The oldest unsent edits that fit a request, then what is offered again. What was set apart goes alone, when nothing
    /// else is left and its time has come.
    fn select(&self, now: Now) -> Vec<Push> {
        let mut selected: Vec<Push> = Vec::new();
        let mut bytes = 0;
        for (rev, id) in self.sendable() {
            if selected.len() >= self.pace.push_max() {
                break;
            }
            if self.pace.is_apart(id, rev) {
                continue;
            }
            let Some(push) = self.push_of(id) else { continue };
            bytes += push.doc.get().len();
            if bytes > PAGE_BYTES_MAX && !selected.is_empty() {
                break;
            }
            selected.push(push);
        }
        if selected.is_empty() && self.pace.push_max() > 0 {
            let mut due = self.sendable().filter(|(rev, id)| !self.pace.is_waiting(*id, *rev, now));
            selected.extend(due.find_map(|(_, id)| self.push_of(id)));
        }
        selected
    }

    /// Whether a request sent now would carry something.
    pub(super) fn has_sendable(&self, now: Now) -> bool {
        self.sendable().any(|(rev, id)| !self.pace.is_waiting(id, rev, now))
    }

    /// Edits of an offered document wait for the offer. Offers wait until it is known what the restored server has.
    fn sendable(&self) -> impl Iterator<Item = (u64, DocId)> {
        let row = |id: &DocId| self.rows.get(id);
        let edits = self.unsent.iter().filter(move |(_, id)| row(id).is_some_and(|row| row.offer.is_none()));
        let is_renewed = |scope| self.meta.scopes.get(&scope).is_none_or(|state| !state.renewing);
        let offers = self.offers.iter().filter(move |(_, id)| row(id).is_some_and(|row| is_renewed(row.scope)));
        edits.chain(offers).copied()
    }

    fn push_of(&self, id: DocId) -> Option<Push> {
        self.offer_push(id).or_else(|| self.unsent_push(id))
    }

    /// An offer as it goes over the wire: whole when there is a receipt, which is for the whole document only.
    pub(super) fn offer_push(&self, id: DocId) -> Option<Push> {
        let row = self.rows.get(&id)?;
        let offer = row.offer.as_ref()?;
        match row.base.as_ref().filter(|_| offer.receipt.is_none()) {
            Some(base) => hand_over::push(id, offer.rev, row.scope, &difference(&offer.doc, base), None),
            None => hand_over::push(id, offer.rev, row.scope, &offer.doc, offer.receipt),
        }
    }

    /// An unsent edit as it goes over the wire: of a description only the fields that the server lacks.
    pub(super) fn unsent_push(&self, id: DocId) -> Option<Push> {
        let row = self.rows.get(&id)?;
        let mine = row.mine.as_ref()?;
        match row.known() {
            Some(known) => hand_over::push(id, mine.rev, row.scope, &difference(&mine.doc, &known), None),
            None => hand_over::push(id, mine.rev, row.scope, &unmarked(&mine.doc), None),
        }
    }
}

/// A document that the server does not have, as it is sent. Somebody who was added and erased before any signal came is sent
/// without the mark: the server sets that itself, since the erasure goes before.
fn unmarked(doc: &Document) -> Cow<'_, Document> {
    if doc.erased && !doc.is_fact() {
        Cow::Owned(Document { erased: false, ..doc.clone() })
    } else {
        Cow::Borrowed(doc)
    }
}
