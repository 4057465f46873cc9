//! Kills the server many times and prints the scoreboard; or runs the drill of a restore.

use std::process::ExitCode;

use anyhow::{Result, bail};
use e2e::{drill, kills, replaced};

const HELP: &str = "usage: kills [--kills N] [--phones P] [--seed S] | kills --drill DOCUMENTS | kills --replace TIMES";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything held.
fn run() -> Result<bool> {
    let (mut options, mut documents, mut times) = (kills::Options::default(), None, None);
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let Some(value) = args.next().and_then(|value| value.parse::<u64>().ok()) else { bail!(HELP) };
        match option.as_str() {
            "--kills" => options.kills = value,
            "--phones" => options.phones = usize::try_from(value)?,
            "--seed" => options.seed = value,
            "--drill" => documents = Some(usize::try_from(value)?),
            "--replace" => times = Some(value),
            _ => bail!(HELP),
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let wrong = if let Some(documents) = documents {
            let drill = drill::run(documents, options.phones).await?;
            println!("{drill}");
            drill.wrong
        } else if let Some(times) = times {
            let done = replaced::run(times, options.phones).await?;
            println!("{:>12}  replacements\n{:>12}  requests cut off", done.times, done.cut_off);
            println!("{:>12.1}  seconds: longest pause", done.longest_pause.as_secs_f64());
            done.wrong
        } else {
            let score = kills::run(&options).await?;
            println!("{score}");
            score.wrong
        };
        for line in wrong.iter().take(20) {
            println!("  {line}");
        }
        Ok(wrong.is_empty())
    })
}
