//! The pinned build tools, kept in the user's cache so that a second clone starts in seconds. Nothing is taken from
//! PATH: another version may build an app that does not start (Debian's wasm-opt 108 does so without any error).

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::shell::{answer, cargo, command, find_on_path, root, run};

/// Also in Trunk.toml (a test below compares), where a different Trunk would be refused.
const TRUNK: &str = "0.21.14";
/// npm's `binaryen`, whose wasm-opt runs under Node.js.
const BINARYEN: &str = "132.0.0";
/// The crate `wasm-opt`: Binaryen 116 compiled from C++, for machines without Node.js.
const WASM_OPT_CRATE: &str = "0.116.1";

const NO_WASM_OPT: &str = "wasm-opt could not be installed: it needs Node.js with npm, or a C++ compiler. \
     On Debian or Ubuntu, `apt-get install nodejs npm` is the quicker of the two";

/// What a build needs to know of the tools.
pub struct Tools {
    /// Folders to put first on PATH.
    bins: Vec<PathBuf>,
    /// wasm-opt's version in Trunk's notation.
    pub wasm_opt_version: String,
}

impl Tools {
    /// PATH with the pinned tools before anything else.
    pub fn path(&self) -> Result<OsString> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let all = self.bins.iter().cloned().chain(std::env::split_paths(&old));
        std::env::join_paths(all).context("a folder of the tools cannot be part of PATH")
    }
}

/// Installs what is missing. Quick when nothing is.
pub fn set_up() -> Result<Tools> {
    add_wasm_target()?;
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("could not read Cargo.lock")?;
    let bindgen =
        locked_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen: does the app use it?")?;

    // Neither is to fetch anything by itself: without their default features they need no TLS, and half the time.
    let options = ["--no-default-features"].as_slice();
    // wasm-bindgen-cli 0.2.130 does not build with its own lock file.
    let bindgen =
        CargoTool { krate: "wasm-bindgen-cli", bin: "wasm-bindgen", version: &bindgen, locked: false, options };
    let trunk = CargoTool { krate: "trunk", bin: "trunk", version: TRUNK, locked: true, options };
    let bins = vec![trunk.installed("3 to 7 minutes")?, bindgen.installed("2 to 4 minutes")?];
    wasm_opt(bins)
}

fn wasm_opt(mut bins: Vec<PathBuf>) -> Result<Tools> {
    let has_node = find_on_path("node").is_some() && find_on_path("npm").is_some();
    let from_npm = if has_node { binaryen_from_npm() } else { Err(anyhow!("Node.js with npm is not on PATH")) };
    let version = match from_npm {
        Ok(bin) => {
            bins.push(bin);
            BINARYEN.split('.').next()
        }
        Err(reason) => {
            eprintln!("{reason:#}: wasm-opt is compiled instead.");
            let version = WASM_OPT_CRATE;
            let tool = CargoTool { krate: "wasm-opt", bin: "wasm-opt", version, locked: true, options: &[] };
            bins.push(tool.installed("10 to 20 minutes").context(NO_WASM_OPT)?);
            WASM_OPT_CRATE.split('.').nth(1)
        }
    };
    let wasm_opt_version = format!("version_{}", version.unwrap_or_default());
    Ok(Tools { bins, wasm_opt_version })
}

/// A tool that cargo compiles.
struct CargoTool<'a> {
    krate: &'a str,
    bin: &'a str,
    version: &'a str,
    locked: bool,
    options: &'a [&'a str],
}

impl CargoTool<'_> {
    /// The folder of the installed tool.
    fn installed(&self, duration: &str) -> Result<PathBuf> {
        let name = format!("{}-{}", self.bin, self.version);
        let home = cache()?.join(&name);
        let bin = home.join("bin");
        // Binaryen's own version is the middle number of the crate's.
        let expected = if self.bin == "wasm-opt" { "116" } else { self.version };
        if is_version(&bin.join(self.bin), expected) {
            return Ok(bin);
        }
        let _only_one = lock(&home)?;
        if is_version(&bin.join(self.bin), expected) {
            return Ok(bin); // another run installed it while this one waited
        }
        eprintln!("\nInstalling {} {} (once for this user; {duration}):", self.krate, self.version);
        // Kept until it succeeds, so that a run that was cut off goes on where it stopped.
        let half_built = cache()?.join(format!(".building-{name}"));
        let exact = format!("={}", self.version);
        let mut install = cargo(&["install", self.krate, "--bin", self.bin, "--version", &exact, "--force"]);
        install.args(self.options);
        if self.locked {
            install.arg("--locked");
        }
        install.arg("--root").arg(&home).arg("--target-dir").arg(&half_built);
        compile_fast(&mut install);
        run(&mut install)?;
        fs::remove_dir_all(&half_built).ok();
        if !is_version(&bin.join(self.bin), expected) {
            bail!("{} was installed into {}, but does not answer as {expected}", self.krate, home.display());
        }
        Ok(bin)
    }
}

