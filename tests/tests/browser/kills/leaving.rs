//! Leaving with unsent work: at every moment it is on the phone, as it was or sealed, and reaches the server from there.

use anyhow::{Context as _, Result, bail, ensure};
use e2e::browser::pages::saved_capsule;
use e2e::browser::{Freezer, Phone, Points, Stage, id, until};
use tempfile::TempDir;

use crate::rollback::knock;

const MEMBER: &str = "Hoàng Thị Mai";

pub async fn leaving(stage: &mut Stage) -> Result<()> {
    let freezer = Freezer::new().await?;
    for point in 1..100 {
        stage.step(format!("leaving, kill {point}"));
        let phone = stage.phone(&format!("killed-{point}")).await?;
        phone.join(&stage.server.invite(MEMBER).await?).await?;
        phone.restart_browser().await?;
        freezer.fit(&phone).await?;
        phone.open("/tuyen").await?;
        phone.route().await?;
        stage.server.kill().await?;
        knock(&phone).await?;
        let unsent = phone.has_unsent(1).await?;
        phone.has_copied(unsent).await?;
        let folder = TempDir::with_prefix("tung-nha-files-")?;
        phone.save_into(folder.path()).await?;
        phone.about_phone().await?;

        let is_frozen = tokio::select! {
            done = async {
                freezer.arm(&phone, point, Points::EndsWithOutbox).await?;
                leave(&phone, &folder).await
            } => { done.with_context(|| format!("towards kill {point}"))?; false }
            frozen = freezer.frozen() => { frozen?; true }
        };
        if is_frozen {
            phone.kill_browser().await?;
            phone.open_browser().await?;
            phone.open("/").await?;
        }
        still_has(&phone, unsent).await.with_context(|| format!("after kill {point}"))?;
        stage.server.start().await?;
        arrives(&phone).await.with_context(|| format!("after kill {point}"))?;
        phone.put_away().await;
        if !is_frozen {
            stage.step(format!("leaving: killed {} times", point - 1));
            ensure!(point > 5, "only {} kills", point - 1);
            return Ok(());
        }
    }
    bail!("leaving has no end")
}

async fn leave(phone: &Phone, folder: &TempDir) -> Result<()> {
    phone.tap(&id("phone-leave")).await?;
    phone.tap(&id("rescue-file")).await?;
    saved_capsule(folder.path()).await?;
    phone.tap(&id("phone-leave-yes")).await?;
    phone.join_page().await.map(drop)
}

async fn has_left(phone: &Phone) -> Result<bool> {
    until("the app to open", async || {
        let has_left = phone.is_there(&id("join-start")).await?;
        Ok((has_left || phone.is_there(&id("sync-badge")).await?).then_some(has_left))
    })
    .await
}

async fn still_has(phone: &Phone, unsent: u64) -> Result<()> {
    if has_left(phone).await? {
        phone.see_text(&id("kept-here"), &format!("{unsent} mục")).await?;
        ensure!(phone.stored_rows().await?.is_empty(), "documents stayed");
        return Ok(());
    }
    let badge = phone.badge_says("what is unsent", |badge| badge.unsent == unsent).await;
    badge.map(drop)
}

async fn arrives(phone: &Phone) -> Result<()> {
    phone.network_is_back().await?;
    if has_left(phone).await? {
        return phone.see_text(&id("carried-state"), "Đã tới máy chủ").await.map(drop);
    }
    phone.all_is_sent().await
}
