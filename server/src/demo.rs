//! A commune to try out: one of those whose plans come with the program, with invented people, or a real list of
//! households.

mod dice;
mod history;
mod households;
mod names;
mod place;
pub mod province;

use domain::campaign::Campaign;
use domain::import::changes::{Importing, compare};
use domain::people::Role;
use domain::place::AreaKind;
use domain::summary::PhoneState;
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

use crate::admin;
use crate::area_cache::AreaCache;
use crate::import_list::AreaList;
use crate::store::{Store, StoreResult, Tx};
use dice::Dice;
use history::{Pen, Work};
use households::Shape;
use names::Region;
use place::{kind_of, moved_to_present};

pub use place::Place;

const COMMUNE: DocId = DocId::from_u128(0x6261_636b_616e_4000_8000_0000_0000_0001);
/// The "phone" that wrote the demo's documents.
const INSTALL: InstallId = InstallId(0xde30);
const SEED: u64 = 1_926;
const DAY_MS: u64 = 24 * 3_600_000;
const MEMBERS_PER_AREA: usize = 4;
/// Before the team's work of the last days: when everything was set up.
const SET_UP_DAYS: u64 = 21;
/// Which of a place's areas is the visitor's.
const STAGE: usize = 1;

/// The people whose phones the visitor plays.
#[derive(Clone, Copy, Debug)]
pub struct Seats {
    pub member: DocId,
    pub lead: DocId,
    pub coordinator: DocId,
}

impl Seats {
    pub fn new() -> Self {
        let seat = |role: Role| DocId::derived(COMMUNE, &["seat", role.name()]);
        Self { member: seat(Role::Member), lead: seat(Role::Lead), coordinator: seat(Role::Coordinator) }
    }
}

impl Default for Seats {
    fn default() -> Self {
        Self::new()
    }
}

struct AreaPlan {
    id: DocId,
    name: String,
    kind: AreaKind,
    routes: Vec<(DocId, String)>,
    shape: Shape,
    /// The visitor's member and lead work here.
    is_stage: bool,
    lead: DocId,
    members: Vec<DocId>,
}

impl AreaPlan {
    fn new(name: &str, routes: &[&str], households: usize, setting: &Setting<'_>, is_stage: bool) -> Self {
        let id = DocId::derived(COMMUNE, &["area", name]);
        let kind = kind_of(name, &setting.plan);
        let person = |seat: &str| DocId::derived(id, &["team", seat]);
        let mut members: Vec<DocId> = (1..=MEMBERS_PER_AREA).map(|number| person(&number.to_string())).collect();
        let mut lead = person("lead");
        if is_stage {
            lead = Seats::new().lead;
            members[0] = Seats::new().member;
        }
        Self {
            id,
            name: name.to_owned(),
            kind,
            routes: routes.iter().map(|name| (DocId::derived(id, &["route", name]), (*name).to_owned())).collect(),
            shape: Shape { households, has_streets: kind == AreaKind::ToDanPho, region: setting.place.region },
            is_stage,
            lead,
            members,
        }
    }
}

/// What all parts of the demo have in common.
struct Setting<'a> {
    place: &'a Place,
    plan: Campaign,
    /// When everything was set up.
    stamp: Stamp,
    now_ms: u64,
}

