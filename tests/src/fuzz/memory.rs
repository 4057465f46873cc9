//! How much memory a piece of work takes, as Linux tells it; elsewhere it counts as nothing.

use std::fs;

/// Measures from its start on.
pub(super) struct Watch {
    before: Option<usize>,
}

impl Watch {
    pub fn start() -> Self {
        // Sets the highest use of memory back to the present one.
        let is_reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        Self { before: is_reset.then(|| status("VmRSS:")).flatten() }
    }

    /// Bytes that were taken at most since the start.
    pub fn taken(&self) -> usize {
        self.before.zip(status("VmHWM:")).map_or(0, |(before, peak)| peak.saturating_sub(before))
    }
}

fn status(name: &str) -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok());
    kilobytes.map(|kilobytes: usize| kilobytes * 1024)
}
