//! `POST /api/lists/moves`: households or one person go to another area.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::protocol::{MoveReply, MoveRequest};

use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::moves;
use crate::store::Store;

pub async fn create<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<MoveRequest>,
) -> Result<Json<MoveReply>, Error> {
    let now_ms = app.now_ms();
    app.syncs.take(token, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
    // A browser that goes away must not stop a split between two transactions.
    let work = Arc::clone(&app);
    let moved =
        tokio::spawn(async move { moves::execute(&work.store, &work.cache, token, &request, now_ms).await }).await??;
    Ok(Json(moved))
}
