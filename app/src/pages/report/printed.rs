//! The official table on paper: quốc hiệu, who reports, the tables, who signs. Only a printer shows it.

use std::sync::Arc;

use domain::report::Report;
use domain::report::official::{Cell, Official, Table};
use leptos::prelude::*;

#[component]
pub fn Printed(report: Arc<Report>) -> impl IntoView {
    let Official { bodies, motto, place_and_day, title, subtitles, tables, units, signers } = Official::of(&report);
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    view! {
        // On the screen the same figures stand above, for everyone.
        <section class="printed" aria-hidden="true">
            <div class="printed__head">
                <div>{lines(bodies)}</div>
                <div>
                    <p>{motto[0]}</p>
                    <p class="printed__motto">{motto[1]}</p>
                    <p class="printed__day">{place_and_day}</p>
                </div>
            </div>
            <p class="printed__title">{title}</p>
            <div class="printed__subtitles">{lines(subtitles)}</div>
            {tables.into_iter().map(table).collect_view()}
            <div class="printed__signers">
                {signers.map(|signer| view! { <div><p>{signer}</p><p>"(Ký, ghi rõ họ tên)"</p></div> }).collect_view()}
            </div>
            {units.map(table)}
        </section>
    }
}

fn table(table: Table) -> impl IntoView {
    let cell = |cell: &Cell| view! { <td class:num=cell.is_figure()>{cell.shown()}</td> };
    let row = move |row: &Vec<Cell>| view! { <tr>{row.iter().map(cell).collect_view()}</tr> };
    view! {
        <h3>{table.title}</h3>
        <table>
            <thead><tr>{table.columns.into_iter().map(|column| view! { <th>{column}</th> }).collect_view()}</tr></thead>
            <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
        </table>
    }
}
