//! A support point (`/diem`): people come in, are found by a few letters, and are helped as at a door.

mod add;
mod search;
mod today;

use domain::DocId;
use domain::campaign::Channel;
use leptos::prelude::*;

use super::go_to::GoTo;
use crate::app::Shell;
use crate::components::{Choice, ChoiceOption, IconButton, IconName, SearchField, Sheet};
use crate::drafts::Draft;
use crate::pages::resident_form::{Fields, Typed};
use crate::state::AppState;

use add::AddSheet;
use search::{Found, Results};
use today::Today;

/// The point that is worked at, as the parts of the page share it.
#[derive(Clone, Copy)]
struct Point {
    state: AppState,
    area: DocId,
    channel: Channel,
    /// As typed into the search.
    text: RwSignal<String>,
    is_adding: RwSignal<bool>,
    /// Somebody who is on no list, as far as they are typed.
    walk_in: Fields,
    draft: Draft,
}

impl Point {
    /// Half of somebody that an earlier page left behind is on the screen again.
    fn new(state: AppState, area: DocId, channel: Channel) -> Self {
        let (walk_in, is_adding) = (Fields::new(Typed::default()), RwSignal::new(false));
        let restore = move |typed| {
            walk_in.fill(typed);
            is_adding.set(true);
        };
        let draft = Draft::keep(format!("/diem#{area}"), move || walk_in.typed(), restore);
        Self { state, area, channel, text: RwSignal::default(), is_adding, walk_in, draft }
    }

    /// Nobody is to be added after all.
    fn give_up(self) {
        self.is_adding.set(false);
        self.walk_in.fill(Typed::default());
        self.draft.begin_anew();
    }

    fn is_searching(self) -> bool {
        self.text.with(|text| !text.trim().is_empty())
    }

    fn name(self) -> String {
        area_name(self.state, self.area)
    }
}

fn area_name(state: AppState, area: DocId) -> String {
    let name = state.areas().with(|areas| areas.iter().find(|known| known.id == area).map(|known| known.name.clone()));
    name.unwrap_or_else(|| "Địa bàn".to_owned())
}

/// While the area being worked in has doors, the route is the page to be on.
#[component]
pub fn PointPage() -> impl IntoView {
    let state = AppState::expect();
    let point = Memo::new(move |_| {
        let area = state.area().get()?;
        Some((area, state.point_channel(area)?))
    });
    move || match point.get() {
        Some((area, channel)) => view! { <AtPoint area channel /> }.into_any(),
        None => view! { <GoTo path="/tuyen" /> }.into_any(),
    }
}

#[component]
fn AtPoint(area: DocId, channel: Channel) -> impl IntoView {
    let state = AppState::expect();
    let point = Point::new(state, area, channel);
    provide_context(point);
    let is_choosing = RwSignal::new(false);
    let found = search::found(point);
    let count = move || point.is_searching().then(|| found.with(|found| format!("{} người", found.len())));
    let toolbar = move || {
        view! {
            <SearchField value=point.text label="Tìm theo tên, năm sinh, số nhà" result=count autofocus=true testid="point-search" />
        }
    };
    let has_choice = Memo::new(move |_| state.my_areas().with(|areas| areas.len() > 1));
    let actions = move || {
        view! {
            <Show when=move || has_choice.get()>
                <IconButton icon=IconName::Map label="Đổi địa bàn" on_press=move |()| is_choosing.set(true) testid="choose-area" />
            </Show>
        }
    };
    view! {
        <Shell
            title=Signal::derive(move || point.name())
            subtitle=Signal::derive(move || Some(format!("Điểm hỗ trợ · {}", channel.label())))
            page="point"
            toolbar
            actions
        >
            <Show when=move || point.is_searching() fallback=|| view! { <Today /> }>
                <Results found />
            </Show>
            <AddSheet />
            <AreaSheet is_open=is_choosing />
        </Shell>
    }
}

/// Every area on this phone: another point, or one with doors.
#[component]
fn AreaSheet(is_open: RwSignal<bool>) -> impl IntoView {
    let point: Point = expect_context();
    let state = point.state;
    let options = Signal::derive(move || {
        let option = |area: &DocId| {
            let kind = state.area_kind(*area).map(domain::place::AreaKind::label).unwrap_or_default();
            let icon = if state.point_channel(*area).is_some() { IconName::People } else { IconName::List };
            ChoiceOption::new(area.to_string(), area_name(state, *area)).detail(kind).icon(icon)
        };
        state.my_areas().with(|areas| areas.iter().map(option).collect::<Vec<_>>())
    });
    let choose = move |key: String| {
        is_open.set(false);
        if let Ok(area) = key.parse::<DocId>() {
            state.area().set(Some(area));
        }
    };
    view! {
        <Sheet open=is_open title="Làm việc ở đâu" on_close=move |()| is_open.set(false) testid="area-sheet">
            <Choice
                legend="Điểm hỗ trợ, địa bàn trên máy này"
                options
                selected=Signal::derive(move || Some(point.area.to_string()))
                on_choose=choose
                testid="area-choice"
            />
        </Sheet>
    }
}

/// A row that leads to a person.
#[component]
fn PersonRow(found: Found, #[prop(into)] testid: String) -> impl IntoView {
    let Found { resident, name, detail } = found;
    view! {
        <li>
            <a class="point-row" href=format!("/diem/{resident}") data-testid=testid data-id=resident.to_string()>
                <span class="point-row__words">
                    <span class="point-row__name">{name}</span>
                    <span class="point-row__detail num">{detail}</span>
                </span>
                <crate::components::Icon name=IconName::Forward />
            </a>
        </li>
    }
}
