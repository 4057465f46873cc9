//! A handout as it is printed. The mark stands in the head of every table, which printers repeat on every page, and across
//! the page.

use std::sync::Arc;

use domain::handout::{BoxState, DoorLine, DoorList, DoorPerson, Handout, LineCode, List, RESULTS, Tick};
use domain::table::{Cell, Table};
use leptos::prelude::*;

#[component]
pub fn Printed(handout: Arc<Handout>) -> impl IntoView {
    let mut headings = handout.headings().into_iter();
    let title = headings.next().unwrap_or_default();
    let lines = headings.map(|line| view! { <p>{line}</p> }).collect_view();
    let tables = match &handout.list {
        List::Doors(list) => doors(&handout, list).into_any(),
        List::Helped(_) => handout.tables().into_iter().map(|table| people(&handout, table)).collect_view().into_any(),
    };
    view! {
        <section class="handout" data-testid="handout-preview">
            <Across text=handout.taken.across() />
            <h2 class="handout__title">{title}</h2>
            {lines}
            {tables}
        </section>
    }
}

/// Who took it, again and again across the page. Drawn and not a background: browsers leave those out on paper.
#[component]
fn Across(text: String) -> impl IntoView {
    view! {
        <svg class="handout__across" aria-hidden="true" width="100%" height="100%">
            <defs>
                <pattern id="across" width="420" height="120" patternUnits="userSpaceOnUse" patternTransform="rotate(-24)">
                    <text x="0" y="60">{text}</text>
                </pattern>
            </defs>
            <rect width="100%" height="100%" fill="url(#across)" />
        </svg>
    }
}

/// The first row of a table's head, over all its columns.
fn mark(handout: &Handout, columns: usize) -> impl IntoView + use<> {
    let [who, why, rule] = handout.mark();
    view! { <tr><td class="handout__mark" colspan=columns.to_string()>{who} <br /> {why} <br /> <strong>{rule}</strong></td></tr> }
}

fn people(handout: &Handout, table: Table) -> impl IntoView + use<> {
    let mark = mark(handout, table.columns.len());
    let cell = |cell: &Cell| view! { <td class:num=cell.is_figure()>{cell.shown()}</td> };
    let row = move |row: &Vec<Cell>| view! { <tr>{row.iter().map(cell).collect_view()}</tr> };
    view! {
        <h3>{table.title}</h3>
        <table class="handout__table">
            <thead>
                {mark}
                <tr>{table.columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view()}</tr>
            </thead>
            <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn doors(handout: &Handout, list: &DoorList) -> impl IntoView + use<> {
    let number = handout.taken.number;
    let mark = mark(handout, 6 + list.ticks.len());
    let services = grouped(&list.ticks).into_iter().map(|(service, span)| {
        view! { <th scope="colgroup" colspan=span.to_string()>{service}</th> }
    });
    let ticks = list.ticks.iter().map(|tick| view! { <th scope="col" class="handout__narrow">{tick.label()}</th> });
    let left_out = (list.left_out > 0)
        .then(|| format!("Không in {} hộ đã xong hoặc đã chuyển đi.", domain::number::grouped(list.left_out)));
    let width = list.ticks.len();
    let lines = (1..).zip(&list.lines).map(|(line, door)| household(LineCode::of(number, line), door, width));
    view! {
        <p>"Đánh dấu x vào ô việc đã làm hôm nay. Ô đã có x là việc máy đã ghi. “Có sẵn”: người dân có từ trước, không do mình làm. "{left_out}</p>
        <p>"Người đi: ………………………………  Ngày đi: ……/……/…………"</p>
        <table class="handout__table">
            <thead>
                {mark}
                <tr>
                    <th scope="col" rowspan="2">"Mã dòng"</th>
                    <th scope="col" rowspan="2">"Hộ"</th>
                    <th scope="col" rowspan="2">"Tại cửa"</th>
                    <th scope="col" rowspan="2">"Họ và tên"</th>
                    <th scope="col" rowspan="2">"Năm sinh"</th>
                    {services.collect_view()}
                    <th scope="col" rowspan="2">"Ghi chú"</th>
                </tr>
                <tr>{ticks.collect_view()}</tr>
            </thead>
            {lines.collect_view()}
        </table>
    }
}

/// A household with a row for each person; kept together on one page.
fn household(code: LineCode, door: &DoorLine, width: usize) -> impl IntoView + use<> {
    let rows = door.people.len().max(1).to_string();
    let results = RESULTS
        .map(|result| view! { <span class="handout__result"><Tickbox state=BoxState::Open /> {result.label()}</span> });
    let head = view! {
        <td rowspan=rows.clone()><strong class="handout__code">{code.to_string()}</strong></td>
        <td rowspan=rows.clone()>
            {(!door.house_no.is_empty()).then(|| format!("Số nhà {}", door.house_no))} <br /> {door.head.clone()}
            {door.is_priority.then(|| view! { <br /> <em>"Ưu tiên"</em> })}
        </td>
        <td rowspan=rows.clone()><div class="handout__results">{results.into_iter().collect_view()}</div></td>
    };
    let note = view! { <td rowspan=rows class="handout__note"></td> };
    let mut people = door.people.iter();
    let first = people.next().map_or_else(
        || view! { <td colspan=(2 + width).to_string()></td> }.into_any(),
        |person| person_cells(person).into_any(),
    );
    let others = people.map(|person| view! { <tr>{person_cells(person)}</tr> });
    view! { <tbody class="handout__door"><tr>{head} {first} {note}</tr> {others.collect_view()}</tbody> }
}

fn person_cells(person: &DoorPerson) -> impl IntoView + use<> {
    let year = person.birth_year.map_or_else(|| "—".to_owned(), |year| year.to_string());
    let boxes = person.boxes.iter().map(|state| view! { <td class="handout__narrow"><Tickbox state=*state /></td> });
    view! {
        <td>{person.name.clone()}</td>
        <td class="num">{year}</td>
        {boxes.collect_view()}
    }
}

#[component]
fn Tickbox(state: BoxState) -> impl IntoView {
    match state {
        BoxState::Moot => None,
        BoxState::Open => Some(("", "Ô trống")),
        BoxState::Filled => Some(("x", "Đã có")),
    }
    .map(|(sign, label)| view! { <span class="handout__box" role="img" aria-label=label>{sign}</span> })
}

/// The services in order, with how many boxes each has.
fn grouped(ticks: &[Tick]) -> Vec<(&'static str, usize)> {
    let mut groups: Vec<(&'static str, usize)> = Vec::new();
    for tick in ticks {
        let label = tick.step.service().short_label();
        match groups.last_mut() {
            Some((last, span)) if *last == label => *span += 1,
            _ => groups.push((label, 1)),
        }
    }
    groups
}
