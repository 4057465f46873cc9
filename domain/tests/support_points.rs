//! People who come to a support point: some live in no household of the list, and nobody knocked at a door.

use domain::campaign::{AgeRule, Campaign, Channel, ServiceGoal};
use domain::coverage::{AreaView, Renewal, Shown};
use domain::daily::Daily;
use domain::service::{Origin, Service, Step};
use domain::summary::Summary;
use domain::tally::Tally;
use domain::visit::{Correction, Difficulty, Outcome, Solution, Visit, VisitResult};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

const AN: DocId = DocId::from_u128(0xa);
const BINH: DocId = DocId::from_u128(0xb);
const LAN: DocId = DocId::from_u128(0x200);
const DUC: DocId = DocId::from_u128(0x201);
const HOUSEHOLD: DocId = DocId::from_u128(0x100);
const SIGNED: Step = Step::SignatureActivated;

fn day(number: u32) -> Day {
    Day::from_ymd(2026, 6, number).expect("a day of June")
}

fn stamp(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, install: InstallId(1) }
}

fn plan() -> Campaign {
    let age = AgeRule { years: 15, inclusive: true };
    Campaign {
        serves: age,
        counts: age,
        services: vec![ServiceGoal::new(Service::PublicSignature, SIGNED)],
        quota: Some(15),
        ..Campaign::asking_nothing()
    }
}

fn walk_in(id: DocId, name: &str) -> Document {
    let fields = [("name", Value::from(name)), ("birth_year", Value::Int(1980)), ("address", Value::from("gần chợ"))];
    Document::description(id, Kind::Resident).with(stamp(1), fields)
}

fn helped(number: u128, who: DocId, by: DocId, on: u32, channel: Channel, origin: Origin) -> Document {
    let fields = Outcome::fields_at(channel, who, by, day(on), SIGNED, origin);
    let at = stamp(10 + u64::try_from(number).expect("small"));
    Document::fact(DocId::from_u128(0x1000 + number), Kind::Outcome, at, fields)
}

fn view(documents: &[Document]) -> AreaView {
    AreaView::build(documents.iter().map(|doc| Shown { doc, accepted: Some(1) }), &plan(), day(20))
}

#[test]
fn a_person_without_a_household_is_counted_as_a_person_and_opens_no_door() {
    let school = [
        walk_in(LAN, "Hoàng Thị Lan"),
        walk_in(DUC, "Nông Văn Đức"),
        helped(1, LAN, AN, 2, Channel::School, Origin::NewlyInstalled),
    ];
    let view = view(&school);
    assert_eq!(view.residents[&LAN].resident.address, "gần chợ");
    assert_eq!(view.household_of(LAN), None);
    assert!(view.walk.is_empty());
    let summary = Summary::of(&view, &plan());
    assert_eq!(summary.doors.total(), 0);
    assert_eq!((summary.people, summary.eligible, summary.adults, summary.complete), (2, 2, 2, 1));
    assert_eq!((summary.steps[&SIGNED].new, summary.members[&AN].credited, summary.members[&AN].visits), (1, 1, 0));
    let school = &summary.channels[&Channel::School];
    assert_eq!((school.helped, school.new[&Service::PublicSignature]), (1, 1));
    let flow = Daily::of(&view, &plan()).total();
    assert_eq!((flow.complete, flow.step(SIGNED).new, flow.visits, flow.reached), (1, 1, 0, 0));
    assert_eq!(Tally::of(AN, &view, &view, &plan()).confirmed.len(), 1);
}

#[test]
fn a_neighbour_helped_at_the_station_is_no_visit_to_the_household() {
    let street = [
        Document::description(HOUSEHOLD, Kind::Household).with(stamp(1), [("head", Value::from("Hoàng Thị Lan"))]),
        walk_in(LAN, "Hoàng Thị Lan").with(stamp(2), [("household", Value::from(HOUSEHOLD))]),
        helped(1, LAN, AN, 2, Channel::HealthStation, Origin::NewlyInstalled),
    ];
    let view = view(&street);
    let summary = Summary::of(&view, &plan());
    assert!(!view.households[&HOUSEHOLD].reached);
    assert_eq!((summary.doors.not_yet, summary.complete), (1, 1));
    assert_eq!(summary.channels[&Channel::HealthStation].helped, 1);
}

