//! Builds the app as a phone downloads it, and says how big that is.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::shell::{cargo, command, root, run, target_dir};
use crate::tools;
use crate::wasm::TARGET;

/// Builds `app/` into `dist/`, as a phone downloads it.
pub fn app() -> Result<()> {
    build("app-release", &["--release"])
}

/// The same in a third of the time and at three times the size: to look at a screen while one works on it.
pub fn quick_app() -> Result<()> {
    build("app-quick", &[])
}

fn build(profile: &str, options: &[&str]) -> Result<()> {
    let tools = tools::set_up()?;
    // Two builds at once would take each other's half-finished files for theirs.
    fs::create_dir_all(target_dir())?;
    let only_one = File::create(target_dir().join("app-build.lock"))?;
    only_one.lock()?;
    // Together, so that the two long links run side by side; Trunk and its hook find them done.
    let both = ["build", "--package", "app", "--package", "office"];
    run(cargo(&both).args(["--target", TARGET, "--profile", profile]))?;
    let mut trunk = command("trunk", &["build", "--cargo-profile", profile]);
    trunk
        .args(options)
        .env("PATH", tools.path()?)
        .env("TRUNK_TOOLS_WASM_OPT", &tools.wasm_opt_version)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk refuses the value 1 that many terminals set.
        .env_remove("NO_COLOR");
    run(&mut trunk)?;
    print_sizes(&root().join("dist"))
}

/// Every file under a folder, sorted, with its path from there in URL notation.
pub fn files_under(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("could not read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let parts = path.strip_prefix(folder)?.iter().map(|part| part.to_string_lossy());
            found.push((parts.collect::<Vec<_>>().join("/"), path));
        }
    }
    found.sort();
    Ok(found)
}

fn print_sizes(dist: &Path) -> Result<()> {
    let (mut all_raw, mut all_packed) = (0, 0);
    println!("\n{:>10} {:>10}  dist/", "bytes", "gzip");
    for (name, path) in files_under(dist)? {
        let bytes = fs::read(&path)?;
        let packed = gzip_size(&bytes)?;
        println!("{:>10} {packed:>10}  {name}", bytes.len());
        all_raw += bytes.len();
        all_packed += packed;
    }
    println!("{all_raw:>10} {all_packed:>10}  all files");
    Ok(())
}

fn gzip_size(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
