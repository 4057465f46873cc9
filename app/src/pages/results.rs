//! "Kết quả của tôi": who counts, what is still on this phone, and who lacks what.

use std::collections::BTreeSet;

use domain::document::Kind;
use domain::service::Service;
use domain::tally::{Helped, Tally};
use domain::visit::VisitResult;
use domain::{Day, DocId};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::door::house_title;
use crate::app::Shell;
use crate::components::{
    Button, ButtonKind, ButtonLink, EmptyState, Icon, IconName, Notice, NoticeKind, OfficeLink, StatTile, TallyRing,
    grouped,
};
use crate::state::AppState;

/// More are folded away until someone asks.
const SHOWN_MAX: usize = 20;

/// Why a list of names cannot be had offline.
pub(super) const NEEDS_NETWORK: &str =
    "Cần có mạng: danh sách có tên người dân phải được ghi vào sổ trước khi ra khỏi chương trình.";

#[component]
pub fn ResultsPage() -> impl IntoView {
    let state = AppState::expect();
    let tally = state.tally();
    let is_empty = Memo::new(move |_| {
        tally.with(|tally| {
            tally.elsewhere == 0
                && [&tally.confirmed, &tally.waiting, &tally.in_progress, &tally.shared]
                    .iter()
                    .all(|list| list.is_empty())
        })
    });
    let count = move |of: fn(&Tally) -> &Vec<Helped>| Signal::derive(move || tally.with(|tally| of(tally).len()));
    let refused = Memo::new(move |_| refused_people(state));
    let list = move |of: fn(&Tally) -> &Vec<Helped>| Signal::derive(move || tally.with(|tally| of(tally).clone()));
    let quota = state.quota();
    let navigate = use_navigate();
    let open_phone = Callback::new(move |()| navigate("/may", NavigateOptions::default()));
    view! {
        <Shell title="Kết quả của tôi" subtitle=move || state.campaign().with(|campaign| campaign.name.clone()) page="results">
            <TallyRing
                confirmed=Signal::derive(move || tally.with(|tally| tally.confirmed_count()))
                elsewhere=Signal::derive(move || tally.with(|tally| usize::try_from(tally.elsewhere).unwrap_or(usize::MAX)))
                waiting=count(|tally| &tally.waiting)
                refused
                quota=Signal::derive(move || usize::try_from(quota.get()).unwrap_or(usize::MAX))
                label=move || format!("Chỉ tiêu {} người", quota.get())
            />
            <Show when=move || { refused.get() > 0 }>
                <Notice
                    kind=NoticeKind::Warning
                    title=move || format!("{} người cần xem lại", refused.get())
                    detail="Chưa được tính. Xem vì sao và sửa ở mục Máy."
                    action="Mở mục Máy"
                    on_action=open_phone
                />
            </Show>
            <MyDays />
            <Show when=move || is_empty.get()>
                <EmptyState
                    icon=IconName::People
                    title="Chưa có ai trong danh sách"
                    detail="Người được hỗ trợ sẽ hiện ở đây ngay khi ghi tại nhà, chưa gửi cũng thấy."
                >
                    <ButtonLink href="/tuyen" icon=IconName::Door>"Mở tuyến"</ButtonLink>
                </EmptyState>
            </Show>
            <People key="in-progress" title="Đang dở" hint="Đã hỗ trợ, còn thiếu việc" people=list(|tally| &tally.in_progress) />
            <People key="waiting" title="Chờ gửi" hint="Đủ các việc, mới có trên máy này" people=list(|tally| &tally.waiting) />
            <People key="confirmed" title="Đã xác nhận" hint="Máy chủ đã nhận và tính" people=list(|tally| &tally.confirmed) />
            <People key="shared" title="Đã cùng hỗ trợ" hint="Tính cho thành viên khác" people=list(|tally| &tally.shared) />
            <Show when=move || !is_empty.get()>
                <section class="section">
                    <OfficeLink href="/danh-sach/in" icon=IconName::List label="In danh sách hỗ trợ của tôi" testid="results-print" />
                    <p class="muted">{NEEDS_NETWORK}</p>
                </section>
            </Show>
        </Shell>
    }
}

/// People with a record of mine that the server refused: in no count until it is mended.
fn refused_people(state: AppState) -> usize {
    let me = state.me();
    state.refused().with(|refused| {
        let outcomes = refused.iter().filter(|(_, entry)| entry.doc.kind == Kind::Outcome);
        let mine = outcomes.filter(|(_, entry)| entry.doc.link("member") == Some(me));
        mine.filter_map(|(_, entry)| entry.doc.link("resident")).collect::<BTreeSet<_>>().len()
    })
}

/// What I did, today and in this campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Knocks {
    today: usize,
    all: usize,
    reached: usize,
    reached_today: usize,
}

