//! Builds that do not start: the phone goes back to the one before by itself, with everything on it, and takes the next
//! good one.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::builds::{Fault, other_build};
use e2e::browser::{Phone, Stage, id, until};

use crate::update::{LOOK_FOR_NEW_BUILD, OFFER};

const FAILED: &str = "#boot-failed";
const PREVIOUS: &str = "#boot-previous";

/// Takes the build that is offered on the list.
pub async fn take_offer(phone: &Phone) -> Result<()> {
    phone.see(&id(OFFER)).await?;
    phone.tap(&format!("{} {}", id(OFFER), id("notice-action"))).await
}

/// Waits until the page is of this build.
async fn runs(phone: &Phone, build: &str) -> Result<()> {
    let mark = format!("meta[name=\"{build}\"]");
    until(format!("the page of {build}"), async || Ok(phone.is_there(&mark).await?.then_some(()))).await
}

/// Knocks at the next door that nobody has been to; answers it.
pub async fn knock(phone: &Phone) -> Result<String> {
    let row = phone.route().await?.rows().await?.into_iter().find(|row| row.state == "not-yet");
    let row = row.context("no door is left")?.id;
    phone.open(&format!("/ho/{row}")).await?;
    let door = phone.door(&row).await?;
    door.outcome("absent").await?;
    phone.says_saved("vắng nhà").await?;
    door.leave().await?;
    Ok(row)
}

pub async fn by_itself(stage: &mut Stage) -> Result<()> {
    stage.step("one knock is unsent, and a build that cannot start is on the server");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    stage.server.kill().await?;
    let first = knock(&mai).await?;
    mai.has_unsent(1).await?;
    let broken = other_build("broken", Fault::Wasm)?;
    stage.server.serve_app(broken.path());
    stage.server.start().await?;
    ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "it looks like any other build");
    take_offer(&mai).await?;
    runs(&mai, "broken").await?;
    mai.see(FAILED).await?;

    stage.step("it fails twice, without a network, and then the build before is back");
    stage.server.kill().await?;
    mai.reload().await?;
    mai.see(FAILED).await?;
    mai.reload().await?;
    mai.route().await?;
    ensure!(!mai.is_there("meta[name=\"broken\"]").await?, "the broken page");
    mai.open(&format!("/ho/{first}")).await?;
    mai.door(&first).await?.selected_outcome("absent").await?;

    stage.step("and stays, also after a restart of the phone; work goes on");
    mai.restart_browser().await?;
    mai.open("/tuyen").await?;
    let second = knock(&mai).await?;
    // The first may have been sent while the server was there.
    let unsent = mai.has_unsent(1).await?;
    mai.about_phone().await?;
    mai.see(&id("phone-fell-back")).await?;

    stage.step("the broken build is not offered again");
    stage.server.start().await?;
    mai.open("/tuyen").await?;
    mai.route().await?;
    ensure!(!mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "offered again");
    ensure!(mai.badge().await?.unsent <= unsent, "unsent work grew by itself");

    stage.step("a good build comes, is taken and sends everything");
    let mended = other_build("mended", Fault::None)?;
    stage.server.kill().await?;
    stage.server.serve_app(mended.path());
    stage.server.start().await?;
    ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "the good build does not come");
    take_offer(&mai).await?;
    runs(&mai, "mended").await?;
    mai.route().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await?;
    for door in [first, second] {
        mai.open(&format!("/ho/{door}")).await?;
        mai.door(&door).await?.selected_outcome("absent").await?;
    }

    stage.step("put back on the server, the broken build is known by its name");
    stage.server.kill().await?;
    stage.server.serve_app(broken.path());
    stage.server.start().await?;
    ensure!(!mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "a build that failed here is taken again");
    Ok(())
}

pub async fn by_hand(stage: &mut Stage) -> Result<()> {
    stage.step("a build whose script throws");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    stage.server.kill().await?;
    let door = knock(&mai).await?;
    let broken = other_build("broken", Fault::Script)?;
    stage.server.serve_app(broken.path());
    stage.server.start().await?;
    ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "it looks like any other build");
    take_offer(&mai).await?;
    mai.see(FAILED).await?;

    stage.step("the person goes back at once");
    stage.server.kill().await?;
    mai.see(PREVIOUS).await?;
    mai.tap(PREVIOUS).await?;
    mai.route().await?;
    mai.open(&format!("/ho/{door}")).await?;
    mai.door(&door).await?.selected_outcome("absent").await
}

/// The office puts the build of before back on the server.
pub async fn by_the_server(stage: &mut Stage) -> Result<()> {
    stage.step("tomorrow's build runs, with one knock unsent");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let (yesterday, tomorrow) = (other_build("yesterday", Fault::None)?, other_build("tomorrow", Fault::None)?);
    let serve = async |stage: &mut Stage, app: &std::path::Path| {
        stage.server.kill().await?;
        stage.server.serve_app(app);
        stage.server.start().await
    };
    for (build, app) in [("yesterday", yesterday.path()), ("tomorrow", tomorrow.path())] {
        serve(stage, app).await?;
        ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "{build} does not come");
        take_offer(&mai).await?;
        runs(&mai, build).await?;
        mai.route().await?;
    }
    stage.server.kill().await?;
    let door = knock(&mai).await?;
    mai.has_unsent(1).await?;

    stage.step("yesterday's is back on the server: it is offered like any other, and opens the same data");
    stage.server.serve_app(yesterday.path());
    stage.server.start().await?;
    ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "yesterday's build does not come back");
    take_offer(&mai).await?;
    runs(&mai, "yesterday").await?;
    mai.open(&format!("/ho/{door}")).await?;
    mai.door(&door).await?.selected_outcome("absent").await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await
}
