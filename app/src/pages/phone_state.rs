//! `/may/tinh-trang`: how this phone is, said honestly and without a network, and the check before setting out.

mod check;
mod facts;
mod install;
mod line;
mod own;
mod room;

use leptos::prelude::*;

use crate::app::Shell;
use crate::components::{Icon, IconName};
use crate::device::keeping;
use crate::state::AppState;

use check::Check;
pub use facts::facts;
pub use install::InstallHint;
use line::{Health, Lines};
use own::OwnPhones;
use room::RoomBar;

pub const STATE_PATH: &str = "/may/tinh-trang";

#[component]
pub fn PhoneStatePage() -> impl IntoView {
    let facts = facts();
    let lines = Memo::new(move |_| facts.get().lines());
    let summary = move || facts.get().summary();
    let is_good = move || lines.with(|lines| lines.iter().all(|line| line.health == Health::Good));
    view! {
        <Shell title="Tình trạng máy" page="phone-state" back="/may">
            <Check facts />
            <section class="section" data-testid="state-lines">
                <h2 class="section__title">"Máy này lúc này"</h2>
                <Show when=move || !is_good()>
                    <p>{summary}</p>
                </Show>
                <RoomBar room=Signal::derive(move || facts.get().room) />
                <Lines lines />
            </section>
            <OwnPhones />
        </Shell>
    }
}

/// The way to the check, until the phone was checked or the first record of the day is made.
#[component]
pub fn BeforeSettingOut() -> impl IntoView {
    let state = AppState::expect();
    let is_early = move || keeping::last_busy_day() != Some(state.today().to_string());
    view! {
        <Show when=is_early>
            <a class="setting-out" href=STATE_PATH data-testid="setting-out">
                <Icon name=IconName::Shield />
                "Kiểm tra máy trước khi đi"
            </a>
        </Show>
    }
}
