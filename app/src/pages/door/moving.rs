//! A household or a person goes to another area. A lead decides that, and the office does it.

use domain::DocId;
use domain::people::Role;
use domain::place::Area;
use domain::protocol::WhatMoves;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{Dialog, Door};
use crate::components::{Button, ButtonKind, Choice, ChoiceOption, Notice, NoticeKind};
use crate::state::AppState;

/// The way into the sheet; members have none.
#[component]
pub fn ToMoving(dialog: Dialog, words: &'static str, testid: &'static str) -> impl IntoView {
    let door: Door = expect_context();
    view! {
        <Show when=move || { door.state.role().get() >= Role::Lead }>
            <Button kind=ButtonKind::Quiet on_press=move |()| door.dialog.set(dialog) testid=testid>{words}</Button>
        </Show>
    }
}

/// Which area, and then whether that is meant.
#[component]
pub fn Moving(what: WhatMoves) -> impl IntoView {
    let door: Door = expect_context();
    let chosen = RwSignal::new(None::<DocId>);
    let options = move || {
        let others = door.state.areas().get();
        let others = others.iter().filter(|area| area.id != door.area && !area.kind.is_support_point());
        others.map(|area| ChoiceOption::new(area.id.to_string(), area.name.clone())).collect::<Vec<_>>()
    };
    view! {
        <p>
            "Mọi lượt đến, kết quả và công của từng thành viên đi theo. Máy nào đang mất mạng, gửi sau vẫn được tính đúng chỗ."
        </p>
        <Choice
            legend="Chuyển sang địa bàn nào"
            options=Signal::derive(options)
            selected=Signal::derive(move || chosen.get().map(|id| id.to_string()))
            on_choose=move |key: String| chosen.set(key.parse().ok())
            testid="move-to"
        />
        {move || chosen.get().map(|to| view! { <Confirm what=what.clone() to /> })}
    }
}

#[component]
fn Confirm(what: WhatMoves, to: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let is_moving = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let navigate = use_navigate();
    let name = area_name(door.state, to);
    let words = format!("Chuyển sang {name}");
    let submit = move |()| {
        if is_moving.get_untracked() {
            return;
        }
        is_moving.set(true);
        failure.set(None);
        let (what, navigate, name) = (what.clone(), navigate.clone(), name.clone());
        let leaves_the_door = !matches!(what, WhatMoves::Resident(_));
        spawn_local(async move {
            let moved = door.state.move_to_area(what, to).await;
            // The sheet, or the whole page, may be closed by now.
            is_moving.try_set(false);
            match moved {
                Ok(people) => {
                    door.notices.say_saved(format!("Đã chuyển {people} người sang {name}"), None);
                    if door.dialog.try_set(Dialog::None).is_none() && leaves_the_door {
                        navigate("/tuyen", NavigateOptions::default());
                    }
                }
                Err(sentence) => {
                    failure.try_set(Some(sentence));
                }
            }
        });
    };
    view! {
        {move || failure.get().map(|title| view! { <Notice kind=NoticeKind::Error title testid="move-failed" /> })}
        <Button wide=true busy=is_moving on_press=submit testid="move-confirm">{words}</Button>
    }
}

pub fn area_name(state: AppState, id: DocId) -> String {
    let named =
        |areas: &std::sync::Arc<Vec<Area>>| areas.iter().find(|area| area.id == id).map(|area| area.name.clone());
    state.areas().with_untracked(named).unwrap_or_else(|| "địa bàn khác".to_owned())
}
