//! The fleet over many seeds: prints the scoreboard, each run in which an invariant did not hold, and the story of the
//! first of them.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use e2e::fleet::{Options, Report, explain, mistakes, run_many_telling};

/// How often progress is told.
const EVERY: Duration = Duration::from_mins(1);
/// Runs of a seed that serves requests at once, until one goes wrong again.
const TRIES: u32 = 30;
/// Violations of one run whose stories are told.
const STORIES: usize = 5;
const HELP: &str = "usage: fleet [--first SEED] [--seeds N] [--phones P] [--plant MISTAKE] [--lines N]";

fn main() -> ExitCode {
    let (mut first, mut seeds, mut options) = (1_u64, 100_u64, Options { goes_on: true, ..Options::default() });
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let value = args.next().unwrap_or_default();
        if option == "--plant" {
            options.planted = mistakes().find(|mistake| format!("{mistake:?}") == value);
            if options.planted.is_none() {
                eprintln!("{HELP}\nmistakes: {:?}", mistakes().collect::<Vec<_>>());
                return ExitCode::FAILURE;
            }
            continue;
        }
        match (option.as_str(), value.parse::<u64>().ok()) {
            ("--first", Some(value)) => first = value,
            ("--seeds", Some(value)) => seeds = value,
            ("--lines", Some(value)) => options.lines = usize::try_from(value).unwrap_or(options.lines),
            ("--phones", Some(value)) => options.phones = usize::try_from(value).unwrap_or(options.phones),
            _ => {
                eprintln!("{HELP}");
                return ExitCode::FAILURE;
            }
        }
    }
    let start = Instant::now();
    let told = Mutex::new(start);
    let tell = |runs: u64, report: &Report| {
        // At once: whoever watches a run of an hour can begin to look for the cause.
        if let Some(violation) = report.violations.first() {
            eprintln!("seed {}: {} does not hold: {}", violation.seed, violation.invariant, violation.what);
        }
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
    let overtaken = report.score.overtakes_too_many();
    if let Some(overtaken) = &overtaken {
        println!("\n{overtaken}");
    }
    let Some(seed) = report.violations.iter().map(|violation| violation.seed).min() else {
        return if overtaken.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    };
    for _ in 0..TRIES {
        match explain(seed, &options) {
            Ok(violations) if violations.is_empty() => continue,
            Ok(violations) => violations.iter().take(STORIES).for_each(|violation| println!("\n{violation}")),
            Err(error) => eprintln!("the story of seed {seed} cannot be told: {error}"),
        }
        return ExitCode::FAILURE;
    }
    eprintln!("seed {seed} serves requests at once and went well in {TRIES} more runs: no two are the same");
    ExitCode::FAILURE
}
