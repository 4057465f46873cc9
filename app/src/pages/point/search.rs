//! Whoever comes in, found by a few letters among all people that this phone holds.

use std::sync::Arc;

use domain::DocId;
use domain::coverage::{AreaView, ResidentView};
use domain::text::{Entry, Index, fold};
use leptos::prelude::*;

use super::{PersonRow, Point, area_name};
use crate::components::{Button, ButtonKind, EmptyState, IconName};
use crate::state::AppState;

/// More rows than anyone reads while somebody waits.
const SHOWN_MAX: usize = 30;

/// A person as a row shows them: what tells namesakes apart stands beneath the name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    pub resident: DocId,
    pub name: String,
    /// "1958 · hộ Nông Văn Đức · 12/3 · Tổ 5"
    pub detail: String,
}

impl Found {
    pub fn of(view: &AreaView, person: &ResidentView, area: &str) -> Self {
        Self { resident: person.resident.id, name: person.resident.name.clone(), detail: detail(view, person, area) }
    }
}

fn detail(view: &AreaView, person: &ResidentView, area: &str) -> String {
    let resident = &person.resident;
    let year = resident.birth_year.map_or_else(|| "chưa rõ năm sinh".to_owned(), |year| year.to_string());
    let house = view.household_of(resident.id).map(|door| &door.household);
    let head =
        house.filter(|house| fold(&house.head) != fold(&resident.name)).map(|house| format!("hộ {}", house.head));
    let number = house.map(|house| house.house_no.clone());
    let parts = [Some(year), head, number, Some(resident.address.clone()), Some(area.to_owned())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Who is meant by the letters typed, over all areas; the index is made only once something is looked for.
pub fn found(point: Point) -> Memo<Vec<Found>> {
    let state = point.state;
    let index = Memo::new_with_compare(
        move |_| {
            let mut index = Index::new();
            for area in state.my_areas().get().iter() {
                state.view(*area).with(|view| add(&mut index, *area, view));
            }
            Arc::new(index)
        },
        |_, _| true,
    );
    Memo::new(move |_| {
        if !point.is_searching() {
            return Vec::new();
        }
        let hits = index.get().find(&point.text.get(), SHOWN_MAX);
        hits.into_iter().filter_map(|hit| row(state, hit.id.0, hit.id.1)).collect()
    })
}

pub fn row(state: AppState, area: DocId, resident: DocId) -> Option<Found> {
    let name = area_name(state, area);
    state.view(area).with(|view| Some(Found::of(view, view.residents.get(&resident)?, &name)))
}

fn add(index: &mut Index<(DocId, DocId)>, area: DocId, view: &AreaView) {
    for person in view.people().filter(|person| person.is_present()) {
        let resident = &person.resident;
        let house = view.household_of(resident.id).map(|door| &door.household);
        index.put(Entry {
            id: (area, resident.id),
            name: &resident.name,
            house_no: house.map_or(&resident.address, |house| &house.house_no),
            household_head: house.map_or("", |house| &house.head),
            phone: resident.phone.as_deref(),
            birth_year: resident.birth_year.and_then(|year| u16::try_from(year).ok()),
        });
    }
}

/// Everyone on this phone who goes by exactly this name.
pub fn namesakes(state: AppState, name: &str) -> Vec<Found> {
    let wanted = fold(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut list = Vec::new();
    for area in state.my_areas().get().iter() {
        let area_name = area_name(state, *area);
        state.view(*area).with(|view| {
            let present = view.people().filter(|person| person.is_present());
            let same = present.filter(|person| fold(&person.resident.name) == wanted);
            list.extend(same.map(|person| Found::of(view, person, &area_name)));
        });
    }
    list
}

#[component]
pub fn Results(found: Memo<Vec<Found>>) -> impl IntoView {
    let point: Point = expect_context();
    let add = move |()| point.is_adding.set(true);
    view! {
        <Show
            when=move || !found.with(Vec::is_empty)
            fallback=move || view! {
                <EmptyState icon=IconName::Person title="Không tìm thấy ai" detail="Thử gõ ít chữ hơn, hoặc tên không dấu.">
                    <Button icon=IconName::Plus on_press=add testid="point-add">"Thêm người này"</Button>
                </EmptyState>
            }
        >
            <ul class="rows point-rows" role="list" data-testid="point-results">
                <For each=move || found.get() key=Clone::clone children=|found| view! { <PersonRow found testid="point-found" /> } />
            </ul>
            <Show when=move || found.with(Vec::len) == SHOWN_MAX>
                <p class="muted">"Còn người khác nữa; gõ thêm chữ để thu hẹp."</p>
            </Show>
            <Button kind=ButtonKind::Secondary wide=true icon=IconName::Plus on_press=add testid="point-add">
                "Không thấy? Thêm người"
            </Button>
        </Show>
    }
}
