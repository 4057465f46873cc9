//! Every screen of every role, once.

use anyhow::{Result, bail};
use e2e::browser::{Phone, Stage, id};

pub async fn console(stage: &mut Stage) -> Result<()> {
    stage.step("a member's screens");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let row = mai.route().await?.rows().await?.remove(0).id;
    mai.open(&format!("/ho/{row}")).await?;
    let person = mai.door(&row).await?.people().await?.remove(0).id;
    let paths = [
        ("/tuyen".to_owned(), "page-route"),
        (format!("/ho/{row}"), "page-door"),
        (format!("/ho/{row}/sua"), "page-household-form"),
        (format!("/ho/{row}/nguoi-moi"), "page-resident-form"),
        (format!("/ho/{row}/nguoi/{person}"), "page-resident-form"),
        ("/ho-moi".to_owned(), "page-household-form"),
        ("/ket-qua".to_owned(), "page-results"),
        ("/may".to_owned(), "page-phone"),
        ("/khong-co".to_owned(), "page-not-found"),
    ];
    for (path, page) in &paths {
        is_quiet(stage, &mai, path, page).await?;
    }

    stage.step("a lead's screens");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    for (path, page) in [
        ("/dia-ban", "page-coverage"),
        ("/dia-ban/tuyen", "page-routes"),
        ("/dia-ban?xem=uu-tien", "screen"),
        ("/dia-ban/tuyen?xem=chia-deu", "screen"),
        ("/dia-ban/tuyen?xem=chon", "screen"),
    ] {
        is_quiet(stage, &lead, path, page).await?;
    }

    stage.step("a coordinator's screens");
    let coordinator = stage.enrolled("coordinator", "Cán bộ xã, phường").await?;
    is_quiet(stage, &coordinator, "/phuong", "page-commune").await?;
    is_quiet(stage, &coordinator, "/may", "page-phone").await
}

/// Opens a screen; fails if the browser had anything to complain about.
async fn is_quiet(stage: &Stage, phone: &Phone, path: &str, page: &str) -> Result<()> {
    stage.step(format!("{path} of {}", phone.name()));
    phone.open(path).await?;
    if page == "screen" {
        phone.see(".screen").await?;
    } else {
        phone.see(&id(page)).await?;
    }
    let complaints: Vec<String> = phone
        .console()
        .await?
        .into_iter()
        .filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING")
        .map(|entry| format!("{} {}", entry.level, entry.message))
        .collect();
    if !complaints.is_empty() {
        bail!("{path}: {}", complaints.join("\n"));
    }
    Ok(())
}
