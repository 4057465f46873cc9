//! Phones that are lost, replaced, or handed to somebody else.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::pages::saved_capsule;
use e2e::browser::{Phone, Stage, id, until};
use tempfile::TempDir;

const MAI: &str = "Hoàng Thị Mai";

/// Opens the phones of a member from the lead's page.
pub async fn see_phones(lead: &Phone, name: &str) -> Result<()> {
    lead.open("/dia-ban").await?;
    let member = lead.coverage().await?.member(name).await?.id;
    lead.tap(&format!("{}[data-id=\"{member}\"] {}", id("coverage-member"), id("devices"))).await
}

async fn help_somebody(phone: &Phone) -> Result<(String, String)> {
    let route = phone.route().await?;
    let row = route.find("household to help", |row| row.untouched() >= 1 && row.state == "not-yet").await?;
    let door = route.open(&row.id).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.context("nobody to help")?.id.clone();
    door.complete(&person).await?;
    Ok((row.id, person))
}

pub async fn lost(stage: &mut Stage) -> Result<()> {
    stage.step("Mai works and sends; then her phone is off the network with one more");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let (door, person) = help_somebody(&mai).await?;
    mai.all_is_sent().await?;

    stage.step("the lead sees when it last came in, and is asked once");
    see_phones(&lead, MAI).await?;
    lead.see_text(&id("device"), "lần cuối báo").await?;
    lead.tap(&id("device-lost")).await?;
    lead.see_text(&id("device-sure"), "tự xóa hết").await?;
    lead.tap(&id("device-yes")).await?;
    lead.see(&format!("{}[data-state=lost]", id("device"))).await?;
    lead.see_text(&id("device-state"), "chưa thấy máy có mạng lại").await?;

    stage.step("at its next contact the phone empties itself");
    mai.network_is_back().await?;
    mai.see(&id("join-wiped")).await?;
    ensure!(mai.stored_rows().await?.is_empty(), "documents on a lost phone");
    ensure!(!mai.stored_meta().await?.contains("commune_name"), "a name on a lost phone");
    ensure!(mai.cached_files().await?.len() <= 1, "what is kept is the page it stands on");

    stage.step("the lead sees that it has been told; her next phone is invited from there, and goes on where she was");
    see_phones(&lead, MAI).await?;
    lead.see_text(&id("device-state"), "đã được gửi lệnh xóa").await?;
    lead.tap(&format!("{} {}", id("devices-sheet"), id("invite"))).await?;
    let link = lead.text(&id("invite-link")).await?;
    let next = stage.phone("next").await?;
    next.join(&link).await?;
    next.open(&format!("/ho/{door}")).await?;
    let is_done = |person: &e2e::browser::pages::Person| person.marks.iter().all(|mark| mark == "done");
    next.door(&door).await?.shows(&person, "as Mai has helped them", is_done).await?;
    next.results().await?.tally_is("what she had", |tally| tally.confirmed >= 1).await?;

    stage.step("without a network the lead is told so, and what is known stays");
    stage.server.kill().await?;
    see_phones(&lead, MAI).await?;
    lead.see_text(&id("devices-failed"), "mạng").await?;
    lead.see(&format!("{} {}", id("devices-sheet"), id("phone-line"))).await
}

pub async fn lost_with_work(stage: &mut Stage) -> Result<()> {
    stage.step("Mai works without a network, and her phone is lost with it");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let before = mai.results().await?.tally().await?;
    stage.server.kill().await?;
    mai.open("/tuyen").await?;
    help_somebody(&mai).await?;
    let unsent = mai.has_unsent(4).await?;
    mai.open("about:blank").await?;
    stage.server.start().await?;
    see_phones(&lead, MAI).await?;
    lead.tap(&id("device-lost")).await?;
    lead.tap(&id("device-yes")).await?;
    lead.see(&format!("{}[data-state=lost]", id("device"))).await?;

    stage.step("it meets the server: nothing on it can be read, and nobody who has found it can send the rest");
    mai.open("/").await?;
    mai.see(&id("join-wiped")).await?;
    ensure!(mai.stored_rows().await?.is_empty(), "documents on a lost phone");
    mai.see_text(&id("kept-here"), &format!("{unsent} mục")).await?;
    mai.see_text(&id("carried-state"), "báo mất").await?;

    stage.step("it is found, and the lead brings what was unsent");
    let folder = TempDir::with_prefix("tung-nha-files-")?;
    mai.save_into(folder.path()).await?;
    mai.tap(&id("carried-save")).await?;
    lead.hand_over_page().await?;
    lead.give_file("take-file", &saved_capsule(folder.path()).await?).await?;
    lead.see_text(&id("carried-state"), "Đã tới máy chủ").await?;

    stage.step("it counts for Mai, once");
    let next = stage.phone("next").await?;
    next.join(&stage.server.invite(MAI).await?).await?;
    let wanted = before.confirmed + 1;
    next.results().await?.tally_is("one more", |own| own.confirmed == wanted && own.waiting == 0).await.map(drop)
}

