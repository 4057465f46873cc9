//! The rows of the list: heads of stretches that choose them whole, and households to tap.

use domain::DocId;
use domain::division;
use leptos::prelude::*;

use crate::components::{Icon, IconName, grouped};

use super::picker::{Item, Picker};

/// Height of every row at the usual text size.
pub const PICK_ROW_PX: f64 = 60.0;

pub fn pick_row(picker: Picker, item: Item) -> AnyView {
    match item {
        Item::Head(first) => view! { <StretchHead picker first /> }.into_any(),
        Item::Door(id) => view! { <DoorRow picker id /> }.into_any(),
    }
}

#[component]
fn StretchHead(picker: Picker, first: DocId) -> impl IntoView {
    let stretch = Memo::new(move |_| picker.stretch(first));
    let label =
        move || stretch.with(|stretch| stretch.as_ref().map(|stretch| stretch.label.clone()).unwrap_or_default());
    let is_whole = Memo::new(move |_| {
        stretch.with(|stretch| stretch.as_ref().is_some_and(|it| it.households.iter().all(|id| picker.is_chosen(*id))))
    });
    let action = move || {
        stretch.with(|stretch| {
            let (is_alley, count) = stretch.as_ref().map_or((false, 0), |it| (it.is_alley, it.households.len()));
            let verb = if is_whole.get() { "Bỏ chọn" } else { "Chọn" };
            let what = if is_alley { "cả ngõ" } else { "cả đoạn" };
            format!("{verb} {what} ({})", grouped(count))
        })
    };
    view! {
        <div class="pick-head">
            <h2 class="pick-head__label">{label}</h2>
            <button class="pick-head__all" type="button" data-testid="pick-stretch" on:click=move |_| picker.toggle_stretch(first)>
                {action}
                <span class="visually-hidden">{move || format!(": {}", label())}</span>
            </button>
        </div>
    }
}

#[component]
fn DoorRow(picker: Picker, id: DocId) -> impl IntoView {
    let text = Memo::new(move |_| {
        picker.view.with(|view| {
            let door = view.households.get(&id)?;
            let route = division::route_of(view, door.household.route);
            let name =
                route.and_then(|id| view.routes.iter().find(|route| route.id == id)).map(|route| route.name.clone());
            let number = door.household.house_no.trim();
            Some((
                if number.is_empty() { "—".to_owned() } else { number.to_owned() },
                door.household.head.clone(),
                name.unwrap_or_else(|| "Chưa phân tuyến".to_owned()),
            ))
        })
    });
    let part = move |of: fn(&(String, String, String)) -> &String| {
        move || text.with(|text| text.as_ref().map(|text| of(text).clone()).unwrap_or_default())
    };
    view! {
        <button
            class="pick"
            type="button"
            role="checkbox"
            aria-checked=move || picker.is_chosen(id).to_string()
            data-state=move || if picker.is_span_start(id) { "start" } else { "plain" }
            data-testid="pick-household"
            data-id=id.to_string()
            on:click=move |_| picker.tap(id)
        >
            <span class="pick__box"><Icon name=IconName::Check /></span>
            <span class="pick__number num">{part(|text| &text.0)}</span>
            <span class="pick__words">
                <span class="pick__name">{part(|text| &text.1)}</span>
                <span class="pick__route muted">{part(|text| &text.2)}</span>
            </span>
        </button>
    }
}
