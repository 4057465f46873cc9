//! Unsent work that reaches the server without its phone's own sync.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::pages::{Row, SERVICES, Tally, saved_capsule};
use e2e::browser::{Phone, Stage, id, until};
use serde_json::json;
use tempfile::TempDir;

use crate::devices::see_phones;

const MAI: &str = "Hoàng Thị Mai";

/// Puts the app out of sight, and notes what is asked of Background Sync from then on.
const HIDE: &str = "
    window.asked = [];
    SyncManager.prototype.register = (tag) => Promise.resolve(window.asked.push(tag));
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
";

/// Somebody gets all services, without a network; answers how much is unsent, and the tally.
async fn helps_somebody(stage: &mut Stage, phone: &Phone) -> Result<(u64, Tally)> {
    phone.open("/tuyen").await?;
    phone.all_is_sent().await?;
    stage.server.kill().await?;
    let route = phone.route().await?;
    let row = route.find("somebody to help", |row: &Row| row.untouched() >= 1 && row.state == "not-yet").await?;
    let door = route.open(&row.id).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.map(|person| person.id.clone()).context("nobody to help")?;
    for service in SERVICES {
        door.tap_service(&person, service).await?;
    }
    let unsent = phone.has_unsent(4).await?;
    phone.has_sealed(unsent).await?;
    let tally = phone.results().await?.tally().await?;
    ensure!(tally.waiting == 1, "{tally:?} after one person");
    Ok((unsent, tally))
}

/// The phone's own sync confirms, and counts once.
async fn confirms_once(phone: &Phone, before: Tally) -> Result<()> {
    phone.open("/ket-qua").await?;
    phone.network_is_back().await?;
    phone.all_is_sent().await?;
    let tally = phone.results().await?.tally_is("confirmed", |tally| tally.waiting == 0).await?;
    let wanted = Tally { confirmed: before.confirmed + 1, waiting: 0, refused: 0 };
    ensure!(tally == wanted, "{tally:?} is not {wanted:?}");
    until("the outbox to be empty", async || Ok(phone.outbox().await?["own"].is_empty().then_some(()))).await
}

pub async fn background(stage: &mut Stage) -> Result<()> {
    stage.step("joining and working without a network");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    mai.restart_browser().await?;
    let (unsent, before) = helps_somebody(stage, &mai).await?;

    stage.step("out of sight, the app asks the browser to wake the worker");
    mai.eval::<()>(HIDE, vec![]).await?;
    until("the browser to be asked", async || {
        Ok(mai.eval::<Vec<String>>("return window.asked", vec![]).await?.contains(&"send".to_owned()).then_some(()))
    })
    .await?;

    stage.step("the app is closed, the network comes back, the browser wakes the worker");
    mai.open("about:blank").await?;
    stage.server.start().await?;
    let origin = stage.server.url();
    // Not a page of the app, but of its origin: the outbox can be looked at there.
    mai.open("/api/health/live").await?;
    until("the worker to have sent", async || {
        mai.background_sync(&format!("{origin}/")).await?;
        let own = mai.outbox().await?["own"].first().cloned().unwrap_or_default();
        Ok((own["taken"] == json!(true)).then_some(()))
    })
    .await?;
    ensure!(mai.outbox().await?["own"][0]["left"] == json!(true), "it left without a note");

    stage.step("the app opens: its work is still marked, and its own sync clears the mark");
    let stored = mai.stored_rows().await?.values().filter(|row| row.contains("\"m\":")).count();
    ensure!(u64::try_from(stored)? == unsent, "{stored} of {unsent} are still marked");
    confirms_once(&mai, before).await
}

