//! Makes sure that there is a browser to test with.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::shell::{answer, command, find_on_path, run};

const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];

/// Finds Chromium and its driver, or installs them where that is possible without asking.
pub fn ensure() -> Result<()> {
    let missing = || PROGRAMS.into_iter().find(|program| find_on_path(program).is_none());
    let Some(program) = missing() else {
        return Ok(());
    };
    if !can_install() {
        bail!(
            "the browser tests need {program}, which is not on PATH; \
             on Debian: sudo apt-get install chromium chromium-driver"
        );
    }
    eprintln!("{program} is missing; installing it (a minute or two):");
    run(&mut command("apt-get", &["update", "--quiet"]))?;
    let mut install = command("apt-get", &["install", "--quiet", "--yes", "--no-install-recommends"]);
    run(install.args(["chromium", "chromium-driver"]).env("DEBIAN_FRONTEND", "noninteractive"))
        .context("the browser tests need chromium and chromedriver on PATH")?;
    match missing() {
        None => Ok(()),
        Some(program) => bail!("{program} is still not on PATH after its installation"),
    }
}

fn can_install() -> bool {
    let is_root = answer(Path::new("id"), &["-u"]).is_some_and(|id| id.trim() == "0");
    is_root && find_on_path("apt-get").is_some()
}
