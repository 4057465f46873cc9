//! How much one member may have stored in a day.

use domain::protocol::{Rejection, Verdict};
use domain::quota::Used;
use domain::visit::{Visit, VisitResult};
use domain::{Day, DocId, Document, Kind, Value};
use server::store::{Store, Tx};

use crate::helpers::*;

const DAY_MS: u64 = 24 * 60 * MINUTE;

async fn used(world: &World, member: DocId) -> Used {
    let mut tx = world.store.read().await.expect("a transaction");
    let used = tx.quota(member, Day::at_ms(NOW)).await.expect("a quota");
    tx.commit().await.expect("read");
    used
}

/// As if the member had written all but `left` documents of the day.
async fn use_up(world: &World, member: DocId, left: u64) {
    let mut tx = world.store.write().await.expect("a transaction");
    let limit = Used::limit(domain::people::Role::Member);
    let used = Used { documents: limit.documents - left, bytes: 0, unknown: 0 };
    tx.put_quota(member, Day::at_ms(NOW), used).await.expect("written");
    tx.commit().await.expect("committed");
}

fn unknown(bytes: usize) -> Document {
    let note = Value::text("x".repeat(bytes));
    Document::description(fresh_id(), Kind::Other("mới".to_owned())).with(stamp(NOW, 7), [("note", note)])
}

#[tokio::test]
async fn the_day_ends_for_new_documents_and_not_for_what_is_known() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let doors: Vec<Document> = (0..3).map(|_| household("Nông Thị Mỷ", stamp(NOW, 7))).collect();
    use_up(&world, MEMBER_A, 2).await;
    let all: Vec<&Document> = doors.iter().collect();
    let taken = [Verdict::Ok, Verdict::Ok, refused(Rejection::TooMuch)];
    assert_eq!(world.push(&phone, AREA_A, &all).await, taken);
    assert_eq!(world.push(&phone, AREA_A, &all).await, taken, "what is known costs nothing");
    assert_eq!(world.stored(doors[2].id).await, None);
    // A colleague in the same area writes on, and so does the member the next day.
    let colleague = world.phone(MEMBER_AB).await;
    assert_eq!(world.push(&colleague, AREA_A, &[&household("Lý Văn Sơn", stamp(NOW, 7))]).await, [Verdict::Ok]);
    let reply = world.sync(&phone, vec![push(AREA_A, &doors[2])], NOW + DAY_MS).await.expect("a reply");
    assert_eq!(reply.results[0].verdict, Verdict::Ok);
}

#[tokio::test]
async fn only_what_is_stored_is_counted() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    let foreign = household("Lý Văn Sơn", stamp(NOW, 7));
    world.push(&phone, AREA_A, &[&door]).await;
    world.push(&phone, AREA_A, &[&door]).await;
    world.push(&phone, AREA_B, &[&foreign]).await;
    let bytes = door.canonical_bytes().len() as u64;
    assert_eq!(used(&world, MEMBER_A).await, Used { documents: 1, bytes, unknown: 0 });
}

#[tokio::test]
async fn kinds_that_nobody_here_knows_are_few_and_short() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    assert_eq!(world.push(&phone, AREA_A, &[&unknown(60_000)]).await, [refused(Rejection::Malformed)]);
    let many: Vec<Document> = (0..200).map(|_| unknown(10)).collect();
    let verdicts = world.push(&phone, AREA_A, &many.iter().collect::<Vec<_>>()).await;
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Ok));
    assert_eq!(world.push(&phone, AREA_A, &[&unknown(10)]).await, [refused(Rejection::TooMuch)]);
    assert_eq!(world.push(&phone, AREA_A, &[&household("Lý Văn Sơn", stamp(NOW, 7))]).await, [Verdict::Ok]);
}

#[tokio::test]
async fn what_a_receipt_proves_comes_back_whatever_was_used_and_whatever_its_day() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    let fields = Visit::fields(door.id, MEMBER_A, Day::at_ms(NOW), VisitResult::Met, None, &[], "");
    let visit = Document::fact(fresh_id(), Kind::Visit, stamp(NOW, 7), fields);
    world.push(&phone, AREA_A, &[&door, &visit]).await;
    let held = world.pull_proved(&mut phone).await;
    // Another database with the same key that has forgotten the area.
    let restored = World::new().await;
    let three_years_later = NOW + 3 * 366 * DAY_MS;
    let same = restored.phone(MEMBER_A).await;
    // Silent phones are not let in: this one has joined again by then.
    let later = restored.phone_since(MEMBER_A, three_years_later).await;
    use_up(&restored, MEMBER_A, 0).await;
    let offers = |is_proved: bool| {
        let of_area = held.iter().filter(|(scope, _)| *scope == AREA_A);
        let offer = |(scope, pulled): &(DocId, domain::protocol::Pulled)| domain::protocol::Push {
            receipt: pulled.receipt.filter(|_| is_proved),
            ..push(*scope, &pulled.doc)
        };
        of_area.map(offer).collect::<Vec<_>>()
    };
    let reply = restored.sync(&same, offers(false), NOW).await.expect("a reply");
    assert!(reply.results.iter().all(|result| result.verdict == refused(Rejection::TooMuch)));
    let reply = restored.sync(&later, offers(false), three_years_later).await.expect("a reply");
    assert_eq!(reply.results[1].verdict, refused(Rejection::DayUnlikely));
    let reply = restored.sync(&later, offers(true), three_years_later).await.expect("a reply");
    assert!(reply.results.iter().all(|result| result.verdict == Verdict::Ok));
}
