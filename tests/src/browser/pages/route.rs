//! The list of households in walking order (`/tuyen`).

use anyhow::{Result, bail};
use serde::Deserialize;

use super::{DoorPage, figures};
use crate::browser::{Phone, id, until};

const ROWS: &str = "
    return [...document.querySelectorAll('[data-testid^=\"household-row-\"]')].map((row) => ({
        id: row.dataset.testid.slice('household-row-'.length),
        state: row.dataset.state,
        is_unsent: 'unsent' in row.dataset,
        number: row.querySelector('.household-row__plate').textContent.replace('Số nhà', '').trim(),
        name: row.querySelector('.household-row__name').textContent,
        text: row.innerText,
        people: [...row.querySelectorAll('.household-row__person')]
            .map((person) => [...person.querySelectorAll('i')].map((mark) => mark.dataset.state)),
    }));
";
const SCROLL_ON: &str = "
    const list = document.querySelector('[data-testid=\"household-list\"]');
    const before = list.scrollTop;
    list.scrollTop += list.clientHeight;
    return list.scrollTop > before;
";
const SCROLL_UP: &str = "
    document.querySelector('[data-testid=\"household-list\"]').scrollTop = 0;
    return true;
";

/// A household in the list.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    pub id: String,
    /// `not-yet`, `reached`, `absent`, `appointment`, `refused`, `moved-away`.
    pub state: String,
    pub is_unsent: bool,
    /// As on the wall.
    pub number: String,
    /// The head of the household.
    pub name: String,
    pub text: String,
    /// The three marks of each person.
    pub people: Vec<Vec<String>>,
}

impl Row {
    /// How many people nothing is known of yet.
    pub fn untouched(&self) -> usize {
        self.people.iter().filter(|marks| marks.iter().all(|mark| mark == "unknown")).count()
    }
}

pub struct RoutePage<'p>(&'p Phone);

impl Phone {
    /// The list, once it shows households.
    pub async fn route(&self) -> Result<RoutePage<'_>> {
        self.see(&id("page-route")).await?;
        self.see("[data-testid^=\"household-row-\"]").await?;
        Ok(RoutePage(self))
    }

    /// Taps the tab of the list, or at a door the way back to it.
    pub async fn go_to_route(&self) -> Result<RoutePage<'_>> {
        self.tap(&format!("{} a[href=\"/tuyen\"], {}", id("tab-bar"), id("back"))).await?;
        self.route().await
    }
}

impl RoutePage<'_> {
    /// The rows that are in the page now.
    pub async fn rows(&self) -> Result<Vec<Row>> {
        self.0.eval(ROWS, vec![]).await
    }

    /// Walks down the list to the first household like this. What the list shows may be a moment old: it looks twice.
    pub async fn find(&self, what: &str, is_wanted: impl Fn(&Row) -> bool) -> Result<Row> {
        let mut has_looked = false;
        loop {
            let rows = self.rows().await?;
            if let Some(row) = rows.iter().find(|row| is_wanted(row)) {
                return Ok(row.clone());
            }
            if !self.0.eval::<bool>(SCROLL_ON, vec![]).await? {
                if has_looked {
                    bail!("{}: the list has no {what}", self.0.name());
                }
                has_looked = true;
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                self.0.eval::<bool>(SCROLL_UP, vec![]).await?;
                continue;
            }
            let last = rows.last().map(|row| row.id.clone());
            let moved = async || Ok((self.rows().await?.last().map(|row| row.id.clone()) != last).then_some(()));
            // The last page may bring nothing new.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(600), until("more rows", moved)).await;
        }
    }

    /// How many households the list holds, also those out of sight.
    pub async fn count(&self) -> Result<u64> {
        let css = format!("{} [data-count]", id("household-list"));
        Ok(self.0.attribute(&css, "data-count").await?.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Waits until the list holds so many.
    pub async fn has(&self, count: u64) -> Result<()> {
        until(format!("{count} households in the list"), async || Ok((self.count().await? == count).then_some(())))
            .await
    }

    /// "Đã tiếp cận 12/110 hộ".
    pub async fn progress(&self) -> Result<(u64, u64)> {
        let words = self.0.text(&id("route-progress")).await?;
        match figures(&words).as_slice() {
            [reached, total, ..] => Ok((*reached, *total)),
            _ => bail!("the progress reads {words:?}"),
        }
    }

    /// Chooses a filter; answers the number that it carries.
    pub async fn filter(&self, key: &str) -> Result<u64> {
        let chip = id(&format!("chip-{key}"));
        self.0.tap(&chip).await?;
        until("the address to tell the filter", async || Ok(self.0.path().await?.contains(key).then_some(()))).await?;
        Ok(figures(&self.0.text(&chip).await?).first().copied().unwrap_or(0))
    }

    pub async fn show_all(&self) -> Result<()> {
        self.0.tap(&id("chip-tat-ca")).await
    }

    /// Types into the search.
    pub async fn search(&self, letters: &str) -> Result<()> {
        self.0.fill(&id("search-input"), letters).await
    }

    /// Waits until every row in the page is like this, and there is one.
    pub async fn all_rows(&self, what: &str, are: impl Fn(&Row) -> bool) -> Result<Vec<Row>> {
        until(format!("only {what} in the list"), async || {
            let rows = self.rows().await?;
            Ok(Some(rows).filter(|rows| !rows.is_empty() && rows.iter().all(&are)))
        })
        .await
    }

    pub async fn clear_search(&self) -> Result<()> {
        self.0.tap(&id("search-clear")).await
    }

    /// Taps a household.
    pub async fn open(&self, household: &str) -> Result<DoorPage<'_>> {
        self.0.tap(&id(&format!("household-row-{household}"))).await?;
        self.0.door(household).await
    }

    pub async fn add_household(&self) -> Result<super::HouseholdForm<'_>> {
        self.0.tap(&id("add-household")).await?;
        self.0.household_form().await
    }
}
