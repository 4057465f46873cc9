//! Capsules at the server: whoever brings them, however often, they are a push of the phone that made them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::capsule::{CONTENT, Content, CourierNote, CourierSecret, Portion};
use domain::protocol::{CapsuleReply, Push, SyncRequest, Verdict};
use domain::{DocId, Document};
use server::admin;
use server::store::{Revoked, SecretHash, SqliteStore, Store, Tx};

use crate::helpers::*;

const SECRET: CourierSecret = CourierSecret::from_bytes([5; 32]);

async fn world() -> World {
    let world = World::new().await;
    admin::ensure_capsule_key(&world.store, [8; 32]).await.expect("a key");
    world
}

impl Phone {
    fn content(&self, member: DocId, push: Vec<Push>) -> Content {
        Content { version: CONTENT, install: self.install, member, courier: SECRET, made_ms: NOW, push }
    }
}

/// A phone that has told its courier.
async fn equipped(world: &World, member: DocId) -> Phone {
    let phone = world.phone(member).await;
    let reply = tell(world, &phone, SECRET, None).await;
    assert!(reply.capsule_key.is_some());
    phone
}

async fn tell(
    world: &World,
    phone: &Phone,
    secret: CourierSecret,
    void: Option<CourierSecret>,
) -> domain::protocol::SyncReply {
    let void = void.map(|void| void.hash());
    let courier = Some(CourierNote { hash: secret.hash(), void });
    let request = SyncRequest { courier, ..request(phone, Vec::new()) };
    server::sync::sync(&world.store, &world.cache, phone.token, &request, NOW).await.expect("a reply")
}

fn request(phone: &Phone, push: Vec<Push>) -> SyncRequest {
    SyncRequest { push, ..hello(phone.install) }
}

async fn sealed(world: &World, content: &Content) -> Vec<u8> {
    let mut tx = world.store.read().await.expect("a transaction");
    let key = tx.instance().await.expect("read").expect("an instance").capsule_key.expect("a key");
    content.seal(&key.public_key(), [u8::try_from(fresh() % 251).expect("small"); 32]).expect("sealed")
}

fn capsule(bytes: Vec<u8>) -> Request<Body> {
    Request::post("/api/capsules")
        .header("content-type", "application/octet-stream")
        .body(Body::from(bytes))
        .expect("a request")
}

async fn bring(world: &World, content: &Content) -> Answer {
    ask(&world.router(), capsule(sealed(world, content).await)).await
}

fn counts(answer: &Answer) -> (u32, u32) {
    let reply: CapsuleReply = serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.json()));
    (reply.taken, reply.refused)
}

/// A door with somebody who got a signature there.
fn work(member: DocId) -> [Document; 3] {
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    let person = resident(door.id, "Nông Thị Mỷ", 1950, stamp(NOW, 7));
    let fact = signature(person.id, member, stamp(NOW, 7));
    [door, person, fact]
}

fn pushes(documents: &[Document]) -> Vec<Push> {
    documents.iter().map(|doc| push(AREA_A, doc)).collect()
}

async fn everything(world: &World) -> impl PartialEq + std::fmt::Debug + use<> {
    (world.all(AREA_A).await, world.all(DocId::figures(COMMUNE)).await, world.audit_count().await)
}

#[tokio::test]
async fn a_capsule_is_a_push_of_its_author_and_the_authors_own_sync_then_changes_nothing() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let work = work(MEMBER_A);
    let answer = bring(&world, &phone.content(MEMBER_A, pushes(&work))).await;
    assert_eq!(counts(&answer), (3, 0));
    assert_eq!(world.figures(AREA_A).await, world.recounted(AREA_A).await);
    assert_eq!(world.stored(work[2].id).await.expect("stored").doc, work[2]);
    let before = everything(&world).await;
    let verdicts = world.push(&phone, AREA_A, &work.iter().collect::<Vec<_>>()).await;
    assert_eq!(verdicts, [Verdict::Ok, Verdict::Ok, Verdict::Ok]);
    assert_eq!(before, everything(&world).await);
}

