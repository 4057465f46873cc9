//! The coordinator edits the plan without a network; afterwards everybody works to it.

use anyhow::{Result, ensure};
use e2e::browser::{Look, Stage, id};

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let laptop = stage.screen("coordinator", Look::LAPTOP).await?;
    laptop.join(&stage.invite("Cán bộ xã, phường")?).await?;
    laptop.commune().await?;

    stage.step("what cannot be right is said, and nothing is stored");
    stage.server.kill().await?;
    laptop.tap(&id("commune-edit-plan")).await?;
    let plan = laptop.plan().await?;
    plan.unfold("plan-targets").await?;
    plan.unfold_target(1).await?;
    plan.amount(1, "101").await?;
    plan.quota("1,5").await?;
    plan.save().await?;
    plan.says_wrong("2 chỗ").await?;

    stage.step("another target and another quota");
    plan.amount(1, "66,5").await?;
    plan.quota("20").await?;
    plan.save().await?;
    laptop.says_saved("kế hoạch").await?;
    laptop.commune().await?;
    laptop.see_text(&id("commune-target"), "66,5%").await?;

    stage.step("it is on the disk");
    laptop.reload().await?;
    laptop.see_text(&id("commune-target"), "66,5%").await?;
    laptop.tap(&id("commune-edit-plan")).await?;
    let quota = laptop.plan().await?.typed_quota().await?;
    ensure!(quota == "20", "the quota reads {quota:?}");

    stage.step("a member works to the new quota, and cannot edit it");
    stage.server.start().await?;
    laptop.network_is_back().await?;
    laptop.all_is_sent().await?;
    mai.network_is_back().await?;
    mai.reload().await?;
    mai.results().await?;
    mai.see_text(".tally-ring__quota", "/ 20").await?;
    mai.open("/phuong/ke-hoach").await?;
    mai.see(&id("plan-not-yours")).await
}
