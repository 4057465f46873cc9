//! The figures of a report on the screen, and the official table that only a printer shows.

use std::sync::Arc;

use domain::number::{grouped, percent};
use domain::report::{Line, Report, as_of_words, period_words, signed, target_words};
use leptos::prelude::*;

use super::printed::Printed;

#[component]
pub fn Body(report: Arc<Report>, frozen: bool) -> impl IntoView {
    // A part that nothing is in is left to the table on paper.
    let is_shown =
        |line: &&Line| line.part().is_none() || line.cumulative > 0 || line.adjustment.is_some_and(|by| by != 0);
    let lines = report.lines.iter().filter(is_shown).map(line).collect_view();
    let targets = report.targets.iter().map(|target| {
        view! { <li><strong>{target.label.clone()}</strong> ": " {target_words(target)}</li> }
    });
    let targets = (!report.targets.is_empty()).then(|| targets.collect_view());
    let difficulties = report.difficulties.iter().map(|line| {
        let words = format!("{} hộ cần xử lý tiếp, {} đã giải quyết", grouped(line.open), grouped(line.solved));
        view! { <li>{line.label.clone()} ": " {words}</li> }
    });
    let difficulties = (!report.difficulties.is_empty()).then(|| difficulties.collect_view());
    view! {
        <div class="stack report" data-testid="report" data-state=if frozen { "frozen" } else { "draft" }>
            <p class="report__period">{period_words(&report)} "."</p>
            <p class="muted" data-testid="report-as-of">{as_of_words(&report)}</p>
            <table class="report__table">
                <caption class="visually-hidden">"Số liệu báo cáo"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Nội dung"</th>
                        <th scope="col">"Trong kỳ"</th>
                        <th scope="col">"Lũy kế"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            {targets.map(|targets| view! {
                <section class="section">
                    <h2 class="section__title">"So với chỉ tiêu của kế hoạch"</h2>
                    <ul class="report__list">{targets}</ul>
                </section>
            })}
            {difficulties.map(|difficulties| view! {
                <section class="section">
                    <h2 class="section__title">"Khó khăn, vướng mắc"</h2>
                    <ul class="report__list">{difficulties}</ul>
                </section>
            })}
        </div>
        <Printed report />
    }
}

fn line(line: &Line) -> impl IntoView + use<> {
    let adjusted = line.adjustment.filter(|change| *change != 0);
    let adjusted = adjusted.map(|change| format!("điều chỉnh kỳ trước {}", signed(change)));
    let share = line.of.and_then(|of| percent(line.cumulative, of));
    let is_part = line.part().is_some();
    view! {
        <tr data-testid=format!("line-{}", line.key) data-part=is_part.then_some("")>
            <th scope="row">
                {line.label.clone()}
                {adjusted.map(|words| view! { <span class="report__adjusted" data-testid="adjustment">{words}</span> })}
            </th>
            <td class="num">{line.in_period.map_or_else(|| "—".to_owned(), grouped)}</td>
            <td class="num">
                {grouped(line.cumulative)}
                {share.map(|words| view! { <span class="report__share">{words}</span> })}
            </td>
        </tr>
    }
}
