//! What to know before knocking: who comes first, when they asked us to come, how to call.

use domain::visit::VisitResult;
use leptos::prelude::*;

use super::{Door, when};
use crate::components::{Icon, IconName};

#[component]
pub fn About() -> impl IntoView {
    let door: Door = expect_context();
    let priorities = move || {
        door.here.with(|here| {
            let labels: Vec<&str> = here.as_ref()?.household.priorities.iter().map(|why| why.label()).collect();
            (!labels.is_empty()).then(|| labels.join(", "))
        })
    };
    let last = Memo::new(move |_| last_visit(door));
    let phone = move || door.here.with(|here| here.as_ref()?.household.phone.clone());
    let note =
        move || door.here.with(|here| Some(here.as_ref()?.household.note.clone()).filter(|note| !note.is_empty()));
    let has_something = move || priorities().is_some() || last.get().is_some() || phone().is_some() || note().is_some();
    view! {
        <Show when=has_something>
            <div class="door__about" data-testid="about">
                {move || priorities().map(|words| {
                    view! { <p class="door__line" data-part="priority"><Icon name=IconName::Flag label="Ưu tiên" /> {words}</p> }
                })}
                {move || last.get().map(|(is_appointment, words)| {
                    let name = if is_appointment { IconName::Clock } else { IconName::History };
                    let part = if is_appointment { "appointment" } else { "last" };
                    view! { <p class="door__line" data-part=part><Icon name /> {words}</p> }
                })}
                {move || note().map(|words| view! { <p class="door__line"><Icon name=IconName::Info /> {words}</p> })}
                {move || phone().map(|number| {
                    let href = format!("tel:{number}");
                    view! {
                        <a class="door__line door__call" href=href data-testid="call">
                            <Icon name=IconName::Phone label="Gọi" /> <span class="num">{number}</span>
                        </a>
                    }
                })}
            </div>
        </Show>
    }
}

/// The last knock in a line, and whether it is an appointment.
fn last_visit(door: Door) -> Option<(bool, String)> {
    let now_ms = door.state.now_ms();
    let today = door.state.today();
    let visit = door.here.with(|here| here.as_ref()?.last_visit().cloned())?;
    if let (VisitResult::ComeBack, Some(ms)) = (visit.result, visit.come_back_at) {
        let late = if ms < now_ms { ", đã qua giờ" } else { "" };
        return Some((true, format!("Hẹn {}{late}", when::when(ms, now_ms))));
    }
    let day = when::day_words(visit.day, today);
    Some((false, format!("{} {day} · {}", visit.result.label(), door.member_name(visit.member))))
}
