//! Nghi trùng: people who may be on the list twice, side by side; a lead joins them or keeps them apart, without a network.

use domain::coverage::ResidentView;
use domain::doubles::{Double, joined, within};
use domain::number::grouped;
use domain::people::Role;
use domain::{DocId, Kind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::{Button, ButtonKind, EmptyState, IconName, StatTile};
use crate::notices::Notices;

use super::Coverage;
use super::area::area_name;

/// The name in the URL.
pub const KEY: &str = "nghi-trung";
/// Compared once the figures are on the screen: some hundred people with each other take a slow phone a moment.
const LATER: std::time::Duration = std::time::Duration::from_millis(60);

/// The doubles of the area, compared again after every change; `None` until the first time.
fn doubles(coverage: Coverage) -> RwSignal<Option<Vec<Double>>> {
    let found = RwSignal::new(None);
    Effect::new(move |_| {
        let (view, name) = (coverage.view.get(), area_name(coverage.state, coverage.area.get()).unwrap_or_default());
        set_timeout(move || drop(found.try_set(Some(within(&name, &view)))), LATER);
    });
    found
}

/// For leads: how many there are, and the way to them.
#[component]
pub fn DoublesTile(coverage: Coverage) -> impl IntoView {
    let found = doubles(coverage);
    let count = move || found.with(|found| found.as_ref().map(Vec::len));
    let has_any = move || count() > Some(0) || coverage.view.with(|view| !view.links.is_empty());
    let hint = move || match count() {
        Some(0) => "không thấy ai giống nhau",
        _ => "cặp giống nhau, cần xem có phải một người",
    };
    let is_lead = move || coverage.state.role().get() >= Role::Lead;
    view! {
        <Show when=is_lead>
            <StatTile
                label="Nghi trùng"
                value=Signal::derive(move || count().map_or_else(|| "—".to_owned(), |count| grouped(count as u64)))
                hint=Signal::derive(move || Some(hint().to_owned()))
                icon=IconName::People
                href=Signal::derive(move || has_any().then(|| format!("/dia-ban?xem={KEY}")))
                testid="tile-doubles"
            />
        </Show>
    }
}

#[component]
pub fn DoublesPage(coverage: Coverage) -> impl IntoView {
    let found = doubles(coverage);
    let pairs = move || found.get().unwrap_or_default();
    let groups = Memo::new(move |_| {
        coverage.view.with(|view| {
            let ids = |group: Vec<&ResidentView>| group.iter().map(|person| person.resident.id).collect::<Vec<DocId>>();
            joined(view).into_iter().map(ids).collect::<Vec<_>>()
        })
    });
    let is_empty = Memo::new(move |_| found.with(|found| found.as_ref().is_some_and(Vec::is_empty)));
    let pair_key = |double: &Double| (double.residents, double.reasons.clone());
    view! {
        <Shell
            title="Nghi trùng"
            page="coverage-doubles"
            subtitle=Signal::derive(move || area_name(coverage.state, coverage.area.get()))
            back="/dia-ban".to_owned()
            tabs=false
        >
            <Show when=move || is_empty.get()>
                <EmptyState icon=IconName::CheckCircle title="Không còn ai giống nhau cần xem" />
            </Show>
            <ul class="doubles" role="list">
                <For each=pairs key=pair_key children=move |double| view! { <Pair coverage double /> } />
            </ul>
            <Show when=move || !groups.with(Vec::is_empty)>
                <section class="section">
                    <h2 class="section__title">"Đã gộp"</h2>
                    <ul class="doubles" role="list">
                        <For
                            each=move || groups.get()
                            key=Clone::clone
                            children=move |group| view! { <Group coverage group /> }
                        />
                    </ul>
                </section>
            </Show>
        </Shell>
    }
}

/// Writes what was said of two residents, and tells it with the way back.
fn say(coverage: Coverage, notices: Notices, kind: &Kind, residents: [DocId; 2]) {
    let (state, is_join) = (coverage.state, *kind == Kind::Link);
    let Some(area) = coverage.area.get_untracked() else { return };
    spawn_local(async move {
        if is_join {
            notices.tell("Đã gộp thành một người", state.join_doubles(area, residents).await);
        } else {
            notices.tell("Đã ghi là hai người", state.part_doubles(area, residents).await);
        }
    });
}

#[component]
fn Pair(coverage: Coverage, double: Double) -> impl IntoView {
    let (notices, residents) = (Notices::expect(), double.residents);
    let reasons: Vec<&str> = double.reasons.iter().map(|reason| reason.label()).collect();
    let side = move |id| view! { <Side coverage id /> };
    view! {
        <li class="card double" data-testid="double">
            <p class="double__reasons">{reasons.join(", ")}</p>
            <div class="double__sides">{residents.map(side).collect_view()}</div>
            <div class="double__answers">
                <Button wide=true on_press=move |()| say(coverage, notices, &Kind::Link, residents) testid="double-join">
                    "Đúng một người"
                </Button>
                <Button
                    wide=true
                    kind=ButtonKind::Secondary
                    on_press=move |()| say(coverage, notices, &Kind::Apart, residents)
                    testid="double-apart"
                >
                    "Không phải"
                </Button>
            </div>
        </li>
    }
}

#[component]
fn Group(coverage: Coverage, group: Vec<DocId>) -> impl IntoView {
    let notices = Notices::expect();
    let ends = group.first().copied().zip(group.last().copied());
    let side = move |id| view! { <Side coverage id /> };
    view! {
        <li class="card double" data-testid="joined">
            <div class="double__sides">{group.into_iter().map(side).collect_view()}</div>
            <Button
                kind=ButtonKind::Secondary
                on_press=move |()| {
                    if let Some((first, last)) = ends {
                        say(coverage, notices, &Kind::Apart, [first, last]);
                    }
                }
                testid="double-part"
            >
                "Tách ra"
            </Button>
        </li>
    }
}

/// One of the two: who, where, and what each has.
#[component]
fn Side(coverage: Coverage, id: DocId) -> impl IntoView {
    let lines = Memo::new(move |_| {
        coverage.view.with(|view| {
            let person = view.residents.get(&id)?;
            let door = view.household_of(id).map(|door| &door.household);
            let year =
                person.resident.birth_year.map_or_else(|| "chưa rõ năm sinh".to_owned(), |year| format!("sinh {year}"));
            let home = match door {
                Some(home) => format!("{} · hộ {}", home.house_no, home.head).trim_start_matches(" · ").to_owned(),
                None => person.resident.address.clone(),
            };
            let phone = person.resident.phone.clone().or_else(|| door?.phone.clone());
            let has: Vec<String> = person
                .services
                .iter()
                .flatten()
                .map(|state| format!("{}: {}", state.step.service().short_label(), state.step.label()))
                .collect();
            let has = if has.is_empty() { vec!["Chưa ghi kết quả nào".to_owned()] } else { has };
            let mut lines = vec![year, home, phone.unwrap_or_else(|| "chưa rõ số điện thoại".to_owned())];
            lines.extend(has);
            Some((person.resident.name.clone(), lines))
        })
    });
    let href = move || {
        let home = coverage.view.with(|view| view.household_of(id).map(|door| door.household.id));
        home.map_or_else(|| format!("/diem/{id}"), |home| format!("/ho/{home}"))
    };
    view! {
        <div class="double__side">
            <a class="double__name" href=href>{move || lines.get().map(|(name, _)| name)}</a>
            {move || lines.get().map(|(_, lines)| lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view())}
        </div>
    }
}
