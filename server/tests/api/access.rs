//! Who may read and write what. Nothing of an area ever reaches a phone that has no business there.

use domain::clock::AHEAD_MS_MAX;
use domain::protocol::{Pulled, Push, Rejection, Verdict};
use domain::{DocId, Document, Kind, Value};
use server::admin;

use crate::helpers::*;

const MARK_A: &str = "chỉ-địa-bàn-A";
const MARK_B: &str = "chỉ-địa-bàn-B";

async fn marked_world() -> (World, Document, Document) {
    let world = World::new().await;
    let (a, b) = (household(MARK_A, stamp(NOW - 9, 7)), household(MARK_B, stamp(NOW - 9, 7)));
    world.write(AREA_A, std::slice::from_ref(&a), NOW).await;
    world.write(AREA_B, std::slice::from_ref(&b), NOW).await;
    (world, a, b)
}

#[tokio::test]
async fn each_role_reads_its_own_scopes_and_no_other() {
    let (world, ..) = marked_world().await;
    let figures = DocId::figures(COMMUNE);
    let cases: [(DocId, &[DocId]); 5] = [
        (MEMBER_A, &[COMMUNE, AREA_A]),
        (MEMBER_B, &[COMMUNE, AREA_B]),
        (MEMBER_AB, &[COMMUNE, AREA_A, AREA_B]),
        (LEAD_A, &[COMMUNE, AREA_A, figures]),
        (COORDINATOR, &[COMMUNE, figures]),
    ];
    for (member, scopes) in cases {
        let phone = world.phone(member).await;
        let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
        let mut got: Vec<DocId> = pages(&reply).iter().map(|(scope, _)| *scope).collect();
        assert_eq!(got.first(), Some(&COMMUNE), "the commune comes first");
        got.sort_unstable();
        let mut wanted = scopes.to_vec();
        wanted.sort_unstable();
        assert_eq!(got, wanted, "{member}");
        let text = serde_json::to_string(&reply).expect("JSON");
        assert_eq!(text.contains(MARK_A), scopes.contains(&AREA_A), "{member}");
        assert_eq!(text.contains(MARK_B), scopes.contains(&AREA_B), "{member}");
    }
}

#[tokio::test]
async fn asking_for_a_foreign_scope_gives_nothing_of_it() {
    let (world, ..) = marked_world().await;
    let mut phone = world.phone(MEMBER_B).await;
    let elsewhere = fresh_id();
    admin::add_commune(&world.store, elsewhere).await.expect("another commune");
    for scope in [AREA_A, DocId::figures(COMMUNE), elsewhere, fresh_id()] {
        phone.cursors.push(domain::protocol::ScopeCursor { scope, cursor: None });
    }
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    assert!(!serde_json::to_string(&reply).expect("JSON").contains(MARK_A));
    assert_eq!(pages(&reply).len(), 2);
    let told: Vec<DocId> = reply.scopes[2..].iter().map(|said| said.scope).collect();
    // Whoever reads the commune knows its areas. Of other ids nobody learns whether they are known.
    assert!(told.len() == 2 && [AREA_A, DocId::figures(COMMUNE)].iter().all(|scope| told.contains(scope)), "{told:?}");
}

#[tokio::test]
async fn a_foreign_id_is_refused_without_a_hint() {
    let (world, a, _) = marked_world().await;
    let phone = world.phone(MEMBER_B).await;
    let edit = Document::description(a.id, Kind::Household).with(stamp(NOW, 7), [("head", Value::from("chiếm"))]);
    let free = household("mới", stamp(NOW, 7));
    for (scope, doc) in
        [(AREA_A, &edit), (AREA_B, &edit), (fresh_id(), &edit), (AREA_A, &free), (AREA_A, &a), (AREA_B, &a)]
    {
        let reply = world.sync(&phone, vec![push(scope, doc)], NOW).await.expect("a reply");
        assert_eq!(reply.results[0].verdict, refused(Rejection::Forbidden));
        assert!(!serde_json::to_string(&reply).expect("JSON").contains(MARK_A));
    }
    assert_eq!(world.stored(a.id).await.expect("stored").doc, a);
    assert_eq!(world.stored(free.id).await, None);
}

