//! Adding a person and adding a household.

use anyhow::Result;

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
