//! A support point, from the coordinator's form to the commune's table; the work at it without a network.

use anyhow::{Result, ensure};
use e2e::browser::{Look, Stage, id, until};

const MAI: &str = "Hoàng Thị Mai";
const STATION: &str = "Trạm y tế phường";
const NEW: &str = "Bàn Thị Hoa Xuân";

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("a point is added and given to a member");
    let laptop = stage.screen("coordinator", Look::LAPTOP).await?;
    laptop.join(&stage.invite("Cán bộ xã, phường")?).await?;
    let commune = laptop.commune().await?;
    let doors = commune.doors().await?;
    commune.add_point("health_station", STATION, &[MAI]).await?;
    laptop.all_is_sent().await?;

    stage.step("it comes to the member's phone");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    // Browsers write cookies down some time later; a person has long closed the browser once since joining.
    mai.restart_browser().await?;
    mai.open("/tuyen").await?;
    mai.route().await?;
    mai.work_at(STATION).await?;

    stage.step("people are helped without a network");
    stage.server.kill().await?;
    mai.reload().await?;
    let point = mai.point().await?;
    let known = point.open_first("thi").await?;
    let before = known.person().await?.marks;
    ensure!(before.iter().any(|mark| mark == "unknown"), "nothing to help with: {before:?}");
    known.help().await?;
    known.undo().await?;
    ensure!(known.person().await?.marks == before, "an undone tap leaves the person as they were");
    known.help().await?;
    let point = known.next().await?;
    point.has_helped_today(1).await?;

    stage.step("the tab is killed over somebody who is half typed, and they are still there");
    point.begin_to_add(NEW, "19").await?;
    until("the half-typed form to be stored", async || {
        Ok(mai.stored_drafts().await?.values().any(|text| text.contains(NEW) && text.contains("\"19\"")).then_some(()))
    })
    .await?;
    mai.kill_tab()?;
    mai.restart_browser().await?;
    mai.open("/").await?;
    let point = mai.point().await?;
    let typed = point.half_typed().await?;
    ensure!(typed == [NEW, "19"], "what was typed has become {typed:?}");
    let new = point.save("1990").await?;
    ensure!(mai.stored_drafts().await?.is_empty(), "the draft stayed");
    new.help().await?;
    let point = new.next().await?;
    ensure!(!mai.is_there(&id("point-add-form")).await?, "the form of somebody who is saved");
    point.has_helped_today(2).await?;

    stage.step("the commune sees both at the station, and no knock");
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await?;
    laptop.reload().await?;
    laptop.network_is_back().await?;
    let commune = laptop.commune().await?;
    until("two people at the station", async || Ok((commune.helped_at("health_station").await? == 2).then_some(())))
        .await?;
    ensure!(commune.doors().await? == doors, "nobody knocked at a door");
    Ok(())
}