#[tokio::test]
async fn a_document_stays_in_its_area_whatever_the_phone_says() {
    let (world, a, _) = marked_world().await;
    let phone = world.phone(MEMBER_AB).await;
    let edit = Document::description(a.id, Kind::Household).with(stamp(NOW, 7), [("note", Value::from("đã sửa"))]);
    assert_eq!(world.push(&phone, AREA_B, &[&edit]).await, [Verdict::Merged]);
    let stored = world.stored(a.id).await.expect("stored");
    assert_eq!((stored.scope, stored.doc.text("note")), (AREA_A, Some("đã sửa")));
}

#[tokio::test]
async fn what_is_known_is_not_confirmed_for_a_scope_in_which_it_does_not_live() {
    let (world, a, _) = marked_world().await;
    let phone = world.phone(MEMBER_AB).await;
    assert_eq!(world.push(&phone, AREA_B, &[&a]).await, [refused(Rejection::Forbidden)]);
    assert_eq!(world.push(&phone, AREA_A, &[&a]).await, [Verdict::Ok]);
}

#[tokio::test]
async fn each_role_writes_what_is_its_own_to_write() {
    let (world, a, _) = marked_world().await;
    let at = stamp(NOW, 7);
    let figures = DocId::figures(COMMUNE);
    let new = |kind| Document::description(fresh_id(), kind).with(at, [("name", Value::from("x"))]);
    let summary = Document::description(DocId::summary(AREA_A), Kind::Summary)
        .with(stamp(NOW + MINUTE, 7), [("figures", Value::Int(1))]);
    // Member of A, lead of A, coordinator.
    let cases: Vec<(&str, DocId, Document, [bool; 3])> = vec![
        ("a door", AREA_A, household("x", at), [true, true, true]),
        ("a route", AREA_A, new(Kind::Route), [false, true, true]),
        ("a plan", COMMUNE, new(Kind::Campaign), [false, false, true]),
        ("a member", COMMUNE, new(Kind::Member), [false, false, true]),
        ("a member in an area", AREA_A, new(Kind::Member), [false, false, false]),
        ("a door in the commune", COMMUNE, household("x", at), [false, false, false]),
        ("figures", figures, summary, [false, false, false]),
        ("figures in an area", AREA_A, new(Kind::Summary), [false, false, false]),
        ("a door in another area", AREA_B, household("x", at), [false, false, true]),
        ("somebody's record", AREA_A, signature(a.id, MEMBER_B, at), [false, false, false]),
    ];
    let people = [MEMBER_A, LEAD_A, COORDINATOR];
    for (what, scope, doc, allowed) in cases {
        for (member, is_allowed) in people.into_iter().zip(allowed) {
            let phone = world.phone(member).await;
            let mut doc = doc.clone();
            if doc.kind != Kind::Summary || scope != figures {
                doc.id = fresh_id();
            }
            let verdict = world.push(&phone, scope, &[&doc]).await.remove(0);
            let wanted = if is_allowed { Verdict::Ok } else { refused(Rejection::Forbidden) };
            assert_eq!(verdict, wanted, "{what} by {member}");
        }
    }
}

#[tokio::test]
async fn a_record_carries_its_senders_name() {
    let (world, a, _) = marked_world().await;
    let at = stamp(NOW, 7);
    for member in [MEMBER_A, LEAD_A] {
        let phone = world.phone(member).await;
        assert_eq!(world.push(&phone, AREA_A, &[&signature(a.id, member, at)]).await, [Verdict::Ok]);
    }
    let lead = world.phone(LEAD_A).await;
    let by_lead = |member| {
        let fields = domain::visit::Correction::fields(fresh_id(), member, true);
        Document::fact(fresh_id(), Kind::Correction, at, fields)
    };
    assert_eq!(world.push(&lead, AREA_A, &[&by_lead(LEAD_A)]).await, [Verdict::Ok]);
    let member = world.phone(MEMBER_A).await;
    assert_eq!(world.push(&member, AREA_A, &[&by_lead(MEMBER_A)]).await, [refused(Rejection::Forbidden)]);
}

