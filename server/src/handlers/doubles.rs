//! `GET /api/lists/doubles`, `POST /api/lists/doubles/{join,part}`: people who may be on the list twice.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::protocol::{DoublesChanged, DoublesReply, JoinDoubles, PartDoubles};

use super::holders::desk;
use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::doubles;
use crate::error::Error;
use crate::store::Store;

pub async fn list<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
) -> Result<Json<DoublesReply>, Error> {
    let desk = desk(&app, token).await?;
    let work = Arc::clone(&app);
    Ok(Json(tokio::spawn(async move { doubles::list(&work.store, desk).await }).await??))
}

pub async fn join<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(JoinDoubles { a, b, keep }): JsonBody<JoinDoubles>,
) -> Result<Json<DoublesChanged>, Error> {
    let desk = desk(&app, token).await?;
    let work = Arc::clone(&app);
    let written = tokio::spawn(async move { doubles::join(&work.store, &work.cache, desk, token, [a, b], keep).await });
    Ok(Json(DoublesChanged { written: written.await?? }))
}

pub async fn part<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(PartDoubles { a, b }): JsonBody<PartDoubles>,
) -> Result<Json<DoublesChanged>, Error> {
    let desk = desk(&app, token).await?;
    let work = Arc::clone(&app);
    let written = tokio::spawn(async move { doubles::part(&work.store, &work.cache, desk, token, [a, b]).await });
    Ok(Json(DoublesChanged { written: written.await?? }))
}
