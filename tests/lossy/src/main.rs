//! Power cuts: the real server on a disk that forgets what was not synced. `cargo xtask power-cuts`; needs root and FUSE.

mod cuts;
mod disk;
mod mounted;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "usage: lossy [--cuts N] [--control N] [--phones P]";

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

/// Whether everything held, and the control was caught.
fn run() -> Result<bool> {
    let (mut cut, mut control, mut phones) = (200_u64, 20_u64, 8_usize);
    let mut args = std::env::args().skip(1);
    while let Some(option) = args.next() {
        let Some(value) = args.next().and_then(|value| value.parse::<u64>().ok()) else { bail!(HELP) };
        match option.as_str() {
            "--cuts" => cut = value,
            "--control" => control = value,
            "--phones" => phones = usize::try_from(value)?,
            _ => bail!(HELP),
        }
    }
    let server = e2e::field::binary()?;
    let planted = std::env::var_os("TUNG_NHA_PLANTED_SERVER").map(PathBuf::from);
    let planted = planted.context("TUNG_NHA_PLANTED_SERVER must name the server built with the feature `planted`")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let told = cuts::full(&server, phones).await?;
        println!("disk full for a while: {told} requests were told so, nothing lost, no restart\n");
        println!(
            "{:<12} {:>6} {:>11} {:>8} {:>14} {:>8} {:>6} {:>8}",
            "synchronous", "cuts", "confirmed", "LOST", "cuts with loss", "DAMAGED", "STUCK", "seconds"
        );
        let full = cuts::run(&server, cut, phones, false).await?;
        row("FULL", &full);
        let normal = cuts::run(&planted, control, phones, true).await?;
        row("NORMAL", &normal);
        let wrong = full.wrong.iter().chain(&normal.wrong);
        wrong.take(20).for_each(|line| println!("  {line}"));
        if control > 0 && normal.lost == 0 {
            println!("  the control has lost nothing: this disk is too kind to prove anything");
        }
        Ok(full.wrong.is_empty() && full.lost == 0 && (control == 0 || normal.lost > 0))
    })
}

fn row(name: &str, score: &cuts::Score) {
    let cuts::Score { cuts, cuts_with_a_loss, confirmed, lost, damaged, stuck, seconds, .. } = score;
    println!(
        "{name:<12} {cuts:>6} {confirmed:>11} {lost:>8} {cuts_with_a_loss:>14} {damaged:>8} {stuck:>6} {seconds:>8.1}"
    );
}
