//! Android takes the memory of a tab whenever it likes, most often while the helper is in another app.

use anyhow::{Result, ensure};
use e2e::browser::pages::{Row, SERVICES};
use e2e::browser::{Stage, until};

const NAME: &str = "Bàn Thị Thu Hằng";

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    // Browsers write cookies down some time later; a person has long closed the browser once since joining.
    mai.restart_browser().await?;
    mai.open("/tuyen").await?;
    let route = mai.route().await?;
    let wanted = |row: &Row| row.untouched() >= 2 && row.state == "not-yet";
    let row = route.find("household with two to help", wanted).await?;

    stage.step("the browser is killed right after a tap was called saved");
    stage.server.kill().await?;
    let door = route.open(&row.id).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.map(|person| person.id.clone()).unwrap_or_default();
    for service in &SERVICES[..2] {
        door.tap_service(&person, service).await?;
    }
    let is_half_done = |marks: &[String]| marks == ["done", "done", "unknown"];
    let before = door.shows(&person, "half done", |person| is_half_done(&person.marks)).await?;
    mai.says_saved("").await?;
    let unsent = mai.has_unsent(3).await?;
    mai.kill_browser().await?;

    stage.step("the same door shows all of it");
    mai.open_browser().await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    let door = mai.door(&row.id).await?;
    let after = door.person(&person).await?;
    ensure!(after == before, "{after:?} was {before:?}");
    ensure!(mai.badge().await?.unsent == unsent, "the number of unsent documents changed");

    stage.step("the tab is killed over a half-typed form");
    let form = door.add_resident().await?;
    form.name(NAME).await?;
    form.year("19").await?;
    until("the half-typed form to be stored", async || {
        Ok(mai.stored_drafts().await?.values().any(|text| text.contains(NAME) && text.contains("\"19\"")).then_some(()))
    })
    .await?;
    mai.kill_tab()?;
    mai.restart_browser().await?;

    stage.step("the app opens on the form, with what was typed");
    mai.open("/").await?;
    let form = mai.resident_form().await?;
    form.says_restored().await?;
    ensure!(form.typed_name().await? == NAME, "the name is {:?}", form.typed_name().await?);
    form.year("1984").await?;
    form.save().await?;
    let door = mai.door(&row.id).await?;
    ensure!(door.people().await?.iter().any(|person| person.name == NAME), "the person was not added");
    ensure!(mai.stored_drafts().await?.is_empty(), "the draft stayed");

    stage.step("all of it goes up");
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await
}
