//! Who gets the credit, what a household's state is, and how figures add up.

#[path = "credit_and_figures/who_counts.rs"]
mod who_counts;

use std::collections::BTreeMap;

use domain::campaign::{AgeRule, Campaign, Channel, PopulationGroup, ServiceGoal};
use domain::coverage::{AreaView, DoorState, Shown};
use domain::daily::Daily;
use domain::document::{Document, Kind};
use domain::service::{Origin, Service, Step};
use domain::summary::Summary;
use domain::tally::Tally;
use domain::visit::{Correction, Difficulty, Link, Outcome, Proficiency, Solution, Visit, VisitResult};
use domain::{Day, DocId, InstallId, Moment, Stamp, Value};
use proptest::prelude::*;

const AN: DocId = DocId::from_u128(0xa);
const BINH: DocId = DocId::from_u128(0xb);
const HOUSEHOLD: DocId = DocId::from_u128(0x100);
const LAN: DocId = DocId::from_u128(0x200);
const DUC: DocId = DocId::from_u128(0x201);
const DONE: [Step; 3] = [Step::Activated, Step::CardIntegrated, Step::SignatureActivated];

fn campaign() -> Campaign {
    Campaign {
        name: "Đợt thử".to_owned(),
        issued_on: Some(day(1)),
        serves: AgeRule { years: 15, inclusive: true },
        counts: AgeRule { years: 18, inclusive: true },
        services: Service::ALL.into_iter().zip(DONE).map(|(service, done)| ServiceGoal::new(service, done)).collect(),
        quota: Some(15),
        ..Campaign::asking_nothing()
    }
}

fn day(number: u32) -> Day {
    Day::from_ymd(2026, 6, number).expect("a day of June")
}

fn stamp(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, install: InstallId(1) }
}

/// An area in the making: documents with the order in which the server accepted them.
#[derive(Default)]
struct Street {
    documents: Vec<(Document, Option<u64>)>,
    ids: u128,
}

impl Street {
    fn with_household() -> Self {
        let mut street = Self::default();
        street.describe(HOUSEHOLD, Kind::Household, [("head", "Nông Văn Đức".into()), ("house_no", "12/3".into())]);
        street.resident(LAN, "Hoàng Thị Lan", 1980);
        street.resident(DUC, "Nông Văn Đức", 1975);
        street
    }

    fn describe<const N: usize>(&mut self, id: DocId, kind: Kind, fields: [(&str, Value); N]) {
        self.documents.push((Document::description(id, kind).with(stamp(1), fields), Some(0)));
    }

    fn resident(&mut self, id: DocId, name: &str, birth_year: i64) {
        let fields = [("household", HOUSEHOLD.into()), ("name", name.into()), ("birth_year", birth_year.into())];
        self.describe(id, Kind::Resident, fields);
    }

    fn fact(&mut self, kind: Kind, fields: BTreeMap<String, Value>, accepted: Option<u64>) -> DocId {
        self.ids += 1;
        let id = DocId::from_u128(0x1000 + self.ids);
        let at = stamp(u64::try_from(self.ids).expect("small"));
        self.documents.push((Document::fact(id, kind, at, fields), accepted));
        id
    }

    fn outcome(&mut self, who: DocId, by: DocId, on: u32, step: Step, accepted: Option<u64>) -> DocId {
        self.fact(Kind::Outcome, Outcome::fields(who, by, day(on), step, Origin::NewlyInstalled), accepted)
    }

    fn visit(&mut self, by: DocId, on: u32, result: VisitResult) -> DocId {
        self.fact(Kind::Visit, Visit::fields(HOUSEHOLD, by, day(on), result, None, &[], ""), Some(1))
    }

    fn view(&self) -> AreaView {
        let shown = self.documents.iter().map(|(doc, accepted)| Shown { doc, accepted: *accepted });
        AreaView::build(shown, &campaign(), day(20))
    }

