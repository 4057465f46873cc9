//! Capsules: unsent documents of a phone, brought by whoever. Opened here, they are a push of that phone like any other.

use domain::capsule::{self, CapsuleError, Content};
use domain::protocol::{
    CapsuleReply, PUSH_DOCUMENTS_MAX, PhoneReport, Push, PushResult, Rejection, SyncRequest, Verdict,
};
use domain::{Body, DocId, InstallId};

use crate::area_cache::AreaCache;
use crate::error::Error;
use crate::invite::may_invite;
use crate::store::{Device, Instance, SecretHash, Store, StoreError, StoreResult, Tx};
use crate::sync::{self, Phone, Session, Written};

/// Why nothing of a capsule was taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Unreadable(#[from] CapsuleError),
    #[error("Máy chủ chưa biết máy đã ghi gói này. Giữ gói lại và thử lại sau.")]
    UnknownCourier,
    #[error("Máy đã ghi gói này vừa chỉnh lại giờ và sẽ tự gửi. Gói này không cần chuyển nữa.")]
    Void,
    #[error(
        "Gói này từ máy đã báo mất hoặc đã ngừng dùng. Lưu ra tệp và nhờ tổ trưởng của người ghi, hoặc cán bộ xã, phường, \
         chuyển bằng máy của họ."
    )]
    ShutOut,
}

/// Takes a capsule. `carrier` is the device that brings it, when it says so; it matters only for phones that were shut out.
pub async fn take<S: Store>(
    store: &S,
    cache: &AreaCache,
    bytes: &[u8],
    carrier: Option<SecretHash>,
    now_ms: u64,
) -> Result<CapsuleReply, Error> {
    // Strangers must not queue for the one writer.
    let mut tx = store.read().await?;
    let instance = instance(&mut tx).await?;
    let key = instance.capsule_key.as_ref().ok_or(Refused::Unreadable(CapsuleError::OtherServer))?;
    let content = capsule::open(key, bytes).map_err(Refused::from)?;
    author(&mut tx, instance, &content, carrier, now_ms).await?;
    tx.commit().await?;
    let mut reply = CapsuleReply::default();
    for part in content.push.chunks(PUSH_DOCUMENTS_MAX) {
        let counts = take_part(store, cache, &content, part, carrier, now_ms).await?;
        reply.taken += counts.taken;
        reply.refused += counts.refused;
    }
    Ok(reply)
}

async fn take_part<S: Store>(
    store: &S,
    cache: &AreaCache,
    content: &Content,
    part: &[Push],
    carrier: Option<SecretHash>,
    now_ms: u64,
) -> Result<CapsuleReply, Error> {
    let mut tx = store.write().await?;
    // Read anew in the transaction that writes.
    let instance = instance(&mut tx).await?;
    let mut session = author(&mut tx, instance, content, carrier, now_ms).await?;
    let request = request(content, part);
    let Written { results, counted } =
        sync::write(&mut tx, cache, &mut session, &request, Phone::IsElsewhere, now_ms).await?;
    let taken = taken(&mut tx, &results, content.install).await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    Ok(CapsuleReply { taken: count(taken), refused: count(results.len() - taken) })
}

async fn instance<T: Tx>(tx: &mut T) -> StoreResult<Instance> {
    tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))
}

/// Who made the capsule, as the courier secret proves. Of a phone that was shut out nothing is taken unless somebody vouches for
/// it, and that is told as an error: whoever carries the capsule keeps it then.
async fn author<T: Tx>(
    tx: &mut T,
    instance: Instance,
    content: &Content,
    carrier: Option<SecretHash>,
    now_ms: u64,
) -> Result<Session, Error> {
    let (courier, device) = tx.courier(content.courier.hash()).await?.ok_or(Refused::UnknownCourier)?;
    if device.install != content.install || device.member != content.member {
        return Err(Refused::UnknownCourier.into());
    }
    if courier.is_void {
        return Err(Refused::Void.into());
    }
    if device.revoked.is_some() && !is_vouched_for(tx, &device, carrier, now_ms).await? {
        return Err(Refused::ShutOut.into());
    }
    Ok(sync::open_for(tx, instance, device).await?)
}

/// Who may give the member another phone may also say that what an old one brings is theirs.
async fn is_vouched_for<T: Tx>(
    tx: &mut T,
    device: &Device,
    carrier: Option<SecretHash>,
    now_ms: u64,
) -> Result<bool, Error> {
    let Some(token) = carrier else { return Ok(false) };
    let carrier = match sync::open(tx, token, now_ms).await {
        Ok(session) if session.device.revoked.is_none() => session,
        Ok(_) | Err(sync::SyncError::DeviceUnknown) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let member = tx.documents(&[device.member]).await?.into_iter().next();
    Ok(member.is_some_and(|member| may_invite(&carrier.grant, &member.doc, member.scope)))
}

fn request(content: &Content, part: &[Push]) -> SyncRequest {
    SyncRequest {
        protocol: domain::protocol::PROTOCOL,
        schema: domain::protocol::SCHEMA,
        install: content.install,
        cursors: Vec::new(),
        push: part.to_vec(),
        phone: PhoneReport::default(),
        courier: None,
    }
}

/// How many of them the server has now. A record that its author has meanwhile sent under a mended stamp is among them.
async fn taken<T: Tx>(tx: &mut T, results: &[PushResult], author: InstallId) -> StoreResult<usize> {
    let is_conflict = |result: &&PushResult| result.verdict == Verdict::Rejected { code: Rejection::FactConflict };
    let conflicts: Vec<DocId> = results.iter().filter(is_conflict).map(|result| result.id).collect();
    let stored = tx.documents(&conflicts).await?;
    let is_own = |doc: &domain::Document| matches!(&doc.body, Body::Fact { at, .. } if at.install == author);
    let own = stored.iter().filter(|stored| is_own(&stored.doc)).count();
    let ok = results.iter().filter(|result| !matches!(result.verdict, Verdict::Rejected { .. })).count();
    Ok(ok + own)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
