//! The route: households in walking order, what is left to do on top, any person found by a few letters.

mod filter;
pub mod list;
mod place;
mod row;
mod scope;
pub mod search;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::DocId;
use domain::coverage::AreaView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::go_to::GoTo;
use super::phone_state::BeforeSettingOut;
use crate::app::Shell;
use crate::components::{
    ButtonLink, EmptyState, FilterChips, HOUSEHOLD_ROW_PX, HouseholdRow, IconButton, IconLink, IconName, LoadingScreen,
    Progress, SearchField, WindowedList,
};
use crate::state::{AppState, Download};

use filter::Filter;
pub use place::{last_scope, last_url};
pub use scope::Scope;
use search::Results;

/// The list that is open, as its parts share it.
#[derive(Clone, Copy)]
struct Walk {
    state: AppState,
    area: DocId,
    view: Signal<Arc<AreaView>>,
    scope: Memo<Scope>,
    filter: Memo<Filter>,
    /// As typed.
    text: RwSignal<String>,
    /// What the URL says of scope and search.
    asked_scope: Memo<Option<Scope>>,
    asks_search: Memo<bool>,
    go: Callback<String>,
    /// The households in scope, in walking order.
    ids: Memo<Vec<DocId>>,
    /// What was found by the letters typed.
    results: Memo<Results>,
}

impl Walk {
    fn new(area: DocId) -> Self {
        let state = AppState::expect();
        let view = state.view(area);
        let query = use_query_map();
        let asked_scope = Memo::new(move |_| query.read().get_str(place::SCOPE).and_then(Scope::from_key));
        let asks_search = Memo::new(move |_| query.read().get(place::SEARCH).is_some());
        let scope =
            Memo::new(move |_| asked_scope.get().unwrap_or_else(|| view.with(|view| Scope::usual(view, state.me()))));
        let filter =
            Memo::new(move |_| query.read().get_str(place::FILTER).and_then(Filter::from_key).unwrap_or_default());
        let text = RwSignal::new(if asks_search.get_untracked() { place::last_text() } else { String::new() });
        let ids = Memo::new(move |_| view.with(|view| list::walk(view, scope.get(), state.me())));
        Self {
            state,
            area,
            view,
            scope,
            filter,
            text,
            asked_scope,
            asks_search,
            go: place::way(),
            ids,
            results: search::results(view, text),
        }
    }

    fn is_searching(self) -> bool {
        self.text.with(|text| !text.trim().is_empty())
    }
}

#[component]
pub fn RoutePage() -> impl IntoView {
    let state = AppState::expect();
    let is_point = Memo::new(move |_| state.area().get().is_some_and(|area| state.point_channel(area).is_some()));
    move || match state.area().get() {
        Some(_) if is_point.get() => view! { <GoTo path="/diem" /> }.into_any(),
        Some(area) => view! { <AreaRoute area /> }.into_any(),
        None => view! { <NoArea /> }.into_any(),
    }
}

#[component]
fn NoArea() -> impl IntoView {
    view! {
        <Shell title="Tuyến của tôi" page="route">
            <EmptyState
                icon=IconName::Map
                title="Chưa có địa bàn nào"
                detail="Khi tổ trưởng hoặc cán bộ phân công, danh sách hộ sẽ tự về máy này."
            />
        </Shell>
    }
}

#[component]
fn AreaRoute(area: DocId) -> impl IntoView {
    let walk = Walk::new(area);
    let is_choosing = RwSignal::new(false);
    provide_context(walk);
    place::keep(walk);
    let title = move || walk.view.with(|view| walk.scope.get().title(view, &area_name(walk), walk.state.me()));
    let toolbar = move || view! { <Toolbar /> };
    let actions = move || {
        view! {
            <IconButton icon=IconName::Map label="Đổi tuyến, địa bàn" on_press=move |()| is_choosing.set(true) testid="choose-route" />
            <IconLink icon=IconName::Plus label="Thêm hộ" href="/ho-moi" testid="add-household" />
        }
    };
    view! {
        <Shell title subtitle=move || area_name(walk) page="route" list=true toolbar actions>
            <Doors />
            <scope::ScopeSheet is_open=is_choosing />
        </Shell>
    }
}

fn area_name(walk: Walk) -> String {
    let name =
        walk.state.areas().with(|areas| areas.iter().find(|area| area.id == walk.area).map(|area| area.name.clone()));
    name.unwrap_or_else(|| "Địa bàn".to_owned())
}

