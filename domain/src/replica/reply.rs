//! Taking in a reply: verdicts clear what was sent, pages are merged, the cursor moves with them. All in one batch.

use std::collections::BTreeMap;

use super::office_time::OfficeTime;
use super::pace::Flight;
use super::rows::{Batch, Draft, Refused, Row, ScopeState};
use super::write::out_of_tray;
use super::{Now, Replica, hand_over, is_mended_by_itself, is_wipe, offers, restamp};
use crate::digest::Digest;
use crate::merge::{conflicts, merge};
use crate::planted::{Mistake, drop_unknown, is_planted};
use crate::protocol::{Page, PushResult, Rejection, RevokeReason, SCHEMA, ScopeContent, SyncReply, Verdict};
use crate::receipt::Receipt;
use crate::{DocId, Document};

/// A disagreement that downloading anew did not mend is looked at again after this.
const LOOK_AGAIN_MS: u64 = 24 * 3_600_000;

/// What the schedule and the screen learn from a reply.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent answers, each read once by its name")]
pub(super) struct Outcome {
    pub more: bool,
    pub was_hello: bool,
    /// The hello has taught how far the phone's clock is off.
    pub has_learnt: bool,
    /// The hello was too long on its way.
    pub was_slow: bool,
    /// The clock has to be asked for again.
    pub must_greet: bool,
    /// Wall minus running clock when that was judged.
    pub skew: Option<i64>,
    /// What the request carried.
    pub sent: BTreeMap<DocId, u64>,
    pub accepted_some: bool,
    /// Revisions that stay unsent and are to wait.
    pub patience: Vec<(DocId, u64)>,
    pub diverged: Vec<DocId>,
    pub wipe: bool,
    pub clock_doubt_ms: Option<i64>,
    pub needs_update: bool,
}

impl Replica {
    pub(super) fn plan_reply(&self, reply: &SyncReply, flight: &Flight, now: Now) -> (Batch, Outcome) {
        let mut draft = self.draft();
        let time = self.take_clock(&mut draft, reply, flight, now);
        let mut outcome = Outcome {
            was_hello: flight.is_hello,
            has_learnt: time.has_learnt,
            was_slow: time.was_slow,
            must_greet: time.must_greet,
            skew: self.pace.skew(),
            sent: flight.sent.clone(),
            clock_doubt_ms: time.doubt_ms,
            needs_update: reply.min_schema > SCHEMA,
            ..Outcome::default()
        };
        let is_void = time.trusted_ms.is_some_and(|ms| hand_over::void_early_capsules(&mut draft.meta, ms));
        take_courier(&mut draft, reply, flight);
        offers::take_epoch(&mut draft, reply);
        for result in reply.results.iter().filter(|result| flight.sent.get(&result.id) == Some(&result.rev)) {
            outcome.accepted_some |= take_verdict(&mut draft, result, time, is_void, &mut outcome);
        }
        for scope in &reply.scopes {
            match &scope.content {
                ScopeContent::Page(page) if self.continues(scope.scope, flight) => {
                    take_page(&mut draft, scope.scope, page, time);
                    outcome.more |= page.more;
                }
                // A newer server's reason is none that this phone may delete anything for.
                ScopeContent::Page(_)
                | ScopeContent::Unknown {}
                | ScopeContent::Revoked { revoked: RevokeReason::Unknown } => {}
                ScopeContent::Revoked { revoked } => {
                    outcome.wipe |= is_wipe(*revoked);
                    forget_scope(&mut draft, scope.scope, *revoked);
                }
            }
        }
        self.compare_digests(&mut draft, reply, flight, time, &mut outcome);
        draft.meta.last_sync_ms = Some(time.best_ms());
        draft.meta.credited_elsewhere = reply.credited_elsewhere.unwrap_or(0);
        if time.has_learnt {
            draft.meta.settled = draft.meta.clock.last();
        }
        (draft.into(), outcome)
    }

