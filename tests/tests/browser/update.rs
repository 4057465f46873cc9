//! New builds: offered between visits, taken whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use e2e::browser::{Phone, Stage, built_app, id};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const LIST: &str = "const PRECACHE = ";
const OFFER: &str = "update-offer";

pub async fn offered(stage: &mut Stage) -> Result<()> {
    stage.step("working with the build of today");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let row = mai.route().await?.rows().await?.into_iter().find(|row| row.state == "not-yet");
    let row = row.context("no door is left")?.id;
    mai.open(&format!("/ho/{row}")).await?;
    let door = mai.door(&row).await?;

    stage.step("tomorrow's build is on the server, and one knock is unsent");
    stage.server.kill().await?;
    door.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;
    let unsent = mai.has_unsent(1).await?;
    let tomorrow = other_build(Hashes::Right)?;
    stage.server.serve_app(tomorrow.path());
    stage.server.start().await?;
    mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?;

    stage.step("it is not offered at the door");
    ensure!(!mai.is_there(&id(OFFER)).await?, "an offer at the door");
    ensure!(builds(&mai).await?.len() == 2, "both builds are kept: {:?}", builds(&mai).await?);

    stage.step("it is offered on the list, and taken");
    door.leave().await?;
    mai.see(&id(OFFER)).await?;
    mai.tap(&format!("{} {}", id(OFFER), id("notice-action"))).await?;
    mai.gone(&id(OFFER)).await?;
    mai.route().await?;
    let is_tomorrows = async || Ok(mai.is_there("meta[name=\"tomorrow\"]").await?.then_some(()));
    e2e::browser::until("tomorrow's page", is_tomorrows).await?;

    stage.step("the work of before is still there, or has been sent");
    ensure!(mai.badge().await?.unsent <= unsent, "unsent work grew by itself");
    mai.open(&format!("/ho/{row}")).await?;
    mai.door(&row).await?.selected_outcome("absent").await?;
    mai.all_is_sent().await?;
    mai.restart_browser().await?;
    mai.open("/tuyen").await?;
    mai.route().await?;
    e2e::browser::until("only tomorrow's build to be kept", async || Ok((builds(&mai).await?.len() == 1).then_some(())))
        .await
}

pub async fn half_deployed(stage: &mut Stage) -> Result<()> {
    stage.step("a server in the middle of a deployment");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let before = builds(&mai).await?;
    let torn = other_build(Hashes::Wrong)?;
    stage.server.kill().await?;
    stage.server.serve_app(torn.path());
    stage.server.start().await?;
    let is_taken: bool = mai.eval_later(LOOK_FOR_NEW_BUILD, vec![]).await?;
    ensure!(!is_taken, "a torn build was taken");

    stage.step("the whole build goes on, also without a server");
    stage.server.kill().await?;
    mai.reload().await?;
    mai.route().await?;
    ensure!(!mai.is_there(&id(OFFER)).await?, "a torn build is offered");
    ensure!(builds(&mai).await?.is_superset(&before), "the whole build is gone");
    Ok(())
}

pub async fn cache(stage: &mut Stage) -> Result<()> {
    stage.step("joining");
    let mai = stage.enrolled("Mai", "Thành viên").await?;

    stage.step("what is kept is what was built");
    let mut built: Vec<String> = list_of(&fs::read_to_string(built_app().join("sw.js"))?)?.1;
    built.sort();
    let kept = mai.cached_files().await?;
    ensure!(kept.len() == 1, "more than one build is kept: {:?}", kept.keys());
    ensure!(kept.values().next() == Some(&built), "kept {kept:?}, built {built:?}");
    let mut files = vec![];
    collect(&built_app(), &built_app(), &mut files)?;
    // The office's list pages are for a laptop with a network: no phone keeps them.
    let is_of_office = |file: &String| file == "/danh-sach.html" || file.starts_with("/office-");
    ensure!(files.iter().any(is_of_office), "the office's pages are not built");
    files.retain(|file| !is_of_office(file));
    files.sort();
    ensure!(files == built, "the list {built:?} is not what was built: {files:?}");
    Ok(())
}

/// Waits until the worker of another build waits (true) or was given up (false).
const LOOK_FOR_NEW_BUILD: &str = "
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const worker = registration.installing ?? registration.waiting;
    if (!worker) return false;
    while (worker.state === 'installing')
        await new Promise((done) => worker.addEventListener('statechange', done, { once: true }));
    return worker.state === 'installed';
";

async fn builds(phone: &Phone) -> Result<std::collections::BTreeSet<String>> {
    Ok(phone.cached_files().await?.into_keys().collect())
}

enum Hashes {
    Right,
    Wrong,
}

/// Today's build with one line more in its page, as if built anew.
fn other_build(hashes: Hashes) -> Result<TempDir> {
    let folder = TempDir::with_prefix("tung-nha-app-")?;
    copy(&built_app(), folder.path())?;
    let page = folder.path().join("index.html");
    let text = fs::read_to_string(&page)?.replace("<head>", "<head><meta name=\"tomorrow\" />");
    fs::write(&page, &text)?;
    let worker = folder.path().join("sw.js");
    let source = fs::read_to_string(&worker)?;
    let (line, _) = list_of(&source)?;
    let mut list: Value = serde_json::from_str(line.trim_start_matches(LIST).trim_end_matches(';'))?;
    list["build"] = "tomorrow".into();
    let files = list["files"].as_array_mut().context("no list of files")?;
    let entry = files.iter_mut().find(|entry| entry[0] == "/").context("the page is not in the list")?;
    let hash = match hashes {
        Hashes::Right => Sha256::digest(&text),
        Hashes::Wrong => Sha256::digest("another page"),
    };
    entry[1] = format!("{hash:x}").into();
    fs::write(&worker, source.replace(&line, &format!("{LIST}{list};")))?;
    Ok(folder)
}

/// The worker's line with the list, and the paths in it.
fn list_of(worker: &str) -> Result<(String, Vec<String>)> {
    let line = worker.lines().find(|line| line.starts_with(LIST)).context("the worker has no list")?;
    let list: Value = serde_json::from_str(line.trim_start_matches(LIST).trim_end_matches(';'))?;
    let files = list["files"].as_array().context("no files")?;
    let paths = files.iter().filter_map(|entry| entry[0].as_str()).map(ToOwned::to_owned).collect();
    Ok((line.to_owned(), paths))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("no built app in {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The address of every file, as the worker's list has it.
fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
            continue;
        }
        let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
        match name.as_str() {
            "sw.js" => {}
            "index.html" => found.push("/".to_owned()),
            _ => found.push(format!("/{name}")),
        }
    }
    Ok(())
}
