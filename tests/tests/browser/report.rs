//! A report is made where the lead stands, without a network, and stays what it was.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::pages::SERVICES;
use e2e::browser::{Look, Stage, id, until};

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;

    stage.step("the server is gone, and the lead makes Monday's report");
    stage.server.kill().await?;
    lead.open("/dia-ban").await?;
    lead.tap(&id("make-report")).await?;
    let report = lead.report().await?;
    report.choose("Thứ Hai").await?;
    let (_, reached) = report.line("reached").await?;
    ensure!(reached > 0, "nothing to report");
    report.freeze().await?;

    stage.step("copied for the Zalo group");
    let message = report.copy().await?;
    ensure!(message.starts_with("BÁO CÁO TỔ DÂN PHỐ 5\n"), "{message}");
    ensure!(message.contains(&format!("lũy kế {reached}/330")), "{message}");
    ensure!(!message.contains("Hoàng Thị Mai"), "the report names somebody");
    lead.open("/may").await?;

    stage.step("a colleague has met a household that nobody had reached, also without a network");
    mai.open("/tuyen").await?;
    let route = mai.route().await?;
    let row = route.find("not yet reached", |row| row.state == "not-yet" && row.untouched() > 0).await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    let door = mai.door(&row.id).await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    door.tap_service(&person.context("nobody to help")?.id, SERVICES[0]).await?;

    stage.step("everybody sends");
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await?;
    lead.network_is_back().await?;
    lead.all_is_sent().await?;

    stage.step("Monday's report is still what was sent");
    lead.open("/bao-cao").await?;
    let report = lead.report().await?;
    report.choose("Thứ Năm").await?;
    until("the late visit on the lead's phone", async || {
        Ok((report.line("reached").await?.1 == reached + 1).then_some(()))
    })
    .await?;
    ensure!(report.line("reached").await?.0 == 0, "what came late is no work of the next days");
    let adjusted = lead.text("[data-testid=\"line-reached\"] [data-testid=\"adjustment\"]").await?;
    ensure!(adjusted.contains("+1"), "{adjusted}");
    report.choose("Thứ Hai").await?;
    lead.see(&id("report-frozen")).await?;
    ensure!(report.line("reached").await?.1 == reached, "the frozen report has moved");

    stage.step("the coordinator knows who has reported");
    let laptop = stage.screen("coordinator", Look::LAPTOP).await?;
    laptop.join(&stage.invite("Cán bộ xã, phường")?).await?;
    laptop.open("/bao-cao").await?;
    laptop.report().await?.choose("Thứ Hai").await?;
    laptop.see_text(&id("report-areas"), "1 trên 4").await.map(drop)
}

pub async fn province(stage: &mut Stage) -> Result<()> {
    stage.step("joining on a laptop");
    let laptop = stage.screen("province", Look::LAPTOP).await?;
    laptop.join(&stage.invite("Tỉnh")?).await?;
    laptop.open("/phuong").await?;
    laptop.see(&id("province-units")).await?;
    let rows = async |selector: &str| -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((row) => row.innerText)";
        laptop.eval(script, vec![selector.into()]).await
    };
    let units = format!("{} tbody tr", id("province-units"));
    let all = rows(&units).await?;
    ensure!(all.len() == 38, "{} rows for 37 communes and their sum", all.len());
    let total = all.last().context("a sum")?;
    ensure!(total.contains("277.566") && total.contains("50.000"), "{total}");

    stage.step("the demo's commune has come up");
    until("the figures of Chợ Đồn", async || {
        let own = rows(&units).await?.into_iter().find(|row| row.contains("Chợ Đồn"));
        Ok(own.filter(|row| !row.contains('—')))
    })
    .await?;

    stage.step("sorted, and without anybody's name");
    laptop.tap(&id("chip-missing")).await?;
    until("another order", async || Ok((rows(&units).await? != all).then_some(()))).await?;
    ensure!(laptop.stored_rows().await?.len() < 400, "the province's computer holds more than figures");
    Ok(())
}