pub async fn two_phones(stage: &mut Stage) -> Result<()> {
    stage.step("Mai works on one phone");
    let old = stage.enrolled("old", "Thành viên").await?;
    let (door, person) = help_somebody(&old).await?;
    old.all_is_sent().await?;
    let tally = old.results().await?.tally_is("all confirmed", |tally| tally.waiting == 0).await?;

    stage.step("a second phone of hers has it after one download: doors, route, tally");
    let new = stage.phone("new").await?;
    new.join(&stage.server.invite(MAI).await?).await?;
    let rows = |rows: Vec<e2e::browser::pages::Row>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    old.open("/tuyen").await?;
    let walked = rows(old.route().await?.rows().await?);
    new.open("/tuyen").await?;
    ensure!(rows(new.route().await?.rows().await?) == walked, "another route on the new phone");
    new.results().await?.tally_is("the same", |own| own == &tally).await?;

    stage.step("both are used: what one records counts once, on both");
    new.open(&format!("/ho/{door}")).await?;
    let is_done = |person: &e2e::browser::pages::Person| person.marks.iter().all(|mark| mark == "done");
    new.door(&door).await?.shows(&person, "as helped", is_done).await?;
    new.open("/tuyen").await?;
    help_somebody(&new).await?;
    new.all_is_sent().await?;
    old.network_is_back().await?;
    let more = tally.confirmed + 1;
    old.results().await?.tally_is("one more", |own| own.confirmed == more && own.waiting == 0).await?;
    new.results().await?.tally_is("one more", |own| own.confirmed == more && own.waiting == 0).await.map(drop)
}

pub async fn handed_over(stage: &mut Stage) -> Result<()> {
    stage.step("Mai has sent everything, and left a form half typed");
    let phone = stage.enrolled("shared", "Thành viên").await?;
    let (door, _) = help_somebody(&phone).await?;
    phone.all_is_sent().await?;
    phone.open("/ho-moi").await?;
    phone.fill(&id("household-head-input"), "Nhà của Mai").await?;
    until("the draft to be kept", async || Ok((!phone.stored_drafts().await?.is_empty()).then_some(()))).await?;
    let first = phone.session()?.window().await?;
    let second = phone.session()?.new_tab().await?;
    phone.session()?.switch_to_window(second).await?;

    stage.step("the lead takes the phone over in another tab");
    phone.open(&stage.invite("Tổ trưởng")?).await?;
    phone.join_page().await?;
    phone.tap(&id("join-other")).await?;
    phone.tap(&id("join-start")).await?;
    phone.coverage().await?;
    phone.all_is_sent().await?;
    let meta = phone.stored_meta().await?;
    ensure!(meta.contains("Nông Văn Thắng") && !meta.contains(MAI), "the phone is not the lead's: {meta}");
    ensure!(phone.stored_drafts().await?.is_empty(), "a form of Mai's");

    stage.step("Mai's own tab is the lead's now, and nothing of hers is left to send");
    phone.session()?.switch_to_window(first).await?;
    phone.coverage().await?;
    let rows = phone.stored_rows().await?;
    ensure!(rows.values().all(|row| !row.contains("\"m\":{")), "unsent work of somebody else");
    phone.results().await?.tally_is("the lead's own", |tally| tally.waiting == 0).await?;
    phone.open(&format!("/ho/{door}")).await?;
    phone.door(&door).await.map(drop)
}
