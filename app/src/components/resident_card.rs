//! One person of a household, with the three services within one tap each.

use leptos::prelude::*;

use super::{Icon, IconButton, IconName, element_id};

/// The card; its children are the person's [`ServiceMark`](super::ServiceMark)s.
#[component]
pub fn ResidentCard(
    #[prop(into)] name: Signal<String>,
    /// "1958 · Vợ"
    #[prop(into)]
    detail: Signal<String>,
    /// A line of its own, such as "Đã cùng hỗ trợ với Lò Thị Mai".
    #[prop(optional, into)]
    note: Signal<Option<String>>,
    #[prop(optional, into)] priority: Signal<bool>,
    #[prop(optional, into)] proficient: Signal<bool>,
    /// Without it there is no "Thành thạo".
    #[prop(optional, into)]
    on_proficient: Option<Callback<bool>>,
    #[prop(optional, into)] on_more: Option<Callback<()>>,
    #[prop(into, default = "resident-card".to_owned())] testid: String,
    children: Children,
) -> impl IntoView {
    let id = element_id("resident");
    let name_id = id.clone();
    let more_label = move || format!("Việc khác cho {}", name.get());
    view! {
        <article class="resident-card" aria-labelledby=id data-testid=testid>
            <header class="resident-card__head">
                <div class="resident-card__who">
                    <h2 class="resident-card__name" id=name_id>{name}</h2>
                    <p class="resident-card__detail">
                        <Show when=move || priority.get()>
                            <span class="resident-card__priority"><Icon name=IconName::Flag /> "Ưu tiên"</span>
                        </Show>
                        <span class="num">{detail}</span>
                    </p>
                </div>
                {on_proficient.map(|on_change| view! { <ProficientToggle proficient on_change /> })}
                {on_more.map(|on_press| {
                    view! { <IconButton icon=IconName::More label=more_label on_press testid="resident-more" /> }
                })}
            </header>
            <div class="resident-card__marks" role="group" aria-label="Dịch vụ">{children()}</div>
            {move || note.get().map(|text| view! { <p class="resident-card__note">{text}</p> })}
        </article>
    }
}

#[component]
fn ProficientToggle(proficient: Signal<bool>, on_change: Callback<bool>) -> impl IntoView {
    view! {
        <button
            class="resident-card__proficient"
            type="button"
            data-testid="resident-proficient"
            aria-pressed=move || proficient.get().to_string()
            on:click=move |_| on_change.run(!proficient.get_untracked())
        >
            <Icon name=IconName::Star />
            <span>"Thành thạo"</span>
        </button>
    }
}
