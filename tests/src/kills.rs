//! SIGKILL of the real server process, again and again, while phones write as fast as they can. `cargo xtask kills`.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use server::config::DATABASE;
use tempfile::TempDir;

use crate::field::{Field, Office, Truth, binary};
use crate::fleet::rng::Rng;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub kills: u64,
    pub phones: usize,
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { kills: 500, phones: 12, seed: 1 }
    }
}

#[derive(Debug, Default)]
pub struct Scoreboard {
    /// While phones were being served.
    pub kills_at_work: u64,
    /// On the way up, before the first request.
    pub kills_at_start: u64,
    /// While an empty file got its tables.
    pub kills_in_migration: u64,
    /// While the last requests ended and the log was written into the file.
    pub kills_at_stop: u64,
    pub requests: u64,
    /// Requests that a kill has cut off, answered or not.
    pub cut_off: u64,
    pub confirmed: u64,
    pub documents: u64,
    pub lost: u64,
    pub doubled: u64,
    pub stuck: u64,
    /// Answers that were neither a reply nor silence.
    pub errors: u64,
    pub seconds: f64,
    /// Everything that did not hold.
    pub wrong: Vec<String>,
}

pub async fn run(options: &Options) -> Result<Scoreboard> {
    let started = Instant::now();
    let folder = TempDir::with_prefix("tung-nha-kills-")?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    let office = Office::new(&binary()?, &data, &folder.path().join("server.log"))?;
    let mut field = Field::new(office, &data, options.phones, options.seed).await?;
    let mut rng = Rng::new(options.seed);
    let mut score = Scoreboard::default();
    field.begin();
    for number in 0..options.kills {
        match rng.below(20) {
            0 | 1 => {
                let starting = field.office.begin_start()?;
                wait(&mut rng, 60).await;
                starting.kill().await?;
                score.kills_at_start += 1;
            }
            2 => {
                kill_in_migration(&folder.path().join(format!("new-{number}")), &mut rng).await?;
                score.kills_in_migration += 1;
            }
            3 | 4 => {
                field.office.start().await?;
                wait(&mut rng, 300).await;
                field.office.stop_and_kill(Duration::from_millis(rng.below(40))).await?;
                score.kills_at_stop += 1;
            }
            _ => {
                field.office.start().await?;
                wait(&mut rng, 300).await;
                field.office.kill().await?;
                score.kills_at_work += 1;
            }
        }
    }
    field.office.start().await?;
    let stuck = field.settle().await?;
    field.office.stop().await?;
    let truth = Truth::read(&data.join(DATABASE)).await?;
    score.wrong = field.check(&truth);
    field.office.start().await?;
    field.send_again().await?;
    field.office.stop().await?;
    if !truth.is_same_as(&Truth::read(&data.join(DATABASE)).await?) {
        score.wrong.push("sending again what was confirmed has changed something".to_owned());
    }
    let book = field.book();
    score.wrong.extend(stuck.iter().map(|phone| format!("phone {phone} is stuck")));
    score.wrong.extend(book.traffic.errors.iter().chain(&book.traffic.refused).chain(&book.traffic.strange).cloned());
    if book.traffic.diverged > 0 {
        score.wrong.push(format!("{} times a phone's copy differed from the server's", book.traffic.diverged));
    }
    score.requests = book.traffic.requests;
    score.cut_off = book.traffic.cut_off;
    score.confirmed = book.confirmed() as u64;
    score.documents = book.documents() as u64;
    score.lost = truth.lost(&book).len() as u64;
    score.doubled = truth.doubled(&book).len() as u64;
    score.stuck = stuck.len() as u64;
    score.errors = book.traffic.errors.len() as u64;
    score.seconds = started.elapsed().as_secs_f64();
    Ok(score)
}

async fn wait(rng: &mut Rng, most_ms: u64) {
    tokio::time::sleep(Duration::from_millis(rng.between(0, most_ms))).await;
}

/// A new folder: the process dies while it makes the tables; the next one starts on what is left.
async fn kill_in_migration(data: &Path, rng: &mut Rng) -> Result<()> {
    let log = data.with_extension("log");
    std::fs::create_dir(data)?;
    let mut office = Office::new(&binary()?, data, &log)?;
    let starting = office.begin_start()?;
    wait(rng, 60).await;
    starting.kill().await?;
    office.start().await?;
    office.stop().await?;
    server::store::SqliteStore::inspect(&data.join(DATABASE)).await?;
    ensure!(!office.log().contains("panicked"), "the server panicked: {}", office.log());
    std::fs::remove_dir_all(data)?;
    Ok(())
}

impl Scoreboard {
    pub fn kills(&self) -> u64 {
        self.kills_at_work + self.kills_at_start + self.kills_in_migration + self.kills_at_stop
    }
}

impl fmt::Display for Scoreboard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            (self.kills(), "SIGKILLs of the server"),
            (self.kills_at_work, "  while it served"),
            (self.kills_at_start, "  while it started"),
            (self.kills_in_migration, "  while it made its tables"),
            (self.kills_at_stop, "  while it was stopping"),
            (self.requests, "requests"),
            (self.cut_off, "requests cut off"),
            (self.confirmed, "documents confirmed, with edits"),
            (self.documents, "documents confirmed, each once"),
            (self.lost, "LOST"),
            (self.doubled, "DOUBLED"),
            (self.stuck, "STUCK phones"),
            (self.errors, "errors told to a phone"),
            (self.wrong.len() as u64, "checks that failed"),
        ];
        for (count, label) in rows {
            writeln!(out, "{count:>12}  {label}")?;
        }
        write!(out, "{:>12.1}  seconds", self.seconds)
    }
}
