//! Taking in a reply: verdicts clear what was sent, pages are merged, the cursor moves with them. All in one batch.

use std::collections::BTreeMap;

use super::rows::{Batch, Draft, Refused, Row};
use super::send::Flight;
use super::write::{again, edited};
use super::{Now, Replica, hand_over, is_mended_by_itself, is_wipe, restamp};
use crate::DocId;
use crate::clock::AHEAD_MS_MAX;
use crate::digest::Digest;
use crate::merge::{conflicts, merge};
use crate::people::Role;
use crate::planted::{Mistake, drop_unknown, is_planted};
use crate::protocol::{Page, PushResult, Rejection, RevokeReason, ScopeContent, SyncReply, Verdict};

/// What the schedule and the screen learn from a reply.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent answers, each read once by its name")]
pub(super) struct Outcome {
    pub more: bool,
    pub was_hello: bool,
    pub accepted_some: bool,
    pub diverged: Vec<DocId>,
    pub wipe: bool,
}

impl Replica {
    pub(super) fn plan_reply(&self, reply: &SyncReply, flight: &Flight, now: Now) -> (Batch, Outcome) {
        let mut draft = self.draft();
        let mut outcome = Outcome { was_hello: flight.is_hello, ..Outcome::default() };
        if flight.is_hello {
            take_clock(&mut draft, reply.server_ms, flight, now);
        }
        let is_void = hand_over::void_early_capsules(&mut draft.meta, reply.server_ms);
        take_courier(&mut draft, reply, flight);
        take_epoch(&mut draft, reply);
        for result in &reply.results {
            outcome.accepted_some |= take_verdict(&mut draft, result, flight, reply.server_ms, is_void);
        }
        for scope in &reply.scopes {
            match &scope.content {
                ScopeContent::Page(page) if self.continues(scope.scope, flight) => {
                    take_page(&mut draft, scope.scope, page);
                    outcome.more |= page.more;
                }
                ScopeContent::Page(_) => {}
                ScopeContent::Revoked { revoked } => {
                    outcome.wipe |= is_wipe(*revoked);
                    forget_scope(&mut draft, scope.scope, *revoked);
                }
            }
        }
        self.compare_digests(&mut draft, reply, flight, &mut outcome);
        draft.meta.last_sync_ms = Some(reply.server_ms);
        draft.meta.credited_elsewhere = reply.credited_elsewhere.unwrap_or(0);
        if flight.is_hello {
            draft.meta.settled = draft.meta.clock.last();
        }
        (draft.into(), outcome)
    }

    /// Whether a page of this reply follows what is stored: another tab may have come further while it was on its way.
    fn continues(&self, scope: DocId, flight: &Flight) -> bool {
        let asked = flight.cursors.iter().find(|cursor| cursor.scope == scope);
        let stored = self.meta.scopes.get(&scope);
        asked.and_then(|asked| asked.cursor.as_ref()) == stored.and_then(|state| state.cursor.as_ref())
    }

    /// The first time that a scope differs it is downloaded anew; the second time this phone also offers all it has.
    fn compare_digests(&self, draft: &mut Draft<'_>, reply: &SyncReply, flight: &Flight, outcome: &mut Outcome) {
        let mut digests: BTreeMap<DocId, Digest> = self.digests.clone();
        for (old, new) in draft.changes() {
            if let Some((row, base)) = old.and_then(|row| Some((row, row.base.as_ref()?))) {
                digests.entry(row.scope).or_default().remove(base);
            }
            if let Some((row, base)) = new.and_then(|row| Some((row, row.base.as_ref()?))) {
                digests.entry(row.scope).or_default().add(base);
            }
        }
        if is_planted(Mistake::DigestNotCompared) {
            return;
        }
        for scope in reply.scopes.iter().filter(|scope| self.continues(scope.scope, flight)) {
            let ScopeContent::Page(Page { digest: Some(theirs), .. }) = &scope.content else { continue };
            let ours = digests.get(&scope.scope).copied().unwrap_or_default();
            let state = draft.meta.scopes.entry(scope.scope).or_default();
            if ours == *theirs {
                state.divergences = 0;
                continue;
            }
            state.divergences += 1;
            outcome.diverged.push(scope.scope);
            match state.divergences {
                1 => state.cursor = None,
                2 => {
                    state.cursor = None;
                    offer_again(draft, Some(scope.scope));
                }
                // Given up until the next agreement: shown in "Tình trạng máy", never a loop.
                _ => continue,
            }
            outcome.more = true;
        }
    }
}

