//! The one sheet over the door, and what is asked in it.

use domain::protocol::WhatMoves;
use leptos::prelude::*;

use super::{Dialog, Door, come_back, difficulties, more, moving, services};
use crate::components::Sheet;

#[component]
pub fn DoorSheet() -> impl IntoView {
    let door: Door = expect_context();
    let title = move || match door.dialog.get() {
        Dialog::None => String::new(),
        Dialog::More(id) => door.name_of(id),
        Dialog::Steps(id, service) => format!("{}: {}", service.short_label(), door.name_of(id)),
        Dialog::Difficulties(_) => "Khó khăn, vướng mắc".to_owned(),
        Dialog::ComeBack(_) => "Hẹn lại lúc nào".to_owned(),
        Dialog::MoveHousehold(_) => "Chuyển hộ sang địa bàn khác".to_owned(),
        Dialog::MovePerson(id) => format!("Chuyển {} sang địa bàn khác", door.name_of(id)),
    };
    let body = move || match door.dialog.get() {
        Dialog::None => ().into_any(),
        Dialog::More(id) => view! { <more::More id /> }.into_any(),
        Dialog::Steps(id, service) => view! { <services::Steps id service /> }.into_any(),
        Dialog::Difficulties(household) => view! { <difficulties::Difficulties household /> }.into_any(),
        Dialog::MoveHousehold(household) => {
            view! { <moving::Moving what=WhatMoves::Household(household) /> }.into_any()
        }
        Dialog::MovePerson(id) => view! { <moving::Moving what=WhatMoves::Resident(id) /> }.into_any(),
        Dialog::ComeBack(household) => view! { <come_back::ComeBack household /> }.into_any(),
    };
    view! {
        <Sheet
            open=Signal::derive(move || door.dialog.get() != Dialog::None)
            title
            on_close=move |()| door.close()
            testid="door-sheet"
        >
            {body}
        </Sheet>
    }
}
