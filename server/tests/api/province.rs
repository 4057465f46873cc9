//! A province above a commune: figures come up, nothing else does.

use domain::place::AreaKind;
use domain::summary::Summary;
use domain::{DocId, Document, Kind, Value};
use server::province::{Known, roll_up};
use server::{admin, plans};

use crate::helpers::*;

const PROVINCE: DocId = DocId::from_u128(0x9000);
const UNIT: DocId = DocId::from_u128(0x9001);
const OTHER_UNIT: DocId = DocId::from_u128(0x9002);
const OFFICIAL: DocId = DocId::from_u128(0x9003);

async fn province() -> World {
    let world = World::new().await;
    admin::add_commune(&world.store, PROVINCE).await.expect("a province");
    let at = stamp(NOW - 20 * MINUTE, 1);
    let unit = |id, name: &str, commune: Option<DocId>| {
        let fields = [("name", Value::from(name)), ("kind", AreaKind::Commune.name().into())];
        let commune = commune.map(|commune| ("commune", Value::from(commune)));
        Document::description(id, Kind::Area).with(at, fields.into_iter().chain(commune))
    };
    let documents = [
        Document::description(PROVINCE, Kind::Commune)
            .with(at, [("name", Value::from("Thái Nguyên")), ("kind", "Tỉnh".into())]),
        unit(UNIT, "Phường Bắc Kạn", Some(COMMUNE)),
        unit(OTHER_UNIT, "Xã Ba Bể", None),
        Document::description(OFFICIAL, Kind::Member).with(at, [("role", Value::from("coordinator"))]),
    ];
    world.write(PROVINCE, &documents, NOW - 10 * MINUTE).await;
    reports_to(&world, Some(PROVINCE)).await;
    world
}

/// The commune says for itself to whom it reports.
async fn reports_to(world: &World, province: Option<DocId>) {
    let at = stamp(NOW - MINUTE + fresh(), 1);
    let reports = Document::description(COMMUNE, Kind::Commune)
        .with(at, [("reports_to", province.map_or(Value::Null, Value::from))]);
    world.write(COMMUNE, &[reports], NOW).await;
}

async fn somebody_is_helped(world: &World) -> Document {
    let at = stamp(NOW - MINUTE, 7);
    let door = household("Lường Văn Tư", at);
    let person = resident(door.id, "Lường Văn Tư", 1970, at);
    let done = signature(person.id, MEMBER_A, at);
    world.write(AREA_A, &[door, person.clone(), done], NOW).await;
    person
}

#[tokio::test]
async fn what_a_commune_has_counted_reaches_its_province() {
    let world = province().await;
    let mut known = Known::default();
    let person = somebody_is_helped(&world).await;
    assert_eq!(roll_up(&world.store, &mut known, NOW).await.expect("added up"), 1);
    let mut sum = world.figures(AREA_A).await;
    sum.add(&world.figures(AREA_B).await);
    let unit = world.figures(UNIT).await;
    assert_eq!((unit.steps.clone(), unit.people, unit.doors), (sum.steps, 1, sum.doors));
    // A phone of the province holds figures and no person.
    let mut phone = world.phone(OFFICIAL).await;
    let held = world.pull(&mut phone).await;
    assert!(held.iter().any(|(_, doc)| doc.id == DocId::summary(UNIT)));
    assert!(held.iter().all(|(scope, doc)| *scope != AREA_A && doc.id != person.id));
    assert!(held.iter().all(|(_, doc)| doc.kind != Kind::Resident && doc.kind != Kind::Household));
}

#[tokio::test]
async fn a_plan_that_lists_communes_is_the_provinces() {
    let world = province().await;
    let whose = async |key: &str| {
        let plan = plans::find(key).expect("a preset").campaign;
        let tenants = admin::tenants_of_plan(&world.store, &plan).await.expect("read");
        tenants.into_iter().map(|tenant| tenant.id).collect::<Vec<_>>()
    };
    assert_eq!(whose("thai-nguyen-2025").await, [PROVINCE]);
    assert_eq!(whose("cho-don-2025").await, [COMMUNE]);
}

#[tokio::test]
async fn nothing_moves_when_nothing_has_changed() {
    let world = province().await;
    let mut known = Known::default();
    somebody_is_helped(&world).await;
    roll_up(&world.store, &mut known, NOW).await.expect("added up");
    let before = world.all(DocId::figures(PROVINCE)).await.0;
    assert_eq!(roll_up(&world.store, &mut known, NOW).await.expect("added up"), 0);
    // Also after a restart, which knows nothing of what was copied.
    roll_up(&world.store, &mut Known::default(), NOW).await.expect("added up");
    assert_eq!(world.all(DocId::figures(PROVINCE)).await.0.seq, before.seq);
    somebody_is_helped(&world).await;
    assert_eq!(roll_up(&world.store, &mut known, NOW).await.expect("added up"), 1);
}

#[tokio::test]
async fn a_commune_that_reports_to_nobody_gives_no_figures() {
    let world = province().await;
    reports_to(&world, None).await;
    somebody_is_helped(&world).await;
    assert_eq!(roll_up(&world.store, &mut Known::default(), NOW).await.expect("added up"), 0);
    let stored = world.stored(DocId::summary(UNIT)).await.expect("a place for them");
    assert_eq!(Summary::read(&stored.doc), None);
}

#[tokio::test]
async fn a_commune_that_is_not_there_has_no_figures_rather_than_none() {
    let world = province().await;
    roll_up(&world.store, &mut Known::default(), NOW).await.expect("added up");
    let stored = world.stored(DocId::summary(OTHER_UNIT)).await.expect("a place for them");
    assert_eq!(Summary::read(&stored.doc), None);
    // Nor does counting anew make zeros of it.
    admin::recount_outdated(&world.store, &world.cache, NOW + 400 * 24 * 60 * MINUTE).await.expect("counted");
    let stored = world.stored(DocId::summary(OTHER_UNIT)).await.expect("a place for them");
    assert_eq!(Summary::read(&stored.doc), None);
}
