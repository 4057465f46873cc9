//! How fast a target comes closer, drawn and in words.

use domain::number::grouped;
use domain::pace::Pace;
use leptos::prelude::*;

use crate::components::{PaceChart, PaceChartData};

#[component]
pub fn PaceLine(pace: Pace) -> impl IntoView {
    let words = pace.words();
    let has_line = pace.points.len() > 1;
    view! {
        {has_line.then(|| view! { <PaceChart data=data(&pace) /> })}
        <p class="commune-target__pace" data-testid="target-pace">{words}</p>
    }
}

#[expect(clippy::cast_precision_loss, reason = "people of a commune stay far below 2^52")]
fn data(pace: &Pace) -> PaceChartData {
    let day = |day: domain::Day| f64::from(day.since(pace.start));
    let short = |day: domain::Day| {
        let (_, month, date) = day.ymd();
        format!("{date}/{month}")
    };
    let end = pace.end.filter(|end| *end > pace.today);
    let expected = end.zip(pace.expected());
    let last = end.unwrap_or(pace.today);
    let needed_label = pace.needed.map(|needed| format!("cần {}", grouped(needed))).unwrap_or_default();
    let will = expected.map(|(day, value)| format!(", với đà này đến {} được {}", short(day), grouped(value)));
    let description = format!(
        "Từ {} đến {}: {} {}, {needed_label}{}",
        short(pace.start),
        short(pace.today),
        grouped(pace.value()),
        pace.unit,
        will.unwrap_or_default()
    );
    PaceChartData {
        points: pace.points.iter().map(|(on, value)| (day(*on), *value as f64)).collect(),
        needed: pace.needed.map(|needed| needed as f64),
        expected: expected.map(|(on, value)| (day(on), value as f64)),
        start_label: short(pace.start),
        end_label: short(last),
        needed_label,
        description,
    }
}
