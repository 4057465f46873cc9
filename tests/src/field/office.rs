//! The server as a process, on a data folder of the caller's: started, stopped, killed, asked for its other commands.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::browser::process::{Group, free_port};

const BINARY: &str = "TUNG_NHA_SERVER";
const IS_RUNNING: &str = "đang chạy tại";
const START_MAX: Duration = Duration::from_secs(90);

/// The program to test.
pub fn binary() -> Result<PathBuf> {
    let path = std::env::var_os(BINARY)
        .with_context(|| format!("{BINARY} must name the server's program; `cargo xtask test kills` sees to it"))?;
    Ok(PathBuf::from(path))
}

pub struct Office {
    binary: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    environment: Vec<(OsString, OsString)>,
    /// More options of `serve`.
    options: Vec<String>,
    running: Option<Group>,
}

impl Office {
    /// A server to be on the folder `data`; what it logs goes to the file `log`.
    pub fn new(binary: &Path, data: &Path, log: &Path) -> Result<Self> {
        Ok(Self {
            binary: binary.to_owned(),
            data: data.to_owned(),
            log: log.to_owned(),
            port: free_port()?,
            environment: Vec::new(),
            options: Vec::new(),
            running: None,
        })
    }

    /// Sets a variable for the server's next starts.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.into(), value.into()));
    }

    /// Starts the server with these options too.
    #[must_use]
    pub fn with_options(mut self, options: &[&str]) -> Self {
        self.options = options.iter().map(|option| (*option).to_owned()).collect();
        self
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The number of the running process.
    pub fn pid(&self) -> Option<i32> {
        self.running.as_ref().map(Group::number)
    }

    /// Runs another program from the next start on.
    pub fn replace_program(&mut self, binary: &Path) {
        binary.clone_into(&mut self.binary);
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it and waits until it serves.
    pub async fn start(&mut self) -> Result<()> {
        let started = self.begin_start()?;
        self.running = Some(started.until_ready(&self.log).await?);
        Ok(())
    }

    /// Starts it and does not wait.
    pub fn begin_start(&self) -> Result<Starting> {
        let mut command = self.command(&["serve", "--port", &self.port.to_string()]);
        command.args(&self.options);
        let log = std::fs::File::options().create(true).append(true).open(&self.log)?;
        Ok(Starting { group: Group::start(command.stdout(Stdio::piped()).stderr(log))? })
    }

    /// Takes over a process that was started beside, when it has come so far.
    pub async fn adopt(&mut self, starting: Starting) -> Result<()> {
        self.running = Some(starting.until_ready(&self.log).await?);
        Ok(())
    }

    pub async fn kill(&mut self) -> Result<()> {
        self.take()?.end(Signal::KILL).await
    }

    /// As an administrator stops it; answers when it has ended.
    pub async fn stop(&mut self) -> Result<()> {
        self.take()?.end(Signal::TERM).await
    }

    /// As an administrator stops it, and an impatient one kills it after a while.
    pub async fn stop_and_kill(&mut self, after: Duration) -> Result<()> {
        let running = self.take()?;
        running.signal(Signal::TERM);
        tokio::time::sleep(after).await;
        running.end(Signal::KILL).await
    }

    fn take(&mut self) -> Result<Group> {
        self.running.take().context("the server does not run")
    }

    /// Runs another of the program's commands on the same data; answers what it printed.
    pub async fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).stdin(Stdio::null()).output().await?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!("{arguments:?}: {printed}{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(printed)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).arg("--data").arg(&self.data);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The last lines of the log, for who has to find out.
    pub fn log(&self) -> String {
        let all = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

/// A server on its way up.
pub struct Starting {
    group: Group,
}

impl Starting {
    pub async fn kill(self) -> Result<()> {
        self.group.end(Signal::KILL).await
    }

    async fn until_ready(mut self, log: &Path) -> Result<Group> {
        let output = self.group.child().stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await? {
                if line.contains(IS_RUNNING) {
                    return Ok(());
                }
            }
            bail!("the server ended: {}", std::fs::read_to_string(log).unwrap_or_default())
        };
        tokio::time::timeout(START_MAX, ready).await.context("the server did not start in time")??;
        // The rest is read so that the server never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(self.group)
    }
}