/// Fills an empty store. One that holds a commune already stays as it is; answers whether anything was written.
pub async fn seed<S: Store>(
    store: &S,
    cache: &AreaCache,
    place: &Place,
    lists: Option<&[AreaList]>,
    now_ms: u64,
) -> StoreResult<bool> {
    let mut tx = store.read().await?;
    let is_empty = tx.communes().await?.is_empty();
    tx.commit().await?;
    if !is_empty {
        return Ok(false);
    }
    let stamp = Stamp { ms: now_ms.saturating_sub(SET_UP_DAYS * DAY_MS), counter: 0, install: INSTALL };
    let setting = Setting { place, plan: place.campaign(Day::at_ms(stamp.ms), Day::at_ms(now_ms)), stamp, now_ms };
    let plans = lists.map_or_else(|| invented_areas(&setting), |lists| listed_areas(lists, &setting));
    let mut dice = Dice::new(SEED);
    admin::add_commune(store, COMMUNE).await?;
    let team = commune_documents(&plans, &setting, &mut dice);
    admin::write_documents(store, cache, COMMUNE, &team, "set_up", now_ms).await?;
    for (index, plan) in plans.iter().enumerate() {
        let mut documents: Vec<Document> = routes(plan, stamp);
        match lists.and_then(|lists| lists.get(index)) {
            Some(list) => documents.extend(listed(plan, list, stamp)),
            None => documents.extend(invented(plan, &setting, &mut dice)),
        }
        admin::write_documents(store, cache, plan.id, &documents, "import", now_ms).await?;
    }
    if lists.is_none() {
        let phones = phone_states(&plans, now_ms, &mut dice);
        admin::write_documents(store, cache, DocId::figures(COMMUNE), &phones, "set_up", now_ms).await?;
        if let Some(plan) = province::plan_above(place) {
            let plan = moved_to_present(plan, Day::at_ms(stamp.ms), Day::at_ms(now_ms));
            province::seed(store, cache, place, plan, stamp, &mut dice, now_ms).await?;
        }
    }
    Ok(true)
}

fn invented_areas(setting: &Setting<'_>) -> Vec<AreaPlan> {
    let areas = setting.place.areas.iter().enumerate();
    areas.map(|(index, area)| AreaPlan::new(area.name, area.routes, area.households, setting, index == STAGE)).collect()
}

fn listed_areas(lists: &[AreaList], setting: &Setting<'_>) -> Vec<AreaPlan> {
    let plan = |(index, list): (usize, &AreaList)| {
        AreaPlan::new(&list.area, &["Tuyến 1", "Tuyến 2"], list.list.households.len(), setting, index == 0)
    };
    lists.iter().enumerate().map(plan).collect()
}

fn commune_documents(plans: &[AreaPlan], setting: &Setting<'_>, dice: &mut Dice) -> Vec<Document> {
    let Setting { place, plan, stamp, .. } = setting;
    let (stamp, region) = (*stamp, place.region);
    let fields = [("name", place.name), ("kind", place.kind), ("province", place.province)];
    let commune =
        Document::description(COMMUNE, Kind::Commune).with(stamp, fields.map(|(name, text)| (name, text.into())));
    let campaign = Document::description(DocId::derived(COMMUNE, &["campaign"]), Kind::Campaign);
    let mut documents = vec![commune, campaign.with(stamp, plan.to_fields())];
    for (order, plan) in (1_i64..).zip(plans) {
        let fields = [
            ("name", Value::text(plan.name.clone())),
            ("kind", Value::from(plan.kind.name())),
            ("order", Value::Int(order)),
        ];
        documents.push(Document::description(plan.id, Kind::Area).with(stamp, fields));
        let lead_name = if plan.is_stage { "Nông Văn Thắng".to_owned() } else { invented_name(region, dice) };
        documents.push(person(plan.lead, &lead_name, Role::Lead, &[plan.id], stamp));
        for (number, id) in plan.members.iter().enumerate() {
            let name =
                if plan.is_stage && number == 0 { "Hoàng Thị Mai".to_owned() } else { invented_name(region, dice) };
            documents.push(person(*id, &name, Role::Member, &[plan.id], stamp));
        }
    }
    documents.push(person(Seats::new().coordinator, "Lý Thu Hà", Role::Coordinator, &[], stamp));
    documents
}

fn person(id: DocId, name: &str, role: Role, areas: &[DocId], stamp: Stamp) -> Document {
    let fields =
        [("name", Value::from(name)), ("role", Value::from(role.name())), ("areas", areas.iter().copied().collect())];
    Document::description(id, Kind::Member).with(stamp, fields)
}

fn invented_name(region: Region, dice: &mut Dice) -> String {
    let people = names::people(region, dice);
    let surname = names::surname(people, dice);
    let sex = if dice.percent(40) { names::Sex::Man } else { names::Sex::Woman };
    let year = 2026 - dice.between(24, 58);
    names::full_name(surname, people, sex, year, dice)
}