/// The server knows who may bring this phone's capsules, and says what to seal them to.
fn take_courier(draft: &mut Draft<'_>, reply: &SyncReply, flight: &Flight) {
    let Some(key) = reply.capsule_key else { return };
    draft.meta.capsule_key = Some(key);
    if let Some(courier) = &mut draft.meta.courier {
        courier.told |= flight.courier == Some(courier.secret.hash());
    }
}

/// A new epoch means that the server was restored from a backup: its cursors mean nothing now, and it may lack what this
/// phone has. A scope of which it says nothing is not known there yet: what this phone has of it is offered, and once more
/// when the scope is there (`try_again`).
fn take_epoch(draft: &mut Draft<'_>, reply: &SyncReply) {
    let is_new = draft.meta.epoch.as_ref().is_some_and(|epoch| *epoch != reply.epoch);
    draft.meta.epoch = Some(reply.epoch.clone());
    if is_new {
        draft.meta.scopes.retain(|scope, _| reply.scopes.iter().any(|said| said.scope == *scope));
        for state in draft.meta.scopes.values_mut() {
            state.cursor = None;
        }
        if is_planted(Mistake::NewEpochWithoutOffer) {
            return;
        }
        offer_again(draft, None);
    }
}

/// Marks every document (of a scope) as unsent, as if this phone had just written it.
fn offer_again(draft: &mut Draft<'_>, only: Option<DocId>) {
    let own = draft.meta.enrolment.clone();
    for id in draft.ids() {
        let Some(row) = draft.get(id) else { continue };
        let scope = row.scope;
        if only.is_some_and(|only| only != scope) {
            continue;
        }
        let Some(doc) = row.shown().cloned() else { continue };
        let is_counted = matches!(doc.kind, crate::Kind::Summary | crate::Kind::Daily | crate::Kind::PhoneState);
        let is_offices = own.as_ref().is_some_and(|own| own.commune == scope && own.role < Role::Coordinator);
        if row.mine.is_none() && (is_counted || is_offices) {
            // Not this phone's to write: it would only be refused. The page that follows brings what the server has. What
            // lies in the tray stays there.
            let_go(draft, id, scope);
            continue;
        }
        let row = draft.edit(id, scope);
        row.base = None;
        row.accepted = None;
        edited(draft, scope, doc);
    }
}

/// Learns how far the phone's clock is off, and mends what was stamped wrongly and never sent. Only the hello teaches:
/// it is the first request after the clock may have been set.
fn take_clock(draft: &mut Draft<'_>, server_ms: u64, flight: &Flight, now: Now) {
    // The running clock measures the round trip even when somebody sets the clock meanwhile.
    let half_trip = now.mono_ms.saturating_sub(flight.started.mono_ms) / 2;
    let wall_at_answer = now.wall_ms.saturating_sub(half_trip);
    let offset = server_ms.cast_signed().wrapping_sub(wall_at_answer.cast_signed());
    let change = offset.wrapping_sub(draft.meta.offset_ms);
    if change.unsigned_abs() > AHEAD_MS_MAX / 2 {
        draft.meta.offset_ms = offset;
        restamp::shift_unsettled(draft, change, server_ms);
    }
}

/// True when the document is off this phone's hands, one way or the other.
fn take_verdict(
    draft: &mut Draft<'_>,
    result: &PushResult,
    flight: &Flight,
    server_ms: u64,
    must_void_first: bool,
) -> bool {
    let Some(row) = draft.get(result.id) else { return false };
    let Some(mine) = row.mine.clone() else { return false };
    let was_sent = flight.sent.get(&result.id) == Some(&result.rev);
    let is_same = mine.rev == result.rev || is_planted(Mistake::UnsentClearedById);
    if !was_sent {
        return false;
    }
    let scope = row.scope;
    match &result.verdict {
        Verdict::Ok | Verdict::Merged if is_same => {
            let row = draft.edit(result.id, scope);
            row.base = Some(row.base.as_ref().map_or_else(|| mine.doc.clone(), |base| merge(base, &mine.doc)));
            row.mine = None;
            if !draft.meta.scopes.contains_key(&scope) {
                // Work of an area that the member has left: the office has it now, and it is not this phone's to keep.
                let_go(draft, result.id, scope);
            }
            true
        }
        // Sent once more as it is, with the news: until the server has that, a capsule may still bring the old stamp.
        Verdict::Rejected { code } if is_mended_by_itself(code) && must_void_first => false,
        Verdict::Rejected { code } if is_mended_by_itself(code) && restamp::bring_back(draft, result.id, server_ms) => {
            true
        }
        Verdict::Rejected { code } if is_same => {
            refuse(draft.edit(result.id, scope), code.clone());
            true
        }
        // Edited since: the newer edit gets its own verdict.
        _ => true,
    }
}

