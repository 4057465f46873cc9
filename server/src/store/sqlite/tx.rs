//! One SQLite transaction. The writer's lock is the whole database, so locking a scope is reading it.

use std::collections::BTreeMap;

use domain::capsule::CourierHash;
use domain::quota::Used;
use domain::{Day, DocId, Kind};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::rows::{self, InstanceColumns, InviteColumns, PageColumns, ScopeColumns, StoredColumns, blob, int};
use super::{audit, couriers, devices, handouts, quota};
use crate::store::{
    AuditHead, AuditLine, CourierRow, Device, HandoutRow, HolderDecision, Instance, Invite, PageRow, ScopeRow,
    SecretHash, StoreError, StoreResult, Stored, Tx,
};

#[derive(Debug)]
pub struct SqliteTx {
    tx: Transaction<'static, Sqlite>,
    /// The end of the audit's chain, once this transaction has written a line: it is stored with the last one.
    audit_head: Option<AuditHead>,
}

impl SqliteTx {
    pub(super) fn new(tx: Transaction<'static, Sqlite>) -> Self {
        Self { tx, audit_head: None }
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}

impl Tx for SqliteTx {
    async fn commit(mut self) -> StoreResult<()> {
        if let Some(head) = self.audit_head {
            audit::keep_head(&mut self.tx, head).await?;
        }
        Ok(self.tx.commit().await?)
    }