    fn view_under(&self, plan: &Campaign) -> AreaView {
        let shown = self.documents.iter().map(|(doc, accepted)| Shown { doc, accepted: *accepted });
        AreaView::build(shown, plan, day(20))
    }

    fn accepted_view(&self) -> AreaView {
        let shown = self.documents.iter().filter(|(_, accepted)| accepted.is_some());
        AreaView::build(shown.map(|(doc, accepted)| Shown { doc, accepted: *accepted }), &campaign(), day(20))
    }

    fn credit_for_lan(&self) -> Option<DocId> {
        self.view().residents[&LAN].credit
    }
}

#[test]
fn the_helper_who_completes_the_services_gets_the_credit() {
    let mut street = Street::with_household();
    street.outcome(LAN, AN, 2, DONE[0], Some(1));
    street.outcome(LAN, AN, 2, DONE[1], Some(2));
    assert_eq!(street.credit_for_lan(), None);
    street.outcome(LAN, BINH, 3, DONE[2], Some(3));
    assert_eq!(street.credit_for_lan(), Some(BINH));
}

#[test]
fn on_one_day_the_order_of_acceptance_decides_and_not_the_phones_clock() {
    let mut street = Street::with_household();
    street.outcome(LAN, AN, 2, DONE[0], Some(9));
    street.outcome(LAN, BINH, 2, DONE[1], Some(4));
    street.outcome(LAN, BINH, 2, DONE[2], Some(5));
    assert_eq!(street.credit_for_lan(), Some(AN));
}

#[test]
fn what_was_there_before_completes_but_earns_nothing() {
    let mut street = Street::with_household();
    for step in DONE {
        street.fact(Kind::Outcome, Outcome::fields(LAN, AN, day(2), step, Origin::PreExisting), Some(1));
    }
    let view = street.view();
    assert!(view.residents[&LAN].complete);
    assert_eq!(view.residents[&LAN].credit, None);
}

#[test]
fn the_order_of_taps_at_one_door_does_not_matter_when_one_service_was_there_before() {
    let mut street = Street::with_household();
    street.outcome(LAN, AN, 2, DONE[0], Some(1));
    street.outcome(LAN, AN, 2, DONE[1], Some(2));
    street.fact(Kind::Outcome, Outcome::fields(LAN, BINH, day(2), DONE[2], Origin::PreExisting), Some(3));
    assert_eq!(street.credit_for_lan(), Some(AN));
}

/// What a provider's list tells of Lan's signature on day 4, accepted third.
fn told_by_a_list(street: &mut Street) {
    let mut fields = Outcome::fields(LAN, BINH, day(4), DONE[2], Origin::PreExisting);
    fields.insert("source".to_owned(), "list".into());
    street.fact(Kind::Outcome, fields, Some(3));
}

#[test]
fn a_list_takes_no_credit_from_a_helper_whose_phone_sends_later() {
    // A plan that asks for the signature only: the credit is for this one step.
    let plan = Campaign { services: vec![ServiceGoal::new(Service::PublicSignature, DONE[2])], ..campaign() };
    for (on, is_the_helpers) in [(3, true), (4, true), (5, false)] {
        let mut street = Street::with_household();
        told_by_a_list(&mut street);
        let before = Summary::of(&street.view_under(&plan), &plan);
        assert_eq!((before.complete, before.steps[&DONE[2]].new), (1, 0));
        assert_eq!(street.view_under(&plan).residents[&LAN].credit, None);
        street.outcome(LAN, AN, on, DONE[2], Some(9));
        let view = street.view_under(&plan);
        let after = Summary::of(&view, &plan);
        // Who is helped only after the day of the list had it before.
        assert_eq!(view.residents[&LAN].credit, is_the_helpers.then_some(AN), "day {on}");
        assert_eq!((after.complete, after.steps[&DONE[2]].new), (1, u64::from(is_the_helpers)));
    }
}

