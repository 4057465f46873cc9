//! A name that a member changed is kept as it was before, for a lead to see and to put back.

use domain::coverage::{AreaView, Shown};
use domain::protocol::{Push, Rejection, Verdict};
use domain::renamed::Renamed;
use domain::visit::Correction;
use domain::{Day, DocId, Document, Kind, Value};
use server::store::{Store, Tx};

use crate::helpers::*;

fn edit(id: DocId, kind: Kind, field: &str, value: &str, ms: u64) -> Document {
    Document::description(id, kind).with(stamp(ms, 9), [(field, Value::from(value))])
}

async fn view(world: &World) -> AreaView {
    let (_, documents) = world.all(AREA_A).await;
    let shown = documents.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
    AreaView::build(shown, &domain::campaign::Campaign::asking_nothing(), Day::at_ms(NOW))
}

async fn open(world: &World) -> Vec<(String, Value, Value, DocId)> {
    let view = view(world).await;
    let line = |(kept, now): (&Renamed, Value)| (kept.field.clone(), kept.before.clone(), now, kept.member);
    view.renamed_now().into_iter().map(line).collect()
}

/// A household and a resident that a list told of.
async fn listed(world: &World) -> (Document, Document) {
    let door = household("Nông Thị Mỷ", stamp(NOW - 9, 3));
    let person = resident(door.id, "Nông Thị Mỷ", 1950, stamp(NOW - 9, 3));
    world.write(AREA_A, &[door.clone(), person.clone()], NOW).await;
    (door, person)
}

#[tokio::test]
async fn fifty_names_overwritten_in_one_request_are_all_kept() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let door = household("Nông Thị Mỷ", stamp(NOW - 9, 3));
    let people: Vec<Document> =
        (0..50).map(|number| resident(door.id, &format!("Người {number}"), 1950, stamp(NOW - 9, 3))).collect();
    world.write(AREA_A, &people, NOW).await;
    let edits: Vec<Document> =
        people.iter().map(|person| edit(person.id, Kind::Resident, "name", "Phá", NOW)).collect();
    let verdicts = world.push(&phone, AREA_A, &edits.iter().collect::<Vec<_>>()).await;
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Merged));
    let open = view(&world).await.renamed_now().into_iter().map(|(kept, _)| kept.before.clone()).collect::<Vec<_>>();
    assert_eq!(open.len(), 50);
    for person in &people {
        assert!(open.contains(person.value("name").expect("a name")));
    }
}

#[tokio::test]
async fn a_lead_puts_the_older_value_back_and_nothing_is_open_then() {
    let world = World::new().await;
    let (door, person) = listed(&world).await;
    let (phone, lead) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    let head = edit(door.id, Kind::Household, "head", "Người lạ", NOW);
    let name = edit(person.id, Kind::Resident, "name", "", NOW);
    world.push(&phone, AREA_A, &[&head, &name]).await;
    let old = || Value::text("Nông Thị Mỷ");
    let mut told = open(&world).await;
    told.sort();
    let head_line = ("head".to_owned(), old(), Value::text("Người lạ"), MEMBER_A);
    assert_eq!(told, [head_line, ("name".to_owned(), old(), Value::text(""), MEMBER_A)]);
    let back = edit(door.id, Kind::Household, "head", "Nông Thị Mỷ", NOW + 1);
    world.push(&lead, AREA_A, &[&back]).await;
    assert_eq!(open(&world).await.len(), 1, "what a lead changes is not kept");
    // The other one was right.
    let kept = view(&world).await.renamed.iter().find(|kept| kept.field == "name").expect("kept").id;
    let settle = |ms, by_lead, member| {
        Document::fact(fresh_id(), Kind::Correction, stamp(ms, 9), Correction::fields(kept, member, by_lead))
    };
    world.push(&phone, AREA_A, &[&settle(NOW + 2, false, MEMBER_A)]).await;
    assert_eq!(open(&world).await.len(), 1, "only a lead settles it");
    world.push(&lead, AREA_A, &[&settle(NOW + 60_000, true, LEAD_A)]).await;
    assert_eq!(open(&world).await, []);
}

#[tokio::test]
async fn a_name_that_goes_back_and_forth_is_kept_once_for_each_value() {
    let world = World::new().await;
    let (_, person) = listed(&world).await;
    let phones = [world.phone(MEMBER_A).await, world.phone(MEMBER_AB).await];
    for round in 0..20 {
        let name = if round % 2 == 0 { "Hoa" } else { "Lan" };
        world
            .push(&phones[round % 2], AREA_A, &[&edit(person.id, Kind::Resident, "name", name, NOW + round as u64)])
            .await;
    }
    let kept = view(&world).await.renamed.len();
    assert_eq!(kept, 3, "the list's, Hoa and Lan");
}

