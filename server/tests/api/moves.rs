//! Moves to another area: what offline phones bring later counts where the people live now, with its author.

use domain::moving::Root;
use domain::protocol::{MoveReply, MoveRequest, Rejection, Verdict, WhatMoves};
use domain::summary::Summary;
use domain::visit::{Correction, Proficiency, Visit, VisitResult};
use domain::{Day, DocId, Document, Kind, Value};
use server::admin;
use server::moves::execute;
use server::store::SqliteStore;

use crate::helpers::*;

const LEAD_B: DocId = DocId::from_u128(0x2b);
const HOME: DocId = DocId::from_u128(0x100);
const OLD_WOMAN: DocId = DocId::from_u128(0x200);
const SON: DocId = DocId::from_u128(0x201);

fn there(id: DocId, area: DocId) -> DocId {
    Root { id, home: AREA_A }.id_in(area)
}

/// A household of two in the first area, with a visit and one signature.
async fn village() -> World {
    let world = World::new().await;
    let at = stamp(NOW - 30 * MINUTE, 2);
    let fields =
        [("name", Value::from("Tổ trưởng 2")), ("role", "lead".into()), ("areas", [AREA_B].into_iter().collect())];
    let lead = Document::description(LEAD_B, Kind::Member).with(at, fields);
    world.write(COMMUNE, &[lead], NOW - 10 * MINUTE).await;
    let door = Document { id: HOME, ..household("Nông Thị Mỷ", at) };
    let mother = Document { id: OLD_WOMAN, ..resident(HOME, "Nông Thị Mỷ", 1950, at) };
    let son = Document { id: SON, ..resident(HOME, "Nông Văn Páo", 1980, at) };
    let visit = visit(MEMBER_A, VisitResult::Met);
    let served = signature(SON, MEMBER_A, stamp(NOW - 20 * MINUTE, 7));
    world.write(AREA_A, &[door, mother, son, visit, served], NOW - 10 * MINUTE).await;
    world
}

fn visit(member: DocId, result: VisitResult) -> Document {
    let at = stamp(NOW - 20 * MINUTE, 7);
    let fields = Visit::fields(HOME, member, Day::at_ms(at.ms), result, None, &[], "");
    Document::fact(fresh_id(), Kind::Visit, at, fields)
}

fn request(what: WhatMoves, to_area: DocId) -> MoveRequest {
    MoveRequest { what, to_area, to_household: None }
}

async fn move_as(world: &World, member: DocId, request: &MoveRequest) -> Result<MoveReply, String> {
    let phone = world.phone(member).await;
    execute(&world.store, &world.cache, phone.token, request, NOW).await.map_err(|error| error.to_string())
}

async fn move_home(world: &World) {
    let moved = move_as(world, LEAD_A, &request(WhatMoves::Household(HOME), AREA_B)).await;
    assert_eq!(moved, Ok(MoveReply { households: 1, people: 2 }));
}

async fn sum(world: &World) -> Summary {
    let mut sum = world.figures(AREA_A).await;
    sum.add(&world.figures(AREA_B).await);
    sum
}

#[tokio::test]
async fn a_household_moves_with_everything_and_the_sum_stays() {
    let world = village().await;
    let before = sum(&world).await;
    move_home(&world).await;
    assert_eq!(sum(&world).await, before);
    let (old, new) = (world.figures(AREA_A).await, world.figures(AREA_B).await);
    assert_eq!((old.people, old.doors.total(), old.members.len()), (0, 0, 0));
    assert_eq!((new.people, new.doors.reached, new.complete), (2, 1, 1));
    assert_eq!(new.members[&MEMBER_A].credited, 1, "the author keeps the credit");
    for area in [AREA_A, AREA_B] {
        assert_eq!(world.figures(area).await, world.recounted(area).await);
    }
}

