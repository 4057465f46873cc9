//! A commune to try out: Phường Bắc Kạn with its plan of May 2026, and invented people, or a real list of households.

mod dice;
mod history;
mod households;
mod names;

use domain::campaign::Campaign;
use domain::people::Role;
use domain::place::AreaKind;
use domain::summary::PhoneState;
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};

use crate::admin;
use crate::area_cache::AreaCache;
use crate::import_list::AreaList;
use crate::store::{Store, StoreResult, Tx};
use dice::Dice;
use history::{Pen, Work};
use households::Shape;

const COMMUNE: DocId = DocId::from_u128(0x6261_636b_616e_4000_8000_0000_0000_0001);
/// The "phone" that wrote the demo's documents.
const INSTALL: InstallId = InstallId(0xde30);
const SEED: u64 = 1_926;
const DAY_MS: u64 = 24 * 3_600_000;
const MEMBERS_PER_AREA: usize = 4;

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
    fn new(name: &str, routes: &[&str], households: usize, is_stage: bool) -> Self {
        let id = DocId::derived(COMMUNE, &["area", name]);
        let kind = kind_of(name);
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
            shape: Shape { households, has_streets: kind == AreaKind::ToDanPho },
            is_stage,
            lead,
            members,
        }
    }
}

/// Fills an empty store. One that holds a commune already stays as it is; answers whether anything was written.
pub async fn seed<S: Store>(
    store: &S,
    cache: &AreaCache,
    lists: Option<&[AreaList]>,
    now_ms: u64,
) -> StoreResult<bool> {
    let mut tx = store.read().await?;
    let is_empty = tx.communes().await?.is_empty();
    tx.commit().await?;
    if !is_empty {
        return Ok(false);
    }
    let plans = lists.map_or_else(invented_areas, listed_areas);
    let mut dice = Dice::new(SEED);
    let stamp = Stamp { ms: now_ms.saturating_sub(14 * DAY_MS), counter: 0, install: INSTALL };
    admin::add_commune(store, COMMUNE).await?;
    let team = commune_documents(&plans, stamp, &mut dice);
    admin::write_documents(store, cache, COMMUNE, &team, "set_up", now_ms).await?;
    for (index, plan) in plans.iter().enumerate() {
        let mut documents: Vec<Document> = routes(plan, stamp);
        match lists.and_then(|lists| lists.get(index)) {
            Some(list) => documents.extend(listed(plan, list, stamp)),
            None => documents.extend(invented(plan, stamp, now_ms, &mut dice)),
        }
        admin::write_documents(store, cache, plan.id, &documents, "import", now_ms).await?;
    }
    if lists.is_none() {
        let phones = phone_states(&plans, now_ms, &mut dice);
        admin::write_documents(store, cache, DocId::figures(COMMUNE), &phones, "set_up", now_ms).await?;
    }
    Ok(true)
}

fn invented_areas() -> Vec<AreaPlan> {
    vec![
        AreaPlan::new("Tổ 1A", &["Tuyến 1", "Tuyến 2"], 110, false),
        AreaPlan::new("Tổ 5", &["Tuyến 1 (đầu tổ)", "Tuyến 2 (giữa tổ)", "Tuyến 3 (cuối tổ)"], 330, true),
        AreaPlan::new("Tổ 9", &["Tuyến 1", "Tuyến 2", "Tuyến 3"], 150, false),
        AreaPlan::new("Thôn Nà Pò", &["Xóm Trên", "Xóm Dưới"], 64, false),
    ]
}

fn listed_areas(lists: &[AreaList]) -> Vec<AreaPlan> {
    let plan = |(index, list): (usize, &AreaList)| {
        AreaPlan::new(&list.area, &["Tuyến 1", "Tuyến 2"], list.list.households.len(), index == 0)
    };
    lists.iter().enumerate().map(plan).collect()
}

/// "Thôn Nà Pò" is a thôn.
fn kind_of(name: &str) -> AreaKind {
    let is_called = |kind: &AreaKind| {
        let (name, label) = (domain::text::fold(name), domain::text::fold(kind.label()));
        name.starts_with(&label)
    };
    AreaKind::ALL.into_iter().find(is_called).unwrap_or_default()
}

