//! The communes to try out: each under its plan, with people whose records give every report something to tell.

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::people::{Member, Role};
use domain::place::{Area, Commune};
use domain::plausible::PlausibleDays;
use domain::summary::Summary;
use domain::visit::{Outcome, Visit};
use domain::{Day, DocId, Document, InstallId, Kind};
use server::area_cache::AreaCache;
use server::demo::{self, Place, Seats};
use server::province::{self, Known};
use server::store::{SqliteStore, Store, Tx};
use server::{admin, plans};

use crate::helpers::{NOW, all_documents};

async fn invented(plan: &str) -> Vec<Document> {
    let store = SqliteStore::in_memory().await.expect("a store");
    admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
    let place = Place::find(plan).expect("a place");
    assert!(demo::seed(&store, &AreaCache::default(), place, None, NOW).await.expect("seeded"));
    all_documents(&store).await
}

fn figures(documents: &[Document]) -> Summary {
    let mut total = Summary::default();
    documents.iter().filter_map(Summary::read).for_each(|(_, of_area)| total.add(&of_area));
    total
}

#[tokio::test]
async fn the_invented_commune_is_the_same_for_everyone() {
    let communes = [invented("bac-kan-2026").await, invented("bac-kan-2026").await];
    assert_eq!(communes[0], communes[1]);
    assert!(communes[0].iter().filter(|doc| doc.kind == Kind::Resident).count() > 1_200);
}

#[tokio::test]
async fn every_place_follows_its_plan_and_keeps_the_visitors_seats() {
    for key in Place::plans() {
        let documents = invented(key).await;
        assert!(documents.iter().all(|doc| doc.check().is_ok()), "{key}");
        let newest = documents.iter().filter_map(Document::newest_stamp).max().expect("a stamp");
        assert!(newest.ms <= NOW, "{key}: nothing lies in the future");

        let plan = documents.iter().find_map(Campaign::read).expect("a plan");
        let preset = plans::find(key).expect("a preset");
        // Days may be moved to the present; what is wanted may not.
        let wanted = |plan: &Campaign| {
            let targets = plan.targets.iter().map(|target| (target.label.clone(), target.measure, target.amount));
            (plan.name.clone(), targets.collect::<Vec<_>>(), plan.quota)
        };
        assert_eq!(wanted(&plan), wanted(&preset.campaign));
        assert!(plan.issued_on.is_some(), "{key}: the demo enters the day that the plan leaves blank");
        let commune = documents.iter().find_map(Commune::read).expect("a commune");
        assert!(preset.of.starts_with(&commune.title()), "{} is not {}", commune.title(), preset.of);
        assert_eq!(documents.iter().filter_map(Area::read).count(), 4);

        let role = |id| documents.iter().filter_map(Member::read).find(|member| member.id == id).map(|it| it.role);
        let seats = Seats::new();
        let roles = [seats.member, seats.lead, seats.coordinator].map(role);
        assert_eq!(roles, [Some(Role::Member), Some(Role::Lead), Some(Role::Coordinator)], "{key}");
    }
}

#[tokio::test]
async fn the_demos_commune_is_one_of_its_province() {
    let store = SqliteStore::in_memory().await.expect("a store");
    admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
    let place = Place::find("cho-don-2025").expect("a place");
    demo::seed(&store, &AreaCache::default(), place, None, NOW).await.expect("seeded");
    assert_eq!(province::roll_up(&store, &mut Known::default(), NOW).await.expect("added up"), 1);
    let members = admin::members(&store).await.expect("members");
    let (province, _) = members.iter().find(|(_, member)| member.id == demo::province::seat()).expect("an official");
    let mut tx = store.read().await.expect("a transaction");
    let read = tx.all_documents(*province).await.expect("documents");
    let plan = read.iter().find_map(|stored| Campaign::read(&stored.doc)).expect("a plan");
    let areas: Vec<Area> = read.iter().filter_map(|stored| Area::read(&stored.doc)).collect();
    let figures = tx.all_documents(DocId::figures(*province)).await.expect("documents");
    let summaries = figures.iter().filter_map(|stored| Summary::read(&stored.doc)).collect();
    let lines = domain::province::lines(&plan, &areas, &summaries);
    assert_eq!((lines.len(), lines.iter().map(|line| line.recommended).sum::<u64>()), (37, 50_000));
    let own = lines.iter().find(|line| line.name == "Xã Chợ Đồn").expect("a line");
    assert!(own.signatures.is_some_and(|(new, stock)| 0 < new && new <= stock), "{own:?}");
    assert!(lines.iter().any(|line| line.signatures.is_none()), "some have not reported");
}

#[tokio::test]
async fn every_place_has_something_to_report() {
    let today = Day::at_ms(NOW);
    for key in Place::plans() {
        let documents = invented(key).await;
        let plan = documents.iter().find_map(Campaign::read).expect("a plan");
        let total = figures(&documents);
        let goal = plan.services.last().expect("a signature");
        let signatures = total.steps[&goal.done];
        let kinds = [signatures.new, signatures.pre_existing, signatures.self_done, signatures.renewed];
        assert!(kinds.iter().all(|count| *count > 0), "{key}: {kinds:?}");
        assert!(total.complete > 0 && total.proficient_households > 0, "{key}");
        assert!(!total.certificates.is_empty() && total.certificates.values().all(|count| *count > 0), "{key}");
        assert!(!total.groups.is_empty() && !total.difficulties.is_empty(), "{key}");
        let (settled, met) = (total.solved.values().sum::<u64>(), total.difficulties.values().sum::<u64>());
        assert!(0 < settled && settled < met, "{key}: {settled} of {met}");

        let ends_soon = |outcome: &Outcome| outcome.expires_on.is_some_and(|day| (0..=31).contains(&day.since(today)));
        assert!(documents.iter().filter_map(Outcome::read).any(|outcome| ends_soon(&outcome)), "{key}");
        let mut days: Vec<i32> = documents.iter().filter_map(Visit::read).map(|visit| today.since(visit.day)).collect();
        days.sort_unstable();
        days.dedup();
        assert_eq!(days, (1..=14).collect::<Vec<i32>>(), "{key}: work on every one of the last days");

        let shown = documents.iter().map(|doc| Shown { doc, accepted: Some(1) });
        assert_eq!(AreaView::build(shown, &plan, today).bursts(), [], "{key}: as fast as people are");
        let believed = PlausibleDays::of([&plan], NOW);
        assert!(documents.iter().all(|doc| believed.check(doc).is_ok()), "{key}");
    }
}
