//! Two communes on one server: one whose phones work honestly while it is attacked, and a foreign one. Every household and
//! every person bears a mark, so that a name in an answer tells where it comes from.

use std::path::Path;

use anyhow::Result;
use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::people::Role;
use domain::service::{Service, Step};
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};
use server::admin;
use server::app::wall_ms;
use server::area_cache::AreaCache;
use server::config::DATABASE;
use server::store::{Revoked, SecretHash, SqliteStore};

/// The commune that is attacked, and the foreign one.
pub const COMMUNES: [DocId; 2] = [DocId::from_u128(0xc0), DocId::from_u128(0xc1)];
/// Areas of the two communes: nobody but honest phones work in the first.
const AREAS: [usize; 2] = [3, 2];
const HOUSEHOLDS: u64 = 12;
const OFFICE: InstallId = InstallId(0x0ff1_ce01);

/// Who sends. The requests of one batch all come from one crew, so that whatever a batch changed must be within the rights
/// of that crew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crew {
    /// In the area that nobody attacks from.
    Honest,
    /// Without a token, with an invented one, with one that was revoked.
    Strangers,
    Members,
    Leads,
    /// They have left the attacked area and work in the next one.
    Left,
    /// Members and leads of the next area.
    Neighbours,
    Coordinators,
    /// Everybody of the foreign commune.
    Foreign,
    /// Nobody sends for them: their phones and roles are what leads and coordinators may change.
    Spare,
}

impl Crew {
    /// Those that attack, in turn.
    pub const ATTACKERS: [Crew; 7] =
        [Crew::Members, Crew::Strangers, Crew::Leads, Crew::Left, Crew::Neighbours, Crew::Coordinators, Crew::Foreign];
}

#[derive(Clone, Debug)]
pub struct Person {
    pub crew: Crew,
    pub member: DocId,
    pub commune: DocId,
    pub role: Role,
    pub areas: Vec<DocId>,
    pub install: InstallId,
    pub device: DocId,
    pub is_revoked: bool,
}

impl Person {
    pub fn token(&self) -> String {
        format!("phone-{}", self.install.0)
    }
}

pub fn area(commune: usize, index: usize) -> DocId {
    DocId::from_u128(0xa000 + 0x100 * commune as u128 + index as u128)
}

/// The attacked area.
pub fn target() -> DocId {
    area(0, 1)
}

/// The mark in the names of a household and its people.
pub fn mark(commune: usize, area: usize, household: u64) -> u16 {
    u16::try_from(commune * 0x1000 + area * 0x100 + usize::try_from(household).unwrap_or(0)).unwrap_or(u16::MAX)
}

/// The mark of a commune's own documents: its name, its areas, its team.
pub fn own_mark(commune: usize) -> u16 {
    mark(commune, 0xf, 0xff)
}

pub fn people() -> Vec<Person> {
    let mut people = Vec::new();
    let mut add = |crew: Crew, role: Role, areas: &[DocId], commune: usize, count: usize| {
        for _ in 0..count {
            let number = people.len() as u64;
            people.push(Person {
                crew,
                member: DocId::from_u128(0xe000 + u128::from(number)),
                commune: COMMUNES[commune],
                role,
                areas: areas.to_vec(),
                install: InstallId(0xf0_0000 + number),
                device: DocId::from_u128(0xd000 + u128::from(number)),
                is_revoked: crew == Crew::Strangers,
            });
        }
    };
    add(Crew::Honest, Role::Member, &[area(0, 0)], 0, 4);
    add(Crew::Members, Role::Member, &[target()], 0, 12);
    add(Crew::Leads, Role::Lead, &[target()], 0, 4);
    add(Crew::Left, Role::Member, &[area(0, 2)], 0, 4);
    add(Crew::Neighbours, Role::Member, &[area(0, 2)], 0, 4);
    add(Crew::Neighbours, Role::Lead, &[area(0, 2)], 0, 2);
    add(Crew::Coordinators, Role::Coordinator, &[], 0, 3);
    add(Crew::Foreign, Role::Member, &[area(1, 0)], 1, 4);
    add(Crew::Foreign, Role::Lead, &[area(1, 0), area(1, 1)], 1, 2);
    add(Crew::Foreign, Role::Coordinator, &[], 1, 2);
    add(Crew::Strangers, Role::Member, &[target()], 0, 3);
    add(Crew::Spare, Role::Member, &[target()], 0, 4);
    people
}

