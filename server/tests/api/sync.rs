//! The exchange: what is stored, what is answered, what is counted.

use domain::digest::Digest;
use domain::protocol::{PhoneReport, Rejection, RevokeReason, ScopeContent, ScopeCursor, SyncRequest, Verdict};
use domain::replica::{Change, Event};
use domain::{DocId, Document, Kind, Stamp, Value};
use server::admin;
use server::store::{Revoked, SqliteStore, StoreError};
use server::sync::SyncError;

use crate::helpers::*;

#[tokio::test]
async fn what_a_phone_pushes_comes_back_in_the_same_reply() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    let reply = world.sync(&phone, vec![push(AREA_A, &door)], NOW).await.expect("a reply");
    assert_eq!(reply.results[0].verdict, Verdict::Ok);
    let area = pages(&reply).into_iter().find(|(scope, _)| *scope == AREA_A).expect("the area").1;
    assert_eq!(area.docs.last().map(|pulled| &pulled.doc), Some(&door));
    assert!(!area.more && area.digest.is_some());
}

#[tokio::test]
async fn a_push_sent_twice_moves_nothing() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    let person = resident(door.id, "Nông Thị Mỷ", 1950, stamp(NOW, 7));
    let fact = signature(person.id, MEMBER_A, stamp(NOW, 7));
    let documents = [&door, &person, &fact];
    world.push(&phone, AREA_A, &documents).await;
    let before = (world.all(AREA_A).await, world.all(DocId::figures(COMMUNE)).await, world.audit_count().await);
    assert_eq!(world.push(&phone, AREA_A, &documents).await, [Verdict::Ok, Verdict::Ok, Verdict::Ok]);
    let after = (world.all(AREA_A).await, world.all(DocId::figures(COMMUNE)).await, world.audit_count().await);
    assert_eq!(before, after);
}

#[tokio::test]
async fn edits_of_two_phones_are_joined_field_by_field() {
    let world = World::new().await;
    let (one, two) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    let door = household("Nông Thị Mỷ", stamp(NOW - 9, 7));
    world.push(&one, AREA_A, &[&door]).await;
    let edit = |field: &str, text: &str, at| {
        Document::description(door.id, Kind::Household).with(at, [(field, Value::from(text))])
    };
    let phone_number = edit("phone", "0900000001", stamp(NOW - 5, 7));
    let head = edit("head", "Nông Thị Mỷ (cụ)", stamp(NOW - 4, 8));
    let stale = edit("head", "muộn", stamp(NOW - 8, 7));
    assert_eq!(world.push(&one, AREA_A, &[&phone_number]).await, [Verdict::Merged]);
    assert_eq!(world.push(&two, AREA_A, &[&head]).await, [Verdict::Merged]);
    assert_eq!(world.push(&one, AREA_A, &[&stale]).await, [Verdict::Ok], "an older edit is known already");
    let stored = world.stored(door.id).await.expect("stored").doc;
    assert_eq!(stored.text("phone"), Some("0900000001"));
    assert_eq!(stored.text("head"), Some("Nông Thị Mỷ (cụ)"));
}

#[tokio::test]
async fn a_changed_document_moves_to_the_end_and_keeps_its_acceptance() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let (first, second) = (household("A", stamp(NOW - 9, 7)), household("B", stamp(NOW - 9, 7)));
    world.push(&phone, AREA_A, &[&first, &second]).await;
    let before = world.stored(first.id).await.expect("stored");
    let edit = Document::description(first.id, Kind::Household).with(stamp(NOW, 7), [("note", Value::from("C"))]);
    world.push(&phone, AREA_A, &[&edit]).await;
    let after = world.stored(first.id).await.expect("stored");
    assert_eq!(after.accepted, before.accepted);
    assert_eq!(after.seq, world.all(AREA_A).await.0.seq);
    assert!(after.seq > before.seq);
}

#[tokio::test]
async fn a_record_with_other_content_under_a_known_id_is_a_conflict() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let fact = signature(fresh_id(), MEMBER_A, stamp(NOW, 7));
    let mut other = signature(fresh_id(), MEMBER_A, stamp(NOW, 7));
    other.id = fact.id;
    let mut description = household("X", stamp(NOW, 7));
    description.id = fact.id;
    assert_eq!(world.push(&phone, AREA_A, &[&fact]).await, [Verdict::Ok]);
    for conflicting in [&other, &description] {
        assert_eq!(world.push(&phone, AREA_A, &[conflicting]).await, [refused(Rejection::FactConflict)]);
    }
    assert_eq!(world.stored(fact.id).await.expect("stored").doc, fact);
}

