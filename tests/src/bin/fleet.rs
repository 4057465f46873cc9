//! The fleet over many seeds: prints the scoreboard, and the story of the first run in which an invariant did not hold.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use e2e::fleet::{Options, explain, run_many_telling};

/// How often progress is told.
const EVERY: Duration = Duration::from_mins(1);
const HELP: &str = "usage: fleet [--first SEED] [--seeds N] [--phones P]";

fn main() -> ExitCode {
    let (mut first, mut seeds, mut options) = (1_u64, 100_u64, Options::default());
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let value = args.next().and_then(|value| value.parse::<u64>().ok());
        match (option.as_str(), value) {
            ("--first", Some(value)) => first = value,
            ("--seeds", Some(value)) => seeds = value,
            ("--phones", Some(value)) => options.phones = usize::try_from(value).unwrap_or(options.phones),
            _ => {
                eprintln!("{HELP}");
                return ExitCode::FAILURE;
            }
        }
    }
    let start = Instant::now();
    let told = Mutex::new(start);
    let tell = |runs: u64| {
        let Ok(mut told) = told.lock() else { return };
        if told.elapsed() >= EVERY {
            *told = Instant::now();
            eprintln!("{runs} of {seeds} runs begun after {:.0} s", start.elapsed().as_secs_f64());
        }
    };
    let report = match run_many_telling(first, seeds, &options, tell) {
        Ok(report) => report,
        Err(error) => {
            eprintln!("the simulator itself failed: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}\n{:>12.1}  seconds", report.score, start.elapsed().as_secs_f64());
    let Some(seed) = report.violations.iter().map(|violation| violation.seed).min() else { return ExitCode::SUCCESS };
    match explain(seed, &options) {
        Ok(violations) => violations.iter().take(5).for_each(|violation| println!("\n{violation}")),
        Err(error) => eprintln!("the story of seed {seed} cannot be told: {error}"),
    }
    ExitCode::FAILURE
}
