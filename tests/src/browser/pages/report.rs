//! Báo cáo (`/bao-cao`).

use anyhow::{Context as _, Result};

use super::figures;
use crate::browser::{Phone, id, until};

pub struct ReportPage<'p>(&'p Phone);

impl Phone {
    pub async fn report(&self) -> Result<ReportPage<'_>> {
        self.see(&id("page-report")).await?;
        self.see(&id("report")).await?;
        Ok(ReportPage(self))
    }
}

impl ReportPage<'_> {
    /// Chooses the first period that is not over whose name begins like this: "Thứ Hai".
    pub async fn choose(&self, weekday: &str) -> Result<()> {
        let periods: Vec<(String, String)> = self
            .0
            .eval(
                "return [...document.querySelectorAll('[data-testid=\"report-period\"] label')]
                    .map((chip) => [chip.dataset.testid, chip.innerText])",
                vec![],
            )
            .await?;
        let wanted = periods.iter().rfind(|(_, label)| label.starts_with(weekday));
        let (testid, _) = wanted.with_context(|| format!("no {weekday} among {periods:?}"))?;
        self.0.tap(&id(testid)).await?;
        let due = format!("the report of {weekday}");
        until(due, async || Ok(self.0.text(&id("report-due")).await?.contains(weekday).then_some(()))).await
    }

    /// Trong kỳ and lũy kế of a line.
    pub async fn line(&self, key: &str) -> Result<(u64, u64)> {
        let line = format!("[data-testid=\"line-{key}\"]");
        let in_period = figures(&self.0.text(&format!("{line} td:nth-of-type(1)")).await?);
        let total = figures(&self.0.text(&format!("{line} td:nth-of-type(2)")).await?);
        let first = |found: &[u64]| found.first().copied().with_context(|| format!("no figure in {key}"));
        Ok((first(&in_period)?, first(&total)?))
    }

    pub async fn freeze(&self) -> Result<()> {
        self.0.tap(&id("report-freeze")).await?;
        self.0.see(&id("report-frozen")).await.map(drop)
    }

    /// Copies it for Zalo and answers what was copied.
    pub async fn copy(&self) -> Result<String> {
        self.0.allow_clipboard().await?;
        self.0.tap(&id("report-zalo")).await?;
        self.0.see_text(&format!("{}[data-state=open]", id("snackbar")), "Đã chép").await?;
        self.0.clipboard().await
    }
}
