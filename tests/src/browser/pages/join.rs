//! Opening an invite (`/vao#<code>`).

use anyhow::Result;

use crate::browser::{Phone, id};

pub struct JoinPage<'p>(&'p Phone);

impl Phone {
    pub async fn join_page(&self) -> Result<JoinPage<'_>> {
        self.see(&id("page-join")).await?;
        Ok(JoinPage(self))
    }

    /// Opens an invite and accepts it.
    pub async fn accept(&self, link: &str) -> Result<()> {
        self.open(link).await?;
        self.join_page().await?.go().await
    }

    /// Accepts an invite and waits for the first download and for the worker: from then on no network is needed.
    pub async fn join(&self, link: &str) -> Result<()> {
        self.accept(link).await?;
        self.see(&id("sync-badge")).await?;
        self.all_is_sent().await?;
        self.worker_is_ready().await
    }
}

impl JoinPage<'_> {
    pub async fn go(&self) -> Result<()> {
        self.0.tap(&id("join-start")).await
    }

    /// Why it did not work.
    pub async fn problem(&self, part: &str) -> Result<String> {
        self.0.see_text(&id("join-failed"), part).await
    }

    /// On a phone that belongs to somebody: what must be settled before it changes hands.
    pub async fn unsettled(&self, part: &str) -> Result<String> {
        self.0.see_text(&id("rescue-first"), part).await
    }
}
