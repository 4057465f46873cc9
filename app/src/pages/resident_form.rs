//! Adding or correcting a person: a name, a year, what they are to the head. Nothing else is asked.

mod typed;

use domain::DocId;
use domain::text::fold;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::door::{area_of, house_title};
use crate::app::Shell;
use crate::components::{Button, ChipOption, EmptyState, FilterChips, IconName, Notice, NoticeKind, TextField};
use crate::drafts::Draft;
use crate::notices::Notices;
use crate::state::{AppState, ResidentForm};

use typed::{OTHER, RELATIONS, Typed};

/// The fields on the screen.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    year: RwSignal<String>,
    relation: RwSignal<String>,
    other: RwSignal<String>,
    phone: RwSignal<String>,
}

impl Fields {
    fn new(typed: Typed) -> Self {
        Self {
            name: RwSignal::new(typed.name),
            year: RwSignal::new(typed.year),
            relation: RwSignal::new(typed.relation),
            other: RwSignal::new(typed.other),
            phone: RwSignal::new(typed.phone),
        }
    }

    fn typed(self) -> Typed {
        Typed {
            name: self.name.get(),
            year: self.year.get(),
            relation: self.relation.get(),
            other: self.other.get(),
            phone: self.phone.get(),
        }
    }

    fn fill(self, typed: Typed) {
        self.name.set(typed.name);
        self.year.set(typed.year);
        self.relation.set(typed.relation);
        self.other.set(typed.other);
        self.phone.set(typed.phone);
    }
}

/// Whose form it is: somebody new in a household, or somebody known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Whose {
    area: DocId,
    household: DocId,
    resident: Option<DocId>,
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
        let household = id("id")?;
        let area = area_of(state, household)?;
        let resident = if is_new { None } else { Some(id("rid")?) };
        let is_known = resident.is_none_or(|id| state.view(area).with(|view| view.residents.contains_key(&id)));
        is_known.then_some(Whose { area, household, resident })
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
    let Whose { area, household, resident } = whose;
    let view = state.view(area);
    let before: ResidentForm = resident
        .and_then(|id| view.with_untracked(|view| view.residents.get(&id).map(|known| (&known.resident).into())))
        .unwrap_or_default();
    let fields = Fields::new(Typed::of(&before));
    let back = format!("/ho/{household}");
    let path = resident.map_or_else(|| format!("{back}/nguoi-moi"), |id| format!("{back}/nguoi/{id}"));
    let gone = before.gone;
    let shown = StoredValue::new(before);
    let draft = Draft::keep(
        path,
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
        let (navigate, back) = (navigate.clone(), back_then.clone());
        let (name, relation) = (typed.name.clone(), typed.relation());
        let phone = Some(typed.phone).filter(|phone| !phone.trim().is_empty());
        spawn_local(async move {
            let saved = match resident {
                Some(id) => {
                    let form = ResidentForm { name: name.clone(), birth_year, relation, phone, gone };
                    state.edit_resident(area, id, form, &shown.get_value()).await
                }
                None => {
                    state.add_resident(area, household, name.clone(), birth_year, relation, phone).await.map(|_| ())
                }
            };
            is_saving.set(false);
            match saved {
                Ok(()) => {
                    draft.forget();
                    notices.say_saved(format!("Đã lưu trên máy: {}", name.trim()), None);
                    navigate(&back, NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(why) => failure.set(Some(why.sentence())),
            }
        });
    };
    let title = if resident.is_some() { "Sửa thông tin" } else { "Thêm người" };
    let subtitle = move || {
        let door = view.with(|view| view.households.get(&household).map(|door| door.household.clone()));
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
                <Relation fields />
                <TextField
                    label="Điện thoại liên hệ"
                    value=fields.phone
                    kind="tel"
                    inputmode="tel"
                    hint="Không bắt buộc, chỉ ghi khi người dân đồng ý."
                    testid="resident-phone"
                />
                {move || failure.get().map(|title| {
                    view! { <Notice kind=NoticeKind::Error title testid="form-error" /> }
                })}
                <Button submit=true wide=true busy=is_saving testid="form-save">"Lưu"</Button>
                <p class="muted">"Không ghi số căn cước, số thẻ BHYT, mật khẩu hay mã OTP."</p>
            </form>
        </Shell>
    }
}

#[component]
fn Relation(fields: Fields) -> impl IntoView {
    let options: Vec<ChipOption> = RELATIONS.into_iter().map(|relation| ChipOption::new(relation, relation)).collect();
    view! {
        <div class="form__group chips-wrapped">
            <p class="form__legend">"Quan hệ với chủ hộ"</p>
            <FilterChips
                label="Quan hệ với chủ hộ"
                options
                selected=fields.relation
                on_select=move |key| fields.relation.set(key)
                testid="resident-relation"
            />
            <Show when=move || fields.relation.with(|relation| relation == OTHER)>
                <TextField label="Là gì với chủ hộ" value=fields.other testid="resident-relation-other" />
            </Show>
        </div>
    }
}

/// Somebody of that name lives here already: the same person, or a namesake?
#[component]
fn SameName(whose: Whose, fields: Fields) -> impl IntoView {
    let state = AppState::expect();
    let view = state.view(whose.area);
    let namesake = Memo::new(move |_| {
        let wanted = fields.name.with(|name| fold(name));
        view.with(|view| {
            let door = view.households.get(&whose.household)?;
            let others = door.residents.iter().filter(|id| Some(**id) != whose.resident);
            let mut known = others.filter_map(|id| view.residents.get(id)).filter(|person| person.is_present());
            let same = known.find(|person| !wanted.is_empty() && fold(&person.resident.name) == wanted)?;
            Some((same.resident.name.clone(), same.resident.birth_year))
        })
    });
    move || {
        namesake.get().map(|(name, year)| {
            let year = year.map_or_else(|| "chưa rõ năm sinh".to_owned(), |year| format!("sinh {year}"));
            view! {
                <Notice
                    kind=NoticeKind::Warning
                    title=format!("Trong hộ đã có {name}, {year}")
                    detail="Nếu là cùng một người thì không cần thêm. Nếu là người khác trùng tên, ghi năm sinh."
                    testid="same-person"
                />
            }
        })
    }
}
