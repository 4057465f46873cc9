//! The lead divides an area; the coordinator watches the commune. Both without a network after the first load.

use anyhow::{Result, ensure};
use e2e::browser::{Look, Stage, id};

const MAI: &str = "Hoàng Thị Mai";

pub async fn divides(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let doors = lead.coverage().await?.doors().await?;
    ensure!(doors.1 > 300, "the area has {} households", doors.1);

    stage.step("the area is there without a network");
    stage.server.kill().await?;
    lead.reload().await?;
    let coverage = lead.coverage().await?;
    coverage.doors_are(doors).await?;

    stage.step("a new route, given to a member");
    let routes = coverage.divide().await?;
    let before = routes.routes().await?.len();
    routes.add("Ngõ chợ").await?;
    lead.says_saved("Ngõ chợ").await?;
    let new = routes.route("called Ngõ chợ", |route| route.name == "Ngõ chợ").await?;
    routes.assign(&new.id, MAI).await?;
    lead.says_saved("phân công").await?;
    routes.route("of Mai", |route| route.id == new.id && route.members.contains(MAI)).await?;
    ensure!(routes.routes().await?.len() == before + 1, "one route more");

    stage.step("the whole area divided evenly");
    routes.divide_evenly().await?;
    lead.routes().await?;
    let sizes: Vec<u64> = routes.routes().await?.iter().filter_map(|route| size(&route.households)).collect();
    let (least, most) = (sizes.iter().min().copied(), sizes.iter().max().copied());
    ensure!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "not even: {sizes:?}");
    ensure!(sizes.iter().sum::<u64>() == doors.1, "{sizes:?} are not {} households", doors.1);

    stage.step("the member's phone has the new division");
    stage.server.start().await?;
    lead.network_is_back().await?;
    lead.all_is_sent().await?;
    mai.open("/tuyen").await?;
    mai.network_is_back().await?;
    mai.tap(&id("choose-route")).await?;
    mai.see_text(&id("route-choice"), "Ngõ chợ").await.map(drop)
}

/// A member writes another name over the one of the list: nothing is lost, the lead sees both and has the first put back.
pub async fn looks_again(stage: &mut Stage) -> Result<()> {
    const OTHER: &str = "Lò Thị Khác";
    stage.step("Mai writes another name over somebody's");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    lead.coverage().await?;
    ensure!(!lead.is_there(&id("coverage-changed")).await?, "nothing is to be looked at yet");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let renamed = mai.rename_somebody(OTHER).await?;
    mai.all_is_sent().await?;

    stage.step("the lead sees what was there and what is there now");
    lead.open("/dia-ban").await?;
    lead.see(&id("coverage-changed")).await?;
    lead.tap(&id("changed-names")).await?;
    lead.see_text(&id("changed-what"), &format!("{} → {OTHER}", renamed.before)).await?;
    lead.see_text(&id("changed"), MAI).await?;

    stage.step("the lead has the first name put back, and the member's phone has it again");
    lead.tap(&id("changed-back")).await?;
    lead.gone(&id("changed")).await?;
    lead.all_is_sent().await?;
    mai.reload().await?;
    let door = mai.door(&renamed.household).await?;
    door.shows(&renamed.person, "by the first name", |person| person.name == renamed.before).await.map(drop)
}

fn size(words: &str) -> Option<u64> {
    e2e::browser::pages::figure(words)
}

pub async fn coordinator(stage: &mut Stage) -> Result<()> {
    stage.step("joining on a laptop");
    let laptop = stage.screen("coordinator", Look::LAPTOP).await?;
    laptop.join(&stage.invite("Cán bộ xã, phường")?).await?;
    let commune = laptop.commune().await?;
    ensure!(commune.areas().await? == 4, "{} areas", commune.areas().await?);
    let doors = commune.doors().await?;
    let targets = commune.targets().await?;
    ensure!(doors.1 == 110 + 330 + 150 + 64, "{} households", doors.1);
    ensure!(!targets.is_empty(), "no targets");

    stage.step("the lead's figure is the coordinator's row");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let area = lead.coverage().await?.doors().await?;
    let row = laptop.text(&format!("{} tbody", id("commune-areas"))).await?;
    ensure!(row.contains(&area.1.to_string()), "{} households are not in {row:?}", area.1);

    stage.step("the same figures without a network");
    stage.server.kill().await?;
    laptop.reload().await?;
    let commune = laptop.commune().await?;
    ensure!(commune.doors().await? == doors, "other doors without a network");
    ensure!(commune.targets().await? == targets, "other targets without a network");
    ensure!(laptop.stored_rows().await?.len() < 1_000, "the commune's phone holds people");
    Ok(())
}
