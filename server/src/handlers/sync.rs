//! `POST /api/sync`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::protocol::{SyncReply, SyncRequest};

use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::store::Store;

pub async fn exchange<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<SyncRequest>,
) -> Result<Json<SyncReply>, Error> {
    let now_ms = app.now_ms();
    app.syncs.take(token, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
    // In a task of its own: a phone that goes away drops this handler, and a commit must not be cut in two.
    let work = Arc::clone(&app);
    let reply = tokio::spawn(async move { crate::sync::sync(&work.store, &work.cache, token, &request, now_ms).await })
        .await??;
    Ok(Json(reply))
}