#[tokio::test]
async fn all_that_an_offline_phone_brings_later_counts_in_the_new_area() {
    let world = village().await;
    let mut phone = world.phone(MEMBER_A).await;
    world.pull(&mut phone).await;
    move_home(&world).await;

    let at = |minutes: u64| stamp(NOW - minutes * MINUTE, 7);
    let day = Day::at_ms(NOW);
    let knock = visit(MEMBER_A, VisitResult::Met);
    let served = signature(OLD_WOMAN, MEMBER_A, at(5));
    let mistaken = Document::fact(fresh_id(), Kind::Proficiency, at(4), Proficiency::fields(OLD_WOMAN, MEMBER_A, day));
    let undone = Document::fact(fresh_id(), Kind::Correction, at(3), Correction::fields(mistaken.id, MEMBER_A, false));
    let name = Document::description(OLD_WOMAN, Kind::Resident).with(at(2), [("name", Value::from("Nông Thị Mỵ"))]);
    let newcomer = resident(HOME, "Nông Thị Say", 2000, at(1));
    let documents = [&knock, &served, &mistaken, &undone, &name, &newcomer];
    let verdicts = world.push(&phone, AREA_A, &documents).await;
    assert!(verdicts.iter().all(|verdict| !matches!(verdict, Verdict::Rejected { .. })), "{verdicts:?}");

    let new = world.figures(AREA_B).await;
    assert_eq!((new.people, new.complete, new.proficient_households), (3, 2, 0));
    assert_eq!((new.members[&MEMBER_A].credited, new.members[&MEMBER_A].visits), (2, 2));
    assert_eq!(world.figures(AREA_A).await.people, 0);
    let mended = world.stored(there(OLD_WOMAN, AREA_B)).await.expect("carried").doc;
    assert_eq!(mended.text("name"), Some("Nông Thị Mỵ"));
    let record = world.stored(there(served.id, AREA_B)).await.expect("carried").doc;
    assert_eq!(record.link("member"), Some(MEMBER_A));
    assert_eq!(record.stamps(), served.stamps());

    // The answer was lost: the phone sends all of it again, and nothing moves.
    let before = (world.all(AREA_A).await, world.all(AREA_B).await, world.audit_count().await);
    world.push(&phone, AREA_A, &documents).await;
    assert_eq!((world.all(AREA_A).await, world.all(AREA_B).await, world.audit_count().await), before);
}

#[tokio::test]
async fn moving_back_gives_the_originals_back_with_what_came_meanwhile() {
    let world = village().await;
    let before = world.all(AREA_A).await.1.len();
    move_home(&world).await;
    let phone = world.phone(MEMBER_B).await;
    let served = signature(there(OLD_WOMAN, AREA_B), MEMBER_B, stamp(NOW - MINUTE, 8));
    assert_eq!(world.push(&phone, AREA_B, &[&served]).await, [Verdict::Ok]);
    let moved = move_as(&world, LEAD_B, &request(WhatMoves::Household(there(HOME, AREA_B)), AREA_A)).await;
    assert_eq!(moved, Ok(MoveReply { households: 1, people: 2 }));
    let (old, new) = (world.figures(AREA_A).await, world.figures(AREA_B).await);
    assert_eq!((old.people, old.complete, old.doors.reached, old.members[&MEMBER_B].credited), (2, 2, 1, 1));
    assert_eq!(new, Summary::default());
    assert_eq!(world.all(AREA_A).await.1.len(), before + 1, "only what was made there is new here");
}

