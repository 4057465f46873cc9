//! One exchange with a phone, without HTTP: who it is, what it brings, what it lacks. Time is handed in.
//!
//! Everything that a request does to documents happens in one transaction, and the pages of the reply are read in it.

pub mod carry;
mod courier;
mod cursor;
mod erasing;
pub mod figures;
pub mod ledger;
mod limits;
pub mod loaded;
mod pull;
mod push;
mod renames;
mod rollback;

use std::collections::BTreeSet;

use domain::access::{Grant, LEFT_DAYS_MS};
use domain::capsule::{PublicKey, SecretKey};
use domain::people::Member;
use domain::planted::{Mistake, is_planted};
use domain::protocol::{
    PAGE_BYTES_MAX, PROTOCOL, PUSH_DOCUMENTS_MAX, PushResult, Rejection, RevokeReason, SCHEMA_MIN, ScopeContent,
    ScopeReply, SyncReply, SyncRequest, Verdict,
};
use domain::receipt::Receipt;
use domain::{DocId, Document, InstallId};

use crate::area_cache::{AreaCache, AreaDocuments};
use crate::receipts::ReceiptKey;
use crate::store::{Device, Instance, Revoked, SecretHash, Store, StoreError, StoreResult, Tx};
use ledger::Ledger;
pub use pull::PageLimits;

/// Several times what an honest phone sends, which stops at `PAGE_BYTES_MAX` or after one larger document.
const PUSH_BYTES_MAX: usize = 4 * PAGE_BYTES_MAX;
/// More scopes than anyone works in.
const CURSORS_MAX: usize = 256;

/// Why a whole request got no reply. A refused document is a verdict, not an error.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("the device is not known")]
    DeviceUnknown,
    #[error("the request is larger than the protocol allows")]
    TooLarge,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who is speaking, read in the transaction that serves the request.
pub(crate) struct Session {
    pub instance: Instance,
    pub device: Device,
    pub grant: Grant,
}

impl Session {
    /// The proof that this database has stored `doc` in `scope`.
    fn receipt(&self, scope: DocId, doc: &Document) -> Option<Receipt> {
        self.receipts().map(|key| key.document(scope, doc))
    }

    /// Makes and checks receipts; none before the database has its keys.
    fn receipts(&self) -> Option<ReceiptKey> {
        self.instance.capsule_key.as_ref().map(ReceiptKey::of)
    }

    /// What phones seal capsules to.
    fn capsule_key(&self) -> Option<PublicKey> {
        self.instance.capsule_key.as_ref().map(SecretKey::public_key)
    }
}

/// Serves one request of the device with this token.
pub async fn sync<S: Store>(
    store: &S,
    cache: &AreaCache,
    token: SecretHash,
    request: &SyncRequest,
    now_ms: u64,
) -> Result<SyncReply, SyncError> {
    sync_in_pages(store, cache, PageLimits::default(), token, request, now_ms).await
}

/// The same with pages of another size, so that a simulation can make every download a long one.
pub async fn sync_in_pages<S: Store>(
    store: &S,
    cache: &AreaCache,
    limits: PageLimits,
    token: SecretHash,
    request: &SyncRequest,
    now_ms: u64,
) -> Result<SyncReply, SyncError> {
    check_size(request)?;
    let (mut tx, instance) = rollback::begin(store, request, now_ms).await?;
    let session = open_in(&mut tx, instance, token, now_ms).await?;
    if request.push.is_empty() {
        return pull_only(store, tx, &session, limits, request, now_ms).await;
    }
    // Strangers have gone by now: they must not queue for the one writer.
    tx.commit().await?;
    exchange(store, cache, limits, token, request, now_ms).await
}

/// Readers do not wait for the writer: most requests bring nothing.
async fn pull_only<S: Store>(
    store: &S,
    mut tx: S::Tx,
    session: &Session,
    limits: PageLimits,
    request: &SyncRequest,
    now_ms: u64,
) -> Result<SyncReply, SyncError> {
    let token = session.device.token;
    if let Some(reason) = session.device.revoked {
        let scopes = ended_scopes(&mut tx, session, reason, request).await?;
        tx.commit().await?;
        return Ok(tell_end(store, session, reason, scopes, request, now_ms).await);
    }
    check_install(session, request)?;
    let scopes = pull::pages(&mut tx, session, request, &BTreeSet::new(), limits).await?;
    let elsewhere = credited_elsewhere(&mut tx, &session.grant).await?;
    let is_courier_known = courier::is_known(&mut tx, &session.device, request.courier).await?;
    tx.commit().await?;
    let must_note_courier = is_courier_known == Some(false);
    let mut has_courier = is_courier_known == Some(true);
    if must_note_courier {
        match courier::note_apart(store, token, request.courier, now_ms).await {
            Ok(is_noted) => has_courier = is_noted,
            Err(error) => tracing::warn!(%error, "could not note a phone's courier"),
        }
    }
    if figures::is_phone_state_due(&session.device, &request.phone, now_ms)
        && let Err(error) = report_phone(store, token, request, now_ms).await
    {
        // When the disk is full the figures of a phone are late; what it asked for must still arrive.
        tracing::warn!(%error, "could not note when a phone came in");
    }
    let capsule_key = session.capsule_key().filter(|_| has_courier);
    Ok(SyncReply { credited_elsewhere: Some(elsewhere), capsule_key, ..reply(session, Vec::new(), scopes, now_ms) })
}

