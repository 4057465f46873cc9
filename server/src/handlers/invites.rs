//! `POST /api/invites`: a lead or coordinator invites a member, or a member's next phone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::protocol::{InviteReply, InviteRequest};

use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::store::{Store, Tx};
use crate::{invite, sync};

pub async fn create<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<InviteRequest>,
) -> Result<Json<InviteReply>, Error> {
    let now_ms = app.now_ms();
    app.syncs.take(token, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
    let mut tx = app.store.read().await?;
    let session = sync::open(&mut tx, token, now_ms).await?;
    let invited = tx.documents(&[request.member]).await?.into_iter().next();
    tx.commit().await?;
    if session.device.revoked.is_some() {
        return Err(Error::DeviceUnknown);
    }
    // Someone out of reach and someone who does not exist give the same answer.
    let is_allowed = invited.is_some_and(|stored| invite::may_invite(&session.grant, &stored.doc, stored.scope));
    if !is_allowed {
        return Err(Error::NotAllowed);
    }
    let work = Arc::clone(&app);
    let code = tokio::spawn(async move { invite::create(&work.store, request.member, invite::LIFE_MS, now_ms).await })
        .await??;
    Ok(Json(InviteReply { path: invite::link_path(&code), expires_ms: now_ms + invite::LIFE_MS }))
}
