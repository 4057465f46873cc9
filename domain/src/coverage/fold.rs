//! The fold itself: documents in, an `AreaView` out.

use std::collections::{BTreeMap, BTreeSet};

use super::certificate::certificates;
use super::credit::{Ranked, completion};
use super::same_person::{Links, SamePerson};
use super::{AreaView, DoorState, First, HouseholdView, ResidentView, ServiceState};
use crate::campaign::{AgeRule, Campaign};
use crate::document::{Document, Kind};
use crate::moving::ROOT;
use crate::people::{Gone, Resident};
use crate::place::{Household, Route};
use crate::renamed::Renamed;
use crate::service::{Origin, Step};
use crate::text::natural_key;
use crate::visit::{Apart, Correction, Difficulty, Link, Outcome, Proficiency, Solution, Visit, VisitResult};
use crate::{Day, DocId, Moment, Stamp};

/// A document as a replica shows it.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub doc: &'a Document,
    /// The order in which the server accepted it; `None` while only this phone has it.
    pub accepted: Option<u64>,
}

/// Documents sorted by kind, corrections applied.
#[derive(Default)]
struct Sorted {
    routes: Vec<Route>,
    households: Vec<Household>,
    residents: Vec<Resident>,
    visits: Vec<Visit>,
    outcomes: Vec<Ranked>,
    proficiencies: Vec<Proficiency>,
    links: Vec<Link>,
    aparts: Vec<Apart>,
    solutions: Vec<Solution>,
    renamed: Vec<Renamed>,
    /// When a lead last settled what was kept of an older name, by its id.
    settled: BTreeMap<DocId, Stamp>,
    corrections: BTreeMap<DocId, Vec<Correction>>,
    moved: BTreeMap<DocId, DocId>,
    /// The roots of documents that were carried here: what is decided by ids is decided by these, in every area alike.
    roots: BTreeMap<DocId, DocId>,
}

impl Sorted {
    fn new<'a>(documents: impl IntoIterator<Item = Shown<'a>>) -> Self {
        let mut sorted = Self::default();
        for Shown { doc, accepted } in documents {
            if let Some(root) = doc.link(ROOT) {
                sorted.roots.insert(doc.id, root);
            }
            match doc.kind {
                Kind::Route => sorted.routes.extend(Route::read(doc).filter(|route| !route.deleted)),
                Kind::Household => sorted.households.extend(Household::read(doc)),
                Kind::Resident => sorted.residents.extend(Resident::read(doc)),
                Kind::Visit => sorted.visits.extend(Visit::read(doc)),
                Kind::Outcome => {
                    sorted.outcomes.extend(Outcome::read(doc).map(|outcome| Ranked { outcome, accepted }));
                }
                Kind::Proficiency => sorted.proficiencies.extend(Proficiency::read(doc)),
                Kind::Link => sorted.links.extend(Link::read(doc)),
                Kind::Apart => sorted.aparts.extend(Apart::read(doc)),
                Kind::Solution => sorted.solutions.extend(Solution::read(doc)),
                Kind::Renamed => sorted.renamed.extend(Renamed::read(doc)),
                Kind::Correction => {
                    if let Some(correction) = Correction::read(doc) {
                        if let Some(at) = doc.newest_stamp().filter(|_| correction.by_lead) {
                            let slot = sorted.settled.entry(correction.target).or_insert(at);
                            *slot = at.max(*slot);
                        }
                        sorted.corrections.entry(correction.target).or_default().push(correction);
                    }
                }
                _ => {}
            }
        }
        sorted.leave_out_moved();
        sorted.apply_corrections();
        sorted
    }

    /// Who has moved counts where they live now, with all that was told of them here. Somebody whom a phone has just
    /// written into a household that is gone follows as soon as the office knows.
    fn leave_out_moved(&mut self) {
        let moved = &mut self.moved;
        self.households.retain(|household| {
            household.moved_to.is_none_or(|area| {
                moved.insert(household.id, area);
                false
            })
        });
        self.residents.retain(|resident| {
            let with_household = || resident.household.and_then(|household| moved.get(&household).copied());
            resident.moved_to.or_else(with_household).is_none_or(|area| {
                moved.insert(resident.id, area);
                false
            })
        });
    }

    /// A correction counts when it is by the author of what it corrects, or by a lead.
    fn apply_corrections(&mut self) {
        let corrections = std::mem::take(&mut self.corrections);
        let is_live = |id: DocId, member: DocId| {
            !corrections.get(&id).is_some_and(|list| list.iter().any(|fix| fix.by_lead || fix.member == member))
        };
        self.visits.retain(|visit| is_live(visit.id, visit.member));
        self.outcomes.retain(|ranked| is_live(ranked.outcome.id, ranked.outcome.member));
        self.proficiencies.retain(|fact| is_live(fact.id, fact.member));
        self.links.retain(|link| is_live(link.id, link.member));
        self.aparts.retain(|apart| is_live(apart.id, apart.member));
        self.solutions.retain(|fact| is_live(fact.id, fact.member));
        // Settled once, it comes up again when the same value is changed again.
        self.renamed.retain(|kept| self.settled.get(&kept.id).is_none_or(|at| *at < kept.at));
    }
}

