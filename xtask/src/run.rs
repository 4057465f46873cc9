//! From a fresh clone to a commune one can try out.

use anyhow::{Context as _, Result};

use crate::build;
use crate::shell::{announce, cargo};

/// Builds the app and the server, and hands over to the server.
pub fn demo(rest: &[String]) -> Result<()> {
    build::app()?;
    let mut server =
        cargo(&["run", "--release", "--package", "server", "--features", "embed-app", "--bin", "tung-nha", "--"]);
    let args = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    // A word in front is another of the server's commands; options alone belong to the demo.
    if args.first().is_none_or(|first| first.starts_with('-')) {
        server.arg("demo");
    }
    // File names among the arguments are the caller's, seen from where the caller stands.
    if let Ok(here) = std::env::current_dir() {
        server.current_dir(here);
    }
    server.args(args);
    hand_over(server)
}

/// Replaces this process where possible, so that Ctrl-C and signals reach the server and nothing else.
#[cfg(unix)]
fn hand_over(mut server: std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    let line = announce(&server);
    let error = server.exec();
    Err(error).with_context(|| format!("could not start: {line}"))
}

#[cfg(not(unix))]
fn hand_over(mut server: std::process::Command) -> Result<()> {
    crate::shell::run(&mut server)
}