#[tokio::test]
async fn a_chain_of_moves_is_followed_to_its_end() {
    let world = village().await;
    let area_c = DocId::from_u128(0xc1);
    let fields = [("name", Value::from("Tổ 3")), ("order", Value::Int(3))];
    let area = Document::description(area_c, Kind::Area).with(stamp(NOW - 9 * MINUTE, 1), fields);
    world.write(COMMUNE, &[area], NOW - 9 * MINUTE).await;
    move_home(&world).await;
    let onward = request(WhatMoves::Household(there(HOME, AREA_B)), area_c);
    move_as(&world, LEAD_B, &onward).await.expect("moved on");
    let phone = world.phone(MEMBER_A).await;
    let served = signature(OLD_WOMAN, MEMBER_A, stamp(NOW - MINUTE, 7));
    assert_eq!(world.push(&phone, AREA_A, &[&served]).await, [Verdict::Ok]);
    assert_eq!(world.figures(area_c).await.complete, 2);
    assert_eq!(sum(&world).await.people, 0);
}

#[tokio::test]
async fn one_person_moves_into_a_household_or_gets_one_of_their_own() {
    for has_household in [true, false] {
        let world = village().await;
        let other = household("Hoàng Văn Sì", stamp(NOW - 30 * MINUTE, 2));
        world.write(AREA_B, std::slice::from_ref(&other), NOW - 9 * MINUTE).await;
        let what = MoveRequest {
            what: WhatMoves::Resident(SON),
            to_area: AREA_B,
            to_household: has_household.then_some(other.id),
        };
        assert_eq!(move_as(&world, LEAD_A, &what).await, Ok(MoveReply { households: 0, people: 1 }));
        let new = world.figures(AREA_B).await;
        let doors = if has_household { 1 } else { 2 };
        assert_eq!((new.people, new.complete, new.doors.total()), (1, 1, doors));
        let lives_with = world.stored(there(SON, AREA_B)).await.expect("carried").doc.link("household");
        assert_eq!(lives_with == Some(other.id), has_household);
        // Late, offline: the son is written out of the old household, and stays where he went.
        let phone = world.phone(MEMBER_A).await;
        let edit = Document::description(SON, Kind::Resident)
            .with(stamp(NOW - MINUTE, 7), [("phone", Value::from("0900000003"))]);
        world.push(&phone, AREA_A, &[&edit]).await;
        let son = world.stored(there(SON, AREA_B)).await.expect("carried").doc;
        assert_eq!((son.text("phone"), son.link("household")), (Some("0900000003"), lives_with));
        assert_eq!(world.figures(AREA_A).await.people, 1);
    }
}

#[tokio::test]
async fn an_area_is_split_at_once_or_by_its_routes() {
    let world = village().await;
    let at = stamp(NOW - 30 * MINUTE, 2);
    let route = Document::description(fresh_id(), Kind::Route).with(at, [("name", Value::from("Tuyến 1"))]);
    let doors: Vec<Document> = (0..230)
        .map(|number| household(&format!("Chủ {number}"), at).with(at, [("route", Value::from(route.id))]))
        .collect();
    let people: Vec<Document> = doors.iter().map(|door| resident(door.id, "Người", 1990, at)).collect();
    for documents in [&[route.clone()][..], &doors[..], &people[..]] {
        world.write(AREA_A, documents, NOW - 9 * MINUTE).await;
    }
    let before = sum(&world).await;
    let some: Vec<DocId> = doors[..30].iter().map(|door| door.id).collect();
    let moved = move_as(&world, COORDINATOR, &request(WhatMoves::Households(some), AREA_B)).await;
    assert_eq!(moved, Ok(MoveReply { households: 30, people: 30 }));
    let moved = move_as(&world, LEAD_A, &request(WhatMoves::Route(route.id), AREA_B)).await;
    assert_eq!(moved, Ok(MoveReply { households: 200, people: 200 }));
    let after = sum(&world).await;
    assert_eq!((after.people, after.doors), (before.people, before.doors));
    let new = world.figures(AREA_B).await;
    assert_eq!((new.people, new.routes.len()), (230, 0), "routes are an area's own");
    let again = move_as(&world, LEAD_A, &request(WhatMoves::Route(route.id), AREA_B)).await;
    assert_eq!(again, Ok(MoveReply::default()), "asked for again it goes on where it stopped");
}

