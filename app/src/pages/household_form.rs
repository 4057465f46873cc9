//! A household found on the spot, or corrected: number, head, route, who comes first.

use domain::DocId;
use domain::place::Priority;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::door::{area_of, secrets};
use super::route::{last_scope, last_url};
use crate::app::Shell;
use crate::components::{Button, CheckField, EmptyState, IconName, Notice, NoticeKind, SelectField, TextField};
use crate::drafts::Draft;
use crate::notices::Notices;
use crate::state::{AppState, HouseholdForm};

/// The fields on the screen.
#[derive(Clone, Copy)]
struct Fields {
    house_no: RwSignal<String>,
    head: RwSignal<String>,
    phone: RwSignal<String>,
    /// The id of a route, or nothing.
    route: RwSignal<String>,
    priorities: RwSignal<Vec<Priority>>,
    note: RwSignal<String>,
}

impl Fields {
    fn new(form: HouseholdForm) -> Self {
        let fields = Self {
            house_no: RwSignal::default(),
            head: RwSignal::default(),
            phone: RwSignal::default(),
            route: RwSignal::default(),
            priorities: RwSignal::default(),
            note: RwSignal::default(),
        };
        fields.fill(form);
        fields
    }

    fn fill(self, form: HouseholdForm) {
        self.house_no.set(form.house_no);
        self.head.set(form.head);
        self.phone.set(form.phone.unwrap_or_default());
        self.route.set(form.route.map(|route| route.to_string()).unwrap_or_default());
        self.priorities.set(form.priorities);
        self.note.set(form.note);
    }

    fn form(self) -> HouseholdForm {
        HouseholdForm {
            route: self.route.get().parse().ok(),
            house_no: self.house_no.get(),
            head: self.head.get(),
            phone: Some(self.phone.get()).filter(|phone| !phone.trim().is_empty()),
            priorities: self.priorities.get(),
            note: self.note.get(),
        }
    }
}

#[component]
pub fn HouseholdNewPage() -> impl IntoView {
    let state = AppState::expect();
    move || match state.area().get() {
        Some(area) => view! { <Form area household=None /> }.into_any(),
        None => view! { <Nowhere /> }.into_any(),
    }
}

#[component]
pub fn HouseholdEditPage() -> impl IntoView {
    let state = AppState::expect();
    let params = use_params_map();
    let found = Memo::new(move |_| {
        let id = params.read().get_str("id").and_then(|text| text.parse::<DocId>().ok())?;
        Some((area_of(state, id)?, id))
    });
    move || match found.get() {
        Some((area, household)) => view! { <Form area household=Some(household) /> }.into_any(),
        None => view! { <Nowhere /> }.into_any(),
    }
}

#[component]
fn Nowhere() -> impl IntoView {
    view! {
        <Shell title="Không có hộ này" page="household-form" back="/tuyen">
            <EmptyState icon=IconName::Door title="Máy này không có hộ đó" detail="Danh sách có thể chưa tải xong." />
        </Shell>
    }
}

