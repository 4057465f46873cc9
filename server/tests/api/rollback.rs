//! A file that was put back without a word: a snapshot of the machine, a copied file. Phones lose nothing by it.

use std::path::Path;

use domain::protocol::{RevokeReason, ScopeContent, ScopeCursor, SyncReply};
use domain::{DocId, Document, InstallId, Kind, Value};
use server::admin;
use server::area_cache::AreaCache;
use server::config::DATABASE;
use server::store::{Instance, Revoked, SqliteStore, Store, Tx};

use crate::helpers::*;
use crate::real_phone::RealPhone;

const KEY: [u8; 32] = [8; 32];

async fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join(DATABASE)).await.expect("a store")
}

async fn world_in(folder: &Path) -> World {
    let store = open(folder).await;
    admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
    admin::ensure_capsule_key(&store, KEY).await.expect("a key");
    World::with_store(store, AreaCache::default()).await
}

/// Copies the file while nobody has it open, and starts again.
async fn copy(world: &mut World, folder: &Path, from: &str, to: &str) {
    world.store.close().await;
    std::fs::copy(folder.join(from), folder.join(to)).expect("copied");
    *world = World { store: open(folder).await, cache: AreaCache::default() };
}

async fn instance(world: &World) -> Instance {
    let mut tx = world.store.read().await.expect("a transaction");
    let instance = tx.instance().await.expect("read").expect("an instance");
    tx.commit().await.expect("read");
    instance
}

async fn cursor(world: &World, phone: &Phone, scope: DocId) -> String {
    let reply = world.sync(phone, Vec::new(), NOW).await.expect("a reply");
    pages(&reply).into_iter().find(|(of, _)| *of == scope).expect("a page").1.cursor.clone()
}

fn standing_at(phone: &mut Phone, scope: DocId, cursor: &str) {
    phone.cursors.retain(|known| known.scope != scope);
    phone.cursors.push(ScopeCursor { scope, cursor: Some(cursor.to_owned()) });
}

fn said_of(reply: &SyncReply, scope: DocId) -> Option<&ScopeContent> {
    reply.scopes.iter().find(|said| said.scope == scope).map(|said| &said.content)
}

fn area(id: DocId) -> Document {
    Document::description(id, Kind::Area).with(stamp(NOW, 7), [("name", Value::from("Tổ mới"))])
}

fn works_in(areas: &[DocId]) -> Document {
    let areas: Value = areas.iter().copied().collect();
    Document::description(MEMBER_A, Kind::Member).with(stamp(NOW, 7), [("areas", areas)])
}

#[tokio::test]
async fn what_only_phones_have_after_a_file_was_put_back_stays_and_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = world_in(folder.path()).await;
    let (mut member, mut office) =
        (RealPhone::new(&world, MEMBER_A, 0).await, RealPhone::new(&world, COORDINATOR, 0).await);
    member.sync(&world).await;
    office.sync(&world).await;
    copy(&mut world, folder.path(), DATABASE, "snapshot").await;

    // An area that the snapshot does not know, and work in both areas.
    let new_area = fresh_id();
    world.write(COMMUNE, &[area(new_area), works_in(&[AREA_A, new_area])], member.server_ms).await;
    office.sync(&world).await;
    member.sync(&world).await;
    let mut work = Vec::new();
    for _ in 0..40 {
        work.push(member.record(&world, new_area).await);
        work.push(member.record(&world, AREA_A).await);
    }
    member.sync(&world).await;
    assert_eq!((member.replica.status().unsent, member.settled(new_area)), (0, 40));
    let before = instance(&world).await;
    assert_eq!(before.rolled_back_ms, None);

    copy(&mut world, folder.path(), "snapshot", DATABASE).await;
    assert_eq!(instance(&world).await.epoch, before.epoch, "nobody has said a word");
    member.sync(&world).await;
    let after = instance(&world).await;
    assert_ne!(after.epoch, before.epoch);
    assert!(after.rolled_back_ms.is_some() && after.restored_ms == after.rolled_back_ms);
    assert_eq!(member.held(new_area), 40, "of an area that the server does not know nothing is deleted");
    for id in work.iter().skip(1).step_by(2) {
        assert!(world.stored(*id).await.is_some(), "what is of a known area is back at once");
    }

    // The office's phone brings back the area and who works there; then the work follows.
    office.sync(&world).await;
    member.sync(&world).await;
    let status = member.replica.status();
    assert_eq!((status.unsent, status.refused, member.settled(new_area)), (0, 0, 40));
    for id in work {
        assert!(world.stored(id).await.is_some());
    }
    assert_eq!(instance(&world).await.epoch, after.epoch, "once is enough");
    world.store.close().await;
}

