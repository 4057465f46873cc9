//! One household (`/ho/<id>`): the people, their marks, and what the knock came to.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

use super::{ResidentForm, RoutePage};
use crate::browser::{Phone, id, until};

/// In the order of the marks.
pub const SERVICES: [&str; 3] = ["eid_level2", "health_record", "public_signature"];

const PEOPLE: &str = "
    return [...document.querySelectorAll('[data-testid=\"person\"]')].map((person) => ({
        id: person.dataset.id,
        name: person.querySelector('h2').textContent,
        is_served: person.dataset.state === 'served',
        is_proficient:
            person.querySelector('[data-testid=\"resident-proficient\"]')?.getAttribute('aria-pressed') === 'true',
        marks: [...person.querySelectorAll('[data-testid=\"service-mark\"]')].map((mark) => mark.dataset.state),
        unsent: person.querySelectorAll('[data-testid=\"service-mark\"][data-unsent]').length,
        note: person.querySelector('.resident-card__note')?.textContent ?? '',
    }));
";

/// A person at the door, as the screen shows them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub is_served: bool,
    pub is_proficient: bool,
    /// `unknown`, `done`, `pre-existing`, …, in the order of [`SERVICES`].
    pub marks: Vec<String>,
    /// Marks that the server does not have yet.
    pub unsent: usize,
    /// "Đã cùng hỗ trợ với …", or nothing.
    pub note: String,
}

pub struct DoorPage<'p>(&'p Phone);

impl Phone {
    /// The door of a household, once it is on the screen.
    pub async fn door(&self, household: &str) -> Result<DoorPage<'_>> {
        self.see(&id("page-door")).await?;
        until(format!("the address to be that of {household}"), async || {
            Ok(self.path().await?.starts_with(&format!("/ho/{household}")).then_some(()))
        })
        .await?;
        self.see(&id("door-outcomes")).await?;
        Ok(DoorPage(self))
    }
}

/// Everyone whose card is on the screen.
pub(super) async fn people(phone: &Phone) -> Result<Vec<Person>> {
    phone.eval(PEOPLE, vec![]).await
}

impl<'p> DoorPage<'p> {
    pub async fn people(&self) -> Result<Vec<Person>> {
        people(self.0).await
    }

    pub async fn person(&self, person: &str) -> Result<Person> {
        let people = self.people().await?;
        people.into_iter().find(|one| one.id == person).with_context(|| format!("{person} is not at this door"))
    }

    /// Waits until the person is shown so.
    pub async fn shows(&self, person: &str, what: &str, is_so: impl Fn(&Person) -> bool) -> Result<Person> {
        let looking = async || Ok(Some(self.person(person).await?).filter(&is_so));
        match until(format!("the person to be shown {what}"), looking).await {
            Ok(person) => Ok(person),
            Err(error) => {
                let now = self.people().await;
                Err(error.context(format!("{}: at the door {now:?}", self.0.name())))
            }
        }
    }

    /// Taps a service of a person: it is recorded as done.
    pub async fn tap_service(&self, person: &str, service: &str) -> Result<()> {
        let mark =
            format!("{}[data-id=\"{person}\"] [data-service=\"{service}\"] {}", id("person"), id("service-mark"));
        self.0.tap(&mark).await
    }

    /// All three services of a person, tap by tap; waits until they are stored.
    pub async fn complete(&self, person: &str) -> Result<()> {
        for service in SERVICES {
            self.tap_service(person, service).await?;
        }
        let is_done = |person: &Person| person.marks.iter().all(|mark| mark == "done");
        self.shows(person, "with all services done", is_done).await.map(drop)
    }

    pub async fn tap_proficient(&self, person: &str) -> Result<()> {
        self.0.tap(&format!("{}[data-id=\"{person}\"] {}", id("person"), id("resident-proficient"))).await
    }

    /// `absent`, `refused`, `moved-away`: one tap at the bottom.
    pub async fn outcome(&self, key: &str) -> Result<()> {
        self.0.tap(&id(&format!("action-{key}"))).await
    }

    /// Hẹn lại, at one of the proposed times.
    pub async fn come_back(&self, proposal: &str) -> Result<()> {
        self.outcome("appointment").await?;
        self.0.tap(&format!("{} {}", id("door-sheet"), id(&format!("choice-{proposal}")))).await
    }

    /// The answer that is lit at the bottom.
    pub async fn selected_outcome(&self, key: &str) -> Result<()> {
        self.0.see(&format!("{}[aria-pressed=true]", id(&format!("action-{key}")))).await
    }

    /// Hoàn tác.
    pub async fn undo(&self) -> Result<()> {
        self.0.tap(&id("snackbar-action")).await?;
        self.0.see_text(&id("snackbar"), "Đã hoàn tác").await.map(drop)
    }

    pub async fn add_resident(&self) -> Result<ResidentForm<'p>> {
        self.0.tap(&id("add-resident")).await?;
        self.0.resident_form().await
    }

    /// On to the next household.
    pub async fn next(&self) -> Result<()> {
        let before = self.0.path().await?;
        self.0.tap(&id("next-household")).await?;
        until("another household", async || Ok((self.0.path().await? != before).then_some(()))).await
    }

    /// The arrow at the top, back to the list.
    pub async fn leave(&self) -> Result<RoutePage<'p>> {
        self.0.tap(&id("back")).await?;
        self.0.route().await
    }

    /// How often this door was knocked at.
    pub async fn knocks(&self) -> Result<u64> {
        let script = "return document.querySelectorAll('[data-testid=\"history\"] .door__knock').length";
        let count: Value = self.0.eval(script, vec![]).await?;
        count.as_u64().context("not a number")
    }
}