/// People whom this member has helped and who are counted in areas that the member does not hold: they have moved, or
/// the member has.
async fn credited_elsewhere<T: Tx>(tx: &mut T, grant: &Grant) -> Result<u64, SyncError> {
    Ok(tx.credited_elsewhere(grant.commune, grant.member, &grant.areas).await?)
}

async fn report_phone<S: Store>(
    store: &S,
    token: SecretHash,
    request: &SyncRequest,
    now_ms: u64,
) -> Result<(), SyncError> {
    let mut tx = store.write().await?;
    // Read anew: between the two transactions the phone may have been shut out.
    let session = open(&mut tx, token, now_ms).await?;
    if session.device.revoked.is_some() {
        return Ok(());
    }
    let scopes = [DocId::figures(session.grant.commune)];
    let mut ledger = Ledger::lock(&mut tx, session.instance.clone(), &scopes, now_ms).await?;
    figures::note_phone(&mut ledger, &session.device, &request.phone, session.grant.commune).await?;
    ledger.finish().await?;
    tx.commit().await?;
    Ok(())
}

async fn exchange<S: Store>(
    store: &S,
    cache: &AreaCache,
    limits: PageLimits,
    token: SecretHash,
    request: &SyncRequest,
    now_ms: u64,
) -> Result<SyncReply, SyncError> {
    let mut tx = store.write().await?;
    let mut session = open(&mut tx, token, now_ms).await?;
    if let Some(reason) = session.device.revoked {
        let scopes = ended_scopes(&mut tx, &session, reason, request).await?;
        tx.commit().await?;
        return Ok(tell_end(store, &session, reason, scopes, request, now_ms).await);
    }
    check_install(&session, request)?;
    // Before the documents are judged: a capsule that brings some of them under older stamps is void from here on.
    let has_courier = courier::note(&mut tx, &session.device, request.courier, now_ms).await?;
    let Written { results, counted } = write(&mut tx, cache, &mut session, request, Phone::IsHere, now_ms).await?;
    let own = request.push.iter().map(|push| push.id).collect();
    let scopes = pull::pages(&mut tx, &session, request, &own, limits).await?;
    let elsewhere = credited_elsewhere(&mut tx, &session.grant).await?;
    tx.commit().await?;
    for (area, documents) in counted {
        cache.put(area, documents);
    }
    let capsule_key = session.capsule_key().filter(|_| has_courier);
    Ok(SyncReply { credited_elsewhere: Some(elsewhere), capsule_key, ..reply(&session, results, scopes, now_ms) })
}

/// Whether the documents come from the phone that wrote them, or by way of another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phone {
    IsHere,
    IsElsewhere,
}

/// What became of a push, and the areas as they are afterwards: for the cache, once the transaction is committed.
pub(crate) struct Written {
    pub results: Vec<PushResult>,
    pub counted: Vec<(DocId, AreaDocuments)>,
}

/// Judges, stores and counts what a device has written.
pub(crate) async fn write<T: Tx>(
    tx: &mut T,
    cache: &AreaCache,
    session: &mut Session,
    request: &SyncRequest,
    phone: Phone,
    now_ms: u64,
) -> Result<Written, SyncError> {
    let left = tx.left_areas(session.grant.member).await?;
    session.grant.left =
        left.into_iter().filter(|(_, left_ms)| now_ms <= left_ms.saturating_add(LEFT_DAYS_MS)).collect();
    if is_planted(Mistake::WorkBeforeLeavingRefused) {
        session.grant.left.clear();
    }
    let commune = session.grant.commune;
    let documents = push::read(request, now_ms);
    let locks = push::scopes_to_lock(tx, &session.grant, request).await?;
    let mut ledger = Ledger::lock(tx, session.instance.clone(), &locks, now_ms).await?;
    let results = push::apply(&mut ledger, session, request, documents).await?;
    let counted = figures::recount(&mut ledger, cache, commune).await?;
    if phone == Phone::IsHere && figures::is_phone_state_due(&session.device, &request.phone, now_ms) {
        figures::note_phone(&mut ledger, &session.device, &request.phone, commune).await?;
    }
    ledger.finish().await?;
    Ok(Written { results, counted })
}

/// A phone that changes hands gets another install. What the one before it still wanted to send must not go out under the
/// next member's token, nor may it show what that member reads.
fn check_install(session: &Session, request: &SyncRequest) -> Result<(), SyncError> {
    if session.device.install == request.install { Ok(()) } else { Err(SyncError::DeviceUnknown) }
}

