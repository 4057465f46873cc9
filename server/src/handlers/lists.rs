//! `POST /api/lists/import`, `GET /api/lists/imports`, `POST /api/lists/imports/undo`: household lists, by a coordinator.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::protocol::{ImportReply, ImportRequest, ImportsReply, UndoReply, UndoRequest};

use super::office;
use crate::app::Shared;
use crate::auth::{DeviceToken, JsonBody};
use crate::error::Error;
use crate::lists::{self, Clerk, ImportError};
use crate::store::{SecretHash, Store};

pub async fn import<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<ImportRequest>,
) -> Result<Json<ImportReply>, Error> {
    let clerk = clerk(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    // In a task of its own: a browser that goes away in the middle does not break it off.
    let reply = tokio::spawn(async move {
        let ImportRequest { batch, area, file, list, is_preview } = request;
        if is_preview {
            lists::preview(&work.store, clerk, &area, &list, now_ms).await
        } else {
            lists::import(&work.store, &work.cache, clerk, batch, &area, (&file, &list), now_ms).await
        }
    });
    Ok(Json(reply.await??))
}

pub async fn past<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
) -> Result<Json<ImportsReply>, Error> {
    let clerk = clerk(&app, token).await?;
    Ok(Json(ImportsReply { imports: lists::past(&app.store, clerk.commune, app.now_ms()).await? }))
}

pub async fn undo<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
    JsonBody(request): JsonBody<UndoRequest>,
) -> Result<Json<UndoReply>, Error> {
    let clerk = clerk(&app, token).await?;
    let (work, now_ms) = (Arc::clone(&app), app.now_ms());
    let undone =
        tokio::spawn(async move { lists::undo_batch(&work.store, &work.cache, clerk, request.batch, now_ms).await });
    Ok(Json(undone.await??))
}

async fn clerk<S: Store>(app: &Shared<S>, token: SecretHash) -> Result<Clerk, Error> {
    let session = office::open_as_coordinator(app, token).await?;
    Ok(Clerk { commune: session.grant.commune, member: session.grant.member, install: session.device.install })
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(error) => error.into(),
            other => Self::Refused(other.to_string()),
        }
    }
}
