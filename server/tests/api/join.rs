//! Enrolment over HTTP: one invite, one phone, one cookie.

use axum::http::StatusCode;
use domain::protocol::{JoinReply, JoinRequest, SyncReply};
use domain::{DocId, InstallId};
use server::store::{Revoked, SecretHash};
use server::{admin, invite};

use crate::helpers::*;

fn join_with(code: &str, install: u64) -> axum::http::Request<axum::body::Body> {
    post("/api/join", None, &JoinRequest { code: code.to_owned(), install: InstallId(install), only_for: None })
}

/// The cookie as a browser would send it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_invite_makes_a_phone_a_device_of_its_member() {
    let world = World::new().await;
    let router = world.router();
    let code = invite::create(&world.store, LEAD_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let answer = ask(&router, join_with(&code, 1)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let reply: JoinReply = serde_json::from_slice(&answer.body).expect("a reply");
    assert_eq!((reply.member, reply.commune, reply.server_ms), (LEAD_A, COMMUNE, NOW));
    let set = answer.header("set-cookie").to_owned();
    for part in ["tn_device=", "HttpOnly", "SameSite=Strict", "Path=/api", "Max-Age=34560000"] {
        assert!(set.contains(part), "{part}");
    }
    assert!(!set.contains("Secure"), "plain http on one's own machine must work");
    let token = cookie(&answer).trim_start_matches("tn_device=").to_owned();
    assert_eq!(token.len(), 64);
    assert!(!String::from_utf8_lossy(&answer.body).contains(&token), "scripts never see the token");

    let synced = ask(&router, post("/api/sync", Some(&cookie(&answer)), &hello(InstallId(1)))).await;
    assert_eq!(synced.status, StatusCode::OK);
    let synced: SyncReply = serde_json::from_slice(&synced.body).expect("a reply");
    assert!(synced.scopes.iter().any(|scope| scope.scope == AREA_A));

    // Install ids are in every stamp: whoever has the link and has seen one must not become this phone.
    let again = ask(&router, join_with(&code, 1)).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", String::from_utf8_lossy(&again.body));
}

#[tokio::test]
async fn behind_https_the_cookie_travels_over_https_only() {
    let world = World::new().await;
    let code = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let mut request = join_with(&code, 1);
    request.headers_mut().insert("x-forwarded-proto", "https".parse().expect("a value"));
    let answer = ask(&world.router(), request).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn an_invite_is_for_one_phone_which_may_ask_again() {
    let world = World::new().await;
    let router = world.router();
    let code = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let first = ask(&router, join_with(&code, 1)).await;
    let again = ask(&router, join_with(&code, 1)).await;
    assert_eq!(again.status, StatusCode::OK, "the first answer may have been lost");
    assert_ne!(cookie(&first), cookie(&again));
    let old = ask(&router, post("/api/sync", Some(&cookie(&first)), &hello(InstallId(1)))).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED, "the new token replaces the old one");
    let other = ask(&router, join_with(&code, 2)).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::CONFLICT, "invite_used"));
}

#[tokio::test]
async fn wrong_and_late_invites_are_told_apart() {
    let world = World::new().await;
    let router = world.router();
    let unknown = ask(&router, join_with("khong-co-ma-nay", 1)).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::NOT_FOUND, "invite_unknown"));
    let late = invite::create(&world.store, MEMBER_A, 1, NOW - 5).await.expect("an invite");
    let late = ask(&router, join_with(&late, 1)).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::GONE, "invite_expired"));
}

#[tokio::test]
async fn a_lost_phone_takes_its_members_open_invites_along() {
    let world = World::new().await;
    let code = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    admin::revoke_devices(&world.store, MEMBER_A, Revoked::Lost, NOW).await.expect("revoked");
    let answer = ask(&world.router(), join_with(&code, 1)).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::GONE, "invite_expired"));
}

#[tokio::test]
async fn no_secret_is_stored() {
    let world = World::new().await;
    let code = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let answer = ask(&world.router(), join_with(&code, 1)).await;
    let token = cookie(&answer).trim_start_matches("tn_device=").to_owned();
    let bytes = world.store.snapshot().await.expect("bytes");
    let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    assert!(!holds(code.as_bytes()) && !holds(token.as_bytes()));
    assert!(holds(&SecretHash::of(token.as_bytes()).0));
}

#[tokio::test]
async fn leads_invite_their_own_and_coordinators_everyone() {
    let world = World::new().await;
    let router = world.router();
    let cookie_of = async |member: DocId| {
        let code = invite::create(&world.store, member, invite::LIFE_MS, NOW).await.expect("an invite");
        cookie(&ask(&router, join_with(&code, fresh())).await)
    };
    let (member, lead, coordinator) =
        (cookie_of(MEMBER_A).await, cookie_of(LEAD_A).await, cookie_of(COORDINATOR).await);
    let cases = [
        (&member, MEMBER_A, false),
        (&lead, MEMBER_A, true),
        (&lead, MEMBER_AB, true),
        (&lead, MEMBER_B, false),
        (&lead, COORDINATOR, false),
        (&lead, fresh_id(), false),
        (&coordinator, MEMBER_B, true),
        (&coordinator, LEAD_A, true),
    ];
    for (who, whom, is_allowed) in cases {
        let request = serde_json::json!({ "member": whom });
        let answer = ask(&router, post("/api/invites", Some(who), &request)).await;
        let wanted = if is_allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, wanted, "{whom}");
        if is_allowed {
            let path = answer.json()["path"].as_str().expect("a path").to_owned();
            let code = path.strip_prefix("/vao#").expect("a code behind the sign");
            let reply = ask(&router, join_with(code, fresh())).await;
            assert_eq!(reply.json()["member"], whom.to_string());
        }
    }
    let nobody = ask(&router, post("/api/invites", None, &serde_json::json!({ "member": MEMBER_A }))).await;
    assert_eq!((nobody.status, nobody.code().as_str()), (StatusCode::UNAUTHORIZED, "device_unknown"));
}

#[tokio::test]
async fn a_phone_with_a_new_invite_may_ask_again_though_it_has_synced_before() {
    let world = World::new().await;
    let router = world.router();
    let create = async || invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let first = ask(&router, join_with(&create().await, 1)).await;
    assert_eq!(
        ask(&router, post("/api/sync", Some(&cookie(&first)), &hello(InstallId(1)))).await.status,
        StatusCode::OK
    );
    let code = create().await;
    let lost = ask(&router, join_with(&code, 1)).await;
    assert_eq!(lost.status, StatusCode::OK);
    let again = ask(&router, join_with(&code, 1)).await;
    assert_eq!(again.status, StatusCode::OK, "the answer may have been lost");
    assert_eq!(
        ask(&router, post("/api/sync", Some(&cookie(&again)), &hello(InstallId(1)))).await.status,
        StatusCode::OK
    );
    let late = ask(&router, join_with(&code, 1)).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "invite_used"));
}
