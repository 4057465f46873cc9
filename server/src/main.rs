//! The program of a commune: serves the app and its sync, makes invites, keeps backups.

use std::process::ExitCode;

use anyhow::Result;
use server::config::Config;
use server::{commands, logging};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The sentence is for the person at the terminal: no backtrace, whatever the environment asks for.
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<()> {
    let config = Config::parse(std::env::args_os().skip(1))?;
    logging::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(config))
}
