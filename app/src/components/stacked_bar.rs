//! Coverage of an area as one drawn bar: what share of the doors is in which state.

use leptos::prelude::*;

use super::{DoorState, Icon, grouped, progress::fraction};

/// One stretch of the bar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BarSegment {
    pub state: DoorState,
    pub value: usize,
    pub label: String,
}

impl BarSegment {
    /// With the state's own word.
    pub fn new(state: DoorState, value: usize) -> Self {
        Self { state, value, label: state.label().to_owned() }
    }
}

/// The bar, its legend, and the same in one sentence for those who don't see it.
#[component]
pub fn StackedBar(
    #[prop(into)] segments: Signal<Vec<BarSegment>>,
    #[prop(into)] total: Signal<usize>,
    /// What is counted, such as "Hộ của Tuyến 3".
    #[prop(into)]
    label: Signal<String>,
    #[prop(into, default = "stacked-bar".to_owned())] testid: String,
) -> impl IntoView {
    let sentence = move || {
        let parts = segments.with(|segments| {
            let words = segments.iter().map(|segment| format!("{} {}", segment.label, grouped(segment.value)));
            words.collect::<Vec<_>>().join(", ")
        });
        format!("{}: {parts}, tổng {}", label.get(), grouped(total.get()))
    };
    let stretch = move |segment: BarSegment| {
        let share = move || fraction(segment.value, total.get()).to_string();
        view! { <span class="stacked-bar__segment" data-state=segment.state.key() style:--share=share></span> }
    };
    let entry = |segment: BarSegment| {
        view! {
            <li class="stacked-bar__entry" data-state=segment.state.key()>
                <Icon name=segment.state.icon() />
                <span>{segment.label}</span>
                <span class="stacked-bar__value num">{grouped(segment.value)}</span>
            </li>
        }
    };
    let drawn = move || {
        let mut segments = segments.get();
        segments.retain(|segment| segment.value > 0);
        segments
    };
    view! {
        <figure class="stacked-bar" data-testid=testid>
            <figcaption class="stacked-bar__label">{label}</figcaption>
            <div class="stacked-bar__track" role="img" aria-label=sentence>
                <For each=drawn key=Clone::clone children=stretch />
            </div>
            <ul class="stacked-bar__legend" role="list" aria-hidden="true">
                <For each=move || segments.get() key=Clone::clone children=entry />
            </ul>
        </figure>
    }
}
