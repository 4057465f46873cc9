//! The same person with two tabs: a tap in one shows in the other.

use anyhow::{Context as _, Result};
use e2e::browser::{Stage, until};

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let route = mai.route().await?;
    let row = route.find("household to help", |row| row.untouched() >= 1 && row.state == "not-yet").await?;

    stage.step("one door in two tabs");
    let first = mai.session()?.window().await?;
    let door = route.open(&row.id).await?;
    let second = mai.session()?.new_tab().await?;
    mai.session()?.switch_to_window(second.clone()).await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    mai.door(&row.id).await?;

    stage.step("a tap in the first shows in the second");
    mai.session()?.switch_to_window(first.clone()).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.context("nobody to help")?.id.clone();
    door.tap_service(&person, "eid_level2").await?;
    mai.says_saved("").await?;
    mai.session()?.switch_to_window(second).await?;
    door.shows(&person, "with what the other tab recorded", |person| person.marks[0] == "done").await?;

    stage.step("a tap in the second shows in the first");
    door.tap_service(&person, "health_record").await?;
    door.shows(&person, "with both", |person| person.marks[1] == "done").await?;
    mai.says_saved("").await?;
    mai.session()?.switch_to_window(first).await?;
    door.shows(&person, "with both", |person| person.marks == ["done", "done", "unknown"]).await?;
    until("one visit", async || Ok((door.knocks().await? == 1).then_some(()))).await?;
    mai.all_is_sent().await
}
