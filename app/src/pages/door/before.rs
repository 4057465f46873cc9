//! "Đã có từ trước": what a person had of a service before the team came, one line each.

use domain::DocId;
use domain::coverage::ResidentView;
use domain::service::{Origin, Service};
use leptos::prelude::*;

use super::{Door, marks};
use crate::components::{CheckField, Icon};

/// What a service's line under "Đã có từ trước" is.
#[derive(Clone, PartialEq)]
enum Line {
    /// Can be set, or taken back when it is one's own.
    Toggle { own: Option<DocId> },
    /// Done some other way, or said by someone else.
    Told(String),
}

#[component]
pub fn Before(id: DocId, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    let person = door.person(id);
    let line = Memo::new(move |_| {
        person.with(|person| person.as_ref().map_or(Line::Told(String::new()), |person| line(door, person, service)))
    });
    let is_set = Memo::new(move |_| matches!(line.get(), Line::Toggle { own: Some(_) }));
    let on_change = move |yes: bool| {
        let what = format!("{} {}", service.short_label(), if yes { "có từ trước" } else { "bỏ có từ trước" });
        let own = match line.get_untracked() {
            Line::Toggle { own } => own,
            Line::Told(_) => return,
        };
        let step = door.campaign.with_untracked(|campaign| marks::done_step(campaign, service));
        door.save(what, async move {
            if let Some(fact) = own {
                return door.state.correct(door.area, fact).await.map(Some);
            }
            door.state.record_step(door.area, door.meeting, id, step, Origin::PreExisting).await.map(Some)
        });
    };
    move || {
        match line.get() {
        Line::Toggle { .. } => view! {
            <CheckField label=service.label() checked=is_set on_change testid=format!("before-{}", marks::key(service)) />
        }
        .into_any(),
        Line::Told(words) => view! {
            <p class="door-sheet__told"><Icon name=marks::icon(service) /> <span>{service.label()} ": " {words}</span></p>
        }
        .into_any(),
    }
    }
}

fn line(door: Door, person: &ResidentView, service: Service) -> Line {
    let Some(reached) = person.service(service) else { return Line::Toggle { own: None } };
    let is_done = door.campaign.with(|campaign| reached.step.includes(marks::done_step(campaign, service)));
    match (is_done, reached.origin) {
        (false, _) => Line::Toggle { own: None },
        (true, Origin::PreExisting) if door.is_mine(reached.member) => Line::Toggle { own: Some(reached.outcome) },
        (true, Origin::PreExisting) => Line::Told(lower_first(Origin::PreExisting.label())),
        (true, _) => {
            Line::Told(format!("tổ đã ghi, {}", lower_first(&marks::words(person, service).unwrap_or_default())))
        }
    }
}

/// For the middle of a line. Only the first letter: "thẻ BHYT" keeps its capitals.
fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