#[tokio::test]
async fn only_the_lead_of_the_area_that_is_left_and_coordinators_may_move() {
    let world = village().await;
    let what = request(WhatMoves::Household(HOME), AREA_B);
    let mut answers = Vec::new();
    for member in [MEMBER_A, MEMBER_AB, MEMBER_B, LEAD_B] {
        answers.push(move_as(&world, member, &what).await.expect_err("refused"));
    }
    answers.push(move_as(&world, LEAD_A, &request(WhatMoves::Household(fresh_id()), AREA_B)).await.expect_err("none"));
    answers.push(move_as(&world, LEAD_A, &request(WhatMoves::Household(SON), AREA_B)).await.expect_err("a person"));
    answers.push(move_as(&world, LEAD_A, &request(WhatMoves::Household(HOME), AREA_A)).await.expect_err("the same"));
    assert!(answers.iter().all(|answer| answer == &answers[0]), "one answer for all: {answers:?}");
    for nowhere in [fresh_id(), COMMUNE, DocId::figures(COMMUNE)] {
        assert!(move_as(&world, LEAD_A, &request(WhatMoves::Household(HOME), nowhere)).await.is_err());
    }
    move_home(&world).await;
    assert!(move_as(&world, LEAD_A, &what).await.is_err(), "the lead of the new area decides now");
}

#[tokio::test]
async fn only_the_server_says_where_somebody_lives() {
    let world = village().await;
    let phone = world.phone(LEAD_A).await;
    let at = stamp(NOW - MINUTE, 7);
    for field in ["moved_to", "root", "home"] {
        let edit = Document::description(HOME, Kind::Household).with(at, [(field, AREA_B.into())]);
        assert_eq!(world.push(&phone, AREA_A, &[&edit]).await, [refused(Rejection::Forbidden)], "{field}");
        let mut fields = Visit::fields(HOME, LEAD_A, Day::at_ms(NOW), VisitResult::Met, None, &[], "");
        fields.insert(field.to_owned(), AREA_B.into());
        let fact = Document::fact(fresh_id(), Kind::Visit, at, fields);
        assert_eq!(world.push(&phone, AREA_A, &[&fact]).await, [refused(Rejection::Forbidden)], "{field}");
    }
    assert_eq!(world.figures(AREA_A).await.people, 2);
}

#[tokio::test]
async fn who_is_forgotten_is_forgotten_in_both_areas() {
    for (lead, area) in [(LEAD_A, AREA_A), (LEAD_B, AREA_B)] {
        let world = village().await;
        move_home(&world).await;
        let phone = world.phone(lead).await;
        let erasure = erasure(there(OLD_WOMAN, area), lead, stamp(NOW, 7));
        assert_eq!(world.push(&phone, area, &[&erasure]).await, [Verdict::Ok]);
        for area in [AREA_A, AREA_B] {
            let copy = world.stored(there(OLD_WOMAN, area)).await.expect("stored").doc;
            assert!(copy.erased && copy.text("name").is_none(), "{copy:?}");
        }
        assert_eq!(world.figures(AREA_B).await, world.recounted(AREA_B).await);
    }
}

#[tokio::test]
async fn a_list_read_again_for_the_old_area_finds_people_where_they_are() {
    let world = village().await;
    move_home(&world).await;
    let edit = Document::description(SON, Kind::Resident)
        .with(stamp(NOW, 2), [("relation", Value::from("Con")), ("household", HOME.into())]);
    let newcomer = resident(HOME, "Nông Thị Say", 2000, stamp(NOW, 2));
    world.write(AREA_A, &[edit, newcomer], NOW).await;
    assert_eq!(world.stored(there(SON, AREA_B)).await.expect("carried").doc.text("relation"), Some("Con"));
    assert_eq!((world.figures(AREA_A).await.people, world.figures(AREA_B).await.people), (0, 3));
}

