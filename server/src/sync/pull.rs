//! What a phone lacks: pages of each scope that it may hold, in the order of their numbers.

use std::collections::{BTreeMap, BTreeSet};

use domain::DocId;
use domain::planted::{Mistake, is_planted};
use domain::protocol::{
    PAGE_BYTES_MAX, PAGE_DOCUMENTS_MAX, Page, Pulled, RevokeReason, ScopeContent, ScopeReply, SyncRequest,
};

use super::Session;
use crate::receipts::ReceiptKey;
use crate::store::{ScopeRow, StoreResult, Tx};

/// How much goes into one reply.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    pub documents: usize,
    pub bytes: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { documents: PAGE_DOCUMENTS_MAX, bytes: PAGE_BYTES_MAX }
    }
}

/// What is left of one reply.
struct Room {
    documents: usize,
    bytes: usize,
    is_empty: bool,
}

impl Room {
    /// Takes room for a document. The first one always fits, so that every reply makes progress.
    fn take(&mut self, bytes: usize) -> bool {
        if self.documents == 0 || (bytes > self.bytes && !self.is_empty) {
            self.documents = 0;
            return false;
        }
        self.documents -= 1;
        self.bytes = self.bytes.saturating_sub(bytes);
        self.is_empty = false;
        true
    }
}

/// A page of every scope that the member may hold, the commune's own first, and a notice for those held no longer.
/// `own` are the documents that came with this request.
pub async fn pages<T: Tx>(
    tx: &mut T,
    session: &Session,
    request: &SyncRequest,
    own: &BTreeSet<DocId>,
    limits: PageLimits,
) -> StoreResult<Vec<ScopeReply>> {
    let grant = &session.grant;
    let mut wanted = vec![grant.commune, DocId::figures(grant.commune)];
    wanted.extend(&grant.areas);
    let mut held: Vec<ScopeRow> = tx.scopes(&wanted).await?;
    held.retain(|row| grant.may_read(row.kind, row.id, row.commune));
    held.sort_by_key(|row| (row.id != grant.commune, row.id));

    let cursors: BTreeMap<DocId, Option<&str>> =
        request.cursors.iter().map(|cursor| (cursor.scope, cursor.cursor.as_deref())).collect();
    let receipts = session.receipts();
    let mut room = Room { documents: limits.documents, bytes: limits.bytes, is_empty: true };
    let mut replies = Vec::with_capacity(held.len());
    for row in &held {
        let cursor = cursors.get(&row.id).copied().flatten();
        let after = cursor.and_then(|cursor| position(cursor, &session.instance.epoch)).unwrap_or(0);
        // Past the end of the scope no document was ever handed out: such a cursor is from another time.
        let after = if after > row.seq { 0 } else { after };
        let page = page(tx, row, after, session, &mut room, own, receipts.as_ref()).await?;
        replies.push(ScopeReply { scope: row.id, content: ScopeContent::Page(page) });
    }
    let is_held: BTreeSet<DocId> = held.iter().map(|row| row.id).collect();
    let gone = cursors.keys().filter(|scope| !is_held.contains(scope));
    replies.extend(
        gone.map(|&scope| ScopeReply { scope, content: ScopeContent::Revoked { revoked: RevokeReason::LeftArea } }),
    );
    Ok(replies)
}

async fn page<T: Tx>(
    tx: &mut T,
    row: &ScopeRow,
    after: u64,
    session: &Session,
    room: &mut Room,
    own: &BTreeSet<DocId>,
    receipts: Option<&ReceiptKey>,
) -> StoreResult<Page> {
    let found = if after == row.seq || room.documents == 0 {
        Vec::new()
    } else {
        tx.page(row.id, after, room.documents).await?
    };
    let epoch = &session.instance.epoch;
    let mut last = after;
    let mut docs = Vec::with_capacity(found.len());
    for found in found {
        if !room.take(found.bytes) {
            break;
        }
        last = found.seq;
        if is_planted(Mistake::ReplyOmitsOwn) && own.contains(&found.doc.id) {
            continue;
        }
        let receipt = receipts.map(|key| key.document(row.id, &found.doc));
        docs.push(Pulled { accepted: found.accepted, doc: found.doc, receipt });
    }
    let left = if last == row.seq { 0 } else { tx.count_after(row.id, last).await? };
    if is_planted(Mistake::CursorOfScope) {
        last = row.seq;
    }
    let more = left > 0;
    let digest = (!more).then_some(row.digest);
    Ok(Page { docs, cursor: format!("{epoch}.{last}"), more, left, digest })
}

/// The place that a cursor stands for; `None` when it is from before a restore, or not ours.
fn position(cursor: &str, epoch: &str) -> Option<u64> {
    let (of, seq) = cursor.rsplit_once('.')?;
    if of == epoch || is_planted(Mistake::CursorOutlivesEpoch) { seq.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_counts_in_its_own_epoch_only() {
        assert_eq!(position("ab.12", "ab"), Some(12));
        assert_eq!(position("ab.12", "ac"), None);
        for bad in ["", "ab", "ab.", "ab.-1", "ab.x", ".12"] {
            assert_eq!(position(bad, "ab"), None, "{bad}");
        }
    }

    #[test]
    fn the_first_document_always_fits() {
        let mut room = Room { documents: 3, bytes: 10, is_empty: true };
        assert!(room.take(1_000));
        assert!(!room.take(1));
    }
}
