//! A record that carries the id of somebody else's area: refused with a sentence, kept, and in nobody's way.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::{Stage, id};

const FOREIGN_AREA: &str = "0d9c0000-0000-4000-8000-00000000beef";

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("a knock is stored under an area that is not the member's");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let route = mai.route().await?;
    let row = route.find("door not yet reached", |row| row.state == "not-yet").await?;
    stage.server.kill().await?;
    let door = route.open(&row.id).await?;
    door.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;
    mai.has_unsent(1).await?;
    mai.open("/may").await?;
    ensure!(mai.move_unsent_to(FOREIGN_AREA).await? == 1, "one record is unsent");

    stage.step("the server refuses it, and the phone says what to do");
    stage.server.start().await?;
    mai.reload().await?;
    let told = mai.see_text(&id("tray-item"), "không thuộc địa bàn").await?;
    ensure!(told.contains("Vắng nhà"), "{told}");
    let badge = mai.badge_says("that one needs a look", |badge| badge.state == "needs-review").await?;
    ensure!(badge.unsent == 0, "{badge:?}");

    stage.step("it is kept, and what comes next goes up");
    mai.reload().await?;
    mai.see_text(&id("tray-item"), "Vắng nhà").await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    let door = mai.door(&row.id).await?;
    door.outcome("refused").await?;
    mai.badge_says("that nothing else waits", |badge| badge.state == "needs-review" && badge.unsent == 0).await?;
    mai.open("/may").await?;
    mai.see(&id("tray-item")).await.context("the refused record is gone")?;

    stage.step("it outlives a database that the browser throws away, sealed");
    // A copy of before the refusal would be taken.
    mai.has_copied_refused(1).await?;
    mai.kill_browser().await?;
    mai.damage_database()?;
    mai.open_browser().await?;
    mai.open("/").await?;
    mai.see_text(&id("kept-here"), "1 mục").await?;
    mai.see_text(&id("carried-state"), "1 mục chưa được nhận").await.map(drop)
}
