//! `GET /api/devices/{member}`, `POST /api/devices/{check,revoke}`: the phones of a member, for whoever may invite them;
//! `GET /api/devices/own`: one's own.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::DocId;
use domain::protocol::{CheckRequest, DevicesReply, RevokeRequest};

use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::devices;
use crate::error::Error;
use crate::store::{SecretHash, Store};

pub async fn list<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    member: Result<Path<DocId>, PathRejection>,
) -> Result<Json<DevicesReply>, Error> {
    let now_ms = take_turn(&app, token)?;
    // What is no id is nobody's, like an id that nobody has.
    let Path(member) = member.map_err(|_| Error::NotYourTeam)?;
    Ok(Json(devices::list(&app.store, token, member, now_ms).await?))
}

pub async fn own<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
) -> Result<Json<DevicesReply>, Error> {
    let now_ms = take_turn(&app, token)?;
    Ok(Json(devices::own(&app.store, token, now_ms).await?))
}

pub async fn check<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<CheckRequest>,
) -> Result<Json<DevicesReply>, Error> {
    let now_ms = take_turn(&app, token)?;
    let work = Arc::clone(&app);
    let done = tokio::spawn(async move { devices::check(&work.store, token, &request, now_ms).await });
    Ok(Json(done.await??))
}

pub async fn revoke<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<RevokeRequest>,
) -> Result<Json<DevicesReply>, Error> {
    let now_ms = take_turn(&app, token)?;
    let work = Arc::clone(&app);
    let done = tokio::spawn(async move { devices::revoke(&work.store, token, &request, now_ms).await });
    Ok(Json(done.await??))
}

/// Counts the request against the device's limit; answers the time.
fn take_turn<S: Store>(app: &Shared<S>, token: SecretHash) -> Result<u64, Error> {
    let now_ms = app.now_ms();
    app.syncs.take(token, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
    Ok(now_ms)
}
