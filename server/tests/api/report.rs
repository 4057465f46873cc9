//! Reports: the office's and the phone's are the same to the byte, and only those who may send one.

use std::collections::BTreeMap;

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::daily::Daily;
use domain::people::Member;
use domain::place::{Area, Commune};
use domain::protocol::{Rejection, Verdict};
use domain::report::{Figures, Office, Period, Report, Sent, message, row, xlsx};
use domain::service::{Origin, Service, Step};
use domain::summary::{PhoneState, Summary};
use domain::visit::{Correction, Difficulty, Outcome, Proficiency, Visit, VisitResult};
use domain::{Day, DocId, Document, Kind, Value};
use proptest::prelude::*;
use server::{admin, report};

use crate::helpers::*;

const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A lead's phone: everything that the office has sent, with the order of acceptance.
async fn held(world: &World, phone: &Phone) -> BTreeMap<DocId, Vec<(Document, u64)>> {
    let reply = world.sync(phone, Vec::new(), NOW).await.expect("a reply");
    let mut held: BTreeMap<DocId, Vec<(Document, u64)>> = BTreeMap::new();
    for (scope, page) in pages(&reply) {
        assert!(!page.more, "one page holds it all");
        held.entry(scope).or_default().extend(page.docs.iter().map(|pulled| (pulled.doc.clone(), pulled.accepted)));
    }
    held
}

/// The report as the lead's phone makes it, with its own fold of the area.
fn on_the_phone(held: &BTreeMap<DocId, Vec<(Document, u64)>>, area: Option<DocId>, period: Period) -> Report {
    fn all<V>(documents: Option<&Vec<(Document, u64)>>, of: fn(&Document) -> Option<V>) -> Vec<V> {
        documents.into_iter().flatten().filter_map(|(doc, _)| of(doc)).collect()
    }
    let (own, figures) = (held.get(&COMMUNE), held.get(&DocId::figures(COMMUNE)));
    let campaign = Campaign::current(all(own, Campaign::read)).expect("a plan");
    let commune = all(own, Commune::read).pop().expect("a commune");
    let mut areas = all(own, Area::read);
    areas.sort_by(|a, b| (a.order, &a.name, a.id).cmp(&(b.order, &b.name, b.id)));
    let members = all(own, Member::read).into_iter().map(|member| (member.id, member)).collect();
    let phones = all(figures, PhoneState::read).into_iter().map(|phone| (phone.member, phone)).collect();
    let summaries = all(figures, Summary::read).into_iter().collect();
    let mut dailies: BTreeMap<DocId, Daily> = BTreeMap::new();
    for (of, month) in all(figures, Daily::read) {
        dailies.entry(of).or_default().add(&month);
    }
    let sent = all(figures, Sent::read);
    let office = Office {
        campaign: &campaign,
        commune: &commune,
        areas: &areas,
        members: &members,
        phones: &phones,
        summaries: &summaries,
        dailies: &dailies,
        sent: &sent,
    };
    let (summary, daily) = match area {
        Some(area) => {
            let shown = held[&area].iter().map(|(doc, accepted)| Shown { doc, accepted: Some(*accepted) });
            let view = AreaView::build(shown, &campaign, Day::at_ms(NOW));
            (Summary::of(&view, &campaign), Daily::of(&view, &campaign))
        }
        None => office.figures(None),
    };
    let wanted = period.wanted(&campaign).expect("a period of the plan");
    let figures = Figures { summary: &summary, daily: &daily };
    office.report(area, figures, wanted, NOW, None).expect("a report")
}

fn assert_same(phone: &Report, office: &Report) {
    assert_eq!(message(phone), message(office));
    assert_eq!(row(phone), row(office));
    assert_eq!(xlsx::file(phone), xlsx::file(office));
}

/// A record as somebody made it: by whom, at whose door, how long ago, for how many days before, of what sort.
type Record = (bool, usize, u64, u64, usize);