#[tokio::test]
async fn a_stamp_from_the_future_is_refused_and_its_neighbours_are_not() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let ahead = household("A", stamp(NOW + 3 * MINUTE, 7));
    let nearly = household("B", stamp(NOW + MINUTE, 7));
    let verdicts = world.push(&phone, AREA_A, &[&ahead, &nearly]).await;
    assert_eq!(verdicts, [refused(Rejection::ClockAhead), Verdict::Ok]);
    assert_eq!(world.stored(ahead.id).await, None, "never clamped, never stored");
    assert_eq!(world.stored(nearly.id).await.expect("stored").doc, nearly);
}

#[tokio::test]
async fn a_field_that_was_stamped_under_a_clock_far_ahead_can_be_edited_before_that_time_comes() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let ahead = NOW + 3 * 24 * 60 * MINUTE;
    let there = household("A", stamp(ahead, 7));
    world.write(AREA_A, std::slice::from_ref(&there), ahead).await;
    let edited = |ms: u64, counter: u32, field: &str| {
        there.clone().with(Stamp { counter, ..stamp(ms, 7) }, [(field, Value::from("B"))])
    };
    // Further ahead than the field is, or another field: as refused as ever.
    for refused_one in [edited(ahead + 1, 1, "head"), edited(ahead, 1, "note")] {
        assert_eq!(world.push(&phone, AREA_A, &[&refused_one]).await, [refused(Rejection::ClockAhead)]);
    }
    let other = edited(NOW, 0, "note");
    assert_eq!(world.push(&phone, AREA_A, &[&other]).await, [Verdict::Ok], "the rest of it is edited as ever");
    let answer = edited(ahead, 1, "head");
    let verdicts = world.push(&phone, AREA_A, &[&answer]).await;
    assert!(matches!(verdicts[..], [Verdict::Ok | Verdict::Merged]), "{verdicts:?}");
    assert_eq!(world.stored(there.id).await.expect("stored").doc.text("head"), Some("B"));
}

#[tokio::test]
async fn a_real_phone_edits_a_field_that_was_stamped_far_ahead() {
    let world = World::new().await;
    let ahead = NOW + 3 * 24 * 60 * MINUTE;
    let there = household("A", stamp(ahead, 7));
    world.write(AREA_A, std::slice::from_ref(&there), ahead).await;
    let mut phone = crate::real_phone::RealPhone::new(&world, MEMBER_A, 0).await;
    phone.sync(&world).await;
    let fields = [("head".to_owned(), Value::from("B"))].into();
    let change = Change::Describe { id: there.id, kind: Kind::Household, scope: AREA_A, fields };
    phone.handle(&world, Event::Write { ticket: 1, changes: vec![change] }, true).await;
    phone.sync(&world).await;
    let status = phone.replica.status();
    assert_eq!((status.unsent, status.refused), (0, 0));
    assert_eq!(world.stored(there.id).await.expect("stored").doc.text("head"), Some("B"));
}