#[tokio::test]
async fn phones_that_prove_it_at_once_make_one_new_epoch() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = world_in(folder.path()).await;
    let (mut one, mut two) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    copy(&mut world, folder.path(), DATABASE, "snapshot").await;
    world.write(AREA_A, &[household("sau", stamp(NOW, 7))], NOW).await;
    world.pull(&mut one).await;
    world.pull(&mut two).await;
    copy(&mut world, folder.path(), "snapshot", DATABASE).await;
    let audit = world.audit_count().await;
    let (first, second) = tokio::join!(world.sync(&one, Vec::new(), NOW), world.sync(&two, Vec::new(), NOW));
    let epochs = [first, second].map(|reply| reply.expect("a reply").epoch);
    let now = instance(&world).await;
    assert_eq!(epochs, [now.epoch.clone(), now.epoch.clone()]);
    assert_eq!(world.audit_count().await, audit + 1, "noted once");
    // Their old cursors prove nothing any more.
    world.sync(&one, Vec::new(), NOW).await.expect("a reply");
    assert_eq!(instance(&world).await, now);
    world.store.close().await;
}

#[tokio::test]
async fn a_push_with_a_proof_is_taken_under_the_new_epoch() {
    let mut world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    let snapshot = world.store.snapshot().await.expect("bytes");
    world.write(AREA_A, &[household("sau", stamp(NOW, 7))], NOW).await;
    world.pull(&mut phone).await;
    world =
        World { store: SqliteStore::in_memory_from(&snapshot).await.expect("a store"), cache: AreaCache::default() };
    // So many that the scope's number passes the cursor within the same request.
    let doors: Vec<Document> = (0..9).map(|_| household("mới", stamp(NOW, 8))).collect();
    let pushed = doors.iter().map(|door| push(AREA_A, door)).collect();
    let reply = world.sync(&phone, pushed, NOW).await.expect("a reply");
    assert!(reply.results.iter().all(|result| result.verdict == domain::protocol::Verdict::Ok));
    let now = instance(&world).await;
    assert!(now.rolled_back_ms.is_some() && reply.epoch == now.epoch && reply.epoch != format!("{:032x}", 0xe0));
}

#[tokio::test]
async fn nothing_but_our_own_code_proves_anything() {
    let store = SqliteStore::in_memory().await.expect("a store");
    admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
    let world = World::with_store(store, AreaCache::default()).await;
    let mut phone = world.phone(MEMBER_A).await;
    let door = household("A", stamp(NOW, 7));
    world.push(&phone, AREA_A, &[&door]).await;
    let old = cursor(&world, &phone, AREA_A).await;
    assert_eq!(old.split('.').count(), 2, "without keys there are no codes");
    let epoch = instance(&world).await.epoch;
    let unknown = fresh_id();
    standing_at(&mut phone, AREA_A, &format!("{epoch}.999"));
    standing_at(&mut phone, unknown, &format!("{epoch}.1.0011223344556677"));
    world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    assert_eq!(instance(&world).await.epoch, epoch, "without keys nothing is proved");

    admin::ensure_capsule_key(&world.store, KEY).await.expect("a key");
    let ours = cursor(&world, &phone, AREA_A).await;
    let code = ours.rsplit_once('.').expect("a code").1;
    let communes = cursor(&world, &phone, COMMUNE).await;
    let lies = [
        format!("{epoch}.999"),
        format!("{epoch}.999.{code}"),
        format!("{epoch}.999.0000000000000000"),
        format!("{epoch}.999."),
        format!("{epoch}.999.{code}.{code}"),
        // A code of another scope's.
        communes,
        ours.replace(&epoch, &"f".repeat(32)),
        String::new(),
    ];
    for lie in lies {
        for scope in [AREA_A, unknown] {
            standing_at(&mut phone, scope, &lie);
        }
        let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
        assert_eq!(instance(&world).await.epoch, epoch, "{lie}");
        assert_eq!(said_of(&reply, unknown), None, "{lie}");
        let Some(ScopeContent::Page(page)) = said_of(&reply, AREA_A) else { panic!("a page") };
        assert_eq!(page.docs.len(), 1, "{lie}: from the beginning");
    }
    for place in [ours, old] {
        standing_at(&mut phone, AREA_A, &place);
        let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
        let Some(ScopeContent::Page(page)) = said_of(&reply, AREA_A) else { panic!("a page") };
        assert!(page.docs.is_empty(), "{place}: what it has is not sent again");
    }
    assert_eq!(instance(&world).await.epoch, epoch);
}

#[tokio::test]
async fn who_has_left_an_area_that_is_known_is_told_so_and_nobody_is_of_one_that_is_not() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    world.pull(&mut phone).await;
    let unknown = fresh_id();
    phone.cursors.push(ScopeCursor { scope: unknown, cursor: None });
    world.write(COMMUNE, &[works_in(&[AREA_B])], NOW).await;
    let left = ScopeContent::Revoked { revoked: RevokeReason::LeftArea };
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    assert_eq!((said_of(&reply, AREA_A), said_of(&reply, unknown)), (Some(&left), None));
    admin::revoke_devices(&world.store, MEMBER_A, Revoked::Left, NOW).await.expect("revoked");
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    assert_eq!((said_of(&reply, AREA_A), said_of(&reply, unknown)), (Some(&left), None));
    admin::revoke_devices(&world.store, MEMBER_A, Revoked::Lost, NOW).await.expect("revoked");
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    let lost = ScopeContent::Revoked { revoked: RevokeReason::LostPhone };
    assert_eq!(said_of(&reply, unknown), Some(&lost), "a lost phone keeps nothing");
}
