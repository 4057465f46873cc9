//! The office sets the commune's plan.

use domain::campaign::Campaign;
use domain::service::{Service, Step};
use domain::{Document, Kind};
use server::{admin, plans};

use crate::helpers::*;

fn of_plan(documents: &[(domain::DocId, Document)]) -> Vec<&Document> {
    documents.iter().map(|(_, doc)| doc).filter(|doc| doc.kind == Kind::Campaign).collect()
}

#[tokio::test]
async fn a_new_plan_takes_the_place_of_the_old_one_and_phones_and_figures_follow() {
    let world = World::new().await;
    let mut phone = world.phone(MEMBER_A).await;
    let home = household("Nông Văn Tư", stamp(NOW - 9 * MINUTE, 1));
    let person = resident(home.id, "Nông Văn Tư", 1980, stamp(NOW - 9 * MINUTE, 1));
    let fact = signature(person.id, MEMBER_A, stamp(NOW - 8 * MINUTE, 1));
    world.write(AREA_A, &[home, person, fact], NOW).await;
    world.pull(&mut phone).await;
    assert_eq!(world.figures(AREA_A).await.complete, 1);

    let plan = plans::find("cho-don-2025").expect("a preset").campaign;
    let set = async |plan: &Campaign| admin::set_plan(&world.store, &world.cache, COMMUNE, plan, NOW + MINUTE).await;
    assert!(set(&plan).await.expect("written"));
    let pulled = world.pull(&mut phone).await;
    let plans_on_phone = of_plan(&pulled);
    assert_eq!(plans_on_phone.len(), 1);
    assert_eq!(plans_on_phone[0].id, CAMPAIGN, "the same document");
    assert_eq!(Campaign::read(plans_on_phone[0]), Some(plan.clone()));
    // Three services are asked for now.
    assert_eq!(world.figures(AREA_A).await.complete, 0);
    assert_eq!(world.figures(AREA_A).await, world.recounted(AREA_A).await);

    let audit = world.audit_count().await;
    assert!(!set(&plan).await.expect("read"), "nothing to change");
    assert!(of_plan(&world.pull(&mut phone).await).is_empty());
    assert_eq!(world.audit_count().await, audit);
}

#[tokio::test]
async fn what_the_new_plan_leaves_out_is_emptied() {
    let world = World::new().await;
    let plan = plans::find("ngok-bay-2025").expect("a preset").campaign;
    admin::set_plan(&world.store, &world.cache, COMMUNE, &plan, NOW).await.expect("written");
    let stored = world.stored(CAMPAIGN).await.expect("a plan");
    let read = Campaign::read(&stored.doc).expect("a plan");
    assert_eq!((read.quota, read.done_step(Service::PublicSignature)), (None, Some(Step::Used)));
    assert_eq!(stored.doc.value("quota"), Some(&domain::Value::Null));
}

#[tokio::test]
async fn a_setting_that_a_fast_phone_has_written_is_replaced_all_the_same() {
    let world = World::new().await;
    let ahead = campaign(20, stamp(NOW + 2 * MINUTE, 9));
    world.write(COMMUNE, &[ahead], NOW).await;
    let plan = plans::find("tan-hoi-2026").expect("a preset").campaign;
    admin::set_plan(&world.store, &world.cache, COMMUNE, &plan, NOW).await.expect("written");
    assert_eq!(Campaign::read(&world.stored(CAMPAIGN).await.expect("a plan").doc), Some(plan));
}
