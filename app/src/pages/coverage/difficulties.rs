//! Khó khăn, vướng mắc by code: in how many households each was met, and in how many it is still open.

use std::collections::BTreeMap;

use domain::number::grouped;
use domain::summary::Summary;
use domain::visit::Difficulty;
use leptos::prelude::*;

use crate::components::{ButtonKind, ButtonLink, IconName};

/// Households by code: where it was met, and of these where it is settled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    met: BTreeMap<String, u64>,
    settled: BTreeMap<String, u64>,
}

impl Counts {
    pub fn of(summary: &Summary) -> Self {
        Self { met: summary.difficulties.clone(), settled: summary.solved.clone() }
    }

    fn open(&self, code: &str) -> u64 {
        let of = |counts: &BTreeMap<String, u64>| counts.get(code).copied().unwrap_or(0);
        of(&self.met).saturating_sub(of(&self.settled))
    }

    fn all_open(&self) -> u64 {
        self.met.keys().map(|code| self.open(code)).sum()
    }
}

/// Sums by code, drawn: what is still open first. Nothing is shown while nothing was met.
#[component]
pub fn Difficulties(
    #[prop(into)] counts: Signal<Counts>,
    /// Where the households with something open are listed; not for the coordinator, whose phone holds none.
    #[prop(optional, into)]
    list: Option<String>,
) -> impl IntoView {
    let rows = Memo::new(move |_| counts.with(ranked));
    let open = Memo::new(move |_| counts.with(Counts::all_open));
    let sums = move || {
        let settled: u64 = counts.with(|counts| counts.settled.values().sum());
        format!("Cần xử lý tiếp {}, đã giải quyết {}.", grouped(open.get()), grouped(settled))
    };
    let link = move || {
        let href = list.clone().filter(|_| open.get() > 0)?;
        Some(view! {
            <ButtonLink href kind=ButtonKind::Secondary icon=IconName::List wide=true testid="difficulties-list">
                "Xem các hộ cần xử lý tiếp"
            </ButtonLink>
        })
    };
    view! {
        <Show when=move || !rows.with(Vec::is_empty)>
            <section class="section">
                <div>
                    <h2 class="section__title">"Khó khăn, vướng mắc"</h2>
                    <p class="muted num" data-testid="difficulties-sums">{sums}</p>
                </div>
                <ul class="card difficulties" role="list" data-testid="difficulties">
                    <For each=move || rows.get() key=Clone::clone children=line />
                </ul>
                {link.clone()}
            </section>
        </Show>
    }
}

/// A code's line; shares of the longest bar in percent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    label: String,
    open: u64,
    met: u64,
    open_share: u64,
    met_share: u64,
}

fn ranked(counts: &Counts) -> Vec<Row> {
    let most = counts.met.values().copied().max().unwrap_or(0).max(1);
    let row = |(code, met): (&String, &u64)| {
        let open = counts.open(code);
        Row { label: label(code), open, met: *met, open_share: open * 100 / most, met_share: met * 100 / most }
    };
    let mut rows: Vec<Row> = counts.met.iter().filter(|(_, met)| **met > 0).map(row).collect();
    rows.sort_by(|a, b| (b.open, b.met, &a.label).cmp(&(a.open, a.met, &b.label)));
    rows
}

/// A code from a newer version has no words here yet.
fn label(code: &str) -> String {
    Difficulty::from_name(code).map_or_else(|| "Khó khăn khác".to_owned(), |known| known.label().to_owned())
}

fn line(row: Row) -> impl IntoView {
    let Row { label, open, met, open_share, met_share } = row;
    let words = match open {
        0 => format!("đã xong {} hộ", grouped(met)),
        open => format!("còn {} / {} hộ", grouped(open), grouped(met)),
    };
    view! {
        <li class="difficulties__line">
            <span>{label}</span>
            <span class="difficulties__times num">{words}</span>
            <span class="difficulties__bar" style:--share=format!("{met_share}%") style:--open=format!("{open_share}%")></span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_most_often_open_stands_first_and_what_is_settled_stays_in_sight() {
        let counts = |list: &[(&str, u64)]| list.iter().map(|(code, number)| ((*code).to_owned(), *number)).collect();
        let counts = Counts {
            met: counts(&[("no_otp", 2), ("afraid", 8), ("no_nfc", 0), ("old_phone", 4)]),
            settled: counts(&[("afraid", 7), ("old_phone", 4)]),
        };
        let rows = ranked(&counts);
        let figures: Vec<(u64, u64)> = rows.iter().map(|row| (row.open, row.met)).collect();
        assert_eq!(figures, [(2, 2), (1, 8), (0, 4)]);
        assert_eq!((rows[0].open_share, rows[0].met_share), (25, 25));
        assert_eq!(counts.all_open(), 3);
    }
}
