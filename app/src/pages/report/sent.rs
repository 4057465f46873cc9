//! What was reported before, the newest first.

use domain::report::Sent;
use leptos::prelude::*;

use super::{HREF, Reporting};
use crate::app::as_of;

/// Enough to look back over a campaign's last weeks.
const SHOWN_MAX: usize = 30;

#[component]
pub fn SentList(reporting: Reporting) -> impl IntoView {
    let state = reporting.state;
    let list = Memo::new(move |_| {
        let of = reporting.of.get();
        let mut own: Vec<Sent> =
            state.sent_reports().with(|all| all.iter().filter(|sent| sent.area == of).cloned().collect());
        own.sort_by_key(|sent| std::cmp::Reverse((sent.at, sent.id)));
        own.truncate(SHOWN_MAX);
        own.into_iter().map(|sent| (sent.id, title(&sent), sent.report.made_ms)).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || !list.with(Vec::is_empty)>
            <section class="section">
                <h2 class="section__title">"Báo cáo đã chốt"</h2>
                <ul class="rows" role="list" data-testid="report-sent">
                    <For
                        each=move || list.get()
                        key=Clone::clone
                        children=move |(id, title, made_ms)| view! {
                            <li>
                                <a class="report__sent" href=format!("{HREF}?da-gui={id}")>
                                    <span>{title}</span>
                                    <span class="muted num">{move || format!("chốt {}", as_of(made_ms, state.today()))}</span>
                                </a>
                            </li>
                        }
                    />
                </ul>
            </section>
        </Show>
    }
}

fn title(sent: &Sent) -> String {
    if sent.report.due.is_empty() { "Báo cáo đột xuất".to_owned() } else { sent.report.due.clone() }
}
