//! Starting from one of the plans that come with the program. It fills the form; nothing is stored by it.

use domain::plan_form::PlanForm;
use domain::protocol::Preset;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::Form;
use crate::components::{Button, ButtonKind, Choice, ChoiceOption, IconName, Notice, NoticeKind, Sheet};
use crate::state::AppState;

/// What the sheet shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Closed,
    Asking,
    Failed,
    List,
    /// The form has something in it: may this preset replace it?
    Confirm(usize),
}

#[component]
pub fn Presets(form: Form) -> impl IntoView {
    let state = AppState::expect();
    let step = RwSignal::new(Step::Closed);
    let presets = StoredValue::new(Vec::<Preset>::new());
    let failure = RwSignal::new(String::new());
    let filled_from = RwSignal::new(None::<String>);
    let ask = move |()| {
        step.set(Step::Asking);
        spawn_local(async move {
            let answer = state.presets().await;
            // The sheet, or the whole page, may be closed by now.
            if step.try_get_untracked() != Some(Step::Asking) {
                return;
            }
            match answer {
                Ok(list) => {
                    presets.set_value(list);
                    step.set(Step::List);
                }
                Err(sentence) => {
                    failure.set(sentence);
                    step.set(Step::Failed);
                }
            }
        });
    };
    let fill = move |index: usize| {
        presets.with_value(|presets| {
            if let Some(preset) = presets.get(index) {
                form.fill(&PlanForm::of(&preset.campaign));
                filled_from.set(Some(preset.of.clone()));
            }
        });
        step.set(Step::Closed);
    };
    let choose = move |key: String| {
        let Ok(index) = key.parse() else { return };
        if untrack(|| form.typed()) == PlanForm::empty() { fill(index) } else { step.set(Step::Confirm(index)) }
    };
    let of = move |index: usize| presets.with_value(|presets| presets.get(index).map(|preset| preset.of.clone()));
    let title = move || match step.get() {
        Step::Confirm(_) => "Thay những gì đang có trong biểu mẫu?",
        _ => "Kế hoạch mẫu",
    };
    let body = move || {
        match step.get() {
        Step::Closed => ().into_any(),
        Step::Asking => view! { <p role="status">"Đang lấy các kế hoạch mẫu…"</p> }.into_any(),
        Step::Failed => view! {
            <Notice
                kind=NoticeKind::Warning
                title="Chưa lấy được kế hoạch mẫu"
                detail=Signal::derive(move || Some(failure.get()))
                action=Some("Thử lại".to_owned())
                on_action=Callback::new(ask)
                testid="presets-failed"
            />
        }
        .into_any(),
        Step::List => presets.with_value(|presets| list(presets, Callback::new(choose))),
        Step::Confirm(index) => view! {
            <p>
                "Mẫu “" {of(index)} "” sẽ thay mọi mục trong biểu mẫu. Kế hoạch đang dùng chỉ thay đổi khi bấm Lưu kế hoạch."
            </p>
            <div class="sheet__actions">
                <Button kind=ButtonKind::Secondary on_press=move |()| step.set(Step::Closed) testid="preset-keep">
                    "Giữ biểu mẫu"
                </Button>
                <Button on_press=move |()| fill(index) testid="preset-replace">"Thay bằng mẫu này"</Button>
            </div>
        }
        .into_any(),
    }
    };
    let filled = move || {
        filled_from.get().map(|of| {
            view! {
                <Notice
                    title=format!("Đã điền theo mẫu: {of}")
                    detail="Chưa lưu. Xem lại từng mục, sửa cho đúng địa phương, rồi bấm Lưu kế hoạch."
                    on_dismiss=Callback::new(move |()| filled_from.set(None))
                    testid="preset-filled"
                />
            }
        })
    };
    view! {
        <div class="plan-presets">
            <Button kind=ButtonKind::Secondary icon=IconName::Download on_press=ask testid="presets">
                "Bắt đầu từ kế hoạch mẫu"
            </Button>
        </div>
        {filled}
        <Sheet
            open=Signal::derive(move || step.get() != Step::Closed)
            title=Signal::derive(move || title().to_owned())
            on_close=move |()| step.set(Step::Closed)
            testid="presets-sheet"
        >
            {body}
        </Sheet>
    }
}

fn list(presets: &[Preset], on_choose: Callback<String>) -> AnyView {
    let option = |(index, preset): (usize, &Preset)| {
        ChoiceOption::new(index.to_string(), preset.of.clone()).detail(preset.campaign.name.clone())
    };
    let options: Vec<ChoiceOption> = presets.iter().enumerate().map(option).collect();
    if options.is_empty() {
        return view! { <p>"Máy chủ này không có kế hoạch mẫu. Tự điền biểu mẫu."</p> }.into_any();
    }
    view! { <Choice legend="Chọn mẫu gần với kế hoạch của mình nhất" options on_choose testid="preset-choice" /> }
        .into_any()
}
