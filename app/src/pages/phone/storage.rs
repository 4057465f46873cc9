//! How safe the data is on this phone in one sentence, and the way to the whole of it.

use leptos::prelude::*;

use super::super::phone_state::{InstallHint, STATE_PATH, facts};
use crate::components::{ButtonKind, ButtonLink, IconName};
use crate::device::browser;

#[component]
pub fn StorageState() -> impl IntoView {
    let facts = facts();
    let summary = move || facts.get().summary();
    view! {
        <section class="section" data-testid="phone-storage">
            <h2 class="section__title">"Dữ liệu trên máy"</h2>
            <p>{summary}</p>
            <ButtonLink kind=ButtonKind::Secondary wide=true icon=IconName::Shield href=STATE_PATH testid="phone-state">
                "Tình trạng máy, sẵn sàng đi"
            </ButtonLink>
            <Show when=|| !browser::is_installed()>
                <InstallHint />
            </Show>
        </section>
    }
}
