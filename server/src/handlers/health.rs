//! `GET /api/health/…` for whoever watches the server.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::app::Shared;
use crate::error::Error;
use crate::store::{Store, Tx};

#[derive(Debug, Serialize)]
pub struct Health {
    pub status: &'static str,
}

/// The process answers.
pub async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The database answers too.
pub async fn ready<S: Store>(State(app): State<Shared<S>>) -> Result<Json<Health>, Error> {
    let mut tx = app.store.read().await.map_err(|_| Error::Busy)?;
    let instance = tx.instance().await.map_err(|_| Error::Busy)?;
    tx.commit().await.map_err(|_| Error::Busy)?;
    if instance.is_none() {
        return Err(Error::Busy);
    }
    Ok(Json(Health { status: "ok" }))
}
