//! What a phone lacks: pages of each scope that it may hold, in the order of their numbers.

use std::collections::{BTreeMap, BTreeSet};

use domain::DocId;
use domain::planted::{Mistake, is_planted};
use domain::protocol::{
    PAGE_BYTES_MAX, PAGE_DOCUMENTS_MAX, Page, Pulled, RevokeReason, ScopeContent, ScopeReply, SyncRequest,
};

use super::Session;
use super::cursor::{self, Cursor};
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

/// A page of every scope that the member may hold, the commune's own first, and a notice for those that it holds
/// no longer.
/// `own` are the documents that came with this request.
pub async fn pages<T: Tx>(
    tx: &mut T,
    session: &Session,
    request: &SyncRequest,
    own: &BTreeSet<DocId>,
    limits: PageLimits,
) -> StoreResult<Vec<ScopeReply>> {
    let grant = &session.grant;
    let cursors: BTreeMap<DocId, Option<&str>> =
        request.cursors.iter().map(|cursor| (cursor.scope, cursor.cursor.as_deref())).collect();
    let mut wanted = BTreeSet::from([grant.commune, DocId::figures(grant.commune)]);
    wanted.extend(&grant.areas);
    let asked: Vec<DocId> = wanted.iter().chain(cursors.keys()).copied().collect();
    let (mut held, gone): (Vec<ScopeRow>, Vec<ScopeRow>) = tx
        .scopes(&asked)
        .await?
        .into_iter()
        .partition(|row| wanted.contains(&row.id) && grant.may_read(row.kind, row.id, row.commune));
    held.sort_by_key(|row| (row.id != grant.commune, row.id));

    let receipts = session.receipts();
    let mut room = Room { documents: limits.documents, bytes: limits.bytes, is_empty: true };
    let mut replies = Vec::with_capacity(held.len());
    for row in &held {
        let cursor = cursors.get(&row.id).copied().flatten().and_then(Cursor::read);
        let after = cursor.and_then(|cursor| cursor.place(row.id, &session.instance.epoch, receipts.as_ref()));
        // Past the end of the scope nothing was handed out under this epoch that its file still has.
        let after = after.filter(|after| *after <= row.seq).unwrap_or(0);
        let page = page(tx, row, after, session, &mut room, own, receipts.as_ref()).await?;
        replies.push(ScopeReply { scope: row.id, content: ScopeContent::Page(page) });
    }
    // Of a scope that is not known here nothing is said: a file that was put back may lack it, and the phone keeps it. Nor of
    // another commune's, so that nobody learns which are known.
    let gone = gone.iter().filter(|row| cursors.contains_key(&row.id) && row.commune == grant.commune);
    replies.extend(
        gone.map(|row| ScopeReply {
            scope: row.id,
            content: ScopeContent::Revoked { revoked: RevokeReason::LeftArea },
        }),
    );
    if is_planted(Mistake::UnknownScopeRevoked) {
        let told: BTreeSet<DocId> = replies.iter().map(|reply| reply.scope).collect();
        let unknown = cursors.keys().filter(|scope| !told.contains(scope));
        let content = ScopeContent::Revoked { revoked: RevokeReason::LeftArea };
        replies.extend(unknown.map(|&scope| ScopeReply { scope, content: content.clone() }));
    }
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
    Ok(Page { docs, cursor: cursor::write(row.id, epoch, last, receipts), more, left, digest, unreadable: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_document_always_fits() {
        let mut room = Room { documents: 3, bytes: 10, is_empty: true };
        assert!(room.take(1_000));
        assert!(!room.take(1));
    }
}
