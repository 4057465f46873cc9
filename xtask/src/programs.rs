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

/// Python with what makes an environment of its own, which Debian keeps in a package apart.
pub fn ensure_python() -> Result<()> {
    let is_there = || answer(Path::new("python3"), &["-c", "import ensurepip, venv"]).is_some();
    if is_there() {
        return Ok(());
    }
    if !can_install() {
        bail!("the test of the API needs python3 with venv; on Debian: sudo apt-get install python3 python3-venv");
    }
    eprintln!("python3 with venv is missing; installing it (a minute):");
    run(&mut command("apt-get", &["update", "--quiet"]))?;
    let mut install = command("apt-get", &["install", "--quiet", "--yes", "--no-install-recommends"]);
    run(install.args(["python3", "python3-venv"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    if is_there() { Ok(()) } else { bail!("python3 still makes no environment after its installation") }
}

fn can_install() -> bool {
    let is_root = answer(Path::new("id"), &["-u"]).is_some_and(|id| id.trim() == "0");
    is_root && find_on_path("apt-get").is_some()
}
