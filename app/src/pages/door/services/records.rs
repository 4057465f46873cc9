//! Every record of one service of one person, folded away: the place to take a wrong one back.

use domain::DocId;
use domain::service::Service;
use domain::visit::Outcome;
use leptos::prelude::*;

use super::has_origin;
use super::judge::month_words;
use crate::components::{Button, ButtonKind};
use crate::pages::door::Door;

/// Shown once there is more than the one that stands.
#[component]
pub fn Records(id: DocId, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    let records: Vec<Outcome> = untrack(|| {
        door.person(id).with(|person| {
            let of_service = |fact: &&Outcome| fact.step.service() == service;
            person.iter().flat_map(|person| person.outcomes.iter().rev().filter(of_service).cloned()).collect()
        })
    });
    let count = records.len();
    let rows = records.into_iter().map(|record| view! { <Record record service /> }).collect_view();
    (count > 1).then(|| {
        view! {
            <details class="door__fold" data-testid="records">
                <summary>{format!("Các ghi nhận ({count})")}</summary>
                <ul class="rows" role="list">{rows}</ul>
            </details>
        }
    })
}

#[component]
fn Record(record: Outcome, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    let (fact, member) = (record.id, record.member);
    let take_back = move |()| {
        door.close();
        door.save(format!("bỏ ghi nhận {}", service.short_label()), async move {
            door.state.correct(door.area, fact).await.map(Some)
        });
    };
    let by = untrack(|| door.member_name(member));
    view! {
        <li class="door__knock" data-testid="record">
            <div>
                <p class="door__result">{words(&record)}</p>
                <p class="muted num">{record.day.vietnamese()} " · " {by} " · " {record.channel.label()}</p>
            </div>
            {untrack(|| door.is_mine(member)).then(|| view! {
                <Button kind=ButtonKind::Quiet on_press=take_back testid="record-correct">"Bỏ"</Button>
            })}
        </li>
    }
}

/// "Đã kích hoạt · Gia hạn · VNPT · đến 11/2027"
fn words(record: &Outcome) -> String {
    let origin = if has_origin(record.step) { record.origin.label() } else { "" };
    let end = record.expires_on.map(|day| format!("đến {}", month_words(day))).unwrap_or_default();
    let parts = [record.step.label(), origin, &record.provider, &end];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