#[tokio::test]
async fn after_a_restore_phones_of_one_area_bring_the_move_back() {
    for (member, area) in [(MEMBER_A, AREA_A), (MEMBER_B, AREA_B)] {
        let world = village().await;
        let backup = world.store.snapshot().await.expect("a backup");
        let mut phone = world.phone(member).await;
        move_home(&world).await;
        let mut held = world.pull_proved(&mut phone).await;
        held.retain(|(scope, _)| *scope == area);
        let (figures, counts) = (world.figures(AREA_B).await, world.figures(AREA_A).await);

        let store = SqliteStore::in_memory_from(&backup).await.expect("the backup");
        let restored = World { store, cache: server::area_cache::AreaCache::default() };
        admin::mark_restored(&restored.store, 7, NOW + MINUTE).await.expect("restored");
        let phone = restored.phone(member).await;
        // In any order, and one by one.
        for one in held.iter().rev() {
            let verdicts = restored.bring(&phone, std::slice::from_ref(one)).await;
            assert!(!matches!(verdicts[0], Verdict::Rejected { .. }), "{one:?}: {verdicts:?}");
        }
        assert_eq!((restored.figures(AREA_B).await, restored.figures(AREA_A).await), (figures, counts));
        let all = (restored.all(AREA_A).await, restored.all(AREA_B).await);
        restored.bring(&phone, &held).await;
        assert_eq!((restored.all(AREA_A).await, restored.all(AREA_B).await), all, "offered again nothing moves");
    }
}

#[tokio::test]
async fn a_server_restored_from_before_an_area_was_made_has_it_again_with_who_moved_there() {
    let made = DocId::from_u128(0xc);
    let fields = [("name", Value::text("Bản Mới")), ("kind", Value::text("ban"))];
    let area = Document::description(made, Kind::Area).with(stamp(NOW, 9), fields);
    let world = village().await;
    let backup = world.store.snapshot().await.expect("a backup");
    let mut phone = world.phone(MEMBER_A).await;
    world.write(COMMUNE, std::slice::from_ref(&area), NOW).await;
    move_as(&world, COORDINATOR, &request(WhatMoves::Household(HOME), made)).await.expect("moved");
    let mut held = world.pull_proved(&mut phone).await;
    held.retain(|(scope, _)| *scope == AREA_A);
    let (figures, counts) = (world.figures(made).await, world.figures(AREA_A).await);

    // A file that was put back without a word does not know it yet.
    for is_known in [true, false] {
        let store = SqliteStore::in_memory_from(&backup).await.expect("the backup");
        let restored = World { store, cache: server::area_cache::AreaCache::default() };
        if is_known {
            admin::mark_restored(&restored.store, 7, NOW + MINUTE).await.expect("restored");
        }
        // A phone of the old area comes first, and nobody has told of the new one.
        let phone = restored.phone(MEMBER_A).await;
        let verdicts = restored.bring(&phone, &held).await;
        assert!(!verdicts.iter().any(|verdict| matches!(verdict, Verdict::Rejected { .. })), "{verdicts:?}");
        assert_eq!((restored.figures(made).await, restored.figures(AREA_A).await), (figures.clone(), counts.clone()));
        // A coordinator's phone tells its name, and is believed however late it comes.
        let phone = restored.phone(COORDINATOR).await;
        restored.push(&phone, COMMUNE, &[&area]).await;
        let stored = restored.stored(made).await.expect("the area").doc;
        assert_eq!((stored.text("name"), stored.text("kind")), (Some("Bản Mới"), Some("ban")));
    }
}

#[tokio::test]
async fn a_copy_is_never_written_over_another_document() {
    let world = village().await;
    let taken = Document { id: there(HOME, AREA_B), ..household("Lạ", stamp(NOW - MINUTE, 7)) };
    let phone = world.phone(MEMBER_A).await;
    world.push(&phone, AREA_A, &[&taken]).await;
    let before = (world.all(AREA_A).await, world.all(AREA_B).await);
    assert!(move_as(&world, LEAD_A, &request(WhatMoves::Household(HOME), AREA_B)).await.is_err());
    assert_eq!((world.all(AREA_A).await, world.all(AREA_B).await), before, "nothing of a move that stops");
}