pub async fn by_file(stage: &mut Stage) -> Result<()> {
    stage.step("two phones, one of which will have no network");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    mai.restart_browser().await?;
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let (unsent, before) = helps_somebody(stage, &mai).await?;

    stage.step("what is unsent is saved as a file");
    let folder = TempDir::with_prefix("tung-nha-files-")?;
    mai.save_into(folder.path()).await?;
    mai.hand_over_page().await?;
    mai.see_text(&id("give-count"), &format!("{unsent} mục")).await?;
    mai.tap(&id("give-file")).await?;
    mai.see(&id("give-saved")).await?;
    let file = saved_capsule(folder.path()).await?;
    let bytes = std::fs::read(&file)?;
    ensure!(bytes.starts_with(b"TN1"), "not a capsule");
    mai.has_unsent(unsent).await?;
    mai.close_browser().await?;

    stage.step("a colleague keeps it without a network, and something that is none");
    let other = folder.path().join("anh.jpg");
    std::fs::write(&other, b"\xff\xd8\xff")?;
    lead.hand_over_page().await?;
    lead.give_file("take-file", &other).await?;
    lead.see_text(&id("snackbar"), "không phải tệp chuyển giúp").await?;
    lead.give_file("take-file", &file).await?;
    lead.see_text(&id("carried"), &format!("{unsent} mục")).await?;
    lead.see_text(&id("carried-state"), "Chờ mạng").await?;
    lead.restart_browser().await?;

    stage.step("with a network it arrives, though the colleague's app is closed");
    stage.server.start().await?;
    let origin = stage.server.url();
    // Not a page of the app, but of its origin: the outbox can be looked at there.
    lead.open("/api/health/live").await?;
    until("the worker to have brought it", async || {
        lead.background_sync(&format!("{origin}/")).await?;
        Ok(lead.outbox().await?["carried"].iter().any(|one| one["outcome"]["taken"] == json!(unsent)).then_some(()))
    })
    .await?;
    lead.hand_over_page().await?;
    lead.see_text(&id("carried-state"), "Đã tới máy chủ").await?;

    stage.step("once more changes nothing, and what has arrived does not stay");
    lead.open("/may").await?;
    lead.see(&id("page-phone")).await?;
    lead.hand_over_page().await?;
    lead.give_file("take-file", &file).await?;
    lead.see_text(&id("carried-state"), "Đã tới máy chủ").await?;

    stage.step("the author's phone meets the server");
    mai.open_browser().await?;
    confirms_once(&mai, before).await
}

pub async fn rescue(stage: &mut Stage) -> Result<()> {
    stage.step("leaving with unsent work");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    mai.restart_browser().await?;
    let (unsent, _) = helps_somebody(stage, &mai).await?;
    let folder = leaves(&mai, unsent).await?;

    stage.step("what is sealed arrives by itself");
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.see_text(&id("carried-state"), "Đã tới máy chủ").await?;

    stage.step("and is whole: the file brings nothing new");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    lead.hand_over_page().await?;
    lead.give_file("take-file", &saved_capsule(folder.path()).await?).await?;
    lead.see_text(&id("carried-state"), "Đã tới máy chủ").await.map(drop)
}

/// Leaves with unsent work; answers where the rescue file is. The phone is empty then, but for what is sealed.
async fn leaves(phone: &Phone, unsent: u64) -> Result<TempDir> {
    let folder = TempDir::with_prefix("tung-nha-files-")?;
    phone.save_into(folder.path()).await?;
    phone.about_phone().await?;
    phone.tap(&id("phone-leave")).await?;
    phone.see_text(&id("rescue-first"), &format!("{unsent} mục")).await?;
    let yes = phone.find(&id("phone-leave-yes")).await?;
    ensure!(!yes.is_enabled().await?, "the phone can be emptied before anything is rescued");
    phone.tap(&id("rescue-file")).await?;
    saved_capsule(folder.path()).await?;
    until("the second yes", async || Ok(yes.is_enabled().await?.then_some(()))).await?;
    phone.tap(&id("phone-leave-yes")).await?;
    phone.join_page().await?;
    phone.see_text(&id("kept-here"), &format!("{unsent} mục")).await?;
    ensure!(phone.stored_rows().await?.is_empty(), "documents stayed");
    Ok(folder)
}

