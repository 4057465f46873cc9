//! A provider's list, compared, answered and written; the same list a week later writes nothing.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use domain::xlsx::{Sheet, Style, pack};
use e2e::browser::pages::{Row, figure};
use e2e::browser::{Look, Phone, Stage, id, until};
use serde::Deserialize;

/// The person of a household whom the list names, as the door shows them.
const HOLDER: &str = "
    const card = document.querySelector('[data-testid=\"person\"]');
    return {
        name: card.querySelector('h2').textContent,
        year: card.innerText.match(/\\b(19|20)\\d\\d\\b/)?.[0] ?? '',
        phone: document.querySelector('a[href^=\"tel:\"]')?.textContent.trim() ?? '',
    };
";
const SIGNATURE: usize = 2;

#[derive(Debug, Deserialize)]
struct Holder {
    name: String,
    year: String,
    phone: String,
}

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("two people of whom nothing is known yet");
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let certain = holder(&lead, None).await?;
    let doubtful = holder(&lead, Some(&certain.0)).await?;

    stage.step("a list with one of them for certain, one by name and year, and a stranger");
    let folder = tempfile::TempDir::with_prefix("tung-nha-reconcile-")?;
    let file = folder.path().join("vnpt.xlsx");
    write(&file, &certain, &doubtful)?;
    let office = stage.screen("office", Look::LAPTOP).await?;
    office.join(&stage.invite("Cán bộ xã, phường")?).await?;
    compare(&office, &file).await?;
    counts(&office, [("reached", 1), ("appointment", 1), ("not-yet", 1)]).await?;

    stage.step("the doubtful one is answered by a key, and both are written");
    office.see_text(&id("review"), &doubtful.1.name).await?;
    office.press("1").await?;
    counts(&office, [("reached", 1), ("appointment", 0), ("moved-away", 1)]).await?;
    office.tap(&id("holders-write")).await?;
    office.see_text(&id("page-holders"), "Đã ghi cho 2 người").await?;

    stage.step("the lead's phone has what was there before");
    lead.open(&format!("/ho/{}", certain.0.id)).await?;
    let door = lead.door(&certain.0.id).await?;
    lead.network_is_back().await?;
    let person = door.people().await?.first().context("nobody at the door")?.id.clone();
    door.shows(&person, "with a signature from before", |person| person.marks[SIGNATURE] == "pre-existing").await?;

    stage.step("the same list again has nothing to write");
    office.tap(&id("holders-again")).await?;
    compare(&office, &file).await?;
    counts(&office, [("reached", 0), ("appointment", 0), ("refused", 2)]).await?;
    ensure!(office.attribute(&id("holders-write"), "disabled").await?.is_some(), "there is something to write");
    Ok(())
}

/// A household with a phone number where nobody has been helped, and whoever stands first in it.
async fn holder(lead: &Phone, other_than: Option<&Row>) -> Result<(Row, Holder)> {
    lead.open("/tuyen").await?;
    let other = other_than.map(|row| row.id.clone()).unwrap_or_default();
    let other_name = other_than.map(|row| row.name.clone()).unwrap_or_default();
    let is_wanted = |row: &Row| {
        let is_untouched = !row.people.is_empty() && row.untouched() == row.people.len();
        is_untouched && row.state == "not-yet" && row.id != other && row.name != other_name
    };
    let row = lead.route().await?.find("untouched household", is_wanted).await?;
    lead.open(&format!("/ho/{}", row.id)).await?;
    lead.door(&row.id).await?;
    let holder: Holder = lead.eval(HOLDER, vec![]).await?;
    ensure!(!holder.year.is_empty(), "no year at {row:?}");
    Ok((row, holder))
}

fn write(file: &Path, (home, certain): &(Row, Holder), (_, doubtful): &(Row, Holder)) -> Result<()> {
    ensure!(!certain.phone.is_empty(), "no phone at {home:?}");
    let mut sheet = Sheet::new(&[5, 30, 12, 16, 30, 12], false);
    let mut line = |cells: [&str; 6]| sheet.line(&cells.map(|cell| (1, Style::Text, cell)));
    line(["STT", "Họ và tên", "Năm sinh", "Số điện thoại", "Địa chỉ", "Nhà cung cấp"]);
    let address = format!("Số nhà {}, Tổ dân phố 5", home.number);
    line(["1", &certain.name.to_uppercase(), &certain.year, &certain.phone, &address, "VNPT"]);
    line(["2", &doubtful.name, &doubtful.year, "", "", "VNPT"]);
    line(["3", "Vũ Người Lạ", "1980", "", "", "VNPT"]);
    std::fs::write(file, pack(&[("DS", sheet)]))?;
    Ok(())
}

async fn compare(office: &Phone, file: &Path) -> Result<()> {
    office.open("/danh-sach/doi-chieu").await?;
    office.give_file("holders-file", file).await?;
    office.see_text(&id("file-told"), "3 người").await?;
    office.tap(&id("holders-compare")).await?;
    office.see(&id("holders-bar")).await
}

async fn counts(office: &Phone, expected: [(&str, u64); 3]) -> Result<()> {
    for (state, count) in expected {
        let entry = format!("{} .num", id(&format!("count-{state}")));
        let what = format!("{state} to count {count}");
        until(what, async || Ok((figure(&office.text(&entry).await?) == Some(count)).then_some(()))).await?;
    }
    Ok(())
}