#[tokio::test]
async fn forwarding_twice_or_through_two_phones_or_in_pieces_or_after_the_author_changes_nothing() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let work = work(MEMBER_A);
    world.push(&phone, AREA_A, &work.iter().collect::<Vec<_>>()).await;
    let before = everything(&world).await;
    for content in [&work[..], &work[..], &work[1..2], &work[..1], &work[2..]] {
        let answer = bring(&world, &phone.content(MEMBER_A, pushes(content))).await;
        assert_eq!(counts(&answer), (u32::try_from(content.len()).expect("few"), 0));
    }
    assert_eq!(before, everything(&world).await);
}

#[tokio::test]
async fn a_thousand_documents_come_in_one_capsule() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let doors: Vec<Document> = (0..1_000).map(|_| household("Nông Thị Mỷ", stamp(NOW, 7))).collect();
    let answer = bring(&world, &phone.content(MEMBER_A, pushes(&doors))).await;
    assert_eq!(counts(&answer), (1_000, 0));
}

#[tokio::test]
async fn a_capsule_moves_neither_the_phones_last_sync_nor_its_counts() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let device = async || {
        let mut tx = world.store.read().await.expect("a transaction");
        tx.device(phone.token).await.expect("read").expect("a device")
    };
    let before = device().await;
    bring(&world, &phone.content(MEMBER_A, pushes(&work(MEMBER_A)))).await;
    assert_eq!(device().await, before);
}

#[tokio::test]
async fn foreign_areas_and_other_peoples_records_are_refused_as_in_a_sync() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let own = household("A", stamp(NOW, 7));
    let foreign = household("B", stamp(NOW, 7));
    let anothers = signature(fresh_id(), MEMBER_B, stamp(NOW, 7));
    let ahead = household("C", stamp(NOW + 3 * MINUTE, 7));
    let push = vec![push(AREA_A, &own), push(AREA_B, &foreign), push(AREA_A, &anothers), push(AREA_A, &ahead)];
    assert_eq!(counts(&bring(&world, &phone.content(MEMBER_A, push)).await), (1, 3));
    for refused in [foreign.id, anothers.id, ahead.id] {
        assert_eq!(world.stored(refused).await, None);
    }
}

#[tokio::test]
async fn who_has_not_the_secret_of_a_phone_brings_nothing_in_its_name() {
    let world = world().await;
    let (phone, other) = (equipped(&world, MEMBER_A).await, world.phone(LEAD_A).await);
    let honest = phone.content(MEMBER_A, pushes(&work(MEMBER_A)));
    let forged = [
        Content { courier: CourierSecret::from_bytes([6; 32]), ..honest.clone() },
        Content { member: LEAD_A, ..honest.clone() },
        Content { install: other.install, ..honest.clone() },
    ];
    for content in forged {
        let answer = bring(&world, &content).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "capsule_unknown"));
    }
    tell(&world, &other, SECRET, None).await;
    assert_eq!(counts(&bring(&world, &honest).await), (3, 0), "another phone cannot take a courier over");
}

#[tokio::test]
async fn damaged_foreign_and_other_bytes_are_told_apart() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let content = phone.content(MEMBER_A, pushes(&work(MEMBER_A)));
    let mut damaged = sealed(&world, &content).await;
    damaged.pop();
    let foreign = domain::capsule::SecretKey::from_bytes([77; 32]).public_key();
    let foreign = content.seal(&foreign, [1; 32]).expect("sealed");
    let cases = [(damaged, "capsule_damaged"), (foreign, "capsule_foreign"), (b"<html>".to_vec(), "capsule_damaged")];
    for (bytes, code) in cases {
        let answer = ask(&world.router(), capsule(bytes)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, code));
    }
}