#[tokio::test]
async fn a_move_is_in_the_audit_as_such() {
    let world = village().await;
    let before = world.audit_count().await;
    move_home(&world).await;
    assert_eq!(world.audit_count().await, before + 1 + 8, "the lead's phone, three changes, five copies");
}

/// The first member works in the second area from now on.
async fn send_member_to_b(world: &World) {
    let edit = Document::description(MEMBER_A, Kind::Member)
        .with(stamp(NOW - MINUTE, 1), [("areas", [AREA_B].into_iter().collect::<Value>())]);
    world.write(COMMUNE, &[edit], NOW).await;
}

#[tokio::test]
async fn what_a_member_made_before_leaving_an_area_is_taken_and_what_came_after_is_not() {
    let world = village().await;
    let (before, after) = (stamp(NOW - 5 * MINUTE, 7), stamp(NOW + 3 * MINUTE, 7));
    let phone = world.phone(MEMBER_A).await;
    send_member_to_b(&world).await;
    let served = signature(OLD_WOMAN, MEMBER_A, before);
    let name = Document::description(OLD_WOMAN, Kind::Resident).with(before, [("name", Value::from("Nông Thị Mỵ"))]);
    assert_eq!(world.push(&phone, AREA_A, &[&served, &name]).await, [Verdict::Ok, Verdict::Merged]);
    assert_eq!(world.push(&phone, AREA_A, &[&served]).await, [Verdict::Ok], "also when the answer was lost");
    assert_eq!(world.figures(AREA_A).await.members[&MEMBER_A].credited, 2);

    let late = signature(OLD_WOMAN, MEMBER_A, after);
    let others = signature(OLD_WOMAN, LEAD_A, before);
    for doc in [&late, &others] {
        let reply = world.sync(&phone, vec![push(AREA_A, doc)], NOW + 10 * MINUTE).await.expect("a reply");
        assert_eq!(reply.results[0].verdict, refused(Rejection::Forbidden));
        assert!(!pages(&reply).iter().any(|(scope, _)| *scope == AREA_A), "nothing is read by this");
    }
    let stranger = world.phone(MEMBER_B).await;
    let foreign = signature(OLD_WOMAN, MEMBER_B, before);
    assert_eq!(world.push(&stranger, AREA_A, &[&foreign]).await, [refused(Rejection::Forbidden)]);
    let month_later = NOW + 31 * 24 * 60 * MINUTE;
    let backdated = signature(SON, MEMBER_A, before);
    let reply = world.sync(&phone, vec![push(AREA_A, &backdated)], month_later).await.expect("a reply");
    assert_eq!(reply.results[0].verdict, refused(Rejection::Forbidden), "stamps prove nothing for ever");
}

#[tokio::test]
async fn nothing_of_an_area_that_a_member_has_left_is_taken_for_another_area() {
    let world = village().await;
    let before = stamp(NOW - 5 * MINUTE, 7);
    let phone = world.phone(MEMBER_A).await;
    let served = signature(OLD_WOMAN, MEMBER_A, before);
    assert_eq!(world.push(&phone, AREA_A, &[&served]).await, [Verdict::Ok]);
    send_member_to_b(&world).await;
    let son = Document::description(SON, Kind::Resident).with(before, [("note", Value::from("đi làm xa"))]);
    for doc in [&served, &son] {
        assert_eq!(world.push(&phone, AREA_B, &[doc]).await, [refused(Rejection::Forbidden)], "it would stay there");
    }
    assert_eq!(world.stored(SON).await.expect("stored").doc.text("note"), None);
    assert_eq!(world.push(&phone, AREA_A, &[&served, &son]).await, [Verdict::Ok, Verdict::Merged]);
}

