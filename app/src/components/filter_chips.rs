//! One choice out of a few, in a row that scrolls sideways.

use leptos::prelude::*;

use super::{element_id, grouped};

/// One chip.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChipOption {
    pub key: String,
    pub label: String,
    pub count: Option<usize>,
}

impl ChipOption {
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), count: None }
    }

    /// With a number after the label.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }
}

/// Radio buttons in the shape of chips: arrow keys and screen readers work as with any radio group.
#[component]
pub fn FilterChips(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] options: Signal<Vec<ChipOption>>,
    #[prop(into)] selected: Signal<String>,
    #[prop(into)] on_select: Callback<String>,
    #[prop(into, default = "filter-chips".to_owned())] testid: String,
) -> impl IntoView {
    let group = element_id("chips");
    let chip = move |option: ChipOption| {
        let ChipOption { key, label, count } = option;
        let (own, chosen) = (key.clone(), key.clone());
        let testid = format!("chip-{key}");
        let is_selected = Memo::new(move |_| selected.with(|selected| *selected == own));
        view! {
            <label class="filter-chips__chip" data-testid=testid>
                <input
                    class="visually-hidden"
                    type="radio"
                    name=group.clone()
                    value=key
                    prop:checked=is_selected
                    on:change=move |_| on_select.run(chosen.clone())
                />
                <span>{label}</span>
                {count.map(|count| view! { <span class="filter-chips__count num">{grouped(count)}</span> })}
            </label>
        }
    };
    view! {
        <div class="filter-chips" role="radiogroup" aria-label=label data-testid=testid>
            <For each=move || options.get() key=Clone::clone children=chip />
        </div>
    }
}
