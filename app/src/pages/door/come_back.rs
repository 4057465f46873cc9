//! Hẹn lại: the usual times in one tap, any other with the phone's own pickers.

use domain::DocId;
use domain::visit::VisitResult;
use leptos::prelude::*;

use super::{Door, when};
use crate::components::{Button, Choice, ChoiceOption, IconName, TextField};

const OTHER: &str = "other";
/// "Khi nào con về thì đến".
const UNKNOWN: &str = "unknown";

#[component]
pub fn ComeBack(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let now_ms = door.state.now_ms();
    let proposals = when::proposals(now_ms);
    let other = RwSignal::new(false);
    let date = RwSignal::new(door.state.today().plus(1).to_string());
    let time = RwSignal::new("18:00".to_owned());
    let error = RwSignal::new(None::<String>);
    let save = move |at: Option<u64>| {
        door.close();
        let words = at.map_or_else(|| "lại, chưa rõ giờ".to_owned(), |at| when::when(at, now_ms));
        door.save(format!("hẹn {words}"), async move {
            let result = VisitResult::ComeBack;
            door.state.record_visit(door.area, household, result, at, Vec::new(), String::new()).await.map(Some)
        });
    };
    let mut options: Vec<ChoiceOption> =
        proposals.iter().map(|time| ChoiceOption::new(time.key, time.label.clone()).icon(IconName::Clock)).collect();
    options.push(ChoiceOption::new(UNKNOWN, "Chưa rõ giờ").icon(IconName::Question));
    options.push(ChoiceOption::new(OTHER, "Chọn ngày giờ khác").icon(IconName::Calendar));
    let choose = move |key: String| match proposals.iter().find(|time| time.key == key) {
        Some(time) => save(Some(time.ms)),
        None if key == UNKNOWN => save(None),
        None => other.set(true),
    };
    let save_other = move |()| {
        let at = when::picked(&date.get_untracked(), &time.get_untracked());
        match at.filter(|at| *at > now_ms) {
            Some(at) => save(Some(at)),
            None => error.set(Some("Chọn một ngày giờ sắp tới".to_owned())),
        }
    };
    view! {
        <Choice
            legend="Chạm một lần là lưu"
            options
            selected=Signal::derive(move || other.get().then(|| OTHER.to_owned()))
            on_choose=choose
            testid="come-back"
        />
        <Show when=move || other.get()>
            <div class="door-sheet__pair">
                <TextField label="Ngày" kind="date" value=date error testid="come-back-date" />
                <TextField label="Giờ" kind="time" value=time testid="come-back-time" />
            </div>
            <div class="sheet__actions">
                <Button on_press=save_other testid="come-back-save">"Lưu giờ hẹn"</Button>
            </div>
        </Show>
    }
}
