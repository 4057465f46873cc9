//! A figure against its target and its day: one bar, one mark.

use leptos::prelude::*;

use super::{Icon, IconName};

/// Bullet chart. Unknown is drawn as unknown and never as zero.
#[component]
pub fn TargetBar(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<Option<f64>>,
    #[prop(into)] target: Signal<f64>,
    /// The end of the bar; 100 fits percentages.
    #[prop(default = 100.0.into(), into)]
    max: Signal<f64>,
    /// "50,16%"
    #[prop(into)]
    value_label: Signal<String>,
    /// "trên 70%"
    #[prop(into)]
    target_label: Signal<String>,
    /// "trước 30/11/2026"
    #[prop(optional, into)]
    deadline: Signal<Option<String>>,
    /// When the plan says "more than" and not "at least", the caller decides.
    #[prop(optional, into)]
    is_met: Signal<Option<bool>>,
    #[prop(into, default = "target-bar".to_owned())] testid: String,
) -> impl IntoView {
    let state = Memo::new(move |_| match value.get() {
        None => "unknown",
        Some(value) if is_met.get().unwrap_or(value >= target.get()) => "met",
        Some(_) => "below",
    });
    let share = move |value: f64| {
        let max = max.get();
        if max > 0.0 { (value / max).clamp(0.0, 1.0).to_string() } else { "0".to_owned() }
    };
    let words = move || {
        if value.get().is_some() { value_label.get() } else { "chưa rõ".to_owned() }
    };
    let sentence = move || {
        let deadline = deadline.get().map(|day| format!(", {day}")).unwrap_or_default();
        format!("{}: {}, chỉ tiêu {}{deadline}", label.get(), words(), target_label.get())
    };
    view! {
        <figure class="target-bar" data-testid=testid data-state=state>
            <figcaption class="target-bar__head">
                <span class="target-bar__label">{label}</span>
                <span class="target-bar__value num">
                    <Show when=move || state.get() == "met"><Icon name=IconName::Check label="Đạt" /></Show>
                    {words}
                </span>
            </figcaption>
            <div class="target-bar__track" role="img" aria-label=sentence>
                <span class="target-bar__fill" style:--share=move || share(value.get().unwrap_or_default())></span>
                <span class="target-bar__mark" style:--share=move || share(target.get())></span>
            </div>
            <div class="target-bar__foot" aria-hidden="true">
                <span>"Chỉ tiêu " {target_label}</span>
                <span>{deadline}</span>
            </div>
        </figure>
    }
}
