//! `GET` and `POST /api/lists/handouts`: named lists that leave the program, and the log of those that did.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::handout::Handout;
use domain::protocol::{HandoutDesk, HandoutRequest};

use super::office;
use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::handouts;
use crate::store::Store;

pub async fn desk<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
) -> Result<Json<HandoutDesk>, Error> {
    let session = office::open(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    Ok(Json(tokio::spawn(async move { handouts::desk(&work.store, &session, now_ms).await }).await??))
}

pub async fn give<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<HandoutRequest>,
) -> Result<Json<Handout>, Error> {
    // Strangers must not queue for the one writer.
    office::open(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    let list = tokio::spawn(async move { handouts::give(&work.store, token, &request, now_ms).await }).await??;
    Ok(Json(list))
}
