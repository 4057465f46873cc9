//! A phone that still has the first released app: it works with this server, and takes the update with unsent work.

use anyhow::{Result, ensure};
use e2e::browser::builds::released;
use e2e::browser::{Phone, Stage, built_app, until};

use crate::rollback::{knock, take_offer};
use crate::update::LOOK_FOR_NEW_BUILD;

const FIRST: &str = "0.1.0-d00608d";

/// Waits until a colleague's phone shows the knock.
async fn seen_by(colleague: &Phone, household: &str) -> Result<()> {
    colleague.network_is_back().await?;
    colleague.open(&format!("/ho/{household}")).await?;
    colleague.door(household).await?.selected_outcome("absent").await
}

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("the first released app joins this server");
    let first = released(FIRST)?;
    stage.server.kill().await?;
    stage.server.serve_app(first.path());
    stage.server.start().await?;
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    ensure!(!mai.is_there("meta[name=\"build\"]").await?, "this is not the first released app");

    stage.step("it records without a network, and sends when there is one");
    stage.server.kill().await?;
    let one = knock(&mai).await?;
    mai.has_unsent(1).await?;
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await?;

    stage.step("the new app, on a colleague's phone, shows it");
    stage.server.kill().await?;
    stage.server.serve_app(&built_app());
    stage.server.start().await?;
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    ensure!(lead.is_there("meta[name=\"build\"]").await?, "this is not the new app");
    seen_by(&lead, &one).await?;

    stage.step("the old phone goes on without a network, and then takes the update with unsent work");
    stage.server.kill().await?;
    let two = knock(&mai).await?;
    mai.has_unsent(1).await?;
    // As old phones find it: the update and the network come at the same moment.
    stage.server.start().await?;
    ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "the update does not come");
    take_offer(&mai).await?;
    until("the new page", async || Ok(mai.is_there("meta[name=\"build\"]").await?.then_some(()))).await?;
    mai.route().await?;
    mai.all_is_sent().await?;
    seen_by(&lead, &two).await?;
    for door in [one, two] {
        mai.open(&format!("/ho/{door}")).await?;
        mai.door(&door).await?.selected_outcome("absent").await?;
    }
    Ok(())
}