/// Moves what this phone wrote to the tray, to what may lie there already.
fn refuse(row: &mut Row, code: Rejection) {
    let Some(mine) = row.mine.take() else { return };
    let doc = match row.refused.take() {
        // What was offered to a restored server is not this person's word; theirs lies in the tray already.
        Some(earlier) if conflicts(&earlier.doc, &mine.doc) => earlier.doc,
        Some(earlier) => merge(&earlier.doc, &mine.doc),
        None => mine.doc,
    };
    row.refused = Some(Refused { code, doc }).filter(|_| !is_planted(Mistake::RefusedDropped));
}

fn take_page(draft: &mut Draft<'_>, scope: DocId, page: &Page) {
    for pulled in &page.docs {
        let mut poorer = None;
        if is_planted(Mistake::UnknownDroppedByPhone) {
            drop_unknown(&mut poorer.insert(pulled.clone()).doc);
        }
        let pulled = poorer.as_ref().unwrap_or(pulled);
        for stamp in pulled.doc.stamps() {
            draft.meta.clock.observe(stamp);
        }
        let row = draft.edit(pulled.doc.id, scope);
        row.scope = scope;
        row.accepted = Some(pulled.accepted);
        row.base = Some(row.base.as_ref().map_or_else(|| pulled.doc.clone(), |base| merge(base, &pulled.doc)));
        if is_planted(Mistake::PullReplaces) {
            row.mine = None;
        }
        if row.mine.as_ref().is_some_and(|mine| conflicts(&mine.doc, &pulled.doc)) {
            // Merging would drop one of the two without a word.
            refuse(row, Rejection::FactConflict);
        }
        if let Some(mine) = &mut row.mine {
            mine.doc = merge(&mine.doc, &pulled.doc);
        }
    }
    if !draft.meta.scopes.contains_key(&scope) {
        try_again(draft, scope);
    }
    let state = draft.meta.scopes.entry(scope).or_default();
    state.cursor = Some(page.cursor.clone());
    state.left = page.left;
    state.complete |= !page.more;
}

/// The member holds a scope (again): what was refused because they did not is sent once more. So a restored server that
/// had forgotten an area, or who works there, still gets what phones had offered before somebody told it.
fn try_again(draft: &mut Draft<'_>, scope: DocId) {
    for id in draft.ids() {
        let is_concerned = |row: &&Row| row.scope == scope && row.mine.is_none();
        let Some(row) = draft.get(id).filter(is_concerned) else { continue };
        let Some(refused) = row.refused.as_ref().filter(|refused| refused.code == Rejection::Forbidden) else {
            continue;
        };
        let doc = again(row.shown(), &refused.doc);
        draft.edit(id, scope).refused = None;
        edited(draft, scope, doc);
    }
}

/// Drops what the server has of a row; a refused edit stays until a person has seen to it.
fn let_go(draft: &mut Draft<'_>, id: DocId, scope: DocId) {
    if draft.get(id).is_some_and(|row| row.refused.is_none()) {
        draft.delete(id);
    } else {
        draft.edit(id, scope).base = None;
    }
}

/// The member holds this scope no longer. What is unsent or refused stays until it is settled; on a lost phone until the
/// wipe that follows has sealed it. Should the phone be killed before that, the scope is asked for again and the same
/// answer comes.
fn forget_scope(draft: &mut Draft<'_>, scope: DocId, reason: RevokeReason) {
    if !is_wipe(reason) {
        draft.meta.scopes.remove(&scope);
    }
    for id in draft.ids() {
        let Some(row) = draft.get(id).filter(|row| row.scope == scope) else { continue };
        let is_settled = row.mine.is_none() && row.refused.is_none();
        if is_settled && is_planted(Mistake::LeftAreaKept) {
            continue;
        }
        if is_settled || is_planted(Mistake::UnsentDeletedWithArea) {
            draft.delete(id);
        } else {
            draft.edit(id, scope).base = None;
        }
    }
}
