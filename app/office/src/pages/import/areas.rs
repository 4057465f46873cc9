//! Which tổ or thôn of the list goes into which area.

use app::components::{TextField, grouped};
use leptos::prelude::*;

use super::work::{LEAVE_OUT, NEW, Work, is_support_point};
use crate::office::Office;

#[component]
pub fn Areas(work: Work) -> impl IntoView {
    let cells = Memo::new(move |_| work.read.with(|read| read.cells.clone()));
    let needs_name = move || {
        let is_new = |(at, (cell, ..)): (usize, &(Option<String>, usize, usize))| {
            cell.is_none() && work.choices.with(|choices| choices.get(at).is_some_and(|choice| choice == NEW))
        };
        cells.with(|cells| cells.iter().enumerate().any(is_new))
    };
    view! {
        <section class="section" data-testid="import-areas">
            <h2 class="section__title">"Nhập vào địa bàn nào"</h2>
            <div class="office-scroll" role="region" aria-label="Địa bàn" tabindex="0">
            <table class="office-table">
                <thead>
                    <tr>
                        <th scope="col">"Trong danh sách"</th>
                        <th scope="col" data-kind="number">"Hộ"</th>
                        <th scope="col" data-kind="number">"Người"</th>
                        <th scope="col">"Địa bàn"</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        let rows = cells.get().into_iter().enumerate();
                        rows.map(|(at, (cell, households, people))| view! {
                            <tr>
                                <th scope="row">{cell.clone().unwrap_or_else(|| "Không ghi tổ, thôn".to_owned())}</th>
                                <td data-kind="number">{grouped(households)}</td>
                                <td data-kind="number">{grouped(people)}</td>
                                <td><AreaMenu work at cell /></td>
                            </tr>
                        }).collect_view()
                    }}
                </tbody>
            </table>
            </div>
            <Show when=needs_name>
                <TextField
                    label="Tên địa bàn mới"
                    value=work.new_name
                    hint=Some("Như “Tổ 5”, “Thôn Nà Pò”.".to_owned())
                    testid="import-new-name"
                />
            </Show>
        </section>
    }
}

#[component]
fn AreaMenu(work: Work, at: usize, cell: Option<String>) -> impl IntoView {
    let office = Office::expect();
    let label = format!("Địa bàn cho {}", cell.as_deref().unwrap_or("phần không ghi tổ, thôn"));
    let new = cell.map_or_else(|| "Địa bàn mới…".to_owned(), |cell| format!("Địa bàn mới: {cell}"));
    let choice = move || work.choices.with(|choices| choices.get(at).cloned().unwrap_or_default());
    let known = move || {
        let places = office.areas().into_iter().filter(|area| !is_support_point(&area.kind));
        let option = |area: domain::protocol::OfficeArea| {
            let id = area.id.to_string();
            let own = id.clone();
            view! { <option value=id prop:selected=move || choice() == own>{area.name}</option> }
        };
        places.map(option).collect_view()
    };
    let choose = move |key: String| {
        work.choices.update(|choices| {
            if let Some(slot) = choices.get_mut(at) {
                *slot = key;
            }
        });
    };
    view! {
        <select
            class="field__control"
            aria-label=label
            data-testid=format!("area-{at}")
            on:change:target=move |event| choose(event.target().value())
        >
            <option value=LEAVE_OUT prop:selected=move || choice() == LEAVE_OUT>"Không nhập phần này"</option>
            <option value=NEW prop:selected=move || choice() == NEW>{new}</option>
            {known}
        </select>
    }
}
