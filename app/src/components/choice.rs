//! Big answers under a question; the tap is the answer.

use leptos::prelude::*;

use super::{Icon, IconName};

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChoiceOption {
    pub key: String,
    pub label: String,
    pub detail: Option<String>,
    pub icon: Option<IconName>,
}

impl ChoiceOption {
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), detail: None, icon: None }
    }

    /// With a smaller line beneath.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With an icon before it.
    #[must_use]
    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }
}

/// Buttons and not radio buttons: with those an arrow key would already answer.
#[component]
pub fn Choice(
    #[prop(into)] legend: Signal<String>,
    #[prop(into)] options: Signal<Vec<ChoiceOption>>,
    #[prop(optional, into)] selected: Signal<Option<String>>,
    #[prop(into)] on_choose: Callback<String>,
    #[prop(into, default = "choice".to_owned())] testid: String,
) -> impl IntoView {
    let answer = move |option: ChoiceOption| {
        let ChoiceOption { key, label, detail, icon } = option;
        let (own, chosen) = (key.clone(), key.clone());
        let is_selected = Memo::new(move |_| selected.with(|selected| selected.as_ref() == Some(&own)));
        view! {
            <button
                class="choice__option"
                type="button"
                data-testid=format!("choice-{key}")
                aria-pressed=move || is_selected.get().to_string()
                on:click=move |_| on_choose.run(chosen.clone())
            >
                {icon.map(|name| view! { <Icon name /> })}
                <span class="choice__words">
                    <span class="choice__label">{label}</span>
                    {detail.map(|detail| view! { <span class="choice__detail">{detail}</span> })}
                </span>
                <Show when=move || is_selected.get()>
                    <Icon name=IconName::Check />
                </Show>
            </button>
        }
    };
    view! {
        <fieldset class="choice" data-testid=testid>
            <legend class="choice__legend">{legend}</legend>
            <For each=move || options.get() key=Clone::clone children=answer />
        </fieldset>
    }
}
