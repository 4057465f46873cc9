//! The plan, edited by the commune's coordinator (`/phuong/ke-hoach`): every parameter of it, in folds. What is typed is
//! text until it is saved; then it becomes a plan, or every field says what is wrong with it.

mod dates;
mod form;
mod lists;
mod parts;
mod people;
mod places;
mod presets;
mod services;
mod slots;
mod targets;

use domain::people::Role;
use domain::plan_form::{At, PlanForm};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::app::{Shell, home_of};
use crate::components::{Button, ButtonKind, ButtonLink, EmptyState, IconName, Notice, NoticeKind, Sheet};
use crate::drafts::Draft;
use crate::notices::Notices;
use crate::state::{AppState, StoredPlan};

use dates::dates;
use form::Form;
use lists::show_what_is_wrong;
use parts::shown_while;
use people::{denominator, groups};
use places::{keeping, places};
use presets::Presets;
use services::{ages, services};
use slots::slots;
use targets::targets;

const PATH: &str = "/phuong/ke-hoach";
const BACK: &str = "/phuong";

#[component]
pub fn PlanPage() -> impl IntoView {
    let role = AppState::expect().role();
    let may_edit = Memo::new(move |_| role.get() == Role::Coordinator);
    move || {
        if may_edit.get() {
            return view! { <Editor /> }.into_any();
        }
        let home = home_of(role.get_untracked());
        view! {
            <Shell title="Kế hoạch" page="plan" back=home.to_owned() tabs=false>
                <EmptyState
                    icon=IconName::Calendar
                    title="Cán bộ xã, phường lập và sửa kế hoạch"
                    detail="Thấy chỗ nào chưa đúng thì báo cán bộ phụ trách để sửa."
                    testid="plan-not-yours"
                >
                    <ButtonLink href=home.to_owned()>"Về trang chính"</ButtonLink>
                </EmptyState>
            </Shell>
        }
        .into_any()
    }
}

fn typed_of(stored: Option<&StoredPlan>) -> PlanForm {
    stored.map_or_else(PlanForm::empty, |stored| PlanForm::of(&stored.plan()))
}

#[component]
fn Editor() -> impl IntoView {
    let state = AppState::expect();
    let opened = StoredValue::new(state.stored_plan());
    let before = move || opened.with_value(|opened| typed_of(opened.as_ref()));
    let form = Form::new(before());
    let draft = Draft::keep(
        PATH,
        move || (form.typed(), opened.get_value()),
        move |(typed, was_opened)| {
            opened.set_value(was_opened);
            form.fill(&typed);
        },
    );
    let is_saving = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let navigate = use_navigate();
    let notices = Notices::expect();
    let save = Callback::new(move |()| {
        if is_saving.get_untracked() {
            return;
        }
        failure.set(None);
        form.try_to_save();
        let Ok(plan) = untrack(|| form.typed()).read() else { return show_what_is_wrong() };
        is_saving.set(true);
        let (navigate, forget) = (navigate.clone(), draft.forgetter());
        spawn_local(async move {
            let saved = state.save_plan(&plan, opened.get_value().as_ref()).await;
            is_saving.set(false);
            match saved {
                Ok(undo) => {
                    forget();
                    match undo {
                        Some(undo) => notices.say_saved("Đã lưu trên máy: kế hoạch", Some(undo)),
                        None => notices.say_saved("Kế hoạch không có gì thay đổi", None),
                    }
                    navigate(BACK, NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(why) => failure.set(Some(why.sentence())),
            }
        });
    });
    let is_changed = Memo::new(move |_| form.with(|typed| *typed != before()));
    let start_over = Callback::new(move |()| {
        opened.set_value(state.stored_plan());
        form.fill(&before());
    });
    let is_new = opened.with_value(Option::is_none);
    let was_restored = Signal::derive(move || draft.restored().get() && is_changed.get());
    let restored = view! {
        <Notice
            title="Đã lấy lại những gì đang ghi dở"
            detail="Chưa lưu vào kế hoạch đang dùng."
            testid="draft-restored"
        />
    };
    let sections = vec![
        dates(form),
        ages(form),
        services(form),
        targets(form),
        denominator(form),
        groups(form),
        slots(form),
        places(form),
        keeping(form),
    ];
    view! {
        <Shell
            title=if is_new { "Lập kế hoạch" } else { "Sửa kế hoạch" }
            page="plan"
            back=BACK.to_owned()
            wide=true
            tabs=false
            bottom=move || view! { <SaveBar form is_saving is_changed failure save start_over /> }
        >
            {shown_while(was_restored, restored.into_any())}
            <Presets form />
            <form class="plan-form" novalidate on:submit=|event| event.prevent_default() data-testid="plan-form">
                {sections}
            </form>
        </Shell>
    }
}

/// Always in sight: the form is long.
#[component]
fn SaveBar(
    form: Form,
    is_saving: RwSignal<bool>,
    is_changed: Memo<bool>,
    failure: RwSignal<Option<String>>,
    save: Callback<()>,
    start_over: Callback<()>,
) -> impl IntoView {
    let whole = form.error(At::Whole);
    let wrong = move || {
        failure.get().or_else(|| whole.get()).or_else(|| match form.wrong_len() {
            0 => None,
            wrong => Some(format!("Chưa lưu: còn {wrong} chỗ cần sửa.")),
        })
    };
    let asks = RwSignal::new(false);
    let drop_all = move |()| {
        asks.set(false);
        start_over.run(());
    };
    view! {
        <div class="save-bar">
            <div class="save-bar__words" data-testid="plan-wrong">
                {move || wrong().map(|title| view! { <Notice kind=NoticeKind::Error title /> })}
            </div>
            <div class="save-bar__buttons">
                <Show when=move || is_changed.get()>
                    <Button kind=ButtonKind::Quiet on_press=move |()| asks.set(true) testid="plan-start-over">
                        "Bỏ thay đổi"
                    </Button>
                </Show>
                <Button on_press=save busy=is_saving testid="plan-save">"Lưu kế hoạch"</Button>
            </div>
        </div>
        <Sheet
            open=asks
            title="Bỏ mọi thay đổi chưa lưu?"
            on_close=move |()| asks.set(false)
            testid="plan-start-over-sheet"
        >
            <p>"Biểu mẫu trở lại như kế hoạch đang dùng."</p>
            <div class="sheet__actions">
                <Button kind=ButtonKind::Secondary on_press=move |()| asks.set(false)>"Giữ lại"</Button>
                <Button kind=ButtonKind::Danger on_press=drop_all testid="plan-drop">"Bỏ thay đổi"</Button>
            </div>
        </Sheet>
    }
}
