//! The phones of the team: who may see them, and shutting out one that was lost or given back.

use domain::protocol::{DeviceEnd, DeviceLine, DevicesReply, RevokeRequest};
use domain::{DocId, InstallId};

use crate::error::Error;
use crate::invite::may_invite;
use crate::store::{AuditLine, Device, Instance, Revoked, SecretHash, Store, StoreResult, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{self, Session, figures};

/// The phones of a member of the asker's team.
pub async fn list<S: Store>(store: &S, token: SecretHash, member: DocId) -> Result<DevicesReply, Error> {
    let mut tx = store.read().await?;
    let session = open_for(&mut tx, token, member).await?;
    let reply = reply(&mut tx, &session, member).await?;
    tx.commit().await?;
    Ok(reply)
}

/// Shuts out one phone of a member of the asker's team. A phone that was reported lost stays so.
pub async fn revoke<S: Store>(
    store: &S,
    token: SecretHash,
    request: &RevokeRequest,
    now_ms: u64,
) -> Result<DevicesReply, Error> {
    let mut tx = store.write().await?;
    let session = open_for(&mut tx, token, request.member).await?;
    let devices = tx.devices_of(request.member).await?;
    let device = devices.into_iter().find(|device| device.id == request.device).ok_or(Error::NotYourTeam)?;
    if device.id == session.device.id {
        return Err(Error::Refused(
            "Đây là máy đang dùng. Báo mất bằng một máy khác; muốn thôi dùng máy này, mở “Máy” rồi chọn “Rời máy này”."
                .to_owned(),
        ));
    }
    let reason = match (device.revoked, request.reason) {
        (Some(Revoked::Lost), _) | (_, DeviceEnd::Lost) => Revoked::Lost,
        (_, DeviceEnd::Left) => Revoked::Left,
    };
    if device.revoked != Some(reason) {
        let by = By { member: Some(session.grant.member), install: session.device.install };
        end(&mut tx, &session.instance, &[device], reason, by, now_ms).await?;
    }
    let reply = reply(&mut tx, &session, request.member).await?;
    tx.commit().await?;
    Ok(reply)
}

/// Who shuts a phone out, for the audit.
#[derive(Clone, Copy, Debug)]
pub struct By {
    pub member: Option<DocId>,
    pub install: InstallId,
}

/// Shuts out phones of one member. The lead's figures no longer wait for what they hold; of a lost phone the member's
/// open invites end too, since they may be read on it.
pub async fn end<T: Tx>(
    tx: &mut T,
    instance: &Instance,
    devices: &[Device],
    reason: Revoked,
    by: By,
    now_ms: u64,
) -> StoreResult<()> {
    let action = match reason {
        Revoked::Left => "revoke_left",
        Revoked::Lost => "revoke_lost",
    };
    for device in devices {
        // Who was told of another end has not been told of this one.
        let end_told_ms = device.end_told_ms.filter(|_| device.revoked == Some(reason));
        tx.put_device(&Device { revoked: Some(reason), end_told_ms, ..device.clone() }).await?;
        let line = AuditLine {
            member: by.member,
            install: by.install,
            action,
            document: Some(device.id),
            scope: None,
            seq: None,
            received_ms: now_ms,
        };
        tx.audit(&line).await?;
    }
    let Some(member) = devices.first().map(|device| device.member) else { return Ok(()) };
    if reason == Revoked::Lost {
        tx.end_invites(member, now_ms).await?;
    }
    let Some(stored) = tx.documents(&[member]).await?.into_iter().next() else { return Ok(()) };
    let mut ledger = Ledger::lock(tx, instance.clone(), &[DocId::figures(stored.scope)], now_ms).await?;
    figures::write_phone_state(&mut ledger, member, stored.scope, None).await?;
    ledger.finish().await
}

/// The session, if it may see to this member's phones: whoever may invite them. Someone out of reach and someone who does
/// not exist give the same answer.
async fn open_for<T: Tx>(tx: &mut T, token: SecretHash, member: DocId) -> Result<Session, Error> {
    let session = sync::open(tx, token).await?;
    if session.device.revoked.is_some() {
        return Err(Error::DeviceUnknown);
    }
    let stored = tx.documents(&[member]).await?.into_iter().next();
    let is_allowed = stored.is_some_and(|stored| may_invite(&session.grant, &stored.doc, stored.scope));
    if is_allowed { Ok(session) } else { Err(Error::NotYourTeam) }
}

async fn reply<T: Tx>(tx: &mut T, session: &Session, member: DocId) -> StoreResult<DevicesReply> {
    let mut devices = tx.devices_of(member).await?;
    devices.sort_by_key(|device| (device.revoked.is_some(), std::cmp::Reverse(device.created_ms), device.id));
    let line = |device: Device| DeviceLine {
        id: device.id,
        joined_ms: device.created_ms,
        last_seen_ms: Some(device.last_seen_ms).filter(|at_ms| *at_ms > 0),
        unsent: device.unsent,
        refused: device.refused,
        app: device.app,
        ended: device.revoked.map(|reason| match reason {
            Revoked::Left => DeviceEnd::Left,
            Revoked::Lost => DeviceEnd::Lost,
        }),
        end_told_ms: device.end_told_ms,
        is_own: device.id == session.device.id,
    };
    Ok(DevicesReply { devices: devices.into_iter().map(line).collect() })
}