#[test]
fn a_list_alone_earns_nobody_anything() {
    let mut street = Street::with_household();
    told_by_a_list(&mut street);
    street.outcome(LAN, AN, 4, DONE[0], Some(4));
    street.outcome(LAN, BINH, 4, DONE[1], None);
    assert_eq!(street.credit_for_lan(), Some(BINH));
}

#[test]
fn one_person_helped_twice_counts_once() {
    let mut street = Street::with_household();
    for (accepted, step) in (1..).zip(DONE) {
        street.outcome(LAN, AN, 2, step, Some(accepted));
        street.outcome(LAN, BINH, 4, step, Some(accepted + 10));
    }
    let summary = Summary::of(&street.view(), &campaign());
    assert_eq!(summary.complete, 1);
    assert_eq!(summary.members[&AN].credited, 1);
    assert!(!summary.members.contains_key(&BINH));
    let (all, accepted) = (street.view(), street.accepted_view());
    assert_eq!(Tally::of(BINH, &all, &accepted, &campaign()).shared.len(), 1);
}

#[test]
fn two_documents_of_one_person_count_once_and_apart_again_after_parting() {
    let mut street = Street::with_household();
    street.outcome(LAN, AN, 2, DONE[0], Some(1));
    street.outcome(LAN, AN, 2, DONE[1], Some(2));
    street.outcome(DUC, AN, 2, DONE[2], Some(3));
    assert_eq!(street.credit_for_lan(), None);
    let link = street.fact(Kind::Link, Link::fields([DUC, LAN], AN), Some(4));
    let view = street.view();
    assert_eq!(view.people().count(), 1);
    assert_eq!(view.residents[&LAN].credit, Some(AN));
    street.fact(Kind::Correction, Correction::fields(link, AN, false), Some(5));
    assert_eq!(street.credit_for_lan(), None);
    assert_eq!(street.view().people().count(), 2);
}

#[test]
fn a_correction_counts_from_the_author_or_a_lead_only() {
    let mut street = Street::with_household();
    let mut last = LAN;
    for (accepted, step) in (1..).zip(DONE) {
        last = street.outcome(LAN, AN, 2, step, Some(accepted));
    }
    street.fact(Kind::Correction, Correction::fields(last, BINH, false), Some(7));
    assert_eq!(street.credit_for_lan(), Some(AN));
    street.fact(Kind::Correction, Correction::fields(last, BINH, true), Some(8));
    assert_eq!(street.credit_for_lan(), None);
}

#[test]
fn the_tally_tells_what_is_confirmed_and_what_is_waiting() {
    let mut street = Street::with_household();
    for (accepted, step) in (1..).zip(DONE) {
        street.outcome(LAN, AN, 2, step, Some(accepted));
        street.outcome(DUC, AN, 3, step, None);
    }
    let tally = Tally::of(AN, &street.view(), &street.accepted_view(), &campaign());
    assert_eq!(tally.confirmed.iter().map(|helped| helped.resident).collect::<Vec<_>>(), [LAN]);
    assert_eq!(tally.waiting.iter().map(|helped| helped.resident).collect::<Vec<_>>(), [DUC]);
}

#[test]
fn someone_half_done_is_listed_with_what_is_lacking() {
    let mut street = Street::with_household();
    street.outcome(LAN, AN, 2, DONE[0], Some(1));
    let tally = Tally::of(AN, &street.view(), &street.accepted_view(), &campaign());
    assert_eq!(tally.in_progress[0].lacks, [Service::HealthRecord, Service::PublicSignature]);
}

