//! I22: an office that was put back to an earlier file learns it from the first phone that knows more.

use domain::DocId;
use domain::protocol::{ScopeContent, SyncReply, SyncRequest};
use server::store::StoreResult;

use crate::fleet::invariant::Invariant;
use crate::fleet::world::World;

/// The epoch under which a phone was given a number that the office's file lacks.
pub struct Proof(String);

impl World {
    /// Whether an honest phone's request tells more than the file that was put back knows.
    pub(in crate::fleet) async fn proof_of_rollback(&mut self, request: &SyncRequest) -> StoreResult<Option<Proof>> {
        let Some(put_back) = self.unseen_epoch.clone() else { return Ok(None) };
        if self.office.epoch().await? != put_back {
            // Found out already, or restored by hand since.
            self.unseen_epoch = None;
            return Ok(None);
        }
        let ids: Vec<DocId> = request.cursors.iter().map(|cursor| cursor.scope).collect();
        let stored = self.office.scopes(&ids).await?;
        let is_more = request.cursors.iter().any(|cursor| {
            let mut parts = cursor.cursor.as_deref().unwrap_or_default().split('.');
            let is_of_file = parts.next() == Some(put_back.as_str());
            let given = parts.next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
            is_of_file && stored.get(&cursor.scope).is_none_or(|row| row.seq < given)
        });
        Ok(is_more.then_some(Proof(put_back)))
    }

    pub(in crate::fleet) async fn check_found_out(
        &mut self,
        phone: usize,
        reply: &SyncReply,
        proof: Option<Proof>,
    ) -> StoreResult<()> {
        if let Some(Proof(epoch)) = proof {
            self.checked(Invariant::FoundOut);
            if self.office.epoch().await? == epoch {
                let what = format!("p{phone:02} knew more than the file that was put back, and the office goes on");
                self.violate(Invariant::FoundOut, None, what);
            }
        }
        let is_left = |content: &ScopeContent| matches!(content, ScopeContent::Revoked { .. });
        let left: Vec<DocId> =
            reply.scopes.iter().filter(|scope| is_left(&scope.content)).map(|scope| scope.scope).collect();
        if left.is_empty() {
            return Ok(());
        }
        let stored = self.office.scopes(&left).await?;
        for scope in left {
            self.checked(Invariant::FoundOut);
            if !stored.contains_key(&scope) {
                let what = format!("p{phone:02} is told to have left {scope}, which the office does not know");
                self.violate(Invariant::FoundOut, Some(scope), what);
            }
        }
        Ok(())
    }
}
