//! A fleet of simulated phones under faults: the real replica, the real server and a real database in one thread, with
//! time, chance, disk and network made up.
//!
//! One seed is one run; the same seed gives the same run. `cargo xtask fleet --first SEED --seeds 1` tells its story.

mod acts;
mod checks;
mod disk;
mod effects;
mod faulty;
mod figures;
mod fixture;
mod moves;
mod network;
mod office;
mod oracle;
mod phone;
mod plan;
pub(crate) mod rng;
mod scoreboard;
mod trace;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use domain::DocId;
use server::store::{StoreError, StoreResult};

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
    pub check: &'static str,
    /// The document that it is about.
    pub subject: Option<DocId>,
    pub what: String,
    pub story: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "seed {}: {} does not hold: {}", self.seed, self.check, self.what)?;
        for line in &self.story {
            writeln!(formatter, "    {line}")?;
        }
        write!(formatter, "  again: cargo xtask fleet --first {} --seeds 1", self.seed)
    }
}

thread_local! {
    /// Building a commune takes longer than a run; those of one size begin alike.
    static FIXTURES: RefCell<BTreeMap<(usize, usize), Rc<Fixture>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Runs one seed.
pub fn run(seed: u64, options: &Options) -> StoreResult<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| StoreError::Backend(Box::new(error)))?;
    runtime.block_on(async {
        let plan = plan::Plan::draw(seed, options, &mut rng::Rng::new(seed));
        let size = (plan.phones, plan.areas);
        let known = FIXTURES.with_borrow(|fixtures| fixtures.get(&size).cloned());
        let fixture = if let Some(fixture) = known {
            fixture
        } else {
            let fixture = Rc::new(Fixture::build(plan.phones, plan.areas).await?);
            FIXTURES.with_borrow_mut(|fixtures| fixtures.insert(size, fixture.clone()));
            fixture
        };
        World::new(seed, options, fixture).await?.run().await
    })
}

/// Runs `count` seeds from `first` on as many threads as the machine has. Stops at the first run with a violation.
pub fn run_many(first: u64, count: u64, options: &Options) -> StoreResult<Report> {
    let next = AtomicU64::new(first);
    let stops = AtomicBool::new(false);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || -> StoreResult<Report> {
        let mut sum =
            Report { score: Scoreboard::default(), violations: Vec::new(), fingerprint: 0, lines: Vec::new() };
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count || stops.load(Ordering::Relaxed) {
                return Ok(sum);
            }
            let report = run(seed, options)?;
            sum.score.add(&report.score);
            sum.fingerprint ^= report.fingerprint;
            if !report.violations.is_empty() {
                stops.store(true, Ordering::Relaxed);
                sum.violations.extend(report.violations);
            }
        }
    };
    let reports: Vec<StoreResult<Report>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
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

/// Runs a seed again and adds to each of its violations what led there.
pub fn explain(seed: u64, options: &Options) -> StoreResult<Vec<Violation>> {
    const LINES_MAX: usize = 40;
    let report = run(seed, &Options { tells: true, ..*options })?;
    let story_of = |violation: &Violation| {
        let phone = violation.what.find(" p").map(|at| at + 1).or(violation.what.starts_with('p').then_some(0));
        let phone = phone.and_then(|at| violation.what.get(at..at + 3));
        let subject = violation.subject.map(|id| id.to_string());
        let is_told = |line: &&String| match &subject {
            Some(subject) => line.contains(subject),
            None => phone.is_none_or(|phone| line.contains(phone)),
        };
        let mut told: Vec<String> = report
            .lines
            .iter()
            .filter(|line| is_told(line) || line.contains("RESTORED") || line.contains("ALL IS WELL"))
            .map(|line| line.chars().take(400).collect())
            .collect();
        told.drain(..told.len().saturating_sub(LINES_MAX));
        told
    };
    Ok(report
        .violations
        .iter()
        .map(|violation| Violation { story: story_of(violation), ..violation.clone() })
        .collect())
}
