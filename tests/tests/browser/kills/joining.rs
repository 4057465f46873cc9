//! Joining and the first download. The invite may be used again by the phone that was killed over it.

use anyhow::{Context as _, Result, bail, ensure};
use domain::{DocId, Document};
use e2e::browser::{Freezer, Phone, Points, Stage, id, until};

use super::{is_household, rows};

const MEMBER: &str = "Hoàng Thị Mai";

pub async fn joining(stage: &mut Stage) -> Result<()> {
    stage.step("a phone that nobody kills");
    let whole = stage.phone("whole").await?;
    whole.join(&stage.server.invite(MEMBER).await?).await?;
    let whole: Vec<_> = rows(&whole).await?.into_iter().map(|(id, row)| (id, row.base)).collect();
    ensure!(whole.len() > 500, "only {} documents", whole.len());

    let freezer = Freezer::new().await?;
    for point in 1..100 {
        stage.step(format!("joining, kill {point}"));
        let phone = stage.phone(&format!("killed-{point}")).await?;
        freezer.fit(&phone).await?;
        let link = stage.server.invite(MEMBER).await?;
        phone.open(&link).await?;
        phone.join_page().await?;
        let is_frozen = tokio::select! {
            done = async {
                freezer.arm(&phone, point, Points::Ends).await?;
                phone.join_page().await?.go().await?;
                phone.see(&id("sync-badge")).await?;
                phone.all_is_sent().await
            } => { done.with_context(|| format!("towards kill {point}"))?; false }
            frozen = freezer.frozen() => { frozen?; true }
        };
        if is_frozen {
            phone.kill_browser().await?;
            phone.open_browser().await?;
            phone.open("/").await?;
            // Either nothing of it was stored, or the download goes on, or the browser has not kept its cookie: then the
            // page says so and takes an invite again.
            let asks = until("the app to open", async || {
                let asks = phone.is_there(&id("join-start")).await?;
                Ok((asks || phone.is_there(&id("sync-badge")).await?).then_some(asks))
            });
            if asks.await? {
                enter(stage, &phone, &link).await.with_context(|| format!("after kill {point}"))?;
            }
            phone.badge_says("an answer", |badge| ["all-sent", "needs-review"].contains(&badge.state.as_str())).await?;
            if phone.badge().await?.state == "needs-review" {
                enter(stage, &phone, &link).await.with_context(|| format!("after kill {point}"))?;
            }
            phone.all_is_sent().await?;
        }
        let got = rows(&phone).await?;
        // Figures go on meanwhile; households stay as they are.
        let is_wrong = |id: &DocId, base: &Option<Document>| {
            got.get(id).is_none_or(|row| base.as_ref().is_some_and(is_household) && row.base != *base)
        };
        let wrong = whole.iter().filter(|(id, base)| is_wrong(id, base)).count();
        ensure!(wrong == 0, "{wrong} of {} documents are missing or others", whole.len());
        phone.put_away().await;
        if !is_frozen {
            stage.step(format!("joining: killed {} times", point - 1));
            ensure!(point > 5, "only {} kills", point - 1);
            return Ok(());
        }
    }
    bail!("the first download has no end")
}

/// Takes the same invite; once the phone has synced with it the server wants another.
async fn enter(stage: &Stage, phone: &Phone, link: &str) -> Result<()> {
    phone.accept(link).await?;
    let is_refused = until("the invite to be answered", async || {
        let is_refused = phone.is_there(&id("join-failed")).await?;
        Ok((is_refused || !phone.path().await?.starts_with("/vao")).then_some(is_refused))
    });
    if is_refused.await? {
        // Opening the same page with another fragment would only reload it.
        phone.open("/").await?;
        phone.accept(&stage.server.invite(MEMBER).await?).await?;
    }
    phone.see(&id("sync-badge")).await
}
