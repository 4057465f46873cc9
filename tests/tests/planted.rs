//! The fleet is only to be trusted when it finds mistakes that are known to be there.

use std::sync::Mutex;

use domain::access::{RIGHTS, Who};
use domain::planted::{Mistake, plant};
use e2e::fleet::{Options, run};

const SEEDS_MAX: u64 = 60;

/// The first seed in which the mistake is found, with what it broke.
fn find(mistake: Mistake) -> Option<String> {
    plant(Some(mistake));
    let found = (1..=SEEDS_MAX).find_map(|seed| {
        let report = run(seed, &Options::default()).expect("the simulator works");
        let violation = report.violations.into_iter().next()?;
        let what: String = violation.what.chars().take(120).collect();
        Some(format!("{mistake:?}: seed {seed}, {}: {what}", violation.invariant.id()))
    });
    plant(None);
    found
}

/// Mistakes that the fleet does not find within `SEEDS_MAX` yet; to be taken out of this list by whoever makes it find them.
const NOT_FOUND_YET: [Mistake; 4] = [
    Mistake::ReceiptFromAnybody,
    Mistake::RollbackUnseen,
    Mistake::UnknownScopeRevoked,
    // Editing a route: no adversary does that.
    Mistake::RightLoosened(12),
];

/// The list of slips, and every right that is somebody's in particular given to everybody.
fn mistakes() -> Vec<Mistake> {
    let is_everybodys = |row: &usize| RIGHTS[*row].who == Who::Team;
    let rights = (0..RIGHTS.len()).filter(|row| !is_everybodys(row)).map(Mistake::RightLoosened);
    let all = Mistake::ALL.into_iter().chain(rights).rev();
    all.filter(|mistake| !NOT_FOUND_YET.contains(mistake)).collect()
}

#[test]
fn planted_mistakes_are_found() {
    // Planted in one thread each: the others go on without it.
    let left: Mutex<Vec<Mistake>> = Mutex::new(mistakes());
    let missed: Mutex<Vec<Mistake>> = Mutex::new(Vec::new());
    let work = || {
        while let Some(mistake) = left.lock().expect("no panic").pop() {
            match find(mistake) {
                Some(found) => println!("{found}"),
                None => missed.lock().expect("no panic").push(mistake),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let missed = missed.into_inner().expect("no panic");
    assert!(missed.is_empty(), "not found in {SEEDS_MAX} seeds: {missed:?}");
}
