//! What the attack came to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub struct Scoreboard {
    pub requests: u64,
    pub statuses: BTreeMap<u16, u64>,
    pub verdicts: BTreeMap<String, u64>,
    /// Documents that the attackers changed within their rights.
    pub changed: u64,
    /// Effects that none of the senders had a right to.
    pub unauthorised: u64,
    /// Names of another area or commune in an answer.
    pub leaked: u64,
    /// Answers 5xx that are not meant, and requests without an answer.
    pub failed: u64,
    pub honest_requests: u64,
    pub honest_p50: Duration,
    pub honest_p99: Duration,
    pub honest_max: Duration,
    /// The slowest answer to an honest phone under each flood; none when they were left out.
    pub floods: Vec<(&'static str, Duration)>,
    /// Of the server, at its worst; 0 where the system does not say.
    pub memory_bytes: u64,
    pub seconds: f64,
    /// Everything that did not hold.
    pub wrong: Vec<String>,
}

impl Scoreboard {
    /// Requests that the limiter let through.
    pub fn past_limiter(&self) -> u64 {
        self.requests - self.statuses.get(&429).copied().unwrap_or(0)
    }

    pub fn take_times(&mut self, mut took: Vec<Duration>) {
        took.sort_unstable();
        let at =
            |per_mille: usize| took.get(took.len().saturating_sub(1) * per_mille / 1_000).copied().unwrap_or_default();
        (self.honest_p50, self.honest_p99, self.honest_max) = (at(500), at(990), at(1_000));
        self.honest_requests = took.len() as u64;
    }
}

impl fmt::Display for Scoreboard {
    #[expect(clippy::cast_precision_loss, reason = "printed with one digit")]
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![(self.requests, "hostile requests".to_owned())];
        rows.push((self.past_limiter(), "  past the limiter".to_owned()));
        rows.extend(self.statuses.iter().map(|(status, count)| (*count, format!("  answered {status}"))));
        rows.extend(self.verdicts.iter().map(|(verdict, count)| (*count, format!("documents judged {verdict}"))));
        rows.push((self.changed, "documents changed, by who may".to_owned()));
        rows.push((self.unauthorised, "UNAUTHORISED effects".to_owned()));
        rows.push((self.leaked, "names LEAKED".to_owned()));
        rows.push((self.failed, "answers 5xx or none".to_owned()));
        rows.push((self.honest_requests, "requests of honest phones beside it".to_owned()));
        rows.push((self.memory_bytes / 1_048_576, "MB of memory at the most".to_owned()));
        rows.push((self.wrong.len() as u64, "checks that failed".to_owned()));
        for (count, label) in rows {
            writeln!(out, "{count:>12}  {label}")?;
        }
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        let (p50, p99, max) = (ms(self.honest_p50), ms(self.honest_p99), ms(self.honest_max));
        writeln!(out, "{p50:>12.0}  ms: honest phones, half of the answers within")?;
        writeln!(out, "{p99:>12.0}  ms: 99 of 100")?;
        writeln!(out, "{max:>12.0}  ms: all")?;
        for (label, took) in &self.floods {
            writeln!(out, "{:>12.0}  ms: {label}", ms(*took))?;
        }
        writeln!(out, "{:>12.0}  requests a second", self.requests as f64 / self.seconds.max(0.001))?;
        write!(out, "{:>12.1}  seconds", self.seconds)
    }
}
