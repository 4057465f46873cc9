//! `GET /api/plans`: the plans that come with the program, for a coordinator to start from. Public figures, the same for
//! everyone until the next version, so no device is asked for and caches may keep them.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;

use crate::plans::presets;

const KEPT: &str = "public, max-age=3600";

pub async fn list() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, KEPT)], Json(presets()))
}
