//! The province's page: every commune of the plan against its numbers. Figures only, to be sorted and handed on.

use domain::Day;
use domain::province::{Order, UnitLine, lines, sort, table};
use domain::report::official::{Cell, Table};
use domain::report::{table_rows, xlsx};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, ChipOption, Column, DataTable, FilterChips, IconName, TableRow};
use crate::device;
use crate::notices::Notices;
use crate::pages::report::XLSX;

use super::Commune;

#[component]
pub fn ProvinceTable(commune: Commune) -> impl IntoView {
    let order = RwSignal::new(Order::AsInPlan);
    let sorted = Memo::new(move |_| {
        let (plan, areas, summaries) = (commune.campaign.get(), commune.state.areas().get(), commune.summaries.get());
        let mut lines = lines(&plan, &areas, &summaries);
        sort(&mut lines, order.get());
        lines
    });
    let columns = move || sorted.with(|lines| columns(&table(lines)));
    let rows = move || sorted.with(|lines| rows(&table(lines)));
    let counted = move || {
        let (known, all) =
            sorted.with(|lines| (lines.iter().filter(|line| line.signatures.is_some()).count(), lines.len()));
        format!("{known} trên {all} xã, phường đã có số liệu.")
    };
    let options: Vec<ChipOption> =
        Order::ALL.into_iter().map(|order| ChipOption::new(order.name(), order.label())).collect();
    view! {
        <section class="section">
            <h2 class="section__title">"Kết quả của các xã, phường"</h2>
            <p class="muted" data-testid="province-counted">{counted}</p>
            <FilterChips
                label="Xếp các xã, phường"
                options=options
                selected=Signal::derive(move || order.get().name().to_owned())
                on_select=move |key: String| order.set(Order::from_name(&key).unwrap_or(Order::AsInPlan))
                testid="province-order"
            />
            <DataTable
                caption="Các xã, phường so với số khuyến nghị"
                columns=Signal::derive(columns)
                rows=Signal::derive(rows)
                testid="province-units"
            />
            <Export sorted />
        </section>
    }
}

/// The name heads each row, so the number and it change places.
fn columns(table: &Table) -> Vec<Column> {
    let others = table.columns.iter().skip(2).map(|column| Column::number(column.clone()));
    std::iter::once(Column::text(table.columns[1].clone())).chain(others).collect()
}

fn rows(table: &Table) -> Vec<TableRow> {
    let last = table.rows.len().saturating_sub(1);
    let row = |(place, cells): (usize, &Vec<Cell>)| {
        let mut shown = cells.iter().map(Cell::shown);
        let (number, name) = (shown.next().unwrap_or_default(), shown.next().unwrap_or_default());
        let head = if number.is_empty() { name.clone() } else { format!("{number}. {name}") };
        let row = TableRow::new(name, head, shown.collect());
        if place == last { row.into_total() } else { row }
    };
    table.rows.iter().enumerate().map(row).collect()
}

#[component]
fn Export(sorted: Memo<Vec<UnitLine>>) -> impl IntoView {
    let notices = Notices::expect();
    let state = crate::state::AppState::expect();
    let to_file = move |()| {
        let today: Day = untrack(|| state.today());
        let title = untrack(|| state.campaign().with(|plan| plan.name.clone()));
        let as_of = format!("Số liệu đến ngày {}", today.vietnamese());
        let file = sorted.with_untracked(|lines| xlsx::table_file(&[title, as_of], &table(lines)));
        match device::save_bytes(&format!("cac-xa-phuong-{today}.xlsx"), XLSX, &file) {
            Ok(()) => notices.say_saved("Đã xuất tệp Excel", None),
            Err(_) => notices.fail("Trình duyệt này không lưu được tệp. Chép bảng để dán vào bảng tính."),
        }
    };
    let to_clipboard = move |()| {
        let text = sorted.with_untracked(|lines| table_rows(&table(lines)));
        spawn_local(async move {
            if device::copy(&text).await {
                notices.say_saved("Đã chép cả bảng. Dán vào bảng tính", None);
            } else {
                notices.fail("Máy này không chép được. Xuất tệp Excel.");
            }
        });
    };
    view! {
        <div class="cluster">
            <Button icon=IconName::Download on_press=to_file testid="province-xlsx">"Xuất tệp Excel"</Button>
            <Button kind=ButtonKind::Secondary icon=IconName::Table on_press=to_clipboard testid="province-copy">
                "Chép cả bảng"
            </Button>
        </div>
    }
}
