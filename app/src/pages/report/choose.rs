//! Which moment of the plan is reported for.

use domain::due::Due;
use domain::report::{Period, Wanted, periods};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{HREF, Reporting};
use crate::components::{ChipOption, FilterChips};

#[component]
pub fn ChoosePeriod(reporting: Reporting) -> impl IntoView {
    let state = reporting.state;
    let navigate = use_navigate();
    let options = move || {
        let (plan, sent) = (state.campaign().get(), state.sent_reports().get());
        let option = |period: Period| {
            let mark = if period.sent(&plan, &sent, reporting.of.get()).is_some() { " ✓" } else { "" };
            ChipOption::new(period.to_string(), format!("{}{mark}", period.short_label(&plan)))
        };
        periods(&plan, &sent, reporting.of.get(), state.now_ms()).into_iter().map(option).collect::<Vec<_>>()
    };
    let choose = move |key: String| {
        navigate(&format!("{HREF}?ky={key}"), NavigateOptions { replace: true, scroll: false, ..Default::default() });
    };
    let selected = Signal::derive(move || {
        if reporting.is_looking_back.get() { String::new() } else { reporting.period.get().to_string() }
    });
    view! {
        <FilterChips label="Kỳ báo cáo" options=Signal::derive(options) selected on_select=choose testid="report-period" />
        <p class="muted" data-testid="report-due">{move || due_words(reporting)}</p>
    }
}

/// "Còn 2 ngày. Gửi UBND xã (nhóm Zalo)."
fn due_words(reporting: Reporting) -> Option<String> {
    let plan = reporting.state.campaign().get();
    if reporting.is_looking_back.get() {
        return None;
    }
    let Wanted::Slot { slot, day } = reporting.period.get().wanted(&plan)? else { return None };
    let due = Due::on(slot, day)?;
    let time = due.time_left(reporting.state.now_ms());
    let by = if slot.channel.is_empty() { String::new() } else { format!(" ({})", slot.channel) };
    let to = if slot.to.is_empty() { String::new() } else { format!(" Gửi {}{by}.", slot.to) };
    let from = if slot.from.is_empty() { String::new() } else { format!(" Người gửi: {}.", slot.from) };
    Some(format!("Hạn {} ({time}).{to}{from}", due.label()))
}
