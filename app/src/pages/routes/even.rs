//! "Chia đều": the walk in N parts as equal as can be, shown before anything is written.

use domain::coverage::AreaView;
use domain::division::{self, ROUTES_MAX, Share};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::app::Shell;
use crate::components::{Button, EmptyState, IconButton, IconName, grouped};
use crate::pages::door::house_title;

use super::{Division, HREF};

/// A route of this size is an evening or two of one pair of helpers; only the first proposal starts from it.
const DOORS_COMMON: usize = 40;

/// A route of the preview.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ShareRow {
    name: String,
    is_new: bool,
    households: usize,
    first: String,
    last: String,
    members: Vec<String>,
}

#[component]
pub fn EvenDivision(division: Division) -> impl IntoView {
    let count = RwSignal::new(division.view.with_untracked(|view| first_count(view)));
    let busy = RwSignal::new(false);
    let shares = Memo::new(move |_| division.view.with(|view| division::equal_shares(view, count.get())));
    let rows = Memo::new(move |_| shares.with(|shares| rows(division, shares)));
    let effects = move || division.view.with(|view| shares.with(|shares| effects(view, shares)));
    let is_same = Memo::new(move |_| {
        division
            .view
            .with(|view| shares.with(|shares| division::moved(view, shares) == 0 && shares.len() == view.routes.len()))
    });
    let is_empty = Memo::new(move |_| division.view.with(|view| view.households.is_empty()));
    let navigate = use_navigate();
    let write = move |()| {
        let Some(area) = division.area.get_untracked() else { return };
        let shares = shares.get_untracked();
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            let outcome = division.state.divide(area, &shares).await;
            busy.try_set(false);
            let is_stored = outcome.is_ok();
            division.notices.tell(&format!("Đã chia thành {} tuyến", shares.len()), outcome);
            if is_stored {
                navigate(HREF, leptos_router::NavigateOptions { replace: true, ..Default::default() });
            }
        });
    };
    let bottom = move || {
        view! {
            <div class="routes__bar">
                <Button wide=true busy disabled=is_same on_press=write testid="even-write">
                    {move || if is_same.get() { "Đang chia đúng như vậy".to_owned() } else { format!("Chia thành {} tuyến", rows.with(Vec::len)) }}
                </Button>
            </div>
        }
    };
    view! {
        <Shell
            title="Chia đều cả địa bàn"
            page="routes-even"
            subtitle=Signal::derive(move || division.area_name())
            back=HREF.to_owned()
            tabs=false
            bottom
        >
            <Show
                when=move || !is_empty.get()
                fallback=|| view! { <EmptyState icon=IconName::List title="Địa bàn này chưa có hộ nào" /> }
            >
                <p class="muted">"Chia theo thứ tự đi từng nhà; tuyến đang có giữ tên và người phụ trách."</p>
                <Stepper count />
                <ol class="stack" role="list" data-testid="even-preview">
                    <For each=move || rows.get() key=Clone::clone children=share_card />
                </ol>
                <p data-testid="even-effects">{effects}</p>
            </Show>
        </Shell>
    }
}

/// How many routes.
#[component]
fn Stepper(count: RwSignal<usize>) -> impl IntoView {
    let step = move |to: usize| count.set(to.clamp(1, ROUTES_MAX));
    view! {
        <div class="routes__stepper card" role="group" aria-label="Số tuyến">
            <IconButton icon=IconName::Dash label="Bớt một tuyến" on_press=move |()| step(count.get_untracked().saturating_sub(1)) testid="even-fewer" />
            <output class="routes__count num" aria-live="polite" data-testid="even-count">{move || count.get()} " tuyến"</output>
            <IconButton icon=IconName::Plus label="Thêm một tuyến" on_press=move |()| step(count.get_untracked() + 1) testid="even-more" />
        </div>
    }
}

fn share_card(row: ShareRow) -> impl IntoView {
    let ShareRow { name, is_new, households, first, last, members } = row;
    let members = if members.is_empty() { "Chưa phân công ai".to_owned() } else { members.join(", ") };
    view! {
        <li class="card route-card" data-testid="even-share">
            <div class="route-card__head">
                <h2 class="route-card__name">{name} {is_new.then(|| view! { <span class="route-card__new">"mới"</span> })}</h2>
                <span class="route-card__count num">{grouped(households)} " hộ"</span>
            </div>
            <p class="route-card__span">
                <span class="muted">"Từ "</span> {first} <br /> <span class="muted">"đến "</span> {last}
            </p>
            <p class="route-card__members">{members}</p>
        </li>
    }
}

fn first_count(view: &AreaView) -> usize {
    match view.routes.len() {
        0 => view.households.len().div_ceil(DOORS_COMMON).clamp(1, ROUTES_MAX),
        routes => routes.min(ROUTES_MAX),
    }
}

fn rows(division: Division, shares: &[Share]) -> Vec<ShareRow> {
    let view = division.view.get();
    let door = |id: Option<&domain::DocId>| {
        let household = id.and_then(|id| view.households.get(id)).map(|view| &view.household);
        household.map_or_else(String::new, |household| match household.house_no.trim() {
            "" => house_title("", &household.head),
            number => format!("{}, {}", house_title(number, ""), household.head),
        })
    };
    let row = |share: &Share| {
        let route = share.route.and_then(|id| view.routes.iter().find(|route| route.id == id));
        ShareRow {
            name: share.name.clone(),
            is_new: share.route.is_none(),
            households: share.households.len(),
            first: door(share.households.first()),
            last: door(share.households.last()),
            members: route.map(|route| division.member_names(&route.members)).unwrap_or_default(),
        }
    };
    shares.iter().map(row).collect()
}

/// "120 hộ đổi tuyến. Bỏ Tuyến 5."
fn effects(view: &AreaView, shares: &[Share]) -> String {
    let gone: Vec<&str> = division::surplus(view, shares).map(|route| route.name.as_str()).collect();
    let moved = match division::moved(view, shares) {
        0 => "Không hộ nào đổi tuyến.".to_owned(),
        moved => format!("{} hộ đổi tuyến.", grouped(moved)),
    };
    if gone.is_empty() { moved } else { format!("{moved} Bỏ {}.", gone.join(", ")) }
}
