//! One household: who lives here, what each has, and what this knock came to. Every tap is saved at that tap.

mod about;
mod at_point;
mod before;
mod come_back;
mod difficulties;
mod gone;
mod history;
pub mod marks;
mod more;
mod moving;
mod neighbours;
mod open;
mod outcomes;
mod person;
pub mod secrets;
mod services;
mod sheet;
pub mod when;

use std::sync::Arc;

use domain::DocId;
use domain::campaign::Campaign;
use domain::coverage::{AreaView, HouseholdView, ResidentView};
use domain::people::{Gone as Reason, Role};
use domain::service::Service;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use crate::app::Shell;
use crate::components::{Button, ButtonKind, ButtonLink, EmptyState, IconLink, IconName};
use crate::notices::Notices;
use crate::pages::route;
use crate::state::{AppState, Meeting, NotSaved, Undo};

use about::About;
use gone::Gone;
use history::History;
use person::Person;
use sheet::DoorSheet;

pub use at_point::PersonAtPointPage;
pub use services::month_words;

/// What is asked in the sheet over the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    None,
    /// What else there is for a person.
    More(DocId),
    Steps(DocId, Service),
    /// Those of a household.
    Difficulties(DocId),
    ComeBack(DocId),
    /// Which area this household, or this person, goes to.
    MoveHousehold(DocId),
    MovePerson(DocId),
}

/// The door that is open, or the person who has come to a support point, as the parts of the screen share it.
#[derive(Clone, Copy)]
struct Door {
    state: AppState,
    notices: Notices,
    /// Where the people and their records are.
    area: DocId,
    meeting: Meeting,
    view: Signal<Arc<AreaView>>,
    /// The household whose door this is.
    here: Memo<Option<HouseholdView>>,
    campaign: Signal<Arc<Campaign>>,
    dialog: RwSignal<Dialog>,
}

impl Door {
    fn new(area: DocId, meeting: Meeting) -> Self {
        let state = AppState::expect();
        let view = state.view(area);
        let household = match meeting {
            Meeting::AtDoor(household) => Some(household),
            Meeting::AtPoint(_) => None,
        };
        Self {
            state,
            notices: Notices::expect(),
            area,
            meeting,
            view,
            here: Memo::new(move |_| view.with(|view| view.households.get(&household?).cloned())),
            campaign: state.campaign(),
            dialog: RwSignal::new(Dialog::None),
        }
    }

    fn person(self, id: DocId) -> Memo<Option<ResidentView>> {
        Memo::new(move |_| self.view.with(|view| view.residents.get(&id).cloned()))
    }

    fn name_of(self, id: DocId) -> String {
        self.view.with(|view| view.residents.get(&id).map(|view| view.resident.name.clone()).unwrap_or_default())
    }

    /// Whether this member may take such a record back.
    fn is_mine(self, member: DocId) -> bool {
        member == self.state.me() || self.state.role().get() >= Role::Lead
    }

    /// "Bạn" or the colleague's name.
    fn member_name(self, member: DocId) -> String {
        if member == self.state.me() {
            return "Bạn".to_owned();
        }
        let name = self.state.members().with(|members| members.get(&member).map(|member| member.name.clone()));
        name.unwrap_or_else(|| "Người khác".to_owned())
    }

    /// Runs a write. Only when it is stored does the screen say "đã lưu"; when not, it says why.
    fn save(self, what: String, work: impl Future<Output = Result<Option<Undo>, NotSaved>> + 'static) {
        spawn_local(async move {
            match work.await {
                Ok(undo) => self.notices.say_saved(format!("Đã lưu trên máy: {what}"), undo),
                Err(why) => {
                    // The sheet would hide the sentence.
                    self.dialog.set(Dialog::None);
                    self.notices.fail(why.sentence());
                }
            }
        });
    }

    /// Leaves the list of those to be visited, or comes back to it.
    async fn set_gone(self, id: DocId, gone: Option<Reason>) -> Result<Option<Undo>, NotSaved> {
        self.state.set_gone(self.area, id, gone).await.map(Some)
    }

    fn close(self) {
        self.dialog.set(Dialog::None);
    }
}

/// "Số nhà 12/5"; a list without numbers has only the name.
pub fn house_title(house_no: &str, head: &str) -> String {
    match house_no {
        "" => format!("Hộ {head}"),
        number if number.starts_with(|letter: char| letter.is_ascii_digit()) => format!("Số nhà {number}"),
        words => words.to_owned(),
    }
}

#[component]
pub fn DoorPage() -> impl IntoView {
    let state = AppState::expect();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|text| text.parse::<DocId>().ok()));
    let found = Memo::new(move |_| id.get().and_then(|id| Some((area_of(state, id)?, id))));
    move || match found.get() {
        Some((area, household)) => view! { <DoorScreen area household /> }.into_any(),
        None => view! { <NoDoor household=id.get() /> }.into_any(),
    }
}

