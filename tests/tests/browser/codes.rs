//! Unsent work goes from screen to camera, and reaches the server by the other phone.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::pages::{Row, figures};
use e2e::browser::{Phone, Stage, film, id};
use tempfile::TempDir;

const MAI: &str = "Hoàng Thị Mai";
const PAGE: &str = "/chuyen-giup";
/// Codes beyond the first turn that the camera gets to see: they stand in for the one that it misses.
const EXTRA: usize = 4;

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("two phones join");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let before = mai.results().await?.tally_is("all confirmed", |tally| tally.waiting == 0).await?.confirmed;
    for phone in [&lead, &mai] {
        phone.worker_is_ready().await?;
    }

    stage.step("Mai helps somebody where there is no signal");
    stage.server.kill().await?;
    mai.open("/tuyen").await?;
    let wanted = |row: &Row| row.untouched() >= 1 && row.state == "not-yet";
    let row = mai.route().await?.find("household with somebody to help", wanted).await?.id;
    mai.open(&format!("/ho/{row}")).await?;
    let door = mai.door(&row).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    door.complete(&person.context("nobody to help")?.id).await?;
    mai.has_unsent(4).await?;

    stage.step("her phone shows it as codes");
    mai.open(PAGE).await?;
    mai.tap(&id("give-codes")).await?;
    let pictures = photographed(&mai).await?;

    stage.step("her phone is off; the lead's camera sees all codes but one");
    mai.close_browser().await?;
    let folder = TempDir::with_prefix("tung-nha-film-")?;
    lead.holds_camera_before(&film(&pictures, folder.path())?).await?;
    lead.open(PAGE).await?;
    lead.tap(&id("take-scan")).await?;
    lead.see(&format!("{}[data-state=\"waiting\"]", id("carried"))).await?;
    ensure!(!lead.is_there(&format!("{}[open]", id("take-sheet"))).await?, "it goes on scanning");

    stage.step("the lead comes to where there is a signal");
    stage.server.start().await?;
    lead.network_is_back().await?;
    lead.see(&format!("{}[data-state=\"arrived\"]", id("carried"))).await?;
    lead.open("/dia-ban").await?;
    lead.coverage().await?.credited(MAI, before + 1).await?;

    stage.step("Mai's phone sends the same, and it counts once");
    mai.open_browser().await?;
    mai.open("/").await?;
    mai.all_is_sent().await?;
    let counted = |tally: &e2e::browser::pages::Tally| tally.waiting == 0 && tally.confirmed == before + 1;
    mai.results().await?.tally_is("one person more", counted).await?;
    lead.reload().await?;
    lead.coverage().await?.credited(MAI, before + 1).await
}

/// The codes of a turn and a few more, one by one, without the second.
async fn photographed(phone: &Phone) -> Result<Vec<Vec<u8>>> {
    phone.see(&id("qr-series-code")).await?;
    phone.tap(&id("qr-series-pause")).await?;
    let number = id("qr-series-number");
    let words = phone.text(&number).await?;
    let count = usize::try_from(*figures(&words).get(1).with_context(|| format!("{words:?} tells no count"))?)?;
    let mut pictures = Vec::new();
    for taken in 0..count + EXTRA {
        if taken != 1 {
            pictures.push(phone.photographed(&id("qr-series-code")).await?);
        }
        let index = phone.attribute(&number, "data-index").await?;
        phone.tap(&id("qr-series-next")).await?;
        ensure!(phone.attribute(&number, "data-index").await? != index, "the next code did not come");
    }
    Ok(pictures)
}
