//! Lists broken in every way that chance finds, read as a coordinator's file is: from bytes to cells to households. No
//! input may panic, take longer than a person waits, or take more memory than is promised.

mod memory;
mod mutate;
mod records;
mod seeds;
mod zip;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use domain::import::read_list;

use crate::fleet::rng::Rng;
use memory::Watch;
use seeds::Seeds;

/// Longer than this is a hang.
pub const TIME_MAX: Duration = Duration::from_secs(10);
/// For the cells together with what is made of them, in bytes.
const CHAIN_MEMORY_MAX: usize = 2 * sheet::MEMORY_MAX;

/// What came out of a run.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub inputs: u64,
    /// Refused with a sentence.
    pub refused: u64,
    /// Became cells.
    pub read: u64,
    /// Became a list with households.
    pub lists: u64,
    pub slowest: Duration,
    /// Bytes that reading one input took at most; 0 where that cannot be measured.
    pub peak: usize,
}

/// An input that did what none may do.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub input: u64,
    pub what: String,
    pub file_name: &'static str,
    pub bytes: Vec<u8>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>12}  inputs", self.inputs)?;
        writeln!(f, "{:>12}  refused with a sentence", self.refused)?;
        writeln!(f, "{:>12}  read into cells", self.read)?;
        writeln!(f, "{:>12}  of them lists with households", self.lists)?;
        writeln!(f, "{:>12}  ms for the slowest", self.slowest.as_millis())?;
        write!(f, "{:>12}  bytes of memory at most", self.peak)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, input, what, file_name, bytes } = self;
        write!(f, "input {input} of seed {seed} ({file_name}, {} bytes): {what}", bytes.len())
    }
}

/// Runs so many inputs; the same seed makes the same inputs. Ends the process if one never comes back.
pub fn run(inputs: u64, seed: u64) -> Result<Figures, Box<Failure>> {
    let seeds = Seeds::load();
    let (current, is_done) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| watch(seed, &current, &is_done));
        let result = run_all(inputs, seed, &seeds, &current);
        is_done.store(true, Ordering::Relaxed);
        result
    })
}

fn run_all(inputs: u64, seed: u64, seeds: &Seeds, current: &AtomicU64) -> Result<Figures, Box<Failure>> {
    let mut figures = Figures::default();
    for input in 0..inputs {
        current.store(input, Ordering::Relaxed);
        // Each input has its own chance, so that one can be had again alone.
        let mut rng = Rng::new(seed.wrapping_mul(1_000_003).wrapping_add(input));
        let (file_name, bytes) = seeds.broken(&mut rng);
        let failed = |what: String| Box::new(Failure { seed, input, what, file_name, bytes: bytes.clone() });
        let start = Instant::now();
        let watch = Watch::start();
        let outcome = catch_unwind(AssertUnwindSafe(|| read_one(file_name, &bytes, &mut figures)));
        let took = start.elapsed();
        let (cells_taken, all_taken) = match outcome {
            Ok(after_cells) => (after_cells, watch.taken()),
            Err(_) => return Err(failed("panicked".to_owned())),
        };
        figures.inputs += 1;
        figures.slowest = figures.slowest.max(took);
        figures.peak = figures.peak.max(all_taken);
        if took > TIME_MAX {
            return Err(failed(format!("took {took:?}")));
        }
        if cells_taken > sheet::MEMORY_MAX || all_taken > CHAIN_MEMORY_MAX {
            return Err(failed(format!("took {cells_taken} bytes for the cells, {all_taken} for all")));
        }
    }
    Ok(figures)
}

/// The whole way of a file. Gives the bytes that reading its cells took.
fn read_one(file_name: &str, bytes: &[u8], figures: &mut Figures) -> usize {
    let watch = Watch::start();
    let result = sheet::read(file_name, bytes);
    let taken = watch.taken();
    match result {
        Ok(workbook) => {
            figures.read += 1;
            let has_households = workbook.sheets.iter().filter_map(|sheet| read_list(&sheet.rows).ok());
            figures.lists += u64::from(has_households.map(|list| list.households.len()).max() > Some(0));
        }
        Err(_) => figures.refused += 1,
    }
    taken
}

/// Ends the process when an input does not come back: nothing else can stop it.
fn watch(seed: u64, current: &AtomicU64, is_done: &AtomicBool) {
    let mut last = (u64::MAX, Instant::now());
    while !is_done.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(100));
        let input = current.load(Ordering::Relaxed);
        if last.0 != input {
            last = (input, Instant::now());
        }
        if last.1.elapsed() > TIME_MAX * 3 {
            eprintln!("input {input} of seed {seed} does not end");
            std::process::exit(1);
        }
    }
}
