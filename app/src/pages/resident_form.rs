//! Adding or correcting a person: a name, a year, what they are to the head. Nothing else is asked.

mod groups;
mod other_household;
mod parts;
mod typed;
mod who;

use domain::DocId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::door::{area_of, area_of_person, house_title};
use crate::app::Shell;
use crate::components::{Button, EmptyState, IconName, Notice, NoticeKind, TextField};
use crate::drafts::Draft;
use crate::notices::Notices;
use crate::state::{AppState, ResidentForm};

use other_household::OtherHousehold;
use parts::{Relation, SameName};
use who::{Who, Whose};

pub use groups::Groups;
pub use parts::Address;
pub use typed::Typed;

/// The fields on the screen.
#[derive(Clone, Copy)]
pub struct Fields {
    pub name: RwSignal<String>,
    pub year: RwSignal<String>,
    relation: RwSignal<String>,
    other: RwSignal<String>,
    phone: RwSignal<String>,
    pub groups: RwSignal<Vec<String>>,
    pub address: RwSignal<String>,
}

impl Fields {
    pub fn new(typed: Typed) -> Self {
        Self {
            name: RwSignal::new(typed.name),
            year: RwSignal::new(typed.year),
            relation: RwSignal::new(typed.relation),
            other: RwSignal::new(typed.other),
            phone: RwSignal::new(typed.phone),
            groups: RwSignal::new(typed.groups),
            address: RwSignal::new(typed.address),
        }
    }

    pub fn typed(self) -> Typed {
        Typed {
            name: self.name.get(),
            year: self.year.get(),
            relation: self.relation.get(),
            other: self.other.get(),
            phone: self.phone.get(),
            groups: self.groups.get(),
            address: self.address.get(),
        }
    }

    pub fn fill(self, typed: Typed) {
        self.name.set(typed.name);
        self.year.set(typed.year);
        self.relation.set(typed.relation);
        self.other.set(typed.other);
        self.phone.set(typed.phone);
        self.groups.set(typed.groups);
        self.address.set(typed.address);
    }
}

#[component]
pub fn ResidentNewPage() -> impl IntoView {
    view! { <ResidentPage is_new=true /> }
}

#[component]
pub fn ResidentEditPage() -> impl IntoView {
    view! { <ResidentPage is_new=false /> }
}

#[component]
fn ResidentPage(is_new: bool) -> impl IntoView {
    let state = AppState::expect();
    let params = use_params_map();
    let id = move |name: &str| params.read().get_str(name).and_then(|text| text.parse::<DocId>().ok());
    let whose = Memo::new(move |_| {
        let household = id("id");
        if is_new {
            let household = household?;
            return Some(Whose { area: area_of(state, household)?, who: Who::New { household } });
        }
        let resident = id("rid")?;
        let area = area_of_person(state, resident)?;
        let own =
            || state.view(area).with(|view| view.residents.get(&resident).and_then(|view| view.resident.household));
        let who = household.map_or_else(
            || Who::AtPoint { resident, household: own() },
            |household| Who::AtDoor { household, resident },
        );
        Some(Whose { area, who })
    });
    move || {
        match whose.get() {
        Some(whose) => view! { <Form whose /> }.into_any(),
        None => view! {
            <Shell title="Không có người này" page="resident-form" back="/tuyen">
                <EmptyState icon=IconName::Person title="Máy này không có người đó" detail="Danh sách có thể chưa tải xong." />
            </Shell>
        }
        .into_any(),
    }
    }
}

#[component]
fn Form(whose: Whose) -> impl IntoView {
    let state = AppState::expect();
    let Whose { area, who } = whose;
    let (household, resident) = (who.household(), who.resident());
    let view = state.view(area);
    let before: ResidentForm = resident
        .and_then(|id| view.with_untracked(|view| view.residents.get(&id).map(|known| (&known.resident).into())))
        .unwrap_or_default();
    let fields = Fields::new(Typed::of(&before));
    let back = who.back();
    let gone = before.gone;
    let shown = StoredValue::new(before);
    let draft = Draft::keep(
        who.path(),
        move || (fields.typed(), shown.get_value()),
        move |(typed, opened)| {
            fields.fill(typed);
            shown.set_value(opened);
        },
    );
    let this_year = i64::from(state.today().year());
    let has_tried = RwSignal::new(false);
    let is_saving = RwSignal::new(false);
    let name_error = Signal::derive(move || {
        (has_tried.get() && fields.name.with(|name| name.trim().is_empty())).then(|| "Chưa có họ tên".to_owned())
    });
    let year_error = Signal::derive(move || {
        let wrong = fields.typed().birth_year(this_year).err()?;
        has_tried.get().then(|| wrong.to_owned())
    });
    let failure = RwSignal::new(None::<String>);
    let navigate = use_navigate();
    let notices = Notices::expect();
    let back_then = back.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        has_tried.set(true);
        let typed = untrack(|| fields.typed());
        let Ok(birth_year) = typed.birth_year(this_year) else { return };
        if typed.name.trim().is_empty() || is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        failure.set(None);
        let (navigate, back, forget) = (navigate.clone(), back_then.clone(), draft.forgetter());
        let form = typed.form(birth_year, gone);
        spawn_local(async move {
            let saved = match who {
                Who::New { household } => state.add_resident(area, household, form).await.map(drop),
                Who::AtDoor { resident, .. } | Who::AtPoint { resident, .. } => {
                    state.edit_resident(area, resident, form, &shown.get_value()).await
                }
            };
            is_saving.set(false);
            match saved {
                Ok(()) => {
                    forget();
                    notices.say_saved(format!("Đã lưu trên máy: {}", typed.name.trim()), None);
                    navigate(&back, NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(why) => failure.set(Some(why.sentence())),
            }
        });
    };
    let title = if resident.is_some() { "Sửa thông tin" } else { "Thêm người" };
    let subtitle = move || {
        let door = view.with(|view| view.households.get(&household?).map(|door| door.household.clone()));
        door.map(|door| format!("{} · {}", house_title(&door.house_no, &door.head), door.head))
    };
    view! {
        <Shell title subtitle page="resident-form" back tabs=false>
            <form class="form" novalidate on:submit=submit data-testid="resident-form">
                <Show when=move || draft.restored().get()>
                    <Notice title="Đã lấy lại những gì đang ghi dở" testid="draft-restored" />
                </Show>
                <TextField label="Họ và tên" value=fields.name required=true error=name_error testid="resident-name" />
                <SameName whose fields />
                <TextField
                    label="Năm sinh"
                    value=fields.year
                    inputmode="numeric"
                    hint="Bốn chữ số. Chưa rõ thì để trống."
                    error=year_error
                    testid="resident-year"
                />
                {if household.is_some() {
                    view! { <Relation fields /> }.into_any()
                } else {
                    view! { <Address value=fields.address /> }.into_any()
                }}
                <TextField
                    label="Điện thoại liên hệ"
                    value=fields.phone
                    kind="tel"
                    inputmode="tel"
                    hint="Không bắt buộc, chỉ ghi khi người dân đồng ý."
                    testid="resident-phone"
                />
                <Groups chosen=fields.groups />
                {move || failure.get().map(|title| {
                    view! { <Notice kind=NoticeKind::Error title testid="form-error" /> }
                })}
                <Button submit=true wide=true busy=is_saving testid="form-save">"Lưu"</Button>
                {resident.zip(household).map(|(resident, household)| view! { <OtherHousehold area resident household /> })}
                <p class="muted">"Không ghi số căn cước, số thẻ BHYT, mật khẩu hay mã OTP."</p>
            </form>
        </Shell>
    }
}
