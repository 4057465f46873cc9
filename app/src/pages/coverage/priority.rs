//! Priority households that nobody has met yet, in walking order: each leads to its door.

use domain::DocId;
use domain::coverage::{AreaView, DoorState as Door, HouseholdView};
use domain::place::Priority;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::{
    DoorState, EmptyState, HOUSEHOLD_ROW_PX, HouseholdRow, HouseholdRowData, IconName, WindowedList,
};

use super::Coverage;
use super::area::area_name;

#[component]
pub fn PriorityList(coverage: Coverage) -> impl IntoView {
    let keys = Memo::new(move |_| coverage.view.with(|view| waiting(view)));
    let title = move || format!("{} hộ ưu tiên chưa tiếp cận", keys.with(Vec::len));
    let row = move |id: DocId, _place: Signal<usize>| {
        let data = Memo::new(move |_| {
            let found = coverage.view.with(|view| view.households.get(&id).map(row_data));
            HouseholdRowData { unsent: coverage.state.unsent(id), ..found.unwrap_or_default() }
        });
        view! { <HouseholdRow row=data testid="priority-household" /> }
    };
    view! {
        <Shell
            title=Signal::derive(title)
            page="coverage-priority"
            subtitle=Signal::derive(move || area_name(coverage.state, coverage.area.get()))
            back="/dia-ban".to_owned()
            list=true
            tabs=false
        >
            <Show
                when=move || !keys.with(Vec::is_empty)
                fallback=|| view! {
                    <EmptyState icon=IconName::CheckCircle title="Hộ ưu tiên nào cũng đã được tiếp cận" />
                }
            >
                <WindowedList keys row_height_px=HOUSEHOLD_ROW_PX render=row label="Hộ ưu tiên chưa tiếp cận" />
            </Show>
        </Shell>
    }
}

fn waiting(view: &AreaView) -> Vec<DocId> {
    let is_waiting = |id: &&DocId| view.households.get(id).is_some_and(|door| door.is_priority() && !door.reached);
    view.walk.iter().filter(is_waiting).copied().collect()
}

fn row_data(door: &HouseholdView) -> HouseholdRowData {
    HouseholdRowData {
        href: format!("/ho/{}", door.household.id),
        house_number: door.household.house_no.clone(),
        head_name: door.household.head.clone(),
        place: reasons(&door.household.priorities),
        state: door_state(door.coverage()),
        priority: true,
        ..HouseholdRowData::default()
    }
}

/// The first reason and how many more: a row has room for one.
fn reasons(priorities: &[Priority]) -> String {
    match priorities {
        [] => String::new(),
        [one] => one.label().to_owned(),
        [first, more @ ..] => format!("{} +{}", first.label(), more.len()),
    }
}

fn door_state(state: Door) -> DoorState {
    match state {
        Door::NotYet => DoorState::NotYet,
        Door::Absent => DoorState::Absent,
        Door::ComeBack => DoorState::Appointment,
        Door::Refused => DoorState::Refused,
        Door::MovedAway => DoorState::MovedAway,
        Door::Reached | Door::Done => DoorState::Reached,
    }
}