#[test]
fn the_days_list_holds_who_was_helped_here_by_me_and_the_latest_first() {
    let mut station = vec![
        walk_in(LAN, "Hoàng Thị Lan"),
        walk_in(DUC, "Nông Văn Đức"),
        helped(1, LAN, AN, 2, Channel::HealthStation, Origin::NewlyInstalled),
        helped(2, DUC, AN, 2, Channel::HealthStation, Origin::PreExisting),
    ];
    let list = |documents: &[Document], channel, on, by| {
        let list = view(documents).helped_at(channel, day(on), by);
        list.into_iter().map(|entry| (entry.resident, entry.is_assisted())).collect::<Vec<_>>()
    };
    assert_eq!(list(&station, Channel::HealthStation, 2, Some(AN)), [(DUC, false), (LAN, true)]);
    assert_eq!(list(&station, Channel::HealthStation, 2, Some(BINH)), []);
    assert_eq!(list(&station, Channel::HealthStation, 3, None), []);
    assert_eq!(list(&station, Channel::School, 2, None), []);
    assert_eq!(view(&station).helped_by(Channel::HealthStation), [(AN, 1)].into());
    let undone = Correction::fields(station[3].id, AN, false);
    station.push(Document::fact(DocId::from_u128(0x2000), Kind::Correction, stamp(99), undone));
    assert_eq!(list(&station, Channel::HealthStation, 2, None), [(LAN, true)]);
}

#[test]
fn the_last_certificate_of_a_person_decides_when_to_renew() {
    let mut documents = vec![walk_in(LAN, "Hoàng Thị Lan")];
    for (number, provider, ends) in [(1, "VNPT", "2026-06-30"), (2, "Viettel", "2027-06-30")] {
        let mut fields = Outcome::fields(LAN, AN, day(2), SIGNED, Origin::NewlyInstalled);
        fields.insert("provider".to_owned(), provider.into());
        fields.insert("expires_on".to_owned(), ends.into());
        documents.push(Document::fact(DocId::from_u128(0x3000 + number), Kind::Outcome, stamp(50), fields));
        let person = &view(&documents).residents[&LAN];
        let expected = (number == 1).then_some(Renewal::EndsSoon(day(30)));
        assert_eq!(person.renewal(day(20)), expected);
        let due: Vec<_> = expected.map(|renewal| (renewal, LAN)).into_iter().collect();
        assert_eq!(view(&documents).renewals(day(20)), due);
        assert_eq!(person.certificates.len(), usize::try_from(number).expect("small"));
    }
    let no_day = [walk_in(LAN, "Hoàng Thị Lan"), helped(1, LAN, AN, 2, Channel::School, Origin::NewlyInstalled)];
    assert_eq!(view(&no_day).residents[&LAN].renewal(day(20)), None);
}

#[test]
fn what_was_settled_stays_so_when_the_knock_is_told_anew_with_it() {
    let met = Visit::fields(HOUSEHOLD, AN, day(2), VisitResult::Met, None, &[Difficulty::NoOtp], "gọi lại sau");
    let settled = Solution::fields(HOUSEHOLD, AN, day(2), Difficulty::NoOtp);
    let household = Document::description(HOUSEHOLD, Kind::Household).with(stamp(1), [("head", Value::from("Lan"))]);
    let fact = |id: u128, kind, at, fields| Document::fact(DocId::from_u128(id), kind, stamp(at), fields);
    let told = [household, fact(1, Kind::Visit, 9, met), fact(2, Kind::Solution, 9, settled)];
    assert_eq!(view(&told).households[&HOUSEHOLD].open_difficulties().count(), 0);
}
