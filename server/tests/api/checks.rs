//! Whose phone came in by an invite: its check number, how many phones a member may have, and phones that nobody hears of.

use axum::Router;
use axum::http::StatusCode;
use domain::protocol::{
    CheckNumber, CheckRequest, DeviceEnd, DeviceLine, DevicesReply, JoinReply, JoinRequest, RevokeRequest,
    ScopeContent, SyncReply,
};
use domain::{DocId, InstallId};
use server::app::App;
use server::handlers::files::AppFiles;
use server::store::{IDLE_MS_MAX, Instance, Store, Tx};
use server::{admin, clock, invite, router};

use crate::helpers::*;

struct Joined {
    cookie: String,
    install: InstallId,
    check: CheckNumber,
}

async fn code(world: &World, member: DocId) -> String {
    invite::create(&world.store, member, invite::LIFE_MS, NOW).await.expect("an invite")
}

async fn open_link(router: &Router, code: &str, install: InstallId) -> Answer {
    ask(router, post("/api/join", None, &JoinRequest { code: code.to_owned(), install, only_for: None })).await
}

async fn join(world: &World, router: &Router, member: DocId) -> Joined {
    let install = InstallId(fresh());
    joined(&open_link(router, &code(world, member).await, install).await, install)
}

fn joined(answer: &Answer, install: InstallId) -> Joined {
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    let reply: JoinReply = serde_json::from_slice(&answer.body).expect("a reply");
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    Joined { cookie, install, check: reply.check.expect("a number") }
}

async fn sync(router: &Router, phone: &Joined) -> Answer {
    ask(router, post("/api/sync", Some(&phone.cookie), &hello(phone.install))).await
}

fn with_cookie(path: &str, by: &Joined) -> axum::http::Request<axum::body::Body> {
    let mut request = get(path);
    request.headers_mut().insert("cookie", by.cookie.parse().expect("a value"));
    request
}

async fn phones(router: &Router, by: &Joined, path: &str) -> Vec<DeviceLine> {
    let answer = ask(router, with_cookie(path, by)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice::<DevicesReply>(&answer.body).expect("phones").devices
}

async fn of_member_a(router: &Router, by: &Joined) -> Vec<DeviceLine> {
    phones(router, by, &format!("/api/devices/{MEMBER_A}")).await
}

async fn check(router: &Router, by: &Joined, member: DocId, device: DocId, check: CheckNumber) -> Answer {
    ask(router, post("/api/devices/check", Some(&by.cookie), &CheckRequest { member, device, check })).await
}

/// The same data some time later, on a server that has worked until then: a clock that jumps is not believed.
async fn later(world: &World, now_ms: fn() -> u64) -> Router {
    let mut tx = world.store.write().await.expect("a transaction");
    let instance = tx.instance().await.expect("read").expect("an instance");
    tx.set_instance(&Instance { seen_ms: Some(now_ms()), ..instance }).await.expect("written");
    tx.commit().await.expect("written");
    router::build(App::with_clock(world.store.clone(), AppFiles::None, now_ms))
}

#[tokio::test]
async fn the_number_on_the_phone_is_the_number_on_the_leads_screen() {
    let world = World::new().await;
    let router = world.router();
    let (lead, mai) = (join(&world, &router, LEAD_A).await, join(&world, &router, MEMBER_A).await);
    let line = of_member_a(&router, &lead).await.remove(0);
    assert_eq!((line.check, line.is_to_be_checked()), (Some(mai.check), true));
    let own = phones(&router, &mai, "/api/devices/own").await.remove(0);
    assert_eq!((own.id, own.check, own.is_own), (line.id, Some(mai.check), true));
    assert_eq!(sync(&router, &mai).await.status, StatusCode::OK, "nobody waits in the rain for a yes");

    let lines = world.audit_count().await;
    let answer = check(&router, &lead, MEMBER_A, line.id, mai.check).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!of_member_a(&router, &lead).await[0].is_to_be_checked());
    assert!(phones(&router, &mai, "/api/devices/own").await[0].is_checked);
    check(&router, &lead, MEMBER_A, line.id, mai.check).await;
    assert_eq!(world.audit_count().await, lines + 1, "once said, once noted");
}

#[tokio::test]
async fn a_number_is_of_a_token_and_not_of_the_code() {
    let world = World::new().await;
    let router = world.router();
    let (code, install) = (code(&world, MEMBER_A).await, InstallId(fresh()));
    // Of 12 that were drawn by chance, all are one in less than one of 10^40 cases.
    let mut numbers = Vec::new();
    for _ in 0..12 {
        numbers.push(joined(&open_link(&router, &code, install).await, install).check);
    }
    assert!(numbers.iter().any(|number| *number != numbers[0]), "{numbers:?}");
    // Only the last one counts: the phone that shows it has the token that works.
    let lead = join(&world, &router, LEAD_A).await;
    let line = of_member_a(&router, &lead).await.remove(0);
    assert_eq!(line.check, numbers.last().copied());
    let other = CheckNumber::of(u32::from(numbers[11].get()) + 1);
    let refused = check(&router, &lead, MEMBER_A, line.id, other).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "the number that was compared is not this phone's");
    assert!(of_member_a(&router, &lead).await[0].is_to_be_checked());
}

