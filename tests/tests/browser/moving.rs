//! A household moves to another area while the phone of who helped there is away; its record arrives after the move.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::pages::figures;
use e2e::browser::{Look, Phone, Stage, id, until};

const MAI: &str = "Hoàng Thị Mai";
const HERE: &str = "Tổ dân phố 5";
const THERE: &str = "Tổ dân phố 1";

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let office = stage.screen("office", Look::LAPTOP).await?;
    office.join(&stage.invite("Cán bộ xã, phường")?).await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let before = mai.results().await?.tally().await?;
    let (here, there) = (households(&office, HERE).await?, households(&office, THERE).await?);

    stage.step("without a network Mai does all for a person of a household, then her phone is put away");
    stage.server.kill().await?;
    mai.open("/tuyen").await?;
    let route = mai.route().await?;
    let home = route.find("household not yet reached", |row| row.state == "not-yet" && row.untouched() > 0).await?;
    mai.open(&format!("/ho/{}", home.id)).await?;
    let door = mai.door(&home.id).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.context("nobody to help")?.clone();
    door.complete(&person.id).await?;
    mai.has_unsent(1).await?;
    mai.close_browser().await?;

    stage.step("the lead moves the household meanwhile");
    stage.server.start().await?;
    lead.network_is_back().await?;
    lead.open(&format!("/ho/{}", home.id)).await?;
    lead.door(&home.id).await?;
    lead.all_is_sent().await?;
    lead.tap(&id("move-household")).await?;
    lead.see_text(&id("move-to"), THERE).await?;
    lead.tap(&format!("{} [data-testid^=\"choice-\"]", id("move-to"))).await?;
    lead.see_text(&id("move-confirm"), THERE).await?;
    lead.tap(&id("move-confirm")).await?;
    lead.see_text(&id("snackbar"), "Đã chuyển").await?;
    lead.open(&format!("/ho/{}", home.id)).await?;
    lead.see_text(&id("page-door"), &format!("Hộ đã chuyển sang {THERE}")).await?;

    stage.step("the areas' figures follow");
    office.network_is_back().await?;
    for (area, count) in [(HERE, here - 1), (THERE, there + 1)] {
        until(format!("{area} to have {count} households"), async || {
            Ok((households(&office, area).await? == count).then_some(()))
        })
        .await?;
    }

    stage.step("Mai's phone is back, and nothing of hers is lost");
    mai.open_browser().await?;
    mai.open("/tuyen").await?;
    mai.route().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await?;
    let results = mai.results().await?;
    let tally = results.tally_is("one more", |tally| tally.confirmed == before.confirmed + 1).await?;
    ensure!(tally.waiting == 0 && tally.refused == 0, "{tally:?}");
    mai.see_text(&id("tally-ring"), "gồm 1 ở địa bàn khác").await?;
    mai.open(&format!("/ho/{}", home.id)).await?;
    mai.see_text(&id("page-door"), &format!("Hộ đã chuyển sang {THERE}")).await?;

    stage.step("the new area counts it as hers");
    office.open("/danh-sach/in").await?;
    office.pick("handout-list", "Danh sách hỗ trợ").await?;
    office.pick("handout-member", MAI).await?;
    office.take_list("Kiểm tra").await?;
    let row = format!("{} tbody", id("handout-preview"));
    let helped = office.see_text(&row, &person.name).await?;
    ensure!(helped.contains(THERE), "{} is not of {THERE} in {helped}", person.name);
    Ok(())
}

/// How many households an area has in the coordinator's table.
async fn households(office: &Phone, area: &str) -> Result<u64> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((row) => row.innerText)";
    let rows: Vec<String> = office.eval(script, vec![format!("{} tbody tr", id("commune-areas")).into()]).await?;
    let row = rows.iter().find(|row| row.starts_with(area)).with_context(|| format!("{area} is not in {rows:?}"))?;
    figures(row.trim_start_matches(area)).into_iter().next().context("no figure")
}
