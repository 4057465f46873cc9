//! Khó khăn, vướng mắc of this household, by code, each with what to try. They belong to today's knock.

use std::collections::BTreeSet;

use domain::DocId;
use domain::visit::{Difficulty, Visit};
use leptos::prelude::*;

use super::{Door, secrets};
use crate::components::{Button, CheckField, Notice, NoticeKind, TextField};
use crate::drafts::Draft;

#[component]
pub fn Difficulties(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let today = untrack(|| my_visit_today(door));
    let known = today.as_ref().map(|visit| visit.difficulties.iter().copied().collect()).unwrap_or_default();
    let chosen: RwSignal<BTreeSet<Difficulty>> = RwSignal::new(known);
    let note = RwSignal::new(today.as_ref().map(|visit| visit.note.clone()).unwrap_or_default());
    let had_visit = today.is_some();
    // A knock of which nothing is said is not worth a record: looking here must not make a door a reached one.
    let says_nothing = Signal::derive(move || {
        !had_visit && chosen.with(BTreeSet::is_empty) && note.with(|note| note.trim().is_empty())
    });
    let draft = Draft::keep(
        format!("/ho/{household}/kho-khan"),
        move || {
            let names: Vec<String> =
                chosen.with(|chosen| chosen.iter().map(|difficulty| difficulty.name().to_owned()).collect());
            (names, note.get())
        },
        move |(names, text): (Vec<String>, String)| {
            chosen.set(Difficulty::all().filter(|known| names.iter().any(|name| name == known.name())).collect());
            note.set(text);
        },
    );
    let warning = Memo::new(move |_| note.with(|note| secrets::warning(note)));
    let rows = Difficulty::all()
        .map(|difficulty| {
            let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.contains(&difficulty)));
            let advice = Signal::derive(move || is_chosen.get().then(|| difficulty.advice().to_owned()));
            let change = move |yes: bool| {
                chosen.update(|chosen| {
                    if yes {
                        chosen.insert(difficulty)
                    } else {
                        chosen.remove(&difficulty)
                    };
                });
            };
            let testid = format!("difficulty-{}", difficulty.name());
            view! { <CheckField label=difficulty.label() checked=is_chosen on_change=change hint=advice testid /> }
        })
        .collect_view();
    let save = move |()| {
        let difficulties: Vec<Difficulty> = chosen.get_untracked().into_iter().collect();
        let (old, note, forget) = (today.clone(), note.get_untracked(), draft.forgetter());
        door.close();
        door.save("khó khăn, vướng mắc".to_owned(), async move {
            let undo = door.state.tell_difficulties(door.area, household, old, difficulties, note).await?;
            forget();
            Ok(Some(undo))
        });
    };
    view! {
        <div class="door-sheet__list">{rows}</div>
        <TextField label="Ý kiến người dân, ghi chú" kind="textarea" value=note testid="difficulties-note" />
        {move || warning.get().map(|title| {
            view! { <Notice kind=NoticeKind::Warning title testid="secret-warning" /> }
        })}
        <p class="muted">"Không ghi mã OTP, mật khẩu, số căn cước."</p>
        <div class="sheet__actions door-sheet__save">
            <Button disabled=says_nothing on_press=save testid="difficulties-save">"Lưu"</Button>
        </div>
    }
}

/// The last knock of today that is one's own: it can be written anew with more in it.
fn my_visit_today(door: Door) -> Option<Visit> {
    let (me, today) = (door.state.me(), door.state.today());
    door.here.with(|here| here.as_ref()?.visits.iter().rfind(|visit| visit.member == me && visit.day == today).cloned())
}
