//! Adding a person and adding a household.

use anyhow::{Context as _, Result};

use crate::browser::{Phone, id};

/// Thêm người.
pub struct ResidentForm<'p>(&'p Phone);

/// Thêm hộ.
pub struct HouseholdForm<'p>(&'p Phone);

impl Phone {
    pub async fn resident_form(&self) -> Result<ResidentForm<'_>> {
        self.see(&id("resident-form")).await?;
        Ok(ResidentForm(self))
    }

    pub async fn household_form(&self) -> Result<HouseholdForm<'_>> {
        self.see(&id("household-form")).await?;
        Ok(HouseholdForm(self))
    }
}

/// Somebody of the list who is called another name now.
pub struct RenamedPerson {
    pub household: String,
    pub person: String,
    /// The name until now.
    pub before: String,
}

impl Phone {
    /// The first person of the first household with people gets another name; back at the door when it is saved.
    pub async fn rename_somebody(&self, name: &str) -> Result<RenamedPerson> {
        self.open("/tuyen").await?;
        let household = self.route().await?.find("household", |row| !row.people.is_empty()).await?.id;
        self.open(&format!("/ho/{household}")).await?;
        let people = self.door(&household).await?.people().await?;
        let person = people.first().context("nobody at the door")?.id.clone();
        self.open(&format!("/ho/{household}/nguoi/{person}")).await?;
        let form = self.resident_form().await?;
        let before = form.typed_name().await?;
        form.name(name).await?;
        form.save().await?;
        self.door(&household).await?;
        Ok(RenamedPerson { household, person, before })
    }
}

impl ResidentForm<'_> {
    pub async fn name(&self, name: &str) -> Result<()> {
        self.0.fill(&id("resident-name-input"), name).await
    }

    pub async fn year(&self, year: &str) -> Result<()> {
        self.0.fill(&id("resident-year-input"), year).await
    }

    pub async fn relation(&self, relation: &str) -> Result<()> {
        self.0.tap(&id(&format!("chip-{relation}"))).await
    }

    /// What the name field holds.
    pub async fn typed_name(&self) -> Result<String> {
        let script = "return document.querySelector('[data-testid=\"resident-name-input\"]')?.value ?? ''";
        self.0.eval(script, vec![]).await
    }

    pub async fn says_restored(&self) -> Result<()> {
        self.0.see(&id("draft-restored")).await
    }

    pub async fn save(&self) -> Result<()> {
        self.0.tap(&id("form-save")).await
    }
}

impl HouseholdForm<'_> {
    pub async fn head(&self, name: &str) -> Result<()> {
        self.0.fill(&id("household-head-input"), name).await
    }

    pub async fn house_no(&self, number: &str) -> Result<()> {
        self.0.fill(&id("household-number-input"), number).await
    }

    pub async fn save(&self) -> Result<()> {
        self.0.tap(&id("form-save")).await
    }
}
