//! The frame of every page: title, the line about sending, the page, what was just done, and the tabs of the role.

use domain::Day;
use domain::day::time_of_day;
use domain::people::Role;
use domain::replica::Status;
use leptos::prelude::*;

use super::broken::TroubleNotice;
use super::read_out::ReadOut;
use crate::components::{AppBar, IconName, SyncBadge, SyncState, TabBar, TabItem};
use crate::notices::NoticeLine;
use crate::state::AppState;
use crate::update::{UpdateOffer, Updates};

/// On these nothing is being typed, so they may offer a new version.
const CALM_PAGES: [&str; 9] =
    ["route", "point", "results", "coverage", "commune", "report", "phone", "phone-state", "not-found"];

/// A whole screen. `toolbar` stands above what scrolls, `bottom` above the tabs.
#[component]
pub fn Shell(
    #[prop(into)] title: Signal<String>,
    /// What the browser's history gets where the title names somebody.
    #[prop(optional)]
    history_title: Option<&'static str>,
    /// Names the page for tests and chooses the tab.
    page: &'static str,
    #[prop(optional, into)] subtitle: Signal<Option<String>>,
    #[prop(optional, into)] back: Signal<Option<String>>,
    /// A `WindowedList` inside does the scrolling.
    #[prop(optional)]
    list: bool,
    /// For tables on a laptop.
    #[prop(optional)]
    wide: bool,
    #[prop(default = true)] tabs: bool,
    #[prop(optional, into)] toolbar: Option<ViewFnOnce>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    #[prop(optional, into)] bottom: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    let testid = format!("page-{page}");
    let main_class = if list { "screen__main screen__main--list" } else { "screen__main" };
    Effect::new(move |_| {
        let title = history_title.map_or_else(|| title.get(), ToOwned::to_owned);
        document().set_title(&format!("{title} · Từng Nhà"));
    });
    let is_calm = CALM_PAGES.contains(&page);
    Updates::expect().note_page(is_calm);
    view! {
        <div class="screen" data-width=wide.then_some("wide") data-testid=testid>
            <AppBar title subtitle back>{actions.map(ViewFnOnce::run)}</AppBar>
            <SyncLine />
            {toolbar.map(|toolbar| view! { <div class="toolbar">{toolbar.run()}</div> })}
            <main class=main_class>
                <TroubleNotice trouble=AppState::expect().trouble() />
                {is_calm.then(|| view! { <ReadOut /> <UpdateOffer /> })}
                {children()}
            </main>
            <NoticeLine />
            {bottom.map(ViewFnOnce::run)}
            {tabs.then(|| view! { <Tabs page /> })}
        </div>
    }
}

#[component]
fn SyncLine() -> impl IntoView {
    let state = AppState::expect();
    let status = state.status();
    let as_of = Signal::derive(move || status.get().last_sync_ms.map(|ms| as_of(ms, state.today())));
    view! {
        <SyncBadge
            state=Signal::derive(move || sync_state(&status.get()))
            unsent=Signal::derive(move || status.get().unsent)
            needs_review=Signal::derive(move || status.get().refused)
            as_of
        />
    }
}

/// "09:40", or the day when it was another one.
pub fn as_of(ms: u64, today: Day) -> String {
    let (day, time) = (Day::at_ms(ms), time_of_day(ms));
    if day == today {
        return time;
    }
    let (_, month, date) = day.ymd();
    format!("{time} ngày {date}/{month}")
}

fn sync_state(status: &Status) -> SyncState {
    match status {
        _ if status.refused > 0 || status.is_device_unknown => SyncState::NeedsReview,
        _ if status.is_offline => SyncState::Offline,
        // Asking for news every minute is nobody's concern.
        _ if status.is_sending && (status.unsent > 0 || status.last_sync_ms.is_none()) => SyncState::Sending,
        _ if status.unsent > 0 => SyncState::Waiting,
        _ => SyncState::AllSent,
    }
}

#[component]
fn Tabs(page: &'static str) -> impl IntoView {
    let state = AppState::expect();
    let items = Signal::derive(move || {
        let is_at_point = state.area().get().is_some_and(|area| state.point_channel(area).is_some());
        tabs_of(state.role().get(), is_at_point, state.status().get().refused)
    });
    let current = move || match (page, state.role().get()) {
        // A lead comes here from the area.
        ("report", Role::Lead) => "coverage",
        _ => tab_of(page),
    };
    view! { <TabBar items current=Signal::derive(current) /> }
}

/// At a support point there is no route to walk.
fn tabs_of(role: Role, is_at_point: bool, refused: usize) -> Vec<TabItem> {
    let route = if is_at_point {
        TabItem::new("point", "/diem", "Điểm hỗ trợ", IconName::People)
    } else {
        TabItem::new("route", "/tuyen", "Tuyến", IconName::List)
    };
    let results = TabItem::new("results", "/ket-qua", "Kết quả", IconName::Chart);
    let coverage = TabItem::new("coverage", "/dia-ban", "Địa bàn", IconName::Map);
    let commune = TabItem::new("commune", "/phuong", "Xã, phường", IconName::Table);
    let report = TabItem::new("report", "/bao-cao", "Báo cáo", IconName::Calendar);
    let phone = TabItem::new("phone", "/may", "Máy", IconName::Phone).badge(refused);
    match role {
        Role::Member => vec![route, results, phone],
        Role::Lead => vec![route, coverage, results, phone],
        Role::Coordinator => vec![commune, report, phone],
    }
}

/// Where a role starts; the route leads on to a support point.
pub fn home_of(role: Role) -> &'static str {
    match role {
        Role::Member => "/tuyen",
        Role::Lead => "/dia-ban",
        Role::Coordinator => "/phuong",
    }
}

fn tab_of(page: &'static str) -> &'static str {
    match page {
        "results" | "coverage" | "commune" | "report" | "phone" | "point" => page,
        "phone-state" | "hand-over" => "phone",
        "routes" => "coverage",
        "plan" => "commune",
        "not-found" => "",
        _ => "route",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_person_is_shown_before_everything_else() {
        let busy = Status { unsent: 3, is_sending: true, ..Status::default() };
        assert_eq!(sync_state(&busy), SyncState::Sending);
        assert_eq!(sync_state(&Status { is_offline: true, ..busy }), SyncState::Offline);
        assert_eq!(sync_state(&Status { refused: 1, is_offline: true, ..busy }), SyncState::NeedsReview);
        let idle = Status { is_sending: true, last_sync_ms: Some(1), ..Status::default() };
        assert_eq!(sync_state(&idle), SyncState::AllSent);
    }

    #[test]
    fn yesterdays_sync_says_its_day() {
        let today = Day::from_ymd(2026, 11, 21).expect("a day");
        assert_eq!(as_of(1_795_194_000_000, today), "00:00");
        assert_eq!(as_of(1_795_193_999_000, today), "23:59 ngày 20/11");
    }

    #[test]
    fn every_role_has_its_home_among_its_tabs() {
        for role in [Role::Member, Role::Lead, Role::Coordinator] {
            assert!(tabs_of(role, false, 0).iter().any(|tab| tab.href == home_of(role)));
        }
    }
}
