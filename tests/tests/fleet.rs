//! Thousands of phones under faults, against the real server: nothing is lost, doubled or stuck.

use e2e::fleet::{Invariant, Options, explain, run, run_many};

const SEEDS: u64 = 400;

#[test]
fn four_hundred_seeds_run_clean() {
    let options = Options::default();
    let report = run_many(1, SEEDS, &options).expect("the simulator works");
    println!("{}", report.score);
    if let Some(seed) = report.violations.iter().map(|violation| violation.seed).min() {
        let told = explain(seed, &options).expect("the same run again");
        let told: Vec<String> = told.iter().take(3).map(ToString::to_string).collect();
        panic!("{}", told.join("\n\n"));
    }
    assert_eq!(report.score.runs, SEEDS);
    let score = report.score;
    assert_eq!((score.records_lost, score.doubled, score.stuck), (0, 0, 0));
    // Every sort of fault has really been there, and every invariant has really been judged.
    let missing: Vec<&str> =
        score.faults().into_iter().filter(|(_, count)| *count == 0).map(|(label, _)| label).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}");
    let unjudged: Vec<String> = Invariant::ALL
        .into_iter()
        .filter(|invariant| score.checks[invariant.index()] == 0)
        .map(|invariant| invariant.to_string())
        .collect();
    assert!(unjudged.is_empty(), "never judged: {unjudged:?}");
    assert!(score.partition_runs > 0 && score.stuck_in_partitions == 0);
    assert_eq!(score.overtakes_too_many(), None);
}

#[test]
fn the_same_seed_gives_the_same_run() {
    // 16 and 32 run on a file, with crashes that reopen it.
    for seed in [1, 2, 16, 32] {
        let [one, other] = [(), ()].map(|()| run(seed, &Options::default()).expect("a run"));
        assert_eq!(one.fingerprint, other.fingerprint, "seed {seed}");
        assert_eq!(one.score, other.score, "seed {seed}");
    }
    let [one, other] = [1, 2].map(|seed| run(seed, &Options::default()).expect("a run").fingerprint);
    assert_ne!(one, other);
}