#[tokio::test]
async fn an_unreadable_document_refuses_only_itself() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let good = household("A", stamp(NOW, 7));
    let id = fresh_id();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = "x".repeat(100_000);
    let bodies = [
        "null".to_owned(),
        "{}".to_owned(),
        deep,
        serde_json::to_string(&good).expect("JSON"),
        format!(r#"{{"id":"{id}","k":"household","e":[["1-0-1",{{"head":"{long}"}}]]}}"#),
        format!(r#"{{"id":"{id}","k":"household","e":[["1-0-1",{{"head":"a\u0000b"}}]]}}"#),
        format!(r#"{{"id":"{id}","k":"visit","e":[]}}"#),
        format!(r#"{{"id":"{id}","k":"household","e":[["9999999999999999-0-1",{{}}]]}}"#),
    ];
    let mut pushed: Vec<_> = bodies.iter().map(|body| raw_push(AREA_A, id, body)).collect();
    pushed.push(push(AREA_A, &good));
    let reply = world.sync(&phone, pushed, NOW).await.expect("a reply");
    let (last, first) = reply.results.split_last().expect("results");
    assert_eq!(last.verdict, Verdict::Ok);
    assert!(first.iter().all(|result| result.verdict == refused(Rejection::Malformed)), "{first:?}");
}

#[tokio::test]
async fn fields_and_kinds_of_a_newer_version_are_kept() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    let fields = [("member".to_owned(), Value::from(MEMBER_A)), ("màu".to_owned(), Value::from("xanh"))];
    let newer = Document::fact(fresh_id(), Kind::Other("loại_mới".to_owned()), stamp(NOW, 7), fields.into());
    let known = household("A", stamp(NOW, 7)).with(stamp(NOW, 7), [("trường_mới", Value::Int(3))]);
    assert_eq!(world.push(&phone, AREA_A, &[&newer, &known]).await, [Verdict::Ok, Verdict::Ok]);
    let pulled: Vec<Document> = world.pull(&mut phone).await.into_iter().map(|(_, doc)| doc).collect();
    assert!(pulled.contains(&newer) && pulled.contains(&known));
}

#[tokio::test]
async fn what_was_erased_stays_erased() {
    let world = World::new().await;
    let (member, lead) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    let person = resident(fresh_id(), "Nông Thị Mỷ", 1950, stamp(NOW - 9, 7));
    world.push(&member, AREA_A, &[&person]).await;
    let mut marked = person.clone();
    domain::merge::erase(&mut marked);
    assert_eq!(world.push(&lead, AREA_A, &[&marked]).await, [refused(Rejection::Forbidden)], "a mark is no erasure");
    // As a phone sends it: the fact, and its own copy with the mark.
    let erasure = erasure(person.id, LEAD_A, stamp(NOW, 8));
    assert_eq!(world.push(&lead, AREA_A, &[&erasure, &marked]).await, [Verdict::Ok, Verdict::Ok]);
    let old_phone = person.clone().with(stamp(NOW, 7), [("name", Value::from("Nông Thị Mỷ"))]);
    world.push(&member, AREA_A, &[&old_phone]).await;
    let stored = world.stored(person.id).await.expect("stored").doc;
    assert!(stored.erased && stored.text("name").is_none());
}

#[tokio::test]
async fn a_document_touched_between_two_pages_is_not_missed() {
    let world = World::new().await;
    let writer = world.phone(LEAD_A).await;
    let doors: Vec<Document> = (0..1_200).map(|_| household("Hộ", stamp(NOW - 9, 7))).collect();
    world.write(AREA_A, &doors, NOW).await;
    let mut reader = world.phone(MEMBER_A).await;
    let mut seen: std::collections::BTreeMap<DocId, Document> = std::collections::BTreeMap::new();
    for round in 0_u32.. {
        let reply = world.sync(&reader, Vec::new(), NOW).await.expect("a reply");
        let total: usize = pages(&reply).iter().map(|(_, page)| page.docs.len()).sum();
        assert!(total <= domain::protocol::PAGE_DOCUMENTS_MAX);
        let mut more = false;
        for (scope, page) in pages(&reply) {
            for pulled in &page.docs {
                seen.insert(pulled.doc.id, pulled.doc.clone());
            }
            assert_eq!(page.left > 0, page.more);
            more |= page.more;
            reader.cursors.retain(|cursor| cursor.scope != scope);
            reader.cursors.push(ScopeCursor { scope, cursor: Some(page.cursor.clone()) });
        }
        if !more {
            break;
        }
        assert!(round < 20, "paging makes progress");
        // One that was read already, one that was not.
        for door in [&doors[3], &doors[1_190]] {
            let at = stamp(NOW - 5 + u64::from(round), 8);
            let edit =
                Document::description(door.id, Kind::Household).with(at, [("note", Value::text(format!("{round}")))]);
            world.push(&writer, AREA_A, &[&edit]).await;
        }
    }
    let (row, stored) = world.all(AREA_A).await;
    assert!(stored.iter().all(|stored| seen.get(&stored.doc.id) == Some(&stored.doc)));
    assert_eq!(row.digest, Digest::of(stored.iter().map(|stored| &stored.doc)));
}

#[tokio::test]
async fn a_cursor_that_is_not_ours_starts_from_the_beginning() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    let door = household("A", stamp(NOW, 7));
    world.push(&phone, AREA_A, &[&door]).await;
    world.pull(&mut phone).await;
    assert_eq!(world.pull(&mut phone).await, []);
    for cursor in ["", "khác.1", "000000000000000000000000000000e0.999999"] {
        phone.cursors.retain(|known| known.scope != AREA_A);
        phone.cursors.push(ScopeCursor { scope: AREA_A, cursor: Some(cursor.to_owned()) });
        assert_eq!(world.pull(&mut phone).await, [(AREA_A, door.clone())], "{cursor}");
    }
}

#[tokio::test]
async fn figures_and_digests_follow_every_push() {
    let world = World::new().await;
    let phones = [world.phone(MEMBER_A).await, world.phone(LEAD_A).await, world.phone(MEMBER_AB).await];
    let members = [MEMBER_A, LEAD_A, MEMBER_AB];
    let mut people = Vec::new();
    for round in 0..40_u64 {
        let turn = usize::try_from(round % 3).expect("small");
        let at = stamp(NOW - 1_000 + round, 7);
        let mut documents = Vec::new();
        if round % 4 == 0 || people.is_empty() {
            let door = household("Hộ", at);
            let person = resident(door.id, &format!("Người {round}"), 1950 + i64::try_from(round).expect("small"), at);
            people.push(person.id);
            documents.extend([door, person]);
        } else if round % 4 == 3 {
            let id = people[usize::try_from(round).expect("small") % people.len()];
            // Too young to be counted, and old enough again.
            let year = if round % 8 == 3 { 2015 } else { 1980 };
            documents.push(Document::description(id, Kind::Resident).with(at, [("birth_year", Value::Int(year))]));
        } else {
            let id = people[usize::try_from(round * 7).expect("small") % people.len()];
            documents.push(signature(id, members[turn], at));
        }
        let pushed: Vec<&Document> = documents.iter().collect();
        world.push(&phones[turn], AREA_A, &pushed).await;
        assert_eq!(world.figures(AREA_A).await, world.recounted(AREA_A).await, "round {round}");
        let (row, stored) = world.all(AREA_A).await;
        assert_eq!(row.digest, Digest::of(stored.iter().map(|stored| &stored.doc)));
    }
    assert!(world.figures(AREA_A).await.complete > 0);
}

#[tokio::test]
async fn a_changed_plan_counts_every_area_anew() {
    let world = World::new().await;
    for area in [AREA_A, AREA_B] {
        let door = household("Hộ", stamp(NOW - 9, 7));
        let person = resident(door.id, "Người", 2005, stamp(NOW - 9, 7));
        world.write(area, &[door, person], NOW).await;
        assert_eq!(world.figures(area).await.eligible, 1);
    }
    let coordinator = world.phone(COORDINATOR).await;
    let plan = campaign(60, stamp(NOW, 7));
    assert_eq!(world.push(&coordinator, COMMUNE, &[&plan]).await, [Verdict::Ok]);
    for area in [AREA_A, AREA_B] {
        assert_eq!(world.figures(area).await.eligible, 0);
    }
}

#[tokio::test]
async fn a_new_area_has_figures_at_once() {
    let world = World::new().await;
    let coordinator = world.phone(COORDINATOR).await;
    let area = Document::description(fresh_id(), Kind::Area).with(stamp(NOW, 7), [("name", Value::from("Tổ 3"))]);
    assert_eq!(world.push(&coordinator, COMMUNE, &[&area]).await, [Verdict::Ok]);
    assert_eq!(world.figures(area.id).await, domain::summary::Summary::default());
    assert_eq!(world.push(&coordinator, area.id, &[&household("A", stamp(NOW, 7))]).await, [Verdict::Ok]);
    assert_eq!(world.figures(area.id).await.doors.not_yet, 1);
}

#[tokio::test]
async fn a_phones_coming_in_is_noted_now_and_then() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let state = DocId::phone_state(MEMBER_A);
    let seen = async || world.stored(state).await.expect("a state").doc.int("last_sync_ms");
    world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    assert_eq!(seen().await, Some(NOW.cast_signed()));
    world.sync(&phone, Vec::new(), NOW + MINUTE).await.expect("a reply");
    assert_eq!(seen().await, Some(NOW.cast_signed()), "not with every request");
    world.sync(&phone, Vec::new(), NOW + 6 * MINUTE).await.expect("a reply");
    assert_eq!(seen().await, Some((NOW + 6 * MINUTE).cast_signed()));
}

