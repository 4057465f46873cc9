//! What happened in a run: a fingerprint always, a story when somebody wants to read it.

use std::hash::{DefaultHasher, Hash, Hasher};

#[derive(Debug, Default)]
pub struct Trace {
    hasher: DefaultHasher,
    tells: bool,
    lines: Vec<String>,
}

impl Trace {
    pub fn new(tells: bool) -> Self {
        Self { tells, ..Self::default() }
    }

    /// Notes that `what` happened; the words are only made for a story.
    pub fn note(&mut self, at_ms: u64, what: impl Hash, words: impl FnOnce() -> String) {
        (at_ms, what).hash(&mut self.hasher);
        if self.tells {
            self.lines.push(format!("{} {}", clock(at_ms), words()));
        }
    }

    pub fn fingerprint(&self) -> u64 {
        self.hasher.finish()
    }

    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }
}

/// Day and time of the run.
fn clock(at_ms: u64) -> String {
    let seconds = at_ms / 1_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("day {days:>2} {:02}:{:02}:{:02}.{:03}", rest / 3_600, rest / 60 % 60, rest % 60, at_ms % 1_000)
}