/// How far the route has come, what to look for, and the search.
#[component]
fn Toolbar() -> impl IntoView {
    let walk: Walk = expect_context();
    let reached = Memo::new(move |_| walk.view.with(|view| walk.ids.with(|ids| list::reached(view, ids))));
    let total = Memo::new(move |_| walk.ids.with(Vec::len));
    let options = Memo::new(move |_| walk.view.with(|view| walk.ids.with(|ids| Filter::options(view, ids))));
    let found = move || walk.is_searching().then(|| format!("{} hộ", walk.results.with(|results| results.ids.len())));
    view! {
        <SearchField value=walk.text result=found />
        <Show
            when=move || !walk.is_searching()
            fallback=move || view! { <p class="route__found" aria-hidden="true">{found} " trong cả " {area_name(walk)}</p> }
        >
            <Progress
                value=reached
                max=total
                label="Đã tiếp cận"
                value_label=move || format!("{}/{} hộ", reached.get(), total.get())
                testid="route-progress"
            />
            <BeforeSettingOut />
            <FilterChips
                label="Lọc hộ"
                options
                selected=Signal::derive(move || walk.filter.get().key().to_owned())
                on_select=move |key: String| place::show(walk, walk.scope.get_untracked(), Filter::from_key(&key))
                testid="route-filter"
            />
        </Show>
    }
}

#[component]
fn Doors() -> impl IntoView {
    let walk: Walk = expect_context();
    let results = walk.results;
    let names = Memo::new(move |_| {
        if walk.is_searching() { results.with(|results| Arc::clone(&results.names)) } else { Arc::default() }
    });
    let keys = Memo::new(move |_| {
        if walk.is_searching() {
            return results.with(|results| results.ids.clone());
        }
        walk.view.with(|view| walk.ids.with(|ids| list::filtered(view, ids, walk.filter.get())))
    });
    let is_empty = Memo::new(move |_| keys.with(Vec::is_empty));
    let is_loading = Memo::new(move |_| is_empty.get() && walk.state.download(walk.area).get() != Download::Complete);
    let selection = Memo::new(move |_| (walk.filter.get(), walk.scope.get(), walk.is_searching()));
    move || {
        if is_loading.get() {
            return view! { <Downloading /> }.into_any();
        }
        if is_empty.get() {
            return view! { <Nothing /> }.into_any();
        }
        // Another selection is another list, from its top.
        selection.get();
        view! {
            <WindowedList
                keys
                row_height_px=HOUSEHOLD_ROW_PX
                label="Các hộ"
                initial_scroll_px=place::scroll_px(walk)
                on_scroll=move |px| place::remember_scroll(walk, px)
                render=move |id, _| view! { <Door id names /> }
                testid="household-list"
            />
        }
        .into_any()
    }
}

#[component]
fn Door(id: DocId, names: Memo<Arc<BTreeMap<DocId, String>>>) -> impl IntoView {
    let walk: Walk = expect_context();
    let data = Memo::new(move |_| {
        let found = names.with(|names| names.get(&id).cloned());
        row::data(walk, id, found)
    });
    view! { <div class="route__row" data-id=id.to_string()><HouseholdRow row=data testid=format!("household-row-{id}") /></div> }
}

#[component]
fn Downloading() -> impl IntoView {
    let walk: Walk = expect_context();
    let download = walk.state.download(walk.area);
    let parts = move || match download.get() {
        Download::Complete => (0, 0),
        Download::Running { have, total } => (have, total),
    };
    view! {
        <LoadingScreen
            label="Đang tải danh sách hộ"
            value=Signal::derive(move || parts().0)
            max=Signal::derive(move || parts().1)
        />
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let walk: Walk = expect_context();
    let words = move || {
        if walk.is_searching() {
            ("Không tìm thấy ai", "Thử gõ ít chữ hơn, tên không dấu, số nhà, hoặc ba số cuối điện thoại.")
        } else {
            walk.filter.get().nothing()
        }
    };
    let can_add = move || walk.is_searching() || walk.filter.get() == Filter::All;
    view! {
        <div class="route__nothing">
            <EmptyState icon=IconName::Door title=move || words().0.to_owned() detail=move || Some(words().1.to_owned())>
                <Show when=can_add>
                    <ButtonLink href="/ho-moi" icon=IconName::Plus>"Thêm hộ"</ButtonLink>
                </Show>
            </EmptyState>
        </div>
    }
}
