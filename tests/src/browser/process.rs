//! Programs that must not outlive a test: each in a process group of its own, killed when dropped.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};

/// Below the ports that outgoing connections take, so that a stopped server finds its port free again.
const PORTS: std::ops::Range<u16> = 18_000..30_000;

/// A running program and all that it started.
pub struct Group {
    child: Child,
    pid: Pid,
}

impl Group {
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.process_group(0).kill_on_drop(true).spawn();
        let child = child.with_context(|| format!("could not start {}", command.as_std().get_program().display()))?;
        let pid = child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())).context("it ended at once")?;
        Ok(Self { child, pid })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn number(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Sends a signal to the program itself. That it has ended already is fine.
    pub fn signal(&self, signal: Signal) {
        let _ = kill_process(self.pid, signal);
    }

    /// Sends a signal to the program itself and waits for its end.
    pub async fn end(mut self, signal: Signal) -> Result<()> {
        kill_process(self.pid, signal)?;
        self.child.wait().await?;
        Ok(())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Gone already is fine.
        let _ = kill_process_group(self.pid, Signal::KILL);
    }
}

/// A port that nobody listens on; neighbours in this process get different ones.
pub fn free_port() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let span = PORTS.end - PORTS.start;
    let first = u16::try_from(std::process::id() % u32::from(span / 40))? * 40;
    for _ in 0..span {
        let port = PORTS.start + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % span;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free")
}

/// Asks the browser on this profile to close, as the system does when somebody logs out.
pub fn close_browser(profile: &Path) {
    let ours = format!("--user-data-dir={}", profile.display());
    let is_helper = |args: &[&str]| args.iter().any(|arg| arg.starts_with("--type="));
    for pid in pids_where(|args| args.contains(&ours.as_str()) && !is_helper(args)) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

/// Kills every browser process that works on this profile: the driver alone would leave them behind. Answers which.
pub fn kill_browsers(profile: &Path) -> Vec<Pid> {
    let pids = pids_with(&format!("--user-data-dir={}", profile.display()));
    for pid in &pids {
        let _ = kill_process(*pid, Signal::KILL);
    }
    pids
}

/// Whether the system has taken all files and locks from a killed process. Its arguments are gone sooner than those.
pub fn has_let_go(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    // "pid (name) state …", and the name may hold anything.
    stat.map_or(true, |stat| stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with(['Z', 'X'])))
}

/// Kills the processes that run pages (not the browser itself) on this profile; answers how many.
pub fn kill_renderers(profile: &Path) -> usize {
    let ours = format!("--user-data-dir={}", profile.display());
    let pids = pids_where(|args| args.contains(&ours.as_str()) && args.contains(&"--type=renderer"));
    pids.into_iter().filter(|pid| kill_process(*pid, Signal::KILL).is_ok()).count()
}

pub fn is_running(profile: &Path) -> bool {
    !pids_with(&format!("--user-data-dir={}", profile.display())).is_empty()
}

fn pids_with(argument: &str) -> Vec<Pid> {
    pids_where(|args| args.contains(&argument))
}

fn pids_where(is_wanted: impl Fn(&[&str]) -> bool) -> Vec<Pid> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pid_of = |entry: fs::DirEntry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).into_owned();
        // Chromium's helpers write their whole line into the first argument.
        let args: Vec<&str> = line.split(['\0', ' ']).collect();
        is_wanted(&args).then(|| Pid::from_raw(pid)).flatten()
    };
    processes.flatten().filter_map(pid_of).collect()
}
