//! One line of the paper with its boxes, as they were printed. Space ticks, arrows go from box to box, 1 to 4 tick how the
//! door was found, Enter writes.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::components::{Button, ButtonKind, Notice, NoticeKind};
use domain::DocId;
use domain::handout::paper::{Entry, PaperLine, PaperPerson, PersonEntry};
use domain::handout::{RESULTS, Tick};
use domain::protocol::{PaperReply, PaperRequest, PaperSheet};
use domain::visit::VisitResult;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::Desk;
use crate::office::sentence;

/// What is ticked on this line.
#[derive(Clone, Copy)]
struct Ticked {
    results: RwSignal<BTreeSet<VisitResult>>,
    people: RwSignal<BTreeSet<(DocId, Tick)>>,
}

impl Ticked {
    fn entry(self, line: &PaperLine) -> Entry {
        let ticks_of = |person: &PaperPerson| {
            let own = self.people.with_untracked(|all| {
                all.iter().filter(|(resident, _)| *resident == person.resident).map(|(_, tick)| *tick).collect()
            });
            PersonEntry { resident: person.resident, ticks: own }
        };
        let people = line.people.iter().map(ticks_of).filter(|person| !person.ticks.is_empty());
        Entry {
            household: line.household,
            results: self.results.get_untracked().into_iter().collect(),
            people: people.collect(),
        }
    }

    fn toggle_result(self, result: VisitResult) {
        self.results.update(|results| {
            if !results.remove(&result) {
                results.insert(result);
            }
        });
    }

    fn toggle(self, resident: DocId, tick: Tick) {
        self.people.update(|people| {
            if !people.remove(&(resident, tick)) {
                people.insert((resident, tick));
            }
        });
    }
}

#[component]
pub fn LineForm(desk: Desk, sheet: Arc<PaperSheet>, place: usize) -> impl IntoView {
    let Some(line) = desk.lines.with_untracked(|lines| lines.get(&place).cloned()) else { return ().into_any() };
    let title = desk.title(place);
    if line.is_gone {
        return view! {
            <Notice
                kind=NoticeKind::Warning
                title=title
                detail="Hộ này không còn trong danh sách của địa bàn. Để phiếu riêng và hỏi tổ trưởng."
                testid="paper-gone"
            />
        }
        .into_any();
    }
    let ticked = Ticked { results: RwSignal::new(BTreeSet::new()), people: RwSignal::new(BTreeSet::new()) };
    let busy = RwSignal::new(false);
    let source = sheet.source;
    let entered = line.clone();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((member, day)) = untrack(|| desk.round()) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = PaperRequest { source, member, day, entry: ticked.entry(&entered) };
        spawn_local(async move {
            match app::sync::ask::<PaperReply>("/api/lists/paper", &request).await {
                Ok(reply) => desk.wrote(place, reply),
                Err(error) => desk.notices.fail(sentence(&error)),
            }
            busy.set(false);
        });
    };
    let results = RESULTS.into_iter().zip(1..).map(|(result, number)| {
        let known = line.clone();
        let is_known =
            Memo::new(move |_| desk.round().is_some_and(|(member, day)| known.knows_result(result, member, day)));
        let checked = move || is_known.get() || ticked.results.with(|results| results.contains(&result));
        view! {
            <label class="paper__box" data-known=move || is_known.get().then_some("")>
                <input
                    type="checkbox"
                    prop:checked=checked
                    disabled=is_known
                    data-testid=format!("paper-result-{}", result.name())
                    on:change=move |_| ticked.toggle_result(result)
                />
                <span>{number} ". " {result.label()}</span>
                <Known is_known />
            </label>
        }
    });
    let results = results.collect_view();
    let people = line.people.iter().map(|person| person_row(desk, ticked, person, &sheet.ticks)).collect_view();
    let keys = move |event: leptos::ev::KeyboardEvent| on_key(&event, desk, ticked);
    let form = NodeRef::<leptos::html::Form>::new();
    Effect::new(move |_| {
        if let Some(first) = form.get().and_then(|form| boxes(&form).into_iter().next()) {
            let _ = first.focus();
        }
    });
    view! {
        <form class="card paper__line" node_ref=form on:submit=save on:keydown=keys data-testid="paper-line">
            <h2 class="section__title">{title}</h2>
            <fieldset class="paper__boxes"><legend>"Tại cửa"</legend>{results}</fieldset>
            {people}
            <div class="cluster">
                <Button submit=true busy testid="paper-save">"Ghi dòng này"</Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| desk.next() testid="paper-skip">"Bỏ qua"</Button>
            </div>
            <p class="muted">"Phím cách: đánh dấu. Mũi tên: sang ô khác. 1–4: kết quả tại cửa. Enter: ghi và sang dòng sau. Esc: bỏ qua."</p>
        </form>
    }
    .into_any()
}

fn person_row(desk: Desk, ticked: Ticked, person: &PaperPerson, ticks: &[Tick]) -> impl IntoView + use<> {
    let year = person.birth_year.map(|year| format!(" ({year})")).unwrap_or_default();
    let boxes = ticks.iter().map(|&tick| {
        let (resident, own) = (person.resident, person.clone());
        let is_reached = person.is_reached(tick);
        let is_known = Memo::new(move |_| desk.round().is_some_and(|(member, _)| own.knows(tick, member)));
        let checked = move || is_known.get() || ticked.people.with(|all| all.contains(&(resident, tick)));
        view! {
            <label class="paper__box" data-known=move || is_known.get().then_some("") data-reached=is_reached.then_some("")>
                <input
                    type="checkbox"
                    prop:checked=checked
                    disabled=is_known
                    data-testid=format!("paper-tick-{}-{}", tick.step.name(), tick.origin.name())
                    on:change=move |_| ticked.toggle(resident, tick)
                />
                <span>{tick.full_label()}</span>
                <Known is_known />
            </label>
        }
    });
    view! {
        <fieldset class="paper__boxes" data-testid="paper-person">
            <legend>{person.name.clone()} {year}</legend>
            {boxes.collect_view()}
        </fieldset>
    }
}

/// What the helper's phone, or this paper typed in before, has said already.
#[component]
fn Known(is_known: Memo<bool>) -> impl IntoView {
    view! {
        <Show when=move || is_known.get()>
            <span class="paper__known">"đã có trên máy"</span>
        </Show>
    }
}

/// The boxes that can still be ticked, in order.
fn boxes(form: &web_sys::Element) -> Vec<web_sys::HtmlInputElement> {
    let Ok(found) = form.query_selector_all("input[type=checkbox]:enabled") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn on_key(event: &leptos::ev::KeyboardEvent, desk: Desk, ticked: Ticked) {
    let key = event.key();
    let Some(form) = event.current_target().and_then(|form| form.dyn_into::<web_sys::Element>().ok()) else { return };
    let step: i32 = match key.as_str() {
        "ArrowRight" | "ArrowDown" => 1,
        "ArrowLeft" | "ArrowUp" => -1,
        "Escape" => {
            event.prevent_default();
            return desk.next();
        }
        digit => {
            let result = digit.parse::<usize>().ok().and_then(|number| RESULTS.get(number.checked_sub(1)?));
            if let Some(result) = result {
                event.prevent_default();
                ticked.toggle_result(*result);
            }
            return;
        }
    };
    let all = boxes(&form);
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(place) = here.and_then(|here| all.iter().position(|other| *other == here)) else { return };
    let next = i32::try_from(place).unwrap_or(0) + step;
    if let Some(next) = usize::try_from(next).ok().and_then(|next| all.get(next)) {
        event.prevent_default();
        let _ = next.focus();
    }
}
