//! Bringing back to a restored server what it had confirmed: first its pages show what it has, then the rest is offered,
//! each document word for word with its receipt.

use super::reply::{Outcome, forget_base, lay_into_tray, let_go};
use super::rows::{Draft, Offer, Row};
use crate::merge::{conflicts, difference, merge};
use crate::people::Role;
use crate::planted::{Mistake, is_planted};
use crate::protocol::{PushResult, Rejection, SyncReply, Verdict};
use crate::{DocId, Document, InstallId};

/// A new epoch means that the server was restored from a backup: its cursors mean nothing now, and it may lack what this
/// phone has. A scope of which it says nothing is not known there yet: what this phone has of it is offered, and once more
/// when the scope is there (`reply::try_again`).
pub(super) fn take_epoch(draft: &mut Draft<'_>, reply: &SyncReply) {
    let is_new = draft.meta.epoch.as_ref().is_some_and(|epoch| *epoch != reply.epoch);
    draft.meta.epoch = Some(reply.epoch.clone());
    if is_new {
        draft.meta.scopes.retain(|scope, _| reply.scopes.iter().any(|said| said.scope == *scope));
        for state in draft.meta.scopes.values_mut() {
            state.begin_anew();
            state.renewing = true;
        }
        if is_planted(Mistake::NewEpochWithoutOffer) {
            return;
        }
        offer_again(draft, None);
    }
}

/// Turns what the server had (of a scope) into offers. Edits stay edits.
pub(super) fn offer_again(draft: &mut Draft<'_>, only: Option<DocId>) {
    let own = draft.meta.enrolment.clone();
    for id in draft.ids() {
        let Some(row) = draft.get(id) else { continue };
        let scope = row.scope;
        if only.is_some_and(|only| only != scope) {
            continue;
        }
        let Some(doc) = row.latest() else { continue };
        let is_offices = own.as_ref().is_some_and(|own| own.commune == scope && own.role < Role::Coordinator);
        if row.mine.is_none() && (doc.kind.is_counted() || is_offices) {
            // Not this phone's to write: it would only be refused. The page that follows brings what the server has. What
            // lies in the tray stays there.
            draft.edit(id, scope).offer = None;
            let_go(draft, id, scope);
            continue;
        }
        let (has_base, has_mine) = (row.base.is_some(), row.mine.is_some());
        if has_mine {
            // What was on its way said only what the server lacked before: its verdict settles nothing now.
            let rev = draft.next_rev();
            draft.edit(id, scope).mine.iter_mut().for_each(|mine| mine.rev = rev);
        }
        if !has_base {
            continue;
        }
        let rev = draft.next_rev();
        let row = draft.edit(id, scope);
        let (base, receipt) = (row.base.take(), row.receipt.take());
        row.accepted = None;
        row.offer = base.map(|base| joined(row.offer.take(), base, receipt, rev));
    }
}

/// One offer of what was left of an earlier one and what the server had after that. A receipt is for one content only.
fn joined(earlier: Option<Offer>, base: Document, receipt: Option<crate::receipt::Receipt>, rev: u64) -> Offer {
    let Some(earlier) = earlier else { return Offer { rev, doc: base, receipt } };
    let doc = merge(&earlier.doc, &base);
    let receipt = match () {
        () if doc == base => receipt,
        () if doc == earlier.doc => earlier.receipt,
        () => None,
    };
    Offer { rev, doc, receipt }
}

/// The server has sent what it has: an offer that says no more is none. Of two records under one id it has the other: whoever
/// made this one must see that, and to anybody else it says nothing.
pub(super) fn compare(row: &mut Row, pulled: &Document, install: InstallId) {
    row.offer.take_if(|offer| !conflicts(&offer.doc, pulled) && merge(pulled, &offer.doc) == *pulled);
    let Some(offer) = row.offer.take_if(|offer| conflicts(&offer.doc, pulled)) else { return };
    if is_by(&offer.doc, install) {
        lay_into_tray(row, Rejection::FactConflict, offer.doc, offer.receipt);
    }
}

/// Whether this phone has made it, or a part of it.
fn is_by(doc: &Document, install: InstallId) -> bool {
    doc.stamps().iter().any(|stamp| stamp.install == install)
}

/// `None` when the verdict is not about an offer; else whether the offer is off this phone's hands.
pub(super) fn take_verdict(draft: &mut Draft<'_>, result: &PushResult, outcome: &mut Outcome) -> Option<bool> {
    let row = draft.get(result.id)?;
    let scope = row.scope;
    row.offer.as_ref().filter(|offer| offer.rev == result.rev)?;
    let (is_held, install) = (draft.meta.scopes.contains_key(&scope), draft.meta.install());
    let row = draft.edit(result.id, scope);
    match &result.verdict {
        Verdict::Ok | Verdict::Merged => {
            let offer = row.offer.take()?;
            let base = row.base.as_ref().map_or_else(|| offer.doc.clone(), |base| merge(base, &offer.doc));
            row.receipt = offer.receipt.filter(|_| base == offer.doc);
            row.mine.take_if(|mine| mine.doc == base);
            row.base = Some(base);
            if !is_held && row.mine.is_some() {
                // What the office has of an area that the member has left is not this phone's to keep; their edit is.
                forget_base(row);
            } else if !is_held {
                let_go(draft, result.id, scope);
            }
            Some(true)
        }
        Verdict::Rejected { code: Rejection::ClockAhead | Rejection::TooMuch } | Verdict::Unknown => {
            outcome.patience.push((result.id, result.rev));
            Some(false)
        }
        Verdict::Rejected { code } => {
            let offer = row.offer.take()?;
            keep_own_word(row, &offer.doc);
            // Of two records under one id the server has the other; who made this one must see that.
            if *code != Rejection::FactConflict || is_by(&offer.doc, install) {
                lay_into_tray(row, code.clone(), offer.doc, offer.receipt);
            }
            if row.base.is_none() && row.is_settled() {
                draft.delete(result.id);
            }
            Some(true)
        }
    }
}

/// What was refused must not go out again as part of this person's edit.
fn keep_own_word(row: &mut Row, refused: &Document) {
    let Some(mine) = &mut row.mine else { return };
    let own = difference(&mine.doc, refused);
    if mine.doc.is_fact() {
        return;
    }
    mine.doc = row.base.as_ref().map_or_else(|| own.clone(), |base| merge(base, &own));
}