fn check_size(request: &SyncRequest) -> Result<(), SyncError> {
    let bytes: usize = request.push.iter().map(|push| push.doc.get().len()).sum();
    if request.push.len() > PUSH_DOCUMENTS_MAX || bytes > PUSH_BYTES_MAX || request.cursors.len() > CURSORS_MAX {
        return Err(SyncError::TooLarge);
    }
    Ok(())
}

/// Rights come from the stored member, at this moment and in this transaction; nothing the phone says of itself counts. A
/// phone that was not heard of for too long is not known any more (`store::IDLE_MS_MAX`).
pub(crate) async fn open<T: Tx>(tx: &mut T, token: SecretHash, now_ms: u64) -> Result<Session, SyncError> {
    let instance = tx.instance().await?.ok_or(StoreError::Corrupt("an empty instance"))?;
    open_in(tx, instance, token, now_ms).await
}

async fn open_in<T: Tx>(tx: &mut T, instance: Instance, token: SecretHash, now_ms: u64) -> Result<Session, SyncError> {
    let device = tx.device(token).await?.ok_or(SyncError::DeviceUnknown)?;
    // One that was shut out hears of it, however late it comes.
    if device.revoked.is_none() && device.is_idle(&instance, now_ms) {
        return Err(SyncError::DeviceUnknown);
    }
    open_for(tx, instance, device).await
}

/// The session of a device that has proved itself in another way.
pub(crate) async fn open_for<T: Tx>(tx: &mut T, instance: Instance, device: Device) -> Result<Session, SyncError> {
    let stored = tx.documents(&[device.member]).await?.into_iter().next().ok_or(SyncError::DeviceUnknown)?;
    let member = Member::read(&stored.doc).ok_or(SyncError::DeviceUnknown)?;
    let grant = Grant::of(&member, stored.scope);
    Ok(Session { instance, device, grant })
}

/// Tells a phone that it was shut out, and notes that it has been told: who shut it out wants to know.
async fn tell_end<S: Store>(
    store: &S,
    session: &Session,
    reason: Revoked,
    scopes: BTreeSet<DocId>,
    request: &SyncRequest,
    now_ms: u64,
) -> SyncReply {
    if session.device.end_told_ms.is_none()
        && let Err(error) = note_end_told(store, session.device.token, now_ms).await
    {
        // Also when the disk is full a lost phone must be emptied.
        tracing::warn!(%error, "could not note that a phone was told of its end");
    }
    revoked_reply(session, reason, scopes, request, now_ms)
}

async fn note_end_told<S: Store>(store: &S, token: SecretHash, now_ms: u64) -> StoreResult<()> {
    let mut tx = store.write().await?;
    // Read anew: between the two transactions the phone may have been let in again.
    let device = tx.device(token).await?.filter(|device| device.revoked.is_some() && device.end_told_ms.is_none());
    let Some(device) = device else { return Ok(()) };
    tx.put_device(&Device { end_told_ms: Some(now_ms), ..device }).await?;
    tx.commit().await
}

/// Which scopes a phone that was shut out is told to let go. A lost phone lets all go; another keeps what is of scopes that
/// are not known here, since a file that was put back may lack them.
async fn ended_scopes<T: Tx>(
    tx: &mut T,
    session: &Session,
    reason: Revoked,
    request: &SyncRequest,
) -> StoreResult<BTreeSet<DocId>> {
    let asked: Vec<DocId> = request.cursors.iter().map(|cursor| cursor.scope).collect();
    Ok(match reason {
        Revoked::Left => {
            let known = tx.scopes(&asked).await?.into_iter();
            known.filter(|row| row.commune == session.grant.commune).map(|row| row.id).collect()
        }
        // A phone that holds no scope any more may still hold what it never sent.
        Revoked::Lost => asked.into_iter().chain([session.grant.commune]).collect(),
    })
}

fn revoked_reply(
    session: &Session,
    reason: Revoked,
    scopes: BTreeSet<DocId>,
    request: &SyncRequest,
    now_ms: u64,
) -> SyncReply {
    let revoked = match reason {
        Revoked::Left => RevokeReason::LeftArea,
        Revoked::Lost => RevokeReason::LostPhone,
    };
    let content = ScopeContent::Revoked { revoked };
    let scopes = scopes.into_iter().map(|scope| ScopeReply { scope, content: content.clone() }).collect();
    let refused = |push: &domain::protocol::Push| PushResult {
        id: push.id,
        rev: push.rev,
        verdict: Verdict::Rejected { code: Rejection::Forbidden },
    };
    reply(session, request.push.iter().map(refused).collect(), scopes, now_ms)
}

fn reply(session: &Session, results: Vec<PushResult>, scopes: Vec<ScopeReply>, server_ms: u64) -> SyncReply {
    let epoch = session.instance.epoch.clone();
    SyncReply {
        protocol: PROTOCOL,
        epoch,
        server_ms,
        results,
        scopes,
        credited_elsewhere: None,
        capsule_key: None,
        min_schema: SCHEMA_MIN,
    }
}

/// Who made a change, for the audit.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    pub member: Option<DocId>,
    pub install: InstallId,
    pub action: &'static str,
}
