//! The one place where requests meet the clock: while it cannot be right, nothing is read, written or told the time by it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::clock::Verdict;
use crate::error::Error;
use crate::headers::is_api;
use crate::store::Store;

/// Answers in which neither data nor time occur.
const TIMELESS: [&str; 3] = ["/api/health/live", "/api/openapi.json", "/api/plans"];

/// Lets the app's files and the timeless answers through at any time, the rest only under a clock that can be right.
pub async fn check<S: Store>(State(app): State<Shared<S>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_api(path) || TIMELESS.contains(&path) {
        return next.run(request).await;
    }
    match app.clock.check(&app.store, app.now_ms()).await {
        Ok(Verdict::Right) => next.run(request).await,
        Ok(_) => Error::ClockWrong.into_response(),
        Err(error) => Error::from(error).into_response(),
    }
}
