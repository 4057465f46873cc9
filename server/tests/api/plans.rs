//! The plans that come with the program, as the app asks for them.

use axum::http::StatusCode;
use domain::protocol::Preset;

use crate::helpers::*;

#[tokio::test]
async fn the_plans_are_public_may_be_kept_and_read_as_presets() {
    let router = World::new().await.router();
    let answer = ask(&router, get("/api/plans")).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    let presets: Vec<Preset> = serde_json::from_slice(&answer.body).expect("presets");
    assert_eq!(presets, server::plans::presets());
    let keys: Vec<&str> = presets.iter().map(|preset| preset.key.as_str()).collect();
    assert_eq!(keys, ["bac-kan-2026", "thai-nguyen-2025", "tan-hoi-2026", "ngok-bay-2025", "cho-don-2025"]);
}
