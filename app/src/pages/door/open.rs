//! Khó khăn, vướng mắc of this household that still need somebody: in sight at every knock, settled with one tap.

use std::collections::BTreeSet;

use domain::DocId;
use domain::visit::Difficulty;
use leptos::prelude::*;

use super::Door;
use crate::components::{Button, ButtonKind, Icon, IconName};

#[component]
pub fn OpenDifficulties(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let open = Memo::new(move |_| {
        door.here
            .with(|here| here.as_ref().map(|here| here.open_difficulties().collect::<Vec<_>>()).unwrap_or_default())
    });
    let settling = RwSignal::new(BTreeSet::<Difficulty>::new());
    let settle = move |difficulty: Difficulty| {
        if !settling.try_update(|settling| settling.insert(difficulty)).unwrap_or(false) {
            return;
        }
        door.save(format!("đã giải quyết: {}", difficulty.label()), async move {
            let settled = door.state.solve(door.area, household, difficulty).await;
            // The door may have been left meanwhile.
            let _ = settling.try_update(|settling| settling.remove(&difficulty));
            settled.map(Some)
        });
    };
    let row = move |difficulty: Difficulty| {
        view! {
            <li class="open-difficulty" data-testid=format!("open-{}", difficulty.name())>
                <p class="open-difficulty__words">
                    <Icon name=IconName::Warning />
                    <span>
                        <strong>{difficulty.label()}</strong>
                        <span class="open-difficulty__advice">{difficulty.advice()}</span>
                    </span>
                </p>
                <Button kind=ButtonKind::Secondary icon=IconName::Check on_press=move |()| settle(difficulty) testid="settle">
                    "Đã giải quyết"
                </Button>
            </li>
        }
    };
    view! {
        <Show when=move || !open.with(Vec::is_empty)>
            <section class="open-difficulties" aria-label="Khó khăn cần xử lý tiếp" data-testid="open-difficulties-list">
                <ul class="rows" role="list">
                    <For each=move || open.get() key=|difficulty| *difficulty children=row />
                </ul>
            </section>
        </Show>
    }
}
