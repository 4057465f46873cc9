//! `/may`: whose phone this is, what is still on its way, what the server refused, and how safe the data is here.

mod settings;
mod storage;
mod tray;
mod words;

pub use words::{DOUBT_TODO, clock_sentence, doubt_sentence, megabytes};

use leptos::prelude::*;

use crate::app::{Shell, as_of};
use crate::components::{Button, ButtonKind, ButtonLink, IconName, Notice, NoticeKind, StatTile};
use crate::state::AppState;

use super::join::CodeForm;
pub use settings::RescueFirst;
use settings::{Leave, Settings};
use storage::StorageState;
use tray::Tray;

#[component]
pub fn PhonePage() -> impl IntoView {
    view! {
        <Shell title="Máy này" page="phone">
            <Who />
            <Warnings />
            <Tray />
            <Sending />
            <ButtonLink kind=ButtonKind::Secondary wide=true icon=IconName::People href="/chuyen-giup" testid="phone-hand-over">
                "Chuyển giúp"
            </ButtonLink>
            <StorageState />
            <Settings />
            <Leave />
        </Shell>
    }
}

#[component]
fn Who() -> impl IntoView {
    let state = AppState::expect();
    let own = state.enrolment();
    let commune = move || {
        let known = state.commune().get().map(|commune| commune.title());
        known.or_else(|| own.get().map(|own| own.commune_name)).unwrap_or_default()
    };
    let areas = move || {
        let mine = state.my_areas().get();
        let names: Vec<String> =
            state.areas().get().iter().filter(|area| mine.contains(&area.id)).map(|area| area.name.clone()).collect();
        names.join(", ")
    };
    let role = move || own.get().map(|own| own.role.label()).unwrap_or_default();
    view! {
        <section class="card phone-who" data-testid="phone-who">
            <p class="phone-who__name">{move || own.get().map(|own| own.name).unwrap_or_default()}</p>
            <p>{role} {move || Some(areas()).filter(|names| !names.is_empty()).map(|names| format!(" · {names}"))}</p>
            <p class="muted">{commune}</p>
        </section>
    }
}

/// What needs the person before anything else.
#[component]
fn Warnings() -> impl IntoView {
    let state = AppState::expect();
    let status = state.status();
    let clock = move || status.get().clock_error_ms.map(words::clock_sentence);
    view! {
        {move || clock().map(|sentence| view! {
            <Notice
                kind=NoticeKind::Warning
                title=sentence
                detail="Bật “Ngày giờ tự động” trong Cài đặt của máy. Những gì đã ghi được tự chỉnh lại cho đúng."
                testid="phone-clock"
            />
        })}
        {move || status.get().clock_doubt_ms.map(|doubt_ms| view! {
            <Notice
                kind=NoticeKind::Warning
                title=words::doubt_sentence(doubt_ms)
                detail=words::DOUBT_TODO
                testid="phone-clock-doubt"
            />
        })}
        <Show when=move || status.get().is_device_unknown>
            <Notice
                kind=NoticeKind::Warning
                title="Máy chủ chưa nhận ra máy này"
                detail="Xin tổ trưởng một lời mời mới. Mọi thứ đã ghi vẫn còn trên máy và sẽ được gửi sau khi vào lại."
                testid="phone-unknown"
            />
            <CodeForm start_label="Vào lại" />
        </Show>
    }
}

#[component]
fn Sending() -> impl IntoView {
    let state = AppState::expect();
    let status = state.status();
    let last = move || {
        let at = status.get().last_sync_ms.map(|ms| as_of(ms, state.today()));
        at.unwrap_or_else(|| "chưa lần nào".to_owned())
    };
    view! {
        <section class="section">
            <h2 class="section__title">"Gửi và nhận"</h2>
            <p data-testid="phone-sync-words">{move || words::sync_sentence(&status.get())}</p>
            <div class="tiles">
                <StatTile
                    label="Chưa gửi"
                    value=Signal::derive(move || status.get().unsent.to_string())
                    icon=IconName::CloudUp
                    testid="phone-unsent"
                />
                <StatTile label="Cập nhật lúc" value=Signal::derive(last) icon=IconName::Clock testid="phone-last-sync" />
            </div>
            <Button
                kind=ButtonKind::Secondary
                wide=true
                icon=IconName::Refresh
                busy=Signal::derive(move || status.get().is_sending)
                on_press=move |()| state.sync_now()
                testid="phone-sync-now"
            >
                "Gửi ngay"
            </Button>
            <Show when=move || { state.divergences().get() > 0 }>
                <p class="muted">"Số liệu trên máy vừa được tải lại để khớp với máy chủ."</p>
            </Show>
        </section>
    }
}