fn knocks(state: AppState) -> Knocks {
    let (me, today) = (state.me(), state.today());
    let since: Option<Day> = state.campaign().with(|campaign| campaign.starts_on.or(campaign.issued_on));
    let mut knocks = Knocks::default();
    for area in state.my_areas().get().iter() {
        state.view(*area).with(|view| {
            for door in view.households.values() {
                let mine =
                    door.visits.iter().filter(|visit| visit.member == me && since.is_none_or(|day| visit.day >= day));
                let mine: Vec<_> = mine.collect();
                let met = |on: Option<Day>| {
                    let is_met = |visit: &&domain::visit::Visit| visit.result == VisitResult::Met;
                    usize::from(mine.iter().any(|visit| is_met(visit) && on.is_none_or(|day| visit.day == day)))
                };
                knocks.all += mine.len();
                knocks.today += mine.iter().filter(|visit| visit.day == today).count();
                knocks.reached += met(None);
                knocks.reached_today += met(Some(today));
            }
        });
    }
    knocks
}

#[component]
fn MyDays() -> impl IntoView {
    let state = AppState::expect();
    let knocks = Memo::new(move |_| knocks(state));
    let figure = move |of: fn(Knocks) -> usize| Signal::derive(move || grouped(of(knocks.get())));
    let today = move |of: fn(Knocks) -> usize| move || format!("Hôm nay {}", of(knocks.get()));
    view! {
        <div class="tiles">
            <StatTile label="Lượt đến" value=figure(|knocks| knocks.all) hint=today(|knocks| knocks.today) testid="my-visits" />
            <StatTile label="Hộ đã tiếp cận" value=figure(|knocks| knocks.reached) hint=today(|knocks| knocks.reached_today) testid="my-reached" />
        </div>
    }
}

#[component]
fn People(key: &'static str, title: &'static str, hint: &'static str, people: Signal<Vec<Helped>>) -> impl IntoView {
    let shows_all = RwSignal::new(false);
    let count = Memo::new(move |_| people.with(Vec::len));
    let shown = move || {
        let max = if shows_all.get() { usize::MAX } else { SHOWN_MAX };
        people.get().into_iter().take(max).collect::<Vec<_>>()
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="section" data-testid=format!("results-{key}") data-count=move || count.get().to_string()>
                <div>
                    <h2 class="section__title">{title} " (" {move || grouped(count.get())} ")"</h2>
                    <p class="muted">{hint}</p>
                </div>
                <ul class="rows results__list" role="list">
                    <For each=shown key=|person| (person.resident, person.lacks.clone()) children=|person| view! { <Person person /> } />
                </ul>
                <Show when=move || { count.get() > SHOWN_MAX && !shows_all.get() }>
                    <Button kind=ButtonKind::Secondary on_press=move |()| shows_all.set(true)>"Xem tất cả"</Button>
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn Person(person: Helped) -> impl IntoView {
    let state = AppState::expect();
    let Helped { resident, name, lacks } = person;
    let place = Memo::new(move |_| place_of(state, resident));
    let href = move || place.get().map_or_else(|| "/tuyen".to_owned(), |(href, _)| href);
    let where_to = move || place.get().map(|(_, words)| words).unwrap_or_default();
    let lacks = (!lacks.is_empty()).then(|| {
        let words: Vec<&str> = lacks.iter().map(|service: &Service| service.short_label()).collect();
        format!("Còn thiếu: {}", words.join(", "))
    });
    view! {
        <li>
            <a class="results__person" href=href data-testid="results-person">
                <span class="results__words">
                    <span class="results__name">{name}</span>
                    <span class="muted">{where_to}</span>
                    {lacks.map(|words| view! { <span class="results__lacks">{words}</span> })}
                </span>
                <Icon name=IconName::Forward />
            </a>
        </li>
    }
}

/// The door of a person, or the support point to which they came, as a link and in words.
pub(super) fn place_of(state: AppState, resident: DocId) -> Option<(String, String)> {
    let areas = state.my_areas().get();
    areas.iter().find_map(|area| {
        state.view(*area).with(|view| {
            let person = view.residents.get(&resident)?;
            let Some(door) = view.household_of(resident) else {
                let point = state
                    .areas()
                    .with(|known| known.iter().find(|known| known.id == *area).map(|area| area.name.clone()));
                let words = [point.unwrap_or_default(), person.resident.address.clone()];
                let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
                return Some((format!("/diem/{resident}"), words.join(" · ")));
            };
            let household = &door.household;
            let title = house_title(&household.house_no, &household.head);
            let words =
                if household.house_no.is_empty() { title } else { format!("{title} · hộ {}", household.head) };
            Some((format!("/ho/{}", household.id), words))
        })
    })
}