#[tokio::test]
async fn a_stranger_who_opened_the_link_first_is_noticed_and_shut_out() {
    let world = World::new().await;
    let router = world.router();
    let lead = join(&world, &router, LEAD_A).await;
    let (link, install) = (code(&world, MEMBER_A).await, InstallId(fresh()));
    let stranger = joined(&open_link(&router, &link, install).await, install);
    let mine = open_link(&router, &link, InstallId(fresh())).await;
    assert_eq!(mine.code(), "invite_used", "the member has reason to ask");

    let phone = of_member_a(&router, &lead).await.remove(0);
    let request = RevokeRequest { member: MEMBER_A, device: phone.id, reason: DeviceEnd::Lost };
    let answer = ask(&router, post("/api/devices/revoke", Some(&lead.cookie), &request)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let reply: SyncReply = serde_json::from_slice(&sync(&router, &stranger).await.body).expect("a reply");
    assert!(reply.scopes.iter().all(|scope| matches!(scope.content, ScopeContent::Revoked { .. })));
    assert_eq!(open_link(&router, &link, install).await.code(), "invite_expired", "nor again with the same link");
    let late = check(&router, &lead, MEMBER_A, phone.id, stranger.check).await;
    assert_eq!(late.status, StatusCode::OK);
    let phone = of_member_a(&router, &lead).await.remove(0);
    assert_eq!((phone.ended, phone.is_checked), (Some(DeviceEnd::Lost), false), "a no is not taken back by a yes");
}

#[tokio::test]
async fn only_whoever_may_invite_says_yes_and_nobody_of_the_phone_in_their_hand() {
    let world = World::new().await;
    let router = world.router();
    let mai = join(&world, &router, MEMBER_A).await;
    let (member, lead) = (join(&world, &router, MEMBER_B).await, join(&world, &router, LEAD_A).await);
    let (first, second) = (join(&world, &router, COORDINATOR).await, join(&world, &router, COORDINATOR).await);
    let device = phones(&router, &mai, "/api/devices/own").await[0].id;
    for by in [&mai, &member] {
        assert_eq!(check(&router, by, MEMBER_A, device, mai.check).await.status, StatusCode::FORBIDDEN);
    }
    // Under the name of somebody else, or of nobody.
    for whom in [MEMBER_AB, fresh_id()] {
        assert_eq!(check(&router, &lead, whom, device, mai.check).await.status, StatusCode::FORBIDDEN);
    }
    let own = phones(&router, &first, "/api/devices/own").await;
    let own = own.into_iter().find(|line| line.is_own).expect("this phone").id;
    assert_eq!(check(&router, &first, COORDINATOR, own, first.check).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(check(&router, &second, COORDINATOR, own, first.check).await.status, StatusCode::OK);
    let nobody = ask(&router, get("/api/devices/own")).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn at_the_servers_keyboard_the_number_tells_the_phone() {
    let world = World::new().await;
    let router = world.router();
    let phone = join(&world, &router, COORDINATOR).await;
    let other = CheckNumber::of(u32::from(phone.check.get()) + 1);
    assert!(!admin::confirm_device(&world.store, COORDINATOR, other, NOW).await.expect("an answer"));
    assert!(!admin::confirm_device(&world.store, LEAD_A, phone.check, NOW).await.expect("an answer"));
    assert!(admin::confirm_device(&world.store, COORDINATOR, phone.check, NOW).await.expect("an answer"));
    assert!(admin::devices(&world.store, COORDINATOR, NOW).await.expect("phones")[0].is_checked);
    assert!(
        !admin::confirm_device(&world.store, COORDINATOR, phone.check, NOW).await.expect("an answer"),
        "it is said"
    );
}

#[tokio::test]
async fn a_member_has_no_more_phones_than_allowed_until_one_is_shut_out() {
    let world = World::new().await;
    let router = world.router();
    let lead = join(&world, &router, LEAD_A).await;
    let first = join(&world, &router, MEMBER_A).await;
    for _ in 1..invite::PHONES_MAX {
        join(&world, &router, MEMBER_A).await;
    }
    let (link, install) = (code(&world, MEMBER_A).await, InstallId(fresh()));
    let refused = open_link(&router, &link, install).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "too_many_phones"));
    assert_eq!(of_member_a(&router, &lead).await.len(), invite::PHONES_MAX);
    // One of those that are in may come again, and others' phones are theirs.
    let again = open_link(&router, &code(&world, MEMBER_A).await, first.install).await;
    assert_eq!(again.status, StatusCode::OK);
    join(&world, &router, MEMBER_B).await;

    let device = of_member_a(&router, &lead).await[0].id;
    let request = RevokeRequest { member: MEMBER_A, device, reason: DeviceEnd::Left };
    ask(&router, post("/api/devices/revoke", Some(&lead.cookie), &request)).await;
    assert_eq!(open_link(&router, &link, install).await.status, StatusCode::OK, "the invite was not spent");
}

#[tokio::test]
async fn a_phone_that_nobody_hears_of_needs_a_new_invite_and_loses_nothing() {
    let world = World::new().await;
    let router = world.router();
    let (mai, lead) = (join(&world, &router, MEMBER_A).await, join(&world, &router, LEAD_A).await);
    assert_eq!(sync(&router, &mai).await.status, StatusCode::OK);
    let last = later(&world, || NOW + IDLE_MS_MAX).await;
    assert_eq!(sync(&last, &mai).await.status, StatusCode::OK, "on the last day it is still let in");
    // The lead has not come since joining.
    let silent = later(&world, || NOW + IDLE_MS_MAX + 1).await;
    for path in ["/api/lists/office", "/api/devices/own"] {
        assert_eq!(ask(&silent, with_cookie(path, &lead)).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let too_late = later(&world, || NOW + 2 * IDLE_MS_MAX + 1).await;
    let answer = sync(&too_late, &mai).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "device_unknown"));
    assert!(answer.json()["error"]["message"].as_str().is_some_and(|words| words.contains("vẫn giữ nguyên")));

    let invited = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW + 2 * IDLE_MS_MAX).await.expect("one");
    let back = joined(&open_link(&too_late, &invited, mai.install).await, mai.install);
    assert_eq!(sync(&too_late, &back).await.status, StatusCode::OK);
    assert_eq!(phones(&too_late, &back, "/api/devices/own").await.len(), 1, "it is the same phone");
}

