//! What else there is for a person: what was there before we came, the next best step, and their place in the list.

use domain::DocId;
use domain::coverage::ResidentView;
use domain::people::Gone;
use domain::service::{Origin, Service, Step};
use leptos::prelude::*;

use super::before::Before;
use super::{Dialog, Door, marks, moving};
use crate::components::{Button, ButtonKind, ButtonLink, Choice, ChoiceOption, IconName};
use crate::state::{Meeting, Told};

#[component]
pub fn More(id: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let person = door.person(id);
    let is_served =
        Memo::new(move |_| person.with(|person| person.as_ref().is_some_and(|view| view.eligible != Some(false))));
    view! {
        <Show when=move || is_served.get()>
            <Together id />
            <fieldset class="door-sheet__group">
                <legend class="door-sheet__legend">"Đã có từ trước"</legend>
                <For each=move || asked(door) key=|service| *service children=move |service| view! { <Before id service /> } />
            </fieldset>
            <Referrals id />
            <div class="door-sheet__group">
                <p class="door-sheet__legend">"Bước khác, gia hạn, sửa lại"</p>
                <div class="door-sheet__row">
                    <For each=move || asked(door) key=|service| *service children=move |service| view! { <ToSteps id service /> } />
                </div>
            </div>
        </Show>
        <Place id />
    }
}

fn asked(door: Door) -> Vec<Service> {
    door.campaign.with(|campaign| marks::asked(campaign))
}

/// The services that nothing is known of yet, with the step that one tap records.
fn open_steps(door: Door, person: Option<&ResidentView>) -> Vec<Step> {
    let Some(person) = person else { return Vec::new() };
    door.campaign.with(|campaign| {
        let open = marks::asked(campaign).into_iter().filter(|service| {
            let done = marks::done_step(campaign, *service);
            person.service(*service).is_none_or(|reached| !reached.step.includes(done))
        });
        open.map(|service| marks::done_step(campaign, service)).collect()
    })
}

/// All that is still open, in one tap.
#[component]
fn Together(id: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let person = door.person(id);
    let open = Memo::new(move |_| person.with(|person| open_steps(door, person.as_ref())));
    let record = move |origin: Origin| {
        let steps = open.get_untracked();
        let what = format!("{} việc, {}", steps.len(), untrack(|| door.name_of(id)));
        door.close();
        door.save(what, async move {
            let steps = steps.into_iter().map(|step| (step, origin)).collect();
            door.state.record_outcomes(door.area, door.meeting, id, Told::steps(steps)).await.map(Some)
        });
    };
    view! {
        <Show when=move || { open.with(Vec::len) > 1 }>
            <div class="sheet__actions">
                <Button icon=IconName::CheckCircle on_press=move |()| record(Origin::NewlyInstalled) testid="all-done">
                    {move || format!("Xong cả {}", open.with(Vec::len))}
                </Button>
                <Button kind=ButtonKind::Secondary icon=IconName::Check on_press=move |()| record(Origin::PreExisting) testid="all-before">
                    {move || format!("Có từ trước cả {}", open.with(Vec::len))}
                </Button>
            </div>
        </Show>
    }
}

/// Where the way goes on elsewhere: to the police, or nowhere for want of an insurance.
#[component]
fn Referrals(id: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let person = door.person(id);
    let is_open = move |step: Step| {
        asked(door).contains(&step.service())
            && person.with(|person| person.as_ref().is_some_and(|view| view.service(step.service()).is_none()))
    };
    let record = move |step: Step, origin: Origin| {
        door.close();
        door.save(format!("{}, {}", step.label(), untrack(|| door.name_of(id))), async move {
            door.state.record_step(door.area, door.meeting, id, step, origin).await.map(Some)
        });
    };
    let is_guided_counted = move || {
        person.with(|person| {
            let counts =
                |person: &ResidentView| door.campaign.with(|campaign| marks::counts_guidance(person, campaign));
            person.as_ref().is_some_and(counts)
        })
    };
    // Difficulties belong to a knock.
    let household = match door.meeting {
        Meeting::AtDoor(household) => Some(household),
        Meeting::AtPoint(_) => None,
    };
    view! {
        <div class="sheet__actions">
            <Show when=move || is_open(Step::ReferredToPolice)>
                <Button
                    kind=ButtonKind::Secondary
                    icon=IconName::Shield
                    on_press=move |()| record(Step::ReferredToPolice, Origin::NewlyInstalled)
                    testid="refer-police"
                >
                    "Hẹn đến Công an"
                </Button>
            </Show>
            <Show when=move || is_open(Step::NotInsured)>
                <Button
                    kind=ButtonKind::Secondary
                    icon=IconName::HealthBook
                    // Nobody's help brought this about.
                    on_press=move |()| record(Step::NotInsured, Origin::PreExisting)
                    testid="not-insured"
                >
                    "Chưa tham gia BHYT"
                </Button>
            </Show>
            <Show when=move || is_guided_counted() && is_open(Step::Guided)>
                <Button
                    kind=ButtonKind::Secondary
                    icon=IconName::Signature
                    on_press=move |()| record(Step::Guided, Origin::NewlyInstalled)
                    testid="guided"
                >
                    "Đã được hướng dẫn"
                </Button>
            </Show>
            {household.map(|household| view! {
                <Button
                    kind=ButtonKind::Secondary
                    icon=IconName::Warning
                    on_press=move |()| door.dialog.set(Dialog::Difficulties(household))
                    testid="more-difficulties"
                >
                    "Khó khăn"
                </Button>
            })}
        </div>
    }
}

#[component]
fn ToSteps(id: DocId, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    view! {
        <Button
            kind=ButtonKind::Secondary
            on_press=move |()| door.dialog.set(Dialog::Steps(id, service))
            testid=format!("steps-{}", marks::key(service))
        >
            {service.short_label()}
        </Button>
    }
}

/// The person's place in the list.
#[component]
fn Place(id: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let asks = RwSignal::new(false);
    let options = [
        (Gone::MovedAway, "Chuyển đi nơi khác"),
        (Gone::Deceased, "Đã mất"),
        (Gone::Deleted, "Ghi nhầm, không có người này"),
    ];
    let options = options.map(|(gone, words)| ChoiceOption::new(gone.name(), words)).to_vec();
    let edit = match door.meeting {
        Meeting::AtDoor(household) => format!("/ho/{household}/nguoi/{id}"),
        Meeting::AtPoint(_) => format!("/diem/{id}/sua"),
    };
    let leave = move |key: String| {
        let Some(gone) = Gone::ALL.into_iter().find(|gone| gone.name() == key) else { return };
        let name = untrack(|| door.name_of(id));
        door.close();
        door.save(format!("{name}, {}", gone.label().to_lowercase()), door.set_gone(id, Some(gone)));
    };
    view! {
        <div class="door-sheet__group">
            <p class="door-sheet__legend">"Thông tin người này"</p>
            <ButtonLink
                kind=ButtonKind::Secondary
                icon=IconName::Edit
                href=edit
                testid="edit-resident"
            >
                "Sửa họ tên, năm sinh"
            </ButtonLink>
            <Show
                when=move || asks.get()
                fallback=move || view! {
                    <Button kind=ButtonKind::Quiet on_press=move |()| asks.set(true) testid="gone-ask">"Không còn ở đây…"</Button>
                }
            >
                <Choice legend="Vì sao không còn ở đây" options=options.clone() on_choose=leave testid="gone-why" />
            </Show>
            <moving::ToMoving dialog=Dialog::MovePerson(id) words="Chuyển sang địa bàn khác…" testid="move-person" />
        </div>
    }
}
