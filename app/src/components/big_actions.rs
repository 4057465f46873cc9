//! What happened at the door, in one tap at the bottom of the screen.

use leptos::prelude::*;

use super::{DoorState, Icon, IconName};

/// One big button.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigAction {
    pub key: String,
    pub label: String,
    pub icon: IconName,
}

impl BigAction {
    pub fn new(key: impl Into<String>, label: impl Into<String>, icon: IconName) -> Self {
        Self { key: key.into(), label: label.into(), icon }
    }

    /// The four ways in which nobody was helped; the keys are those of [`DoorState`].
    pub fn door_outcomes() -> Vec<Self> {
        [
            (DoorState::Absent, "Vắng nhà"),
            (DoorState::Appointment, "Hẹn lại"),
            (DoorState::Refused, "Từ chối"),
            (DoorState::MovedAway, "Chuyển đi"),
        ]
        .map(|(state, label)| Self::new(state.key(), label, state.icon()))
        .to_vec()
    }
}

/// A bar of big buttons, one of which may be the one that was chosen.
#[component]
pub fn BigActions(
    #[prop(into)] actions: Signal<Vec<BigAction>>,
    #[prop(optional, into)] selected: Signal<Option<String>>,
    #[prop(into)] on_action: Callback<String>,
    #[prop(into, default = "Kết quả lượt đến".into())] label: Signal<String>,
    #[prop(into, default = "big-actions".to_owned())] testid: String,
) -> impl IntoView {
    let button = move |action: BigAction| {
        let BigAction { key, label, icon } = action;
        let (own, pressed) = (key.clone(), key.clone());
        let is_selected = move || selected.with(|selected| selected.as_ref() == Some(&own));
        view! {
            <button
                class="big-actions__button"
                type="button"
                data-testid=format!("action-{key}")
                data-state=key
                aria-pressed=move || is_selected().to_string()
                on:click=move |_| on_action.run(pressed.clone())
            >
                <Icon name=icon />
                <span class="big-actions__label">{label}</span>
            </button>
        }
    };
    view! {
        <div class="big-actions" role="group" aria-label=label data-testid=testid>
            <For each=move || actions.get() key=Clone::clone children=button />
        </div>
    }
}
