//! Forms: what was typed is a draft until it is stored, and afterwards no more.

use std::time::Duration;

use anyhow::{Result, ensure};
use domain::{DocId, Kind};
use e2e::browser::{Phone, Report, id, until};

use super::door::Doors;
use super::{Flow, shown};

/// The pause after which a draft is kept, and a little more.
const DRAFT_PAUSE: Duration = Duration::from_millis(600);
const SAVED: &str = "Đã lưu";

/// Invented names, one for each try.
fn name(start: &str, number: usize) -> String {
    const GIVEN: [&str; 10] = ["An", "Bảo", "Cúc", "Dũng", "Giang", "Hạnh", "Khôi", "Lan", "Minh", "Nga"];
    format!("{start} {} {}", GIVEN[number / GIVEN.len() % GIVEN.len()], GIVEN[number % GIVEN.len()])
}

async fn count(phone: &Phone, kind: Kind, field: &str, name: &str) -> Result<usize> {
    Ok(shown(phone, |doc| doc.kind == kind && doc.text(field) == Some(name)).await?.len())
}

/// What was called stored is there; else it is typed again. Either way it is there once, and sent.
async fn finish(
    phone: &Phone,
    then: &Report,
    (kind, field, name): (Kind, &str, &str),
    again: impl AsyncFn() -> Result<()>,
) -> Result<()> {
    phone.open("/may").await?;
    phone.see(&id("page-phone")).await?;
    let is_there = count(phone, kind.clone(), field, name).await?;
    ensure!(is_there <= 1, "{name} is there {is_there} times");
    ensure!(is_there == 1 || !then.has_shown(SAVED), "{name} was called stored and is not there");
    if is_there == 0 {
        again().await?;
    }
    until(format!("{name} to be stored"), async || {
        Ok((count(phone, kind.clone(), field, name).await? == 1).then_some(()))
    })
    .await?;
    phone.network_is_back().await?;
    phone.all_is_sent().await?;
    ensure!(count(phone, kind.clone(), field, name).await? == 1, "{name} is not there once");
    Ok(())
}

pub struct Correction<'d> {
    doors: &'d Doors,
    at: (DocId, DocId),
    tries: usize,
}

impl<'d> Correction<'d> {
    pub fn new(doors: &'d Doors) -> Self {
        Self { doors, at: (DocId::from_u128(0), DocId::from_u128(0)), tries: 0 }
    }

    async fn open(&self, phone: &Phone) -> Result<()> {
        phone.open(&format!("/ho/{}/nguoi/{}", self.at.0, self.at.1)).await?;
        phone.resident_form().await.map(drop)
    }

    async fn fill(&self, phone: &Phone) -> Result<()> {
        let form = phone.resident_form().await?;
        form.name(&name("Lường Văn", self.tries)).await?;
        tokio::time::sleep(DRAFT_PAUSE).await;
        form.save().await
    }
}

impl Flow for Correction<'_> {
    async fn begin(&mut self, phone: &Phone) -> Result<()> {
        (self.at, self.tries) = (self.doors.next()?, self.tries + 1);
        self.open(phone).await
    }

    async fn act(&self, phone: &Phone) -> Result<()> {
        self.fill(phone).await?;
        phone.says_saved("Lường Văn").await?;
        tokio::time::sleep(DRAFT_PAUSE).await;
        Ok(())
    }

    async fn after(&self, phone: &Phone, then: &Report) -> Result<()> {
        let name = name("Lường Văn", self.tries);
        let again = async || {
            self.open(phone).await?;
            self.fill(phone).await
        };
        finish(phone, then, (Kind::Resident, "name", &name), again).await
    }
}

#[derive(Default)]
pub struct NewHousehold {
    tries: usize,
}

impl NewHousehold {
    async fn open(&self, phone: &Phone) -> Result<()> {
        phone.open("/ho-moi").await?;
        phone.household_form().await.map(drop)
    }

    async fn fill(&self, phone: &Phone) -> Result<()> {
        let form = phone.household_form().await?;
        form.head(&name("Vi Thị", self.tries)).await?;
        form.house_no(&format!("{}B", self.tries)).await?;
        tokio::time::sleep(DRAFT_PAUSE).await;
        form.save().await
    }
}

impl Flow for NewHousehold {
    async fn begin(&mut self, phone: &Phone) -> Result<()> {
        self.tries += 1;
        self.open(phone).await
    }

    async fn act(&self, phone: &Phone) -> Result<()> {
        self.fill(phone).await?;
        phone.says_saved("thông tin hộ").await?;
        tokio::time::sleep(DRAFT_PAUSE).await;
        Ok(())
    }

    async fn after(&self, phone: &Phone, then: &Report) -> Result<()> {
        let name = name("Vi Thị", self.tries);
        let again = async || {
            self.open(phone).await?;
            self.fill(phone).await
        };
        finish(phone, then, (Kind::Household, "head", &name), again).await?;
        ensure!(count(phone, Kind::Resident, "name", &name).await? == 1, "the head {name} is no person");
        Ok(())
    }
}

pub struct NewPerson<'d> {
    doors: &'d Doors,
    at: DocId,
    tries: usize,
}

impl<'d> NewPerson<'d> {
    pub fn new(doors: &'d Doors) -> Self {
        Self { doors, at: DocId::from_u128(0), tries: 0 }
    }

    async fn open(&self, phone: &Phone) -> Result<()> {
        phone.open(&format!("/ho/{}/nguoi-moi", self.at)).await?;
        phone.resident_form().await.map(drop)
    }

    async fn fill(&self, phone: &Phone) -> Result<()> {
        let form = phone.resident_form().await?;
        form.name(&name("Quàng Thị", self.tries)).await?;
        form.year("1984").await?;
        tokio::time::sleep(DRAFT_PAUSE).await;
        form.save().await
    }
}

impl Flow for NewPerson<'_> {
    async fn begin(&mut self, phone: &Phone) -> Result<()> {
        (self.at, self.tries) = (self.doors.next()?.0, self.tries + 1);
        self.open(phone).await
    }

    async fn act(&self, phone: &Phone) -> Result<()> {
        self.fill(phone).await?;
        phone.says_saved("Quàng Thị").await?;
        tokio::time::sleep(DRAFT_PAUSE).await;
        Ok(())
    }

    async fn after(&self, phone: &Phone, then: &Report) -> Result<()> {
        let name = name("Quàng Thị", self.tries);
        let again = async || {
            self.open(phone).await?;
            self.fill(phone).await
        };
        finish(phone, then, (Kind::Resident, "name", &name), again).await
    }
}
