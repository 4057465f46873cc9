//! Invites that do not work, and phones that must not change hands.

use anyhow::{Result, ensure};
use e2e::browser::{Phone, Stage, id};

pub async fn bad(stage: &mut Stage) -> Result<()> {
    let code = "0123456789abcdefghjkmnpqrs";

    stage.step("an unknown code");
    let phone = stage.phone("new").await?;
    phone.accept(&format!("{}/vao#{code}", stage.server.url())).await?;
    phone.join_page().await?.problem("không đúng").await?;
    has_nothing(&phone).await?;

    stage.step("a code that another phone has used");
    let link = stage.invite("Thành viên")?;
    stage.enrolled("first", "Thành viên").await?;
    phone.open("/").await?;
    phone.accept(&link).await?;
    phone.join_page().await?.problem("đã dùng rồi").await?;
    has_nothing(&phone).await?;

    stage.step("a good code without a network");
    let good = stage.server.invite("Nông Văn Thắng").await?;
    phone.worker_is_ready().await?;
    stage.server.kill().await?;
    phone.open("/").await?;
    phone.accept(&good).await?;
    phone.join_page().await?.problem("Chưa nối được").await?;
    has_nothing(&phone).await?;

    stage.step("the same code once there is a network");
    stage.server.start().await?;
    phone.join_page().await?.go().await?;
    phone.coverage().await?;
    phone.all_is_sent().await
}

/// Neither documents nor a person's name.
async fn has_nothing(phone: &Phone) -> Result<()> {
    let rows = phone.stored_rows().await?;
    ensure!(rows.is_empty(), "{} documents on a phone that nobody joined with", rows.len());
    let meta = phone.stored_meta().await?;
    ensure!(!meta.contains("commune_name"), "an enrolment without an invite: {meta}");
    Ok(())
}

pub async fn given_away(stage: &mut Stage) -> Result<()> {
    stage.step("joining and working without a network");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let other = stage.server.invite("Nông Văn Thắng").await?;
    stage.server.kill().await?;
    let row = mai.route().await?.rows().await?.into_iter().find(|row| row.state == "not-yet");
    let row = row.map(|row| row.id).unwrap_or_default();
    mai.open(&format!("/ho/{row}")).await?;
    mai.door(&row).await?.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;
    let unsent = mai.has_unsent(1).await?;

    stage.step("somebody else's invite is opened on this phone");
    mai.open(&other).await?;
    mai.join_page().await?.unsettled("chỉ có trên máy này").await?;
    ensure!(!mai.is_there(&id("join-start")).await?, "the invite can be taken over unsent work");

    stage.step("the phone is still Mai's, with all her work");
    mai.open(&format!("/ho/{row}")).await?;
    mai.door(&row).await?.selected_outcome("absent").await?;
    mai.has_unsent(unsent).await?;
    stage.server.start().await?;
    mai.network_is_back().await?;
    mai.all_is_sent().await
}

/// The lead stands next to somebody with a new phone.
pub async fn by_the_lead(stage: &mut Stage) -> Result<()> {
    stage.step("the lead asks for an invite");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    lead.coverage().await?;
    lead.tap(&id("invite")).await?;
    let link = lead.text(&id("invite-link")).await?;
    lead.see(&id("invite-code")).await?;

    stage.step("the member's new phone opens it");
    let phone = stage.phone("next").await?;
    phone.join(&link).await?;
    phone.route().await?;

    stage.step("both screens show one number, and the lead says yes");
    let number = lead.text(&id("check-number")).await?;
    ensure!(number.len() == 4, "{number} is no number of four digits");
    phone.see_text(&id("check-number-own"), &number).await?;
    lead.tap(&id("check-yes")).await?;
    lead.gone(&id("number-check")).await?;
    phone.tap(&format!("{} {}", id("check-number-own"), id("notice-action"))).await?;
    phone.gone(&id("check-number-own")).await?;

    stage.step("it was for one phone");
    let other = stage.phone("other").await?;
    other.accept(&link).await?;
    other.join_page().await?.problem("đã dùng").await?;

    stage.step("without a network the lead is told so");
    stage.server.kill().await?;
    lead.tap(&id("sheet-close")).await?;
    lead.tap(&id("invite")).await?;
    lead.see_text(&id("invite-failed"), "mạng").await.map(drop)
}