fn document(record: Record, residents: &[(DocId, DocId)], records: &[Document]) -> (DocId, Document) {
    let (is_lead, person, hours_ago, days_before, sort) = record;
    let member = if is_lead { LEAD_A } else { MEMBER_A };
    let made_ms = NOW - hours_ago * HOUR;
    let (at, day) = (stamp(made_ms, u64::from(is_lead) + 1), Day::at_ms(made_ms - days_before * DAY));
    let (household, resident) = residents[person % residents.len()];
    let signature = |step, origin| (Kind::Outcome, Outcome::fields(resident, member, day, step, origin));
    let (kind, fields) = match (sort, records.get(person)) {
        (0, _) => {
            (Kind::Visit, Visit::fields(household, member, day, VisitResult::Met, None, &[Difficulty::NoOtp], ""))
        }
        (1, _) => (Kind::Visit, Visit::fields(household, member, day, VisitResult::Absent, None, &[], "")),
        (2, _) => signature(Step::SignatureActivated, Origin::NewlyInstalled),
        (3, _) => signature(Step::Used, Origin::PreExisting),
        (4, _) => signature(Step::SignatureActivated, Origin::Renewed),
        (5, Some(wrong)) if wrong.link("member") == Some(member) => {
            (Kind::Correction, Correction::fields(wrong.id, member, false))
        }
        _ => (Kind::Proficiency, Proficiency::fields(resident, member, day)),
    };
    (member, Document::fact(fresh_id(), kind, at, fields))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was recorded by whom, in whatever pieces it came in: the office reports from the figures that it has kept up
    /// to date piece by piece, the phone counts everything anew, and both write the same bytes.
    #[test]
    fn phone_and_office_make_the_same_report(
        records in proptest::collection::vec((any::<bool>(), 0..12_usize, 1..900_u64, 0..3_u64, 0..7_usize), 0..60),
        pieces in 1..7_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            world.write(COMMUNE, &[weekly_plan()], NOW - 40 * DAY).await;
            let (member, lead) = (world.phone(MEMBER_A).await, world.phone(LEAD_A).await);
            let at = stamp(NOW - 40 * DAY, 1);
            let mut residents = Vec::new();
            for (number, year) in (0..5).map(|number| (number, 1960 + 12 * number)) {
                let door = household(&format!("Chủ hộ {number}"), at);
                let person = resident(door.id, &format!("Người {number}"), year, at);
                residents.push((door.id, person.id));
                world.write(AREA_A, &[door, person], NOW - 40 * DAY).await;
            }
            let mut made: Vec<Document> = Vec::new();
            for piece in records.chunks(records.len().div_ceil(pieces).max(1)) {
                for &record in piece {
                    let (by, doc) = document(record, &residents, &made);
                    let phone = if by == LEAD_A { &lead } else { &member };
                    assert_eq!(world.push(phone, AREA_A, &[&doc]).await, [Verdict::Ok]);
                    made.push(doc);
                }
                // Somewhere in between a report is sent; the last one follows it.
                let frozen = report::make(&world.store, COMMUNE, Some("Tổ 1"), Some(Period::Now), NOW - 2 * DAY).await;
                let fields = Sent::fields(LEAD_A, Some(AREA_A), &frozen.expect("a report")).expect("fields");
                let sent = Document::fact(fresh_id(), Kind::Report, stamp(NOW - 2 * DAY, 2), fields);
                assert_eq!(world.push(&lead, DocId::figures(COMMUNE), &[&sent]).await, [Verdict::Ok]);
            }
            // The first request is noted; the second finds that note.
            world.sync(&lead, Vec::new(), NOW).await.expect("a reply");
            let held = held(&world, &lead).await;
            for period in ["now".parse().expect("a period"), "0@2026-09-23".parse().expect("a period")] {
                for (area, name) in [(Some(AREA_A), Some("Tổ 1")), (None, None)] {
                    let office = report::make(&world.store, COMMUNE, name, Some(period), NOW).await.expect("a report");
                    assert_same(&on_the_phone(&held, area, period), &office);
                }
            }
        });
    }
}

/// Wednesdays before 11h; two services and a target.
fn weekly_plan() -> Document {
    let mut plan = Campaign::read(&campaign(15, stamp(NOW - 40 * DAY, 1))).expect("a plan");
    plan.services.push(domain::campaign::ServiceGoal::new(Service::EidLevel2, Step::Activated));
    plan.report_slots = serde_json::from_value(serde_json::json!([
        { "weekdays": ["wednesday"], "before_hour": 11, "to": "Phòng Văn hóa - Xã hội" }
    ]))
    .expect("a slot");
    plan.targets = serde_json::from_value(serde_json::json!([
        { "label": "Mọi hộ", "measure": "reached_households", "counted": "stock", "comparator": "at_least",
          "amount": { "basis_points": 10_000 } }
    ]))
    .expect("a target");
    plan.providers = vec!["VNPT".to_owned()];
    Document::description(CAMPAIGN, Kind::Campaign).with(stamp(NOW - MINUTE, 1), plan.to_fields())
}

