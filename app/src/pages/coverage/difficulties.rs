//! Khó khăn, vướng mắc by code: how often each was met, longest bar first.

use std::collections::BTreeMap;

use domain::number::grouped;
use domain::visit::Difficulty;
use leptos::prelude::*;

/// Sums by code, drawn. Nothing is shown while nothing was met.
#[component]
pub fn Difficulties(#[prop(into)] counts: Signal<BTreeMap<String, u64>>) -> impl IntoView {
    let rows = Memo::new(move |_| counts.with(ranked));
    view! {
        <Show when=move || !rows.with(Vec::is_empty)>
            <section class="section">
                <h2 class="section__title">"Khó khăn, vướng mắc"</h2>
                <ul class="card difficulties" role="list" data-testid="difficulties">
                    <For each=move || rows.get() key=Clone::clone children=line />
                </ul>
            </section>
        </Show>
    }
}

/// Label, times met, share of the longest bar in percent.
type Ranked = (String, u64, u64);

fn ranked(counts: &BTreeMap<String, u64>) -> Vec<Ranked> {
    let most = counts.values().copied().max().unwrap_or(0).max(1);
    let met = counts.iter().filter(|(_, times)| **times > 0);
    let mut rows: Vec<Ranked> = met.map(|(code, times)| (label(code), *times, times * 100 / most)).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows
}

/// A code from a newer version has no words here yet.
fn label(code: &str) -> String {
    Difficulty::from_name(code).map_or_else(|| "Khó khăn khác".to_owned(), |known| known.label().to_owned())
}

fn line((label, times, share): Ranked) -> impl IntoView {
    view! {
        <li class="difficulties__line">
            <span>{label}</span>
            <span class="difficulties__times num">{grouped(times)} <span class="visually-hidden">" lần"</span></span>
            <span class="difficulties__bar" style:--share=format!("{share}%")></span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_most_stands_first() {
        let counts = BTreeMap::from([("no_otp".to_owned(), 2), ("afraid".to_owned(), 8), ("no_nfc".to_owned(), 0)]);
        let rows = ranked(&counts);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].1, rows[0].2, rows[1].2), (8, 100, 25));
    }
}
