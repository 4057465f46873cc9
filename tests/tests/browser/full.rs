//! A phone without a free byte: the tap says so, and everything of before is still there.

use anyhow::{Context as _, Result, ensure};
use e2e::browser::{Stage, id};
use serde_json::json;

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let route = mai.route().await?;
    let row = route.find("household to help", |row| row.untouched() >= 1 && row.state == "not-yet").await?;
    let door = route.open(&row.id).await?;
    let person = door.people().await?.into_iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.context("nobody to help")?.id;
    door.tap_service(&person, "eid_level2").await?;
    mai.says_saved("").await?;

    stage.step("no room is left");
    let quota = async |bytes: Option<u64>| {
        let mut wanted = json!({ "origin": stage.server.url() });
        if let Some(bytes) = bytes {
            wanted["quotaSize"] = bytes.into();
        }
        mai.session()?.cdp().send_raw("Storage.overrideQuotaForOrigin", wanted).await?;
        anyhow::Ok(())
    };
    // A browser that has just started asks how much room there is; later it goes by what it last heard.
    mai.all_is_sent().await?;
    mai.restart_browser().await?;
    quota(Some(1)).await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    let door = mai.door(&row.id).await?;
    door.tap_service(&person, "health_record").await?;
    mai.see_text(&id("snackbar"), "hết chỗ").await?;
    door.shows(&person, "without what was not stored", |person| person.marks[1] == "unknown").await?;

    stage.step("there is room again");
    quota(None).await?;
    door.tap_service(&person, "health_record").await?;
    door.shows(&person, "with both", |person| person.marks[..2] == ["done", "done"]).await?;
    mai.says_saved("").await?;
    mai.all_is_sent().await?;
    mai.reload().await?;
    let person = mai.door(&row.id).await?.person(&person).await?;
    ensure!(person.marks[..2] == ["done", "done"], "{person:?}");
    Ok(())
}
