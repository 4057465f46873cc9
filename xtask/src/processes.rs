//! What is tried on the real server process: kills, a restore, power cuts.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::shell::{cargo, program, run};
use crate::test;

pub const SERVER: &str = "TUNG_NHA_SERVER";
const PLANTED: &str = "TUNG_NHA_PLANTED_SERVER";

/// The short forms, as tests.
pub fn step() -> Result<()> {
    let server = test::server()?;
    run(cargo(&["test", "--package", "e2e", "--test", "kills"]).env(SERVER, server))
}

pub fn kills(rest: &[String]) -> Result<()> {
    check(rest, &["--kills", "--phones", "--seed"])?;
    on_processes(rest)
}

pub fn drill() -> Result<()> {
    on_processes(&["--drill".to_owned(), "1000".to_owned()])
}

fn on_processes(arguments: &[String]) -> Result<()> {
    let server = server(&[])?;
    let mut kills = cargo(&["run", "--release", "--package", "e2e", "--bin", "kills", "--"]);
    run(kills.args(arguments).env(SERVER, server))
}

/// A short attack, as a test.
pub fn hostile_step() -> Result<()> {
    let server = test::server()?;
    run(cargo(&["test", "--package", "e2e", "--test", "hostile"]).env(SERVER, server))
}

pub fn hostile(rest: &[String]) -> Result<()> {
    check(rest, &["--requests", "--seed"])?;
    let server = server(&[])?;
    let mut hostile = cargo(&["run", "--release", "--package", "e2e", "--bin", "hostile", "--"]);
    run(hostile.args(rest).env(SERVER, server))
}

/// Not a step of the tests: it needs root and FUSE.
pub fn power_cuts(rest: &[String]) -> Result<()> {
    check(rest, &["--cuts", "--control", "--phones"])?;
    let built = server(&["--features", "planted"])?;
    let planted = built.with_file_name(format!("tung-nha-planted{}", std::env::consts::EXE_SUFFIX));
    std::fs::copy(built, &planted)?;
    let server = server(&[])?;
    let mut cuts = cargo(&["run", "--release", "--package", "lossy", "--"]);
    run(cuts.args(rest).env(SERVER, server).env(PLANTED, planted))
}

/// The server as a commune runs it, but for the app inside: phones without a browser need none.
fn server(features: &[&str]) -> Result<PathBuf> {
    run(cargo(&["build", "--release", "--package", "server", "--bin", "tung-nha"]).args(features))?;
    Ok(program("release", "tung-nha"))
}

/// Options with a number after each.
pub fn check(rest: &[String], known: &[&str]) -> Result<()> {
    for pair in rest.chunks(2) {
        let is_right = pair.len() == 2 && known.contains(&pair[0].as_str()) && pair[1].parse::<u64>().is_ok();
        if !is_right {
            bail!("this command knows {}, each with a number after it, not {:?}", known.join(", "), pair.join(" "));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_options_are_told_before_anything_is_built() {
        let args = |line: &str| line.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        assert!(check(&args("--cuts 5 --control 0"), &["--cuts", "--control"]).is_ok());
        for bad in ["--cut 5", "--cuts", "--cuts x", "5"] {
            assert!(check(&args(bad), &["--cuts"]).is_err(), "{bad}");
        }
    }
}
