//! Moving between areas: nobody and nothing is lost or counted twice, in whatever order it becomes known.

use std::collections::BTreeMap;

use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::coverage::{AreaView, Shown};
use domain::daily::Daily;
use domain::merge::{erase, merge};
use domain::moving::{Areas, Documents, Root};
use domain::service::{Origin, Service, Step};
use domain::summary::Summary;
use domain::visit::{Correction, Difficulty, Link, Outcome, Proficiency, Solution, Visit, VisitResult};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};
use proptest::prelude::*;

const OLD: DocId = DocId::from_u128(0xa1);
const NEW: DocId = DocId::from_u128(0xa2);
const OTHER: DocId = DocId::from_u128(0xa3);
const MEMBERS: [DocId; 3] = [DocId::from_u128(0xe1), DocId::from_u128(0xe2), DocId::from_u128(0xe3)];
const DONE: [Step; 3] = [Step::Activated, Step::CardIntegrated, Step::SignatureActivated];

fn plan() -> Campaign {
    Campaign {
        name: "Đợt thử".to_owned(),
        serves: AgeRule { years: 15, inclusive: true },
        counts: AgeRule { years: 18, inclusive: true },
        services: Service::ALL.into_iter().zip(DONE).map(|(service, done)| ServiceGoal::new(service, done)).collect(),
        quota: Some(15),
        ..Campaign::asking_nothing()
    }
}

fn stamp(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, install: InstallId(7) }
}

fn household(number: u8) -> DocId {
    DocId::from_u128(0x100 + u128::from(number))
}

/// Two people of each household.
fn resident(number: u8) -> DocId {
    DocId::from_u128(0x200 + u128::from(number))
}

/// The office: areas with their documents, numbered as they were accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Town {
    areas: BTreeMap<DocId, Documents>,
    clock: u64,
}

impl Town {
    fn new(households: u8) -> Self {
        let areas = [OLD, NEW, OTHER].into_iter().map(|area| (area, Documents::new())).collect();
        let mut town = Self { areas, clock: 1_000_000 };
        for number in 0..households {
            let fields = [("head", Value::text(format!("Chủ {number}"))), ("route", DocId::from_u128(9).into())];
            town.accept(OLD, Document::description(household(number), Kind::Household).with(stamp(1), fields));
            for person in [number * 2, number * 2 + 1] {
                let fields = [
                    ("household", household(number).into()),
                    ("name", Value::text(format!("Người {person}"))),
                    ("birth_year", Value::Int(1960 + i64::from(person))),
                ];
                town.accept(OLD, Document::description(resident(person), Kind::Resident).with(stamp(1), fields));
            }
        }
        town
    }

    fn put(&mut self, area: DocId, doc: Document) {
        let known = self.areas.entry(area).or_default();
        let next = known.len() as u64 + 1;
        let (accepted, before) = known.get(&doc.id).cloned().unwrap_or((next, doc.clone()));
        known.insert(doc.id, (accepted, merge(&before, &doc)));
    }

