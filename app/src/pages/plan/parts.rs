//! What the sections of the form are put together from: a fold with a heading, a list of rows, a group of boxes to tick.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::components::{Button, ButtonKind, CheckField, Icon, IconButton, IconName, TextField, element_id};

/// A part of the form under its heading. Folded, its note tells what is in it.
#[component]
pub fn Section(
    title: &'static str,
    #[prop(into)] note: Signal<String>,
    #[prop(optional)] open: bool,
    testid: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="plan-section card" open=open data-testid=testid>
            <summary class="plan-section__summary">
                <h2 class="section__title">{title}</h2>
                <span class="plan-section__note">{note}</span>
                <Icon name=IconName::Forward />
            </summary>
            <div class="plan-section__body">{children()}</div>
        </details>
    }
}

/// What a list of rows is called, in the words of its buttons.
#[derive(Clone, Copy, Debug)]
pub struct ListWords {
    /// Names the list for tests: "plan-target".
    pub testid: &'static str,
    /// "Thêm chỉ tiêu".
    pub add: &'static str,
    /// "chỉ tiêu", for "Xóa chỉ tiêu …".
    pub one: &'static str,
}

/// Rows with a button to add another. The focus goes to the first field of a new row.
#[component]
pub fn RowList(
    words: ListWords,
    ids: RwSignal<Vec<u32>>,
    /// Adds a row and answers its number.
    on_add: Callback<(), u32>,
    row: Callback<u32, AnyView>,
) -> impl IntoView {
    let add = move |()| {
        let row = on_add.run(());
        focus_later(move || {
            let place = document().query_selector(&format!("[data-row='{}-{row}']", words.testid)).ok().flatten()?;
            if place.has_attribute("data-fold") {
                let _ = place.set_attribute("open", "");
            }
            place.query_selector(".field__control, input").ok().flatten()
        });
    };
    view! {
        <ul class="plan-rows" role="list" data-testid=words.testid>
            <For each=move || ids.get() key=|row| *row children=move |id| view! { <li>{row.run(id)}</li> } />
        </ul>
        <Button
            kind=ButtonKind::Secondary
            icon=IconName::Plus
            on_press=add
            testid=format!("{}-add", words.testid)
        >
            {words.add}
        </Button>
    }
}

/// A row of several fields, folded under its name.
#[component]
pub fn RowCard(
    words: ListWords,
    row: u32,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] detail: Signal<String>,
    on_delete: Callback<u32>,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="plan-row" data-fold="" data-row=format!("{}-{row}", words.testid)>
            <summary class="plan-row__summary">
                <span class="plan-row__title">{title}</span>
                <span class="plan-row__detail">{detail}</span>
                <Icon name=IconName::Forward />
            </summary>
            <div class="plan-row__body">
                {children()}
                <Button
                    kind=ButtonKind::Danger
                    icon=IconName::Trash
                    on_press=deletion(words, row, on_delete)
                    testid=format!("{}-delete", words.testid)
                >
                    "Xóa " {words.one}
                    // For who does not see the row around it.
                    <span class="visually-hidden">" " {title}</span>
                </Button>
            </div>
        </details>
    }
}

/// A row of one field.
#[component]
pub fn RowLine(
    words: ListWords,
    row: u32,
    #[prop(into)] title: Signal<String>,
    on_delete: Callback<u32>,
    children: Children,
) -> impl IntoView {
    let label = Signal::derive(move || format!("Xóa {} {}", words.one, title.get()));
    let testid = format!("{}-delete", words.testid);
    view! {
        <div class="plan-line" data-row=format!("{}-{row}", words.testid)>
            {children()}
            <IconButton icon=IconName::Trash label on_press=deletion(words, row, on_delete) testid />
        </div>
    }
}

/// Deletes a row and goes on from where another can be added.
fn deletion(words: ListWords, row: u32, on_delete: Callback<u32>) -> Callback<()> {
    Callback::new(move |()| {
        on_delete.run(row);
        focus_later(move || document().query_selector(&format!("[data-testid='{}-add']", words.testid)).ok().flatten());
    })
}

/// Boxes of which any number may be ticked; what is chosen stays in the order of the options.
#[component]
pub fn Boxes<T>(
    legend: &'static str,
    options: Vec<(T, &'static str)>,
    chosen: RwSignal<Vec<T>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    testid: &'static str,
) -> impl IntoView
where
    T: Copy + Ord + Send + Sync + 'static,
{
    let error_id = element_id("boxes");
    let described = error_id.clone();
    let boxes = options.into_iter().map(|(option, label)| {
        let checked = Signal::derive(move || chosen.with(|chosen| chosen.contains(&option)));
        let change = move |yes: bool| {
            chosen.update(|chosen| {
                chosen.retain(|known| *known != option);
                if yes {
                    chosen.push(option);
                    chosen.sort_unstable();
                }
            });
        };
        view! { <CheckField label checked on_change=change testid=testid /> }
    });
    view! {
        <fieldset
            class="form__group"
            tabindex="-1"
            aria-describedby=described
            data-invalid=move || error.with(Option::is_some).then_some("")
        >
            <legend class="form__legend">{legend}</legend>
            <div class="plan-boxes">{boxes.collect_view()}</div>
            <p class="field__error" id=error_id role="alert">
                {move || error.get().map(|text| view! { <Icon name=IconName::Error /> <span>{text}</span> })}
            </p>
        </fieldset>
    }
}

/// A day from the phone's picker. A browser set to another language shows 7/8 where 8/7 is meant: the day is said in
/// words below.
#[component]
pub fn DayField(
    label: &'static str,
    value: RwSignal<String>,
    #[prop(optional)] hint: &'static str,
    error: Signal<Option<String>>,
    #[prop(into)] testid: String,
) -> impl IntoView {
    let words = Signal::derive(move || {
        let day = value.with(|day| day.parse::<domain::Day>().ok());
        let words = day.map_or(hint.to_owned(), |day| format!("{}, {}", day.weekday_name(), day.vietnamese()));
        (!words.is_empty()).then_some(words)
    });
    view! { <TextField label value kind="date" hint=words error testid /> }
}

/// Puts the focus where `find` says, once what was just changed is drawn.
fn focus_later(find: impl FnOnce() -> Option<web_sys::Element> + 'static) {
    request_animation_frame(move || {
        let found = find().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = found {
            let _ = element.focus();
        }
    });
}

/// Unfolds whatever hides a field that has to be mended, and goes to the first.
pub fn show_what_is_wrong() {
    const WRONG: &str = ":is([aria-invalid='true'], [data-invalid])";
    focus_later(|| {
        let folded = format!("details:not([open]):has({WRONG})");
        while let Ok(Some(fold)) = document().query_selector(&folded) {
            if fold.set_attribute("open", "").is_err() {
                break;
            }
        }
        document().query_selector(WRONG).ok().flatten()
    });
}
