//! All areas in one table, with their sum; a row leads to its area.

use domain::DocId;
use domain::campaign::Campaign;
use domain::number::{grouped, percent_whole};
use domain::service::Service;
use domain::summary::Summary;
use leptos::prelude::*;

use crate::components::{ChipOption, Column, DataTable, FilterChips, TableRow};

use super::Commune;
use super::figures::of_service;

/// An absent figure is not zero.
const UNKNOWN: &str = "—";

/// In which order the areas stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    AsListed,
    LeastReached,
    LeastSigned,
    MostNew,
    MostLate,
}

impl Order {
    const ALL: [(Order, &'static str, &'static str); 5] = [
        (Order::AsListed, "list", "Theo danh sách"),
        (Order::LeastReached, "reached", "Tiếp cận ít nhất"),
        (Order::LeastSigned, "signed", "Tỷ lệ chữ ký số thấp nhất"),
        (Order::MostNew, "new", "Cài mới nhiều nhất"),
        (Order::MostLate, "late", "Nhiều máy chưa gửi nhất"),
    ];

    fn key(self) -> &'static str {
        Self::ALL.iter().find(|(order, _, _)| *order == self).map_or("", |(_, key, _)| key)
    }

    fn from_key(key: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == key).map_or(Self::AsListed, |(order, _, _)| *order)
    }
}

/// An area as the table needs it.
struct Line {
    id: DocId,
    name: String,
    /// Nobody lives at it.
    is_point: bool,
    summary: Option<Summary>,
    late: (usize, usize),
}

#[component]
pub fn AreaTable(commune: Commune) -> impl IntoView {
    let order = RwSignal::new(Order::AsListed);
    let columns = move || commune.campaign.with(|plan| columns(plan));
    let rows = Memo::new(move |_| {
        let plan = commune.campaign.get();
        let mut lines = lines(commune);
        sort(&mut lines, order.get(), &plan);
        let mut rows: Vec<TableRow> = lines.iter().map(|line| row(line, &plan)).collect();
        rows.push(total_row(commune, &plan));
        rows
    });
    let options = Order::ALL.map(|(_, key, label)| ChipOption::new(key, label)).to_vec();
    view! {
        <section class="section">
            <FilterChips
                label="Xếp các địa bàn"
                options=options
                selected=Signal::derive(move || order.get().key().to_owned())
                on_select=move |key: String| order.set(Order::from_key(&key))
                testid="commune-order"
            />
            <DataTable caption="Các địa bàn" columns=Signal::derive(columns) rows testid="commune-areas" />
        </section>
    }
}

fn lines(commune: Commune) -> Vec<Line> {
    let (areas, summaries) = (commune.state.areas().get(), commune.summaries.get());
    let line = |area: &domain::place::Area| Line {
        id: area.id,
        name: area.name.clone(),
        is_point: area.kind.is_support_point(),
        summary: summaries.get(&area.id).cloned(),
        late: commune.late(Some(area.id)),
    };
    areas.iter().map(line).collect()
}

/// Areas without figures come last, whatever is asked for.
fn sort(lines: &mut [Line], order: Order, plan: &Campaign) {
    let new = |summary: &Summary| of_service(plan, summary, Service::PublicSignature).new;
    let signed = |summary: &Summary| {
        of_service(plan, summary, Service::PublicSignature).stock * 10_000 / summary.counted().max(1)
    };
    let reached = |summary: &Summary| summary.doors.reached * 10_000 / summary.doors.total().max(1);
    match order {
        Order::AsListed => {}
        Order::LeastReached => lines.sort_by_key(|line| line.summary.as_ref().map_or(u64::MAX, reached)),
        Order::LeastSigned => lines.sort_by_key(|line| line.summary.as_ref().map_or(u64::MAX, signed)),
        Order::MostNew => lines.sort_by_key(|line| std::cmp::Reverse(line.summary.as_ref().map(new))),
        Order::MostLate => lines.sort_by_key(|line| std::cmp::Reverse(line.late.0)),
    }
}

fn columns(plan: &Campaign) -> Vec<Column> {
    vec![
        Column::text("Địa bàn"),
        Column::number("Hộ"),
        Column::number("Đã tiếp cận"),
        Column::number("Có người thành thạo"),
        Column::number(format!("Người {}", plan.counted_age().label())),
        Column::number("Mức độ 2"),
        Column::number("Sổ sức khỏe"),
        Column::number("Chữ ký số, tổng"),
        Column::number("Tỷ lệ chữ ký số"),
        Column::number("Chữ ký số, cài mới"),
        Column::number("Máy chưa gửi 24 giờ"),
    ]
}

fn row(line: &Line, plan: &Campaign) -> TableRow {
    let mut cells = cells(line.summary.as_ref(), line.late, plan);
    if line.is_point {
        cells[..HOUSEHOLD_CELLS].fill(UNKNOWN.to_owned());
    }
    TableRow::new(line.id.to_string(), line.name.clone(), cells).link(format!("/phuong?dia-ban={}", line.id))
}

/// The first cells of a row are about households.
const HOUSEHOLD_CELLS: usize = 3;

fn total_row(commune: Commune, plan: &Campaign) -> TableRow {
    let cells = commune.total.with(|total| cells(Some(total), commune.late(None), plan));
    TableRow::new("total", "Cộng", cells).into_total()
}

fn cells(summary: Option<&Summary>, late: (usize, usize), plan: &Campaign) -> Vec<String> {
    let figure = |read: &dyn Fn(&Summary) -> u64| summary.map_or_else(|| UNKNOWN.to_owned(), |of| grouped(read(of)));
    let service = |service| move |of: &Summary| of_service(plan, of, service);
    let signature = service(Service::PublicSignature);
    let reached = summary.and_then(|of| percent_whole(of.doors.reached, of.doors.total()));
    let signed = summary.and_then(|of| percent_whole(signature(of).stock, of.counted()));
    vec![
        figure(&|of| of.doors.total()),
        reached.unwrap_or_else(|| UNKNOWN.to_owned()),
        figure(&|of| of.proficient_households),
        figure(&|of| of.adults),
        figure(&|of| service(Service::EidLevel2)(of).stock),
        figure(&|of| service(Service::HealthRecord)(of).stock),
        figure(&|of| signature(of).stock),
        signed.unwrap_or_else(|| UNKNOWN.to_owned()),
        figure(&|of| signature(of).new),
        match late {
            (_, 0) => UNKNOWN.to_owned(),
            (late, all) => format!("{late} / {all}"),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::super::targets::sample;
    use super::*;

    #[test]
    fn every_column_has_its_cell_and_unknown_is_not_zero() {
        let plan = sample();
        let empty = cells(None, (0, 0), &plan);
        assert_eq!(empty.len() + 1, columns(&plan).len());
        assert!(empty.iter().all(|cell| cell == UNKNOWN));
        assert_eq!(cells(Some(&Summary::default()), (1, 3), &plan)[0], "0");
    }

    #[test]
    fn areas_without_figures_come_last() {
        let line = |id: u128, reached: Option<u64>| Line {
            id: DocId::from_u128(id),
            name: String::new(),
            is_point: false,
            summary: reached.map(|reached| {
                let mut summary = Summary::default();
                summary.doors.reached = reached;
                summary.doors.not_yet = 10;
                summary
            }),
            late: (0, 0),
        };
        let mut lines = vec![line(1, None), line(2, Some(9)), line(3, Some(1))];
        sort(&mut lines, Order::LeastReached, &sample());
        let ids: Vec<u128> = lines.iter().map(|line| line.id.as_u128()).collect();
        assert_eq!(ids, [3, 2, 1]);
    }
}
