//! Form fields: a label above, a hint and an error below, the control in between.

use leptos::{either::Either, prelude::*};

use super::{Icon, IconName, element_id};

/// The frame of a field, around a control of the caller's own. The control carries the id `for_id` and names
/// `{for_id}-hint` and `{for_id}-error` in `aria-describedby`.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] for_id: String,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(into, default = "field".to_owned())] testid: String,
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{for_id}-hint");
    let error_id = format!("{for_id}-error");
    view! {
        <div
            class="field"
            data-testid=testid
            data-state=move || if error.with(Option::is_some) { "error" } else { "ready" }
        >
            <label class="field__label" for=for_id>{label}</label>
            {children()}
            <p class="field__hint" id=hint_id>{hint}</p>
            <p class="field__error" id=error_id role="alert">
                {move || error.get().map(|text| view! { <Icon name=IconName::Error /> <span>{text}</span> })}
            </p>
        </div>
    }
}

/// What describes the control with this id.
fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// A line of text, or several with the kind `textarea`.
#[component]
pub fn TextField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    /// `type` of the input: text, tel, number, date, time; or textarea.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// Which keyboard the phone shows.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    #[prop(into, default = "text-field".to_owned())] testid: String,
) -> impl IntoView {
    let id = element_id("field");
    let described = described_by(&id);
    let invalid = move || error.with(Option::is_some).then_some("true");
    let input_testid = format!("{testid}-input");
    let control = if kind == "textarea" {
        Either::Left(view! {
            <textarea
                class="field__control"
                rows="3"
                id=id.clone()
                required=required
                aria-describedby=described
                aria-invalid=invalid
                data-testid=input_testid
                bind:value=value
            ></textarea>
        })
    } else {
        Either::Right(view! {
            <input
                class="field__control"
                type=kind
                id=id.clone()
                inputmode=inputmode
                autocomplete=autocomplete
                required=required
                aria-describedby=described
                aria-invalid=invalid
                data-testid=input_testid
                bind:value=value
            />
        })
    };
    view! {
        <Field label for_id=id hint error testid>{control}</Field>
    }
}

/// One of a list, in the phone's own picker.
#[component]
pub fn SelectField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    /// Value and label.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(into, default = "select-field".to_owned())] testid: String,
) -> impl IntoView {
    let id = element_id("field");
    let described = described_by(&id);
    let input_testid = format!("{testid}-input");
    let choices = move || {
        let entry = |(key, label): (String, String)| {
            let own = key.clone();
            view! { <option value=key prop:selected=move || value.with(|value| *value == own)>{label}</option> }
        };
        options.get().into_iter().map(entry).collect_view()
    };
    view! {
        <Field label for_id=id.clone() hint error testid>
            <select
                class="field__control"
                id=id
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                data-testid=input_testid
                on:change:target=move |event| value.set(event.target().value())
            >
                {choices}
            </select>
        </Field>
    }
}

/// Yes or no, with the whole line to tap.
#[component]
pub fn CheckField(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(into, default = "check-field".to_owned())] testid: String,
) -> impl IntoView {
    view! {
        <label class="check-field" data-testid=testid>
            <input
                class="check-field__box"
                type="checkbox"
                prop:checked=checked
                on:change:target=move |event| on_change.run(event.target().checked())
            />
            <span class="check-field__words">
                <span>{label}</span>
                {move || hint.get().map(|text| view! { <span class="check-field__hint">{text}</span> })}
            </span>
        </label>
    }
}
