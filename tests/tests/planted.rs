//! The fleet is only to be trusted when it finds mistakes that are known to be there.

use std::sync::Mutex;

use domain::planted::Mistake;
use e2e::fleet::{Options, mistakes, run, stay_on};

const SEEDS_MAX: u64 = 60;

/// The first seed in which the mistake is found, with what it broke.
fn find(mistake: Mistake) -> Option<String> {
    let options = Options { planted: Some(mistake), ..Options::default() };
    (1..=SEEDS_MAX).find_map(|seed| {
        let report = run(seed, &options).expect("the simulator works");
        let violation = report.violations.into_iter().next()?;
        let what: String = violation.what.chars().take(120).collect();
        Some(format!("{mistake:?}: seed {seed}, {}: {what}", violation.invariant.id()))
    })
}

#[test]
fn planted_mistakes_are_found() {
    let left: Mutex<Vec<Mistake>> = Mutex::new(mistakes().collect());
    let missed: Mutex<Vec<Mistake>> = Mutex::new(Vec::new());
    let work = |core: usize| {
        stay_on(core);
        while let Some(mistake) = left.lock().expect("no panic").pop() {
            match find(mistake) {
                Some(found) => println!("{found}"),
                None => missed.lock().expect("no panic").push(mistake),
            }
        }
    };
    let work = &work;
    std::thread::scope(|scope| {
        for core in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(move || work(core));
        }
    });
    let missed = missed.into_inner().expect("no panic");
    assert!(missed.is_empty(), "not found in {SEEDS_MAX} seeds: {missed:?}");
}
