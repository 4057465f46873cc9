//! Rows to values and back. SQLite knows signed numbers, bytes and text.

use domain::access::ScopeKind;
use domain::capsule::SecretKey;
use domain::digest::Digest;
use domain::{DocId, Document, InstallId};

use crate::store::{Instance, Invite, PageRow, ScopeRow, SecretHash, StoreError, StoreResult, Stored};

/// Times, sequence numbers and counts stay far below 2^63.
pub fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub fn number(int: i64) -> u64 {
    u64::try_from(int).unwrap_or(0)
}

pub fn blob(id: DocId) -> Vec<u8> {
    id.as_bytes().to_vec()
}

pub fn id(blob: &[u8]) -> StoreResult<DocId> {
    blob.try_into().map(DocId::from_bytes).map_err(|_| StoreError::Corrupt("an id"))
}

/// Several ids as one parameter: a JSON list for `json_each`.
pub fn id_list(ids: &[DocId]) -> String {
    let hex: Vec<String> = ids.iter().map(|id| format!("\"{:032x}\"", id.as_u128())).collect();
    format!("[{}]", hex.join(","))
}

pub fn install_text(install: InstallId) -> String {
    format!("{:x}", install.0)
}

pub fn install(text: &str) -> StoreResult<InstallId> {
    u64::from_str_radix(text, 16).map(InstallId).map_err(|_| StoreError::Corrupt("an install"))
}

pub fn kind_name(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Commune => "commune",
        ScopeKind::Figures => "figures",
        ScopeKind::Area => "area",
    }
}

fn kind(name: &str) -> StoreResult<ScopeKind> {
    match name {
        "commune" => Ok(ScopeKind::Commune),
        "figures" => Ok(ScopeKind::Figures),
        "area" => Ok(ScopeKind::Area),
        _ => Err(StoreError::Corrupt("a scope's kind")),
    }
}

fn document(body: &str) -> StoreResult<Document> {
    serde_json::from_str(body).map_err(|_| StoreError::Corrupt("a document"))
}

/// epoch, restored at, clock, capsule secret, seen at, confirmed at, rolled back at.
pub type InstanceColumns = (String, Option<i64>, String, Option<Vec<u8>>, Option<i64>, Option<i64>, Option<i64>);

pub fn instance(columns: InstanceColumns) -> StoreResult<Instance> {
    let (epoch, restored, clock, secret, seen, confirmed, rolled_back) = columns;
    let secret = secret.map(|bytes| bytes.try_into().map_err(|_| StoreError::Corrupt("a key"))).transpose()?;
    Ok(Instance {
        epoch,
        restored_ms: restored.map(number),
        clock: serde_json::from_str(&clock).map_err(|_| StoreError::Corrupt("a clock"))?,
        capsule_key: secret.map(SecretKey::from_bytes),
        seen_ms: seen.map(number),
        confirmed_ms: confirmed.map(number),
        rolled_back_ms: rolled_back.map(number),
    })
}

/// id, kind, commune, seq, accepted, digest.
pub type ScopeColumns = (Vec<u8>, String, Vec<u8>, i64, i64, Vec<u8>);

pub fn scope(columns: ScopeColumns) -> StoreResult<ScopeRow> {
    let (id_blob, kind_text, commune, seq, accepted, digest) = columns;
    Ok(ScopeRow {
        id: id(&id_blob)?,
        kind: kind(&kind_text)?,
        commune: id(&commune)?,
        seq: number(seq),
        accepted: number(accepted),
        digest: digest.try_into().map(Digest::from_bytes).map_err(|_| StoreError::Corrupt("a digest"))?,
    })
}

/// scope, seq, accepted, body.
pub type StoredColumns = (Vec<u8>, i64, i64, String);

pub fn stored((scope, seq, accepted, body): StoredColumns) -> StoreResult<Stored> {
    Ok(Stored { scope: id(&scope)?, seq: number(seq), accepted: number(accepted), doc: document(&body)? })
}

/// seq, accepted, body.
pub type PageColumns = (i64, i64, String);

pub fn page_row((seq, accepted, body): PageColumns) -> StoreResult<PageRow> {
    Ok(PageRow { seq: number(seq), accepted: number(accepted), bytes: body.len(), doc: document(&body)? })
}

/// code hash, member, created, expires, redeemed by, redeemed at.
pub type InviteColumns = (Vec<u8>, Vec<u8>, i64, i64, Option<String>, Option<i64>);

pub fn invite((code, member, created, expires, by, at): InviteColumns) -> StoreResult<Invite> {
    let redeemed = match (by, at) {
        (Some(by), Some(at)) => Some((install(&by)?, number(at))),
        _ => None,
    };
    Ok(Invite {
        code: secret(code)?,
        member: id(&member)?,
        created_ms: number(created),
        expires_ms: number(expires),
        redeemed,
    })
}

pub fn secret(bytes: Vec<u8>) -> StoreResult<SecretHash> {
    bytes.try_into().map(SecretHash).map_err(|_| StoreError::Corrupt("a hash"))
}