#[tokio::test]
async fn offering_what_one_may_read_but_not_write_is_no_fault_while_it_is_unchanged() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    let (_, plan) = world.pull(&mut phone).await.into_iter().find(|(_, doc)| doc.id == CAMPAIGN).expect("the plan");
    assert_eq!(world.push(&phone, COMMUNE, &[&plan]).await, [Verdict::Ok]);
    let changed = plan.with(stamp(NOW, 7), [("quota", Value::Int(1))]);
    assert_eq!(world.push(&phone, COMMUNE, &[&changed]).await, [refused(Rejection::Forbidden)]);
}

#[tokio::test]
async fn after_a_restore_comes_back_what_the_server_has_stored_and_nothing_else() {
    let (world, a, _) = marked_world().await;
    let backup = world.store.snapshot().await.expect("a backup");
    // Of others, the server's own, and stamped by a clock that was ahead.
    let at = stamp(NOW + AHEAD_MS_MAX, 9);
    let route = Document::description(fresh_id(), Kind::Route).with(at, [("name", Value::from("1"))]);
    let moved = household("Lạ", at).with(at, [("moved_to", AREA_B.into())]);
    let work = [signature(a.id, LEAD_A, at), route, moved];
    world.write(AREA_A, &work, NOW).await;
    let mut held = world.pull_proved(&mut world.phone(MEMBER_A).await).await;
    held.retain(|(_, pulled)| work.contains(&pulled.doc));
    assert_eq!(held.len(), work.len());

    let store = server::store::SqliteStore::in_memory_from(&backup).await.expect("the backup");
    let world = World { store, cache: server::area_cache::AreaCache::default() };
    admin::mark_restored(&world.store, 7, NOW).await.expect("restored");
    let phone = world.phone(MEMBER_A).await;
    let bare: Vec<(DocId, Pulled)> =
        held.iter().map(|(scope, pulled)| (*scope, Pulled { receipt: None, ..pulled.clone() })).collect();
    let forbidden = vec![refused(Rejection::Forbidden); 3];
    assert_eq!(world.bring(&phone, &bare).await, forbidden);
    let mut swapped = held.clone();
    for (one, other) in swapped.iter_mut().zip(held.iter().cycle().skip(1)) {
        one.1.receipt = other.1.receipt;
    }
    assert_eq!(world.bring(&phone, &swapped).await, forbidden);
    let reply = world
        .sync(
            &phone,
            held.iter().map(|(scope, it)| Push { receipt: it.receipt, ..push(*scope, &it.doc) }).collect(),
            NOW - MINUTE,
        )
        .await
        .expect("a reply");
    assert!(reply.results.iter().all(|result| result.verdict == Verdict::Ok), "{reply:?}");
}

#[tokio::test]
async fn one_member_cannot_erase_an_area() {
    let (world, a, _) = marked_world().await;
    let person = resident(a.id, "Nông Thị Mỷ", 1950, stamp(NOW - 9, 7));
    let route = Document::description(fresh_id(), Kind::Route).with(stamp(NOW - 9, 7), [("name", Value::from("1"))]);
    world.write(AREA_A, &[person.clone(), route.clone()], NOW).await;
    let before = world.all(AREA_A).await;
    let left = world.phone(MEMBER_AB).await;
    let moved_on = Document::description(MEMBER_AB, Kind::Member)
        .with(stamp(NOW, 1), [("areas", [AREA_B].into_iter().collect::<Value>())]);
    world.write(COMMUNE, &[moved_on], NOW).await;
    let lead_of_b = world.phone(MEMBER_B).await;
    for phone in [world.phone(MEMBER_A).await, left, lead_of_b] {
        for doc in [&a, &person, &route] {
            let full = Document { erased: true, ..doc.clone() };
            let bare = Document { erased: true, ..Document::description(doc.id, doc.kind.clone()) };
            let fact = erasure(doc.id, MEMBER_A, stamp(NOW - 8, 7));
            for push in [&full, &bare, &fact] {
                assert_eq!(world.push(&phone, AREA_A, &[push]).await, [refused(Rejection::Forbidden)], "{push:?}");
            }
        }
    }
    assert_eq!(world.all(AREA_A).await, before);
}

