//! The real server, as a commune runs it, on data of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::process::{Group, free_port};

/// The program to test, set by `cargo xtask test browser`.
const BINARY: &str = "TUNG_NHA_SERVER";
/// A folder of a built app to serve in place of `dist/`, for work on the tests.
const APP: &str = "TUNG_NHA_APP";
/// As in the demo that it goes on with: one member has as many phones as a journey needs.
const PHONES_MAX: &str = "1000";
const IS_RUNNING: &str = "đang chạy tại";

/// Links by the role that they make a phone play.
pub type Invites = BTreeMap<String, String>;

/// A server that can be stopped and started again on the same port and data.
pub struct Server {
    data: TempDir,
    port: u16,
    app: PathBuf,
    running: Option<Group>,
}

impl Server {
    /// Starts the demo's commune.
    pub async fn demo() -> Result<(Self, Invites)> {
        let data = TempDir::with_prefix("tung-nha-server-")?;
        let mut server = Self { data, port: free_port()?, app: built_app(), running: None };
        let lines = server.run(&["demo"]).await?;
        let pairs = lines.iter().zip(lines.iter().skip(1)).filter_map(|(role, link)| {
            let link = link.trim();
            link.starts_with("http").then(|| (role.trim().to_owned(), link.to_owned()))
        });
        let invites: Invites = pairs.collect();
        if invites.is_empty() {
            bail!("the demo printed no invites: {lines:?}");
        }
        Ok((server, invites))
    }

    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Serves another build of the app from its next start on.
    pub fn serve_app(&mut self, folder: &Path) {
        folder.clone_into(&mut self.app);
    }

    /// As after a power cut.
    pub async fn kill(&mut self) -> Result<()> {
        self.end(Signal::KILL).await
    }

    /// As an administrator stops it.
    pub async fn stop(&mut self) -> Result<()> {
        self.end(Signal::TERM).await
    }

    async fn end(&mut self, signal: Signal) -> Result<()> {
        match self.running.take() {
            Some(running) => running.end(signal).await,
            None => bail!("the server does not run"),
        }
    }

    /// Starts it again on the same data and port.
    pub async fn start(&mut self) -> Result<()> {
        self.run(&["serve", "--phones-max", PHONES_MAX]).await.map(drop)
    }

    /// A new link for a member, by name or id.
    pub async fn invite(&self, member: &str) -> Result<String> {
        let mut command = self.command(&["invite", "--member", member, "--url", &self.url()])?;
        let output = command.output().await?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let link = text.lines().map(str::trim).find(|line| line.starts_with("http"));
        link.map(ToOwned::to_owned)
            .with_context(|| format!("no invite for {member}: {text}{}", String::from_utf8_lossy(&output.stderr)))
    }

    fn command(&self, what: &[&str]) -> Result<Command> {
        let binary = std::env::var_os(BINARY).with_context(|| {
            format!("{BINARY} must name the server's program; `cargo xtask test browser` sees to it")
        })?;
        let mut command = Command::new(binary);
        command.args(what).arg("--data").arg(self.data.path());
        Ok(command)
    }

    /// Runs until it is told to stop; answers what it printed before it was ready.
    async fn run(&mut self, what: &[&str]) -> Result<Vec<String>> {
        let mut command = self.command(what)?;
        command.args(["--port", &self.port.to_string(), "--app"]).arg(&self.app);
        let log = std::fs::File::options().create(true).append(true).open(self.data.path().join("server.log"))?;
        let mut group = Group::start(command.stdout(Stdio::piped()).stderr(log))?;
        let output = group.child().stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let mut printed = Vec::new();
        while let Some(line) = lines.next_line().await? {
            let is_running = line.contains(IS_RUNNING);
            printed.push(line);
            if is_running {
                // The rest is read so that the server never waits for a reader.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                self.running = Some(group);
                return Ok(printed);
            }
        }
        bail!("the server ended: {}", self.log())
    }

    /// What the server logged, for a failed journey.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.path().join("server.log")).unwrap_or_default()
    }
}

/// The app that the server serves, as files.
pub fn built_app() -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    std::env::var_os(APP).map_or_else(usual, PathBuf::from)
}