#[test]
fn a_household_is_reached_once_someone_was_met_whatever_comes_later() {
    let mut street = Street::with_household();
    let state = |street: &Street| street.view().households[&HOUSEHOLD].state;
    assert_eq!(state(&street), DoorState::NotYet);
    street.visit(AN, 2, VisitResult::Absent);
    assert_eq!(state(&street), DoorState::Absent);
    street.visit(AN, 3, VisitResult::ComeBack);
    assert_eq!(state(&street), DoorState::ComeBack);
    street.visit(AN, 4, VisitResult::Met);
    assert_eq!(state(&street), DoorState::Reached);
    street.visit(BINH, 5, VisitResult::Absent);
    assert_eq!(state(&street), DoorState::Reached);
    for step in DONE {
        street.outcome(LAN, AN, 6, step, Some(1));
        street.outcome(DUC, AN, 6, step, Some(1));
    }
    assert_eq!(state(&street), DoorState::Done);
    assert_eq!(Summary::of(&street.view(), &campaign()).doors.reached, 1);
}

#[test]
fn renewals_and_work_from_before_the_plan_are_not_new() {
    let mut street = Street::with_household();
    street.outcome(LAN, AN, 2, Step::Used, Some(1));
    street.fact(Kind::Outcome, Outcome::fields(DUC, AN, day(2), DONE[2], Origin::Renewed), Some(2));
    street.resident(DocId::from_u128(0x300), "Bàn Văn Sơn", 1990);
    let before = Day::from_ymd(2026, 5, 1).expect("a day");
    let fields = Outcome::fields(DocId::from_u128(0x300), AN, before, DONE[2], Origin::NewlyInstalled);
    street.fact(Kind::Outcome, fields, Some(3));
    let count = Summary::of(&street.view(), &campaign()).steps[&Step::SignatureActivated];
    assert_eq!((count.stock, count.new, count.pre_existing, count.renewed), (3, 1, 2, 1));
}

#[test]
fn a_signature_from_before_the_plan_is_not_new_because_it_was_used_today() {
    let mut street = Street::with_household();
    let had = Outcome::fields(LAN, AN, day(2), Step::SignatureActivated, Origin::PreExisting);
    street.fact(Kind::Outcome, had, Some(1));
    street.outcome(LAN, AN, 5, Step::Used, Some(2));
    let summary = Summary::of(&street.accepted_view(), &campaign());
    let activated = &summary.steps[&Step::SignatureActivated];
    assert_eq!((activated.stock, activated.new, activated.pre_existing), (1, 0, 1));
    assert_eq!(summary.steps[&Step::Used].new, 1);
}

#[test]
fn a_link_to_somebody_unknown_makes_nobody_vanish() {
    let mut street = Street::with_household();
    street.fact(Kind::Link, Link::fields([DocId::from_u128(0), LAN], AN), Some(1));
    assert_eq!(street.accepted_view().people().count(), 2);
}

#[test]
fn the_household_counts_as_able_once_one_person_is() {
    let mut street = Street::with_household();
    let fact = street.fact(Kind::Proficiency, Proficiency::fields(LAN, AN, day(2)), Some(1));
    assert_eq!(Summary::of(&street.view(), &campaign()).proficient_households, 1);
    street.fact(Kind::Correction, Correction::fields(fact, AN, false), Some(2));
    assert_eq!(Summary::of(&street.view(), &campaign()).proficient_households, 0);
}

#[test]
fn a_child_is_shown_but_counts_for_nobody() {
    let mut street = Street::with_household();
    let child = DocId::from_u128(0x400);
    street.resident(child, "Nông Minh Khôi", 2015);
    for step in DONE {
        street.outcome(child, AN, 2, step, Some(1));
    }
    let view = street.view();
    assert_eq!(view.residents[&child].eligible, Some(false));
    assert_eq!(view.residents[&child].credit, None);
}

