//! A support point is an area that a coordinator adds and gives to members, all from the app.

use domain::campaign::Channel;
use domain::place::AreaKind;
use domain::protocol::{Rejection, ScopeContent, Verdict};
use domain::service::{Origin, Step};
use domain::visit::Outcome;
use domain::{Day, DocId, Document, Kind, Value};

use crate::helpers::*;

const STATION: DocId = DocId::from_u128(0x57a);

fn station(at_ms: u64) -> Document {
    let fields = [("name", Value::from("Trạm y tế phường")), ("kind", Value::from(AreaKind::HealthStation.name()))];
    Document::description(STATION, Kind::Area).with(stamp(at_ms, 3), fields)
}

/// The member's areas from now on, as the coordinator's phone sends them: only what has changed.
fn given(member: DocId, areas: &[DocId], at_ms: u64) -> Document {
    Document::description(member, Kind::Member).with(stamp(at_ms, 3), [("areas", areas.iter().copied().collect())])
}

#[tokio::test]
async fn a_new_area_and_a_members_new_areas_bring_its_list_to_that_members_phone() {
    let world = World::new().await;
    let office = world.phone(COORDINATOR).await;
    let mut phone = world.phone(MEMBER_A).await;
    world.pull(&mut phone).await;

    let changes = [station(NOW - 9), given(MEMBER_A, &[AREA_A, STATION], NOW - 8)];
    let verdicts = world.push(&office, COMMUNE, &[&changes[0], &changes[1]]).await;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Ok | Verdict::Merged)), "{verdicts:?}");

    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    let scopes: Vec<DocId> = pages(&reply).iter().map(|(scope, _)| *scope).collect();
    assert!(scopes.contains(&STATION) && scopes.contains(&AREA_A), "{scopes:?}");

    let walk_in = Document::description(fresh_id(), Kind::Resident)
        .with(stamp(NOW, 7), [("name", Value::from("Bàn Thị Hoa")), ("birth_year", Value::Int(1990))]);
    let step = Step::SignatureActivated;
    let day = Day::at_ms(NOW);
    let fields = Outcome::fields_at(Channel::HealthStation, walk_in.id, MEMBER_A, day, step, Origin::NewlyInstalled);
    let outcome = Document::fact(fresh_id(), Kind::Outcome, stamp(NOW, 7), fields);
    assert_eq!(world.push(&phone, STATION, &[&walk_in, &outcome]).await, [Verdict::Ok, Verdict::Ok]);
    let figures = world.figures(STATION).await;
    assert_eq!((figures.doors.total(), figures.people), (0, 1));
    assert_eq!(figures.channels[&Channel::HealthStation].helped, 1);
    assert_eq!(figures, world.recounted(STATION).await);
}

#[tokio::test]
async fn an_area_that_is_taken_from_a_member_leaves_the_phone() {
    let world = World::new().await;
    let office = world.phone(COORDINATOR).await;
    world.push(&office, COMMUNE, &[&station(NOW - 9), &given(MEMBER_A, &[AREA_A, STATION], NOW - 8)]).await;
    let mut phone = world.phone(MEMBER_A).await;
    world.pull(&mut phone).await;
    world.push(&office, COMMUNE, &[&given(MEMBER_A, &[AREA_A], NOW - 7)]).await;
    let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
    let left = reply.scopes.iter().find(|reply| reply.scope == STATION).expect("a word on the station");
    assert!(matches!(left.content, ScopeContent::Revoked { .. }));
    // What was made before is taken (`moves`), what was made after is not.
    let after = stamp(NOW + 3 * MINUTE, 7);
    let late = Document::description(fresh_id(), Kind::Resident).with(after, [("name", Value::from("x"))]);
    assert_eq!(world.push(&phone, STATION, &[&late]).await, [refused(Rejection::Forbidden)]);
}

#[tokio::test]
async fn only_a_coordinator_adds_a_support_point_or_gives_areas() {
    let world = World::new().await;
    let lead = world.phone(LEAD_A).await;
    let verdicts = world.push(&lead, COMMUNE, &[&station(NOW), &given(MEMBER_A, &[AREA_B], NOW)]).await;
    assert_eq!(verdicts, [refused(Rejection::Forbidden), refused(Rejection::Forbidden)]);
}