#[component]
fn Form(area: DocId, household: Option<DocId>) -> impl IntoView {
    let state = AppState::expect();
    let view = state.view(area);
    let before = view.with_untracked(|view| {
        let known = household.and_then(|id| view.households.get(&id));
        known.map_or_else(
            || HouseholdForm { route: usual_route(view, state), ..HouseholdForm::default() },
            |known| (&known.household).into(),
        )
    });
    let fields = Fields::new(before);
    let back = household.map_or_else(last_url, |id| format!("/ho/{id}"));
    let path = household.map_or_else(|| "/ho-moi".to_owned(), |id| format!("/ho/{id}/sua"));
    let shown = StoredValue::new(untrack(|| fields.form()));
    let draft = Draft::keep(
        path,
        move || (fields.form(), shown.get_value()),
        move |(form, opened)| {
            fields.fill(form);
            shown.set_value(opened);
        },
    );
    let is_saving = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let navigate = use_navigate();
    let notices = Notices::expect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        let form = untrack(|| fields.form());
        let (navigate, forget) = (navigate.clone(), draft.forgetter());
        spawn_local(async move {
            let saved = match household {
                Some(id) => state.edit_household(area, id, form, &shown.get_value()).await.map(|()| id),
                None => state.add_household(area, form).await,
            };
            is_saving.set(false);
            match saved {
                Ok(id) => {
                    forget();
                    notices.say_saved("Đã lưu trên máy: thông tin hộ", None);
                    navigate(&format!("/ho/{id}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(why) => error.set(Some(why.sentence())),
            }
        });
    };
    let title = if household.is_some() { "Sửa thông tin hộ" } else { "Thêm hộ" };
    view! {
        <Shell title page="household-form" back tabs=false>
            <form class="form" novalidate on:submit=submit data-testid="household-form">
                <Show when=move || draft.restored().get()>
                    <Notice title="Đã lấy lại những gì đang ghi dở" testid="draft-restored" />
                </Show>
                <TextField label="Số nhà, ngõ" value=fields.house_no hint="Ví dụ 12/3, hoặc Ngõ 5, số 8" testid="household-number" />
                <TextField label="Họ và tên chủ hộ" value=fields.head testid="household-head" />
                <Routes area fields />
                <TextField label="Điện thoại liên hệ" value=fields.phone kind="tel" inputmode="tel" hint="Không bắt buộc" testid="household-phone" />
                <Priorities fields />
                <Note fields />
                {move || error.get().map(|title| {
                    view! { <Notice kind=NoticeKind::Error title testid="form-error" /> }
                })}
                <Button submit=true wide=true busy=is_saving testid="form-save">"Lưu"</Button>
            </form>
        </Shell>
    }
}

/// The route that is being walked.
fn usual_route(view: &domain::coverage::AreaView, state: AppState) -> Option<DocId> {
    let me = state.me();
    let scope = last_scope().unwrap_or_else(|| super::route::Scope::usual(view, me));
    let mut mine = view.routes.iter().filter(|route| match scope {
        super::route::Scope::One(wanted) => route.id == wanted,
        super::route::Scope::Mine => route.members.contains(&me),
        super::route::Scope::Whole => false,
    });
    mine.next().map(|route| route.id)
}

#[component]
fn Routes(area: DocId, fields: Fields) -> impl IntoView {
    let view = AppState::expect().view(area);
    let options = Memo::new(move |_| {
        let routes = view.with(|view| {
            view.routes.iter().map(|route| (route.id.to_string(), route.name.clone())).collect::<Vec<_>>()
        });
        [(String::new(), "Chưa phân tuyến".to_owned())].into_iter().chain(routes).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || { options.with(Vec::len) > 1 }>
            <SelectField label="Tuyến" value=fields.route options testid="household-route" />
        </Show>
    }
}

#[component]
fn Priorities(fields: Fields) -> impl IntoView {
    let checks = Priority::ALL.map(|priority| {
        let checked = Memo::new(move |_| fields.priorities.with(|chosen| chosen.contains(&priority)));
        let change = move |yes: bool| {
            fields.priorities.update(|chosen| {
                chosen.retain(|known| *known != priority);
                if yes {
                    chosen.push(priority);
                    chosen.sort_unstable();
                }
            });
        };
        let testid = format!("priority-{}", priority.name());
        view! { <CheckField label=priority.label() checked on_change=change testid /> }
    });
    view! {
        <fieldset class="form__group">
            <legend class="form__legend">"Ưu tiên"</legend>
            {checks.into_iter().collect_view()}
        </fieldset>
    }
}

#[component]
fn Note(fields: Fields) -> impl IntoView {
    let warning = Memo::new(move |_| fields.note.with(|note| secrets::warning(note)));
    view! {
        <TextField
            label="Ghi chú"
            value=fields.note
            kind="textarea"
            hint="Không ghi mã OTP, mật khẩu, số căn cước."
            testid="household-note"
        />
        {move || warning.get().map(|title| view! { <Notice kind=NoticeKind::Warning title testid="secret-warning" /> })}
    }
}
