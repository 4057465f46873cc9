//! `POST /api/lists/paper`: what came back on paper, a household at a time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::protocol::{PaperOpenRequest, PaperReply, PaperRequest, PaperSheet, TakeBackReply, TakeBackRequest};

use super::office;
use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::paper;
use crate::store::Store;

pub async fn open<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<PaperOpenRequest>,
) -> Result<Json<PaperSheet>, Error> {
    // Strangers must not queue for the one writer, here and below.
    office::open(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    let sheet = tokio::spawn(async move { paper::open(&work.store, token, request.source, now_ms).await }).await??;
    Ok(Json(sheet))
}

pub async fn write<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<PaperRequest>,
) -> Result<Json<PaperReply>, Error> {
    office::open(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    let written = async move { paper::write(&work.store, &work.cache, token, &request, now_ms).await };
    Ok(Json(tokio::spawn(written).await??))
}

pub async fn take_back<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<TakeBackRequest>,
) -> Result<Json<TakeBackReply>, Error> {
    office::open(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    let taken_back = async move { paper::take_back(&work.store, &work.cache, token, &request, now_ms).await };
    Ok(Json(tokio::spawn(taken_back).await??))
}
