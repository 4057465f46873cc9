//! A list of doors leaves on paper, with a reason and in the log; what comes back is typed in as the work of who went.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::{Look, Stage, id};
use thirtyfour::Key;

const MAI: &str = "Hoàng Thị Mai";
const AREA: &str = "Tổ dân phố 5";
const REASON: &str = "Đi bằng phiếu giấy";
/// What the demo's plan asks of a helper for one person.
const TICKS: [&str; 3] = ["activated", "card_integrated", "registered"];

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("a household that nobody has been to, as the lead sees it");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    lead.open("/tuyen").await?;
    let untouched = |row: &e2e::browser::pages::Row| row.state == "not-yet" && row.untouched() == row.people.len();
    let home = lead.route().await?.find("untouched household", |row| untouched(row) && !row.people.is_empty()).await?;
    lead.open("/dia-ban").await?;
    let coverage = lead.coverage().await?;
    let doors = coverage.doors().await?;
    let helped = coverage.member(MAI).await?.credited().context("no figure for Mai")?;

    stage.step("no list without a reason");
    let office = stage.screen("office", Look::LAPTOP).await?;
    office.join(&stage.invite("Cán bộ xã, phường")?).await?;
    office.open("/danh-sach/in").await?;
    office.pick("handout-area", AREA).await?;
    office.tap(&id("handout-take")).await?;
    office.see_text(&id("handout-reason"), "Chọn lý do lấy danh sách").await?;
    ensure!(!office.is_there(&id("handout-preview")).await?, "a list without a reason");

    stage.step("a list with one, marked with who took it and why");
    let number = office.take_list(REASON).await?;
    let mark = office.text(".handout__mark").await?;
    ensure!(mark.contains(&format!("Phiếu số {number}")) && mark.contains(REASON), "{mark}");
    let line = office.paper_line(&home.number, &home.name).await?;
    ensure!(line.people == home.people.len(), "{line:?} is not {home:?}");

    stage.step("it stands in the log");
    office.tap(&id("handout-another")).await?;
    let row = office.see_text(&id("handout-log-table"), AREA).await?;
    ensure!(row.contains(REASON) && row.contains(&format!("Số {number}")), "{row}");

    stage.step("its line is typed in by keys");
    office.open(&format!("/danh-sach/nhap-phieu?so={number}")).await?;
    office.pick("paper-member", MAI).await?;
    office.see(&id("paper-code")).await?;
    office.press(line.code.replace('-', "").to_lowercase() + Key::Enter).await?;
    office.see_text(&id("paper-line"), &home.name).await?;
    office.press("1").await?;
    for step in TICKS {
        let tick = id(&format!("paper-tick-{step}-newly_installed"));
        office.tap(&format!("{} + {} {tick}", ".paper__boxes", id("paper-person"))).await?;
    }
    office.press(String::new() + Key::Enter).await?;
    office.see(&format!("{}[data-written=\"4\"]", id("paper-typed"))).await?;

    stage.step("typed twice, it is written once");
    office.press(line.code.clone() + Key::Enter).await?;
    office.see_text(&id("paper-line"), "đã có trên máy").await?;

    stage.step("the area's figures have it, and Mai the credit");
    lead.network_is_back().await?;
    let coverage = lead.coverage().await?;
    coverage.doors_are((doors.0 + 1, doors.1)).await?;
    coverage.credited(MAI, helped + 1).await
}
