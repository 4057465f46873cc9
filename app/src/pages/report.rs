//! Báo cáo (`/bao-cao`): the figures for a moment that the plan names, checked, frozen and handed on, all without a network.
//! A lead reports an area, a coordinator the commune. `?ky=<period>` chooses the period, `?da-gui=<id>` shows a sent one.

mod areas;
mod body;
mod choose;
mod hand_over;
mod printed;
mod sent;

use std::sync::Arc;

use domain::DocId;
use domain::day::time_of_day;
use domain::people::Role;
use domain::report::{Period, Report, Sent, likely};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::app::{Shell, as_of};
use crate::components::{Button, ButtonKind, IconName, Notice};
use crate::notices::Notices;
use crate::pages::coverage::area::{AreaChooser, area_name};
use crate::state::AppState;

use areas::AreaReports;
use body::Body;
use choose::ChoosePeriod;
use hand_over::{HandOver, ToZalo};

pub use hand_over::XLSX;
use sent::SentList;

pub const HREF: &str = "/bao-cao";

/// Whose report it is and for when, as the parts of the page share it.
#[derive(Clone, Copy)]
struct Reporting {
    state: AppState,
    /// The area; `None` for the whole commune.
    of: Memo<Option<DocId>>,
    period: Memo<Period>,
    /// A report that was sent is looked at for itself and not for its period.
    is_looking_back: Memo<bool>,
    /// The sent report that is looked at.
    shown: Memo<Option<Arc<Sent>>>,
}

impl Reporting {
    fn new() -> Self {
        let state = AppState::expect();
        let query = use_query_map();
        let (role, area) = (state.role(), state.area());
        let of = Memo::new(move |_| if role.get() == Role::Coordinator { None } else { area.get() });
        let asked = move |name: &str| query.with(|query| query.get(name));
        let period = Memo::new(move |_| {
            let (plan, sent) = (state.campaign().get(), state.sent_reports().get());
            let asked =
                asked("ky").and_then(|key| key.parse().ok()).filter(|period: &Period| period.wanted(&plan).is_some());
            asked.unwrap_or_else(|| likely(&plan, &sent, of.get(), state.now_ms()))
        });
        let shown = Memo::new(move |_| {
            let (plan, all) = (state.campaign().get(), state.sent_reports().get());
            let wanted = asked("da-gui").and_then(|id| id.parse::<DocId>().ok());
            let found = match wanted {
                Some(id) => all.iter().find(|sent| sent.id == id),
                None => period.get().sent(&plan, &all, of.get()),
            };
            found.cloned().map(Arc::new)
        });
        let is_looking_back = Memo::new(move |_| asked("da-gui").is_some());
        Self { state, of, period, is_looking_back, shown }
    }

    /// The report as it would be now.
    fn draft(self) -> Option<Report> {
        let plan = self.state.campaign().get();
        self.state.make_report(self.of.get(), self.period.get().wanted(&plan)?)
    }
}

#[component]
pub fn ReportPage() -> impl IntoView {
    let reporting = Reporting::new();
    let state = reporting.state;
    let is_coordinator = move || state.role().get() == Role::Coordinator;
    let subtitle = move || match reporting.of.get() {
        Some(area) => area_name(state, Some(area)),
        None => state.commune().with(|own| own.as_ref().map(domain::place::Commune::title)),
    };
    let back = move || (!is_coordinator()).then(|| "/dia-ban".to_owned());
    let may_report = move || state.role().get() >= Role::Lead;
    view! {
        <Shell
            title="Báo cáo"
            page="report"
            wide=true
            subtitle=Signal::derive(subtitle)
            back=Signal::derive(back)
            bottom=move || view! { <MainAction reporting /> }
        >
            <Show
                when=may_report
                fallback=|| view! { <Notice title="Tổ trưởng và cán bộ xã, phường lập báo cáo" /> }
            >
                <Show when=move || !is_coordinator()><AreaChooser /></Show>
                <ChoosePeriod reporting />
                {move || match reporting.shown.get() {
                    Some(sent) => view! { <Frozen reporting sent /> }.into_any(),
                    None => view! { <Draft reporting /> }.into_any(),
                }}
                <Show when=is_coordinator><AreaReports reporting /></Show>
                <SentList reporting />
            </Show>
        </Shell>
    }
}

