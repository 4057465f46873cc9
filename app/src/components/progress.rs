//! How far something has come.

use leptos::prelude::*;

use super::grouped;

/// How much of `max` is `value`, as a fraction between 0 and 1; nothing of nothing is 0.
#[expect(clippy::cast_precision_loss, reason = "counts of people and documents stay far below 2^52")]
pub(super) fn fraction(value: usize, max: usize) -> f64 {
    if max == 0 { 0.0 } else { (value as f64 / max as f64).min(1.0) }
}

/// A bar with its words above it.
#[component]
pub fn Progress(
    #[prop(into)] value: Signal<usize>,
    #[prop(into)] max: Signal<usize>,
    #[prop(into)] label: Signal<String>,
    /// Instead of "12 / 30".
    #[prop(optional, into)]
    value_label: Signal<Option<String>>,
    #[prop(into, default = "progress".to_owned())] testid: String,
) -> impl IntoView {
    let words =
        move || value_label.get().unwrap_or_else(|| format!("{} / {}", grouped(value.get()), grouped(max.get())));
    let is_complete = move || max.get() > 0 && value.get() >= max.get();
    view! {
        <div
            class="progress"
            data-testid=testid
            data-state=move || if is_complete() { "complete" } else { "running" }
        >
            <div class="progress__words">
                <span>{label}</span>
                <span class="num">{words}</span>
            </div>
            <div
                class="progress__track"
                role="progressbar"
                aria-label=label
                aria-valuemin="0"
                aria-valuenow=move || value.get().to_string()
                aria-valuemax=move || max.get().to_string()
                aria-valuetext=words
            >
                <div class="progress__fill" style:--fraction=move || fraction(value.get(), max.get()).to_string()></div>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::fraction;

    #[test]
    fn nothing_of_nothing_is_an_empty_bar_and_more_than_all_a_full_one() {
        assert!(fraction(0, 0).abs() < f64::EPSILON);
        assert!((fraction(31, 30) - 1.0).abs() < f64::EPSILON);
    }
}