    async fn instance(&mut self) -> StoreResult<Option<Instance>> {
        let row: Option<InstanceColumns> = sqlx::query_as(
            "SELECT epoch, restored_ms, clock, capsule_secret, seen_ms, confirmed_ms, rolled_back_ms FROM instance",
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(rows::instance).transpose()
    }

    async fn set_instance(&mut self, instance: &Instance) -> StoreResult<()> {
        let clock = serde_json::to_string(&instance.clock).map_err(|error| StoreError::Backend(Box::new(error)))?;
        sqlx::query(
            "INSERT OR REPLACE INTO instance
                 (one, epoch, restored_ms, clock, capsule_secret, seen_ms, confirmed_ms, rolled_back_ms)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&instance.epoch)
        .bind(instance.restored_ms.map(int))
        .bind(clock)
        .bind(instance.capsule_key.as_ref().map(|key| key.to_bytes().to_vec()))
        .bind(instance.seen_ms.map(int))
        .bind(instance.confirmed_ms.map(int))
        .bind(instance.rolled_back_ms.map(int))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn scopes(&mut self, ids: &[DocId]) -> StoreResult<Vec<ScopeRow>> {
        let found: Vec<ScopeColumns> = sqlx::query_as(
            "SELECT id, kind, commune, seq, accepted, digest FROM scopes
             WHERE id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY id",
        )
        .bind(rows::id_list(ids))
        .fetch_all(&mut *self.tx)
        .await?;
        found.into_iter().map(rows::scope).collect()
    }

    async fn scopes_of(&mut self, commune: DocId) -> StoreResult<Vec<ScopeRow>> {
        let found: Vec<ScopeColumns> =
            sqlx::query_as("SELECT id, kind, commune, seq, accepted, digest FROM scopes WHERE commune = ? ORDER BY id")
                .bind(blob(commune))
                .fetch_all(&mut *self.tx)
                .await?;
        found.into_iter().map(rows::scope).collect()
    }

    async fn communes(&mut self) -> StoreResult<Vec<DocId>> {
        let found: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM scopes WHERE kind = 'commune' ORDER BY id")
            .fetch_all(&mut *self.tx)
            .await?;
        found.iter().map(|id| rows::id(id)).collect()
    }

    async fn lock_scopes(&mut self, ids: &[DocId]) -> StoreResult<Vec<ScopeRow>> {
        self.scopes(ids).await
    }

    async fn add_scope(&mut self, scope: &ScopeRow) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO scopes (id, kind, commune, seq, accepted, digest) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(blob(scope.id))
        .bind(rows::kind_name(scope.kind))
        .bind(blob(scope.commune))
        .bind(int(scope.seq))
        .bind(int(scope.accepted))
        .bind(scope.digest.to_bytes().to_vec())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn set_scope(&mut self, scope: &ScopeRow) -> StoreResult<()> {
        sqlx::query("UPDATE scopes SET seq = ?, accepted = ?, digest = ? WHERE id = ?")
            .bind(int(scope.seq))
            .bind(int(scope.accepted))
            .bind(scope.digest.to_bytes().to_vec())
            .bind(blob(scope.id))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn locate(&mut self, ids: &[DocId]) -> StoreResult<Vec<(DocId, DocId)>> {
        let found: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT id, scope FROM documents WHERE id IN (SELECT unhex(value) FROM json_each(?))")
                .bind(rows::id_list(ids))
                .fetch_all(&mut *self.tx)
                .await?;
        found.iter().map(|(id, scope)| Ok((rows::id(id)?, rows::id(scope)?))).collect()
    }

    async fn documents(&mut self, ids: &[DocId]) -> StoreResult<Vec<Stored>> {
        let found: Vec<StoredColumns> = sqlx::query_as(
            "SELECT scope, seq, accepted, body FROM documents WHERE id IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(rows::id_list(ids))
        .fetch_all(&mut *self.tx)
        .await?;
        found.into_iter().map(rows::stored).collect()
    }

    async fn all_documents(&mut self, scope: DocId) -> StoreResult<Vec<Stored>> {
        let found: Vec<StoredColumns> =
            sqlx::query_as("SELECT scope, seq, accepted, body FROM documents WHERE scope = ? ORDER BY seq")
                .bind(blob(scope))
                .fetch_all(&mut *self.tx)
                .await?;
        found.into_iter().map(rows::stored).collect()
    }

    async fn documents_of(&mut self, scope: DocId, kind: &Kind) -> StoreResult<Vec<Stored>> {
        let found: Vec<StoredColumns> =
            sqlx::query_as("SELECT scope, seq, accepted, body FROM documents WHERE scope = ? AND kind = ? ORDER BY id")
                .bind(blob(scope))
                .bind(kind.name())
                .fetch_all(&mut *self.tx)
                .await?;
        found.into_iter().map(rows::stored).collect()
    }

    async fn put_document(&mut self, stored: &Stored) -> StoreResult<()> {
        let body = serde_json::to_string(&stored.doc).map_err(|error| StoreError::Backend(Box::new(error)))?;
        let written = sqlx::query(
            "INSERT INTO documents (id, scope, kind, seq, accepted, body) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, seq = excluded.seq, body = excluded.body
             WHERE documents.scope = excluded.scope AND documents.accepted = excluded.accepted",
        )
        .bind(blob(stored.doc.id))
        .bind(blob(stored.scope))
        .bind(stored.doc.kind.name())
        .bind(int(stored.seq))
        .bind(int(stored.accepted))
        .bind(body)
        .execute(&mut *self.tx)
        .await?;
        if written.rows_affected() == 0 { Err(StoreError::Taken(stored.doc.id)) } else { Ok(()) }
    }

    async fn page(&mut self, scope: DocId, after: u64, limit: usize) -> StoreResult<Vec<PageRow>> {
        let found: Vec<PageColumns> = sqlx::query_as(
            "SELECT seq, accepted, body FROM documents WHERE scope = ? AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(blob(scope))
        .bind(int(after))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&mut *self.tx)
        .await?;
        found.into_iter().map(rows::page_row).collect()
    }

    async fn count_after(&mut self, scope: DocId, after: u64) -> StoreResult<u32> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM documents WHERE scope = ? AND seq > ?")
            .bind(blob(scope))
            .bind(int(after))
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn device(&mut self, token: SecretHash) -> StoreResult<Option<Device>> {
        devices::find(&mut self.tx, token).await
    }

    async fn devices_of(&mut self, member: DocId) -> StoreResult<Vec<Device>> {
        devices::of_member(&mut self.tx, member).await
    }

    async fn put_device(&mut self, device: &Device) -> StoreResult<()> {
        devices::put(&mut self.tx, device).await
    }

    async fn courier(&mut self, hash: CourierHash) -> StoreResult<Option<(CourierRow, Device)>> {
        couriers::find(&mut self.tx, hash).await
    }

    async fn put_courier(&mut self, courier: &CourierRow) -> StoreResult<()> {
        couriers::put(&mut self.tx, courier).await
    }

    async fn forget_couriers(&mut self, device: DocId, keep: u32) -> StoreResult<()> {
        couriers::forget(&mut self.tx, device, keep).await
    }

    async fn invite(&mut self, code: SecretHash) -> StoreResult<Option<Invite>> {
        let found: Option<InviteColumns> = sqlx::query_as(
            "SELECT code_hash, member, created_ms, expires_ms, redeemed_by, redeemed_ms FROM invites
             WHERE code_hash = ?",
        )
        .bind(code.0.to_vec())
        .fetch_optional(&mut *self.tx)
        .await?;
        found.map(rows::invite).transpose()
    }

    async fn put_invite(&mut self, invite: &Invite) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO invites (code_hash, member, created_ms, expires_ms, redeemed_by, redeemed_ms)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (code_hash) DO UPDATE SET
                 redeemed_by = excluded.redeemed_by, redeemed_ms = excluded.redeemed_ms",
        )
        .bind(invite.code.0.to_vec())
        .bind(blob(invite.member))
        .bind(int(invite.created_ms))
        .bind(int(invite.expires_ms))
        .bind(invite.redeemed.map(|(install, _)| rows::install_text(install)))
        .bind(invite.redeemed.map(|(_, ms)| int(ms)))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn end_invites(&mut self, member: DocId, now_ms: u64) -> StoreResult<()> {
        sqlx::query("UPDATE invites SET expires_ms = ?1 WHERE member = ?2 AND expires_ms > ?1")
            .bind(int(now_ms))
            .bind(blob(member))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn holder_decisions(&mut self, commune: DocId) -> StoreResult<Vec<(DocId, bool)>> {
        let found: Vec<(Vec<u8>, bool)> = sqlx::query_as("SELECT id, is_same FROM holder_decisions WHERE commune = ?")
            .bind(blob(commune))
            .fetch_all(&mut *self.tx)
            .await?;
        found.into_iter().map(|(id, is_same)| Ok((rows::id(&id)?, is_same))).collect()
    }

    async fn put_holder_decision(&mut self, decision: &HolderDecision) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO holder_decisions (id, commune, is_same, member, decided_ms) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 is_same = excluded.is_same, member = excluded.member, decided_ms = excluded.decided_ms",
        )
        .bind(blob(decision.id))
        .bind(blob(decision.commune))
        .bind(decision.is_same)
        .bind(blob(decision.member))
        .bind(int(decision.decided_ms))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn put_left_area(&mut self, member: DocId, area: DocId, left_ms: u64) -> StoreResult<()> {
        sqlx::query("INSERT OR REPLACE INTO member_left (member, area, left_ms) VALUES (?, ?, ?)")
            .bind(blob(member))
            .bind(blob(area))
            .bind(int(left_ms))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn left_areas(&mut self, member: DocId) -> StoreResult<Vec<(DocId, u64)>> {
        let found: Vec<(Vec<u8>, i64)> =
            sqlx::query_as("SELECT area, left_ms FROM member_left WHERE member = ? ORDER BY area")
                .bind(blob(member))
                .fetch_all(&mut *self.tx)
                .await?;
        found.iter().map(|(area, left_ms)| Ok((rows::id(area)?, rows::number(*left_ms)))).collect()
    }

    async fn set_credits(&mut self, commune: DocId, area: DocId, people: &BTreeMap<DocId, u64>) -> StoreResult<()> {
        sqlx::query("DELETE FROM credits WHERE area = ?").bind(blob(area)).execute(&mut *self.tx).await?;
        for (&member, &people) in people {
            sqlx::query("INSERT INTO credits (area, member, commune, people) VALUES (?, ?, ?, ?)")
                .bind(blob(area))
                .bind(blob(member))
                .bind(blob(commune))
                .bind(int(people))
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    async fn credited_elsewhere(&mut self, commune: DocId, member: DocId, held: &[DocId]) -> StoreResult<u64> {
        let people: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(people), 0) FROM credits
             WHERE member = ? AND commune = ? AND area NOT IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(blob(member))
        .bind(blob(commune))
        .bind(rows::id_list(held))
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(rows::number(people))
    }

    async fn quota(&mut self, member: DocId, day: Day) -> StoreResult<Used> {
        quota::find(&mut self.tx, member, day).await
    }

    async fn put_quota(&mut self, member: DocId, day: Day, used: Used) -> StoreResult<()> {
        quota::put(&mut self.tx, member, day, used).await
    }

    async fn audit(&mut self, line: &AuditLine) -> StoreResult<()> {
        let head = match self.audit_head {
            Some(head) => head,
            None => audit::head(&mut self.tx).await?,
        };
        self.audit_head = Some(audit::append(&mut self.tx, head, line).await?);
        Ok(())
    }

    async fn audit_count(&mut self) -> StoreResult<u64> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(&mut *self.tx).await?;
        Ok(rows::number(count))
    }

    async fn put_handout(&mut self, handout: &HandoutRow) -> StoreResult<()> {
        handouts::put(&mut self.tx, handout).await
    }

    async fn handout(&mut self, number: u64) -> StoreResult<Option<HandoutRow>> {
        handouts::find(&mut self.tx, number).await
    }

    async fn newest_handout(&mut self) -> StoreResult<Option<HandoutRow>> {
        handouts::newest(&mut self.tx).await
    }

    async fn handouts_of(&mut self, commune: DocId, limit: usize) -> StoreResult<Vec<HandoutRow>> {
        handouts::of_commune(&mut self.tx, commune, limit).await
    }
}