/// Each route with its members: the first member has the first route, the others share the rest.
fn routes(plan: &AreaPlan, stamp: Stamp) -> Vec<Document> {
    let document = |(index, (id, name)): (usize, &(DocId, String))| {
        let fields = [
            ("name", Value::text(name.clone())),
            ("order", Value::Int(i64::try_from(index).unwrap_or(0) + 1)),
            ("members", members_of_route(plan, index).into_iter().collect()),
        ];
        Document::description(*id, Kind::Route).with(stamp, fields)
    };
    plan.routes.iter().enumerate().map(document).collect()
}

fn members_of_route(plan: &AreaPlan, index: usize) -> Vec<DocId> {
    let routes = plan.routes.len();
    plan.members.iter().enumerate().filter(|(number, _)| number % routes == index).map(|(_, id)| *id).collect()
}

/// When the invented members' phones last came in: most today, one an area not for days.
fn phone_states(plans: &[AreaPlan], now_ms: u64, dice: &mut Dice) -> Vec<Document> {
    const HOUR_MS: u64 = 3_600_000;
    let people = plans.iter().flat_map(|plan| plan.members.iter().enumerate().chain([(0, &plan.lead)]));
    let seats = Seats::new();
    people
        .filter(|(_, id)| **id != seats.member && **id != seats.lead)
        .map(|(number, id)| {
            let is_late = number + 1 == MEMBERS_PER_AREA;
            let hours = if is_late { dice.between(50, 90) } else { dice.between(1, 9) };
            let last_sync_ms = now_ms.saturating_sub(u64::try_from(hours).unwrap_or(1) * HOUR_MS);
            let state = PhoneState { member: *id, last_sync_ms, unsent: 0, refused: 0, diverged: 0 };
            let stamp = Stamp { ms: last_sync_ms, counter: 0, install: INSTALL };
            Document::description(DocId::phone_state(*id), Kind::PhoneState).with(stamp, state.fields())
        })
        .collect()
}

fn invented(area: &AreaPlan, setting: &Setting<'_>, dice: &mut Dice) -> Vec<Document> {
    let (plan, today) = (&setting.plan, Day::at_ms(setting.now_ms));
    let route_ids: Vec<DocId> = area.routes.iter().map(|(id, _)| *id).collect();
    let mut documents = households::invent(area.id, area.shape, &route_ids, plan, setting.stamp, dice);
    let residents = households::served(&documents, plan, today);
    let mut pen = Pen::new(plan, INSTALL, today, dice);
    let had = pen.had_already(&residents, area.lead);
    for (index, route) in route_ids.iter().enumerate() {
        let members = members_of_route(area, index);
        // The visitor's own route has hardly begun.
        let is_own = area.is_stage && index == 0;
        let doors_percent = if is_own { 7 } else { u64::try_from(pen.dice.between(18, 45)).unwrap_or(30) };
        pen.walked(&documents, &residents, &had, &Work { route: *route, members, doors_percent });
    }
    let history = pen.finish();
    documents.extend(history);
    documents
}

/// A real list, half of it on each route, with what it says that people have already.
fn listed(plan: &AreaPlan, list: &AreaList, stamp: Stamp) -> Vec<Document> {
    let day = domain::Day::at_ms(stamp.ms);
    let nobody: [&Document; 0] = [];
    let importing =
        Importing { area: plan.id, member: plan.lead, batch: plan.id, day, stamp: Stamp::of_list(stamp.ms) };
    let changes = compare(&list.list, nobody, importing);
    let mut documents = changes.described;
    let per_route = plan.shape.households.div_ceil(plan.routes.len().max(1)).max(1);
    let doors = documents.iter_mut().filter(|doc| doc.kind == Kind::Household);
    for (index, door) in doors.enumerate() {
        if let Some((route, _)) = plan.routes.get(index / per_route) {
            door.set("route".to_owned(), Value::from(*route), stamp);
        }
    }
    documents.extend(changes.outcomes.into_iter().map(|(id, fields)| Document::fact(id, Kind::Outcome, stamp, fields)));
    documents
}
