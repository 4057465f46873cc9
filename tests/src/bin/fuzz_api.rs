//! Lets schemathesis at the API for as long as is said.

use std::process::ExitCode;

use anyhow::{Result, bail};
use e2e::fuzz_api;

const HELP: &str = "usage: fuzz_api [--seconds N] [--seed S]";

fn main() -> ExitCode {
    match run() {
        Ok(wrong) if wrong.is_empty() => ExitCode::SUCCESS,
        Ok(wrong) => {
            for line in wrong {
                println!("{line}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Vec<String>> {
    let (mut seconds, mut seed) = (60_u64, 1_u64);
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let Some(value) = args.next().and_then(|value| value.parse().ok()) else { bail!(HELP) };
        match option.as_str() {
            "--seconds" => seconds = value,
            "--seed" => seed = value,
            _ => bail!(HELP),
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(fuzz_api::run(seconds, seed))
}
