//! Where an area stands: doors by state, by route and by member, and whose phone has not come in. All of it is counted
//! on this phone, so it works without a network and says how old it is.

pub mod area;
mod changed;
mod checks;
pub mod devices;
pub mod difficulties;
pub mod doors;
mod doubles;
mod due;
mod invite;
mod list;
mod members;
pub mod phones;
mod point;
mod review;
mod routes;

use std::sync::Arc;

use domain::coverage::AreaView;
use domain::number::{grouped, percent_whole};
use domain::span::ago;
use domain::summary::Summary;
use domain::{Day, DocId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::app::Shell;
use crate::components::{EmptyState, IconLink, IconName, OfficeLink, StatTile};
use crate::pages::results::NEEDS_NETWORK;
use crate::state::{AppState, Download};

use area::{AreaChooser, Arriving, area_name};
use changed::ChangedPage;
use difficulties::{Counts, Difficulties};
use doors::DoorsCard;
use doubles::{DoublesPage, DoublesTile};
use due::DueCard;
use list::{List, ListPage};
use members::Members;
use point::PointFigures;
use review::Review;
use routes::Routes;

/// The area being watched, as the parts of the page share it.
#[derive(Clone, Copy)]
struct Coverage {
    state: AppState,
    area: RwSignal<Option<DocId>>,
    view: Signal<Arc<AreaView>>,
    summary: Memo<Arc<Summary>>,
    now_ms: Memo<u64>,
}

impl Coverage {
    fn new() -> Self {
        let state = AppState::expect();
        let view = area::view(state);
        let campaign = state.campaign();
        let summary = Memo::new(move |_| Arc::new(Summary::of(&view.get(), &campaign.get())));
        Self { state, area: state.area(), view, summary, now_ms: phones::now(state) }
    }

    /// A colleague's name, as the team's list has it.
    fn member_name(self, member: DocId) -> String {
        let known = self.state.members().with(|members| members.get(&member).map(|member| member.name.clone()));
        known.unwrap_or_else(|| "Thành viên khác".to_owned())
    }

    /// One figure, as text.
    fn figure(self, read: fn(&Summary) -> u64) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        move || self.summary.with(|summary| grouped(read(summary)))
    }
}

/// The lead's view of an area (`/dia-ban`), or one of its lists (`?xem=uu-tien`).
#[component]
pub fn CoveragePage() -> impl IntoView {
    let coverage = Coverage::new();
    let query = use_query_map();
    let list = Memo::new(move |_| query.with(|query| query.get_str("xem").and_then(List::from_key)));
    let is_changed = Memo::new(move |_| query.with(|query| query.get_str("xem") == Some(changed::KEY)));
    let is_doubles = Memo::new(move |_| query.with(|query| query.get_str("xem") == Some(doubles::KEY)));
    move || match list.get() {
        Some(list) => view! { <ListPage coverage list /> }.into_any(),
        None if is_doubles.get() => view! { <DoublesPage coverage /> }.into_any(),
        None if is_changed.get() => view! { <ChangedPage coverage /> }.into_any(),
        None => view! { <Figures coverage /> }.into_any(),
    }
}

#[component]
fn Figures(coverage: Coverage) -> impl IntoView {
    let is_empty = Memo::new(move |_| coverage.summary.with(|summary| summary.doors.total() == 0));
    let point = Memo::new(move |_| {
        let area = coverage.area.get()?;
        let channel = coverage.state.point_channel(area)?;
        (coverage.state.download(area).get() == Download::Complete).then_some(channel)
    });
    let difficulties = Signal::derive(move || coverage.summary.with(|summary| Counts::of(summary)));
    view! {
        <Shell
            title="Địa bàn"
            page="coverage"
            subtitle=Signal::derive(move || area_name(coverage.state, coverage.area.get()))
            actions=move || view! {
                <Show when=move || point.get().is_none()>
                    <IconLink icon=IconName::Edit label="Chia tuyến, phân công" href="/dia-ban/tuyen" testid="coverage-divide" />
                </Show>
            }
        >
            <AreaChooser />
            {move || point.get().map(|channel| view! { <PointFigures coverage channel /> })}
            <Show when=move || point.get().is_none() && is_empty.get()>
                <Arriving />
            </Show>
            <Show when=move || point.get().is_none() && !is_empty.get()>
                <AsOf coverage />
                <DueCard of=coverage.area now_ms=coverage.now_ms />
                <DoorsCard doors=Signal::derive(move || coverage.summary.with(|summary| summary.doors)) testid="coverage-doors" />
                <Tiles coverage />
                <Review coverage />
                <Routes coverage />
                <Members coverage />
                <Difficulties counts=difficulties list=List::Difficulties.href() />
                <OnPaper coverage />
            </Show>
        </Shell>
    }
}

