//! Nobody was helped this time: four answers at the bottom of the screen, one tap each.

use domain::DocId;
use domain::visit::{Visit, VisitResult};
use leptos::prelude::*;

use super::{Dialog, Door};
use crate::components::{BigAction, BigActions, Button, ButtonKind, DoorState, IconName};

/// A second tap within this time is a slip, later it is a second knock.
const SLIP_MS: u64 = 60_000;

#[component]
pub fn Outcomes(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let is_saving = RwSignal::new(None::<VisitResult>);
    let selected = Signal::derive(move || {
        let today = door.state.today();
        let last = door
            .here
            .with(|here| here.as_ref()?.last_visit().filter(|visit| visit.day == today).map(|visit| visit.result));
        is_saving.get().or(last).and_then(key).map(ToOwned::to_owned)
    });
    let on_action = move |key: String| {
        let Some(result) = result(&key) else { return };
        if result == VisitResult::ComeBack {
            door.dialog.set(Dialog::ComeBack(household));
            return;
        }
        if is_saving.get_untracked().is_some() || untrack(|| is_slip(door, result)) {
            return;
        }
        is_saving.set(Some(result));
        door.save(result.label().to_lowercase(), async move {
            let outcome = door.state.record_visit(door.area, household, result, None, Vec::new(), String::new()).await;
            is_saving.set(None);
            outcome.map(Some)
        });
    };
    view! { <BigActions actions=BigAction::door_outcomes() selected on_action testid="door-outcomes" /> }
}

/// Somebody was at home and nothing was left to do: the household is reached all the same.
#[component]
pub fn Met(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let is_saving = RwSignal::new(false);
    let is_known = Memo::new(move |_| {
        let (me, today) = (door.state.me(), door.state.today());
        let is_mine = |visit: &Visit| visit.result == VisitResult::Met && visit.member == me && visit.day == today;
        door.here.with(|here| here.as_ref().is_some_and(|here| here.visits.iter().any(is_mine)))
    });
    let record = move |()| {
        if is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        let result = VisitResult::Met;
        door.save("đã gặp".to_owned(), async move {
            let outcome = door.state.record_visit(door.area, household, result, None, Vec::new(), String::new()).await;
            is_saving.set(false);
            outcome.map(Some)
        });
    };
    view! {
        <Show when=move || !is_known.get()>
            <Button kind=ButtonKind::Secondary icon=IconName::Check busy=is_saving on_press=record testid="met">
                "Đã gặp, không cần hỗ trợ"
            </Button>
        </Show>
    }
}

fn is_slip(door: Door, result: VisitResult) -> bool {
    let now_ms = door.state.now_ms();
    let me = door.state.me();
    door.here.with(|here| {
        here.as_ref().and_then(|here| here.last_visit()).is_some_and(|visit| {
            visit.result == result && visit.member == me && now_ms.saturating_sub(visit.at.ms) < SLIP_MS
        })
    })
}

fn key(result: VisitResult) -> Option<&'static str> {
    Some(match result {
        VisitResult::Met => return None,
        VisitResult::Absent => DoorState::Absent.key(),
        VisitResult::ComeBack => DoorState::Appointment.key(),
        VisitResult::Refused => DoorState::Refused.key(),
        VisitResult::MovedAway => DoorState::MovedAway.key(),
    })
}

fn result(wanted: &str) -> Option<VisitResult> {
    VisitResult::ALL.into_iter().find(|result| key(*result) == Some(wanted))
}