#[tokio::test]
async fn an_erasure_reaches_what_arrives_after_it() {
    let (world, a, _) = marked_world().await;
    let (member, lead) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    let person = resident(a.id, "Nông Thị Mỷ", 1950, stamp(NOW - 9, 7));
    let visit = |note: &str| {
        let fields = domain::visit::Visit::fields(
            a.id,
            MEMBER_A,
            domain::Day::at_ms(NOW),
            domain::visit::VisitResult::Met,
            None,
            &[],
            note,
        );
        Document::fact(fresh_id(), Kind::Visit, stamp(NOW, 7), fields)
    };
    let (early, late) = (visit("hẹn bà Mỷ"), visit("gặp bà Mỷ"));
    world.push(&member, AREA_A, &[&early]).await;
    let erasures = [erasure(person.id, LEAD_A, stamp(NOW, 8)), erasure(a.id, LEAD_A, stamp(NOW, 8))];
    assert_eq!(world.push(&lead, AREA_A, &[&erasures[0], &erasures[1]]).await, [Verdict::Ok, Verdict::Ok]);
    world.push(&member, AREA_A, &[&person, &late]).await;
    for id in [a.id, person.id, early.id, late.id] {
        let stored = world.stored(id).await.expect("stored").doc;
        assert!(stored.erased, "{stored:?}");
        assert!(!serde_json::to_string(&stored).expect("JSON").contains("Mỷ"));
    }
    assert_eq!(world.figures(AREA_A).await, world.recounted(AREA_A).await);
}

/// A date proves nothing: what is dated before a restore is judged as on any other day.
#[tokio::test]
async fn after_a_restore_nobody_forges_what_is_dated_before_it() {
    let (world, a, _) = marked_world().await;
    let person = resident(a.id, "Nông Thị Mỷ", 1950, stamp(NOW - 9, 7));
    world.write(AREA_A, std::slice::from_ref(&person), NOW).await;
    admin::mark_restored(&world.store, 7, NOW + MINUTE).await.expect("restored");
    let before = world.all(AREA_A).await;
    let phone = world.phone(MEMBER_A).await;
    for days in [0, 3, 29] {
        let at = stamp(NOW - 5 - days * 24 * 60 * MINUTE, 9);
        let by_lead = |member| {
            let fields = domain::visit::Correction::fields(fresh_id(), member, true);
            Document::fact(fresh_id(), Kind::Correction, at, fields)
        };
        let forged = [
            signature(person.id, LEAD_A, at),
            by_lead(LEAD_A),
            by_lead(MEMBER_A),
            Document::description(fresh_id(), Kind::Route).with(at, [("name", Value::from("1"))]),
            Document::description(a.id, Kind::Household).with(at, [("moved_to", AREA_B.into())]),
            Document { erased: true, ..person.clone() },
            Document { erased: true, ..Document::description(person.id, Kind::Resident) },
            erasure(person.id, MEMBER_A, at),
            erasure(person.id, LEAD_A, at),
        ];
        for doc in &forged {
            assert_eq!(world.push(&phone, AREA_A, &[doc]).await, [refused(Rejection::Forbidden)], "{days}: {doc:?}");
        }
    }
    assert_eq!(world.all(AREA_A).await, before);
}

/// Figures of before would stand beside records of now, until something happens in their area.
#[tokio::test]
async fn after_a_restore_nobody_brings_the_figures_of_before() {
    let (world, ..) = marked_world().await;
    let backup = world.store.snapshot().await.expect("a backup");
    let later = household("Mới", stamp(NOW, 7));
    assert_eq!(world.push(&world.phone(MEMBER_A).await, AREA_A, &[&later]).await, [Verdict::Ok]);
    let mut held = world.pull_proved(&mut world.phone(LEAD_A).await).await;
    held.retain(|(_, pulled)| pulled.doc.kind.is_counted());
    assert!(held.iter().any(|(_, pulled)| pulled.doc.kind == Kind::Summary));

    let store = server::store::SqliteStore::in_memory_from(&backup).await.expect("the backup");
    let world = World { store, cache: server::area_cache::AreaCache::default() };
    let figures = async || {
        let (_, mut all) = world.all(DocId::figures(COMMUNE)).await;
        all.retain(|stored| stored.doc.kind == Kind::Summary);
        all
    };
    let before = figures().await;
    for verdict in world.bring(&world.phone(LEAD_A).await, &held).await {
        assert!(matches!(verdict, Verdict::Ok) || verdict == refused(Rejection::Forbidden), "{verdict:?}");
    }
    assert_eq!(figures().await, before);
}