/// Where this household has moved to, as far as this phone knows.
fn moved_to(state: AppState, household: DocId) -> Option<DocId> {
    let areas = state.my_areas().get();
    areas.iter().find_map(|area| state.view(*area).with(|view| view.moved.get(&household).copied()))
}

/// The area that holds this household: most often the one being worked in.
pub fn area_of(state: AppState, household: DocId) -> Option<DocId> {
    area_where(state, &|view| view.households.contains_key(&household))
}

/// The area that holds this person.
pub fn area_of_person(state: AppState, resident: DocId) -> Option<DocId> {
    area_where(state, &|view| view.residents.contains_key(&resident))
}

fn area_where(state: AppState, is_here: &dyn Fn(&AreaView) -> bool) -> Option<DocId> {
    let current = state.area().get();
    let others = state.my_areas().get();
    current.into_iter().chain(others.iter().copied()).find(|area| state.view(*area).with(|view| is_here(view)))
}

#[component]
fn NoDoor(household: Option<DocId>) -> impl IntoView {
    let state = AppState::expect();
    if let Some(to) = household.and_then(|household| moved_to(state, household)) {
        let title = format!("Hộ đã chuyển sang {}", moving::area_name(state, to));
        return view! {
            <Shell title="Hộ đã chuyển" page="door" back="/tuyen">
                <EmptyState
                    icon=IconName::Door
                    title
                    detail="Những gì đã ghi cho hộ này được tính ở địa bàn đó, công vẫn của người đã làm."
                >
                    <ButtonLink href="/tuyen">"Về danh sách"</ButtonLink>
                </EmptyState>
            </Shell>
        }
        .into_any();
    }
    view! {
        <Shell title="Không có hộ này" page="door" back="/tuyen">
            <EmptyState
                icon=IconName::Door
                title="Máy này không có hộ đó"
                detail="Hộ có thể đã chuyển sang địa bàn khác, hoặc danh sách chưa tải xong."
            >
                <ButtonLink href="/tuyen">"Về danh sách"</ButtonLink>
            </EmptyState>
        </Shell>
    }
    .into_any()
}

#[component]
fn DoorScreen(area: DocId, household: DocId) -> impl IntoView {
    let door = Door::new(area, Meeting::AtDoor(household));
    provide_context(door);
    let title = move || {
        door.here.with(|here| {
            let here = here.as_ref().map(|here| &here.household);
            here.map(|here| house_title(&here.house_no, &here.head)).unwrap_or_default()
        })
    };
    let head = move || door.here.with(|here| here.as_ref().map(|here| format!("Hộ {}", here.household.head)));
    let people = Memo::new(move |_| present(door, household));
    let actions = move || {
        let href = format!("/ho/{household}/sua");
        view! { <IconLink icon=IconName::Edit label="Sửa thông tin hộ" href testid="edit-household" /> }
    };
    let bottom = move || view! { <neighbours::Neighbours household /> <outcomes::Outcomes household /> };
    view! {
        <Shell title history_title="Một hộ" subtitle=head page="door" back=route::last_url() tabs=false actions bottom>
            <About />
            <open::OpenDifficulties household />
            <Show when=move || people.with(Vec::is_empty)>
                <p class="muted">"Chưa ghi ai trong hộ này."</p>
            </Show>
            <For each=move || people.get() key=|id| *id children=|id| view! { <Person id /> } />
            <div class="door__more">
                <ButtonLink
                    kind=ButtonKind::Secondary
                    icon=IconName::Plus
                    href=format!("/ho/{household}/nguoi-moi")
                    testid="add-resident"
                >
                    "Thêm người"
                </ButtonLink>
                <Button
                    kind=ButtonKind::Secondary
                    icon=IconName::Warning
                    on_press=move |()| door.dialog.set(Dialog::Difficulties(household))
                    testid="open-difficulties"
                >
                    "Khó khăn"
                </Button>
                <outcomes::Met household />
            </div>
            <History />
            <Gone household />
            <moving::ToMoving
                dialog=Dialog::MoveHousehold(household)
                words="Chuyển hộ sang địa bàn khác…"
                testid="move-household"
            />
            <DoorSheet />
        </Shell>
    }
}

/// Those who live here.
fn present(door: Door, household: DocId) -> Vec<DocId> {
    door.view.with(|view| {
        let here = view.households.get(&household);
        let ids = here.map(|here| here.residents.clone()).unwrap_or_default();
        ids.into_iter().filter(|id| view.residents.get(id).is_some_and(ResidentView::is_present)).collect()
    })
}