pub(super) fn build<'a>(documents: impl IntoIterator<Item = Shown<'a>>, campaign: &Campaign, day: Day) -> AreaView {
    let mut sorted = Sorted::new(documents);
    let same = same_person(&sorted);
    let residents = residents(&mut sorted, &same, campaign, day);
    let households = households(&mut sorted, &residents);
    sorted.routes.sort_by(|a, b| (a.order, &a.name, a.id).cmp(&(b.order, &b.name, b.id)));
    let walk = walk(&households, &sorted.routes);
    AreaView {
        routes: sorted.routes,
        households,
        residents,
        walk,
        links: sorted.links,
        aparts: sorted.aparts,
        moved: sorted.moved,
        renamed: sorted.renamed,
    }
}

/// For each resident who lives here, the one who stands for the person.
pub fn same_people<'a>(documents: impl IntoIterator<Item = &'a Document>) -> BTreeMap<DocId, DocId> {
    let sorted = Sorted::new(documents.into_iter().map(|doc| Shown { doc, accepted: None }));
    let same = same_person(&sorted);
    sorted.residents.iter().map(|resident| (resident.id, same.canonical(resident.id))).collect()
}

/// Only residents count: a link to somebody who is not there must not make a person vanish. Nor must a record that is gone
/// stand for somebody of whom another tells that they live here.
fn same_person(sorted: &Sorted) -> SamePerson {
    let root = |id: DocId| sorted.roots.get(&id).copied().unwrap_or(id);
    let known: BTreeMap<DocId, DocId> =
        sorted.residents.iter().map(|resident| (root(resident.id), resident.id)).collect();
    let mut links = Links::default();
    for link in &sorted.links {
        let roots = link.residents.iter().map(|id| root(*id));
        links.join(roots.filter(|id| known.contains_key(id)));
    }
    let gone: BTreeMap<DocId, u8> = sorted.residents.iter().map(|resident| (resident.id, how_gone(resident))).collect();
    links.finish(&known).led_by(|id| (gone.get(&id).copied().unwrap_or(u8::MAX), root(id)))
}

/// What a record says of its person, from the most to the least.
fn how_gone(resident: &Resident) -> u8 {
    match resident.gone {
        None => 0,
        Some(Gone::MovedAway | Gone::Deceased) => 1,
        Some(Gone::Deleted) => 2,
    }
}

/// What the records of one person say together.
#[derive(Default)]
struct Together {
    /// The year of birth by the first record that has one, in the order of [`how_gone`].
    born: Option<(u8, DocId, i64)>,
    groups: BTreeSet<String>,
}

fn together(sorted: &Sorted, same: &SamePerson) -> BTreeMap<DocId, Together> {
    let mut persons: BTreeMap<DocId, Together> = BTreeMap::new();
    for resident in &sorted.residents {
        let person = persons.entry(same.canonical(resident.id)).or_default();
        if resident.gone.is_none() {
            person.groups.extend(resident.groups.iter().cloned());
        }
        let root = sorted.roots.get(&resident.id).copied().unwrap_or(resident.id);
        let told = resident.birth_year.map(|year| (how_gone(resident), root, year));
        person.born = person.born.into_iter().chain(told).min();
    }
    persons
}

