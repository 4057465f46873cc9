//! The commune before the first phone is opened: areas with a few households, a plan, a team, and their devices.

use std::collections::BTreeMap;

use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::document::{Document, Kind};
use domain::people::Role;
use domain::replica::Enrolment;
use domain::service::{Service, Step};
use domain::{DocId, InstallId, Stamp, Value};
use server::admin;
use server::area_cache::AreaCache;
use server::clock::ServerClock;
use server::store::{SecretHash, SqliteStore, StoreResult};

use super::plan::START_MS;

const HOUSEHOLDS: u64 = 5;
pub const COMMUNE: DocId = DocId::from_u128(0xc0);
pub const COORDINATOR: DocId = DocId::from_u128(0xe000);
/// Stamps what was there before, and what the office writes by itself.
pub const OFFICE: InstallId = InstallId(0x0ff1_ce00);

/// Who holds a phone.
#[derive(Clone, Debug)]
pub struct Person {
    pub member: DocId,
    pub role: Role,
    pub areas: Vec<DocId>,
    pub install: InstallId,
}

/// Everything that a run starts from.
#[derive(Debug)]
pub struct Fixture {
    pub areas: Vec<DocId>,
    pub people: Vec<Person>,
    /// Members who hold no honest phone.
    pub villains: Vec<Person>,
    /// What is stored at the start, to tell later what nobody has written.
    pub documents: BTreeMap<DocId, Document>,
    pub database: Vec<u8>,
}

pub fn area(index: usize) -> DocId {
    DocId::from_u128(0xa000 + index as u128)
}

/// How a word begins that stands in every text of an area and nowhere else.
pub const MARKER: &str = "khu-";

pub fn marker(area: DocId) -> String {
    format!("{MARKER}{:x}-", area.as_u128())
}

/// The adversary's first member; the others follow.
const FIRST_VILLAIN: u128 = 0xbe00;
/// The adversary's phones.
const VILLAINS: std::ops::Range<u64> = 0xbad_0000..0xbad_0010;

/// Whether a phone of the adversary has stamped with this.
pub fn is_villains(install: InstallId) -> bool {
    VILLAINS.contains(&install.0)
}

/// Whether the adversary is this member.
pub fn is_villains_name(member: DocId) -> bool {
    (FIRST_VILLAIN..FIRST_VILLAIN + 0x10).contains(&member.as_u128())
}

pub fn token(phone: usize) -> SecretHash {
    SecretHash::of(format!("máy {phone}").as_bytes())
}

pub fn villain_token(villain: usize) -> SecretHash {
    SecretHash::of(format!("máy lạ {villain}").as_bytes())
}

impl Person {
    /// A member, a lead, somebody of two areas who is sent to one of them, somebody whose phone is shut out.
    fn villains() -> Vec<Self> {
        let villain = |number: u32, role: Role, areas: &[usize]| Self {
            member: DocId::from_u128(FIRST_VILLAIN + u128::from(number)),
            role,
            areas: areas.iter().map(|index| area(*index)).collect(),
            install: InstallId(VILLAINS.start + u64::from(number)),
        };
        vec![
            villain(0, Role::Member, &[0]),
            villain(1, Role::Lead, &[1]),
            villain(2, Role::Member, &[0, 1]),
            villain(3, Role::Member, &[1]),
        ]
    }

    /// The first is the commune's coordinator, then a lead for each area, then members; every fifth helps in two areas.
    fn number(index: usize, areas: usize) -> Self {
        let role = match index {
            0 => Role::Coordinator,
            index if index <= areas => Role::Lead,
            _ => Role::Member,
        };
        let mut own = Vec::new();
        if index > 0 {
            own.push(area((index - 1) % areas));
            if index > areas && index.is_multiple_of(5) {
                own.push(area(index % areas));
            }
        }
        Self {
            member: DocId::from_u128(0xe000 + index as u128),
            role,
            areas: own,
            install: InstallId(0xf0_0000 + index as u64),
        }
    }

    pub fn enrolment(&self) -> Enrolment {
        Enrolment {
            member: self.member,
            commune: COMMUNE,
            role: self.role,
            name: format!("Người {:x}", self.member.as_u128()),
            commune_name: "Xã Thử".to_owned(),
        }
    }
}

