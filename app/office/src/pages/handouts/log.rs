//! Who took what, when and why. Of residents only how many.

use app::components::{Column, DataTable, TableRow};
use domain::Day;
use domain::day::time_of_day;
use domain::number::grouped;
use domain::protocol::{HandoutNote, PaperSource};
use leptos::prelude::*;

use super::{Page, paper_href};

#[component]
pub fn Log(page: Page) -> impl IntoView {
    let rows = Signal::derive(move || {
        page.desk.with(|desk| desk.iter().flat_map(|desk| &desk.log).map(row).collect::<Vec<_>>())
    });
    let columns = Signal::derive(|| {
        let mut columns = ["Phiếu", "Lúc", "Người lấy", "Danh sách", "Lý do"].map(Column::text).to_vec();
        columns.push(Column::number("Số người"));
        columns
    });
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <section class="section" data-testid="handout-log">
                <h2 class="section__title">"Sổ các danh sách đã lấy ra"</h2>
                <p class="muted">"Bấm số phiếu để nhập phiếu đã mang về."</p>
                <DataTable caption="Danh sách đã lấy ra" columns rows testid="handout-log-table" />
            </section>
        </Show>
    }
}

fn row(note: &HandoutNote) -> TableRow {
    let when = format!("{} {}", time_of_day(note.at_ms), Day::at_ms(note.at_ms).vietnamese());
    let what = if note.with_phones { format!("{} (có số điện thoại)", note.what) } else { note.what.clone() };
    let cells = vec![when, note.by.clone(), what, note.why.clone(), grouped(note.people)];
    let row = TableRow::new(note.number.to_string(), format!("Số {}", note.number), cells);
    match note.doors_of {
        Some(_) => row.link(paper_href(PaperSource::Handout(note.number))),
        None => row,
    }
}
