//! New builds: offered between visits, taken whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use e2e::browser::builds::{Fault, list_of, other_build};
use e2e::browser::{Phone, Stage, built_app, id, until};

pub const OFFER: &str = "update-offer";
const TOMORROW: &str = "meta[name=\"tomorrow\"]";
/// What the worker has noted.
const IS_RESTING: &str = "
    const noted = await (await caches.open('versions')).match('/versions.json');
    return (await noted.json()).isResting;
";
const HAS_WAITING: &str = "return (await navigator.serviceWorker.getRegistration()).waiting !== null";

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
    let tomorrow = other_build("tomorrow", Fault::None)?;
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
    until("tomorrow's page", async || Ok(mai.is_there(TOMORROW).await?.then_some(()))).await?;

    stage.step("the work of before is still there, or has been sent");
    ensure!(mai.badge().await?.unsent <= unsent, "unsent work grew by itself");
    mai.open(&format!("/ho/{row}")).await?;
    mai.door(&row).await?.selected_outcome("absent").await?;
    mai.all_is_sent().await?;
    mai.restart_browser().await?;
    mai.open("/tuyen").await?;
    mai.route().await?;
    until("only tomorrow's build to be kept", async || Ok((builds(&mai).await?.len() == 1).then_some(()))).await
}

pub async fn held_for_a_visit(stage: &mut Stage) -> Result<()> {
    stage.step("tomorrow's build lies ready, and Mai is at a door");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let mut rows = mai.route().await?.rows().await?.into_iter().filter(|row| row.state == "not-yet");
    let door = format!("/ho/{}", rows.next().context("no door is left")?.id);
    let next = rows.next().context("only one door is left")?;
    let tomorrow = other_build("tomorrow", Fault::None)?;
    stage.server.kill().await?;
    stage.server.serve_app(tomorrow.path());
    stage.server.start().await?;
    mai.open(&door).await?;
    ensure!(mai.eval_later::<bool>(LOOK_FOR_NEW_BUILD, vec![]).await?, "tomorrow's build does not come");
    let is_resting = async || mai.eval_later::<bool>(IS_RESTING, vec![]).await;
    until("the worker to know of the visit", async || Ok((!is_resting().await?).then_some(()))).await?;

    stage.step("the phone closes the app, tomorrow's worker takes over, and the visit goes on in the build of today");
    until("tomorrow's worker", async || {
        mai.open("about:blank").await?;
        mai.open(&door).await?;
        mai.see(&id("page-door")).await?;
        Ok((!mai.eval_later::<bool>(HAS_WAITING, vec![]).await?).then_some(()))
    })
    .await?;
    ensure!(!mai.is_there(TOMORROW).await?, "another build in the middle of a visit");
    ensure!(!mai.is_there(&id(OFFER)).await?, "an offer at the door");

    stage.step("on the list it is offered; put off, the next visit is not broken into either");
    mai.tap(&id("back")).await?;
    mai.see(&id(OFFER)).await?;
    until("the worker to know that the visit is over", async || Ok(is_resting().await?.then_some(()))).await?;
    mai.tap(&format!("{} {}", id(OFFER), id("notice-dismiss"))).await?;
    mai.route().await?.open(&next.id).await?;
    until("the worker to know of the next visit", async || Ok((!is_resting().await?).then_some(()))).await?;
    mai.open("about:blank").await?;
    mai.open(&format!("/ho/{}", next.id)).await?;
    mai.door(&next.id).await?;
    ensure!(!mai.is_there(TOMORROW).await?, "another build in the middle of the next visit");

    stage.step("it is the build of the next start after that");
    mai.tap(&id("back")).await?;
    until("the worker to know that this visit is over", async || Ok(is_resting().await?.then_some(()))).await?;
    mai.open("about:blank").await?;
    mai.open(&door).await?;
    until("tomorrow's page", async || Ok(mai.is_there(TOMORROW).await?.then_some(()))).await
}

pub async fn half_deployed(stage: &mut Stage) -> Result<()> {
    stage.step("a server in the middle of a deployment");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let before = builds(&mai).await?;
    let torn = other_build("tomorrow", Fault::HalfDeployed)?;
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
    let (_, list) = list_of(&fs::read_to_string(built_app().join("sw.js"))?)?;
    let built: Vec<(String, String)> = serde_json::from_value(list["files"].clone())?;
    let mut built: Vec<String> = built.into_iter().map(|(url, _)| url).collect();
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
pub const LOOK_FOR_NEW_BUILD: &str = "
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const worker = registration.installing ?? registration.waiting;
    if (!worker) return false;
    while (worker.state === 'installing')
        await new Promise((done) => worker.addEventListener('statechange', done, { once: true }));
    return worker.state === 'installed';
";

pub async fn builds(phone: &Phone) -> Result<std::collections::BTreeSet<String>> {
    Ok(phone.cached_files().await?.into_keys().collect())
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
