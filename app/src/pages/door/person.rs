//! One person at the door: three marks, one tap each.

use domain::DocId;
use domain::campaign::Campaign;
use domain::coverage::{Renewal, ResidentView};
use domain::service::{Origin, Service};
use leptos::prelude::*;

use super::{Dialog, Door, marks, month_words};
use crate::components::{ResidentCard, ServiceMark, ServiceState};

#[component]
pub fn Person(id: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let person = door.person(id);
    let is_too_young = Memo::new(move |_| person.with(|person| person.as_ref().is_some_and(too_young)));
    let name = Signal::derive(move || {
        person.with(|person| person.as_ref().map(|view| view.resident.name.clone()).unwrap_or_default())
    });
    let detail = Signal::derive(move || {
        person.with(|person| {
            let of = |person: &ResidentView| door.campaign.with(|campaign| detail(person, campaign));
            person.as_ref().map(of).unwrap_or_default()
        })
    });
    let note = Signal::derive(move || {
        let today = door.state.today();
        person.with(|person| {
            let person = person.as_ref()?;
            let parts = [person.renewal(today).map(renewal_words), helped_too(door, person)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(". "))
        })
    });
    let proficient =
        Signal::derive(move || person.with(|person| person.as_ref().is_some_and(|view| view.proficiency.is_some())));
    let on_proficient = move |yes: bool| {
        let what = format!("{}, {}", if yes { "thành thạo" } else { "bỏ thành thạo" }, name.get_untracked());
        door.save(what, async move { door.state.set_proficient(door.area, door.meeting, id, yes).await.map(Some) });
    };
    let on_more = move |()| door.dialog.set(Dialog::More(id));
    let card = move || {
        if is_too_young.get() {
            view! { <ResidentCard name detail note on_more><Marks id /></ResidentCard> }.into_any()
        } else {
            view! {
                <ResidentCard name detail note proficient on_proficient on_more><Marks id /></ResidentCard>
            }
            .into_any()
        }
    };
    view! {
        <div
            class="door__person"
            data-testid="person"
            data-id=id.to_string()
            data-state=move || if is_too_young.get() { "too-young" } else { "served" }
        >
            {card}
        </div>
    }
}

#[component]
fn Marks(id: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let services = Memo::new(move |_| door.campaign.with(|campaign| marks::asked(campaign)));
    move || services.get().into_iter().map(|service| view! { <Mark id service /> }).collect_view()
}

/// The first tap records; a mark that says something already opens its steps.
#[component]
fn Mark(id: DocId, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    let person = door.person(id);
    // Shown at once, and taken back if it can't be stored.
    let is_saving = RwSignal::new(false);
    let stored = Memo::new(move |_| {
        person.with(|person| {
            let person = person.as_ref()?;
            Some((
                door.campaign.with(|campaign| marks::state(person, service, campaign)),
                marks::words(person, service),
            ))
        })
    });
    let done = move || door.campaign.with(|campaign| marks::done_step(campaign, service));
    let state = Signal::derive(move || match stored.get() {
        _ if is_saving.get() => ServiceState::Done,
        Some((state, _)) => state,
        None => ServiceState::NotApplicable,
    });
    let step = Signal::derive(move || {
        if is_saving.get() { Some(done().label().to_owned()) } else { stored.get().and_then(|(_, words)| words) }
    });
    let unsent = Signal::derive(move || {
        is_saving.get()
            || person.with(|person| {
                person.as_ref().and_then(|person| person.service(service)).is_some_and(|reached| !reached.accepted)
            })
    });
    let on_tap = move |()| {
        if is_saving.get_untracked() {
            return;
        }
        if state.get_untracked() != ServiceState::Unknown {
            door.dialog.set(Dialog::Steps(id, service));
            return;
        }
        let step = untrack(done);
        is_saving.set(true);
        door.save(format!("{}, {}", service.short_label(), untrack(|| door.name_of(id))), async move {
            let outcome = door.state.record_step(door.area, door.meeting, id, step, Origin::NewlyInstalled).await;
            is_saving.set(false);
            outcome.map(Some)
        });
    };
    view! {
        <div class="door__mark" data-service=marks::key(service) data-state=move || state.get().key()>
            <ServiceMark label=service.short_label() icon=marks::icon(service) state step unsent on_tap />
        </div>
    }
}

/// Below the campaign's age, and nothing was recorded all the same.
fn too_young(view: &ResidentView) -> bool {
    view.eligible == Some(false) && view.services.iter().all(Option::is_none)
}

/// "1958 · Vợ", and the plan's groups
fn detail(view: &ResidentView, campaign: &Campaign) -> String {
    let year = view.resident.birth_year.map_or_else(|| "chưa rõ năm sinh".to_owned(), |year| year.to_string());
    let young = if too_young(view) { "chưa đủ tuổi" } else { "" };
    let groups = campaign.groups.iter().filter(|group| view.resident.groups.contains(&group.key));
    let parts = [year.as_str(), view.resident.relation.as_str(), young].into_iter();
    let parts = parts.chain(groups.map(|group| group.label.as_str()));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn renewal_words(renewal: Renewal) -> String {
    match renewal {
        Renewal::Ended(day) => format!("Chữ ký số đã hết hạn {}, cần gia hạn", month_words(day)),
        Renewal::EndsSoon(day) => format!("Chữ ký số sắp hết hạn {}, nên gia hạn", month_words(day)),
    }
}

/// Whom else this person was helped by.
fn helped_too(door: Door, view: &ResidentView) -> Option<String> {
    let me = door.state.me();
    let others: Vec<String> =
        view.helpers.iter().filter(|helper| **helper != me).map(|helper| door.member_name(*helper)).collect();
    match (others.is_empty(), view.helpers.contains(&me)) {
        (true, _) => None,
        (false, true) => Some(format!("Đã cùng hỗ trợ với {}", others.join(", "))),
        (false, false) => Some(format!("{} đã hỗ trợ", others.join(", "))),
    }
}
