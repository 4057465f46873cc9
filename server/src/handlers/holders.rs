//! `POST /api/lists/holders/preview` and `POST /api/lists/holders`: a coordinator's list of a provider's holders.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::import::HolderList;
use domain::matching::CANDIDATES_MAX;
use domain::protocol::{HOLDERS_MAX, HoldersPreview, HoldersReply, HoldersRequest};

use super::office::open_as_coordinator;
use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::holders::{self, Desk};
use crate::store::{SecretHash, Store};

/// Longer than any provider's name.
const PROVIDER_CHARS_MAX: usize = 60;

pub async fn preview<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<HoldersRequest>,
) -> Result<Json<HoldersPreview>, Error> {
    let desk = desk(&app, token).await?;
    let request = check(request)?;
    // Spawned: a request that is given up half-way must not stop in the middle of a transaction.
    let work = Arc::clone(&app);
    let preview = tokio::spawn(async move { holders::preview(&work.store, desk, &request).await }).await??;
    Ok(Json(preview))
}

pub async fn write<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<HoldersRequest>,
) -> Result<Json<HoldersReply>, Error> {
    let desk = desk(&app, token).await?;
    let request = check(request)?;
    let work = Arc::clone(&app);
    let reply = tokio::spawn(async move { holders::write(&work.store, &work.cache, desk, &request).await }).await??;
    Ok(Json(reply))
}

/// Who is asking, if it is a coordinator.
pub(super) async fn desk<S: Store>(app: &Shared<S>, token: SecretHash) -> Result<Desk, Error> {
    let session = open_as_coordinator(app, token).await?;
    Ok(Desk {
        commune: session.grant.commune,
        member: session.grant.member,
        install: session.device.install,
        now_ms: app.now_ms(),
    })
}

/// Whether the office's page can have made it.
fn check(request: HoldersRequest) -> Result<HoldersRequest, Error> {
    let is_text = |text: &str| text.chars().count() <= PROVIDER_CHARS_MAX && !text.chars().any(char::is_control);
    let is_fit = request.holders.len() <= HOLDERS_MAX
        && request.choices.len() <= HOLDERS_MAX * CANDIDATES_MAX
        && request.provider.as_deref().is_none_or(is_text);
    let list = HolderList { holders: request.holders, ..HolderList::default() };
    if !is_fit || list.check().is_err() {
        return Err(Error::BadRequest);
    }
    Ok(HoldersRequest { holders: list.holders, ..request })
}
