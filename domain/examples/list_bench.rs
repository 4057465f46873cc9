//! What the importer makes of the corpus of lists, and matching of its made corpus: shares of one run. Only the times
//! depend on the machine. An example of `domain`, so that it builds in seconds: `cargo xtask bench lists`.

#[path = "../tests/corpus/case.rs"]
mod case;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use case::{Case, all};
use domain::import::{Cell, CellCounts, read_list};
use domain::matching::corpus::measure;

/// Readings of each small list, so that the clock can see them.
const REPEATS: u32 = 20;
/// The residents of the largest commune of the plans.
const LONG_LIST_ROWS: u32 = 18_000;

fn main() -> ExitCode {
    let cases = all();
    println!("Reading: {} lists of domain/tests/corpus/lists", cases.len());
    println!("{:<44} {:>6} {:>7} {:>11} {:>8} {:>8}", "list", "rows", "cells", "understood", "dropped", "unclear");
    let (mut total, mut rows, mut wrong) = (CellCounts::default(), 0, 0);
    for case in &cases {
        let read = case.read();
        let counts = read.counts().unwrap_or_default();
        print_line(&name(case), case.rows.len(), counts);
        rows += case.rows.len();
        total = sum(total, counts);
        if read.told() != case.expected || read.check().is_err() {
            wrong += 1;
            println!("    read otherwise than its file says: {}", case.input.lines().next().unwrap_or_default());
        }
    }
    print_line("all", rows, total);
    println!("\nTime for 1,000 rows");
    println!("{:>10.2} ms  small lists of the corpus", per_thousand(time_corpus(&cases), rows * REPEATS as usize));
    let long = long_list();
    let start = Instant::now();
    let households = read_list(&long).map_or(0, |list| list.households.len());
    let took = per_thousand(start.elapsed(), long.len());
    println!("{took:>10.2} ms  one list of {LONG_LIST_ROWS} residents in {households} households");

    let start = Instant::now();
    let matched = measure();
    println!("\nMatching: {} rows, {} of them mean somebody of the commune", matched.rows, matched.meant);
    println!("{:>10}   precision  recall", "");
    println!(
        "{:>10}   {:>9} {:>7}",
        "certain",
        percent(matched.certain_precision()),
        percent(matched.certain_recall())
    );
    println!(
        "{:>10}   {:>9} {:>7}",
        "offered",
        percent(matched.offered_precision()),
        percent(matched.offered_recall())
    );
    println!("{:>10.2} ms  for 1,000 rows", per_thousand(start.elapsed(), matched.rows));
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn name(case: &Case) -> String {
    case.path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn print_line(name: &str, rows: usize, counts: CellCounts) {
    let share = |part| percent(ratio(part, counts.filled));
    let CellCounts { filled, understood, dropped, unclear } = counts;
    println!("{name:<44} {rows:>6} {filled:>7} {:>11} {:>8} {:>8}", share(understood), share(dropped), share(unclear));
}

fn sum(left: CellCounts, right: CellCounts) -> CellCounts {
    CellCounts {
        filled: left.filled + right.filled,
        understood: left.understood + right.understood,
        dropped: left.dropped + right.dropped,
        unclear: left.unclear + right.unclear,
    }
}

fn time_corpus(cases: &[Case]) -> Duration {
    let start = Instant::now();
    for _ in 0..REPEATS {
        for case in cases {
            drop(case.read());
        }
    }
    start.elapsed()
}

/// Households of four, each cell with something to understand in it.
fn long_list() -> Vec<Vec<Cell>> {
    const RELATIONS: [&str; 4] = ["CHỦ HỘ", "Vợ", "Con", "Con dâu"];
    const WORDS: [&str; 8] = ["An", "Bình", "Cường", "Dũng", "Hòa", "Lan", "Mỷ", "Sơn"];
    let headings =
        ["STT", "Họ và tên", "Ngày sinh", "Quan hệ với chủ hộ", "Số điện thoại", "Địa chỉ", "Mức 2", "Số CCCD"];
    let mut rows = vec![headings.map(Cell::from).to_vec()];
    for number in 0..LONG_LIST_ROWS {
        let at = |step: u32, count: usize| (number / step) as usize % count;
        let name = format!("NGUYỄN {} {}", WORDS[at(4, 8)].to_uppercase(), WORDS[at(1, 8)].to_uppercase());
        rows.push(vec![
            Cell::Number(f64::from(number + 1)),
            Cell::Text(name),
            Cell::Text(format!("{:02}/{:02}/{}", at(3, 28) + 1, at(1, 12) + 1, 1940 + at(1, 70))),
            Cell::from(RELATIONS[at(1, 4)]),
            Cell::Number(f64::from(912_000_000 + number)),
            Cell::Text(format!("Số {}", number / 4)),
            Cell::from(if number % 3 == 0 { "x" } else { "" }),
            Cell::Text(format!("0190{number:08}")),
        ]);
    }
    rows
}

fn per_thousand(took: Duration, rows: usize) -> f64 {
    took.as_secs_f64() * 1e3 * ratio(1_000, rows)
}

#[expect(clippy::cast_precision_loss, reason = "counts of cells and rows are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}
