//! A running server is replaced by a new version while phones sync: they notice a pause and nothing else.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use server::config::DATABASE;
use tempfile::TempDir;

use crate::field::{Field, Office, Truth, binary};

#[derive(Debug, Default)]
pub struct Replacements {
    pub times: u64,
    /// From "stop" to the first answer of the new one.
    pub longest_pause: Duration,
    /// Requests without an answer: they came when the door was being closed. To a phone that is "no network".
    pub cut_off: u64,
    pub wrong: Vec<String>,
}

/// Every second time the new version is started first and waits for the old one; else after the old one has ended.
pub async fn run(times: u64, phones: usize) -> Result<Replacements> {
    let folder = TempDir::with_prefix("tung-nha-replaced-")?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    let versions = [binary()?, folder.path().join("tung-nha-moi")];
    std::fs::copy(&versions[0], &versions[1])?;
    let office = Office::new(&versions[0], &data, &folder.path().join("server.log"))?;
    let mut field = Field::new(office, &data, phones, 1).await?;
    let mut done = Replacements::default();
    field.office.start().await?;
    field.begin();
    for number in 0..times {
        field.until_confirmed(30).await?;
        let version = &versions[usize::from(number.is_multiple_of(2))];
        field.office.replace_program(version);
        let pause = if number % 4 < 2 {
            let starting = field.office.begin_start()?;
            // Long enough to stand before the lock, with the old one still serving.
            tokio::time::sleep(Duration::from_millis(150)).await;
            let stopped = Instant::now();
            field.office.stop().await?;
            field.office.adopt(starting).await?;
            stopped.elapsed()
        } else {
            let stopped = Instant::now();
            field.office.stop().await?;
            field.office.start().await?;
            stopped.elapsed()
        };
        done.times += 1;
        done.longest_pause = done.longest_pause.max(pause);
    }
    let stuck = field.settle().await?;
    field.office.stop().await?;
    let truth = Truth::read(&data.join(DATABASE)).await.context("after the last replacement")?;
    done.wrong = field.check(&truth);
    let book = field.book();
    ensure!(book.confirmed() > 0, "no phone has sent anything");
    done.wrong.extend(stuck.iter().map(|phone| format!("phone {phone} is stuck")));
    done.wrong.extend(book.traffic.errors.iter().chain(&book.traffic.refused).chain(&book.traffic.strange).cloned());
    done.cut_off = book.traffic.cut_off;
    Ok(done)
}