/// These tools are compiled once and run for seconds: whole-program optimisation, which their authors' release settings
/// ask for, costs minutes and wins nothing here.
fn compile_fast(install: &mut std::process::Command) {
    install
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
}

fn binaryen_from_npm() -> Result<PathBuf> {
    let home = cache()?.join(format!("binaryen-{BINARYEN}"));
    let bin = home.join("node_modules").join(".bin");
    let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
    if is_version(&bin.join("wasm-opt"), major) {
        return Ok(bin);
    }
    let _only_one = lock(&home)?;
    if is_version(&bin.join("wasm-opt"), major) {
        return Ok(bin);
    }
    eprintln!("\nInstalling wasm-opt {BINARYEN} (once for this user; under a minute):");
    // Installed aside and renamed: npm that is cut off leaves a folder that looks whole.
    let aside = beside(&home, "new");
    fs::remove_dir_all(&aside).ok();
    fs::remove_dir_all(&home).ok();
    fs::create_dir_all(&aside)?;
    let package = format!("binaryen@{BINARYEN}");
    let mut install = command("npm", &["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    run(install.arg(&aside).arg(package))?;
    fs::rename(&aside, &home)?;
    if !is_version(&bin.join("wasm-opt"), major) {
        bail!("npm's binaryen {BINARYEN} does not run here: Node.js 18 or newer is needed");
    }
    Ok(bin)
}

/// Rustup installs what `rust-toolchain.toml` names only together with the toolchain: to one that is there already it adds
/// nothing.
pub fn add_wasm_target() -> Result<()> {
    let rustc = command("rustc", &["--print", "sysroot"]).output().context("could not start rustc")?;
    let sysroot = String::from_utf8(rustc.stdout).context("rustc gave an unreadable sysroot")?;
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown/lib").is_dir() {
        return Ok(());
    }
    run(&mut command("rustup", &["target", "add", "wasm32-unknown-unknown"]))
        .context("the target wasm32-unknown-unknown is missing; install it with rustup (https://rustup.rs)")
}

/// Whether the file is a program that answers `--version` with exactly this version. A half-installed one does not.
fn is_version(program: &Path, version: &str) -> bool {
    let said = program.is_file().then(|| answer(program, &["--version"])).flatten();
    said.is_some_and(|text| text.split_whitespace().any(|word| word == version))
}

/// Held until dropped: two runs must not install the same tool into the same folder.
fn lock(home: &Path) -> Result<File> {
    let path = beside(home, "lock");
    let file = File::create(&path).with_context(|| format!("could not write {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("Another run is installing this tool; waiting for it.");
        file.lock()?;
    }
    Ok(file)
}

/// The folder's path with an ending more; `with_extension` would cut the version's last number off.
fn beside(home: &Path, ending: &str) -> PathBuf {
    let mut path = home.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

fn cache() -> Result<PathBuf> {
    let base = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        _ => bail!("neither XDG_CACHE_HOME nor HOME is set, so there is nowhere to keep the build tools"),
    };
    let tools = base.join("tung-nha").join("tools");
    fs::create_dir_all(&tools).with_context(|| format!("could not create {}", tools.display()))?;
    Ok(tools)
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_package_and_of_no_namesake() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn trunk_toml_pins_the_same_versions() {
        let trunk = fs::read_to_string(root().join("Trunk.toml")).unwrap();
        let major = BINARYEN.split('.').next().unwrap();
        assert!(trunk.contains(&format!("trunk-version = \"={TRUNK}\"")));
        assert!(trunk.contains(&format!("wasm_opt = \"version_{major}\"")));
    }

    #[test]
    fn a_lock_belongs_to_one_version() {
        assert_eq!(beside(Path::new("/c/trunk-0.21.14"), "lock"), Path::new("/c/trunk-0.21.14.lock"));
    }

    #[test]
    fn a_missing_program_is_no_version() {
        assert!(!is_version(Path::new("/nowhere/trunk"), TRUNK));
    }
}
