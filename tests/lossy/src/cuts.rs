//! Power cuts under phones that write as fast as they can; and a disk that is full for a while.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use e2e::field::{Field, Office, Truth};
use tempfile::TempDir;

use crate::disk::{Disk, SECTOR};
use crate::mounted::Mounted;

const DATABASE: &str = "tung-nha.sqlite";
const PAGE: usize = 4_096;

#[derive(Debug, Default)]
pub struct Score {
    pub cuts: u64,
    /// Cuts after which something that had been confirmed was not there.
    pub cuts_with_a_loss: u64,
    pub confirmed: u64,
    pub lost: u64,
    /// Cuts after which the file could not be used.
    pub damaged: u64,
    pub stuck: u64,
    pub seconds: f64,
    pub wrong: Vec<String>,
}

/// A commune on a forgetful disk.
struct Stage {
    // In the order in which they are to be given up.
    field: Field,
    mounted: Option<Mounted>,
    folder: TempDir,
}

impl Stage {
    async fn new(binary: &Path, phones: usize, is_normal: bool) -> Result<Self> {
        let folder = TempDir::with_prefix("tung-nha-power-")?;
        let (plain, disk) = (folder.path().join("plain"), folder.path().join("disk"));
        std::fs::create_dir(&plain)?;
        std::fs::create_dir(&disk)?;
        let mut office = Office::new(binary, &disk, &folder.path().join("server.log"))?;
        if is_normal {
            office.set("TUNG_NHA_PLANT_SYNCHRONOUS_NORMAL", "1");
        }
        let field = Field::new(office, &plain, phones, 1).await?;
        let mut stage = Self { folder, field, mounted: None };
        stage.mount([(DATABASE.to_owned(), std::fs::read(plain.join(DATABASE))?)])?;
        Ok(stage)
    }

    fn mount(&mut self, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<()> {
        self.mounted = Some(Mounted::new(Disk::with(files), &self.folder.path().join("disk"))?);
        Ok(())
    }

    fn mounted(&self) -> Result<&Mounted> {
        self.mounted.as_ref().context("nothing is mounted")
    }

    /// The power goes: the disk is dead at once, the server soon after. Answers what is left.
    async fn cut(&mut self, unit: usize, survives: impl FnMut() -> bool) -> Result<Vec<(String, Vec<u8>)>> {
        let left = {
            let mut disk = self.mounted()?.disk();
            disk.is_dead = true;
            disk.after_power_cut(unit, survives)
        };
        self.field.office.kill().await?;
        self.mounted.take().context("nothing is mounted")?.unmount()?;
        Ok(left)
    }

    /// The database as these files hold it, without changing them.
    async fn truth(&self, files: &[(String, Vec<u8>)]) -> Result<Truth> {
        let copy = TempDir::new_in(self.folder.path())?;
        for (name, bytes) in files {
            std::fs::write(copy.path().join(name), bytes)?;
        }
        Truth::read(&copy.path().join(DATABASE)).await
    }
}

/// `is_normal`: the planted program with synchronous NORMAL, the control.
pub async fn run(binary: &Path, cuts: u64, phones: usize, is_normal: bool) -> Result<Score> {
    let started = Instant::now();
    let mut stage = Stage::new(binary, phones, is_normal).await?;
    let mut score = Score::default();
    let mut chance = Chance(if is_normal { 2 } else { 1 });
    stage.field.begin();
    for number in 0..cuts {
        stage.field.office.start().await?;
        tokio::time::sleep(Duration::from_millis(50 + chance.below(350))).await;
        // Nothing arrives that was not synced; or any pages of it; or any sectors.
        let left = match number % 3 {
            0 => stage.cut(PAGE, || false).await?,
            1 => stage.cut(PAGE, || chance.below(2) == 0).await?,
            _ => stage.cut(SECTOR, || chance.below(2) == 0).await?,
        };
        score.cuts += 1;
        match stage.truth(&left).await {
            Ok(truth) => {
                let lost = truth.lost(&stage.field.book());
                score.lost += lost.len() as u64;
                score.cuts_with_a_loss += u64::from(!lost.is_empty());
                stage.field.book().forget(&lost);
            }
            Err(error) => {
                score.damaged += 1;
                score.wrong.push(format!("cut {number}: {error:#}"));
                break;
            }
        }
        stage.mount(left)?;
    }
    // The control has lost what phones believe to be safe: nothing more is to be learnt from it.
    if !is_normal && score.damaged == 0 {
        stage.field.office.start().await?;
        let stuck = stage.field.settle().await?;
        score.stuck = stuck.len() as u64;
        let left = stage.cut(PAGE, || false).await?;
        let truth = stage.truth(&left).await?;
        score.wrong.extend(stage.field.check(&truth));
        let book = stage.field.book();
        score.wrong.extend(book.traffic.refused.iter().chain(&book.traffic.strange).cloned());
        if book.traffic.diverged > 0 {
            score.wrong.push(format!("{} times a phone's copy differed from the server's", book.traffic.diverged));
        }
    }
    stage.field.pause().await?;
    score.confirmed = stage.field.book().confirmed() as u64;
    score.seconds = started.elapsed().as_secs_f64();
    Ok(score)
}

/// The disk has no more room while phones write, then it has again; the server runs all the time. Answers how many
/// requests were told so.
pub async fn full(binary: &Path, phones: usize) -> Result<usize> {
    const FULL: &str = "\"storage_full\"";
    let mut stage = Stage::new(binary, phones, false).await?;
    stage.field.office.start().await?;
    stage.field.begin();
    stage.field.until_confirmed(30).await?;
    {
        let mut disk = stage.mounted()?.disk();
        disk.room = Some(disk.used() + 32 * 1_024);
    }
    for _ in 0..1_000 {
        if stage.field.book().traffic.errors.len() >= 10 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stage.mounted()?.disk().room = None;
    stage.field.until_confirmed(30).await?;
    let stuck = stage.field.settle().await?;
    let left = stage.cut(PAGE, || false).await?;
    let truth = stage.truth(&left).await?;
    let wrong = stage.field.check(&truth);
    ensure!(wrong.is_empty() && stuck.is_empty(), "after a full disk: {wrong:#?}, stuck: {stuck:?}");
    let book = stage.field.book();
    let others: Vec<_> = book.traffic.errors.iter().filter(|error| !error.contains(FULL)).take(5).collect();
    ensure!(others.is_empty(), "phones were told something else than that the disk is full: {others:#?}");
    ensure!(book.traffic.errors.len() >= 10, "the disk was not full");
    Ok(book.traffic.errors.len())
}

/// `SplitMix64`, as in the fleet.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 31)) % limit
    }
}
