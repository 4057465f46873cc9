//! Attacks the server with hostile requests and prints the scoreboard.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use e2e::hostile::{Options, Scoreboard, run};

const HELP: &str = "usage: hostile [--requests N] [--seed S]";
/// How often progress is told.
const EVERY: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    match attack() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything held.
fn attack() -> Result<bool> {
    let mut options = Options::default();
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let Some(value) = args.next().and_then(|value| value.parse::<u64>().ok()) else { bail!(HELP) };
        match option.as_str() {
            "--requests" => options.requests = value,
            "--seed" => options.seed = value,
            _ => bail!(HELP),
        }
    }
    let (mut told, mut known) = (Instant::now(), 0);
    let tell = |requests: u64, score: &Scoreboard| {
        // At once: whoever watches a long run can begin to look for the cause.
        score.wrong[known..].iter().for_each(|line| eprintln!("{line}"));
        known = score.wrong.len();
        if told.elapsed() >= EVERY {
            told = Instant::now();
            eprintln!("{requests} of {} requests", options.requests);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let score = runtime.block_on(run(&options, tell))?;
    println!("{score}");
    score.wrong.iter().take(20).for_each(|line| println!("  {line}"));
    Ok(score.wrong.is_empty())
}