    /// Whether a page of this reply follows what is stored: another tab may have come further while it was on its way.
    fn continues(&self, scope: DocId, flight: &Flight) -> bool {
        let asked = flight.cursors.iter().find(|cursor| cursor.scope == scope);
        let stored = self.meta.scopes.get(&scope);
        asked.and_then(|asked| asked.cursor.as_ref()) == stored.and_then(ScopeState::position)
    }

    /// The first time that a scope differs it is downloaded anew; the second time this phone also offers all it has.
    fn compare_digests(
        &self,
        draft: &mut Draft<'_>,
        reply: &SyncReply,
        flight: &Flight,
        time: OfficeTime,
        outcome: &mut Outcome,
    ) {
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
                (state.divergences, state.given_up_ms) = (0, None);
                continue;
            }
            if state.unreadable > 0 {
                // It differs by what this app cannot read.
                continue;
            }
            state.divergences = state.divergences.saturating_add(1);
            outcome.diverged.push(scope.scope);
            match state.divergences {
                1 => state.begin_anew(),
                2 => {
                    state.begin_anew();
                    state.renewing = true;
                    offers::offer_again(draft, Some(scope.scope));
                }
                // Given up for a day: shown in "Tình trạng máy" and told to the office, never a loop.
                _ => {
                    let given_up_ms = *state.given_up_ms.get_or_insert(time.best_ms());
                    if time.best_ms().abs_diff(given_up_ms) < LOOK_AGAIN_MS {
                        continue;
                    }
                    state.given_up_ms = Some(time.best_ms());
                    state.begin_anew();
                }
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

/// True when the document is off this phone's hands, one way or the other.
fn take_verdict(
    draft: &mut Draft<'_>,
    result: &PushResult,
    time: OfficeTime,
    must_void_first: bool,
    outcome: &mut Outcome,
) -> bool {
    if let Some(is_settled) = offers::take_verdict(draft, result, outcome) {
        return is_settled;
    }
    let Some(row) = draft.get(result.id) else { return false };
    let Some(mine) = row.mine.clone() else { return false };
    let is_same = mine.rev == result.rev || is_planted(Mistake::UnsentClearedById);
    let scope = row.scope;
    match &result.verdict {
        Verdict::Ok | Verdict::Merged if is_same => {
            let row = draft.edit(result.id, scope);
            row.base = Some(row.base.as_ref().map_or_else(|| mine.doc.clone(), |base| merge(base, &mine.doc)));
            row.receipt = None;
            row.mine = None;
            if !draft.meta.scopes.contains_key(&scope) {
                // Work of an area that the member has left: the office has it now, and it is not this phone's to keep.
                let_go(draft, result.id, scope);
            }
            true
        }
        // Sent once more as it is, with the news: until the server has that, a capsule may still bring the old stamp.
        Verdict::Rejected { code } if is_mended_by_itself(code) && must_void_first => false,
        Verdict::Rejected { code } if is_mended_by_itself(code) => {
            let is_mended = time.agreed_ms.is_some_and(|server_ms| restamp::bring_back(draft, result.id, server_ms));
            if !is_mended && is_same && !time.must_greet {
                // Nothing is wrong with the record but some clock, and not for certain this phone's: it keeps its day.
                outcome.patience.push((result.id, result.rev));
            }
            is_mended
        }
        Verdict::Rejected { code } if is_same => {
            let is_held = draft.meta.scopes.contains_key(&scope);
            let row = draft.edit(result.id, scope);
            refuse(row, code.clone());
            if !is_held {
                // An offer of an area that is not this member's was taken, and has left its base for this edit.
                forget_base(row);
            }
            true
        }
        Verdict::Unknown if is_same => {
            outcome.patience.push((result.id, result.rev));
            false
        }
        // Edited since: the newer edit gets its own verdict.
        _ => true,
    }
}

/// Moves what this phone wrote to the tray.
fn refuse(row: &mut Row, code: Rejection) {
    let Some(mine) = row.mine.take() else { return };
    lay_into_tray(row, code, mine.doc, None);
}

/// Joins a refused document with what may lie in the tray already. A receipt stays with the content that it is for.
pub(super) fn lay_into_tray(row: &mut Row, code: Rejection, refused: Document, receipt: Option<Receipt>) {
    let (doc, receipt) = match row.refused.take() {
        // What was offered to a restored server is not this person's word; theirs lies in the tray already.
        Some(earlier) if conflicts(&earlier.doc, &refused) => (earlier.doc, earlier.receipt),
        Some(earlier) => {
            let doc = merge(&earlier.doc, &refused);
            let receipt = receipt.filter(|_| doc == refused).or(earlier.receipt.filter(|_| doc == earlier.doc));
            (doc, receipt)
        }
        None => (refused, receipt),
    };
    row.refused = Some(Refused { code, doc, receipt }).filter(|_| !is_planted(Mistake::RefusedDropped));
}

fn take_page(draft: &mut Draft<'_>, scope: DocId, page: &Page, time: OfficeTime) {
    let install = draft.meta.install();
    for pulled in &page.docs {
        let mut poorer = None;
        if is_planted(Mistake::UnknownDroppedByPhone) {
            drop_unknown(&mut poorer.insert(pulled.clone()).doc);
        }
        let pulled = poorer.as_ref().unwrap_or(pulled);
        for stamp in pulled.doc.stamps().into_iter().filter(|stamp| stamp.ms <= time.stamp_ms_max()) {
            draft.meta.clock.observe(stamp);
        }
        let row = draft.edit(pulled.doc.id, scope);
        row.scope = scope;
        row.accepted = Some(pulled.accepted);
        let base = row.base.as_ref().map_or_else(|| pulled.doc.clone(), |base| merge(base, &pulled.doc));
        row.receipt = pulled.receipt.filter(|_| base == pulled.doc);
        row.base = Some(base);
        offers::compare(row, &pulled.doc, install);
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
        // What the server has already need not be sent. An edit under a stamp of this very moment is judged by the server.
        row.mine.take_if(|mine| !time.has_shifted && row.base.as_ref() == Some(&mine.doc));
    }
    if !draft.meta.scopes.contains_key(&scope) {
        try_again(draft, scope);
    }
    let state = draft.meta.scopes.entry(scope).or_default();
    if state.position().is_none() {
        (state.read_by, state.unreadable) = (SCHEMA, 0);
    }
    state.unreadable = state.unreadable.saturating_add(page.unreadable);
    state.cursor = Some(page.cursor.clone());
    state.left = page.left;
    state.complete |= !page.more;
    state.renewing &= page.more;
}

/// The member holds a scope (again): what was refused because they did not is sent once more. So a restored server that
/// had forgotten an area, or who works there, still gets what phones had offered before somebody told it.
fn try_again(draft: &mut Draft<'_>, scope: DocId) {
    for id in draft.ids() {
        let is_concerned = |row: &&Row| row.scope == scope && row.mine.is_none();
        let Some(row) = draft.get(id).filter(is_concerned) else { continue };
        if row.refused.as_ref().is_some_and(|refused| refused.code == Rejection::Forbidden) {
            out_of_tray(draft, id, scope);
        }
    }
}

/// Drops what the server has of a row; a refused edit stays until a person has seen to it.
pub(super) fn let_go(draft: &mut Draft<'_>, id: DocId, scope: DocId) {
    if draft.get(id).is_some_and(|row| row.refused.is_none()) {
        draft.delete(id);
    } else {
        forget_base(draft.edit(id, scope));
    }
}

pub(super) fn forget_base(row: &mut Row) {
    (row.base, row.accepted, row.receipt) = (None, None, None);
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
        let is_settled = row.is_settled();
        if is_settled && is_planted(Mistake::LeftAreaKept) {
            continue;
        }
        if is_settled || is_planted(Mistake::UnsentDeletedWithArea) {
            draft.delete(id);
        } else {
            forget_base(draft.edit(id, scope));
        }
    }
}