#[tokio::test]
async fn saying_the_same_again_does_not_make_a_name_ones_own() {
    let world = World::new().await;
    let (_, person) = listed(&world).await;
    let phone = world.phone(MEMBER_A).await;
    world.push(&phone, AREA_A, &[&edit(person.id, Kind::Resident, "name", "Nông Thị Mỷ", NOW)]).await;
    assert_eq!(open(&world).await, [], "nothing has changed yet");
    world.push(&phone, AREA_A, &[&edit(person.id, Kind::Resident, "name", "Phá", NOW + 1)]).await;
    assert_eq!(open(&world).await.len(), 1);
}

#[tokio::test]
async fn ones_own_name_and_an_older_edit_are_not_noted() {
    let world = World::new().await;
    let phone = world.phone(MEMBER_A).await;
    let own = |ms| stamp(ms, phone.install.0);
    let person = resident(fresh_id(), "Lann", 1950, own(NOW - 9));
    world.push(&phone, AREA_A, &[&person]).await;
    let mended = Document::description(person.id, Kind::Resident).with(own(NOW), [("name", Value::from("Lan"))]);
    world.push(&phone, AREA_A, &[&mended]).await;
    let (_, listed) = listed(&world).await;
    world.push(&phone, AREA_A, &[&edit(listed.id, Kind::Resident, "name", "muộn", NOW - 60_000)]).await;
    assert_eq!(view(&world).await.renamed, []);
}

#[tokio::test]
async fn only_the_server_writes_what_is_kept_and_nobody_guesses_its_id() {
    let world = World::new().await;
    let (_, person) = listed(&world).await;
    let fields = Renamed::fields(person.id, "name", &Value::text("bịa"), MEMBER_A);
    let forged = Document::description(fresh_id(), Kind::Renamed).with(stamp(NOW, 9), fields);
    let empty = Document::description(fresh_id(), Kind::Renamed);
    for member in [MEMBER_A, LEAD_A, COORDINATOR] {
        let phone = world.phone(member).await;
        let verdicts = world.push(&phone, AREA_A, &[&forged, &empty]).await;
        assert_eq!(verdicts, [refused(Rejection::Forbidden), refused(Rejection::Forbidden)]);
    }
    let phone = world.phone(MEMBER_A).await;
    world.push(&phone, AREA_A, &[&edit(person.id, Kind::Resident, "name", "Phá", NOW)]).await;
    let kept = view(&world).await.renamed.remove(0);
    assert_ne!(kept.id, Renamed::id(person.id, "name", &kept.before, ""));
    let wiped = Document::description(kept.id, Kind::Renamed).with(stamp(NOW + 1, 9), [("before", Value::Null)]);
    assert_eq!(world.push(&phone, AREA_A, &[&wiped]).await, [refused(Rejection::Forbidden)]);
    let mut tx = world.store.read().await.expect("a transaction");
    assert_eq!(tx.documents(&[kept.id]).await.expect("documents").len(), 1);
}

#[tokio::test]
async fn an_erased_person_leaves_no_older_name_behind() {
    let world = World::new().await;
    let (_, person) = listed(&world).await;
    let (phone, lead) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
    world.push(&phone, AREA_A, &[&edit(person.id, Kind::Resident, "name", "Hoa", NOW)]).await;
    let kept = view(&world).await.renamed.remove(0).id;
    assert_eq!(world.push(&lead, AREA_A, &[&erasure(person.id, LEAD_A, stamp(NOW, 8))]).await, [Verdict::Ok]);
    let left = world.stored(kept).await.expect("stored").doc;
    assert!(left.erased && left.value("before").is_none());
    let (_, documents) = world.all(AREA_A).await;
    let of_person = documents.iter().filter(|stored| stored.doc.id == person.id || stored.doc.id == kept);
    assert!(
        of_person
            .flat_map(|stored| stored.doc.canonical_bytes())
            .collect::<Vec<_>>()
            .windows(3)
            .all(|part| part != b"Hoa")
    );
}

#[tokio::test]
async fn after_a_restore_what_was_kept_comes_back_beside_the_change_itself() {
    let world = World::new().await;
    let (_, person) = listed(&world).await;
    let mut phone = world.phone(MEMBER_A).await;
    world.push(&phone, AREA_A, &[&edit(person.id, Kind::Resident, "name", "Hoa", NOW)]).await;
    let held = world.pull_proved(&mut phone).await;
    let kept = held.iter().find(|(_, pulled)| pulled.doc.kind == Kind::Renamed).expect("kept");
    // Restored from before the change, which its author brings without a receipt.
    let restored = World::new().await;
    restored.write(AREA_A, std::slice::from_ref(&person), NOW).await;
    let same = restored.phone(MEMBER_A).await;
    let again = push(AREA_A, &edit(person.id, Kind::Resident, "name", "Hoa", NOW));
    let proved = Push { receipt: kept.1.receipt, ..push(AREA_A, &kept.1.doc) };
    let reply = restored.sync(&same, vec![again, proved], NOW).await.expect("a reply");
    let taken = |result: &domain::protocol::PushResult| !matches!(result.verdict, Verdict::Rejected { .. });
    assert!(reply.results.iter().all(taken), "{:?}", reply.results);
    assert_eq!(view(&restored).await.renamed.len(), 1);
}
