//! The real server process under phones that never stop: killed, restored from an older backup, replaced. Short forms of
//! `cargo xtask kills` and `cargo xtask drill`. Run them with `cargo xtask test kills`.

use e2e::{drill, kills, replaced};

fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work).expect("it runs")
}

#[test]
fn a_server_killed_at_any_moment_keeps_what_it_confirmed() {
    let score = wait(kills::run(&kills::Options { kills: 20, phones: 8, seed: 7 }));
    assert!(score.wrong.is_empty(), "{score}\n{:#?}", score.wrong);
    assert!(score.confirmed > 20 && score.cut_off > 0, "{score}");
}

#[test]
fn phones_notice_nothing_but_a_pause_when_the_server_is_replaced() {
    let done = wait(replaced::run(20, 6));
    assert!(done.wrong.is_empty(), "{:#?}", done.wrong);
    assert_eq!(done.times, 20);
}

#[test]
fn phones_bring_back_what_an_older_backup_lacks() {
    let drill = wait(drill::run(120, 6));
    assert!(drill.wrong.is_empty(), "{drill}\n{:#?}", drill.wrong);
    assert!(drill.missing_in_backup > 0, "{drill}");
    assert_eq!(drill.missing_at_the_end, 0, "{drill}");
    assert!(drill.told.contains("Đạt"), "{drill}");
}
