//! The member's own phones, as the server knows them: one that they do not know is noticed here.

use domain::protocol::DeviceLine;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::pages::coverage::devices::words;
use crate::pages::coverage::phones;
use crate::state::AppState;

/// Nothing without a network: what a server said once may long be otherwise.
#[component]
pub fn OwnPhones() -> impl IntoView {
    let state = AppState::expect();
    let now_ms = phones::now(state);
    let lines = RwSignal::new(Vec::<DeviceLine>::new());
    spawn_local(async move {
        if let Ok(found) = state.own_devices().await {
            lines.try_set(found.into_iter().filter(|line| line.ended.is_none() && !line.is_idle).collect());
        }
    });
    let row = move |line: DeviceLine| {
        let number = number_words(&line);
        view! {
            <li class="device" data-testid="own-phone">
                <p><strong>{words::joined(&line)}</strong></p>
                <p>{move || words::contact(&line, now_ms.get())}</p>
                {number.map(|words| view! { <p class="num">{words}</p> })}
            </li>
        }
    };
    view! {
        <Show when=move || lines.with(|lines| !lines.is_empty())>
            <section class="section" data-testid="own-phones">
                <h2 class="section__title">"Máy của bạn"</h2>
                <ul class="rows" role="list">
                    <For each=move || lines.get() key=Clone::clone children=row />
                </ul>
                <Show when=move || { lines.with(Vec::len) > 1 }>
                    <p class="muted">"Có máy nào không phải của bạn thì báo ngay tổ trưởng, hoặc cán bộ xã, phường, để khóa máy ấy."</p>
                </Show>
            </section>
        </Show>
    }
}

fn number_words(line: &DeviceLine) -> Option<String> {
    let check = line.check.filter(|_| line.is_to_be_checked())?;
    Some(format!("Số kiểm tra {check}: người mời chưa xác nhận."))
}
