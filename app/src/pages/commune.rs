//! What the commune's coordinator watches: the plan and its targets, every area's figures, deadlines. Figures only: this
//! page holds no household and no resident.

mod area;
mod assign;
mod channels;
mod figures;
mod new_point;
mod pace;
mod plan;
mod province;
mod quota;
mod table;
mod targets;
mod unassigned;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::campaign::Campaign;
use domain::daily::Daily;
use domain::span::ago;
use domain::summary::Summary;
use domain::{Day, DocId};
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::{EmptyState, Icon, IconName};
use crate::pages::coverage::difficulties::{Counts, Difficulties};
use crate::pages::coverage::doors::DoorsCard;
use crate::pages::coverage::phones::{self, Phone, Silence};
use crate::state::AppState;

use area::AreaSheet;
use channels::Channels;
use figures::Figures;
use new_point::NewPoint;
use plan::{EditPlan, Plan};
use province::ProvinceTable;
use table::AreaTable;
use targets::Targets;
use unassigned::Unassigned;

/// The commune's figures, as the parts of the page share them.
#[derive(Clone, Copy)]
struct Commune {
    state: AppState,
    campaign: Signal<Arc<Campaign>>,
    summaries: Signal<Arc<BTreeMap<DocId, Summary>>>,
    /// The sum over all areas.
    total: Memo<Summary>,
    /// What came about when, over all areas.
    daily: Memo<Arc<Daily>>,
    now_ms: Memo<u64>,
}

impl Commune {
    fn new() -> Self {
        let state = AppState::expect();
        let summaries = state.summaries();
        let total = Memo::new(move |_| {
            let mut total = Summary::default();
            summaries.with(|summaries| summaries.values().for_each(|summary| total.add(summary)));
            total
        });
        let dailies = state.dailies();
        let daily = Memo::new(move |_| {
            let mut daily = Daily::default();
            dailies.with(|dailies| dailies.values().for_each(|of| daily.add(of)));
            Arc::new(daily)
        });
        Self { state, campaign: state.campaign(), summaries, total, daily, now_ms: phones::now(state) }
    }

    /// The members of an area, or of the whole commune, with what is known of their phones.
    fn phones(self, area: Option<DocId>) -> Vec<(DocId, String, Phone)> {
        let (members, phones) = (self.state.members().get(), self.state.phone_states().get());
        let in_area = |areas: &[DocId]| area.map_or(!areas.is_empty(), |area| areas.contains(&area));
        let team = members.values().filter(|member| in_area(&member.areas));
        team.map(|member| (member.id, member.name.clone(), Phone::reported(phones.get(&member.id)))).collect()
    }

    /// How many of these have been silent for a day, and of how many.
    fn late(self, area: Option<DocId>) -> (usize, usize) {
        let (now_ms, phones) = (self.now_ms.get(), self.phones(area));
        let late = phones.iter().filter(|(_, _, phone)| phone.silence(now_ms) != Silence::Fresh).count();
        (late, phones.len())
    }
}

/// The coordinator's page (`/phuong`); `?dia-ban=<id>` opens one area.
#[component]
pub fn CommunePage() -> impl IntoView {
    let commune = Commune::new();
    let title = move || commune.state.commune().with(|own| own.as_ref().map(domain::place::Commune::title));
    let is_empty = Memo::new(move |_| commune.state.areas().with(|areas| areas.is_empty()));
    // A province's plan lists communes.
    let is_province = Memo::new(move |_| commune.campaign.with(|plan| !plan.units.is_empty()));
    view! {
        <Shell
            title=Signal::derive(move || title().unwrap_or_else(|| "Xã, phường".to_owned()))
            page="commune"
            wide=true
        >
            <Show
                when=move || !is_empty.get()
                fallback=|| view! {
                    <EmptyState icon=IconName::Table title="Chưa có địa bàn nào" detail="Số liệu hiện ra khi có danh sách.">
                        <EditPlan />
                        <a class="button" data-kind="primary" href="/danh-sach/nhap" rel="external">"Nhập danh sách hộ"</a>
                    </EmptyState>
                }
            >
                <AsOf commune />
                <Show
                    when=move || is_province.get()
                    fallback=move || view! { <OfCommune commune /> }
                >
                    <Plan commune />
                    <Targets commune />
                    <ProvinceTable commune />
                </Show>
            </Show>
            <AreaSheet commune />
        </Shell>
    }
}

/// A commune's own areas, counted by its teams.
#[component]
fn OfCommune(commune: Commune) -> impl IntoView {
    let difficulties = move || commune.total.with(Counts::of);
    view! {
                <div class="commune__top">
                    <Plan commune />
                    <DoorsCard doors=Signal::derive(move || commune.total.with(|summary| summary.doors)) testid="commune-doors" />
                </div>
                <Targets commune />
                <Figures commune />
                <Channels commune />
                <AreaTable commune />
                <div class="commune__more">
                    <NewPoint commune />
                    // A program of its own, so the browser goes there.
                    <a class="button" data-kind="secondary" href="/danh-sach" rel="external" data-testid="commune-lists">
                        <Icon name=IconName::List />
                        <span class="button__label">"Danh sách: nhập, đối chiếu, in"</span>
                    </a>
                </div>
                <Difficulties counts=Signal::derive(difficulties) />
                <Unassigned commune />
    }
}

#[component]
fn AsOf(commune: Commune) -> impl IntoView {
    let words = move || match commune.state.status().with(|status| status.last_sync_ms) {
        Some(at_ms) => {
            let moment = format!("{}, {}", domain::day::time_of_day(at_ms), Day::at_ms(at_ms).vietnamese());
            format!("Số liệu về máy này lúc {moment} ({}).", ago(at_ms, commune.now_ms.get()))
        }
        None => "Máy này chưa nhận số liệu lần nào.".to_owned(),
    };
    let late = Memo::new(move |_| commune.late(None));
    let late_words = move || match late.get() {
        (0, _) => "Mọi máy đều đã gửi trong 24 giờ.".to_owned(),
        (late, all) => format!("{late} trên {all} máy chưa gửi trong 24 giờ: số thật có thể cao hơn."),
    };
    let silence = move || if late.get().0 > 0 { "late" } else { "fresh" };
    view! {
        <p class="commune__as-of" data-testid="commune-as-of">
            {words} " "
            <span data-state=silence>{late_words}</span>
        </p>
    }
}