#[tokio::test]
async fn a_laptop_that_only_opens_lists_is_heard_of_too() {
    let world = World::new().await;
    let laptop = join(&world, &world.router(), COORDINATOR).await;
    let half = later(&world, || NOW + IDLE_MS_MAX / 2).await;
    assert_eq!(ask(&half, with_cookie("/api/lists/office", &laptop)).await.status, StatusCode::OK);
    let then = later(&world, || NOW + IDLE_MS_MAX + 1).await;
    assert_eq!(ask(&then, with_cookie("/api/lists/office", &laptop)).await.status, StatusCode::OK);
    // And what it says of its unsent work is not made younger by that.
    let mut tx = world.store.read().await.expect("a transaction");
    assert_eq!(tx.devices_of(COORDINATOR).await.expect("devices")[0].last_seen_ms, 0);
    tx.commit().await.expect("read");
}

#[tokio::test]
async fn the_silence_of_the_server_itself_is_not_the_phones() {
    let world = World::new().await;
    let mai = join(&world, &world.router(), MEMBER_A).await;
    let after = later(&world, || NOW + 2 * IDLE_MS_MAX).await;
    assert_eq!(sync(&after, &mai).await.status, StatusCode::UNAUTHORIZED);
    // It stood still over a summer, and a person has said that the clock is right.
    clock::confirm(&world.store, NOW + 2 * IDLE_MS_MAX).await.expect("confirmed");
    assert_eq!(sync(&after, &mai).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_lost_phone_that_comes_back_after_long_still_hears_of_it() {
    let world = World::new().await;
    let router = world.router();
    let (mai, lead) = (join(&world, &router, MEMBER_A).await, join(&world, &router, LEAD_A).await);
    let device = of_member_a(&router, &lead).await[0].id;
    let request = RevokeRequest { member: MEMBER_A, device, reason: DeviceEnd::Lost };
    ask(&router, post("/api/devices/revoke", Some(&lead.cookie), &request)).await;
    let answer = sync(&later(&world, || NOW + 10 * IDLE_MS_MAX).await, &mai).await;
    let reply: SyncReply = serde_json::from_slice(&answer.body).expect("a reply");
    assert!(!reply.scopes.is_empty());
    assert!(reply.scopes.iter().all(|scope| matches!(scope.content, ScopeContent::Revoked { .. })));
}

#[tokio::test]
async fn phones_that_are_silent_for_long_take_nobodys_place() {
    let world = World::new().await;
    let router = world.router();
    for _ in 0..invite::PHONES_MAX {
        join(&world, &router, MEMBER_A).await;
    }
    let then = later(&world, || NOW + IDLE_MS_MAX + 1).await;
    let link = invite::create(&world.store, MEMBER_A, invite::LIFE_MS, NOW + IDLE_MS_MAX).await.expect("an invite");
    let install = InstallId(fresh());
    let phone = joined(&open_link(&then, &link, install).await, install);
    let idle = phones(&then, &phone, "/api/devices/own").await.into_iter().filter(|line| line.is_idle).count();
    assert_eq!(idle, invite::PHONES_MAX);
}
