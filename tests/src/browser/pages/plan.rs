//! The plan's editor (`/phuong/ke-hoach`).

use anyhow::Result;

use crate::browser::{Phone, id};

pub struct PlanPage<'p>(&'p Phone);

impl Phone {
    pub async fn plan(&self) -> Result<PlanPage<'_>> {
        self.see(&id("page-plan")).await?;
        self.see(&id("plan-form")).await?;
        Ok(PlanPage(self))
    }
}

/// The row of a target, counted from 1.
fn target(row: u64) -> String {
    format!("{} > li:nth-child({row})", id("plan-target"))
}

impl PlanPage<'_> {
    /// Opens a fold, such as "plan-targets".
    pub async fn unfold(&self, section: &str) -> Result<()> {
        self.0.tap(&format!("{} > summary", id(section))).await
    }

    pub async fn quota(&self, people: &str) -> Result<()> {
        self.0.fill(&id("plan-quota-input"), people).await
    }

    pub async fn typed_quota(&self) -> Result<String> {
        let script = "return document.querySelector('[data-testid=\"plan-quota-input\"]')?.value ?? ''";
        self.0.eval(script, vec![]).await
    }

    pub async fn unfold_target(&self, row: u64) -> Result<()> {
        self.0.tap(&format!("{} summary", target(row))).await
    }

    pub async fn amount(&self, row: u64, amount: &str) -> Result<()> {
        self.0.fill(&format!("{} {}", target(row), id("plan-target-amount-input")), amount).await
    }

    /// What the line above the button says is left to mend.
    pub async fn says_wrong(&self, words: &str) -> Result<()> {
        self.0.see_text(&id("plan-wrong"), words).await.map(drop)
    }

    pub async fn save(&self) -> Result<()> {
        self.0.tap(&id("plan-save")).await
    }
}