/// Writes all of it into a new data folder.
pub async fn build(data: &Path, people: &[Person]) -> Result<()> {
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let cache = AreaCache::default();
    let now_ms = wall_ms() - 3_600_000;
    admin::initialise(&store, 1, OFFICE).await?;
    admin::ensure_capsule_key(&store, [9; 32]).await?;
    for (commune, id) in COMMUNES.into_iter().enumerate() {
        admin::add_commune(&store, id).await?;
        let before = team(commune, people, now_ms - 1_000, true);
        admin::write_documents(&store, &cache, id, &before, "test", now_ms).await?;
        for index in 0..AREAS[commune] {
            let documents = households(commune, index, now_ms);
            admin::write_documents(&store, &cache, area(commune, index), &documents, "test", now_ms).await?;
        }
        // Who has left does so now.
        let after = team(commune, people, now_ms, false);
        admin::write_documents(&store, &cache, id, &after, "test", now_ms).await?;
    }
    for person in people {
        let token = SecretHash::of(person.token().as_bytes());
        admin::enrol(&store, person.member, person.install, token, person.device, now_ms).await?;
    }
    for person in people.iter().filter(|person| person.is_revoked) {
        admin::revoke_devices(&store, person.member, Revoked::Lost, now_ms).await?;
    }
    store.close().await;
    Ok(())
}

fn campaign() -> Campaign {
    let done = [Step::Activated, Step::CardIntegrated, Step::SignatureActivated];
    Campaign {
        name: "Đợt thử".to_owned(),
        serves: AgeRule { years: 15, inclusive: true },
        counts: AgeRule { years: 18, inclusive: true },
        services: Service::ALL.into_iter().zip(done).map(|(service, done)| ServiceGoal::new(service, done)).collect(),
        quota: Some(15),
        ..Campaign::asking_nothing()
    }
}

fn stamp(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, install: OFFICE }
}

fn marked(name: &str, mark: u16) -> Value {
    Value::text(format!("{name} Zq{mark:04x}"))
}

fn team(commune: usize, people: &[Person], ms: u64, before_leaving: bool) -> Vec<Document> {
    let (id, stamp, own) = (COMMUNES[commune], stamp(ms), own_mark(commune));
    let mut documents = vec![
        Document::description(id, Kind::Commune).with(stamp, [("name", marked("Xã", own))]),
        Document::description(DocId::derived(id, &["campaign"]), Kind::Campaign).with(stamp, campaign().to_fields()),
    ];
    documents.extend((0..AREAS[commune]).map(|index| {
        let fields = [("name", marked(&format!("Bản {index}"), own)), ("kind", "ban".into())];
        Document::description(area(commune, index), Kind::Area).with(stamp, fields)
    }));
    documents.extend(people.iter().filter(|person| person.commune == id).map(|person| {
        let mut areas = person.areas.clone();
        if person.crew == Crew::Left && before_leaving {
            areas.push(target());
        }
        let fields = [
            ("name", marked(&format!("Người {}", person.install.0), own)),
            ("role", person.role.name().into()),
            ("areas", areas.into_iter().collect()),
        ];
        Document::description(person.member, Kind::Member).with(stamp, fields)
    }));
    documents
}

fn households(commune: usize, index: usize, now_ms: u64) -> Vec<Document> {
    let (area, stamp) = (area(commune, index), stamp(now_ms - 1_000));
    let route = DocId::derived(area, &["route"]);
    let mut documents = vec![
        Document::description(route, Kind::Route).with(stamp, [("name", Value::from("Tuyến 1")), ("order", 1.into())]),
    ];
    for number in 0..HOUSEHOLDS {
        let mark = mark(commune, index, number);
        let household = DocId::household(area, &format!("hộ {number}"));
        let fields =
            [("head", marked("Chủ hộ", mark)), ("order", Value::Int(number.cast_signed())), ("route", route.into())];
        documents.push(Document::description(household, Kind::Household).with(stamp, fields));
        for (name, born) in [("Chủ", 1970), ("Con", 2000)] {
            let resident = DocId::resident(household, name, Some(born));
            let fields =
                [("household", household.into()), ("name", marked(name, mark)), ("birth_year", Value::Int(born))];
            documents.push(Document::description(resident, Kind::Resident).with(stamp, fields));
        }
    }
    documents
}