/// The one thing to do next, always in reach: freeze, or hand over what was frozen.
#[component]
fn MainAction(reporting: Reporting) -> impl IntoView {
    view! {
        <Show when=move || { reporting.state.role().get() >= Role::Lead }>
            <div class="report__main-action">
                {move || match reporting.shown.get() {
                    Some(sent) => view! { <ToZalo report=Arc::new(sent.report.clone()) /> }.into_any(),
                    None => view! { <Freeze reporting /> }.into_any(),
                }}
            </div>
        </Show>
    }
}

/// Still moving: what would be reported now.
#[component]
fn Draft(reporting: Reporting) -> impl IntoView {
    let draft = Memo::new(move |_| reporting.draft().map(Arc::new));
    view! {
        {move || draft.get().map(|report| view! { <Body report frozen=false /> })}
        <p class="muted">
            "Sau khi chốt, số đã báo không đổi nữa. Lượt ghi về muộn được tính là điều chỉnh ở kỳ sau."
        </p>
    }
}

/// Chốt số: what leaves the phone is what was frozen.
#[component]
fn Freeze(reporting: Reporting) -> impl IntoView {
    let (notices, navigate) = (Notices::expect(), use_navigate());
    let is_busy = RwSignal::new(false);
    let freeze = move |()| {
        let Some(report) = untrack(|| reporting.draft()) else { return };
        let (of, period) = (reporting.of.get_untracked(), reporting.period.get_untracked());
        let navigate = navigate.clone();
        is_busy.set(true);
        spawn_local(async move {
            match reporting.state.freeze_report(of, &report).await {
                Ok(id) => {
                    notices.say_saved(format!("Đã chốt số lúc {}", time_of_day(report.made_ms)), None);
                    let there = match period {
                        Period::Slot { .. } => format!("{HREF}?ky={period}"),
                        Period::Now => format!("{HREF}?da-gui={id}"),
                    };
                    navigate(&there, NavigateOptions { replace: true, ..Default::default() });
                }
                Err(error) => notices.fail(error.sentence()),
            }
            is_busy.try_set(false);
        });
    };
    view! {
        <Button wide=true busy=is_busy icon=IconName::Check on_press=freeze testid="report-freeze">"Chốt số để gửi"</Button>
    }
}

/// As it was sent.
#[component]
fn Frozen(reporting: Reporting, sent: Arc<Sent>) -> impl IntoView {
    let state = reporting.state;
    let by = state.members().with(|members| members.get(&sent.member).map(|member| member.name.clone()));
    let frozen = format!(
        "Đã chốt lúc {}{}",
        as_of(sent.report.made_ms, state.today()),
        by.map(|name| format!(", {name} lập")).unwrap_or_default()
    );
    let is_newest = {
        let sent = Arc::clone(&sent);
        move || {
            let (plan, all) = (state.campaign().get(), state.sent_reports().get());
            reporting.period.get().sent(&plan, &all, reporting.of.get()).is_some_and(|newest| newest.id == sent.id)
        }
    };
    let report = Arc::new(sent.report.clone());
    view! {
        <p class="report__frozen" data-testid="report-frozen">{frozen}</p>
        <HandOver report=Arc::clone(&report) />
        <Body report frozen=true />
        <Show when=is_newest><Again reporting /></Show>
    }
}

/// A report that was frozen by mistake is made anew; the newer one then counts.
#[component]
fn Again(reporting: Reporting) -> impl IntoView {
    let asks = RwSignal::new(false);
    view! {
        <Show
            when=move || asks.get()
            fallback=move || view! {
                <Button kind=ButtonKind::Quiet icon=IconName::Refresh on_press=move |()| asks.set(true) testid="report-again">
                    "Lập lại báo cáo kỳ này"
                </Button>
            }
        >
            <Notice
                title="Lập lại báo cáo của kỳ này"
                detail="Bản đã chốt vẫn được giữ; bản lập sau thay cho bản trước khi tính kỳ tiếp theo."
            />
            <Draft reporting />
            <Freeze reporting />
        </Show>
    }
}
