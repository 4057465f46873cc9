//! What the form is put together from. Every part is an `AnyView`: the type of a view holds the types of all views in it,
//! and a form of some fifty fields would have as many kilobytes of them, in every phone's download.

use domain::plan_form::{At, YES};
use leptos::prelude::*;

use super::form::Form;
use crate::components::{CheckField, ChipOption, FilterChips, Icon, IconName, SelectField, TextField, element_id};

pub type Options = Vec<(String, String)>;

pub fn options<const N: usize>(options: [(&str, &str); N]) -> Options {
    options.map(|(key, label)| (key.to_owned(), label.to_owned())).to_vec()
}

/// What is typed into a field.
#[derive(Clone, Copy)]
pub enum Input {
    Line,
    /// Longer than a line of the phone.
    Text,
    Number,
    Share,
    Day,
    Link,
}

/// A field whose hint changes with what is typed.
pub fn hinted(
    form: Form,
    at: At,
    input: Input,
    label: &'static str,
    hint: Signal<Option<String>>,
    testid: &'static str,
) -> AnyView {
    let (kind, inputmode) = match input {
        Input::Line => ("text", "text"),
        Input::Text => ("textarea", "text"),
        Input::Number => ("text", "numeric"),
        Input::Share => ("text", "decimal"),
        Input::Day => ("date", "text"),
        Input::Link => ("url", "url"),
    };
    let (value, error) = (form.cell(at), form.error(at));
    view! { <TextField label value kind inputmode hint error testid /> }.into_any()
}

pub fn field(
    form: Form,
    at: At,
    input: Input,
    label: &'static str,
    hint: &'static str,
    testid: &'static str,
) -> AnyView {
    let hint = if hint.is_empty() { None } else { Some(hint.to_owned()) };
    hinted(form, at, input, label, hint.into(), testid)
}

/// A day from the phone's picker. A browser set to another language shows 7/8 where 8/7 is meant: the day is said in
/// words below.
pub fn day(form: Form, at: At, label: &'static str, hint: &'static str, testid: &'static str) -> AnyView {
    let value = form.cell(at);
    let words = Signal::derive(move || {
        let day = value.with(|day| day.parse::<domain::Day>().ok());
        let words = day.map_or(hint.to_owned(), |day| format!("{}, {}", day.weekday_name(), day.vietnamese()));
        (!words.is_empty()).then_some(words)
    });
    hinted(form, at, Input::Day, label, words, testid)
}

pub fn select(form: Form, at: At, label: &'static str, options: Signal<Options>, testid: &'static str) -> AnyView {
    let (value, error) = (form.cell(at), form.error(at));
    view! { <SelectField label value options error testid /> }.into_any()
}

/// One of two or three.
pub fn chips<const N: usize>(
    form: Form,
    at: At,
    label: &'static str,
    options: [(&'static str, &'static str); N],
    testid: &'static str,
) -> AnyView {
    let options = options.map(|(key, label)| ChipOption::new(key, label)).to_vec();
    chip_group(form.cell(at), label, options, testid)
}

fn chip_group(value: RwSignal<String>, label: &'static str, options: Vec<ChipOption>, testid: &'static str) -> AnyView {
    view! {
        <div class="form__group chips-wrapped">
            <p class="form__legend">{label}</p>
            <FilterChips label options selected=value on_select=move |key| value.set(key) testid />
        </div>
    }
    .into_any()
}

pub fn tick(form: Form, at: At, label: &'static str, testid: &'static str) -> AnyView {
    let value = form.cell(at);
    let checked = Signal::derive(move || value.with(|value| value == YES));
    let change = move |yes: bool| value.set(if yes { YES } else { "" }.to_owned());
    view! { <CheckField label checked on_change=change testid /> }.into_any()
}

/// Boxes of which any number may be ticked; `at` is where it is said that something is wrong with all of them.
pub fn boxes(
    form: Form,
    at: Option<At>,
    legend: &'static str,
    places: Vec<(At, &'static str)>,
    testid: &'static str,
) -> AnyView {
    let error = at.map_or_else(|| None.into(), |at| form.error(at));
    let error_id = element_id("boxes");
    let described = error_id.clone();
    let boxes: Vec<AnyView> = places.into_iter().map(|(at, label)| tick(form, at, label, testid)).collect();
    view! {
        <fieldset
            class="form__group"
            tabindex="-1"
            aria-describedby=described
            data-invalid=move || error.with(Option::is_some).then_some("")
        >
            <legend class="form__legend">{legend}</legend>
            <div class="plan-boxes">{boxes}</div>
            <p class="field__error" id=error_id role="alert">
                {move || error.get().map(|text| view! { <Icon name=IconName::Error /> <span>{text}</span> })}
            </p>
        </fieldset>
    }
    .into_any()
}

/// As many beside each other as there is room for.
pub fn beside(fields: Vec<AnyView>) -> AnyView {
    view! { <div class="plan-fields">{fields}</div> }.into_any()
}

pub fn shown_while(when: Signal<bool>, body: AnyView) -> AnyView {
    view! { <div hidden=move || !when.get()>{body}</div> }.into_any()
}

pub fn muted(words: &'static str) -> AnyView {
    view! { <p class="muted">{words}</p> }.into_any()
}

/// A sentence that follows what is typed; nothing while there is nothing to say.
pub fn says(words: Signal<Option<String>>, testid: &'static str) -> AnyView {
    view! { <p class="plan-says" role="status" data-testid=testid>{words}</p> }.into_any()
}

/// A part of the form under its heading. Folded, its note tells what is in it.
pub fn section(
    title: &'static str,
    note: Signal<String>,
    is_open: bool,
    testid: &'static str,
    body: Vec<AnyView>,
) -> AnyView {
    view! {
        <details class="plan-section card" open=is_open data-testid=testid>
            <summary class="plan-section__summary">
                <h2 class="section__title">{title}</h2>
                <span class="plan-section__note">{note}</span>
                <Icon name=IconName::Forward />
            </summary>
            <div class="plan-section__body">{body}</div>
        </details>
    }
    .into_any()
}
