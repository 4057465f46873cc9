//! Makes sure that the programs are there that tests meet from outside: a browser, a spreadsheet.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::shell::{answer, command, find_on_path, run};

/// Programs with the Debian packages that bring them.
pub struct Programs {
    about: &'static str,
    names: &'static [&'static str],
    packages: &'static [&'static str],
}

pub const BROWSER: Programs = Programs {
    about: "the browser tests",
    names: &["chromium", "chromedriver"],
    packages: &["chromium", "chromium-driver"],
};
pub const OFFICE: Programs =
    Programs { about: "the test of the Excel file", names: &["soffice"], packages: &["libreoffice-calc-nogui"] };

/// Finds the programs, or installs them where that is possible without asking.
pub fn ensure(programs: &Programs) -> Result<()> {
    let missing = || programs.names.iter().find(|program| find_on_path(program).is_none());
    let Some(program) = missing() else {
        return Ok(());
    };
    let packages = programs.packages.join(" ");
    if !can_install() {
        bail!("{} need {program}, which is not on PATH; on Debian: sudo apt-get install {packages}", programs.about);
    }
    eprintln!("{program} is missing; installing it (a minute or two):");
    run(&mut command("apt-get", &["update", "--quiet"]))?;
    let mut install = command("apt-get", &["install", "--quiet", "--yes", "--no-install-recommends"]);
    run(install.args(programs.packages).env("DEBIAN_FRONTEND", "noninteractive"))
        .with_context(|| format!("{} need {packages}", programs.about))?;
    match missing() {
        None => Ok(()),
        Some(program) => bail!("{program} is still not on PATH after its installation"),
    }
}

fn can_install() -> bool {
    let is_root = answer(Path::new("id"), &["-u"]).is_some_and(|id| id.trim() == "0");
    is_root && find_on_path("apt-get").is_some()
}
