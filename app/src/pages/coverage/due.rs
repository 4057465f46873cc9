//! The next report and the time that is left for it, on the way to making it.

use domain::due::Due;
use domain::report::{Wanted, likely};
use leptos::prelude::*;

use crate::components::{ButtonKind, ButtonLink, Icon, IconName};
use crate::pages::report;
use crate::state::AppState;

/// `of` is the area that is reported for, `None` for the commune.
#[component]
pub fn DueCard(#[prop(into)] of: Signal<Option<domain::DocId>>, now_ms: Memo<u64>) -> impl IntoView {
    let state = AppState::expect();
    let words = move || {
        let (plan, sent) = (state.campaign().get(), state.sent_reports().get());
        match likely(&plan, &sent, of.get(), now_ms.get()).wanted(&plan) {
            Some(Wanted::Slot { slot, day }) => {
                let time = Due::on(slot, day).map(|due| due.time_left(now_ms.get())).unwrap_or_default();
                format!("Báo cáo tới: {} ({time})", slot.due_label(day))
            }
            _ => "Kế hoạch không ghi kỳ báo cáo".to_owned(),
        }
    };
    view! {
        <section class="card due-card" data-testid="due-card">
            <p class="commune__line"><Icon name=IconName::Clock /> <span>{words}</span></p>
            <ButtonLink href=report::HREF kind=ButtonKind::Secondary icon=IconName::Table testid="make-report">
                "Lập báo cáo"
            </ButtonLink>
        </section>
    }
}