proptest! {
    /// The sum over helpers is the number of people with credit, and order of documents never matters.
    #[test]
    fn credits_add_up_and_documents_may_come_in_any_order(
        records in proptest::collection::vec((0..4u128, 0..3u128, 1..28u32, 0..3usize, proptest::option::of(0..9u64)), 0..40),
        difficulty in 0..20usize,
        seed in any::<u64>(),
    ) {
        let mut street = Street::with_household();
        street.resident(DocId::from_u128(0x202), "Ma Thị Hoa", 1960);
        street.resident(DocId::from_u128(0x203), "Lường Văn Tư", 2000);
        for (who, by, on, step, accepted) in records {
            street.outcome(DocId::from_u128(0x200 + who), DocId::from_u128(1 + by), on, DONE[step], accepted);
        }
        let code = Difficulty::all().nth(difficulty).expect("a code");
        street.fact(Kind::Visit, Visit::fields(HOUSEHOLD, AN, day(3), VisitResult::Met, None, &[code], ""), Some(1));
        let summary = Summary::of(&street.view(), &campaign());
        let credited: u64 = summary.members.values().map(|member| member.credited).sum();
        prop_assert_eq!(credited, street.view().people().filter(|person| person.credit.is_some()).count() as u64);
        prop_assert_eq!(summary.doors.total(), 1);

        let length = street.documents.len();
        street.documents.rotate_left(usize::try_from(seed % length as u64).expect("small"));
        street.documents.reverse();
        prop_assert_eq!(&Summary::of(&street.view(), &campaign()), &summary);

        let daily = Daily::of(&street.view(), &campaign());
        let total = daily.total();
        prop_assert_eq!(&total.steps, &summary.steps);
        prop_assert_eq!((total.complete, total.reached), (summary.complete, summary.doors.reached));
        let months = daily.months();
        let mut joined = Daily::default();
        for month in months.values() {
            joined.add(month);
        }
        prop_assert_eq!(&joined, &daily);
        let cut = Moment::start_of(day(10));
        let mut parts = daily.before(cut);
        parts.add(&daily.between(cut, Moment::start_of(day(30))));
        prop_assert_eq!(&parts, &total);
        let read: Option<Daily> = daily.to_value().parse();
        prop_assert_eq!(read.as_ref(), Some(&daily));

        let value = summary.to_value();
        let read: Option<Summary> = value.parse();
        prop_assert_eq!(read.as_ref(), Some(&summary));
        let mut twice = summary.clone();
        twice.add(&summary);
        prop_assert_eq!(twice.doors.total(), 2);
        prop_assert_eq!(twice.complete, 2 * summary.complete);
    }
}

#[test]
fn a_difficulty_is_open_until_it_is_settled_and_again_when_it_comes_back() {
    let mut street = Street::with_household();
    let met = |on| Visit::fields(HOUSEHOLD, AN, day(on), VisitResult::Met, None, &[Difficulty::NoOtp], "");
    let counts = |street: &Street| {
        let summary = Summary::of(&street.view(), &campaign());
        let of = |counts: &std::collections::BTreeMap<String, u64>| counts.get("no_otp").copied().unwrap_or(0);
        (of(&summary.difficulties), of(&summary.solved))
    };
    street.fact(Kind::Visit, met(2), Some(1));
    street.fact(Kind::Visit, met(3), Some(2));
    assert_eq!(counts(&street), (1, 0));
    street.fact(Kind::Solution, Solution::fields(HOUSEHOLD, BINH, day(4), Difficulty::NoOtp), Some(3));
    assert_eq!(counts(&street), (1, 1));
    street.fact(Kind::Visit, met(5), Some(4));
    assert_eq!(counts(&street), (1, 0));
}

#[test]
fn one_person_with_two_certificates_is_one_person() {
    let mut street = Street::with_household();
    for (accepted, provider, ends) in [(1, "VNPT", "2027-06-01"), (2, "Viettel", "2027-08-15")] {
        let mut fields = Outcome::fields(LAN, AN, day(2), DONE[2], Origin::NewlyInstalled);
        fields.insert("provider".to_owned(), provider.into());
        fields.insert("expires_on".to_owned(), ends.into());
        street.fact(Kind::Outcome, fields, Some(accepted));
    }
    street.outcome(LAN, AN, 5, Step::Used, Some(3));
    let summary = Summary::of(&street.view(), &campaign());
    assert_eq!(summary.steps[&DONE[2]].stock, 1);
    assert_eq!(summary.certificates, [("VNPT".to_owned(), 1), ("Viettel".to_owned(), 1)].into());
    assert_eq!(summary.expiries, [("2027-08".to_owned(), 1)].into());
}

