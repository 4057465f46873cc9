//! A fleet of simulated phones under faults: the real replica, the real server and a real database in one thread, with
//! time, chance, disk and network made up.
//!
//! One seed is one run; the same seed gives the same run. `cargo xtask fleet --first SEED --seeds 1` tells its story.

mod acts;
mod adversary;
mod capsules;
mod checks;
mod coordinator;
mod disk;
mod effects;
mod fate;
mod faulty;
mod figures;
mod filter;
mod fixture;
mod frozen;
mod invariant;
mod late;
mod moves;
mod network;
mod office;
mod oracle;
mod phone;
mod plan;
mod recount;
mod rest;
pub(crate) mod rng;
mod schedule;
mod scoreboard;
mod trace;
mod versions;
mod world;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::DocId;
use domain::access::{RIGHTS, Who};
use domain::planted::{Mistake, plant};
use server::store::{StoreError, StoreResult};

pub use invariant::Invariant;
pub use plan::Options;
pub use scoreboard::Scoreboard;

use fixture::Fixture;
use world::World;

/// What came of one run.
#[derive(Debug)]
pub struct Report {
    pub score: Scoreboard,
    pub violations: Vec<Violation>,
    /// Equal for equal runs.
    pub fingerprint: u64,
    /// The story, when it was asked for.
    pub lines: Vec<String>,
}

/// An invariant that did not hold.
#[derive(Clone, Debug)]
pub struct Violation {
    pub seed: u64,
    pub invariant: Invariant,
    /// The document that it is about.
    pub subject: Option<DocId>,
    pub what: String,
    pub story: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "seed {}: {} does not hold: {}", self.seed, self.invariant, self.what)?;
        for line in &self.story {
            writeln!(formatter, "    {line}")?;
        }
        write!(formatter, "  again: cargo xtask fleet --first {} --seeds 1", self.seed)
    }
}

/// Building a commune takes longer than a run; those of one size begin alike.
static FIXTURES: Mutex<BTreeMap<(usize, usize), Arc<Fixture>>> = Mutex::new(BTreeMap::new());

fn runtime() -> StoreResult<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| StoreError::Backend(Box::new(error)))
}

fn fixture(phones: usize, areas: usize) -> StoreResult<Arc<Fixture>> {
    let mut fixtures = FIXTURES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(fixture) = fixtures.get(&(phones, areas)) {
        return Ok(fixture.clone());
    }
    // In a thread of its own, in which no mistake is planted.
    let build = || runtime()?.block_on(Fixture::build(phones, areas));
    let ended = std::thread::scope(|scope| scope.spawn(build).join());
    let fixture = Arc::new(ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
    fixtures.insert((phones, areas), fixture.clone());
    Ok(fixture)
}

/// The list of slips, and every right that is somebody's in particular given to everybody.
pub fn mistakes() -> impl Iterator<Item = Mistake> {
    let is_everybodys = |row: &usize| RIGHTS[*row].who == Who::Team;
    let rights = (0..RIGHTS.len()).filter(move |row| !is_everybodys(row)).map(Mistake::RightLoosened);
    Mistake::ALL.into_iter().chain(rights)
}

/// Runs one seed.
pub fn run(seed: u64, options: &Options) -> StoreResult<Report> {
    let plan = plan::Plan::draw(seed, options, &mut rng::Rng::new(seed));
    let fixture = fixture(plan.phones, plan.areas)?;
    plant(options.planted);
    let report = runtime()?.block_on(async { World::new(seed, options, fixture).await?.run().await });
    plant(None);
    report
}

/// Runs `count` seeds from `first` on as many threads as the machine has. Stops at the first run with a violation, unless
/// it is to go on.
pub fn run_many(first: u64, count: u64, options: &Options) -> StoreResult<Report> {
    run_many_telling(first, count, options, |_, _| ())
}

/// Keeps this thread, and those of the databases that it opens, on one core. Every query is a word between two threads that
/// never work at once; across cores each word would wait until the other core has woken up.
pub fn stay_on(core: usize) {
    #[cfg(target_os = "linux")]
    if let Ok(allowed) = rustix::thread::sched_getaffinity(None)
        && let Some(core) = (0..rustix::thread::CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).nth(core)
    {
        let mut cores = rustix::thread::CpuSet::new();
        cores.set(core);
        // Only speed depends on it.
        let _ = rustix::thread::sched_setaffinity(None, &cores);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = core;
}

/// The same; `tell` hears after each run how many have been started, and what came of this one.
pub fn run_many_telling(
    first: u64,
    count: u64,
    options: &Options,
    tell: impl Fn(u64, &Report) + Sync,
) -> StoreResult<Report> {
    let next = AtomicU64::new(first);
    let stops = AtomicBool::new(false);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = |core: usize| -> StoreResult<Report> {
        stay_on(core);
        let mut sum =
            Report { score: Scoreboard::default(), violations: Vec::new(), fingerprint: 0, lines: Vec::new() };
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count || stops.load(Ordering::Relaxed) {
                return Ok(sum);
            }
            let report = run(seed, options)?;
            tell(next.load(Ordering::Relaxed).min(first + count) - first, &report);
            sum.score.add(&report.score);
            sum.fingerprint ^= report.fingerprint;
            if !report.violations.is_empty() {
                stops.store(!options.goes_on, Ordering::Relaxed);
                sum.violations.extend(report.violations);
            }
        }
    };
    let reports: Vec<StoreResult<Report>> = std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..threads).map(|core| scope.spawn(move || work(core))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut sum = Report { score: Scoreboard::default(), violations: Vec::new(), fingerprint: 0, lines: Vec::new() };
    for report in reports {
        let report = report?;
        sum.score.add(&report.score);
        sum.fingerprint ^= report.fingerprint;
        sum.violations.extend(report.violations);
    }
    Ok(sum)
}

/// How a line begins, and what it says of the subject: a line can be about a thousand documents.
fn around(line: &str, subject: Option<&str>) -> String {
    const HEAD: usize = 60;
    const OF_SUBJECT: usize = 240;
    const OF_NOBODY: usize = 400;
    let Some(subject) = subject else { return line.chars().take(OF_NOBODY).collect() };
    let mut told: String = line.chars().take(HEAD).collect();
    for (at, _) in line.match_indices(subject).take(2) {
        told.push_str(" … ");
        told.extend(line[at..].chars().take(OF_SUBJECT));
    }
    told
}

/// Runs a seed again and adds to each of its violations what led there.
pub fn explain(seed: u64, options: &Options) -> StoreResult<Vec<Violation>> {
    let report = run(seed, &Options { tells: true, ..*options })?;
    let story_of = |violation: &Violation| {
        let phone = violation.what.find(" p").map(|at| at + 1).or(violation.what.starts_with('p').then_some(0));
        let phone = phone.and_then(|at| violation.what.get(at..)).map(|rest| {
            let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
            &rest[..=digits]
        });
        let subject = violation.subject.map(|id| id.to_string());
        let is_told = |line: &&String| match &subject {
            Some(subject) => line.contains(subject),
            None => phone.is_none_or(|phone| line.contains(phone)),
        };
        let mut told: Vec<String> = report
            .lines
            .iter()
            .filter(|line| is_told(line) || line.contains("RESTORED") || line.contains("ALL IS WELL"))
            .map(|line| around(line, subject.as_deref()))
            .collect();
        told.drain(..told.len().saturating_sub(options.lines));
        told
    };
    Ok(report
        .violations
        .iter()
        .map(|violation| Violation { story: story_of(violation), ..violation.clone() })
        .collect())
}