    fn apply(&mut self, work: impl FnOnce(&mut Areas<'_>, Stamp)) -> usize {
        self.clock += 1;
        let before = self.areas.clone();
        let mut areas = Areas::new(before.iter().map(|(area, documents)| (*area, documents)).collect());
        work(&mut areas, stamp(self.clock));
        let changes = areas.into_changes();
        let count = changes.len();
        for (area, doc) in changes {
            self.put(area, doc);
        }
        count
    }

    /// What a phone brings for an area.
    fn accept(&mut self, area: DocId, doc: Document) {
        let id = doc.id;
        self.put(area, doc);
        self.apply(|areas, fresh| areas.carry_on(area, &[id], &mut || fresh));
    }

    fn move_household(&mut self, from: DocId, id: DocId, to: DocId) -> usize {
        self.apply(|areas, stamp| {
            areas.move_households(from, &[id], to, stamp);
        })
    }

    fn view(&self, area: DocId) -> AreaView {
        let shown = self.areas[&area].values().map(|(accepted, doc)| Shown { doc, accepted: Some(*accepted) });
        AreaView::build(shown, &plan(), Day::from_ymd(2026, 7, 1).expect("a day"))
    }

    fn figures(&self) -> (Summary, Daily) {
        let (mut sum, mut daily) = (Summary::default(), Daily::default());
        for area in self.areas.keys() {
            let view = self.view(*area);
            sum.add(&Summary::of(&view, &plan()));
            daily.add(&Daily::of(&view, &plan()));
        }
        // Routes are an area's own.
        sum.routes.clear();
        (sum, daily)
    }

    fn get(&self, area: DocId, id: DocId) -> &Document {
        &self.areas[&area][&id].1
    }

    fn copy(&self, of: DocId, area: DocId) -> &Document {
        self.get(area, Root { id: of, home: OLD }.id_in(area))
    }
}

/// What members write of the households of the old area.
#[derive(Clone, Debug)]
enum Act {
    Knock { household: u8, member: usize, day: u32, met: bool, difficulty: bool },
    Record { resident: u8, member: usize, day: u32, step: usize, was_there: bool },
    Judge { resident: u8, member: usize, day: u32 },
    Settle { household: u8, member: usize, day: u32 },
    Undo { fact: usize, by_lead: bool, member: usize },
    Link { one: u8, other: u8, member: usize },
    Name { resident: u8 },
    Away { resident: u8, gone: bool },
    Add { household: u8 },
}

const HOUSEHOLDS: u8 = 3;

fn act() -> impl Strategy<Value = Act> {
    let (door, person, member, day) = (0..HOUSEHOLDS, 0..HOUSEHOLDS * 2, 0..MEMBERS.len(), 1..4_u32);
    prop_oneof![
        3 => (door.clone(), member.clone(), day.clone(), any::<bool>(), any::<bool>()).prop_map(
            |(household, member, day, met, difficulty)| Act::Knock { household, member, day, met, difficulty }
        ),
        6 => (person.clone(), member.clone(), day.clone(), 0..3_usize, prop::bool::weighted(0.1)).prop_map(
            |(resident, member, day, step, was_there)| Act::Record { resident, member, day, step, was_there }
        ),
        1 => (person.clone(), member.clone(), day.clone())
            .prop_map(|(resident, member, day)| Act::Judge { resident, member, day }),
        1 => (door.clone(), member.clone(), day).prop_map(|(household, member, day)| Act::Settle { household, member, day }),
        2 => (any::<prop::sample::Index>(), any::<bool>(), member.clone())
            .prop_map(|(fact, by_lead, member)| Act::Undo { fact: fact.index(64), by_lead, member }),
        1 => (person.clone(), person.clone(), member).prop_map(|(one, other, member)| Act::Link { one, other, member }),
        1 => person.clone().prop_map(|resident| Act::Name { resident }),
        1 => (person, any::<bool>()).prop_map(|(resident, gone)| Act::Away { resident, gone }),
        1 => door.prop_map(|household| Act::Add { household }),
    ]
}

/// The documents of a list of acts, each with a stamp and an id of its own. Links join people of one household only
/// where `within`.
fn documents(acts: &[Act], within: bool) -> Vec<Document> {
    let mut written: Vec<Document> = Vec::new();
    for (number, act) in acts.iter().enumerate() {
        let at = stamp(1_000 + number as u64);
        let id = DocId::from_u128(0x1000 + number as u128);
        let date = |day: u32| Day::from_ymd(2026, 6, day).expect("a day of June");
        let fact = |kind, fields| Document::fact(id, kind, at, fields);
        let edit = |resident_number: u8, name: &str, value: Value| {
            Document::description(resident(resident_number), Kind::Resident).with(at, [(name, value)])
        };
        written.push(match *act {
            Act::Knock { household: door, member, day, met, difficulty } => {
                let result = if met { VisitResult::Met } else { VisitResult::Absent };
                let met = if difficulty { vec![Difficulty::NoOtp] } else { Vec::new() };
                fact(Kind::Visit, Visit::fields(household(door), MEMBERS[member], date(day), result, None, &met, ""))
            }
            Act::Record { resident: who, member, day, step, was_there } => {
                let origin = if was_there { Origin::PreExisting } else { Origin::NewlyInstalled };
                fact(Kind::Outcome, Outcome::fields(resident(who), MEMBERS[member], date(day), DONE[step], origin))
            }
            Act::Judge { resident: who, member, day } => {
                fact(Kind::Proficiency, Proficiency::fields(resident(who), MEMBERS[member], date(day)))
            }
            Act::Settle { household: door, member, day } => {
                let fields = Solution::fields(household(door), MEMBERS[member], date(day), Difficulty::NoOtp);
                fact(Kind::Solution, fields)
            }
            Act::Undo { fact: target, by_lead, member } => {
                let facts: Vec<&Document> = written.iter().filter(|doc| doc.is_fact()).collect();
                let Some(target) = facts.get(target % facts.len().max(1)).map(|doc| doc.id) else { continue };
                fact(Kind::Correction, Correction::fields(target, MEMBERS[member], by_lead))
            }
            Act::Link { one, other, member } => {
                let other = if within { one ^ 1 } else { other };
                fact(Kind::Link, Link::fields([resident(one), resident(other)], MEMBERS[member]))
            }
            Act::Name { resident: who } => edit(who, "name", Value::text(format!("Tên {number}"))),
            Act::Away { resident: who, gone } => {
                edit(who, "gone", if gone { "moved_away".into() } else { Value::Null })
            }
            Act::Add { household: door } => Document::description(id, Kind::Resident).with(
                at,
                [
                    ("household", household(door).into()),
                    ("name", Value::text(format!("Mới {number}"))),
                    ("birth_year", Value::Int(1990)),
                ],
            ),
        });
    }
    written
}

fn town_after(acts: &[Document]) -> Town {
    let mut town = Town::new(HOUSEHOLDS);
    for doc in acts {
        town.accept(OLD, doc.clone());
    }
    town
}

/// What happens to people of three areas: moves, and what phones that do not know of them write.
#[derive(Clone, Debug)]
enum Turn {
    MoveHousehold {
        from: usize,
        to: usize,
        household: u8,
    },
    MoveResident {
        from: usize,
        to: usize,
        resident: u8,
        into: Option<u8>,
    },
    /// A phone of this area writes somebody into another household that it knows.
    Write {
        area: usize,
        resident: u8,
        household: u8,
    },
    Link {
        area: usize,
        one: u8,
        other: u8,
    },
    Undo {
        area: usize,
        link: usize,
    },
    /// Somebody asks to be forgotten, or a link is erased: the one of these whose turn it is.
    Forget {
        area: usize,
        which: usize,
    },
}

const AREAS: [DocId; 3] = [OLD, NEW, OTHER];

fn turn() -> impl Strategy<Value = Turn> {
    let (area, door, person) = (0..3_usize, 0..HOUSEHOLDS, 0..HOUSEHOLDS * 2);
    prop_oneof![
        3 => (area.clone(), area.clone(), door.clone())
            .prop_map(|(from, to, household)| Turn::MoveHousehold { from, to, household }),
        3 => (area.clone(), area.clone(), person.clone(), prop::option::of(door.clone()))
            .prop_map(|(from, to, resident, into)| Turn::MoveResident { from, to, resident, into }),
        3 => (area.clone(), person.clone(), door)
            .prop_map(|(area, resident, household)| Turn::Write { area, resident, household }),
        1 => (area.clone(), person.clone(), person).prop_map(|(area, one, other)| Turn::Link { area, one, other }),
        1 => (area.clone(), 0..16_usize).prop_map(|(area, link)| Turn::Undo { area, link }),
        1 => (area, 0..16_usize).prop_map(|(area, which)| Turn::Forget { area, which }),
    ]
}

impl Town {
    /// The id in an area, if it is known there.
    fn known(&self, of: DocId, area: DocId) -> Option<DocId> {
        Some(Root { id: of, home: OLD }.id_in(area)).filter(|id| self.areas[&area].contains_key(id))
    }

