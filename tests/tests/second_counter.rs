//! Two counters, one answer: made areas with everything that is messy in them, under each of the five plans.

use domain::coverage::{AreaView, Shown};
use domain::daily::Daily;
use domain::summary::Summary;
use domain::tally::Tally;
use domain::{Day, Document};
use e2e::second_counter::made::{Made, area};
use e2e::second_counter::{Paper, compare, compare_days, compare_targets, count};
use serde_json::to_value;

const SEEDS: u64 = 100;

/// What the two counters disagree about.
fn disagreements(made: &Made) -> Vec<String> {
    let read = |paper: &Paper| {
        let document: Document = serde_json::from_value(paper.wire.clone()).expect("a document");
        (document, paper.accepted)
    };
    let documents: Vec<(Document, Option<u64>)> = made.papers.iter().map(read).collect();
    let shown = || documents.iter().map(|(doc, accepted)| Shown { doc, accepted: *accepted });
    let today = Day::from_ymd(i32::try_from(made.year).expect("a year"), 6, 30).expect("a day");
    let all = AreaView::build(shown(), &made.campaign, today);
    let accepted = AreaView::build(shown().filter(|shown| shown.accepted.is_some()), &made.campaign, today);
    let plan = to_value(&made.campaign).expect("a plan");
    let figures = count(&made.papers, &plan, made.year);
    let summary = Summary::of(&all, &made.campaign);

    let mut found = compare(&figures, &summary);
    found.extend(compare_days(&figures, &Daily::of(&all, &made.campaign)));
    found.extend(compare_targets(&figures, &made.campaign, &summary));
    let mut found: Vec<String> = found.iter().map(ToString::to_string).collect();
    for member in &made.members {
        let tally = Tally::of(member.parse().expect("an id"), &all, &accepted, &made.campaign);
        let mut told: Vec<String> =
            tally.confirmed.iter().chain(&tally.waiting).map(|helped| helped.resident.to_string()).collect();
        told.sort();
        let own: Vec<String> = figures.credited.get(member).into_iter().flatten().cloned().collect();
        if told != own {
            found.push(format!("{member} is told {told:?}, counted again {own:?}"));
        }
    }
    found
}

#[test]
fn the_two_counters_agree_under_every_plan() {
    for preset in server::plans::presets() {
        for seed in 1..=SEEDS {
            let found = disagreements(&area(seed, &preset.campaign));
            assert!(found.is_empty(), "{} seed {seed}: {found:#?}", preset.key);
        }
    }
}
