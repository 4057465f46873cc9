//! The engineers' drill: the server works, is backed up, works on, is killed, comes back from the older backup; the phones
//! bring back what it lacks. `cargo xtask drill`.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use server::config::DATABASE;
use server::store::SqliteStore;
use tempfile::TempDir;

use crate::field::{Field, Office, Truth, binary};

#[derive(Debug, Default)]
pub struct Drill {
    pub confirmed: u64,
    /// Confirmed documents that the backup did not have.
    pub missing_in_backup: u64,
    pub missing_at_the_end: u64,
    pub backup: Duration,
    pub restore: Duration,
    /// From the start of the restored server until it had everything again.
    pub healing: Duration,
    /// What `tung-nha drill` printed beside the running server.
    pub told: String,
    pub wrong: Vec<String>,
}

/// `documents` are confirmed before the backup, and as many after it.
pub async fn run(documents: usize, phones: usize) -> Result<Drill> {
    let folder = TempDir::with_prefix("tung-nha-drill-")?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    let (backup, database) = (folder.path().join("backup.sqlite"), data.join(DATABASE));
    let backup_text = backup.to_string_lossy().into_owned();
    let office = Office::new(&binary()?, &data, &folder.path().join("server.log"))?;
    let mut field = Field::new(office, &data, phones, 1).await?;
    let mut drill = Drill::default();
    field.office.start().await?;
    field.begin();
    field.until_confirmed(documents).await?;
    drill.told = field.office.run(&["drill"]).await?;
    let started = Instant::now();
    field.office.run(&["backup", "--to", &backup_text]).await?;
    drill.backup = started.elapsed();
    field.until_confirmed(documents).await?;
    let refused = field.office.run(&["restore", "--from", &backup_text]).await;
    ensure!(refused.is_err(), "a restore under a running server must be refused");
    field.office.kill().await?;
    field.pause().await?;

    let old_epoch = SqliteStore::inspect(&backup).await?.epoch;
    let started = Instant::now();
    field.office.run(&["restore", "--from", &backup_text]).await?;
    drill.restore = started.elapsed();
    let restored = Truth::read(&database).await?;
    drill.missing_in_backup = restored.lost(&field.book()).len() as u64;
    ensure!(restored.epoch() != old_epoch, "the restored server has its old epoch");

    let started = Instant::now();
    field.office.start().await?;
    let stuck = field.settle().await?;
    drill.healing = started.elapsed();
    field.office.stop().await?;
    let truth = Truth::read(&database).await?;
    drill.missing_at_the_end = truth.lost(&field.book()).len() as u64;
    drill.wrong = field.check(&truth);
    let book = field.book();
    drill.confirmed = book.documents() as u64;
    drill.wrong.extend(stuck.iter().map(|phone| format!("phone {phone} is stuck")));
    drill.wrong.extend(book.traffic.errors.iter().chain(&book.traffic.refused).chain(&book.traffic.strange).cloned());
    Ok(drill)
}

impl fmt::Display for Drill {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            (self.confirmed, "documents confirmed"),
            (self.missing_in_backup, "of them not in the older backup"),
            (self.missing_at_the_end, "MISSING after the phones came back"),
            (self.wrong.len() as u64, "checks that failed"),
        ];
        for (count, label) in rows {
            writeln!(out, "{count:>12}  {label}")?;
        }
        for (time, label) in
            [(self.backup, "backup"), (self.restore, "restore"), (self.healing, "healing by the phones")]
        {
            writeln!(out, "{:>12.1}  seconds: {label}", time.as_secs_f64())?;
        }
        write!(out, "\ntung-nha drill, beside the running server:\n{}", self.told)
    }
}
