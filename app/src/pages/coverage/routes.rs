//! The area's routes: who has them, and how far the doors of each are.

use domain::DocId;
use domain::number::{grouped, percent_whole};
use domain::summary::DoorCounts;
use leptos::prelude::*;

use crate::components::{BarSegment, ButtonKind, ButtonLink, IconName, StackedBar};

use super::Coverage;
use super::doors::{count, rest, segments_met};

/// A route's card; without an id it is what no route has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RouteRow {
    id: Option<DocId>,
    name: String,
    members: Vec<String>,
    segments: Vec<BarSegment>,
    reached: u64,
    total: u64,
}

impl RouteRow {
    fn new(id: Option<DocId>, name: String, members: Vec<String>, doors: &DoorCounts) -> Self {
        let (segments, reached, total) = (segments_met(doors), doors.reached, doors.total());
        Self { id, name, members, segments, reached, total }
    }

    fn label(&self) -> String {
        match percent_whole(self.reached, self.total) {
            Some(share) => {
                format!("Đã tiếp cận {} trên {} hộ ({share})", grouped(self.reached), grouped(self.total))
            }
            None => "Chưa có hộ nào".to_owned(),
        }
    }

    fn members_words(&self) -> String {
        if self.members.is_empty() { "Chưa phân công ai".to_owned() } else { self.members.join(", ") }
    }
}

fn rows(coverage: Coverage) -> Vec<RouteRow> {
    let (view, summary, members) = (coverage.view.get(), coverage.summary.get(), coverage.state.members().get());
    let mut left = summary.doors;
    let mut rows: Vec<RouteRow> = Vec::with_capacity(view.routes.len() + 1);
    for route in &view.routes {
        let doors = summary.routes.get(&route.id).copied().unwrap_or_default();
        left = rest(left, &doors);
        let names = route.members.iter().filter_map(|id| members.get(id)).map(|member| member.name.clone());
        rows.push(RouteRow::new(Some(route.id), route.name.clone(), names.collect(), &doors));
    }
    if left.total() > 0 {
        rows.push(RouteRow::new(None, "Chưa phân tuyến".to_owned(), Vec::new(), &left));
    }
    rows
}

#[component]
pub fn Routes(coverage: Coverage) -> impl IntoView {
    let rows = Memo::new(move |_| rows(coverage));
    view! {
        <section class="section">
            <h2 class="section__title">"Theo tuyến"</h2>
            <ul class="stack" role="list">
                <For each=move || rows.get() key=Clone::clone children=|row| view! { <RouteCard row /> } />
            </ul>
            <ButtonLink href="/dia-ban/tuyen" kind=ButtonKind::Secondary icon=IconName::Edit wide=true testid="coverage-divide-link">
                "Chia tuyến, phân công"
            </ButtonLink>
        </section>
    }
}

#[component]
fn RouteCard(row: RouteRow) -> impl IntoView {
    let is_assigned = !row.members.is_empty();
    let label = row.label();
    let members = row.id.map(|_| {
        let state = if is_assigned { "assigned" } else { "open" };
        view! { <p class="coverage-route__members" data-state=state>{row.members_words()}</p> }
    });
    let id = row.id.map_or_else(|| "none".to_owned(), |id| id.to_string());
    view! {
        <li class="card coverage-route" data-testid="coverage-route" data-id=id>
            <h3 class="coverage-route__name">{row.name}</h3>
            {members}
            <StackedBar segments=row.segments total=count(row.total) label=label />
        </li>
    }
}