fn residents(sorted: &mut Sorted, same: &SamePerson, campaign: &Campaign, day: Day) -> BTreeMap<DocId, ResidentView> {
    let mut outcomes: BTreeMap<DocId, Vec<Ranked>> = BTreeMap::new();
    for ranked in std::mem::take(&mut sorted.outcomes) {
        outcomes.entry(same.canonical(ranked.outcome.resident)).or_default().push(ranked);
    }
    for list in outcomes.values_mut() {
        list.sort_by_key(Ranked::rank);
    }
    let mut proficiencies: BTreeMap<DocId, (DocId, Moment)> = BTreeMap::new();
    for fact in &sorted.proficiencies {
        let slot = proficiencies.entry(same.canonical(fact.resident)).or_insert((fact.id, fact.when()));
        *slot = (slot.0.min(fact.id), slot.1.min(fact.when()));
    }
    let persons = together(sorted, same);
    let view = |resident: Resident| {
        let canonical = same.canonical(resident.id);
        let own = outcomes.get(&canonical).map_or(&[][..], Vec::as_slice);
        let done = completion(own, campaign);
        let mut helpers: Vec<DocId> = own
            .iter()
            .filter(|ranked| ranked.outcome.origin.is_assisted())
            .map(|ranked| ranked.outcome.member)
            .collect();
        helpers.sort_unstable();
        helpers.dedup();
        let person = &persons[&canonical];
        let meets = |rule: AgeRule| person.born.map(|(_, _, year)| rule.takes_in(year, day));
        let eligible = meets(campaign.serves);
        let is_counted = eligible != Some(false) && resident.gone != Some(Gone::Deleted);
        ResidentView {
            canonical,
            services: service_states(own),
            proficiency: proficiencies.get(&canonical).map(|(fact, _)| *fact),
            proficient_since: proficiencies.get(&canonical).map(|(_, since)| *since),
            eligible,
            adult: meets(campaign.counted_age()),
            groups: person.groups.clone(),
            complete: done.complete,
            complete_since: done.since,
            certificates: certificates(own),
            channels: own
                .iter()
                .filter(|ranked| ranked.outcome.origin.is_assisted())
                .map(|ranked| ranked.outcome.channel)
                .collect(),
            credit: done.credit.filter(|_| is_counted),
            helpers,
            outcomes: own.iter().map(|ranked| ranked.outcome.clone()).collect(),
            resident,
        }
    };
    std::mem::take(&mut sorted.residents).into_iter().map(|resident| (resident.id, view(resident))).collect()
}

/// For each service the furthest step, by the record that reached it first, and how each step on the way came about.
fn service_states(outcomes: &[Ranked]) -> [Option<ServiceState>; 3] {
    let mut states = [None, None, None];
    let mut firsts: BTreeMap<Step, First> = BTreeMap::new();
    let mut renewals: BTreeMap<Step, Moment> = BTreeMap::new();
    for Ranked { outcome, accepted } in outcomes {
        let (origin, when, channel) = (outcome.origin, outcome.when(), outcome.channel);
        for &step in outcome.step.service().steps().iter().filter(|step| outcome.step.includes(**step)) {
            firsts.entry(step).or_insert(First { origin, when, channel });
            if origin == Origin::Renewed {
                renewals.entry(step).or_insert(when);
            }
        }
        let slot: &mut Option<ServiceState> = &mut states[outcome.step.service().index()];
        if slot.as_ref().is_none_or(|state| outcome.step > state.step) {
            *slot = Some(ServiceState {
                step: outcome.step,
                origin: outcome.origin,
                outcome: outcome.id,
                member: outcome.member,
                day: outcome.day,
                provider: outcome.provider.clone(),
                accepted: accepted.is_some(),
                firsts: BTreeMap::new(),
                renewals: BTreeMap::new(),
            });
        }
    }
    for (step, first) in firsts {
        if let Some(state) = &mut states[step.service().index()] {
            state.firsts.insert(step, first);
        }
    }
    for (step, when) in renewals {
        if let Some(state) = &mut states[step.service().index()] {
            state.renewals.insert(step, when);
        }
    }
    states
}

