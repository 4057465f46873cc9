//! Finding a door or a person by a few letters.

use leptos::{html, prelude::*};

use super::{Icon, IconButton, IconName, element_id};

/// A search box with a way to empty it; what was found is told to screen readers.
#[component]
pub fn SearchField(
    value: RwSignal<String>,
    #[prop(into, default = "Tìm theo tên, số nhà, chủ hộ".into())] label: Signal<String>,
    /// "12 hộ": said after the letters, not with each of them.
    #[prop(optional, into)]
    result: Signal<Option<String>>,
    /// The page is there to look somebody up.
    #[prop(optional)]
    autofocus: bool,
    #[prop(into, default = "search-field".to_owned())] testid: String,
) -> impl IntoView {
    let id = element_id("search");
    let input = NodeRef::<html::Input>::new();
    if autofocus {
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                // Fails only for a field that is out of the page.
                let _ = input.focus();
            }
        });
    }
    view! {
        <div class="search-field" role="search" data-testid=testid>
            <Icon name=IconName::Search />
            <label class="visually-hidden" for=id.clone()>{label}</label>
            <input
                class="search-field__input"
                type="search"
                node_ref=input
                id=id
                placeholder=label
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="search"
                data-testid="search-input"
                bind:value=value
            />
            <Show when=move || value.with(|text| !text.is_empty())>
                <IconButton
                    icon=IconName::Close
                    label="Xóa chữ đã gõ"
                    testid="search-clear"
                    on_press=move |()| value.set(String::new())
                />
            </Show>
            <span class="visually-hidden" role="status">{result}</span>
        </div>
    }
}
