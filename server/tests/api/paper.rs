//! What comes back on paper: typed in by whoever may, it counts for the helper who went, and once.

use axum::http::StatusCode;
use domain::handout::Tick;
use domain::handout::paper::{Entry, PersonEntry};
use domain::protocol::{
    HandoutRequest, PaperReply, PaperRequest, PaperSheet, PaperSource, TakeBackRequest, Verdict, WantedList,
};
use domain::service::{Origin, Step};
use domain::visit::{Outcome, Visit, VisitResult};
use domain::{Day, DocId, Document, Kind, Value};
use server::store::{Store, Tx};
use server::{handouts, paper};

use crate::helpers::*;

const SIGNED: Tick = Tick { step: Step::SignatureActivated, origin: Origin::NewlyInstalled };

/// A world with two doors in area A, printed by the lead.
struct Desk {
    world: World,
    lead: Phone,
    doors: [DocId; 2],
    people: [DocId; 2],
    printed: PaperSource,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new().await;
        let at = stamp(NOW - 9, 7);
        let (mut doors, mut people) = (Vec::new(), Vec::new());
        for (order, name) in [(1, "Hoàng Thị Lan"), (2, "Bàn Thị Hoa")] {
            let door = household(name, at).with(at, [("order", Value::Int(order))]);
            let person = resident(door.id, name, 1980, at);
            world.write(AREA_A, &[door.clone(), person.clone()], NOW - 8).await;
            doors.push(door.id);
            people.push(person.id);
        }
        let lead = world.phone(LEAD_A).await;
        let what = WantedList::Doors { area: AREA_A, route: None };
        let request = HandoutRequest { what, reason: domain::handout::Reason::OnPaper, words: String::new() };
        let handout = handouts::give(&world.store, lead.token, &request, NOW - 7).await.expect("a list");
        let printed = PaperSource::Handout(handout.taken.number);
        Self { world, lead, doors: [doors[0], doors[1]], people: [people[0], people[1]], printed }
    }

    fn line(&self, door: usize, results: &[VisitResult], ticks: &[Tick]) -> PaperRequest {
        let people = match ticks {
            [] => Vec::new(),
            ticks => vec![PersonEntry { resident: self.people[door], ticks: ticks.to_vec() }],
        };
        let entry = Entry { household: self.doors[door], results: results.to_vec(), people };
        PaperRequest { source: self.printed, member: MEMBER_A, day: Day::at_ms(NOW), entry }
    }

    async fn write(&self, phone: &Phone, line: &PaperRequest) -> Result<PaperReply, StatusCode> {
        let written = paper::write(&self.world.store, &self.world.cache, phone.token, line, NOW).await;
        written.map_err(|error| error.status())
    }

    async fn open(&self, phone: &Phone, source: PaperSource) -> Result<PaperSheet, StatusCode> {
        paper::open(&self.world.store, phone.token, source, NOW).await.map_err(|error| error.status())
    }
}

#[tokio::test]
async fn what_is_typed_counts_for_the_helper_and_the_area_and_names_who_typed_it() {
    let desk = Desk::new().await;
    let reply = desk.write(&desk.lead, &desk.line(0, &[VisitResult::Met], &[SIGNED])).await.expect("written");
    assert_eq!((reply.written.len(), reply.already), (2, 0));
    assert!(reply.line.people[0].knows(SIGNED, MEMBER_A), "the line comes back as it is now");
    let figures = desk.world.figures(AREA_A).await;
    assert_eq!((figures.complete, figures.members[&MEMBER_A].credited, figures.members[&MEMBER_A].visits), (1, 1, 1));
    assert!(!figures.members.contains_key(&LEAD_A));
    assert_eq!(figures, desk.world.recounted(AREA_A).await);
    for id in &reply.written {
        let stored = desk.world.stored(*id).await.expect("stored");
        assert_eq!((stored.scope, stored.doc.link("member")), (AREA_A, Some(MEMBER_A)));
        assert_eq!(stored.doc.link("entered_by"), Some(LEAD_A));
    }
    let mut phone = desk.world.phone(MEMBER_A).await;
    let pulled: Vec<DocId> = desk.world.pull(&mut phone).await.into_iter().map(|(_, doc)| doc.id).collect();
    assert!(reply.written.iter().all(|id| pulled.contains(id)), "the helper's phone hears of it");
}