#[tokio::test]
async fn a_member_who_left_an_area_is_told_so_and_a_lost_phone_loses_all() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    world.pull(&mut phone).await;
    let moved = Document::description(MEMBER_A, Kind::Member)
        .with(stamp(NOW, 7), [("areas", [AREA_B].into_iter().collect::<Value>())]);
    world.write(COMMUNE, &[moved], NOW).await;
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    let left: Vec<_> =
        reply.scopes.iter().filter(|scope| matches!(scope.content, ScopeContent::Revoked { .. })).collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].scope, AREA_A);
    assert_eq!(left[0].content, ScopeContent::Revoked { revoked: RevokeReason::LeftArea });

    admin::revoke_devices(&world.store, MEMBER_A, Revoked::Lost, NOW).await.expect("revoked");
    let reply = world.sync(&phone, vec![push(AREA_B, &household("A", stamp(NOW, 7)))], NOW).await.expect("a reply");
    let lost = ScopeContent::Revoked { revoked: RevokeReason::LostPhone };
    assert!(!reply.scopes.is_empty() && reply.scopes.iter().all(|scope| scope.content == lost));
    assert_eq!(reply.results[0].verdict, refused(Rejection::Forbidden));
}

#[tokio::test]
async fn an_unknown_device_is_not_answered() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    phone.token = server::store::SecretHash::of(b"nobody");
    assert!(matches!(world.sync(&phone, Vec::new(), NOW).await, Err(SyncError::DeviceUnknown)));
}