#[tokio::test]
async fn another_site_another_type_and_too_much_are_refused() {
    let world = world().await;
    let foreign = Request::post("/api/capsules")
        .header("content-type", "application/octet-stream")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty());
    let plain = Request::post("/api/capsules").header("content-type", "text/plain").body(Body::from("TN1"));
    let router = world.router();
    assert_eq!(ask(&router, foreign.expect("a request")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(&router, plain.expect("a request")).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(ask(&router, capsule(vec![0; 2 << 20])).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    for _ in 0..60 {
        ask(&router, capsule(Vec::new())).await;
    }
    assert_eq!(ask(&router, capsule(Vec::new())).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_answer_holds_counts_and_nothing_else() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let answer = bring(&world, &phone.content(MEMBER_A, pushes(&work(MEMBER_A)))).await;
    assert_eq!(answer.body, br#"{"taken":3,"refused":0}"#);
}

#[tokio::test]
async fn the_capsule_of_a_phone_that_was_shut_out_is_taken_only_when_a_lead_or_coordinator_brings_it() {
    for reason in [Revoked::Lost, Revoked::Left] {
        shut_out(reason).await;
    }
}

async fn shut_out(reason: Revoked) {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let content = phone.content(MEMBER_A, pushes(&work(MEMBER_A)));
    admin::revoke_devices(&world.store, MEMBER_A, reason, NOW).await.expect("revoked");
    let with = async |member: DocId| {
        let token = format!("token-{}", fresh());
        let hash = SecretHash::of(token.as_bytes());
        admin::enrol(&world.store, member, domain::InstallId(fresh()), hash, fresh_id(), NOW).await.expect("enrolled");
        let mut request = capsule(sealed(&world, &content).await);
        request.headers_mut().insert("cookie", format!("tn_device={token}").parse().expect("a header"));
        ask(&world.router(), request).await
    };
    let alone = bring(&world, &content).await;
    assert_eq!((alone.status, alone.code().as_str()), (StatusCode::FORBIDDEN, "capsule_shut_out"));
    for stranger in [MEMBER_AB, MEMBER_B] {
        assert_eq!(with(stranger).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(counts(&with(LEAD_A).await), (3, 0));
    assert_eq!(counts(&with(COORDINATOR).await), (3, 0));
}

#[tokio::test]
async fn a_capsule_of_a_phone_that_was_replaced_is_still_its_members() {
    let world = world().await;
    let old = equipped(&world, MEMBER_A).await;
    let content = old.content(MEMBER_A, pushes(&work(MEMBER_A)));
    let new = world.phone(MEMBER_A).await;
    tell(&world, &new, CourierSecret::from_bytes([6; 32]), None).await;
    assert_eq!(counts(&bring(&world, &content).await), (3, 0));
}

#[tokio::test]
async fn a_void_courier_stays_void_and_the_next_one_is_taken() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let next = CourierSecret::from_bytes([6; 32]);
    tell(&world, &phone, next, Some(SECRET)).await;
    tell(&world, &phone, SECRET, None).await;
    let old = phone.content(MEMBER_A, pushes(&work(MEMBER_A)));
    let answer = bring(&world, &old).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::GONE, "capsule_void"));
    assert_eq!(counts(&bring(&world, &Content { courier: next, ..old }).await), (3, 0));
}

#[tokio::test]
async fn a_restored_server_opens_what_was_sealed_before_and_gets_the_rest_from_the_phone() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let snapshot = world.store.snapshot().await.expect("a backup");
    let work = work(MEMBER_A);
    let content = phone.content(MEMBER_A, pushes(&work));
    assert_eq!(counts(&bring(&world, &content).await), (3, 0));
    let store = SqliteStore::in_memory_from(&snapshot).await.expect("restored");
    admin::mark_restored(&store, 0xe1, NOW).await.expect("marked");
    let restored = World { store, cache: server::area_cache::AreaCache::default() };
    admin::ensure_capsule_key(&restored.store, [99; 32]).await.expect("its own key stays");
    assert_eq!(counts(&bring(&restored, &content).await), (3, 0));
    assert_eq!(restored.stored(work[2].id).await.expect("stored").doc, work[2]);
}

#[tokio::test]
async fn a_record_that_its_author_has_sent_under_a_mended_stamp_counts_as_there() {
    let world = world().await;
    let phone = equipped(&world, MEMBER_A).await;
    let at = |ms| stamp(ms, phone.install.0);
    let old = signature(fresh_id(), MEMBER_A, at(NOW - MINUTE));
    let mut mended = signature(fresh_id(), MEMBER_A, at(NOW));
    mended.id = old.id;
    assert_eq!(world.push(&phone, AREA_A, &[&mended]).await, [Verdict::Ok]);
    assert_eq!(counts(&bring(&world, &phone.content(MEMBER_A, vec![push(AREA_A, &old)])).await), (1, 0));
    assert_eq!(world.stored(old.id).await.expect("stored").doc, mended);
}

#[tokio::test]
async fn the_time_is_told_to_everybody() {
    let answer = ask(&world().await.router(), get("/api/time")).await;
    assert_eq!(answer.body, format!(r#"{{"server_ms":{NOW}}}"#).as_bytes());
}

mod whole {
    //! The real replica and the real server: a capsule that left under a wrong clock.

    use domain::replica::Event;

    use super::*;
    use crate::real_phone::RealPhone;

    /// Counts, or the status of the refusal.
    async fn bring(world: &World, author: &RealPhone, content: &Content) -> Result<(u32, u32), StatusCode> {
        let bytes = sealed(world, content).await;
        let reply = server::capsule::take(&world.store, &world.cache, &bytes, None, author.server_ms).await;
        reply.map(|reply| (reply.taken, reply.refused)).map_err(|error| error.status())
    }

    const HOUR: u64 = 60 * MINUTE;

    /// Hello, record, close, clock set wrongly, open without a network, record, hand over; then the capsule arrives after
    /// `capsule_after` ms and the phone has a network `before` or after that.
    async fn a_capsule_under_a_wrong_clock(error_ms: i64, capsule_after: u64, author_first: bool) {
        let world = world().await;
        let mut author = RealPhone::new(&world, MEMBER_A, 0).await;
        author.handle(&world, Event::Equip(SECRET), true).await;
        author.sync(&world).await;
        author.now.wall_ms = author.now.wall_ms.saturating_add_signed(error_ms);
        // The write notices that the clock was set; nothing is sent before the next hello.
        let (first, second) = (author.record(&world, AREA_A).await, author.record(&world, AREA_A).await);
        author.handle(&world, Event::HandOver { ticket: 2, portion: Portion::FILE }, false).await;
        let content = author.contents.remove(0);
        assert_eq!(content.push.len(), 2);
        let later = author.record(&world, AREA_A).await;
        let note = format!("error {error_ms}, capsule after {capsule_after}, author first: {author_first}");
        if author_first {
            author.sync(&world).await;
            author.pass(capsule_after);
            let outcome = bring(&world, &author, &content).await;
            assert!([Ok((2, 0)), Err(StatusCode::GONE)].contains(&outcome), "{note}: {outcome:?}");
        } else {
            author.pass(capsule_after);
            let _ = bring(&world, &author, &content).await;
        }
        author.sync(&world).await;
        assert_eq!(author.replica.status().unsent, 0, "{note}");
        assert_eq!(author.replica.status().refused, 0, "{note}");
        for id in [first, second, later] {
            let stored = world.stored(id).await.unwrap_or_else(|| panic!("{note}: stored")).doc;
            assert_eq!(author.replica.row(id).and_then(|row| row.base.clone()), Some(stored), "{note}");
        }
        let before = world.audit_count().await;
        let _ = bring(&world, &author, &content).await;
        assert_eq!(world.audit_count().await, before, "{note}: a late capsule moves nothing");
    }

    #[tokio::test]
    async fn nothing_is_refused_doubled_or_different_however_wrong_the_clock_was() {
        for error_ms in [-400 * 24 * 3_600_000, -3_600_000, 3_600_000, 400 * 24 * 3_600_000] {
            for capsule_after in [0, HOUR / 2, 2 * HOUR] {
                for author_first in [true, false] {
                    a_capsule_under_a_wrong_clock(error_ms, capsule_after, author_first).await;
                }
            }
        }
    }

    #[tokio::test]
    async fn what_is_sealed_by_a_phone_is_taken_from_another_hand() {
        let world = world().await;
        let mut author = RealPhone::new(&world, MEMBER_A, 0).await;
        author.handle(&world, Event::Equip(SECRET), true).await;
        author.sync(&world).await;
        author.handle(&world, Event::SyncNow, false).await;
        let id = author.record(&world, AREA_A).await;
        author.handle(&world, Event::HandOver { ticket: 2, portion: Portion::RESCUE }, false).await;
        assert_eq!(bring(&world, &author, &author.contents[0]).await, Ok((1, 0)));
        assert!(world.stored(id).await.is_some());
        assert_eq!(author.replica.status().unsent, 1, "only its own sync clears the mark");
        author.sync(&world).await;
        assert_eq!(author.replica.status().unsent, 0);
    }
}
