//! Dividing an area into routes and giving these to members: the routes as they are (`/dia-ban/tuyen`), moving
//! households between them (`?xem=chon`) and dividing the whole walk evenly (`?xem=chia-deu`).

mod dialogs;
mod even;
mod moving;

use std::sync::Arc;

use domain::DocId;
use domain::coverage::AreaView;
use domain::division;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use crate::app::Shell;
use crate::components::{Button, ButtonKind, ButtonLink, IconButton, IconName, grouped};
use crate::notices::Notices;
use crate::pages::coverage::area::{self, AreaChooser, Arriving, area_name};
use crate::state::{AppState, NotSaved, Undo};

use dialogs::{Dialog, Dialogs};
use even::EvenDivision;
use moving::Moving;

pub const HREF: &str = "/dia-ban/tuyen";
/// The key of what no route has.
pub const UNROUTED: &str = "none";

/// The area being divided, as the parts of the page share it.
#[derive(Clone, Copy)]
struct Division {
    state: AppState,
    notices: Notices,
    area: RwSignal<Option<DocId>>,
    view: Signal<Arc<AreaView>>,
}

impl Division {
    fn new() -> Self {
        let state = AppState::expect();
        Self { state, notices: Notices::expect(), area: state.area(), view: area::view(state) }
    }

    /// Runs a write and says when it is stored, or why it is not.
    fn save(self, what: String, work: impl Future<Output = Result<Undo, NotSaved>> + 'static) {
        spawn_local(async move { self.notices.tell(&what, work.await) });
    }

    fn area_name(self) -> Option<String> {
        area_name(self.state, self.area.get())
    }

    /// Those who may be given a route here, by name.
    fn member_names(self, ids: &[DocId]) -> Vec<String> {
        self.state
            .members()
            .with(|members| ids.iter().filter_map(|id| members.get(id)).map(|member| member.name.clone()).collect())
    }
}

#[component]
pub fn RoutesPage() -> impl IntoView {
    let division = Division::new();
    let query = use_query_map();
    let what = Memo::new(move |_| query.with(|query| query.get("xem")));
    move || match what.get().as_deref() {
        Some("chon") => EitherOf3::A(view! { <Moving division /> }),
        Some("chia-deu") => EitherOf3::B(view! { <EvenDivision division /> }),
        _ => EitherOf3::C(view! { <RouteList division /> }),
    }
}

/// A route's card; without an id it is what no route has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RouteRow {
    id: Option<DocId>,
    name: String,
    members: Vec<String>,
    households: usize,
}

fn rows(division: Division) -> Vec<RouteRow> {
    let view = division.view.get();
    let sizes = division::sizes(&view);
    let size = |route: Option<DocId>| sizes.get(&route).copied().unwrap_or(0);
    let routes = view.routes.iter().map(|route| RouteRow {
        id: Some(route.id),
        name: route.name.clone(),
        members: division.member_names(&route.members),
        households: size(Some(route.id)),
    });
    let rest =
        RouteRow { id: None, name: "Chưa phân tuyến".to_owned(), members: Vec::new(), households: size(None) };
    routes.chain((rest.households > 0).then_some(rest)).collect()
}

#[component]
fn RouteList(division: Division) -> impl IntoView {
    let dialog = RwSignal::new(Dialog::None);
    let rows = Memo::new(move |_| rows(division));
    let is_empty = Memo::new(move |_| division.view.with(|view| view.households.is_empty()));
    let totals = move || {
        division
            .view
            .with(|view| format!("{} hộ, {} tuyến", grouped(view.households.len()), grouped(view.routes.len())))
    };
    view! {
        <Shell
            title="Chia tuyến, phân công"
            page="routes"
            subtitle=Signal::derive(move || division.area_name())
            back="/dia-ban".to_owned()
        >
            <AreaChooser />
            <Show when=move || !is_empty.get() fallback=|| view! { <Arriving /> }>
                <p class="muted" data-testid="routes-totals">{totals}</p>
                <ul class="stack" role="list">
                    <For
                        each=move || rows.get()
                        key=Clone::clone
                        children=move |row| view! { <RouteCard row dialog /> }
                    />
                </ul>
                <div class="stack">
                    <Button icon=IconName::Plus wide=true on_press=move |()| dialog.set(Dialog::Add) testid="route-add">
                        "Thêm tuyến"
                    </Button>
                    <ButtonLink
                        href=format!("{HREF}?xem=chia-deu")
                        kind=ButtonKind::Secondary
                        icon=IconName::Table
                        wide=true
                        testid="routes-even"
                    >
                        "Chia đều cả địa bàn"
                    </ButtonLink>
                </div>
            </Show>
            <Dialogs division dialog />
        </Shell>
    }
}

#[component]
fn RouteCard(row: RouteRow, dialog: RwSignal<Dialog>) -> impl IntoView {
    let RouteRow { id, name, members, households } = row;
    let key = id.map_or_else(|| UNROUTED.to_owned(), |id| id.to_string());
    let href = format!("{HREF}?xem=chon&tu={key}");
    let people = id.map(|_| {
        let state = if members.is_empty() { "open" } else { "assigned" };
        let words = if members.is_empty() { "Chưa phân công ai".to_owned() } else { members.join(", ") };
        view! { <p class="route-card__members" data-state=state>{words}</p> }
    });
    let more_label = format!("Sửa {name}");
    let actions = id.map(|id| view! {
        <Button kind=ButtonKind::Secondary icon=IconName::People on_press=move |()| dialog.set(Dialog::Assign(id)) testid="route-assign">
            "Phân công"
        </Button>
    });
    let more = id.map(|id| view! {
        <IconButton icon=IconName::More label=more_label on_press=move |()| dialog.set(Dialog::More(id)) testid="route-more" />
    });
    view! {
        <li class="card route-card" data-testid="routes-route" data-id=key data-state=if id.is_some() { "route" } else { "rest" }>
            <div class="route-card__head">
                <h2 class="route-card__name">{name}</h2>
                <span class="route-card__count num">{grouped(households)} " hộ"</span>
                {more}
            </div>
            {people}
            <div class="cluster route-card__actions">
                {actions}
                <ButtonLink href kind=ButtonKind::Secondary testid="route-move">
                    {if id.is_some() { "Chuyển hộ" } else { "Chọn hộ để phân tuyến" }}
                </ButtonLink>
            </div>
        </li>
    }
}
