//! A person who has come to a support point (`/diem/<id>`): the same card and the same sheet as at a door, and no knock.

use domain::DocId;
use domain::campaign::Channel;
use domain::coverage::ResidentView;
use domain::people::Gone as Reason;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::person::Person;
use super::sheet::DoorSheet;
use super::{Door, area_of_person, house_title};
use crate::app::Shell;
use crate::components::{Button, ButtonLink, EmptyState, IconName};
use crate::pages::go_to::GoTo;
use crate::state::{AppState, Meeting};

/// Where somebody is found, and how they can be helped there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Point {
        area: DocId,
        channel: Channel,
    },
    /// This phone works at no point: their door is the place.
    Door(DocId),
    Nowhere,
}

#[component]
pub fn PersonAtPointPage() -> impl IntoView {
    let state = AppState::expect();
    let params = use_params_map();
    let found = Memo::new(move |_| {
        let resident = params.read().get_str("rid").and_then(|text| text.parse::<DocId>().ok())?;
        Some((resident, place(state, resident)))
    });
    move || {
        match found.get() {
        Some((resident, Place::Point { area, channel })) => view! { <AtPoint area channel resident /> }.into_any(),
        Some((_, Place::Door(household))) => view! { <GoTo path=format!("/ho/{household}") /> }.into_any(),
        _ => view! {
            <Shell title="Không có người này" page="point-person" back="/diem">
                <EmptyState icon=IconName::Person title="Máy này không có người đó" detail="Danh sách có thể chưa tải xong.">
                    <ButtonLink href="/diem">"Về điểm hỗ trợ"</ButtonLink>
                </EmptyState>
            </Shell>
        }
        .into_any(),
    }
    }
}

/// The point being worked at; of somebody on a point's own list, that point.
fn place(state: AppState, resident: DocId) -> Place {
    let Some(area) = area_of_person(state, resident) else { return Place::Nowhere };
    let working = state.area().get().and_then(|area| state.point_channel(area));
    if let Some(channel) = working.or_else(|| state.point_channel(area)) {
        return Place::Point { area, channel };
    }
    let household = state.view(area).with(|view| view.household_of(resident).map(|door| door.household.id));
    household.map_or(Place::Nowhere, Place::Door)
}

#[component]
fn AtPoint(area: DocId, channel: Channel, resident: DocId) -> impl IntoView {
    let door = Door::new(area, Meeting::AtPoint(channel));
    provide_context(door);
    let person = door.person(resident);
    let gone = Memo::new(move |_| person.with(|person| person.as_ref().and_then(|person| person.resident.gone)));
    let is_present = move || person.with(|person| person.as_ref().is_some_and(ResidentView::is_present));
    let where_from = move || {
        let home = door.view.with(|view| {
            let house = view.household_of(resident).map(|door| &door.household);
            let words = house.map(|house| {
                let number = house_title(&house.house_no, &house.head);
                if house.house_no.is_empty() { number } else { format!("{number} · hộ {}", house.head) }
            });
            words.or_else(|| Some(view.residents.get(&resident)?.resident.address.clone()))
        });
        let name =
            door.state.areas().with(|areas| areas.iter().find(|known| known.id == area).map(|area| area.name.clone()));
        let parts = [home, name].into_iter().flatten().filter(|part| !part.is_empty());
        Some(parts.collect::<Vec<_>>().join(" · "))
    };
    let bottom = || {
        view! {
            <div class="door-nav door-nav--alone">
                <a class="door-nav__next" href="/diem" data-testid="point-next">
                    <span class="door-nav__words"><span class="door-nav__name">"Xong, người tiếp theo"</span></span>
                    <crate::components::Icon name=IconName::Forward />
                </a>
            </div>
        }
    };
    view! {
        <Shell title=format!("Tại điểm: {}", channel.label()) subtitle=where_from page="point-person" back="/diem" tabs=false bottom>
            <Show when=is_present fallback=move || view! { <Away resident gone /> }>
                <Person id=resident />
            </Show>
            <DoorSheet />
        </Shell>
    }
}

/// Taken off the list, most often a moment ago and perhaps by a slip.
#[component]
fn Away(resident: DocId, gone: Memo<Option<Reason>>) -> impl IntoView {
    let door: Door = expect_context();
    let bring_back = move |()| {
        let name = untrack(|| door.name_of(resident));
        door.save(format!("{name} còn trong danh sách"), door.set_gone(resident, None));
    };
    let words = move || gone.get().map(|reason| format!("Đã ghi: {}", reason.label().to_lowercase()));
    view! {
        <EmptyState icon=IconName::Person title=move || door.name_of(resident) detail=words>
            <Button on_press=bring_back testid="bring-back">"Đưa lại vào danh sách"</Button>
        </EmptyState>
    }
}