#[tokio::test]
async fn the_same_sheet_typed_twice_or_by_two_people_or_from_the_area_is_written_once() {
    let desk = Desk::new().await;
    let office = desk.world.phone(COORDINATOR).await;
    let line = desk.line(0, &[VisitResult::Met, VisitResult::ComeBack], &[SIGNED]);
    assert_eq!(desk.write(&desk.lead, &line).await.expect("written").written.len(), 3);
    let (row, _) = desk.world.all(AREA_A).await;
    let audit = desk.world.audit_count().await;
    let from_area = PaperRequest { source: PaperSource::Area(AREA_A), ..line.clone() };
    for (phone, line) in [(&desk.lead, &line), (&office, &line), (&office, &from_area)] {
        let again = desk.write(phone, line).await.expect("nothing to write");
        assert_eq!((again.written.len(), again.already), (0, 3));
    }
    assert_eq!(desk.world.all(AREA_A).await.0, row, "no number moves");
    assert_eq!(desk.world.audit_count().await, audit);
}

#[tokio::test]
async fn what_the_helpers_phone_recorded_meanwhile_is_not_doubled_and_what_it_sends_later_is_taken() {
    let desk = Desk::new().await;
    let phone = desk.world.phone(MEMBER_A).await;
    let (at, day) = (stamp(NOW, 7), Day::at_ms(NOW));
    let fields = Visit::fields(desk.doors[0], MEMBER_A, day, VisitResult::Met, None, &[], "");
    let knock = Document::fact(fresh_id(), Kind::Visit, at, fields);
    let fields = Outcome::fields(desk.people[0], MEMBER_A, day, Step::SignatureActivated, Origin::NewlyInstalled);
    let done = Document::fact(fresh_id(), Kind::Outcome, at, fields);
    assert_eq!(desk.world.push(&phone, AREA_A, &[&knock]).await, [Verdict::Ok]);
    let reply = desk.write(&desk.lead, &desk.line(0, &[VisitResult::Met], &[SIGNED])).await.expect("written");
    assert_eq!((reply.written.len(), reply.already), (1, 1));
    assert_eq!(desk.world.push(&phone, AREA_A, &[&done]).await, [Verdict::Ok]);
    let figures = desk.world.figures(AREA_A).await;
    assert_eq!((figures.members[&MEMBER_A].visits, figures.members[&MEMBER_A].credited), (1, 1));
}

#[tokio::test]
async fn only_a_lead_of_the_area_or_a_coordinator_opens_and_types() {
    let desk = Desk::new().await;
    let audit = desk.world.audit_count().await;
    for member in [MEMBER_A, MEMBER_B] {
        let phone = desk.world.phone(member).await;
        for source in [desk.printed, PaperSource::Area(AREA_A), PaperSource::Handout(99)] {
            assert_eq!(desk.open(&phone, source).await, Err(StatusCode::FORBIDDEN));
            let line = PaperRequest { source, ..desk.line(0, &[VisitResult::Met], &[]) };
            assert_eq!(desk.write(&phone, &line).await, Err(StatusCode::FORBIDDEN));
        }
    }
    assert_eq!(desk.world.audit_count().await, audit + 2, "two phones were enrolled, nothing else happened");
    assert_eq!(desk.open(&desk.lead, PaperSource::Area(AREA_B)).await, Err(StatusCode::FORBIDDEN));
    assert_eq!(desk.open(&desk.lead, PaperSource::Handout(99)).await, Err(StatusCode::FORBIDDEN));
    let office = desk.world.phone(COORDINATOR).await;
    let sheet = desk.open(&office, desk.printed).await.expect("a sheet");
    assert_eq!(sheet.lines.iter().map(|line| line.household).collect::<Vec<_>>(), desk.doors);
    assert_eq!(desk.world.audit_count().await, audit + 4, "a sheet names people: opening it is noted");
}

#[tokio::test]
async fn the_helper_must_work_in_the_area_and_the_day_must_be_possible() {
    let desk = Desk::new().await;
    let line = desk.line(0, &[VisitResult::Met], &[]);
    let today = Day::at_ms(NOW);
    let cases = [
        PaperRequest { member: MEMBER_B, ..line.clone() },
        PaperRequest { member: fresh_id(), ..line.clone() },
        PaperRequest { day: today.plus(1), ..line.clone() },
        PaperRequest { day: today.plus(-1), ..line.clone() },
        PaperRequest { entry: Entry { household: fresh_id(), ..line.entry.clone() }, ..line.clone() },
        desk.line(0, &[VisitResult::Absent], &[SIGNED]),
    ];
    let (row, _) = desk.world.all(AREA_A).await;
    for case in cases {
        assert_eq!(desk.write(&desk.lead, &case).await, Err(StatusCode::UNPROCESSABLE_ENTITY), "{case:?}");
    }
    assert_eq!(desk.world.all(AREA_A).await.0, row);
    let earlier = PaperRequest { source: PaperSource::Area(AREA_A), day: today.plus(-1), ..line };
    assert!(desk.write(&desk.lead, &earlier).await.is_ok(), "other paper may be older than any print");
}

