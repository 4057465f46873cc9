//! Which list, and why.

use std::sync::Arc;

use app::components::{Button, CheckField, IconName, SelectField, TextField};
use domain::DocId;
use domain::handout::{Handout, Reason};
use domain::people::Role;
use domain::place::AreaKind;
use domain::protocol::{HandoutRequest, WantedList};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use super::Page;
use crate::office::{Office, sentence};

const HELPED: &str = "helped";
const DOORS: &str = "doors";

/// Where something is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Member,
    Area,
    Reason,
    Words,
}

/// What is chosen so far, by the keys of the pickers.
#[derive(Clone, Copy)]
struct Chosen {
    list: RwSignal<String>,
    member: RwSignal<String>,
    area: RwSignal<String>,
    route: RwSignal<String>,
    with_phones: RwSignal<bool>,
    reason: RwSignal<String>,
    words: RwSignal<String>,
}

impl Chosen {
    fn new(office: Office) -> Self {
        let asked_area = use_query_map().with_untracked(|query| query.get("dia-ban"));
        let is_lead = untrack(|| office.role()) >= Role::Lead;
        let own = untrack(|| office.reply()).map(|reply| reply.member.to_string()).unwrap_or_default();
        let first_area = untrack(|| area_options(office)).into_iter().next().map(|(id, _)| id);
        Self {
            list: RwSignal::new(if is_lead { DOORS } else { HELPED }.to_owned()),
            member: RwSignal::new(own),
            area: RwSignal::new(asked_area.or(first_area).unwrap_or_default()),
            route: RwSignal::new(String::new()),
            with_phones: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            words: RwSignal::new(String::new()),
        }
    }

    /// The request, or what is missing and where.
    fn request(self) -> Result<HandoutRequest, (Field, String)> {
        let id = |text: RwSignal<String>| text.get_untracked().parse::<DocId>().ok();
        let what = if self.list.get_untracked() == DOORS {
            let area = id(self.area).ok_or_else(|| (Field::Area, "Chọn địa bàn.".to_owned()))?;
            WantedList::Doors { area, route: id(self.route) }
        } else {
            let member = id(self.member).ok_or_else(|| (Field::Member, "Chọn người hỗ trợ.".to_owned()))?;
            WantedList::Helped { member, with_phones: self.with_phones.get_untracked() }
        };
        let reason = Reason::from_name(&self.reason.get_untracked());
        let reason = reason.ok_or_else(|| (Field::Reason, "Chọn lý do lấy danh sách.".to_owned()))?;
        let words = reason.checked_words(&self.words.get_untracked());
        let words = words.map_err(|bad| (Field::Words, bad.to_string()))?;
        Ok(HandoutRequest { what, reason, words })
    }
}

/// Places where people live; at a support point there are no doors.
fn area_options(office: Office) -> Vec<(String, String)> {
    let is_home = |kind: &str| !AreaKind::from_name(kind).unwrap_or_default().is_support_point();
    let areas = office.areas().into_iter().filter(|area| is_home(&area.kind));
    areas.map(|area| (area.id.to_string(), area.name)).collect()
}

#[component]
pub fn ChooseList(page: Page) -> impl IntoView {
    let office = Office::expect();
    let chosen = Chosen::new(office);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<(Field, String)>);
    let error_of = move |field: Field| {
        Signal::derive(move || error.get().filter(|(missing, _)| *missing == field).map(|(_, sentence)| sentence))
    };
    let is_lead = Signal::derive(move || office.role() >= Role::Lead);
    let is_doors = Memo::new(move |_| chosen.list.with(|list| list == DOORS));
    let lists = move || {
        let all = [(DOORS, "Danh sách hộ để đi bằng phiếu giấy"), (HELPED, "Danh sách hỗ trợ của một người")];
        all.map(|(key, label)| (key.to_owned(), label.to_owned())).to_vec()
    };
    let members = move || {
        let all = office.reply().map(|reply| reply.members.clone()).unwrap_or_default();
        all.into_iter().map(|member| (member.id.to_string(), member.name)).collect::<Vec<_>>()
    };
    let routes = move || {
        let area = chosen.area.get();
        let desk = page.desk.get();
        let known = desk.iter().flat_map(|desk| desk.routes.iter()).filter(|route| route.area.to_string() == area);
        let known = known.map(|route| (route.id.to_string(), route.name.clone()));
        std::iter::once((String::new(), "Cả địa bàn".to_owned())).chain(known).collect::<Vec<_>>()
    };
    let reasons = move || {
        let all = Reason::ALL.map(|reason| (reason.name().to_owned(), reason.label().to_owned()));
        std::iter::once((String::new(), "Chọn lý do".to_owned())).chain(all).collect::<Vec<_>>()
    };
    // Another area has other routes.
    Effect::new(move |_| {
        chosen.area.track();
        chosen.route.set(String::new());
    });
    let take = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match chosen.request() {
            Err(missing) => error.set(Some(missing)),
            Ok(request) if !busy.get_untracked() => {
                error.set(None);
                busy.set(true);
                spawn_local(async move {
                    match app::sync::ask::<Handout>("/api/lists/handouts", &request).await {
                        Ok(handout) => page.taken.set(Some(Arc::new(handout))),
                        Err(error) => page.notices.fail(sentence(&error)),
                    }
                    busy.set(false);
                });
            }
            Ok(_) => {}
        }
    };
    view! {
        <form class="form handouts__form" on:submit=take data-testid="handout-form">
            <Show when=move || is_lead.get()>
                <SelectField label="Danh sách" value=chosen.list options=Signal::derive(lists) testid="handout-list" />
            </Show>
            <Show
                when=move || is_doors.get()
                fallback=move || view! {
                    <SelectField label="Người hỗ trợ" value=chosen.member options=Signal::derive(members) error=error_of(Field::Member) testid="handout-member" />
                    <CheckField
                        label="In cả số điện thoại"
                        hint="Chỉ khi việc cần đến; mặc định không in."
                        checked=chosen.with_phones
                        on_change=move |yes| chosen.with_phones.set(yes)
                        testid="handout-phones"
                    />
                }
            >
                <SelectField
                    label="Địa bàn"
                    value=chosen.area
                    options=Signal::derive(move || area_options(office))
                    error=error_of(Field::Area)
                    testid="handout-area"
                />
                <SelectField label="Tuyến" value=chosen.route options=Signal::derive(routes) testid="handout-route" />
            </Show>
            <SelectField label="Lý do" value=chosen.reason options=Signal::derive(reasons) error=error_of(Field::Reason) testid="handout-reason" />
            <TextField
                label="Ghi rõ thêm"
                value=chosen.words
                hint="Không ghi tên hay số điện thoại của người dân; lý do được lưu lại."
                error=error_of(Field::Words)
                testid="handout-words"
            />
            <Button submit=true busy icon=IconName::List testid="handout-take">"Lấy danh sách"</Button>
        </form>
    }
}