pub fn campaign() -> Campaign {
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

impl Fixture {
    pub async fn build(phones: usize, areas: usize) -> StoreResult<Self> {
        let people: Vec<Person> = (0..phones).map(|index| Person::number(index, areas)).collect();
        let areas: Vec<DocId> = (0..areas).map(area).collect();
        let campaign = campaign();
        let store = SqliteStore::in_memory().await?;
        let cache = AreaCache::default();
        admin::initialise(&store, 1, OFFICE).await?;
        admin::ensure_capsule_key(&store, [7; 32]).await?;
        admin::add_commune(&store, COMMUNE).await?;
        let mut documents = BTreeMap::new();
        let now_ms = START_MS - 1_000_000;
        let villains = Person::villains();
        let team: Vec<&Person> = people.iter().chain(&villains).collect();
        let mut own = commune(&campaign, &areas, &team);
        admin::write_documents(&store, &cache, COMMUNE, &own, "fleet", now_ms).await?;
        for &area in &areas {
            let list = households(area);
            admin::write_documents(&store, &cache, area, &list, "fleet", now_ms).await?;
            own.extend(list);
        }
        documents.extend(own.into_iter().map(|document| (document.id, document)));
        for (index, person) in people.iter().enumerate() {
            let device = DocId::from_u128(0xd000 + index as u128);
            admin::enrol(&store, person.member, person.install, token(index), device, now_ms).await?;
        }
        for (index, person) in villains.iter().enumerate() {
            let device = DocId::from_u128(0xbd00 + index as u128);
            admin::enrol(&store, person.member, person.install, villain_token(index), device, now_ms).await?;
        }
        // The office knows what day it is.
        ServerClock::new(0).check(&store, now_ms).await?;
        let database = store.snapshot().await?;
        store.close().await;
        Ok(Self { areas, people, villains, documents, database })
    }
}

fn stamp() -> Stamp {
    Stamp { ms: START_MS - 2_000_000, counter: 0, install: OFFICE }
}

fn commune(campaign: &Campaign, areas: &[DocId], people: &[&Person]) -> Vec<Document> {
    let mut documents = vec![
        Document::description(COMMUNE, Kind::Commune).with(stamp(), [("name", Value::text("Xã Thử"))]),
        Document::description(DocId::from_u128(0xca), Kind::Campaign).with(stamp(), campaign.to_fields()),
    ];
    // From a newer version.
    documents.push(newer(COMMUNE));
    documents.extend(areas.iter().enumerate().map(|(index, &area)| {
        let fields = [("name", Value::text(format!("Bản {index}"))), ("kind", "ban".into())];
        Document::description(area, Kind::Area).with(stamp(), fields)
    }));
    documents.extend(people.iter().map(|person| {
        let name = person.enrolment().name;
        let fields = [
            ("name", Value::text(name)),
            ("role", person.role.name().into()),
            ("areas", person.areas.iter().copied().collect()),
        ];
        Document::description(person.member, Kind::Member).with(stamp(), fields)
    }));
    documents
}

fn newer(scope: DocId) -> Document {
    let kind = Kind::Other("survey_2031".to_owned());
    Document::description(DocId::derived(scope, &["survey 2031"]), kind).with(stamp(), [("name", "?".into())])
}

fn households(area: DocId) -> Vec<Document> {
    let mut documents = Vec::new();
    for number in 0..HOUSEHOLDS {
        let household = DocId::household(area, &format!("hộ {number}"));
        let head = format!("{}Chủ {number}", marker(area));
        let fields = [
            ("head", Value::text(&head)),
            ("house_no", Value::text(number.to_string())),
            ("order", Value::Int(number.cast_signed())),
        ];
        documents.push(Document::description(household, Kind::Household).with(stamp(), fields));
        for (name, born) in [(head, 1970), (format!("{}Con {number}", marker(area)), 2000)] {
            let resident = DocId::resident(household, &name, Some(born));
            let fields =
                [("household", household.into()), ("name", Value::text(name)), ("birth_year", Value::Int(born))];
            documents.push(Document::description(resident, Kind::Resident).with(stamp(), fields));
        }
    }
    documents
}
