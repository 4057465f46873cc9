//! Somebody lives with another household of the same area now: found by a few letters, saved at the tap.

use domain::DocId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::{Button, ButtonKind, Choice, ChoiceOption, IconName, SearchField, Sheet};
use crate::notices::Notices;
use crate::pages::door::house_title;
use crate::pages::route::search;
use crate::state::AppState;

/// As many as anyone reads; another letter finds fewer.
const SHOWN_MAX: usize = 12;

#[component]
pub fn OtherHousehold(area: DocId, resident: DocId, household: DocId) -> impl IntoView {
    let is_open = RwSignal::new(false);
    view! {
        <Button kind=ButtonKind::Secondary icon=IconName::Door on_press=move |()| is_open.set(true) testid="other-household">
            "Chuyển sang hộ khác"
        </Button>
        <Sheet open=is_open title="Chuyển sang hộ khác" on_close=move |()| is_open.set(false) testid="other-household-sheet">
            <Households area resident household />
        </Sheet>
    }
}

#[component]
fn Households(area: DocId, resident: DocId, household: DocId) -> impl IntoView {
    let state = AppState::expect();
    let view = state.view(area);
    let text = RwSignal::new(String::new());
    let found = search::results(view, text);
    let options = Signal::derive(move || {
        found.with(|found| {
            view.with(|view| {
                let others = found.ids.iter().filter(|id| **id != household);
                let doors = others.filter_map(|id| view.households.get(id)).take(SHOWN_MAX);
                doors.map(|door| option(&door.household)).collect::<Vec<_>>()
            })
        })
    });
    let count = move || text.with(|text| !text.trim().is_empty()).then(|| format!("{} hộ", options.with(Vec::len)));
    let none = move || {
        if text.with(|text| text.trim().is_empty()) {
            "Gõ vài chữ tên chủ hộ hoặc số nhà của hộ mới."
        } else {
            "Không thấy hộ nào khác. Gõ lại, hoặc thêm hộ mới trước."
        }
    };
    let (navigate, notices) = (use_navigate(), Notices::expect());
    let choose = move |key: String| {
        let Ok(to) = key.parse::<DocId>() else { return };
        let navigate = navigate.clone();
        spawn_local(async move {
            let moved = state.move_within(area, resident, to).await;
            let is_saved = moved.is_ok();
            notices.tell("Đã lưu trên máy: chuyển sang hộ khác", moved);
            if is_saved {
                navigate(&format!("/ho/{to}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
            }
        });
    };
    view! {
        <SearchField value=text label="Tìm hộ theo tên, số nhà" result=count autofocus=true testid="other-household-search" />
        <Show when=move || options.with(Vec::is_empty)>
            <p class="muted" data-testid="other-household-none">{none}</p>
        </Show>
        <Show when=move || !options.with(Vec::is_empty)>
            <Choice legend="Chuyển sang hộ nào" options on_choose=choose.clone() testid="other-household-choice" />
        </Show>
    }
}

fn option(household: &domain::place::Household) -> ChoiceOption {
    let title = house_title(&household.house_no, &household.head);
    ChoiceOption::new(household.id.to_string(), title).detail(format!("Hộ {}", household.head))
}
