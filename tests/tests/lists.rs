//! Broken lists, few enough for every run of the tests; `cargo xtask fuzz` goes on for longer.

use e2e::fuzz;

#[test]
fn broken_lists_are_refused_or_read_and_nothing_else() {
    let figures = fuzz::run(4_000, 1).unwrap_or_else(|failure| panic!("{failure}"));
    println!("{figures}");
    // The breaks are neither so hard that nothing is left to read, nor so soft that nothing breaks.
    assert!(figures.read > 1_000 && figures.refused > 400 && figures.lists > 500, "{figures}");
}
