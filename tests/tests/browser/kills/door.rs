//! At a door: two services in one visit, and taking one back.

use std::cell::Cell;

use anyhow::{Context as _, Result, ensure};
use domain::{DocId, Document, Kind};
use e2e::browser::pages::SERVICES;
use e2e::browser::{Phone, Report, until};

use super::{Flow, shown};

/// Doors with somebody to help, each to be used once.
pub struct Doors {
    /// Household and person.
    doors: Vec<(DocId, DocId)>,
    used: Cell<usize>,
}

impl Doors {
    /// Read from what is stored: households without a knock, people without a record.
    pub async fn untouched(phone: &Phone) -> Result<Self> {
        let all = shown(phone, |_| true).await?;
        let is_of = |doc: &Document, field: &str, id: DocId| doc.link(field) == Some(id);
        let is_touched = |id| all.iter().any(|doc| is_of(doc, "household", id) && doc.kind == Kind::Visit);
        let is_helped = |id| all.iter().any(|doc| is_of(doc, "resident", id));
        let grown_up = |doc: &&Document| {
            doc.kind == Kind::Resident
                && doc.value("birth_year").and_then(domain::Value::as_int).is_some_and(|year| year < 1990)
        };
        let people = all.iter().filter(grown_up).filter_map(|person| Some((person.link("household")?, person.id)));
        let mut doors: Vec<(DocId, DocId)> =
            people.filter(|(door, person)| !is_touched(*door) && !is_helped(*person)).collect();
        doors.dedup_by_key(|(door, _)| *door);
        doors.sort_unstable();
        doors.dedup_by_key(|(door, _)| *door);
        ensure!(doors.len() > 30, "only {} doors to go to", doors.len());
        Ok(Self { doors, used: Cell::new(0) })
    }

    pub fn next(&self) -> Result<(DocId, DocId)> {
        let next = self.used.get();
        self.used.set(next + 1);
        self.doors.get(next).copied().context("no more doors")
    }
}

async fn marks(phone: &Phone, door: DocId, person: DocId) -> Result<Vec<String>> {
    phone.open(&format!("/ho/{door}")).await?;
    Ok(phone.door(&door.to_string()).await?.person(&person.to_string()).await?.marks)
}

/// What was called stored is there; a mark that lights up under the finger promises nothing yet.
fn keeps(then: &Report, now: &[String]) -> Result<()> {
    let stored = then.shown.iter().filter(|text| text.contains("Đã lưu")).count();
    let is_kept = now.iter().take(stored).all(|mark| mark == "done");
    ensure!(is_kept, "{:?} was shown, {now:?} is left", then.shown);
    Ok(())
}

async fn send(phone: &Phone) -> Result<()> {
    phone.network_is_back().await?;
    phone.all_is_sent().await
}

pub struct Visit<'d> {
    doors: &'d Doors,
    at: (DocId, DocId),
}

impl<'d> Visit<'d> {
    pub fn new(doors: &'d Doors) -> Self {
        Self { doors, at: (DocId::from_u128(0), DocId::from_u128(0)) }
    }

    /// Both services are on the disk: marks light up before that.
    async fn is_stored(&self, phone: &Phone) -> Result<()> {
        let is_outcome = |doc: &Document| doc.kind == Kind::Outcome && doc.link("resident") == Some(self.at.1);
        until("both services to be stored", async || Ok((shown(phone, is_outcome).await?.len() >= 2).then_some(())))
            .await
    }
}

impl Flow for Visit<'_> {
    async fn begin(&mut self, phone: &Phone) -> Result<()> {
        self.at = self.doors.next()?;
        let marks = marks(phone, self.at.0, self.at.1).await?;
        ensure!(marks.iter().all(|mark| mark == "unknown"), "{marks:?}");
        phone.all_is_sent().await
    }

    async fn act(&self, phone: &Phone) -> Result<()> {
        let person = self.at.1.to_string();
        let door = phone.door(&self.at.0.to_string()).await?;
        door.tap_service(&person, SERVICES[0]).await?;
        door.shows(&person, "with the first", |person| person.marks[0] == "done").await?;
        door.tap_service(&person, SERVICES[1]).await?;
        self.is_stored(phone).await?;
        send(phone).await
    }

    async fn after(&self, phone: &Phone, then: &Report) -> Result<()> {
        let (household, resident) = self.at;
        let now = marks(phone, household, resident).await?;
        keeps(then, &now)?;
        let door = phone.door(&household.to_string()).await?;
        for (service, _) in SERVICES.iter().zip(&now).take(2).filter(|(_, mark)| *mark != "done") {
            door.tap_service(&resident.to_string(), service).await?;
        }
        self.is_stored(phone).await?;
        send(phone).await?;
        let visits = shown(phone, |doc| doc.kind == Kind::Visit && doc.link("household") == Some(household)).await?;
        let outcomes = shown(phone, |doc| doc.kind == Kind::Outcome && doc.link("resident") == Some(resident)).await?;
        ensure!(visits.len() == 1, "{} visits: {visits:?}", visits.len());
        ensure!(outcomes.len() == 2, "{} outcomes: {outcomes:?}", outcomes.len());
        Ok(())
    }
}

pub struct TakingBack<'d> {
    doors: &'d Doors,
    at: (DocId, DocId),
}

impl<'d> TakingBack<'d> {
    pub fn new(doors: &'d Doors) -> Self {
        Self { doors, at: (DocId::from_u128(0), DocId::from_u128(0)) }
    }
}

impl Flow for TakingBack<'_> {
    async fn begin(&mut self, phone: &Phone) -> Result<()> {
        self.at = self.doors.next()?;
        marks(phone, self.at.0, self.at.1).await?;
        let (door, person) = (phone.door(&self.at.0.to_string()).await?, self.at.1.to_string());
        door.tap_service(&person, SERVICES[0]).await?;
        door.shows(&person, "with the first", |person| person.marks[0] == "done").await?;
        phone.says_saved("").await
    }

    async fn act(&self, phone: &Phone) -> Result<()> {
        let door = phone.door(&self.at.0.to_string()).await?;
        door.undo().await
    }

    async fn after(&self, phone: &Phone, then: &Report) -> Result<()> {
        let (household, resident) = self.at;
        let now = marks(phone, household, resident).await?;
        if then.has_shown("Đã hoàn tác") {
            ensure!(now[0] == "unknown", "taken back, and {now:?}");
        }
        send(phone).await?;
        let is_outcome = |doc: &Document| doc.kind == Kind::Outcome && doc.link("resident") == Some(resident);
        let outcomes = shown(phone, is_outcome).await?;
        ensure!(outcomes.len() == 1, "{} outcomes", outcomes.len());
        let target = outcomes.first().map(|doc| doc.id);
        let is_correction = |doc: &Document| doc.kind == Kind::Correction && doc.link("target") == target;
        let corrections = shown(phone, is_correction).await?;
        let expected = usize::from(now[0] == "unknown");
        ensure!(corrections.len() == expected, "{now:?} with {} corrections", corrections.len());
        // The marks are those of before, also with what the server has answered.
        until("the same marks", async || Ok((marks(phone, household, resident).await? == now).then_some(()))).await
    }
}
