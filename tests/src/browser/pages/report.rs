//! Báo cáo (`/bao-cao`).

use std::time::SystemTime;

use anyhow::{Context as _, Result};
use domain::Day;

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
    /// The days for which reports are still to come, the first of them first. Today's report is one of them.
    pub async fn days_to_come(&self) -> Result<Vec<Day>> {
        let keys: Vec<String> = self
            .0
            .eval(
                "return [...document.querySelectorAll('[data-testid=\"report-period\"] label')]
                    .map((chip) => chip.dataset.testid)",
                vec![],
            )
            .await?;
        let now_ms = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis();
        let today = Day::at_ms(u64::try_from(now_ms)?);
        let day = |key: &String| key.split_once('@').and_then(|(_, day)| day.parse::<Day>().ok());
        let mut days: Vec<Day> = keys.iter().filter_map(day).filter(|day| *day >= today).collect();
        days.sort_unstable();
        Ok(days)
    }

    pub async fn choose(&self, day: Day) -> Result<()> {
        self.0.tap(&format!("{} label[data-testid$=\"@{day}\"]", id("report-period"))).await?;
        let due = day.vietnamese();
        until(format!("the report of {due}"), async || {
            Ok(self.0.text(&id("report-due")).await?.contains(&due).then_some(()))
        })
        .await
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
