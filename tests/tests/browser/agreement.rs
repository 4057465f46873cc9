//! Two members at the same doors without a network: afterwards all three phones tell the same numbers.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::pages::Row;
use e2e::browser::{Phone, Stage};

const MAI: &str = "Hoàng Thị Mai";
const WHOLE_AREA: &str = "/tuyen?tuyen=ca-dia-ban";

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("three phones join");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let name = colleague(&lead).await?;
    let lan = stage.phone("colleague").await?;
    lan.join(&stage.server.invite(&name).await?).await?;
    let (mai_before, lan_before) = (tally(&mai).await?, tally(&lan).await?);
    lead.open("/dia-ban").await?;
    let doors_before = lead.coverage().await?.doors().await?;

    stage.step("both work on the same street with the server stopped");
    stage.server.stop().await?;
    mai.open(WHOLE_AREA).await?;
    let wanted = |row: &Row| row.untouched() >= 2 && row.state == "not-yet";
    let shared = mai.route().await?.find("household with two to help", wanted).await?;
    let people = help(&mai, &shared.id, 2).await?;
    lan.open(WHOLE_AREA).await?;
    let helped_too = help(&lan, &shared.id, 1).await?;
    ensure!(helped_too[0] == people[0], "both help the same person first");
    lan.open(WHOLE_AREA).await?;
    let other = lan.route().await?;
    let other = other.find("another household", |row| row.id != shared.id && wanted(row)).await?;
    help(&lan, &other.id, 1).await?;
    for phone in [&mai, &lan] {
        phone.is_offline().await?;
        phone.has_unsent(4).await?;
    }

    stage.step("all is sent when the server is back");
    stage.server.start().await?;
    for phone in [&mai, &lan] {
        phone.network_is_back().await?;
        phone.all_is_sent().await?;
    }
    // What the other one sent comes with the next question; opening the app asks.
    for phone in [&mai, &lan, &lead] {
        phone.reload().await?;
    }

    stage.step("the person whom both helped is counted once");
    for phone in [&mai, &lan] {
        phone.open(&format!("/ho/{}", shared.id)).await?;
        let door = phone.door(&shared.id).await?;
        door.shows(&people[0], "as helped by both", |person| person.note.contains("cùng hỗ trợ")).await?;
    }
    let (mai_now, lan_now) = (tally(&mai).await?, tally(&lan).await?);
    ensure!(
        mai_now + lan_now == mai_before + lan_before + 3,
        "three people more than {mai_before} and {lan_before}, not {mai_now} and {lan_now}"
    );

    stage.step("the lead's phone and both members' phones tell the same");
    lead.open("/dia-ban").await?;
    let coverage = lead.coverage().await?;
    let doors = (doors_before.0 + 2, doors_before.1);
    coverage.doors_are(doors).await?;
    coverage.credited(MAI, mai_now).await?;
    coverage.credited(&name, lan_now).await?;
    for phone in [&mai, &lan, &lead] {
        phone.open(WHOLE_AREA).await?;
        let progress = phone.route().await?.progress().await?;
        ensure!(progress == doors, "{} counts {progress:?}, the lead's area {doors:?}", phone.name());
    }
    Ok(())
}

/// Somebody else of the team, by name.
async fn colleague(lead: &Phone) -> Result<String> {
    lead.open("/dia-ban").await?;
    let members = lead.coverage().await?.members().await?;
    let mut others = members.iter().map(|member| member.name().to_owned()).filter(|name| name != MAI);
    others.rfind(|name| name != "Nông Văn Thắng").context("Mai has no colleagues")
}

/// All services for the first people of whom nothing is known yet; answers who they are.
async fn help(phone: &Phone, household: &str, count: usize) -> Result<Vec<String>> {
    phone.open(&format!("/ho/{household}")).await?;
    let door = phone.door(household).await?;
    let people = door.people().await?.into_iter();
    let untouched = people.filter(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let ids: Vec<String> = untouched.map(|person| person.id).take(count).collect();
    ensure!(ids.len() == count, "{}: only {} to help", phone.name(), ids.len());
    for id in &ids {
        door.complete(id).await?;
    }
    Ok(ids)
}

async fn tally(phone: &Phone) -> Result<u64> {
    Ok(phone.results().await?.tally_is("all confirmed", |tally| tally.waiting == 0).await?.confirmed)
}