#[tokio::test]
async fn a_phone_hears_whom_it_is_credited_with_in_areas_that_it_does_not_hold() {
    let world = village().await;
    let phone = world.phone(MEMBER_A).await;
    let elsewhere =
        async || world.sync(&phone, Vec::new(), NOW).await.expect("a reply").credited_elsewhere.expect("a number");
    assert_eq!(elsewhere().await, 0);
    move_home(&world).await;
    assert_eq!(elsewhere().await, 1, "the household has moved");
    let served = signature(OLD_WOMAN, MEMBER_A, stamp(NOW - MINUTE, 7));
    let reply = world.sync(&phone, vec![push(AREA_A, &served)], NOW).await.expect("a reply");
    assert_eq!(reply.credited_elsewhere, Some(2), "counted in the same exchange");
    send_member_to_b(&world).await;
    assert_eq!(elsewhere().await, 0, "and now the member has, after it");
}

#[tokio::test]
async fn nobody_moves_to_an_area_where_the_id_of_their_copy_is_taken() {
    let (door, person) = (DocId::from_u128(0x101), DocId::from_u128(0x301));
    let cases = [
        (HOME, HOME, AREA_A, AREA_B, LEAD_A, MEMBER_B),
        (HOME, SON, AREA_A, AREA_B, LEAD_A, MEMBER_B),
        (door, door, AREA_B, AREA_A, LEAD_B, MEMBER_A),
        (door, person, AREA_B, AREA_A, LEAD_B, MEMBER_A),
    ];
    for (home, squatted, from, to, lead, stranger) in cases {
        let world = village().await;
        let at = stamp(NOW - 30 * MINUTE, 2);
        let other = [
            Document { id: door, ..household("Hoàng Văn Sì", at) },
            Document { id: person, ..resident(door, "Hoàng Văn Sì", 1970, at) },
        ];
        world.write(AREA_B, &other, NOW - 9 * MINUTE).await;
        let fields = Visit::fields(fresh_id(), stranger, Day::at_ms(NOW), VisitResult::Met, None, &[], "");
        let id = Root { id: squatted, home: from }.id_in(to);
        let taken = Document::fact(id, Kind::Visit, stamp(NOW - MINUTE, 8), fields);
        assert_eq!(world.push(&world.phone(stranger).await, to, &[&taken]).await, [Verdict::Ok]);
        let before = (world.all(AREA_A).await, world.all(AREA_B).await);
        let refused = move_as(&world, lead, &request(WhatMoves::Household(home), to)).await;
        assert!(refused.expect_err("refused").contains("Không chuyển được"), "{squatted} to {to}");
        assert_eq!((world.all(AREA_A).await, world.all(AREA_B).await), before, "nobody is lost on the way");
        assert_eq!(world.figures(from).await, world.recounted(from).await);
    }
}

#[tokio::test]
async fn a_late_record_whose_copys_id_is_taken_holds_up_nothing_else() {
    let world = village().await;
    move_home(&world).await;
    let served = signature(OLD_WOMAN, MEMBER_A, stamp(NOW - MINUTE, 7));
    let taken = Document { id: there(served.id, AREA_B), ..household("Lạ", stamp(NOW - MINUTE, 8)) };
    world.push(&world.phone(MEMBER_B).await, AREA_B, &[&taken]).await;
    let knock = visit(MEMBER_A, VisitResult::Met);
    let phone = world.phone(MEMBER_A).await;
    assert_eq!(world.push(&phone, AREA_A, &[&served, &knock]).await, [Verdict::Ok, Verdict::Ok]);
    assert_eq!(world.stored(there(served.id, AREA_B)).await.expect("the other").doc, taken);
    assert!(world.stored(there(knock.id, AREA_B)).await.is_some());
}
