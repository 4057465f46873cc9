//! The phones of the team: who may see them, and shutting out one that was lost or given back.

use domain::protocol::{CheckRequest, DeviceEnd, DeviceLine, DevicesReply, RevokeRequest};
use domain::{DocId, InstallId};

use crate::error::Error;
use crate::invite::may_invite;
use crate::store::{AuditLine, Checked, Device, Instance, Revoked, SecretHash, Store, StoreResult, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{self, Session, figures};

/// How often it is written down that a phone came, where nothing else is: often enough for `store::IDLE_MS_MAX`.
const ACTIVE_MS: u64 = 24 * 3_600_000;

/// The phones of a member of the asker's team.
pub async fn list<S: Store>(store: &S, token: SecretHash, member: DocId, now_ms: u64) -> Result<DevicesReply, Error> {
    let mut tx = store.read().await?;
    let session = open_for(&mut tx, token, member, now_ms).await?;
    let reply = reply(&mut tx, &session, member, now_ms).await?;
    tx.commit().await?;
    Ok(reply)
}

/// The asker's own phones: whoever has one learns of another that came in under their name.
pub async fn own<S: Store>(store: &S, token: SecretHash, now_ms: u64) -> Result<DevicesReply, Error> {
    let mut tx = store.read().await?;
    let session = open(&mut tx, token, now_ms).await?;
    let reply = reply(&mut tx, &session, session.device.member, now_ms).await?;
    tx.commit().await?;
    Ok(reply)
}

/// Says that a phone of a member of the asker's team is the one that was invited. Nobody says so of the phone in their hand:
/// whoever has come in by a link that went astray would.
pub async fn check<S: Store>(
    store: &S,
    token: SecretHash,
    request: &CheckRequest,
    now_ms: u64,
) -> Result<DevicesReply, Error> {
    let mut tx = store.write().await?;
    let session = open_for(&mut tx, token, request.member, now_ms).await?;
    if session.device.id == request.device {
        return Err(Error::Refused(
            "Không tự xác nhận được máy đang dùng. Nhờ người đã gửi lời mời đối số.".to_owned(),
        ));
    }
    let by = By { member: Some(session.grant.member), install: session.device.install };
    let device = tx.devices_of(request.member).await?.into_iter().find(|device| device.id == request.device);
    let device = device.ok_or(Error::NotYourTeam)?;
    if device.check != Some(request.check) {
        return Err(Error::Refused("Số kiểm tra của máy này vừa đổi. Xem lại số mới rồi đối lại.".to_owned()));
    }
    confirm(&mut tx, &device, by, now_ms).await?;
    let reply = reply(&mut tx, &session, request.member, now_ms).await?;
    tx.commit().await?;
    Ok(reply)
}

/// Notes that somebody has compared the number of a phone and found it right. What was said once stays.
pub async fn confirm<T: Tx>(tx: &mut T, device: &Device, by: By, now_ms: u64) -> StoreResult<()> {
    if device.checked.is_some() || device.revoked.is_some() {
        return Ok(());
    }
    let checked = Some(Checked { by: by.member, at_ms: now_ms });
    tx.put_device(&Device { checked, ..device.clone() }).await?;
    let line = AuditLine {
        member: by.member,
        install: by.install,
        action: "check_phone",
        document: Some(device.id),
        scope: None,
        seq: None,
        people: None,
        received_ms: now_ms,
    };
    tx.audit(&line).await
}

/// Whether it is time to write down that a phone has come in by another way than its sync.
pub fn is_active_due(device: &Device, now_ms: u64) -> bool {
    now_ms >= device.active_ms.max(device.last_seen_ms).saturating_add(ACTIVE_MS)
}

/// Notes that the phone with this token has come in. Late rather than in the way of what it asked for.
pub async fn note_active<S: Store>(store: &S, token: SecretHash, now_ms: u64) {
    let note = async {
        let mut tx = store.write().await?;
        // Read anew: between the two transactions the phone may have been shut out or invited again.
        let Some(device) = tx.device(token).await?.filter(|device| device.revoked.is_none()) else { return Ok(()) };
        tx.put_device(&Device { active_ms: now_ms, ..device }).await?;
        tx.commit().await
    };
    let noted: StoreResult<()> = note.await;
    if let Err(error) = noted {
        tracing::warn!(%error, "could not note that a phone came in");
    }
}

/// Shuts out one phone of a member of the asker's team. A phone that was reported lost stays so.
pub async fn revoke<S: Store>(
    store: &S,
    token: SecretHash,
    request: &RevokeRequest,
    now_ms: u64,
) -> Result<DevicesReply, Error> {
    let mut tx = store.write().await?;
    let session = open_for(&mut tx, token, request.member, now_ms).await?;
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
    let reply = reply(&mut tx, &session, request.member, now_ms).await?;
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
            people: None,
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
async fn open_for<T: Tx>(tx: &mut T, token: SecretHash, member: DocId, now_ms: u64) -> Result<Session, Error> {
    let session = open(tx, token, now_ms).await?;
    let stored = tx.documents(&[member]).await?.into_iter().next();
    let is_allowed = stored.is_some_and(|stored| may_invite(&session.grant, &stored.doc, stored.scope));
    if is_allowed { Ok(session) } else { Err(Error::NotYourTeam) }
}

async fn open<T: Tx>(tx: &mut T, token: SecretHash, now_ms: u64) -> Result<Session, Error> {
    let session = sync::open(tx, token, now_ms).await?;
    if session.device.revoked.is_some() { Err(Error::DeviceUnknown) } else { Ok(session) }
}

async fn reply<T: Tx>(tx: &mut T, session: &Session, member: DocId, now_ms: u64) -> StoreResult<DevicesReply> {
    let devices = tx.devices_of(member).await?;
    Ok(DevicesReply { devices: lines(devices, &session.instance, Some(session.device.id), now_ms) })
}

/// What people may know of a member's phones, the newest first.
pub fn lines(mut devices: Vec<Device>, instance: &Instance, own: Option<DocId>, now_ms: u64) -> Vec<DeviceLine> {
    devices.sort_by_key(|device| (device.revoked.is_some(), std::cmp::Reverse(device.created_ms), device.id));
    let line = |device: Device| DeviceLine {
        id: device.id,
        joined_ms: device.created_ms,
        last_seen_ms: Some(device.last_seen_ms).filter(|at_ms| *at_ms > 0),
        unsent: device.unsent,
        refused: device.refused,
        is_idle: device.revoked.is_none() && device.is_idle(instance, now_ms),
        app: device.app,
        ended: device.revoked.map(|reason| match reason {
            Revoked::Left => DeviceEnd::Left,
            Revoked::Lost => DeviceEnd::Lost,
        }),
        end_told_ms: device.end_told_ms,
        is_own: Some(device.id) == own,
        check: device.check,
        is_checked: device.checked.is_some(),
    };
    devices.into_iter().map(line).collect()
}
