//! Broken lists by the hundred thousand: prints what came of them, and keeps the first that did what none may do.

use std::process::ExitCode;
use std::time::Instant;

use e2e::fuzz;

const HELP: &str = "usage: fuzz_lists [--inputs N] [--seed S]";

fn main() -> ExitCode {
    let (mut inputs, mut seed) = (100_000_u64, 1_u64);
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let value = args.next().and_then(|value| value.parse::<u64>().ok());
        match (option.as_str(), value) {
            ("--inputs", Some(value)) => inputs = value,
            ("--seed", Some(value)) => seed = value,
            _ => {
                eprintln!("{HELP}");
                return ExitCode::FAILURE;
            }
        }
    }
    let start = Instant::now();
    match fuzz::run(inputs, seed) {
        Ok(figures) => {
            println!("{figures}\n{:>12.1}  seconds", start.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let path = std::env::temp_dir().join(format!("{seed}-{}-{}", failure.input, failure.file_name));
            println!("{failure}");
            match std::fs::write(&path, &failure.bytes) {
                Ok(()) => println!("kept as {}", path.display()),
                Err(error) => println!("could not be kept: {error}"),
            }
            ExitCode::FAILURE
        }
    }
}
