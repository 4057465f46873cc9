//! The fleet is only to be trusted when it finds mistakes that are known to be there.

use domain::planted::{Mistake, plant};
use e2e::fleet::{Options, run};

const SEEDS_MAX: u64 = 200;

#[test]
fn every_planted_mistake_is_found() {
    let mut missed = Vec::new();
    for mistake in Mistake::ALL {
        plant(Some(mistake));
        let found = (1..=SEEDS_MAX).find_map(|seed| {
            let report = run(seed, &Options::default()).expect("the simulator works");
            report.violations.into_iter().next().map(|violation| (seed, violation))
        });
        plant(None);
        match found {
            Some((seed, violation)) => {
                let what: String = violation.what.chars().take(120).collect();
                println!("{mistake:?}: seed {seed}, {}: {what}", violation.check);
            }
            None => missed.push(mistake),
        }
    }
    assert!(missed.is_empty(), "not found in {SEEDS_MAX} seeds: {missed:?}");
}