#[test]
fn guided_and_installed_are_counted_apart_in_a_group() {
    let mut street = Street::with_household();
    let plan = Campaign {
        groups: vec![PopulationGroup { key: "pupils".to_owned(), label: "Học sinh".to_owned(), denominator: None }],
        ..campaign()
    };
    for (resident, _) in street.documents.iter_mut().filter(|(doc, _)| doc.kind == Kind::Resident) {
        resident.set("groups".to_owned(), ["pupils"].into_iter().collect(), stamp(2));
    }
    street.outcome(LAN, AN, 2, Step::Guided, Some(1));
    street.outcome(DUC, AN, 2, Step::SignatureActivated, Some(2));
    let view = street.view_under(&plan);
    let group = &Summary::of(&view, &plan).groups["pupils"];
    assert_eq!((group.people, group.steps[&Step::Guided].new, group.steps[&DONE[2]].new), (2, 2, 1));
}

#[test]
fn a_walk_in_is_counted_where_the_person_was_helped() {
    let mut street = Street::with_household();
    for (accepted, step) in (1..).zip(DONE) {
        let fields = Outcome::fields_at(Channel::HealthStation, LAN, AN, day(2), step, Origin::NewlyInstalled);
        street.fact(Kind::Outcome, fields, Some(accepted));
    }
    street.outcome(DUC, AN, 3, DONE[2], Some(9));
    let channels = Summary::of(&street.view(), &campaign()).channels;
    assert_eq!(channels[&Channel::HealthStation].new[&Service::EidLevel2], 1);
    assert_eq!((channels[&Channel::HealthStation].helped, channels[&Channel::Home].helped), (1, 1));
    assert_eq!(channels[&Channel::Home].new.get(&Service::EidLevel2), None);
}

#[test]
fn who_comes_of_age_is_to_be_visited_from_new_years_day_on_without_anybodys_doing() {
    let mut street = Street::with_household();
    let young = DocId::from_u128(0x202);
    street.resident(young, "Nông Thị Say", 2012);
    let on = |year, month, number| {
        let shown = street.documents.iter().map(|(doc, accepted)| Shown { doc, accepted: *accepted });
        let view = AreaView::build(shown, &campaign(), Day::from_ymd(year, month, number).expect("a day"));
        (view.residents[&young].eligible, Summary::of(&view, &campaign()).eligible)
    };
    assert_eq!(on(2026, 12, 31), (Some(false), 2));
    assert_eq!(on(2027, 1, 1), (Some(true), 3));
}

/// What member `by` records at `ms` of a day: Lan and many more, newly helped.
fn help_many(street: &mut Street, by: DocId, on: u32, people: u128, gap_ms: u64, channel: Channel) -> Vec<DocId> {
    let start = u64::try_from(day(on).start_ms()).expect("after 1970") + 9 * 3_600_000;
    let helped = (0..people).map(|number| {
        let id = DocId::from_u128(0x300 + number);
        street.resident(id, &format!("Người {number}"), 1980);
        let ms = start + gap_ms * u64::try_from(number).expect("small");
        let fields = Outcome::fields_at(channel, id, by, day(on), DONE[2], Origin::NewlyInstalled);
        street
            .documents
            .push((Document::fact(DocId::from_u128(0x5000 + number), Kind::Outcome, stamp(ms), fields), Some(1)));
        id
    });
    helped.collect()
}

