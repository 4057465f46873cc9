//! A small commune on the disk: four areas with a few households, a plan, and a team with enrolled phones.

use std::path::Path;

use anyhow::Result;
use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::document::{Document, Kind};
use domain::people::Role;
use domain::replica::Enrolment;
use domain::service::{Service, Step};
use domain::{DocId, InstallId, Stamp, Value};
use server::admin;
use server::app::wall_ms;
use server::area_cache::AreaCache;
use server::config::DATABASE;
use server::store::{SecretHash, SqliteStore};

pub const COMMUNE: DocId = DocId::from_u128(0xc0);
const AREAS: usize = 4;
const HOUSEHOLDS: u64 = 6;
const OFFICE: InstallId = InstallId(0x0ff1_ce00);

/// Who holds a phone: a lead for each area first, then members.
#[derive(Clone, Debug)]
pub struct Person {
    pub index: usize,
    pub member: DocId,
    pub role: Role,
    pub area: DocId,
    pub install: InstallId,
}

impl Person {
    pub fn token(&self) -> String {
        format!("phone-{}", self.index)
    }

    pub fn enrolment(&self) -> Enrolment {
        Enrolment {
            member: self.member,
            commune: COMMUNE,
            role: self.role,
            name: format!("Người {}", self.index),
            commune_name: "Xã Thử".to_owned(),
        }
    }
}

pub fn area(index: usize) -> DocId {
    DocId::from_u128(0xa000 + index as u128)
}

pub fn areas() -> impl Iterator<Item = DocId> {
    (0..AREAS).map(area)
}

pub fn people(count: usize) -> Vec<Person> {
    let person = |index: usize| Person {
        index,
        member: DocId::from_u128(0xe000 + index as u128),
        role: if index < AREAS { Role::Lead } else { Role::Member },
        area: area(index % AREAS),
        install: InstallId(0xf0_0000 + index as u64),
    };
    (0..count).map(person).collect()
}

pub async fn build(data: &Path, people: &[Person]) -> Result<()> {
    let store = SqliteStore::open(&data.join(DATABASE)).await?;
    let cache = AreaCache::default();
    let now_ms = wall_ms() - 3_600_000;
    admin::initialise(&store, 1, OFFICE).await?;
    admin::add_commune(&store, COMMUNE).await?;
    admin::write_documents(&store, &cache, COMMUNE, &team(people, now_ms), "test", now_ms).await?;
    for area in areas() {
        admin::write_documents(&store, &cache, area, &households(area, now_ms), "test", now_ms).await?;
    }
    for person in people {
        let token = SecretHash::of(person.token().as_bytes());
        let device = DocId::from_u128(0xd000 + person.index as u128);
        admin::enrol(&store, person.member, person.install, token, device, now_ms).await?;
    }
    store.close().await;
    Ok(())
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

fn stamp(now_ms: u64) -> Stamp {
    Stamp { ms: now_ms - 1_000, counter: 0, install: OFFICE }
}

fn team(people: &[Person], now_ms: u64) -> Vec<Document> {
    let stamp = stamp(now_ms);
    let mut documents = vec![
        Document::description(COMMUNE, Kind::Commune).with(stamp, [("name", Value::text("Xã Thử"))]),
        Document::description(DocId::from_u128(0xca), Kind::Campaign).with(stamp, campaign().to_fields()),
    ];
    documents.extend(areas().enumerate().map(|(index, area)| {
        let fields = [("name", Value::text(format!("Bản {index}"))), ("kind", "ban".into())];
        Document::description(area, Kind::Area).with(stamp, fields)
    }));
    documents.extend(people.iter().map(|person| {
        let fields = [
            ("name", Value::text(person.enrolment().name)),
            ("role", person.role.name().into()),
            ("areas", [person.area].into_iter().collect()),
        ];
        Document::description(person.member, Kind::Member).with(stamp, fields)
    }));
    documents
}

fn households(area: DocId, now_ms: u64) -> Vec<Document> {
    let mut documents = Vec::new();
    for number in 0..HOUSEHOLDS {
        let household = DocId::household(area, &format!("hộ {number}"));
        let fields = [("head", Value::text(format!("Chủ {number}"))), ("order", Value::Int(number.cast_signed()))];
        documents.push(Document::description(household, Kind::Household).with(stamp(now_ms), fields));
        for (name, born) in [(format!("Chủ {number}"), 1970), (format!("Con {number}"), 2000)] {
            let resident = DocId::resident(household, &name, Some(born));
            let fields =
                [("household", household.into()), ("name", Value::text(name)), ("birth_year", Value::Int(born))];
            documents.push(Document::description(resident, Kind::Resident).with(stamp(now_ms), fields));
        }
    }
    documents
}