fn households(sorted: &mut Sorted, residents: &BTreeMap<DocId, ResidentView>) -> BTreeMap<DocId, HouseholdView> {
    let mut visits: BTreeMap<DocId, Vec<Visit>> = BTreeMap::new();
    for visit in std::mem::take(&mut sorted.visits) {
        visits.entry(visit.household).or_default().push(visit);
    }
    let mut solutions: BTreeMap<DocId, Vec<Solution>> = BTreeMap::new();
    for fact in std::mem::take(&mut sorted.solutions) {
        solutions.entry(fact.household).or_default().push(fact);
    }
    let mut members: BTreeMap<DocId, Vec<&ResidentView>> = BTreeMap::new();
    for view in residents.values() {
        if let Some(household) = view.resident.household {
            members.entry(household).or_default().push(view);
        }
    }
    let view = |household: Household| {
        let mut visits = visits.remove(&household.id).unwrap_or_default();
        visits.sort_by_key(|visit| (visit.day, visit.at, visit.id));
        let mut people = members.remove(&household.id).unwrap_or_default();
        people.sort_by_key(|view| order_at_home(view, &household));
        // Who has died or left can help nobody at home (CD25:36).
        let at_home = || people.iter().filter(|view| view.lives_here());
        let reached = visits.iter().any(|visit| visit.result == VisitResult::Met);
        let state = door_state(visits.last().map(|visit| visit.result), reached, &people);
        HouseholdView {
            has_proficient: at_home().any(|view| view.proficiency.is_some()),
            proficient_since: at_home().filter_map(|view| view.proficient_since).min(),
            difficulties: difficulties(&visits, solutions.get(&household.id).map_or(&[], Vec::as_slice)),
            residents: people.iter().map(|view| view.resident.id).collect(),
            visits,
            reached,
            state,
            household,
        }
    };
    std::mem::take(&mut sorted.households)
        .into_iter()
        .filter(|household| !household.deleted)
        .map(view)
        .map(|view| (view.household.id, view))
        .collect()
}

/// Each difficulty met at this door, and whether it was settled when it was last met or after. One stamp serves all that is
/// written at once: a knock that is told anew brings with it what of it was settled already.
fn difficulties(visits: &[Visit], solutions: &[Solution]) -> BTreeMap<Difficulty, bool> {
    let mut last_met: BTreeMap<Difficulty, (Day, Stamp)> = BTreeMap::new();
    for visit in visits {
        for &difficulty in &visit.difficulties {
            let slot = last_met.entry(difficulty).or_insert((visit.day, visit.at));
            *slot = (*slot).max((visit.day, visit.at));
        }
    }
    let is_solved = |difficulty: Difficulty, met: (Day, Stamp)| {
        solutions.iter().any(|fact| fact.difficulty == difficulty && (fact.day, fact.at) >= met)
    };
    last_met.into_iter().map(|(difficulty, met)| (difficulty, is_solved(difficulty, met))).collect()
}

/// Head first, then by age; those who are gone last.
fn order_at_home(view: &ResidentView, household: &Household) -> (bool, bool, i64, DocId) {
    let is_head = view.resident.name == household.head;
    (!view.is_present(), !is_head, view.resident.birth_year.unwrap_or(i64::MAX), view.resident.id)
}

fn door_state(last: Option<VisitResult>, reached: bool, people: &[&ResidentView]) -> DoorState {
    let is_done = reached
        && people.iter().filter(|view| view.is_present() && view.eligible != Some(false)).all(|view| view.complete);
    match last {
        Some(VisitResult::MovedAway) => DoorState::MovedAway,
        _ if is_done => DoorState::Done,
        Some(VisitResult::ComeBack) => DoorState::ComeBack,
        _ if reached => DoorState::Reached,
        Some(VisitResult::Absent) => DoorState::Absent,
        Some(VisitResult::Refused) => DoorState::Refused,
        Some(VisitResult::Met) => DoorState::Reached,
        None => DoorState::NotYet,
    }
}

fn walk(households: &BTreeMap<DocId, HouseholdView>, routes: &[Route]) -> Vec<DocId> {
    let positions: BTreeMap<DocId, usize> = routes.iter().enumerate().map(|(index, route)| (route.id, index)).collect();
    let mut walk: Vec<DocId> = households.keys().copied().collect();
    walk.sort_by_cached_key(|id| {
        let household = &households[id].household;
        let route = household.route.and_then(|route| positions.get(&route).copied()).unwrap_or(usize::MAX);
        (route, household.order, natural_key(&household.house_no), *id)
    });
    walk
}