#[tokio::test]
async fn a_restored_server_gets_lost_records_back_from_any_phone_of_the_area() -> Result<(), StoreError> {
    let mut world = World::new().await;
    let backup = world.store.snapshot().await?;
    let (author, colleague) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    let mut colleague = colleague;
    let fact = signature(fresh_id(), MEMBER_A, stamp(NOW - 5, 7));
    world.push(&author, AREA_A, &[&fact]).await;
    let mut held = world.pull_proved(&mut colleague).await;
    held.retain(|(_, pulled)| pulled.doc == fact);
    let old_epoch = world.sync(&author, Vec::new(), NOW).await.expect("a reply").epoch;

    world.store = SqliteStore::in_memory_from(&backup).await?;
    world.cache = server::area_cache::AreaCache::default();
    admin::mark_restored(&world.store, 0xe1, NOW + MINUTE).await?;
    admin::enrol(&world.store, LEAD_A, colleague.install, colleague.token, fresh_id(), NOW).await?;
    let colleague_of_b = world.phone(MEMBER_B).await;
    assert_ne!(world.sync(&colleague, Vec::new(), NOW).await.expect("a reply").epoch, old_epoch);
    let forbidden = [refused(Rejection::Forbidden)];
    assert_eq!(world.bring(&colleague_of_b, &held).await, forbidden, "a proof gives no access");
    assert_eq!(world.push(&colleague, AREA_A, &[&fact]).await, forbidden, "a date proves nothing");
    for day in [0, 3] {
        let mut forged = held.clone();
        forged[0].1.doc = signature(fresh_id(), MEMBER_A, stamp(NOW - day * 24 * 60 * MINUTE, 7));
        assert_eq!(world.bring(&colleague, &forged).await, forbidden, "another's proof");
    }
    assert_eq!(world.bring(&colleague, &held).await, [Verdict::Ok]);
    Ok(())
}

#[tokio::test]
async fn a_lead_is_told_of_a_phone_whose_copy_differs_from_the_servers() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    for diverged in [1, 0] {
        let report = PhoneReport { diverged, ..PhoneReport::default() };
        let request = SyncRequest { phone: report, ..hello(phone.install) };
        server::sync::sync(&world.store, &world.cache, phone.token, &request, NOW).await.expect("a reply");
        let state = world.stored(DocId::phone_state(MEMBER_A)).await.expect("a state").doc;
        assert_eq!(state.int("diverged"), Some(i64::from(diverged)), "at once, also when it is mended");
    }
}

#[tokio::test]
async fn somebody_who_is_added_and_erased_before_any_signal_came_is_erased_here_too() {
    let world = World::new().await;
    let mut phone = crate::real_phone::RealPhone::new(&world, LEAD_A, 0).await;
    phone.sync(&world).await;
    let (id, fact) = (fresh_id(), fresh_id());
    let fields = [("head".to_owned(), Value::from("Vừ Thị Xá")), ("order".to_owned(), Value::Int(7))].into();
    let added = Change::Describe { id, kind: Kind::Household, scope: AREA_A, fields };
    let erased = Change::Erase { id, fact, day: domain::Day::at_ms(NOW), reason: domain::erasure::Reason::Asked };
    for (ticket, change) in [added, erased].into_iter().enumerate() {
        phone.handle(&world, Event::Write { ticket: ticket as u64, changes: vec![change] }, false).await;
    }
    phone.sync(&world).await;
    let status = phone.replica.status();
    assert_eq!((status.unsent, status.refused), (0, 0));
    let stored = world.stored(id).await.expect("stored").doc;
    assert!(stored.erased && stored.text("head").is_none(), "{stored:?}");
    assert!(phone.replica.document(id).is_some_and(|doc| doc.erased));
}
