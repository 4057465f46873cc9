//! Starting other programs: always from the repository's root, always saying what is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The repository's root, wherever the command was started from.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(chosen)
}

/// A program that cargo has built.
pub fn program(profile: &str, name: &str) -> PathBuf {
    target_dir().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A command that runs in the repository's root.
pub fn command(program: impl Into<OsString>, args: &[&str]) -> Command {
    let mut command = Command::new(program.into());
    command.args(args).current_dir(root());
    command
}

/// The cargo that started xtask, so that the pinned toolchain is used throughout.
pub fn cargo(args: &[&str]) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), args)
}

/// Runs a command with its output on the terminal; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let line = announce(command);
    let status = command.status().with_context(|| format!("could not start: {line}"))?;
    if !status.success() {
        bail!("failed ({status}): {line}");
    }
    Ok(())
}

/// What a command prints, or nothing if it does not run or fails.
pub fn answer(program: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// The first file of that name on PATH.
pub fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Prints the command as one would type it, and gives it back for an error message.
pub fn announce(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut words = vec![program.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| {
        let arg = arg.to_string_lossy();
        let needs_quotes = arg.is_empty() || arg.contains(char::is_whitespace);
        if needs_quotes { format!("{arg:?}") } else { arg.into_owned() }
    }));
    let line = words.join(" ");
    eprintln!("$ {line}");
    line
}
