//! The columns as they were understood, each with a menu to put it right; and the other settings of the reading.

use app::components::{CheckField, SelectField};
use domain::import::Field;
use domain::text::Legacy;
use leptos::prelude::*;

use super::work::Work;
use crate::messages::ReadColumn;

/// "Leave this column out", among the keys of fields.
const LEAVE_OUT: &str = "";

#[component]
pub fn Columns(work: Work) -> impl IntoView {
    let columns = Memo::new(move |_| work.read.with(|read| read.columns.clone()));
    let has_id_numbers = move || columns.with(|columns| columns.iter().any(|it| it.field == Some(Field::IdNumber)));
    let has_problem = move || work.read.with(|read| read.problem.is_some());
    // Open when something has to be chosen.
    let is_open = Memo::new(move |_| has_problem());
    view! {
        <details class="office-details" open=is_open data-testid="import-columns">
            <summary>
                "Các cột đã hiểu thế nào"
                {move || {
                    let (known, all) = columns.with(|columns| {
                        (columns.iter().filter(|it| it.field.is_some()).count(), columns.len())
                    });
                    format!(" ({known} trên {all} cột)")
                }}
            </summary>
            <div class="office-scroll" role="region" aria-label="Các cột" tabindex="0">
                <table class="office-table">
                    <thead>
                        <tr>
                            <th scope="col">"Cột"</th>
                            <th scope="col">"Tiêu đề trong tệp"</th>
                            <th scope="col">"Ví dụ"</th>
                            <th scope="col">"Dùng làm"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            let rows = columns.get().into_iter().enumerate();
                            rows.map(|(at, column)| view! { <ColumnRow work at column /> }).collect_view()
                        }}
                    </tbody>
                </table>
            </div>
            <HeaderRow work />
            <LegacyFonts work />
            <Show when=has_id_numbers>
                <CheckField
                    label="Giữ 4 số cuối căn cước"
                    checked=Signal::derive(move || work.options.with(|options| options.keep_id_tail))
                    on_change=move |keep: bool| work.keep_id_tail(keep)
                    hint=Some("Chỉ để phân biệt người trùng tên. Số đầy đủ không bao giờ được nhập.".to_owned())
                    testid="import-id-tail"
                />
            </Show>
        </details>
    }
}

#[component]
fn ColumnRow(work: Work, at: usize, column: ReadColumn) -> impl IntoView {
    let choose = move |key: String| {
        let field = if key == LEAVE_OUT { None } else { Field::from_key(&key).ok() };
        work.choose_column(at, field);
    };
    let chosen = column.field.map(Field::key).unwrap_or_default();
    let option = |field: Field| {
        let key = field.key();
        let is_chosen = key == chosen;
        view! { <option value=key selected=is_chosen>{field.label()}</option> }
    };
    let mut fields = Field::choices();
    // What was found and is no choice: private columns, columns that nothing needs.
    if let Some(found) = column.field.filter(|found| !fields.contains(found)) {
        fields.push(found);
    }
    let options = fields.into_iter().map(option).collect_view();
    let label = format!("Cột {} dùng làm", domain::import::column_letters(at));
    view! {
        <tr data-testid=format!("column-{at}")>
            <th scope="row">{domain::import::column_letters(at)}</th>
            <td>{if column.heading.is_empty() { "—".to_owned() } else { column.heading }}</td>
            <td class="muted">{column.samples.join(" · ")}</td>
            <td>
                <select
                    class="field__control"
                    aria-label=label
                    on:change:target=move |event| choose(event.target().value())
                >
                    <option value=LEAVE_OUT selected=column.field.is_none()>"Không nhập"</option>
                    {options}
                </select>
            </td>
        </tr>
    }
}

/// Which row is the header, when the reader is wrong.
#[component]
fn HeaderRow(work: Work) -> impl IntoView {
    let options = move || {
        let found = work.read.with(|read| read.header_row);
        let row = |(at, cells): (usize, Vec<String>)| {
            let words: Vec<&str> = cells.iter().map(String::as_str).filter(|text| !text.is_empty()).take(4).collect();
            let text = format!("Dòng {}: {}", at + 1, words.join(" · "));
            view! { <option value=at.to_string() selected=Some(at) == found>{text}</option> }
        };
        let rows = work.read.with(|read| read.top.clone());
        rows.into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <label class="office-setting">
            <span>"Dòng tiêu đề"</span>
            <select
                class="field__control"
                data-testid="import-header-row"
                on:change:target=move |event| work.choose_header(event.target().value().parse().ok())
            >
                <option value="" selected=move || work.read.with(|read| read.header_row.is_none())>"Tự tìm"</option>
                {options}
            </select>
        </label>
    }
}

#[component]
fn LegacyFonts(work: Work) -> impl IntoView {
    let value = RwSignal::new("0".to_owned());
    let options = Legacy::ALL.into_iter().enumerate().map(|(at, kind)| (at.to_string(), kind.label().to_owned()));
    Effect::new(move |before: Option<String>| {
        let chosen = value.get();
        if before.is_some_and(|before| before != chosen)
            && let Some(kind) = chosen.parse::<usize>().ok().and_then(|at| Legacy::ALL.get(at).copied())
        {
            work.choose_legacy(kind);
        }
        chosen
    });
    value.set(
        Legacy::ALL
            .iter()
            .position(|kind| work.options.with_untracked(|options| options.legacy == *kind))
            .unwrap_or(0)
            .to_string(),
    );
    view! {
        <SelectField label="Phông chữ cũ" value options=Signal::stored(options.collect::<Vec<_>>()) testid="import-legacy" />
    }
}
