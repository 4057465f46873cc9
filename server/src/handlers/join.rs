//! `POST /api/join`: an invite for a token. The token goes into a cookie and nowhere else.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::protocol::JoinRequest;

use crate::app::Shared;
use crate::auth::{Caller, JsonBody, set_cookie};
use crate::error::Error;
use crate::invite;
use crate::store::Store;

pub async fn join<S: Store>(
    State(app): State<Shared<S>>,
    caller: Caller,
    JsonBody(request): JsonBody<JoinRequest>,
) -> Result<impl IntoResponse, Error> {
    let now_ms = app.now_ms();
    app.joins.take(caller.address, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
    let work = Arc::clone(&app);
    let (reply, token) =
        tokio::spawn(async move { invite::redeem(&work.store, &request, work.phones_max, now_ms).await }).await??;
    Ok(([(header::SET_COOKIE, set_cookie(&token, caller.is_https))], Json(reply)))
}