/// The doors on paper, where phones cannot be used, and the way back.
#[component]
fn OnPaper(coverage: Coverage) -> impl IntoView {
    let href = move |page: &'static str| {
        let area = move || coverage.area.get().map(|area| area.to_string()).unwrap_or_default();
        Signal::derive(move || format!("/danh-sach/{page}?dia-ban={}", area()))
    };
    view! {
        <section class="section" data-testid="coverage-paper">
            <h2 class="section__title">"Đi bằng phiếu giấy"</h2>
            <div class="cluster">
                <OfficeLink href=href("in") icon=IconName::List label="In danh sách hộ" testid="coverage-print" />
                <OfficeLink href=href("nhap-phieu") icon=IconName::Edit label="Nhập phiếu đã mang về" testid="coverage-enter" />
            </div>
            <p class="muted">{NEEDS_NETWORK}</p>
        </section>
    }
}

/// What these figures know, and what they cannot know yet.
#[component]
fn AsOf(coverage: Coverage) -> impl IntoView {
    let last_sync = move || coverage.state.status().with(|status| status.last_sync_ms);
    let words = move || match last_sync() {
        Some(at_ms) => {
            let moment = format!("{}, {}", domain::day::time_of_day(at_ms), Day::at_ms(at_ms).vietnamese());
            format!("Số liệu trên máy này lúc {moment} ({}).", ago(at_ms, coverage.now_ms.get()))
        }
        None => "Số liệu trên máy này; máy chưa gửi lần nào.".to_owned(),
    };
    let late = Memo::new(move |_| members::rows(coverage).iter().filter(|row| row.is_late()).count());
    let late_words = move || match late.get() {
        0 => "Mọi máy đều đã gửi trong 24 giờ.".to_owned(),
        count => format!("{count} máy chưa gửi trong 24 giờ: số thật có thể cao hơn."),
    };
    let silence = move || if late.get() > 0 { "late" } else { "fresh" };
    view! {
        <p class="coverage__as-of" data-testid="coverage-as-of">
            {words} " "
            <span data-state=silence>{late_words}</span>
        </p>
    }
}

#[component]
fn Tiles(coverage: Coverage) -> impl IntoView {
    let of_all = |part: u64, all: u64, what: &str| {
        let share = percent_whole(part, all).map(|share| format!(" ({share})")).unwrap_or_default();
        format!("trên {} {what}{share}", grouped(all))
    };
    let proficient =
        move || coverage.summary.with(|summary| of_all(summary.proficient_households, summary.doors.total(), "hộ"));
    let complete = move || coverage.summary.with(|summary| of_all(summary.complete, summary.eligible, "người đủ tuổi"));
    let priority = move || {
        coverage.summary.with(|summary| match summary.priority_households {
            0 => "không có hộ nào được đánh dấu".to_owned(),
            all => format!("trên {} hộ ưu tiên", grouped(all)),
        })
    };
    let has_priority = move || coverage.summary.with(|summary| summary.priority_households > summary.priority_reached);
    let renewals = Memo::new(move |_| {
        let today = coverage.state.today();
        coverage.view.with(|view| view.renewals(today).len())
    });
    // Where nobody has noted the end of any certificate, nothing is known: that is not zero.
    let is_known = Memo::new(move |_| coverage.summary.with(|summary| !summary.expiries.is_empty()));
    let renewal_words = move || match (is_known.get(), renewals.get()) {
        (false, 0) => "chưa ghi hạn chữ ký số của ai".to_owned(),
        (true, 0) => "chưa có ai trong 30 ngày tới".to_owned(),
        _ => "đã hết hạn hoặc hết hạn trong 30 ngày tới".to_owned(),
    };
    let renewal_value = move || match (is_known.get(), renewals.get()) {
        (false, 0) => "—".to_owned(),
        (_, people) => grouped(people as u64),
    };
    view! {
        <div class="tiles">
            <StatTile
                label="Hộ ưu tiên chưa tiếp cận"
                value=Signal::derive(coverage.figure(|summary| summary.priority_households - summary.priority_reached))
                hint=Signal::derive(move || Some(priority()))
                icon=IconName::Flag
                href=Signal::derive(move || has_priority().then(|| List::Priority.href()))
                testid="tile-priority"
            />
            <StatTile
                label="Hộ có người thành thạo"
                value=Signal::derive(coverage.figure(|summary| summary.proficient_households))
                hint=Signal::derive(move || Some(proficient()))
                icon=IconName::Star
                testid="tile-proficient"
            />
            <StatTile
                label="Người đã xong đủ dịch vụ"
                value=Signal::derive(coverage.figure(|summary| summary.complete))
                hint=Signal::derive(move || Some(complete()))
                icon=IconName::Check
                testid="tile-complete"
            />
            <StatTile
                label="Sắp hết hạn, cần gia hạn"
                value=Signal::derive(renewal_value)
                hint=Signal::derive(move || Some(renewal_words()))
                icon=IconName::Refresh
                href=Signal::derive(move || (renewals.get() > 0).then(|| List::Renewals.href()))
                testid="tile-renewals"
            />
            <DoublesTile coverage />
        </div>
    }
}

/// For a person whose phone holds no area.
#[component]
pub fn NoArea() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Map
            title="Máy này chưa có địa bàn nào"
            detail="Cán bộ xã, phường phân địa bàn; sau đó danh sách tự về máy."
        />
    }
}
