//! The thin line under the title: the network, and what is still unsent.

use anyhow::{Context as _, Result};

use crate::browser::{Phone, id, until};

/// What the line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// `offline`, `waiting`, `sending`, `all-sent`, `needs-review`.
    pub state: String,
    pub unsent: u64,
}

impl Phone {
    pub async fn badge(&self) -> Result<Badge> {
        let line = id("sync-badge");
        let state = self.attribute(&line, "data-state").await?.context("the line has no state")?;
        let unsent = self.attribute(&format!("{line} [data-unsent]"), "data-unsent").await?;
        let unsent = unsent.context("the line has no number")?.parse()?;
        Ok(Badge { state, unsent })
    }

    /// Waits until the line says this.
    pub async fn badge_says(&self, what: &str, says: impl Fn(&Badge) -> bool) -> Result<Badge> {
        let looking = async || Ok(Some(self.badge().await?).filter(&says));
        until(format!("the line to say {what}"), looking)
            .await
            .with_context(|| format!("{}, at the line about sending", self.name()))
    }

    /// Waits until all is sent.
    pub async fn all_is_sent(&self) -> Result<()> {
        self.badge_says("that all is sent", |badge| badge.state == "all-sent" && badge.unsent == 0).await.map(drop)
    }

    /// Waits until the phone has noticed that there is no network.
    pub async fn is_offline(&self) -> Result<()> {
        self.badge_says("that there is no network", |badge| badge.state == "offline").await.map(drop)
    }

    /// Waits until at least so much is unsent.
    pub async fn has_unsent(&self, at_least: u64) -> Result<u64> {
        let what = format!("{at_least} unsent");
        Ok(self.badge_says(&what, |badge| badge.unsent >= at_least).await?.unsent)
    }

    /// Waits until the last tap is stored: the line at the bottom says "Đã lưu".
    pub async fn says_saved(&self, about: &str) -> Result<()> {
        let line = format!("{}[data-state=open]", id("snackbar"));
        self.see_text(&line, "Đã lưu").await?;
        self.see_text(&line, about).await.map(drop)
    }
}