fn sent_by(member: DocId, area: Option<DocId>) -> Document {
    let report = Report {
        unit: "Tổ 1".to_owned(),
        within: String::new(),
        place: String::new(),
        is_whole: area.is_none(),
        campaign: String::new(),
        slot: String::new(),
        due: String::new(),
        to: String::new(),
        from: None,
        until: domain::Moment::at_ms(NOW),
        made_ms: NOW,
        synced_ms: None,
        phones: domain::report::Phones::default(),
        lines: Vec::new(),
        targets: Vec::new(),
        difficulties: Vec::new(),
        units: Vec::new(),
    };
    let fields = Sent::fields(member, area, &report).expect("fields");
    Document::fact(fresh_id(), Kind::Report, stamp(NOW - MINUTE, 9), fields)
}

#[tokio::test]
async fn a_lead_reports_for_their_own_area_and_the_coordinator_for_all() {
    let world = World::new().await;
    let figures = DocId::figures(COMMUNE);
    let (member, lead, coordinator) =
        (world.phone(MEMBER_A).await, world.phone(LEAD_A).await, world.phone(COORDINATOR).await);
    let forbidden = [refused(Rejection::Forbidden)];
    for (phone, by, area, expected) in [
        (&lead, LEAD_A, Some(AREA_A), [Verdict::Ok]),
        (&lead, LEAD_A, Some(AREA_B), forbidden.clone()),
        (&lead, LEAD_A, None, forbidden.clone()),
        (&lead, COORDINATOR, Some(AREA_A), forbidden.clone()),
        (&member, MEMBER_A, Some(AREA_A), forbidden.clone()),
        (&coordinator, COORDINATOR, Some(AREA_B), [Verdict::Ok]),
        (&coordinator, COORDINATOR, None, [Verdict::Ok]),
    ] {
        assert_eq!(world.push(phone, figures, &[&sent_by(by, area)]).await, expected, "{by} {area:?}");
    }
}

#[tokio::test]
async fn a_report_that_was_sent_can_be_neither_changed_nor_erased() {
    let world = World::new().await;
    let (figures, lead) = (DocId::figures(COMMUNE), world.phone(LEAD_A).await);
    let sent = sent_by(LEAD_A, Some(AREA_A));
    assert_eq!(world.push(&lead, figures, &[&sent]).await, [Verdict::Ok]);
    let mut erased = sent.clone();
    erased.erased = true;
    assert_eq!(world.push(&lead, figures, &[&erased]).await, [refused(Rejection::Forbidden)]);
    let mut other = sent_by(LEAD_A, Some(AREA_A));
    other.id = sent.id;
    if let domain::Body::Fact { fields, .. } = &mut other.body {
        fields.insert("report".to_owned(), Value::text("khác"));
    }
    assert_eq!(world.push(&lead, figures, &[&other]).await, [refused(Rejection::FactConflict)]);
    assert_eq!(world.stored(sent.id).await.expect("the report").doc, sent);
}

#[tokio::test]
async fn figures_of_last_year_are_counted_anew_on_new_years_day() {
    let world = World::new().await;
    let at = stamp(NOW - MINUTE, 1);
    let door = household("Chủ hộ", at);
    // Fifteen next year.
    let born = i64::from(Day::at_ms(NOW).year()) - 14;
    let pupil = resident(door.id, "Học sinh", born, at);
    world.write(AREA_A, &[door, pupil], NOW).await;
    assert_eq!(world.figures(AREA_A).await.adults, 0);
    let count = async |now_ms| admin::recount_outdated(&world.store, &world.cache, now_ms).await.expect("counted");
    assert_eq!(count(NOW).await, 0);
    assert!(count(NOW + 366 * DAY).await > 0);
    assert_eq!(world.figures(AREA_A).await.adults, 1);
    assert_eq!(count(NOW + 366 * DAY).await, 0);
}
