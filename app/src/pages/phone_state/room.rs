//! The room that is left, drawn where the browser tells it.

use leptos::prelude::*;

use super::super::phone::megabytes;
use crate::device::keeping::Room;

#[component]
pub fn RoomBar(room: Signal<Option<Room>>) -> impl IntoView {
    let drawn = move || {
        let room = room.get()?;
        let (used, left) = (room.usage_bytes?, room.left_bytes()?);
        let share = used / (used + left).max(1.0);
        let words = format!("Từng Nhà đang dùng {}, còn dùng được {}", megabytes(used), megabytes(left));
        Some(view! {
            <figure class="room" data-testid="state-room-bar">
                <div class="room__track" role="img" aria-label=words.clone()>
                    <div class="room__used" style:--share=share.to_string()></div>
                </div>
                <figcaption class="muted" aria-hidden="true">{words}</figcaption>
            </figure>
        })
    };
    view! { {drawn} }
}
