//! Which sheet lies on the desk: by the number printed on it, or by its area.

use app::components::{Button, ButtonKind, IconName, SelectField, TextField};
use domain::protocol::{PaperOpenRequest, PaperSheet, PaperSource};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use super::Desk;
use crate::office::{Office, sentence};

#[component]
pub fn ChooseSheet(desk: Desk) -> impl IntoView {
    let office = Office::expect();
    let query = use_query_map();
    let asked = |name: &'static str| query.with_untracked(|query| query.get(name)).unwrap_or_default();
    let number = RwSignal::new(asked("so"));
    let first = untrack(|| office.areas()).first().map(|area| area.id.to_string()).unwrap_or_default();
    let area = RwSignal::new(Some(asked("dia-ban")).filter(|area| !area.is_empty()).unwrap_or(first));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let open = move |source: PaperSource| {
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        busy.set(true);
        spawn_local(async move {
            match app::sync::ask::<PaperSheet>("/api/lists/paper/open", &PaperOpenRequest { source }).await {
                Ok(sheet) => desk.take_in(sheet),
                Err(error) => desk.notices.fail(sentence(&error)),
            }
            busy.set(false);
        });
    };
    let by_number = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match number.get_untracked().trim().parse() {
            Ok(number) => open(PaperSource::Handout(number)),
            Err(_) => error.set(Some("Gõ số phiếu in ở đầu trang, ví dụ 27.".to_owned())),
        }
    };
    let came = number.with_untracked(|number| number.trim().parse().ok());
    if let Some(came) = came.filter(|_| !desk.came_with_number.get_value()) {
        desk.came_with_number.set_value(true);
        open(PaperSource::Handout(came));
    }
    let by_area = move |()| match area.get_untracked().parse() {
        Ok(area) => open(PaperSource::Area(area)),
        Err(_) => desk.notices.fail("Chọn địa bàn."),
    };
    let areas = Signal::derive(move || {
        office.areas().into_iter().map(|area| (area.id.to_string(), area.name)).collect::<Vec<_>>()
    });
    view! {
        <form class="form paper__start" on:submit=by_number data-testid="paper-start">
            <TextField
                label="Số phiếu"
                value=number
                inputmode="numeric"
                hint="In ở đầu mỗi trang: “Phiếu số …”."
                error
                testid="paper-number"
            />
            <Button submit=true busy icon=IconName::Edit testid="paper-open">"Mở phiếu"</Button>
        </form>
        <section class="section paper__start">
            <p class="muted">"Ghi trên giấy khác, không có số phiếu: mở theo địa bàn rồi tìm hộ theo số nhà hoặc tên chủ hộ."</p>
            <SelectField label="Địa bàn" value=area options=areas testid="paper-area" />
            <Button kind=ButtonKind::Secondary busy on_press=by_area testid="paper-open-area">"Mở theo địa bàn"</Button>
        </section>
    }
}
