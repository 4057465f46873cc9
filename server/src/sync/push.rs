//! What a phone brings. Each document has its own verdict, and none stands in another's way.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Grant, Place};
use domain::clock::AHEAD_MS_MAX;
use domain::merge::{conflicts, merge};
use domain::people::Role;
use domain::planted::{Mistake, drop_unknown, is_planted};
use domain::protocol::{Push, PushResult, Rejection, SyncRequest, Verdict};
use domain::{Body, DocId, Document};

use super::ledger::Ledger;
use super::limits::Limits;
use super::{Author, Session, erasing, renames};
use crate::store::{StoreResult, Stored, Tx};

/// The documents of a push, read one by one.
pub fn read(request: &SyncRequest, now_ms: u64) -> Vec<Result<Document, Rejection>> {
    request.push.iter().map(|push| read_one(push, now_ms)).collect()
}

fn read_one(push: &Push, now_ms: u64) -> Result<Document, Rejection> {
    let mut doc: Document = serde_json::from_str(push.doc.get()).map_err(|_| Rejection::Malformed)?;
    if doc.id != push.id || doc.check().is_err() {
        return Err(Rejection::Malformed);
    }
    if is_planted(Mistake::ServerClampsFutureStamps) {
        clamp(&mut doc, now_ms);
    }
    if is_planted(Mistake::UnknownDroppedByServer) {
        drop_unknown(&mut doc);
    }
    Ok(doc)
}

/// The commune's own scopes, and the areas that the documents live in or are meant for, as far as this member reaches.
pub async fn scopes_to_lock<T: Tx>(tx: &mut T, grant: &Grant, request: &SyncRequest) -> StoreResult<Vec<DocId>> {
    let ids: Vec<DocId> = request.push.iter().map(|push| push.id).collect();
    let mut named: BTreeSet<DocId> = request.push.iter().map(|push| push.scope).collect();
    named.extend(tx.locate(&ids).await?.into_iter().map(|(_, scope)| scope));
    let mut locks = vec![grant.commune, DocId::figures(grant.commune)];
    if grant.role < Role::Coordinator {
        let is_left = |scope: &DocId| grant.left.iter().any(|(area, _)| area == scope);
        locks.extend(named.into_iter().filter(|scope| grant.areas.contains(scope) || is_left(scope)));
        return Ok(locks);
    }
    // A plan may change with this push, and with it the figures of every area.
    let is_for_commune = named.contains(&grant.commune);
    let own = tx.scopes_of(grant.commune).await?.into_iter().map(|row| row.id);
    locks.extend(own.filter(|scope| is_for_commune || named.contains(scope)));
    Ok(locks)
}

/// Judges and stores the documents in the order in which they came.
pub async fn apply<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    session: &Session,
    request: &SyncRequest,
    documents: Vec<Result<Document, Rejection>>,
) -> StoreResult<Vec<PushResult>> {
    let ids: Vec<DocId> = documents.iter().flatten().map(|doc| doc.id).collect();
    let mut known: BTreeMap<DocId, Stored> =
        ledger.tx().documents(&ids).await?.into_iter().map(|stored| (stored.doc.id, stored)).collect();
    let mut limits = Limits::read(ledger, session).await?;
    let mut results = Vec::with_capacity(documents.len());
    for (push, document) in request.push.iter().zip(documents) {
        let before = known.get(&push.id);
        let judged = document.and_then(|doc| judge(ledger, session, &mut limits, push, before, doc));
        let spreads = is_planted(Mistake::RefusalSpreads);
        let judged = match results.last().filter(|_| spreads) {
            Some(PushResult { verdict: Verdict::Rejected { code }, .. }) => Err(code.clone()),
            _ => judged,
        };
        let verdict = match judged {
            Err(code) => Verdict::Rejected { code },
            Ok(Judged::Known) => Verdict::Ok,
            Ok(Judged::New { scope, merged, verdict, was_stored }) => {
                let author = Author {
                    member: Some(session.grant.member),
                    install: session.device.install,
                    action: if before.is_some() { "change" } else { "create" },
                };
                let stored = ledger.put(scope, before, merged, author).await?;
                if let Some(before) = before.filter(|_| !was_stored) {
                    let kept = renames::note(ledger, session, before, &stored).await?;
                    known.extend(kept.into_iter().map(|kept| (kept.doc.id, kept)));
                }
                if let Some(standing) = erasing::standing_subject(ledger, &stored).await? {
                    let erased = erasing::put_erased(ledger, &standing, author.member, author.install).await?;
                    known.insert(erased.doc.id, erased);
                }
                known.insert(push.id, stored);
                verdict
            }
        };
        results.push(PushResult { id: push.id, rev: push.rev, verdict });
    }
    limits.finish(ledger).await?;
    Ok(results)
}

