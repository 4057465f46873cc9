//! Named lists that leave the program: exactly the right people, and no more about them than it takes. And the way back.

use std::collections::{BTreeMap, BTreeSet};

use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::coverage::{AreaView, Shown};
use domain::document::{Document, Kind};
use domain::handout::paper::{BadEntry, Entry, PaperLine, PersonEntry, Plan, Round, plan};
use domain::handout::{
    BoxState, DoorList, Handout, LineCode, List, Reason, Taken, Tick, door_list, helped_list, ticks,
};
use domain::people::Role;
use domain::place::{Area, AreaKind};
use domain::service::{Origin, Service, Step};
use domain::tally::Tally;
use domain::visit::{Correction, Outcome, Visit, VisitResult};
use domain::{Day, DocId, InstallId, Stamp, Value};
use proptest::prelude::*;

const AREA: DocId = DocId::from_u128(0xa0);
const AN: DocId = DocId::from_u128(0xa);
const BINH: DocId = DocId::from_u128(0xb);
const LEAD: DocId = DocId::from_u128(0xc);
const PHONE: &str = "0912345678";
const NOW_MS: u64 = 1_795_240_000_000;
const SIGNED: Step = Step::SignatureActivated;

fn campaign() -> Campaign {
    let age = AgeRule { years: 15, inclusive: true };
    let goals = [(Service::EidLevel2, Step::Activated), (Service::PublicSignature, SIGNED)];
    Campaign {
        name: "Đợt thử".to_owned(),
        serves: age,
        counts: age,
        services: goals.into_iter().map(|(service, done)| ServiceGoal::new(service, done)).collect(),
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

fn id(number: u128) -> DocId {
    DocId::from_u128(0x1000 + number)
}

/// Three doors: an adult couple with a child; one person; a door where all is done. Everyone has a phone number.
struct Street(Vec<Document>);

const DOORS: [DocId; 3] = [DocId::from_u128(0x101), DocId::from_u128(0x102), DocId::from_u128(0x103)];
const PEOPLE: [(u128, usize, &str, i64); 5] = [
    (1, 0, "Hoàng Thị Lan", 1980),
    (2, 0, "Nông Văn Đức", 1975),
    (3, 0, "Nông Bé Út", 2020),
    (4, 1, "Bàn Thị Hoa", 1990),
    (5, 2, "Lý Văn Sơn", 1960),
];

impl Street {
    fn new() -> Self {
        let heads = ["Nông Văn Đức", "Bàn Thị Hoa", "Lý Văn Sơn"];
        let mut all = Vec::new();
        for (place, (door, head)) in (0_i64..).zip(DOORS.into_iter().zip(heads)) {
            let fields = [
                ("head", Value::from(head)),
                ("house_no", Value::from(format!("12/{}", 3 - place))),
                ("order", Value::Int(place)),
                ("phone", Value::from(PHONE)),
                ("note", Value::from("chó dữ")),
                ("priorities", ["poor"].into_iter().collect()),
            ];
            all.push(Document::description(door, Kind::Household).with(stamp(1), fields));
        }
        for (number, door, name, year) in PEOPLE {
            let fields = [
                ("household", DOORS[door].into()),
                ("name", Value::from(name)),
                ("birth_year", Value::Int(year)),
                ("phone", Value::from(PHONE)),
            ];
            all.push(Document::description(id(number), Kind::Resident).with(stamp(1), fields));
        }
        let mut street = Self(all);
        for step in [Step::Activated, SIGNED] {
            street.outcome(5, AN, 2, step, Origin::NewlyInstalled);
        }
        street.fact(Kind::Visit, Visit::fields(DOORS[2], AN, day(2), VisitResult::Met, None, &[], ""));
        street
    }

    fn fact(&mut self, kind: Kind, fields: BTreeMap<String, Value>) -> DocId {
        let id = DocId::from_u128(0x10_0000 + u128::try_from(self.0.len()).expect("few"));
        self.0.push(Document::fact(id, kind, stamp(10), fields));
        id
    }

    fn outcome(&mut self, who: u128, by: DocId, on: u32, step: Step, origin: Origin) -> DocId {
        self.fact(Kind::Outcome, Outcome::fields(id(who), by, day(on), step, origin))
    }

    fn view(&self) -> AreaView {
        let shown = (1..).zip(&self.0).map(|(number, doc)| Shown { doc, accepted: Some(number) });
        AreaView::build(shown, &campaign(), day(20))
    }

    /// Writes what was planned from paper as the server does; answers the ids.
    fn write(&mut self, plan: &Plan) -> Vec<DocId> {
        let mut ids = Vec::new();
        for fact in &plan.facts {
            let id = (0..9).map(|attempt| fact.id(attempt)).find(|id| !self.0.iter().any(|doc| doc.id == *id));
            let id = id.expect("one is free");
            self.0.push(Document::fact(id, fact.kind.clone(), stamp(NOW_MS), fact.fields.clone()));
            ids.push(id);
        }
        ids
    }
}

fn area() -> Area {
    Area { id: AREA, name: "Tổ 5".to_owned(), kind: AreaKind::ToDanPho, order: 1, quota: None, commune: None }
}

fn names() -> BTreeMap<DocId, String> {
    [(AN, "Lường Thị An"), (BINH, "Ma Văn Bình")].map(|(id, name)| (id, name.to_owned())).into()
}

fn taken() -> Taken {
    let (by, words) = ("Triệu Thị Mai".to_owned(), "họp tổ & <đội>".to_owned());
    Taken { number: 27, by, role: Role::Lead, at_ms: NOW_MS, reason: Reason::Check, words }
}

fn handout(list: List) -> Handout {
    Handout { taken: taken(), commune: "Phường Bắc Kạn".to_owned(), campaign: "Đợt thử".to_owned(), list }
}

fn doors(street: &Street) -> DoorList {
    door_list("Tổ 5", &street.view(), None, &campaign()).0
}

/// Everything that a reader of the list can see, in any form.
fn all_forms(handout: &Handout) -> [String; 3] {
    let json = serde_json::to_string(handout).expect("JSON");
    [handout.text(), json, String::from_utf8_lossy(&handout.xlsx()).into_owned()]
}

#[test]
fn the_list_of_doors_has_no_phone_number_no_note_and_no_reason_of_priority_in_any_form() {
    for form in all_forms(&handout(List::Doors(doors(&Street::new())))) {
        for secret in [PHONE, "chó dữ", "Hộ nghèo", "poor"] {
            assert!(!form.contains(secret), "{secret}");
        }
        assert!(form.contains("Bàn Thị Hoa"));
    }
}

#[test]
fn doors_come_in_walking_order_without_children_and_without_those_that_are_done() {
    let street = Street::new();
    let (list, lines) = door_list("Tổ 5", &street.view(), None, &campaign());
    assert_eq!(lines, [DOORS[0], DOORS[1]]);
    let heads: Vec<&str> = list.lines.iter().map(|line| line.head.as_str()).collect();
    assert_eq!(heads, ["Nông Văn Đức", "Bàn Thị Hoa"]);
    let people: Vec<&str> =
        list.lines.iter().flat_map(|line| &line.people).map(|person| person.name.as_str()).collect();
    assert_eq!(people, ["Nông Văn Đức", "Hoàng Thị Lan", "Bàn Thị Hoa"]);
    assert_eq!(list.left_out, 1);
    assert_eq!(List::Doors(list).people(), 3);
}

#[test]
fn the_list_of_a_route_has_the_doors_of_that_route_only() {
    let route = DocId::from_u128(0x77);
    let mut street = Street::new();
    street.0.push(Document::description(route, Kind::Route).with(stamp(1), [("name", Value::from("Tuyến 2"))]));
    street.0.push(
        Document::description(DOORS[1], Kind::Household)
            .with(stamp(2), [("head", Value::from("Bàn Thị Hoa")), ("route", route.into())]),
    );
    street.0.remove(1);
    let (list, lines) = door_list("Tổ 5", &street.view(), Some(route), &campaign());
    assert_eq!((list.route.as_str(), lines), ("Tuyến 2", vec![DOORS[1]]));
}

#[test]
fn a_box_is_filled_where_the_step_is_known_and_open_where_it_is_not() {
    let mut street = Street::new();
    street.outcome(1, AN, 3, Step::Registered, Origin::NewlyInstalled);
    street.outcome(1, AN, 3, Step::Activated, Origin::PreExisting);
    let list = doors(&street);
    let lan = list.lines[0].people.iter().find(|person| person.name == "Hoàng Thị Lan").expect("Lan");
    let of = |step, origin| {
        let place = list.ticks.iter().position(|tick| *tick == Tick { step, origin }).expect("a box");
        lan.boxes[place]
    };
    assert_eq!(of(Step::Registered, Origin::NewlyInstalled), BoxState::Filled);
    assert_eq!(of(SIGNED, Origin::NewlyInstalled), BoxState::Open);
    assert_eq!(of(SIGNED, Origin::PreExisting), BoxState::Open);
    assert_eq!(of(Step::Activated, Origin::PreExisting), BoxState::Filled);
    assert_eq!(of(Step::ReferredToPolice, Origin::NewlyInstalled), BoxState::Filled);
    let hoa = &list.lines[1].people[0];
    assert!(hoa.boxes.iter().all(|of| *of == BoxState::Open));
}

#[test]
fn every_form_of_every_list_says_who_took_it_when_why_and_its_number() {
    let street = Street::new();
    let helped = helped_list(AN, &[(area(), street.view())], &names(), &campaign(), Some(15), false);
    for list in [List::Doors(doors(&street)), List::Helped(helped)] {
        let handout = handout(list);
        let [text, _, sheet] = all_forms(&handout);
        let escaped = "họp tổ &amp; &lt;đội&gt;";
        for told in ["Phiếu số 27", "Triệu Thị Mai (Tổ trưởng)", "12:46", "21/11/2026", Taken::RULE] {
            assert!(text.contains(told) && sheet.contains(told), "{told}");
        }
        assert!(text.contains("họp tổ & <đội>") && sheet.contains(escaped));
        let head = sheet.find("<oddHeader>").expect("a head of every page");
        assert!(sheet[head..].contains("Phiếu số 27") && sheet[head..].contains("Kiểm tra, đối chiếu kết quả"));
        assert!(sheet[head..].contains("họp tổ &amp;&amp; &lt;đội&gt;"), "an ampersand of a page's head is doubled");
        assert!(sheet.contains("_xlnm.Print_Titles"));
    }
}

#[test]
fn each_line_carries_its_code() {
    let handout = handout(List::Doors(doors(&Street::new())));
    let text = handout.text();
    for line in 1..=2 {
        assert!(text.contains(&LineCode::of(27, line).to_string()), "{line}");
    }
}

#[test]
fn phone_numbers_are_on_a_list_of_people_only_where_they_were_asked_for() {
    let street = Street::new();
    let areas = [(area(), street.view())];
    for asked in [false, true] {
        let list = helped_list(AN, &areas, &names(), &campaign(), Some(15), asked);
        for form in all_forms(&handout(List::Helped(list))) {
            assert_eq!(form.contains(PHONE), asked);
        }
    }
}

#[test]
fn the_list_of_people_has_the_columns_of_the_form() {
    let mut street = Street::new();
    street.outcome(5, AN, 3, Step::Used, Origin::NewlyInstalled);
    let list = helped_list(AN, &[(area(), street.view())], &names(), &campaign(), Some(15), true);
    let handout = handout(List::Helped(list));
    assert_eq!(handout.headings()[..2], ["DANH SÁCH HỖ TRỢ (15 NGƯỜI)", "Người hỗ trợ: Lường Thị An"]);
    let table = handout.tables().remove(0);
    assert_eq!(table.columns.len(), 15);
    let row: Vec<String> = table.rows[0].iter().map(domain::table::Cell::shown).collect();
    let wanted = [
        "1",
        "Lý Văn Sơn",
        "1960",
        "12/1, Tổ 5",
        PHONE,
        "Đã kích hoạt",
        "—",
        "x",
        "x",
        "x",
        "—",
        "Cài mới",
        "03/06/2026",
        "Lường Thị An",
        "",
    ];
    assert_eq!(row, wanted);
}

#[test]
fn a_colleagues_person_is_told_apart_and_counts_for_the_colleague() {
    let mut street = Street::new();
    street.outcome(4, AN, 3, Step::Activated, Origin::NewlyInstalled);
    street.outcome(4, BINH, 4, SIGNED, Origin::NewlyInstalled);
    let areas = [(area(), street.view())];
    let of = |member| helped_list(member, &areas, &names(), &campaign(), None, false);
    let people = |lines: &[domain::handout::HelpedLine]| lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (people(&of(AN).counted), people(&of(AN).shared)),
        (vec!["Lý Văn Sơn".into()], vec!["Bàn Thị Hoa".into()])
    );
    assert_eq!(of(AN).shared[0].helper, "Ma Văn Bình");
    assert_eq!(of(AN).shared[0].day, Some(day(3)));
    assert_eq!((people(&of(BINH).counted), people(&of(BINH).shared)), (vec!["Bàn Thị Hoa".into()], Vec::new()));
    let tables = handout(List::Helped(of(AN))).tables();
    assert_eq!(tables.len(), 2, "a table for each");
}

proptest! {
    #[test]
    fn the_list_of_people_has_exactly_those_of_the_helpers_tally(
        records in prop::collection::vec((0..4_usize, any::<bool>(), 1..20_u32, any::<bool>(), 0..4_usize), 0..30)
    ) {
        let mut street = Street::new();
        for (person, is_an, on, is_signature, origin) in records {
            let member = if is_an { AN } else { BINH };
            let step = if is_signature { SIGNED } else { Step::Activated };
            street.outcome(PEOPLE[person].0, member, on, step, Origin::ALL[origin]);
        }
        let view = street.view();
        for member in [AN, BINH] {
            let tally = Tally::of(member, &view, &view, &campaign());
            let list = helped_list(member, &[(area(), view.clone())], &names(), &campaign(), None, false);
            let told = |list: &[domain::tally::Helped]| list.iter().map(|one| one.name.clone()).collect::<BTreeSet<_>>();
            let listed =
                |list: &[domain::handout::HelpedLine]| list.iter().map(|one| one.name.clone()).collect::<BTreeSet<_>>();
            prop_assert_eq!(told(&tally.confirmed), listed(&list.counted));
            prop_assert_eq!(told(&tally.shared), listed(&list.shared));
        }
    }
}

// The way back.

fn round() -> Round {
    Round { member: AN, day: day(19), entered_by: LEAD }
}

fn new(step: Step) -> Tick {
    Tick { step, origin: Origin::NewlyInstalled }
}

fn entry(door: usize, results: &[VisitResult], people: &[(u128, &[Tick])]) -> Entry {
    let people = people.iter().map(|(number, ticks)| PersonEntry { resident: id(*number), ticks: ticks.to_vec() });
    Entry { household: DOORS[door], results: results.to_vec(), people: people.collect() }
}

fn planned(street: &Street, entry: &Entry) -> Result<Plan, BadEntry> {
    plan(&street.view(), &ticks(&campaign()), entry, &round())
}

#[test]
fn what_is_typed_counts_for_the_helper_who_went_on_the_day_of_the_paper() {
    let mut street = Street::new();
    let line = entry(1, &[VisitResult::Met], &[(4, &[new(Step::Activated), new(Step::Registered), new(SIGNED)])]);
    let plan = planned(&street, &line).expect("a plan");
    assert_eq!(plan.facts.len(), 3, "a visit and the furthest of each service");
    assert!(plan.facts.iter().all(|fact| fact.fields["entered_by"] == Value::from(LEAD)));
    street.write(&plan);
    let view = street.view();
    assert_eq!(view.residents[&id(4)].credit, Some(AN));
    assert_eq!(view.residents[&id(4)].complete_since.map(|when| when.day), Some(day(19)));
    assert_eq!(view.households[&DOORS[1]].visits[0].member, AN);
}

#[test]
fn the_same_line_typed_twice_writes_nothing_the_second_time() {
    let mut street = Street::new();
    let line =
        entry(0, &[VisitResult::Met, VisitResult::ComeBack], &[(1, &[new(SIGNED)]), (2, &[new(Step::Activated)])]);
    let plan = planned(&street, &line).expect("a plan");
    let twin = planned(&street, &line).expect("a plan");
    let ids = |plan: &Plan| plan.facts.iter().map(|fact| fact.id(0)).collect::<Vec<_>>();
    assert_eq!(ids(&plan), ids(&twin), "two people at once give the same facts");
    street.write(&plan);
    let again = planned(&street, &line).expect("a plan");
    assert_eq!((again.facts.len(), again.already), (0, 4));
    assert_eq!(street.view().households[&DOORS[0]].state, domain::coverage::DoorState::ComeBack);
}

#[test]
fn what_the_helpers_phone_has_recorded_is_not_doubled_and_a_colleagues_record_is_no_reason_to_drop_it() {
    let mut street = Street::new();
    street.outcome(4, AN, 19, SIGNED, Origin::NewlyInstalled);
    street.fact(Kind::Visit, Visit::fields(DOORS[1], AN, day(19), VisitResult::Met, None, &[], ""));
    street.outcome(4, BINH, 20, Step::Activated, Origin::NewlyInstalled);
    let line = entry(1, &[VisitResult::Met], &[(4, &[new(Step::Registered), new(SIGNED), new(Step::Activated)])]);
    let plan = planned(&street, &line).expect("a plan");
    assert_eq!(plan.already, 2);
    assert_eq!(plan.facts.iter().map(|fact| fact.fields["step"].clone()).collect::<Vec<_>>(), ["activated".into()]);
    let shown = PaperLine::of(&street.view(), DOORS[1]);
    assert!(shown.knows_result(VisitResult::Met, AN, day(19)) && !shown.knows_result(VisitResult::Met, AN, day(18)));
    assert!(shown.people[0].knows(new(Step::Registered), AN) && !shown.people[0].knows(new(Step::Activated), AN));
    assert!(shown.people[0].is_reached(new(Step::Activated)));
}

#[test]
fn what_was_taken_back_can_be_typed_again() {
    let mut street = Street::new();
    let line = entry(1, &[], &[(4, &[new(SIGNED)])]);
    for typed in street.write(&planned(&street, &line).expect("a plan")) {
        street.fact(Kind::Correction, Correction::fields(typed, LEAD, true));
    }
    assert_eq!(street.view().residents[&id(4)].outcomes.len(), 0);
    let again = planned(&street, &line).expect("a plan");
    assert_eq!((again.facts.len(), again.already), (2, 0));
    street.write(&again);
    assert_eq!(street.view().residents[&id(4)].outcomes.len(), 1);
}

#[test]
fn whoever_was_helped_was_met_also_where_the_box_was_forgotten() {
    let mut street = Street::new();
    let plan = planned(&street, &entry(1, &[], &[(4, &[new(SIGNED)])])).expect("a plan");
    street.write(&plan);
    assert!(street.view().households[&DOORS[1]].reached);
}

#[test]
fn what_was_there_before_comes_back_from_paper_as_such() {
    let mut street = Street::new();
    let had = Tick { step: SIGNED, origin: Origin::PreExisting };
    let plan = planned(&street, &entry(1, &[], &[(4, &[new(Step::Used), had])])).expect("a plan");
    street.write(&plan);
    let view = street.view();
    let signature = view.residents[&id(4)].service(Service::PublicSignature).expect("a signature");
    assert_eq!(signature.firsts[&SIGNED].origin, Origin::PreExisting);
    assert_eq!((signature.step, signature.firsts[&Step::Used].origin), (Step::Used, Origin::NewlyInstalled));
}

#[test]
fn what_cannot_be_on_the_paper_is_refused() {
    let street = Street::new();
    let refused = |line: Entry| planned(&street, &line).expect_err("refused");
    assert_eq!(refused(entry(1, &[], &[])), BadEntry::Nothing);
    assert_eq!(refused(entry(1, &[VisitResult::Absent], &[(4, &[new(SIGNED)])])), BadEntry::AbsentButServed);
    assert_eq!(refused(entry(1, &[VisitResult::MovedAway], &[])), BadEntry::NoSuchBox);
    assert_eq!(refused(entry(1, &[], &[(1, &[new(SIGNED)])])), BadEntry::NoSuchPerson);
    assert_eq!(refused(entry(0, &[], &[(3, &[new(SIGNED)])])), BadEntry::NoSuchPerson);
    assert_eq!(refused(entry(1, &[], &[(4, &[new(Step::Guided)])])), BadEntry::NoSuchBox);
    let gone = Entry { household: id(99), results: vec![VisitResult::Met], people: Vec::new() };
    assert_eq!(refused(gone), BadEntry::NoSuchHousehold);
}