pub async fn rescued_for_the_next(stage: &mut Stage) -> Result<()> {
    stage.step("the lead's invite is opened on Mai's phone, before her work could be sent");
    let phone = stage.enrolled("shared", "Thành viên").await?;
    phone.restart_browser().await?;
    let (unsent, before) = helps_somebody(stage, &phone).await?;
    phone.blocks(&["*/api/sync"]).await?;
    stage.server.start().await?;
    let folder = TempDir::with_prefix("tung-nha-files-")?;
    phone.save_into(folder.path()).await?;
    phone.open(&stage.invite("Tổ trưởng")?).await?;
    phone.join_page().await?.unsettled(&format!("{unsent} mục")).await?;
    ensure!(!phone.is_there(&id("join-other")).await?, "the phone changes hands before anything is rescued");

    stage.step("once a file is saved the lead takes the phone over");
    phone.tap(&id("rescue-file")).await?;
    saved_capsule(folder.path()).await?;
    phone.tap(&id("join-other")).await?;
    phone.tap(&id("join-start")).await?;
    phone.blocks(&[]).await?;
    phone.network_is_back().await?;
    phone.coverage().await?;
    phone.all_is_sent().await?;
    ensure!(!phone.stored_meta().await?.contains(MAI), "the phone is still Mai's");

    stage.step("what Mai had arrives from there, under her name, once");
    phone.hand_over_page().await?;
    phone.see_text(&id("carried-state"), "Đã tới máy chủ").await?;
    phone.results().await?.tally_is("nothing left to send", |tally| tally.waiting + tally.refused == 0).await?;
    let next = stage.phone("next").await?;
    next.join(&stage.server.invite(MAI).await?).await?;
    let wanted = Tally { confirmed: before.confirmed + 1, waiting: 0, refused: 0 };
    next.results().await?.tally_is("what she had", |tally| *tally == wanted).await.map(drop)
}

pub async fn rescued_and_shut_out(stage: &mut Stage) -> Result<()> {
    stage.step("leaving with unsent work, and the lead ends that phone before it has met the server");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    mai.restart_browser().await?;
    let (unsent, before) = helps_somebody(stage, &mai).await?;
    leaves(&mai, unsent).await?;
    mai.open("about:blank").await?;
    stage.server.start().await?;
    see_phones(&lead, MAI).await?;
    lead.tap(&id("device-left")).await?;
    lead.tap(&id("device-yes")).await?;
    lead.see(&format!("{}[data-state=left]", id("device"))).await?;

    stage.step("the server takes nothing of it, and so it stays on the phone, however often that is opened");
    for _ in 0..2 {
        mai.open("/vao").await?;
        mai.see_text(&id("carried-state"), "ngừng dùng").await?;
        mai.see_text(&id("kept-here"), &format!("{unsent} mục")).await?;
        mai.open("about:blank").await?;
    }
    mai.open("/vao").await?;
    let folder = TempDir::with_prefix("tung-nha-files-")?;
    mai.save_into(folder.path()).await?;
    mai.tap(&id("carried-save")).await?;

    stage.step("the lead brings it, and it counts once");
    lead.hand_over_page().await?;
    lead.give_file("take-file", &saved_capsule(folder.path()).await?).await?;
    lead.see_text(&id("carried-state"), "Đã tới máy chủ").await?;
    let next = stage.phone("next").await?;
    next.join(&stage.server.invite(MAI).await?).await?;
    let wanted = Tally { confirmed: before.confirmed + 1, waiting: 0, refused: 0 };
    next.results().await?.tally_is("what she had", |tally| *tally == wanted).await.map(drop)
}

pub async fn thrown_away(stage: &mut Stage) -> Result<()> {
    stage.step("working without a network");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    mai.restart_browser().await?;
    let (unsent, before) = helps_somebody(stage, &mai).await?;
    mai.has_copied(unsent).await?;

    stage.step("the browser cannot read its database any more, and throws it away");
    mai.kill_browser().await?;
    mai.damage_database()?;
    mai.open_browser().await?;
    mai.open("/").await?;
    mai.join_page().await?;
    mai.see_text(&id("join-emptied"), "bản niêm phong").await?;
    mai.see_text(&id("kept-here"), &format!("{unsent} mục")).await?;
    ensure!(mai.stored_rows().await?.is_empty(), "the database is still there");

    stage.step("the sealed copy arrives by itself");
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.see_text(&id("carried-state"), "Đã tới máy chủ").await?;

    stage.step("and counts once on the phone that goes on");
    mai.join(&stage.server.invite(MAI).await?).await?;
    mai.open("/ket-qua").await?;
    let wanted = Tally { confirmed: before.confirmed + 1, waiting: 0, refused: 0 };
    mai.results().await?.tally_is("what she had", |tally| *tally == wanted).await.map(drop)
}