    fn take_turn(&mut self, number: usize, turn: &Turn) {
        self.clock += 1;
        // Now and then a phone's clock is ahead of the office's.
        let at = stamp(self.clock + if number.is_multiple_of(3) { 5 } else { 0 });
        let id = DocId::from_u128(0x2000 + number as u128);
        match *turn {
            Turn::MoveHousehold { from, to, household: door } if from != to => {
                let (from, to) = (AREAS[from], AREAS[to]);
                if let Some(door) = self.known(household(door), from) {
                    self.move_household(from, door, to);
                }
            }
            Turn::MoveResident { from, to, resident: who, into } if from != to => {
                let (from, to) = (AREAS[from], AREAS[to]);
                let into = into.and_then(|door| self.known(household(door), to));
                // As the server does: only into a household that lives there.
                let into = into.filter(|door| self.get(to, *door).link("moved_to").is_none());
                if let Some(who) = self.known(resident(who), from) {
                    self.apply(|areas, stamp| {
                        areas.move_resident(from, who, to, into, stamp);
                    });
                }
            }
            Turn::Write { area, resident: who, household: door } => {
                let area = AREAS[area];
                if let (Some(who), Some(door)) = (self.known(resident(who), area), self.known(household(door), area)) {
                    let edit = Document::description(who, Kind::Resident).with(at, [("household", door.into())]);
                    self.accept(area, edit);
                }
            }
            Turn::Link { area, one, other } => {
                let area = AREAS[area];
                if let (Some(one), Some(other)) = (self.known(resident(one), area), self.known(resident(other), area)) {
                    self.accept(area, Document::fact(id, Kind::Link, at, Link::fields([one, other], MEMBERS[0])));
                }
            }
            Turn::Undo { area, link } => {
                let area = AREAS[area];
                let links = self.areas[&area].values().filter(|(_, doc)| doc.kind == Kind::Link);
                let links: Vec<DocId> = links.map(|(_, doc)| doc.id).collect();
                if let Some(&link) = links.get(link % links.len().max(1)) {
                    let undo = Document::fact(id, Kind::Correction, at, Correction::fields(link, MEMBERS[0], true));
                    self.accept(area, undo);
                }
            }
            Turn::Forget { area, which } => {
                let area = AREAS[area];
                let can_be = |doc: &&Document| matches!(doc.kind, Kind::Resident | Kind::Link);
                let known: Vec<&Document> = self.areas[&area].values().map(|(_, doc)| doc).filter(can_be).collect();
                if let Some(mut forgotten) = known.get(which % known.len().max(1)).map(|doc| (*doc).clone()) {
                    erase(&mut forgotten);
                    self.accept(area, forgotten);
                }
            }
            _ => {}
        }
    }

