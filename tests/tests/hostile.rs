//! A short attack on the real server process: `cargo xtask hostile` is the long one. Run it with `cargo xtask test hostile`.

use e2e::hostile::{Options, run};

#[test]
fn who_may_not_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let options = Options { requests: 12_000, seed: 7, floods: true, judges_time: false };
    let score = runtime.block_on(run(&options, |_, _| {})).expect("it runs");
    assert!(score.wrong.is_empty(), "{score}\n{:#?}", score.wrong);
    // An attack that is refused at the door, or has no rights at all, would prove little.
    assert!(score.statuses.get(&200).is_some_and(|count| *count > 2_000), "{score}");
    assert!(score.verdicts.get("forbidden").is_some_and(|count| *count > 1_000), "{score}");
    assert!(score.verdicts.get("ok").is_some_and(|count| *count > 100), "{score}");
}
