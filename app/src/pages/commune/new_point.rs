//! "Thêm điểm hỗ trợ": a kind and a name; then it is given to members.

use domain::campaign::Channel;
use domain::place::AreaKind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Commune;
use crate::components::{Button, ButtonKind, ChipOption, FilterChips, IconName, Notice, NoticeKind, Sheet, TextField};
use crate::notices::Notices;

#[component]
pub fn NewPoint(commune: Commune) -> impl IntoView {
    let is_open = RwSignal::new(false);
    view! {
        <Button kind=ButtonKind::Secondary icon=IconName::Plus on_press=move |()| is_open.set(true) testid="new-point">
            "Thêm điểm hỗ trợ"
        </Button>
        <Sheet open=is_open title="Thêm điểm hỗ trợ" on_close=move |()| is_open.set(false) testid="new-point-sheet">
            <Form commune is_open />
        </Sheet>
    }
}

fn kinds() -> Vec<AreaKind> {
    AreaKind::ALL.into_iter().filter(|kind| kind.is_support_point()).collect()
}

#[component]
fn Form(commune: Commune, is_open: RwSignal<bool>) -> impl IntoView {
    let kind = RwSignal::new(AreaKind::HealthStation);
    let name = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<String>);
    let is_saving = RwSignal::new(false);
    let options: Vec<ChipOption> =
        kinds().into_iter().map(|kind| ChipOption::new(kind.name(), Channel::of_area(kind).label())).collect();
    let choose = move |key: String| {
        if let Some(chosen) = AreaKind::from_name(&key) {
            kind.set(chosen);
        }
    };
    let (navigate, notices) = (use_navigate(), Notices::expect());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        failure.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            let typed = name.get_untracked();
            match commune.state.add_area(kind.get_untracked(), &typed).await {
                Ok(id) => {
                    is_open.set(false);
                    notices.say_saved(format!("Đã lưu trên máy: {}", typed.trim()), None);
                    let stay = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                    navigate(&format!("/phuong?dia-ban={id}"), stay);
                }
                Err(why) => {
                    is_saving.set(false);
                    failure.set(Some(why.sentence()));
                }
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit data-testid="new-point-form">
            <div class="form__group chips-wrapped">
                <p class="form__legend">"Loại điểm"</p>
                <FilterChips
                    label="Loại điểm"
                    options
                    selected=Signal::derive(move || kind.get().name().to_owned())
                    on_select=choose
                    testid="point-kind"
                />
            </div>
            <TextField label="Tên điểm" value=name hint="Ví dụ “Trạm y tế phường”, “Trường THPT Bắc Kạn”." required=true testid="point-name" />
            {move || failure.get().map(|title| view! { <Notice kind=NoticeKind::Error title testid="form-error" /> })}
            <p class="muted">"Lưu xong thì chọn thành viên làm việc ở điểm này."</p>
            <Button submit=true wide=true busy=is_saving testid="form-save">"Lưu"</Button>
        </form>
    }
}
