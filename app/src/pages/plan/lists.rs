//! Lists of rows: adding one, deleting one, and where the focus goes then.

use domain::plan_form::Rows;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::form::Form;
use crate::components::{Button, ButtonKind, Icon, IconButton, IconName};

/// What a list is called: for tests, on the button that adds, on the buttons that delete.
#[derive(Clone, Copy)]
struct Words {
    testid: &'static str,
    add: &'static str,
    delete: &'static str,
}

fn words(list: Rows) -> Words {
    let (testid, add, delete) = match list {
        Rows::Groups => ("plan-group", "Thêm nhóm", "Xóa nhóm"),
        Rows::Targets => ("plan-target", "Thêm chỉ tiêu", "Xóa chỉ tiêu"),
        Rows::Slots => ("plan-slot", "Thêm kỳ báo cáo", "Xóa kỳ báo cáo"),
        Rows::Providers => ("plan-provider", "Thêm nhà cung cấp", "Xóa nhà cung cấp"),
    };
    Words { testid, add, delete }
}

/// Rows with a button to add another. The focus goes to the first field of a new row.
pub fn row_list(form: Form, list: Rows, row: fn(Form, u32) -> AnyView) -> AnyView {
    let Words { testid, add, .. } = words(list);
    let rows = form.rows(list);
    let add_row = move |()| {
        let row = form.add_row(list);
        focus_later(move || {
            let place = document().query_selector(&format!("[data-row='{testid}-{row}']")).ok().flatten()?;
            if place.tag_name() == "DETAILS" {
                let _ = place.set_attribute("open", "");
            }
            place.query_selector(".field__control, input").ok().flatten()
        });
    };
    view! {
        <ul class="plan-rows" role="list" data-testid=testid>
            <For each=move || rows.get() key=|row| *row children=move |id| view! { <li>{row(form, id)}</li> } />
        </ul>
        <Button kind=ButtonKind::Secondary icon=IconName::Plus on_press=add_row testid=format!("{testid}-add")>
            {add}
        </Button>
    }
    .into_any()
}

/// A row of several fields, folded under its name.
pub fn row_card(
    form: Form,
    (list, row): (Rows, u32),
    title: Signal<String>,
    detail: Signal<String>,
    body: Vec<AnyView>,
) -> AnyView {
    let Words { testid, delete, .. } = words(list);
    view! {
        <details class="plan-row" data-row=format!("{testid}-{row}")>
            <summary class="plan-row__summary">
                <span class="plan-row__title">{title}</span>
                <span class="plan-row__detail">{detail}</span>
                <Icon name=IconName::Forward />
            </summary>
            <div class="plan-row__body">
                {body}
                <Button
                    kind=ButtonKind::Danger
                    icon=IconName::Trash
                    on_press=deletion(form, list, row)
                    testid=format!("{testid}-delete")
                >
                    {delete}
                    // For who does not see the row around it.
                    <span class="visually-hidden">" " {title}</span>
                </Button>
            </div>
        </details>
    }
    .into_any()
}

/// A row of one field.
pub fn row_line(form: Form, (list, row): (Rows, u32), title: RwSignal<String>, field: AnyView) -> AnyView {
    let Words { testid, delete, .. } = words(list);
    let label = Signal::derive(move || format!("{delete} {}", title.get()));
    view! {
        <div class="plan-line" data-row=format!("{testid}-{row}")>
            {field}
            <IconButton
                icon=IconName::Trash
                label
                on_press=deletion(form, list, row)
                testid=format!("{testid}-delete")
            />
        </div>
    }
    .into_any()
}

/// Deletes a row and goes on from where another can be added.
fn deletion(form: Form, list: Rows, row: u32) -> Callback<()> {
    Callback::new(move |()| {
        form.delete_row(list, row);
        let add = format!("[data-testid='{}-add']", words(list).testid);
        focus_later(move || document().query_selector(&add).ok().flatten());
    })
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
