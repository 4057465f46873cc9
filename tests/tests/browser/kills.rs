//! The browser is killed between any two writes of the main flows. Whatever the screen had called stored is there when
//! it is started again; then the work is finished, and the server has it exactly once.

mod door;
mod forms;
mod joining;
mod lead;
mod leaving;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use domain::replica::Row as StoredRow;
use domain::{DocId, Document};
use e2e::browser::{Freezer, Phone, Points, Report, Stage, id};

pub use joining::joining;
pub use lead::division;
pub use leaving::leaving;

/// Whose new phone shows what the server has.
const LEAD: &str = "Nông Văn Thắng";

/// Something a person does, from a page that stands ready.
trait Flow {
    /// Brings the phone to where it begins.
    async fn begin(&mut self, phone: &Phone) -> Result<()>;

    /// Does it, and waits until the screen has called it stored.
    async fn act(&self, phone: &Phone) -> Result<()>;

    /// The browser was killed and has just been started again: what was shown must be there. Then the work is finished.
    async fn after(&self, phone: &Phone, then: &Report) -> Result<()>;
}

/// Kills at the first point, at the second, and so on until the flow ends before it comes to be killed. Answers how
/// many times that was.
async fn kill_everywhere(
    stage: &Stage,
    freezer: &Freezer,
    phone: &Phone,
    what: &str,
    points: Points,
    flow: &mut impl Flow,
) -> Result<u32> {
    for point in 1.. {
        stage.step(format!("{what}, kill {point}"));
        flow.begin(phone).await.with_context(|| format!("{what}: before kill {point}"))?;
        // What the phone stores by itself may freeze the page before it has answered that it is armed.
        let act = async {
            freezer.arm(phone, point, points).await?;
            flow.act(phone).await
        };
        let frozen = tokio::select! {
            done = act => { done.with_context(|| format!("{what}: towards kill {point}"))?; None }
            frozen = freezer.frozen() => Some(frozen?),
        };
        let Some(frozen) = frozen else {
            freezer.disarm(phone).await?;
            stage.step(format!("{what}: killed {} times", point - 1));
            return Ok(point - 1);
        };
        phone.kill_browser().await?;
        phone.open_browser().await?;
        freezer.fit(phone).await?;
        let told = || format!("{what}: after kill {point} at {:?}", frozen.report);
        flow.after(phone, &frozen.report).await.with_context(told)?;
    }
    unreachable!("a flow has fewer writes than there are numbers")
}

/// A phone whose pages can be frozen, with its cookies written down.
async fn ready(stage: &Stage, freezer: &Freezer, name: &str, role: &str) -> Result<Phone> {
    stage.step("joining");
    let phone = stage.enrolled(name, role).await?;
    phone.restart_browser().await?;
    freezer.fit(&phone).await?;
    phone.open("/").await?;
    phone.see(&id("sync-badge")).await?;
    Ok(phone)
}

async fn rows(phone: &Phone) -> Result<BTreeMap<DocId, StoredRow>> {
    let rows = phone.stored_rows().await?;
    rows.into_iter().map(|(id, row)| Ok((id.parse()?, serde_json::from_str(&row)?))).collect()
}

/// The documents that the phone shows and that are like this.
async fn shown(phone: &Phone, is_wanted: impl Fn(&Document) -> bool) -> Result<Vec<Document>> {
    let rows = rows(phone).await?;
    Ok(rows.values().filter_map(StoredRow::shown).filter(|doc| is_wanted(doc)).cloned().collect())
}

/// A phone that joins now gets from the server what the server has: the same documents as on the phone that was killed
/// again and again, none twice and none missing.
async fn server_has_the_same(stage: &Stage, phone: &Phone) -> Result<()> {
    stage.step("a new phone gets the same from the server");
    phone.network_is_back().await?;
    phone.all_is_sent().await?;
    let ours = rows(phone).await?;
    ensure!(ours.values().all(|row| row.mine.is_none() && row.refused.is_none()), "something is unsent or refused");
    let other = stage.phone("witness").await?;
    other.join(&stage.server.invite(LEAD).await?).await?;
    let theirs = rows(&other).await?;
    let areas: Vec<DocId> =
        ours.values().filter(|row| row.base.as_ref().is_some_and(is_household)).map(|row| row.scope).collect();
    ensure!(!areas.is_empty(), "the phone has no households");
    let of_areas = |rows: &BTreeMap<DocId, StoredRow>| {
        let rows = rows.iter().filter(|(_, row)| areas.contains(&row.scope));
        rows.map(|(id, row)| (*id, row.base.clone())).collect::<BTreeMap<_, _>>()
    };
    let (ours, theirs) = (of_areas(&ours), of_areas(&theirs));
    let differing = ours.keys().chain(theirs.keys()).find(|id| ours.get(id) != theirs.get(id));
    ensure!(
        differing.is_none(),
        "{differing:?}: {:?} is {:?} on a new phone",
        ours.get(differing.unwrap_or(&DocId::from_u128(0))),
        theirs.get(differing.unwrap_or(&DocId::from_u128(0)))
    );
    Ok(())
}

fn is_household(doc: &Document) -> bool {
    doc.kind == domain::Kind::Household
}

/// A visit with two services, and taking back.
pub async fn at_the_door(stage: &mut Stage) -> Result<()> {
    let freezer = Freezer::new().await?;
    let mai = ready(stage, &freezer, "Mai", "Thành viên").await?;
    let doors = door::Doors::untouched(&mai).await?;
    let mut kills = 0;
    kills += kill_everywhere(stage, &freezer, &mai, "a visit", Points::All, &mut door::Visit::new(&doors)).await?;
    kills += kill_everywhere(stage, &freezer, &mai, "an undo", Points::All, &mut door::TakingBack::new(&doors)).await?;
    ensure!(kills >= 12, "only {kills} kills");
    server_has_the_same(stage, &mai).await
}

/// A person corrected, a person added.
pub async fn over_people(stage: &mut Stage) -> Result<()> {
    let freezer = Freezer::new().await?;
    let mai = ready(stage, &freezer, "Mai", "Thành viên").await?;
    let doors = door::Doors::untouched(&mai).await?;
    let mut kills = 0;
    kills += kill_everywhere(stage, &freezer, &mai, "a correction", Points::All, &mut forms::Correction::new(&doors))
        .await?;
    kills +=
        kill_everywhere(stage, &freezer, &mai, "a new person", Points::All, &mut forms::NewPerson::new(&doors)).await?;
    ensure!(kills >= 10, "only {kills} kills");
    server_has_the_same(stage, &mai).await
}

/// A household added, with its head.
pub async fn over_a_household(stage: &mut Stage) -> Result<()> {
    let freezer = Freezer::new().await?;
    let mai = ready(stage, &freezer, "Mai", "Thành viên").await?;
    let mut household = forms::NewHousehold::default();
    let kills = kill_everywhere(stage, &freezer, &mai, "a new household", Points::All, &mut household).await?;
    ensure!(kills >= 6, "only {kills} kills");
    server_has_the_same(stage, &mai).await
}