fn commune_documents(plans: &[AreaPlan], stamp: Stamp, dice: &mut Dice) -> Vec<Document> {
    let commune = Document::description(COMMUNE, Kind::Commune).with(
        stamp,
        [("name", "Bắc Kạn"), ("kind", "Phường"), ("province", "Thái Nguyên")].map(|(name, text)| (name, text.into())),
    );
    let mut documents = vec![commune, campaign(stamp)];
    for (order, plan) in (1_i64..).zip(plans) {
        let fields = [
            ("name", Value::text(plan.name.clone())),
            ("kind", Value::from(plan.kind.name())),
            ("order", Value::Int(order)),
        ];
        documents.push(Document::description(plan.id, Kind::Area).with(stamp, fields));
        let lead_name = if plan.is_stage { "Nông Văn Thắng".to_owned() } else { invented_name(dice) };
        documents.push(person(plan.lead, &lead_name, Role::Lead, &[plan.id], stamp));
        for (number, id) in plan.members.iter().enumerate() {
            let name = if plan.is_stage && number == 0 { "Hoàng Thị Mai".to_owned() } else { invented_name(dice) };
            documents.push(person(*id, &name, Role::Member, &[plan.id], stamp));
        }
    }
    documents.push(person(Seats::new().coordinator, "Lý Thu Hà", Role::Coordinator, &[], stamp));
    documents
}

fn campaign(stamp: Stamp) -> Document {
    let plan: Campaign = serde_json::from_str(include_str!("demo/bac_kan.json")).expect("the preset is a campaign");
    let id = DocId::derived(COMMUNE, &["campaign", "2026"]);
    Document::description(id, Kind::Campaign).with(stamp, plan.to_fields())
}

fn person(id: DocId, name: &str, role: Role, areas: &[DocId], stamp: Stamp) -> Document {
    let fields =
        [("name", Value::from(name)), ("role", Value::from(role.name())), ("areas", areas.iter().copied().collect())];
    Document::description(id, Kind::Member).with(stamp, fields)
}

fn invented_name(dice: &mut Dice) -> String {
    let people = names::people(dice);
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
            let state = PhoneState { member: *id, last_sync_ms, unsent: 0, refused: 0 };
            let stamp = Stamp { ms: last_sync_ms, counter: 0, install: INSTALL };
            Document::description(DocId::phone_state(*id), Kind::PhoneState).with(stamp, state.fields())
        })
        .collect()
}

fn invented(plan: &AreaPlan, stamp: Stamp, now_ms: u64, dice: &mut Dice) -> Vec<Document> {
    let route_ids: Vec<DocId> = plan.routes.iter().map(|(id, _)| *id).collect();
    let people = households::invent(plan.id, plan.shape, &route_ids, stamp, dice);
    let had = Pen::new(INSTALL, now_ms, dice).had_already(&people, plan.lead);
    let mut walked = Vec::new();
    for (index, route) in route_ids.iter().enumerate() {
        let members = members_of_route(plan, index);
        // The visitor's own route has hardly begun.
        let is_own = plan.is_stage && index == 0;
        let doors_percent = if is_own { 7 } else { u64::try_from(dice.between(18, 45)).unwrap_or(30) };
        let work = Work { route: *route, members, doors_percent };
        walked.extend(Pen::new(INSTALL, now_ms.saturating_add(DAY_MS), dice).walked(&people, &had, &work));
    }
    let mut documents = people;
    documents.extend(had);
    documents.extend(walked);
    documents
}

/// A real list, half of it on each route, with what it says that people have already.
fn listed(plan: &AreaPlan, list: &AreaList, stamp: Stamp) -> Vec<Document> {
    let mut documents = domain::import::documents(&list.list, plan.id, stamp);
    let per_route = plan.shape.households.div_ceil(plan.routes.len().max(1)).max(1);
    let doors = documents.iter_mut().filter(|doc| doc.kind == Kind::Household);
    for (index, door) in doors.enumerate() {
        if let Some((route, _)) = plan.routes.get(index / per_route) {
            door.set("route".to_owned(), Value::from(*route), stamp);
        }
    }
    let day = domain::Day::at_ms(stamp.ms);
    let already = domain::import::already_outcomes(&list.list, plan.id, plan.lead, day);
    documents.extend(already.into_iter().map(|(id, fields)| Document::fact(id, Kind::Outcome, stamp, fields)));
    documents
}