#[test]
fn two_hundred_people_in_a_second_are_shown_and_counted_like_all_others() {
    let mut street = Street::with_household();
    let people = help_many(&mut street, AN, 3, 200, 5, Channel::Home);
    let view = street.view();
    let bursts = view.bursts();
    let [burst] = bursts.as_slice() else { panic!("one burst: {bursts:?}") };
    assert_eq!((burst.member, burst.day, &burst.people), (AN, day(3), &people));
    assert_eq!(burst.run, Some(domain::coverage::Run { people: 200, seconds: 0 }));
    assert_eq!(burst.unvisited, Some(200));
    assert_eq!(view.people_in_bursts(), people);
    let installed = Summary::of(&view, &campaign()).steps[&DONE[2]].new;
    assert_eq!(installed, 200);
}

#[test]
fn what_a_person_can_do_is_no_burst() {
    let minute = 60_000;
    let shown = |people, gap_ms, channel, is_visited: bool| {
        let mut street = Street::with_household();
        help_many(&mut street, AN, 3, people, gap_ms, channel);
        if is_visited {
            street.visit(BINH, 3, VisitResult::Met);
        }
        street.view().bursts().len()
    };
    assert_eq!(shown(30, 10 * minute, Channel::Home, true), 0, "a long day");
    assert_eq!(shown(9, 1_000, Channel::Home, true), 0, "a household told of at once");
    assert_eq!(shown(10, 1_000, Channel::Home, true), 1);
    assert_eq!(shown(10, 10 * minute, Channel::Home, false), 1, "nobody was at the door");
    assert_eq!(shown(9, 10 * minute, Channel::Home, false), 0);
    assert_eq!(shown(20, 10 * minute, Channel::OneStopCentre, false), 0, "they came to a support point");
    assert_eq!(shown(60, 10 * minute, Channel::Home, true), 1, "too many for a day");
}

#[test]
fn what_a_list_or_a_sheet_of_paper_tells_is_no_burst() {
    for field in ["source", "entered_by"] {
        let mut street = Street::with_household();
        help_many(&mut street, AN, 3, 200, 5, Channel::Home);
        for (document, _) in &mut street.documents {
            if let domain::Body::Fact { fields, .. } = &mut document.body {
                let value = if field == "source" { Value::text("list") } else { AN.into() };
                fields.insert(field.to_owned(), value);
            }
        }
        assert_eq!(street.view().bursts(), [], "{field}");
    }
}

/// A step of Lan's on `on`, stamped at noon of `told_on`.
fn told(street: &mut Street, by: DocId, on: u32, told_on: u32, accepted: u64, is_paper: bool) {
    let ms = u64::try_from(day(told_on).start_ms()).expect("after 1970") + 12 * 3_600_000;
    for (number, step) in (0..).zip(DONE) {
        let mut fields = Outcome::fields(LAN, by, day(on), step, Origin::NewlyInstalled);
        if is_paper {
            fields.insert("entered_by".to_owned(), AN.into());
        }
        let id = DocId::from_u128(0x6000 + u128::from(accepted) * 10 + number);
        street.documents.push((Document::fact(id, Kind::Outcome, stamp(ms), fields), Some(accepted)));
    }
}

#[test]
fn a_record_that_is_dated_back_days_later_takes_no_credit() {
    let mut street = Street::with_household();
    told(&mut street, AN, 3, 3, 1, false);
    told(&mut street, BINH, 2, 10, 90, false);
    assert_eq!(street.credit_for_lan(), Some(AN));
}

#[test]
fn who_was_offline_or_went_with_paper_keeps_the_day_on_which_they_helped() {
    for is_paper in [false, true] {
        let mut street = Street::with_household();
        told(&mut street, AN, 3, 3, 1, false);
        told(&mut street, BINH, 2, if is_paper { 10 } else { 2 }, 90, is_paper);
        assert_eq!(street.credit_for_lan(), Some(BINH), "paper: {is_paper}");
    }
}
