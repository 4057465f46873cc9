//! Who may read and write what. Nothing of an area ever reaches a phone that has no business there.

use domain::clock::AHEAD_MS_MAX;
use domain::protocol::{Rejection, Verdict};
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
    for scope in [AREA_A, DocId::figures(COMMUNE), fresh_id()] {
        phone.cursors.push(domain::protocol::ScopeCursor { scope, cursor: None });
    }
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    assert!(!serde_json::to_string(&reply).expect("JSON").contains(MARK_A));
    assert_eq!(pages(&reply).len(), 2);
    assert_eq!(reply.scopes.len(), 5, "each foreign scope is told to be out of reach, existing or not");
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
async fn after_a_restore_comes_back_what_was_accepted_from_a_clock_ahead() {
    let (world, a, _) = marked_world().await;
    admin::mark_restored(&world.store, 7, NOW).await.expect("restored");
    let phone = world.phone(MEMBER_A).await;
    let bring = async |doc: &Document| {
        let reply = world.sync(&phone, vec![push(AREA_A, doc)], NOW + 10 * MINUTE).await.expect("a reply");
        reply.results[0].verdict.clone()
    };
    let limit = NOW + AHEAD_MS_MAX;
    let of_others = |ms| {
        let at = stamp(ms, 9);
        let route = Document::description(fresh_id(), Kind::Route).with(at, [("name", Value::from("1"))]);
        let moved = household("Lạ", at).with(at, [("moved_to", AREA_B.into())]);
        [signature(a.id, LEAD_A, at), route, moved]
    };
    for old in of_others(limit) {
        assert_eq!(bring(&old).await, Verdict::Ok, "{old:?}");
    }
    for new in of_others(limit + 1) {
        assert_eq!(bring(&new).await, refused(Rejection::Forbidden), "{new:?}");
    }
}
