//! One area of the commune, over the table: its doors, its routes, its members and their phones. No household.

use domain::DocId;
use domain::number::grouped;
use domain::summary::{DoorCounts, Summary};
use domain::text::name_key;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::{Progress, Sheet, StackedBar};
use crate::pages::coverage::devices::MemberDevices;
use crate::pages::coverage::doors::{count, reached_words, rest, segments, segments_met};
use crate::pages::coverage::phones::{Phone, PhoneLine};

use super::Commune;
use super::assign::Assign;
use super::quota::Quotas;

/// A member's line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MemberRow {
    id: DocId,
    name: String,
    words: String,
    credited: u64,
    quota: u32,
    phone: Phone,
}

/// Open while the address names an area, so that the back gesture closes it.
#[component]
pub fn AreaSheet(commune: Commune) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("dia-ban").and_then(|id| id.parse::<DocId>().ok())));
    let areas = commune.state.areas();
    let title = move || {
        let name = asked
            .get()
            .and_then(|id| areas.with(|areas| areas.iter().find(|area| area.id == id).map(|area| area.name.clone())));
        name.unwrap_or_else(|| "Địa bàn".to_owned())
    };
    let navigate = use_navigate();
    let close = move |()| navigate("/phuong", leptos_router::NavigateOptions { scroll: false, ..Default::default() });
    view! {
        <Sheet open=Signal::derive(move || asked.get().is_some()) title=Signal::derive(title) on_close=close testid="commune-area">
            {move || asked.get().map(|area| view! { <AreaDetail commune area /> })}
        </Sheet>
    }
}

#[component]
fn AreaDetail(commune: Commune, area: DocId) -> impl IntoView {
    let summary = Memo::new(move |_| commune.summaries.with(|all| all.get(&area).cloned()));
    let members = Memo::new(move |_| members(commune, area));
    let is_point = move || commune.state.point_channel(area).is_some();
    let doors = move || {
        summary.with(|summary| {
            summary.as_ref().map(|known| if is_point() { point_view(known) } else { doors_view(known) })
        })
    };
    view! {
        <div class="stack commune-area">
            {move || doors().unwrap_or_else(|| view! { <p class="muted">"Chưa có số liệu của địa bàn này."</p> }.into_any())}
            <section class="section">
                <h3>"Thành viên"</h3>
                <Show
                    when=move || !members.with(Vec::is_empty)
                    fallback=|| view! { <p class="muted">"Chưa phân ai phụ trách địa bàn này."</p> }
                >
                    <ul class="rows coverage__rows" role="list">
                        <For
                            each=move || members.get()
                            key=Clone::clone
                            children=move |row| view! { <MemberLine row is_point=is_point() now_ms=commune.now_ms /> }
                        />
                    </ul>
                </Show>
                <Assign commune area />
            </section>
            <Quotas commune area />
        </div>
    }
}

/// A support point has no doors; whom it has helped stands in "Theo nơi hỗ trợ", as they live in all areas.
fn point_view(summary: &Summary) -> AnyView {
    let words = match summary.people {
        0 => "Điểm hỗ trợ, chưa thêm người nào ngoài danh sách hộ.".to_owned(),
        people => format!("Điểm hỗ trợ, đã thêm {} người ngoài danh sách hộ.", grouped(people)),
    };
    view! { <p>{words}</p> }.into_any()
}

fn doors_view(summary: &Summary) -> AnyView {
    let doors = summary.doors;
    let routes = routes(summary);
    let drawn = routes.iter().map(|(label, doors)| {
        view! {
            <li data-testid="commune-route">
                <StackedBar segments=segments_met(doors) total=count(doors.total()) label=label.clone() />
            </li>
        }
    });
    let drawn = drawn.collect_view();
    let has_routes = !routes.is_empty();
    view! {
        <StackedBar segments=segments(&doors) total=count(doors.total()) label=reached_words(&doors) />
        {has_routes.then(|| view! {
            <section class="section">
                <h3>"Theo tuyến"</h3>
                <ul class="stack" role="list">{drawn}</ul>
            </section>
        })}
    }
    .into_any()
}

/// Routes have no names here, as names of routes stay with the households: the least reached stands first.
fn routes(summary: &Summary) -> Vec<(String, DoorCounts)> {
    let mut left = summary.doors;
    let mut routes: Vec<DoorCounts> = Vec::new();
    for doors in summary.routes.values().filter(|doors| doors.total() > 0) {
        left = rest(left, doors);
        routes.push(*doors);
    }
    routes.sort_by_key(|doors| doors.reached * 10_000 / doors.total().max(1));
    let mut rows: Vec<(String, DoorCounts)> = routes.into_iter().map(|doors| (reached_words(&doors), doors)).collect();
    if left.total() > 0 && !rows.is_empty() {
        rows.push((format!("Chưa phân tuyến: {} hộ", grouped(left.total())), left));
    }
    rows
}

/// The area's team by name.
fn members(commune: Commune, area: DocId) -> Vec<MemberRow> {
    let counted =
        commune.summaries.with(|all| all.get(&area).map(|summary| summary.members.clone())).unwrap_or_default();
    let mut rows: Vec<MemberRow> = commune
        .phones(Some(area))
        .into_iter()
        .map(|(id, name, phone)| {
            let own = counted.get(&id).copied().unwrap_or_default();
            let quota = commune.state.quota_of(id);
            let words = match quota {
                0 => format!("{} người · {} lượt đến", grouped(own.credited), grouped(own.visits)),
                quota => format!("{} / {quota} người · {} lượt đến", grouped(own.credited), grouped(own.visits)),
            };
            MemberRow { id, name, words, credited: own.credited, quota, phone }
        })
        .collect();
    rows.sort_by_cached_key(|row| (name_key(&row.name), row.id));
    rows
}

#[component]
fn MemberLine(row: MemberRow, is_point: bool, now_ms: Memo<u64>) -> impl IntoView {
    // Whom a member has helped at a point is counted where these people live.
    let name = row.name.clone();
    let head = if is_point {
        view! { <p>{row.name}</p> }.into_any()
    } else {
        view! {
            <Progress value=count(row.credited) max=row.quota as usize label=row.name value_label=Some(row.words) />
        }
        .into_any()
    };
    view! {
        <li class="coverage-member" data-testid="commune-member" data-id=row.id.to_string()>
            {head}
            <PhoneLine phone=row.phone now_ms />
            <MemberDevices member=row.id name phone=row.phone now_ms />
        </li>
    }
}