    /// In how many areas each household and each resident lives, where it is not one.
    fn homeless_or_doubled(&self) -> Vec<(Root, usize)> {
        let mut homes: BTreeMap<Root, usize> = BTreeMap::new();
        for (area, documents) in &self.areas {
            let view = self.view(*area);
            for (_, doc) in documents.values() {
                let is_here = match doc.kind {
                    Kind::Household => view.households.contains_key(&doc.id),
                    Kind::Resident => view.residents.contains_key(&doc.id),
                    _ => continue,
                };
                *homes.entry(Root::of(doc, *area)).or_default() += usize::from(is_here);
            }
        }
        homes.into_iter().filter(|(_, count)| *count != 1).collect()
    }

    /// How much is written when everything is carried once more.
    fn still_to_carry(&self) -> usize {
        let mut again = self.clone();
        let all = |area: DocId| -> Vec<DocId> { self.areas[&area].keys().copied().collect() };
        AREAS.map(|area| again.apply(|areas, fresh| areas.carry_on(area, &all(area), &mut || fresh))).iter().sum()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn everyone_lives_in_one_area_whatever_is_moved_and_written(turns in prop::collection::vec(turn(), 1..25)) {
        let mut town = Town::new(HOUSEHOLDS);
        for (number, turn) in turns.iter().enumerate() {
            town.take_turn(number, turn);
            prop_assert_eq!(town.homeless_or_doubled(), vec![], "after turn {}", number);
            prop_assert_eq!(town.still_to_carry(), 0, "after turn {}", number);
        }
    }

    #[test]
    fn everyone_lives_in_one_area_after_a_restore_whichever_areas_phones_are_left(
        turns in prop::collection::vec(turn(), 1..20), kept in 0..20_usize, known in prop::collection::vec(0..3_usize, 1..4),
        versions in prop::collection::vec(0..20_usize, 4),
    ) {
        let mut town = Town::new(HOUSEHOLDS);
        let mut before = vec![town.clone()];
        for (number, turn) in turns.iter().enumerate() {
            town.take_turn(number, turn);
            before.push(town.clone());
        }
        let kept = kept % before.len();
        let mut restored = before[kept].clone();
        restored.clock = town.clock + 1;
        for (area, version) in known.iter().zip(versions) {
            // A phone that was last in touch at some time after the backup.
            let held = &before[kept + version % (before.len() - kept)];
            let documents: Vec<Document> =
                held.areas[&AREAS[*area]].values().map(|(_, doc)| doc.clone()).collect();
            for doc in documents {
                restored.accept(AREAS[*area], doc);
                prop_assert_eq!(restored.homeless_or_doubled(), vec![]);
                prop_assert_eq!(restored.still_to_carry(), 0);
            }
        }
    }

    #[test]
    fn a_household_that_moves_changes_no_sum(acts in prop::collection::vec(act(), 0..40), number in 0..HOUSEHOLDS) {
        let mut town = town_after(&documents(&acts, true));
        let before = town.figures();
        town.move_household(OLD, household(number), NEW);
        prop_assert_eq!(town.figures(), before);
        prop_assert!(!town.view(OLD).households.contains_key(&household(number)));
    }

    #[test]
    fn a_person_known_twice_moves_as_one(acts in prop::collection::vec(act(), 0..40), number in 0..HOUSEHOLDS) {
        let mut town = town_after(&documents(&acts, false));
        let people = |town: &Town| {
            let sum = town.figures().0;
            (sum.people, sum.complete, sum.eligible, sum.members, sum.steps, sum.certificates)
        };
        let before = people(&town);
        town.move_household(OLD, household(number), NEW);
        prop_assert_eq!(people(&town), before);
    }

    #[test]
    fn a_person_who_moves_alone_changes_no_sum_of_people(
        acts in prop::collection::vec(act(), 0..40), who in 0..HOUSEHOLDS * 2, named in any::<bool>(),
    ) {
        let mut town = town_after(&documents(&acts, false));
        let home = DocId::from_u128(0x900);
        town.accept(NEW, Document::description(home, Kind::Household).with(stamp(2), [("head", Value::text("Chủ mới"))]));
        let people = |town: &Town| {
            let sum = town.figures().0;
            (sum.people, sum.complete, sum.eligible, sum.members, sum.steps, sum.certificates)
        };
        let before = people(&town);
        town.apply(|areas, stamp| {
            areas.move_resident(OLD, resident(who), NEW, named.then_some(home), stamp);
        });
        prop_assert_eq!(people(&town), before);
        let there = town.copy(resident(who), NEW).link("household");
        prop_assert!(there.is_some_and(|household| town.view(NEW).households.contains_key(&household)));
    }

    #[test]
    fn it_does_not_matter_what_arrives_after_the_move(
        acts in prop::collection::vec(act(), 1..40), number in 0..HOUSEHOLDS, late in 0..40_usize,
    ) {
        let documents = documents(&acts, true);
        let late = documents.len().saturating_sub(late);
        let mut at_once = town_after(&documents);
        at_once.clock = 2_000_000;
        at_once.move_household(OLD, household(number), NEW);
        let mut in_pieces = town_after(&documents[..late]);
        in_pieces.clock = 2_000_000;
        in_pieces.move_household(OLD, household(number), NEW);
        for doc in &documents[late..] {
            in_pieces.accept(OLD, doc.clone());
        }
        prop_assert_eq!(in_pieces.figures(), at_once.figures());
        let contents = |town: &Town, area: DocId| -> Vec<Document> {
            town.areas[&area].values().map(|(_, doc)| doc.clone()).collect()
        };
        for area in [OLD, NEW] {
            prop_assert_eq!(contents(&in_pieces, area), contents(&at_once, area));
        }
    }

    #[test]
    fn there_and_back_again_gives_the_originals_back(
        acts in prop::collection::vec(act(), 0..40), late in 0..40_usize, detour in any::<bool>(),
    ) {
        let documents = documents(&acts, true);
        let late = documents.len().saturating_sub(late);
        let mut town = town_after(&documents[..late]);
        town.move_household(OLD, household(0), NEW);
        let there = Root { id: household(0), home: OLD };
        let mut from = NEW;
        if detour {
            town.move_household(NEW, there.id_in(NEW), OTHER);
            from = OTHER;
        }
        for doc in &documents[late..] {
            town.accept(OLD, doc.clone());
        }
        town.move_household(from, there.id_in(from), OLD);
        let stayed = town_after(&documents);
        prop_assert_eq!(town.figures(), stayed.figures());
        let without_moves = |town: &Town| -> Vec<Document> {
            let plain = |doc: &Document| {
                let mut doc = doc.clone();
                if let domain::Body::Description(registers) = &mut doc.body {
                    registers.remove("moved_to");
                }
                doc
            };
            town.areas[&OLD].values().map(|(_, doc)| plain(doc)).collect()
        };
        prop_assert_eq!(without_moves(&town), without_moves(&stayed));
    }

    #[test]
    fn carrying_again_changes_nothing(acts in prop::collection::vec(act(), 0..40), steps in prop::collection::vec((0..3_usize, 0..3_usize, 0..HOUSEHOLDS), 1..5)) {
        let mut town = town_after(&documents(&acts, false));
        let areas = [OLD, NEW, OTHER];
        for (from, to, number) in steps {
            let id = Root { id: household(number), home: OLD }.id_in(areas[from]);
            if from != to {
                town.move_household(areas[from], id, areas[to]);
            }
        }
        let before = town.clone();
        for area in areas {
            let all: Vec<DocId> = town.areas[&area].keys().copied().collect();
            let changes = town.apply(|areas, fresh| areas.carry_on(area, &all, &mut || fresh));
            prop_assert_eq!(changes, 0);
        }
        prop_assert_eq!(&town.areas, &before.areas);
        // Everyone lives in exactly one area.
        for number in 0..HOUSEHOLDS {
            let root = Root { id: household(number), home: OLD };
            let homes = areas.iter().filter(|area| town.view(**area).households.contains_key(&root.id_in(**area)));
            prop_assert_eq!(homes.count(), 1);
        }
    }
}

#[test]
fn a_name_that_was_mended_offline_arrives_where_the_person_lives_now() {
    let mut town = Town::new(1);
    town.move_household(OLD, household(0), NEW);
    let edit = Document::description(resident(0), Kind::Resident).with(stamp(50), [("name", Value::text("Tên đúng"))]);
    town.accept(OLD, edit);
    assert_eq!(town.copy(resident(0), NEW).text("name"), Some("Tên đúng"));
    assert_eq!(town.copy(household(0), NEW).value("route"), None, "routes are an area's own");
}

#[test]
fn who_is_forgotten_in_one_area_is_forgotten_in_all() {
    for area in [OLD, NEW] {
        let mut town = Town::new(1);
        town.move_household(OLD, household(0), NEW);
        let mut erased = town.copy(resident(0), area).clone();
        erase(&mut erased);
        town.accept(area, erased);
        for copy in [OLD, NEW].map(|area| town.copy(resident(0), area)) {
            assert!(copy.erased && copy.text("name").is_none(), "{copy:?}");
        }
    }
}

#[test]
fn who_was_forgotten_stays_so_in_every_area_whatever_a_phone_brings_back_after_a_restore() {
    let mut town = Town::new(1);
    let note = Visit::fields(
        household(0),
        MEMBERS[0],
        Day::from_ymd(2026, 6, 1).expect("a day of June"),
        VisitResult::Met,
        None,
        &[],
        "ốm",
    );
    let visit = Document::fact(DocId::from_u128(0x888), Kind::Visit, stamp(40), note);
    town.accept(OLD, visit.clone());
    let backup = town.clone();
    town.move_household(OLD, household(0), NEW);
    town.move_household(NEW, Root { id: household(0), home: OLD }.id_in(NEW), OTHER);
    for area in [OLD, OTHER] {
        let mut restored = backup.clone();
        let bring = |restored: &mut Town, area: DocId| {
            town.areas[&area].values().for_each(|(_, doc)| restored.accept(area, doc.clone()));
        };
        bring(&mut restored, OTHER);
        for id in [resident(0), visit.id] {
            let mut erased = restored.copy(id, area).clone();
            erase(&mut erased);
            restored.accept(area, erased);
        }
        // Of the area that they only passed through nobody has told yet.
        bring(&mut restored, NEW);
        for area in AREAS {
            assert!(restored.copy(resident(0), area).erased, "in {area}");
            assert!(restored.copy(visit.id, area).erased, "in {area}");
        }
    }
}

#[test]
fn somebody_written_into_a_household_that_is_gone_follows_it() {
    let mut town = Town::new(2);
    town.move_household(OLD, household(0), NEW);
    let edit = Document::description(resident(2), Kind::Resident).with(stamp(50), [("household", household(0).into())]);
    town.accept(OLD, edit);
    let there = town.copy(resident(2), NEW);
    assert_eq!(there.link("household"), Some(Root { id: household(0), home: OLD }.id_in(NEW)));
    assert_eq!(town.figures().0.people, 4);
}

#[test]
fn an_old_edit_of_where_somebody_lives_does_not_bring_them_back() {
    let mut town = Town::new(2);
    town.move_household(OLD, household(0), NEW);
    // Made offline after the move, into a household that stayed.
    let edit =
        Document::description(resident(0), Kind::Resident).with(stamp(9_000_000), [("household", household(1).into())]);
    town.accept(OLD, edit);
    let there = town.copy(resident(0), NEW);
    assert_eq!(there.link("household"), Some(Root { id: household(0), home: OLD }.id_in(NEW)));
    assert_eq!(town.figures().0.people, 4);
}

#[test]
fn whoever_comes_back_with_a_household_stays_in_it() {
    let mut town = Town::new(2);
    let other = DocId::from_u128(0x900);
    town.accept(NEW, Document::description(other, Kind::Household).with(stamp(2), [("head", Value::text("Chủ mới"))]));
    town.apply(|areas, stamp| {
        areas.move_resident(OLD, resident(0), NEW, Some(other), stamp);
    });
    town.move_household(OLD, household(1), OTHER);
    // A phone that knows of neither, and whose clock is ahead.
    let edit =
        Document::description(resident(0), Kind::Resident).with(stamp(9_000_000), [("household", household(1).into())]);
    town.accept(OLD, edit);
    town.move_household(NEW, other, OLD);
    let home = Root { id: other, home: NEW }.id_in(OLD);
    assert_eq!(town.get(OLD, resident(0)).link("household"), Some(home));
    assert!(town.view(OLD).residents.contains_key(&resident(0)));
    assert_eq!(town.figures().0.people, 4);
}

#[test]
fn a_record_whose_person_has_not_arrived_waits_for_them() {
    let mut town = Town::new(1);
    town.move_household(OLD, household(0), NEW);
    let unknown = DocId::from_u128(0x777);
    let link = Document::fact(
        DocId::from_u128(0x778),
        Kind::Link,
        stamp(60),
        Link::fields([resident(0), unknown], MEMBERS[0]),
    );
    town.accept(OLD, link.clone());
    assert!(!town.areas[&NEW].contains_key(&Root { id: link.id, home: OLD }.id_in(NEW)));
    let person = Document::description(unknown, Kind::Resident)
        .with(stamp(61), [("household", household(0).into()), ("name", Value::text("Người 0"))]);
    town.accept(OLD, person);
    assert_eq!(town.figures().0.people, 2, "three records of two people");
}

#[test]
fn after_a_restore_the_newest_word_of_any_copy_says_where_somebody_lives() {
    let mut town = Town::new(1);
    let backup = town.clone();
    town.move_household(OLD, household(0), NEW);
    let moved = town.figures();
    for area in [OLD, NEW] {
        let mut restored = backup.clone();
        // Only phones of one of the two areas are left to offer what they hold.
        for (_, doc) in town.areas[&area].values() {
            restored.accept(area, doc.clone());
        }
        assert_eq!(restored.figures(), moved);
        assert_eq!(restored.view(NEW).households.len(), 1);
    }
}

#[test]
fn what_claims_to_be_a_copy_of_another_is_none() {
    let fake = Document::description(DocId::from_u128(0x55), Kind::Household)
        .with(stamp(1), [("root", household(0).into()), ("home", OLD.into())]);
    assert_eq!(Root::of(&fake, NEW), Root { id: fake.id, home: NEW });
}
