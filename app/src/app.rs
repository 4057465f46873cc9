//! The app as a whole: what is opened, in which order, and the frame that every page stands in.

mod broken;
mod read_out;
mod remember;
mod shell;

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

pub use remember::{TextSize, apply_text_size, set_text_size, take_start, text_size};
pub use shell::{Shell, as_of, home_of};

use crate::components::LoadingScreen;
use crate::device::keeping::{self, Moment};
use crate::notices::{Notices, SpokenNotice};
use crate::outbox::Carrier;
use crate::pages::{
    CommunePage, CoveragePage, DoorPage, HandOverPage, HomePage, HouseholdEditPage, HouseholdNewPage, JoinPage,
    NeedsNetworkPage, NotFoundPage, PersonAtPointPage, PhonePage, PhoneStatePage, PlanPage, PointPage, ReportPage,
    ResidentEditPage, ResidentNewPage, ResultsPage, RoutePage, RoutesPage,
};
use crate::state::{AppState, Boot};
use crate::storage::{Trouble, Unopened};
use crate::update::Updates;
use broken::{Blocked, Broken};
use remember::LastPath;

/// Chrome's offer to install, in context.
#[derive(Clone, Copy)]
pub struct CanInstall(pub Signal<bool>);

#[component]
pub fn App() -> impl IntoView {
    let state = AppState::provide();
    Notices::provide();
    Updates::provide();
    Carrier::provide();
    let on_installed = move || {
        if state.enrolment().with_untracked(Option::is_some) {
            // An installed app is kept: ask again.
            keeping::ask_to_persist(Moment::Installed);
        }
    };
    provide_context(CanInstall(crate::device::listen_for_install_offer(on_installed)));
    remember::provide_start();
    apply_text_size();
    // Progress moves many times; the page below changes only with the kind of it.
    let opening = Memo::new(move |_| {
        let is_unknown = state.status().with(|status| status.is_device_unknown);
        Stage::of(&state.boot().get(), is_unknown, state.trouble().get())
    });
    view! {
        <Router>
            <LastPath />
            <SpokenNotice />
            {move || match opening.get() {
                Stage::Opening => view! { <Opening /> }.into_any(),
                Stage::NotJoined => view! { <JoinPage /> }.into_any(),
                Stage::Blocked => view! { <Blocked /> }.into_any(),
                Stage::Broken(why) => view! { <Broken why /> }.into_any(),
                Stage::Ready => view! { <Pages /> }.into_any(),
            }}
        </Router>
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Opening,
    NotJoined,
    Ready,
    /// Another window holds the database; the opening goes on.
    Blocked,
    Broken(Unopened),
}

impl Stage {
    fn of(boot: &Boot, is_device_unknown: bool, trouble: Option<Trouble>) -> Self {
        match boot {
            Boot::Loading { .. } if trouble == Some(Trouble::Blocked) => Self::Blocked,
            // Killed between joining and the first download, before the browser had written down who it is.
            Boot::Loading { .. } if is_device_unknown => Self::NotJoined,
            Boot::Loading { .. } => Self::Opening,
            Boot::NotJoined => Self::NotJoined,
            Boot::Ready => Self::Ready,
            Boot::Broken(why) => Self::Broken(why.clone()),
        }
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/") view=HomePage />
            <Route path=path!("/vao") view=JoinPage />
            <Route path=path!("/tuyen") view=RoutePage />
            <Route path=path!("/ho/:id") view=DoorPage />
            <Route path=path!("/ho/:id/sua") view=HouseholdEditPage />
            <Route path=path!("/ho/:id/nguoi-moi") view=ResidentNewPage />
            <Route path=path!("/ho/:id/nguoi/:rid") view=ResidentEditPage />
            <Route path=path!("/ho-moi") view=HouseholdNewPage />
            <Route path=path!("/diem") view=PointPage />
            <Route path=path!("/diem/:rid") view=PersonAtPointPage />
            <Route path=path!("/diem/:rid/sua") view=ResidentEditPage />
            <Route path=path!("/ket-qua") view=ResultsPage />
            <Route path=path!("/dia-ban") view=CoveragePage />
            <Route path=path!("/dia-ban/tuyen") view=RoutesPage />
            <Route path=path!("/bao-cao") view=ReportPage />
            <Route path=path!("/phuong") view=CommunePage />
            <Route path=path!("/phuong/ke-hoach") view=PlanPage />
            <Route path=path!("/danh-sach/*rest") view=NeedsNetworkPage />
            <Route path=path!("/chuyen-giup") view=HandOverPage />
            <Route path=path!("/may") view=PhonePage />
            <Route path=path!("/may/tinh-trang") view=PhoneStatePage />
        </Routes>
    }
}

/// Opening what is stored, or the first download.
#[component]
fn Opening() -> impl IntoView {
    let state = AppState::expect();
    let own = state.enrolment();
    let status = state.status();
    let part = move |of: fn(usize, Option<usize>) -> usize| match state.boot().get() {
        Boot::Loading { have, total } => of(have, total),
        _ => 0,
    };
    let label = move || match own.get() {
        None => "Đang mở Từng Nhà…".to_owned(),
        Some(_) if status.get().is_offline => "Đang chờ mạng để tải danh sách…".to_owned(),
        Some(_) => "Đang tải danh sách về máy".to_owned(),
    };
    view! {
        <div class="screen" data-testid="page-opening">
            <main class="screen__main opening">
                {move || own.get().map(|own| view! {
                    <p class="opening__who">
                        <strong>{own.commune_name}</strong>
                        <span>{own.name} " · " {own.role.label()}</span>
                    </p>
                })}
                <LoadingScreen
                    label
                    value=Signal::derive(move || part(|have, _| have))
                    max=Signal::derive(move || part(|_, total| total.unwrap_or(0)))
                />
                <Show when=move || own.with(Option::is_some)>
                    <p class="opening__hint muted">
                        "Chỉ tải một lần. Tải xong, ứng dụng dùng được cả khi không có sóng."
                    </p>
                </Show>
            </main>
        </div>
    }
}
