//! A commune's whole list goes in through the coordinator's browser, however slow the laptop, and out again.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use domain::xlsx::{Sheet, Style, pack};
use e2e::browser::pages::figure;
use e2e::browser::{Look, Phone, Stage, id, until};
use tempfile::TempDir;

const THON: usize = 15;
const HOUSEHOLDS: usize = 300;
const PEOPLE: usize = 4;
/// What a person takes for a page that hangs.
const FROZEN_MS: f64 = 1_000.0;

const FAMILY: [&str; 8] = ["Nguyễn", "Trần", "Nông", "Hoàng", "Ma", "Lường", "Bàn", "Triệu"];
const GIVEN: [&str; 10] = ["An", "Bình", "Cường", "Dung", "Hà", "Hải", "Hoa", "Lan", "Mai", "Sơn"];

pub async fn journey(stage: &mut Stage) -> Result<()> {
    let folder = TempDir::with_prefix("tung-nha-lists-")?;
    stage.step("joining as the coordinator, on a laptop slowed to a quarter");
    let office = stage.screen("office", Look::LAPTOP).await?;
    office.join(&stage.invite("Cán bộ xã, phường")?).await?;
    office.open("/danh-sach/nhap").await?;
    office.see(&id("page-import")).await?;
    office.slow_down(4).await?;
    watch(&office).await?;

    stage.step("a list of 18,000 people is read");
    choose(&office, &written(&folder, "ca-xa.xlsx", 0..THON, |name, _| name)?).await?;
    until("the list to be read", async || Ok((people(&office).await? == Some(18_000)).then_some(()))).await?;
    ensure!(office.text(&id("import-cells")).await?.contains("15"));

    stage.step("its changes are shown, then written");
    office.tap(&id("import-preview")).await?;
    office.see(&id("import-write")).await?;
    ensure!(office.text(&id("count-added")).await?.contains("18.000"));
    office.tap(&id("import-write")).await?;
    office.see(&id("import-done")).await?;
    let (gap_ms, steps) = watched(&office).await?;
    ensure!(gap_ms < FROZEN_MS, "the page stood still for {gap_ms} ms");
    ensure!(steps >= 10, "the bar moved {steps} times only");

    stage.step("a corrected list of one thôn changes one person");
    office.tap(&id("import-again")).await?;
    let corrected = |name: String, row| if row == 0 { name.replace("An", "Ân") } else { name };
    choose(&office, &written(&folder, "thon-1.xlsx", 0..1, corrected)?).await?;
    until("the list to be read", async || Ok((people(&office).await? == Some(1_200)).then_some(()))).await?;
    office.tap(&id("import-preview")).await?;
    office.see(&id("import-write")).await?;
    ensure!(figure(&office.text(&id("count-added")).await?) == Some(0));
    ensure!(figure(&office.text(&id("count-changed")).await?) == Some(1));
    ensure!(office.text(&id("count-same")).await?.contains("1.199"));

    stage.step("the whole import is undone");
    office.open("/danh-sach/nhap").await?;
    office.tap(&id("past-undo")).await?;
    office.tap(&id("undo-yes")).await?;
    office.see_text(".snackbar", "bỏ 18.000 người").await?;
    choose(&office, &written(&folder, "thon-1.xlsx", 0..1, |name, _| name)?).await?;
    until("the list to be read", async || Ok((people(&office).await? == Some(1_200)).then_some(()))).await?;
    office.tap(&id("import-preview")).await?;
    office.see_text(&id("count-added"), "1.200").await?;
    Ok(())
}

/// A file of thôn, each below a row with its name, as a commune keeps it.
fn written(
    folder: &TempDir,
    file: &str,
    thon: std::ops::Range<usize>,
    named: impl Fn(String, usize) -> String,
) -> Result<PathBuf> {
    let mut sheet = Sheet::new(&[5, 30, 12, 16, 10], false);
    let line = |sheet: &mut Sheet, cells: &[&str]| {
        let cells: Vec<(usize, Style, &str)> = cells.iter().map(|cell| (1, Style::Text, *cell)).collect();
        sheet.line(&cells);
    };
    sheet.line(&[(5, Style::Title, "DANH SÁCH NHÂN KHẨU")]);
    sheet.blank();
    line(&mut sheet, &["STT", "Họ và tên", "Năm sinh", "Quan hệ với chủ hộ", "Số nhà"]);
    let mut row = 0;
    for thon in thon {
        line(&mut sheet, &[&format!("Thôn Nà {}", letters(thon))]);
        for household in 0..HOUSEHOLDS {
            for person in 0..PEOPLE {
                let seed = thon * 7 + household * 3 + person;
                let name = format!("{} {} {}", FAMILY[seed % 8], letters(household), GIVEN[(seed + person) % 10]);
                let year = (1940 + (seed * 11) % 65).to_string();
                let (number, relation) =
                    if person == 0 { ((household + 1).to_string(), "Chủ hộ") } else { (String::new(), "Con") };
                let house = (household + 1).to_string();
                line(&mut sheet, &[&number, &named(name, row), &year, relation, &house]);
                row += 1;
            }
        }
    }
    let path = folder.path().join(file);
    std::fs::write(&path, pack(&[("DS", sheet)]))?;
    Ok(path)
}

/// A name of two letters, so that no number is in it.
fn letters(number: usize) -> String {
    const LETTERS: &[u8; 20] = b"BCDGHKLMNPQRSTVXAEIO";
    let letter = |at: usize| char::from(LETTERS[at % LETTERS.len()]);
    format!("{}{}", letter(number / LETTERS.len()), letter(number).to_ascii_lowercase())
}

async fn choose(office: &Phone, file: &Path) -> Result<()> {
    let input = office.session()?.find(thirtyfour::By::Css(id("import-choose"))).await?;
    input.send_keys(file.to_str().context("a path")?).await?;
    Ok(())
}

async fn people(office: &Phone) -> Result<Option<u64>> {
    Ok(figure(office.text(&id("import-people")).await?.trim_start_matches("Người").trim()))
}

/// Notes the longest time between two frames, and how often a bar moved.
async fn watch(office: &Phone) -> Result<()> {
    let script = "window.longest = 0; window.moves = 0; let last = performance.now();
        const frame = (now) => { window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(frame); };
        requestAnimationFrame(frame);
        new MutationObserver((changes) => { window.moves += changes.length; })
            .observe(document.body, { subtree: true, attributes: true, attributeFilter: ['aria-valuenow'] });
        return null";
    office.eval::<()>(script, vec![]).await
}

async fn watched(office: &Phone) -> Result<(f64, u64)> {
    office.eval("return [window.longest, window.moves]", vec![]).await
}