enum Judged {
    /// Already stored: nothing moves.
    Known,
    New {
        scope: DocId,
        merged: Document,
        verdict: Verdict,
        /// Brought back after a restore: neither new nor the bringer's.
        was_stored: bool,
    },
}

fn judge<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    session: &Session,
    limits: &mut Limits,
    push: &Push,
    before: Option<&Stored>,
    doc: Document,
) -> Result<Judged, Rejection> {
    let claimed_scope = push.scope;
    // Where a document lives is known here only; what the phone says counts for new ones. A scope that does not exist
    // and one that is out of reach give the same answer.
    let scope = before.map_or(claimed_scope, |before| before.scope);
    let row = ledger.scope(scope).ok_or(Rejection::Forbidden)?;
    let is_readable = session.grant.may_read(row.kind, row.id, row.commune);
    if scope != claimed_scope && !is_readable {
        // Taken, it would lie for ever where the phone says: no page would ever bring it where it lives. A document never
        // changes its scope, so who says otherwise has not got it from here.
        return Err(Rejection::Forbidden);
    }
    let now_ms = ledger.now_ms;
    let is_conflict = before.is_some_and(|before| conflicts(&before.doc, &doc));
    // Merging a document with itself strips what an erased one must not carry.
    let merged = match before {
        Some(before) if is_planted(Mistake::ErasedComesBack) => bring_back(&before.doc, &doc),
        _ => merge(before.map_or(&doc, |before| &before.doc), &doc),
    };
    let is_numbered_again = is_planted(Mistake::AgainIsNumbered);
    if before.is_some_and(|before| before.doc == merged) && !is_conflict && !is_numbered_again && is_readable {
        // Also for documents that are not theirs to write: after a restore every phone offers all that it holds. But what
        // does not change is brought by no page, and an "ok" would leave it where the phone says.
        return if scope == claimed_scope { Ok(Judged::Known) } else { Err(Rejection::Forbidden) };
    }
    let place = Place { kind: row.kind, scope, commune: row.commune };
    // This database has stored exactly this before, here: it lacks it only because it was restored from a backup. Figures of
    // then are not brought back: they would stand beside records of now.
    let is_proved = push.receipt.is_some()
        && !doc.kind.is_counted()
        && (push.receipt == session.receipt(scope, &doc) || is_planted(Mistake::ReceiptNotChecked));
    let is_believed = is_proved && (session.grant.reaches(place) || is_planted(Mistake::ReceiptFromAnybody));
    if !is_believed {
        let stored = before.map(|before| &before.doc).filter(|_| !is_conflict);
        session.grant.judge(place, stored, if is_conflict { &doc } else { &merged }, &doc)?;
    }
    if is_conflict {
        return Err(Rejection::FactConflict);
    }
    if before.is_some_and(|before| before.doc == merged) && !is_numbered_again {
        return Ok(Judged::Known);
    }
    if !is_believed && is_ahead(&doc, before.map(|before| &before.doc), now_ms.saturating_add(AHEAD_MS_MAX)) {
        return Err(Rejection::ClockAhead);
    }
    if merged.check().is_err() {
        // Each part was small enough; what they make together is not.
        return Err(Rejection::Malformed);
    }
    if !is_believed {
        limits.admit(&doc)?;
    }
    if is_planted(Mistake::SummaryFromPushed) {
        ledger.remember_pushed(&doc);
    }
    let verdict = if before.is_none() || merged == doc { Verdict::Ok } else { Verdict::Merged };
    Ok(Judged::New { scope, merged, verdict, was_stored: is_believed })
}

/// Whether something in `doc` is stamped after `latest_ms`. A field that was stamped so when this server's clock was wrong can
/// be answered all the same, by a stamp of that same millisecond: nothing gets further ahead by that.
fn is_ahead(doc: &Document, stored: Option<&Document>, latest_ms: u64) -> bool {
    let stored_ms = |name: &str| match &stored?.body {
        Body::Description(registers) => Some(registers.get(name)?.stamp.ms),
        Body::Fact { .. } => None,
    };
    match &doc.body {
        Body::Description(registers) => registers.iter().any(|(name, register)| {
            let ms = register.stamp.ms;
            ms > latest_ms && stored_ms(name).is_none_or(|stored_ms| ms > stored_ms)
        }),
        Body::Fact { at, .. } => at.ms > latest_ms,
    }
}

/// A planted mistake: the newcomer decides whether a document is erased.
fn bring_back(stored: &Document, pushed: &Document) -> Document {
    let stored = Document { erased: pushed.erased, ..stored.clone() };
    merge(&stored, pushed)
}

/// A planted mistake: stamps from the future are moved to now.
fn clamp(doc: &mut Document, now_ms: u64) {
    match &mut doc.body {
        Body::Description(registers) => {
            for register in registers.values_mut() {
                register.stamp.ms = register.stamp.ms.min(now_ms);
            }
        }
        Body::Fact { at, .. } => at.ms = at.ms.min(now_ms),
    }
}
