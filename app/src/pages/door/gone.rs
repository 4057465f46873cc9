//! Those who no longer live here: folded away, and brought back when it was a mistake.

use domain::DocId;
use domain::coverage::ResidentView;
use domain::people::Gone as Reason;
use leptos::prelude::*;

use super::Door;
use crate::components::{Button, ButtonKind};

#[component]
pub fn Gone(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let gone = Memo::new(move |_| {
        door.view.with(|view| {
            let here = view.households.get(&household);
            let ids = here.map(|here| here.residents.clone()).unwrap_or_default();
            ids.into_iter().filter_map(|id| Some((id, away(view.residents.get(&id)?)?))).collect::<Vec<_>>()
        })
    });
    let summary = move || format!("Không còn ở đây ({})", gone.with(Vec::len));
    view! {
        <Show when=move || !gone.with(Vec::is_empty)>
            <details class="door__fold" data-testid="gone">
                <summary>{summary}</summary>
                <ul class="rows" role="list">
                    <For each=move || gone.get() key=|(id, reason)| (*id, reason.name()) children=|(id, reason)| view! { <Away id reason /> } />
                </ul>
            </details>
        </Show>
    }
}

/// Of whom everything was erased there is nothing left to show.
fn away(view: &ResidentView) -> Option<Reason> {
    view.resident.gone.filter(|_| !view.resident.erased)
}

#[component]
fn Away(id: DocId, reason: Reason) -> impl IntoView {
    let door: Door = expect_context();
    let name = door.name_of(id);
    let bring_back = {
        let name = name.clone();
        move |()| {
            door.save(format!("{name} còn ở đây"), door.set_gone(id, None));
        }
    };
    view! {
        <li class="door__away">
            <span>{name} " · " {reason.label()}</span>
            <Button kind=ButtonKind::Quiet on_press=bring_back testid="bring-back">"Đưa lại"</Button>
        </li>
    }
}