#[tokio::test]
async fn the_lines_stay_where_they_were_printed() {
    let desk = Desk::new().await;
    let at = stamp(NOW, 7);
    let first = household("Hộ mới", at).with(at, [("order", Value::Int(0))]);
    let gone = Document::description(desk.doors[1], Kind::Household).with(at, [("deleted", Value::Bool(true))]);
    desk.world.write(AREA_A, &[first.clone(), gone], NOW).await;
    let sheet = desk.open(&desk.lead, desk.printed).await.expect("a sheet");
    let lines: Vec<(DocId, bool)> = sheet.lines.iter().map(|line| (line.household, line.is_gone)).collect();
    assert_eq!(lines, [(desk.doors[0], false), (desk.doors[1], true)]);
    let now = desk.open(&desk.lead, PaperSource::Area(AREA_A)).await.expect("a sheet");
    assert_eq!(now.lines[0].household, first.id);
}

#[tokio::test]
async fn a_line_typed_by_mistake_is_taken_back_and_can_be_typed_again() {
    let desk = Desk::new().await;
    let line = desk.line(0, &[VisitResult::Met], &[SIGNED]);
    let typed = desk.write(&desk.lead, &line).await.expect("written").written;
    let back = TakeBackRequest { area: AREA_A, household: desk.doors[0], facts: typed.clone() };
    let take_back = async |request: &TakeBackRequest| {
        paper::take_back(&desk.world.store, &desk.world.cache, desk.lead.token, request, NOW).await
    };
    assert_eq!(take_back(&back).await.expect("taken back").taken_back, 2);
    assert_eq!(desk.world.figures(AREA_A).await.complete, 0);
    assert_eq!(take_back(&back).await.expect("nothing left").taken_back, 0);
    let again = desk.write(&desk.lead, &line).await.expect("written");
    assert_eq!(again.written.len(), 2);
    assert!(again.written.iter().all(|id| !typed.contains(id)));
    let figures = desk.world.figures(AREA_A).await;
    assert_eq!((figures.complete, figures.members[&MEMBER_A].visits), (1, 1));
    assert_eq!(figures, desk.world.recounted(AREA_A).await);
}

#[tokio::test]
async fn what_a_phone_recorded_is_not_taken_back_as_if_it_had_been_typed() {
    let desk = Desk::new().await;
    let phone = desk.world.phone(MEMBER_A).await;
    let done = signature(desk.people[0], MEMBER_A, stamp(NOW, 7));
    desk.world.push(&phone, AREA_A, &[&done]).await;
    let request = TakeBackRequest { area: AREA_A, household: desk.doors[0], facts: vec![done.id] };
    let reply = paper::take_back(&desk.world.store, &desk.world.cache, desk.lead.token, &request, NOW).await;
    assert_eq!(reply.expect("an answer").taken_back, 0);
    assert_eq!(desk.world.figures(AREA_A).await.complete, 1);
}

#[tokio::test]
async fn an_id_that_somebody_took_first_does_not_stop_the_paper() {
    let desk = Desk::new().await;
    let line = desk.line(0, &[VisitResult::Met], &[]);
    let typed = desk.write(&desk.lead, &line).await.expect("written").written;
    // The same line in a world where a member of B sat on its id before.
    let other = Desk::new().await;
    let marks = format!("{MEMBER_A} {} met", Day::at_ms(NOW));
    let first = |door: DocId| DocId::derived(door, &["paper", &marks, "0"]);
    assert_eq!(typed, [first(desk.doors[0])]);
    let squatter = other.world.phone(MEMBER_B).await;
    let taken =
        Document::description(first(other.doors[0]), Kind::Household).with(stamp(NOW, 7), [("head", "x".into())]);
    assert_eq!(other.world.push(&squatter, AREA_B, &[&taken]).await, [Verdict::Ok]);
    let reply = other.write(&other.lead, &other.line(0, &[VisitResult::Met], &[])).await.expect("written");
    assert_eq!(reply.written.len(), 1);
    assert_ne!(reply.written[0], taken.id);
    assert_eq!(other.world.stored(taken.id).await.expect("stored").scope, AREA_B);
}

#[tokio::test]
async fn a_list_of_people_is_no_paper_to_type_in() {
    let desk = Desk::new().await;
    desk.write(&desk.lead, &desk.line(0, &[], &[SIGNED])).await.expect("written");
    let what = WantedList::Helped { member: MEMBER_A, with_phones: false };
    let request = HandoutRequest { what, reason: domain::handout::Reason::HandIn, words: String::new() };
    let given = handouts::give(&desk.world.store, desk.lead.token, &request, NOW).await.expect("a list");
    let source = PaperSource::Handout(given.taken.number);
    assert_eq!(desk.open(&desk.lead, source).await, Err(StatusCode::FORBIDDEN));
    let mut tx = desk.world.store.read().await.expect("a transaction");
    assert!(tx.handout(given.taken.number).await.expect("a row").is_some());
}
