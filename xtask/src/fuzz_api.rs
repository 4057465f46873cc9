//! The outside fuzzer of the API: schemathesis from `PyPI`, pinned with all that it needs, in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::processes::{SERVER, check};
use crate::shell::{answer, cargo, command, root, run, target_dir};
use crate::{programs, test};

/// The fuzzer and what it stands on, each in one version.
const REQUIREMENTS: &str = "xtask/schemathesis.txt";
const FUZZER: &str = "TUNG_NHA_SCHEMATHESIS";
/// For a test: every operation gets its examples, and some dozens of invented requests.
const SECONDS: &str = "60";

/// A short run, as a test.
pub fn step() -> Result<()> {
    fuzz(&["--seconds".to_owned(), SECONDS.to_owned()])
}

pub fn for_long(rest: &[String]) -> Result<()> {
    check(rest, &["--seconds", "--seed"])?;
    fuzz(rest)
}

fn fuzz(arguments: &[String]) -> Result<()> {
    let fuzzer = installed()?;
    let server = test::server()?;
    let mut fuzz = cargo(&["run", "--package", "e2e", "--bin", "fuzz_api", "--"]);
    run(fuzz.args(arguments).env(SERVER, server).env(FUZZER, fuzzer))
}

/// The fuzzer's program, installed when it is missing.
fn installed() -> Result<PathBuf> {
    let wanted =
        fs::read_to_string(root().join(REQUIREMENTS)).with_context(|| format!("could not read {REQUIREMENTS}"))?;
    let version = version(&wanted).with_context(|| format!("{REQUIREMENTS} does not name schemathesis"))?;
    let home = target_dir().join(format!("schemathesis-{version}"));
    let program = home.join("bin").join("schemathesis");
    if is_version(&program, version) {
        return Ok(program);
    }
    programs::ensure_python()?;
    eprintln!("\nInstalling schemathesis {version} into {} (once; under a minute):", home.display());
    // One that was cut off looks whole to `venv`.
    fs::remove_dir_all(&home).ok();
    run(command("python3", &["-m", "venv"]).arg(&home))?;
    let mut pip =
        command(home.join("bin").join("python3"), &["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    run(pip.args(["--requirement", REQUIREMENTS]))?;
    if !is_version(&program, version) {
        bail!("schemathesis {version} was installed, but does not run: Python 3.10 or newer is needed");
    }
    Ok(program)
}

fn version(requirements: &str) -> Option<&str> {
    requirements.lines().find_map(|line| line.strip_prefix("schemathesis==")).map(str::trim)
}

fn is_version(program: &Path, version: &str) -> bool {
    answer(program, &["--version"]).is_some_and(|said| said.split_whitespace().any(|word| word == version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_the_fuzzer_needs_is_pinned() {
        let wanted = fs::read_to_string(root().join(REQUIREMENTS)).unwrap();
        assert!(version(&wanted).is_some());
        assert!(
            wanted.lines().all(|line| line
                .split_once("==")
                .is_some_and(|(name, version)| !name.is_empty() && !version.is_empty()))
        );
    }
}
