//! `POST /api/capsules`: whoever carries a capsule brings it here. `GET /api/time`: for who must know the time first.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use domain::protocol::{CapsuleReply, TimeReply};

use crate::app::Shared;
use crate::auth::{Caller, DeviceToken, OctetBody};
use crate::capsule;
use crate::error::Error;
use crate::store::Store;

/// The caller's turn, counted before a body is read.
pub struct Turn {
    now_ms: u64,
}

impl<S: Store> FromRequestParts<Shared<S>> for Turn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared<S>) -> Result<Self, Error> {
        let Ok(caller) = Caller::from_request_parts(parts, app).await;
        let now_ms = app.now_ms();
        app.capsules.take(caller.address, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
        Ok(Self { now_ms })
    }
}

pub async fn take<S: Store>(
    State(app): State<Shared<S>>,
    Turn { now_ms }: Turn,
    carrier: Result<DeviceToken, Error>,
    OctetBody(bytes): OctetBody,
) -> Result<Json<CapsuleReply>, Error> {
    let carrier = carrier.ok().map(|DeviceToken(token)| token);
    // In a task of its own: a phone that goes away drops this handler, and a commit must not be cut in two.
    let work = Arc::clone(&app);
    let taken = async move { capsule::take(&work.store, &work.cache, &bytes, carrier, now_ms).await };
    Ok(Json(tokio::spawn(taken).await??))
}

pub async fn time<S: Store>(State(app): State<Shared<S>>) -> Json<TimeReply> {
    Json(TimeReply { server_ms: app.now_ms() })
}
