//! For the coordinator: which areas have reported for this moment.

use domain::DocId;
use domain::report::{Period, sent_for_day};
use leptos::prelude::*;

use super::{HREF, Reporting};
use crate::app::as_of;
use crate::components::{Icon, IconName};

/// An area, and the report that it sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct AreaRow {
    name: String,
    sent: Option<(DocId, u64)>,
}

#[component]
pub fn AreaReports(reporting: Reporting) -> impl IntoView {
    let state = reporting.state;
    let rows = Memo::new(move |_| {
        let (all, period) = (state.sent_reports().get(), reporting.period.get());
        let row = |area: &domain::place::Area| {
            let sent = match period {
                Period::Slot { day, .. } => sent_for_day(&all, area.id, day),
                Period::Now => None,
            };
            AreaRow { name: area.name.clone(), sent: sent.map(|sent| (sent.id, sent.report.made_ms)) }
        };
        state.areas().with(|areas| areas.iter().map(row).collect::<Vec<_>>())
    });
    let title = move || {
        let (sent, all) = rows.with(|rows| (rows.iter().filter(|row| row.sent.is_some()).count(), rows.len()));
        format!("Địa bàn đã báo cáo: {sent} trên {all}")
    };
    let is_slot = move || !reporting.is_looking_back.get() && reporting.period.with(|period| *period != Period::Now);
    view! {
        <Show when=is_slot>
            <section class="section">
                <h2 class="section__title" data-testid="report-areas">{title}</h2>
                <ul class="rows" role="list">
                    <For each=move || rows.get() key=Clone::clone children=move |row| area_row(reporting, row) />
                </ul>
            </section>
        </Show>
    }
}

fn area_row(reporting: Reporting, row: AreaRow) -> impl IntoView {
    let AreaRow { name, sent } = row;
    let words = match sent {
        Some((_, made_ms)) => format!("chốt {}", as_of(made_ms, reporting.state.today())),
        None => "chưa gửi".to_owned(),
    };
    let icon = if sent.is_some() { IconName::CheckCircle } else { IconName::Clock };
    let href = sent.map(|(id, _)| format!("{HREF}?da-gui={id}"));
    view! {
        <li>
            <a class="report__sent" href=href>
                <span class="cluster"><Icon name=icon /> {name}</span>
                <span class="muted num">{words}</span>
            </a>
        </li>
    }
}
