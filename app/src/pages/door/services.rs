//! All steps of one service for one person, in plain words, and how it came about.

use domain::DocId;
use domain::coverage::ServiceState;
use domain::service::{Origin, Service, Step};
use leptos::prelude::*;

use super::{Door, marks};
use crate::components::{Button, ButtonKind, ChipOption, Choice, ChoiceOption, FilterChips, Notice};

/// A provider that the person does not remember.
const NO_PROVIDER: &str = "";

#[component]
pub fn Steps(id: DocId, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    let current = untrack(|| {
        let person = door.person(id);
        person.with(|person| person.as_ref().and_then(|person| person.service(service).cloned()))
    });
    let done = door.campaign.with_untracked(|campaign| marks::done_step(campaign, service));
    let step = RwSignal::new(current.as_ref().map_or(done, |reached| reached.step.max(done)));
    // How an earlier step came about says nothing of the one that is done now.
    let at_step = current.as_ref().filter(|reached| reached.step == step.get_untracked() && has_origin(reached.step));
    let origin = RwSignal::new(at_step.map_or(Origin::NewlyInstalled, |reached| reached.origin));
    let provider =
        RwSignal::new(current.as_ref().map_or_else(|| NO_PROVIDER.to_owned(), |reached| reached.provider.clone()));
    // Only its author writes a record anew: the result stays theirs. Taking back is also the lead's.
    let me = untrack(|| door.state.me());
    let own = current.as_ref().filter(|reached| reached.member == me).map(|reached| reached.outcome);
    let removable =
        current.as_ref().filter(|reached| untrack(|| door.is_mine(reached.member))).map(|reached| reached.outcome);
    let before = StoredValue::new(current.clone());
    let is_unchanged = move || {
        let (step, origin) = (step.get(), origin_of(step.get(), origin.get()));
        let is_told = |old: &ServiceState| {
            old.step == step && old.origin == origin && provider.with(|provider| *provider == old.provider)
        };
        own.is_some() && before.with_value(|before| before.as_ref().is_some_and(is_told))
    };
    let blocked = Signal::derive(move || {
        let is_further = before.with_value(|before| before.as_ref().is_none_or(|before| step.get() > before.step));
        own.is_none() && !is_further
    });
    let save = move |()| {
        let chosen = step.get_untracked();
        // An earlier step, or the same one told otherwise, takes the place of one's own record; a later one follows it.
        let replaces = own.filter(|_| before.with_value(|old| old.as_ref().is_some_and(|old| chosen <= old.step)));
        let provider = Some(provider.get_untracked()).filter(|name| name != NO_PROVIDER);
        let outcomes = vec![(chosen, origin_of(chosen, origin.get_untracked()))];
        door.close();
        door.save(format!("{}, {}", service.short_label(), untrack(|| door.name_of(id))), async move {
            door.state.record_outcomes(door.area, door.household, id, outcomes, provider, replaces).await.map(Some)
        });
    };
    let take_back = move |()| {
        let Some(fact) = removable else { return };
        door.close();
        door.save(format!("bỏ ghi nhận {}", service.short_label()), async move {
            door.state.correct(door.area, fact).await.map(Some)
        });
    };
    let options: Vec<ChoiceOption> = service.steps().iter().map(|step| option(*step)).collect();
    let step_name = Signal::derive(move || Some(step.get().name().to_owned()));
    let choose = move |key: String| {
        if let Some(chosen) = Step::from_name(&key) {
            if before.with_value(|before| before.as_ref().is_some_and(|before| chosen > before.step)) {
                origin.set(Origin::NewlyInstalled);
            }
            step.set(chosen);
        }
    };
    view! {
        {current.map(|reached| view! { <p class="door-sheet__told" data-testid="step-now">{now(door, &reached)}</p> })}
        <Choice legend="Đã đến bước nào" options selected=step_name on_choose=choose testid="steps" />
        <Show when=move || has_origin(step.get())>
            <OriginChips origin />
            <Show when=move || service == Service::PublicSignature>
                <ProviderChips provider />
            </Show>
        </Show>
        <Show when=move || blocked.get()>
            <Notice title="Bước này người khác đã ghi" detail="Chọn bước sau đó, hoặc nhờ tổ trưởng sửa lại." testid="step-blocked" />
        </Show>
        <div class="sheet__actions">
            {removable.is_some().then(|| view! {
                <Button kind=ButtonKind::Danger on_press=take_back testid="step-correct">"Bỏ ghi nhận này"</Button>
            })}
            <Button disabled=Signal::derive(move || blocked.get() || is_unchanged()) on_press=save testid="step-save">"Lưu"</Button>
        </div>
    }
}

/// "Đã đăng ký · Cài mới · 21/11/2026 · Bạn ghi, chưa gửi"
fn now(door: Door, reached: &ServiceState) -> String {
    let mut parts = vec![reached.step.label()];
    if has_origin(reached.step) {
        parts.push(reached.origin.label());
    }
    let sent = if reached.accepted { "" } else { ", chưa gửi" };
    let by = untrack(|| door.member_name(reached.member));
    format!("Đang ghi: {} · {} · {by}{sent}", parts.join(" · "), reached.day.vietnamese())
}

/// A step in words that need no training.
fn option(step: Step) -> ChoiceOption {
    let words = match step {
        Step::ReferredToPolice => "Chưa làm, đã hẹn ra Công an xã, phường",
        Step::SubmittedAtPolice => "Đang chờ được cấp",
        Step::IssuedNotActivated => "Có tin nhắn báo đã cấp, chưa mở trong VNeID",
        Step::Activated => "Đăng nhập được VNeID mức độ 2",
        Step::NotInsured => "Không có thẻ để tích hợp",
        Step::CardIntegrated => "Thấy thẻ BHYT trong VNeID",
        Step::RecordOpened => "Mở xem được Sổ sức khỏe điện tử",
        Step::Guided => "Đã nghe, đã xem cách làm; chưa cài",
        Step::Registered => "Đã gửi yêu cầu cho nhà cung cấp",
        Step::SignatureActivated => "Ký thử được",
        Step::Used => "Đã ký ít nhất một lần",
    };
    ChoiceOption::new(step.name(), step.label()).detail(words)
}

/// Whether it makes a difference how this step came about.
fn has_origin(step: Step) -> bool {
    !matches!(step, Step::ReferredToPolice | Step::NotInsured)
}

fn origin_of(step: Step, chosen: Origin) -> Origin {
    match step {
        Step::ReferredToPolice => Origin::NewlyInstalled,
        // Nobody's help brought this about.
        Step::NotInsured => Origin::PreExisting,
        _ => chosen,
    }
}

#[component]
fn OriginChips(origin: RwSignal<Origin>) -> impl IntoView {
    let options: Vec<ChipOption> =
        Origin::ALL.into_iter().map(|origin| ChipOption::new(origin.name(), origin.label())).collect();
    let choose = move |key: String| {
        if let Some(chosen) = Origin::from_name(&key) {
            origin.set(chosen);
        }
    };
    view! {
        <div class="door-sheet__group chips-wrapped">
            <p class="door-sheet__legend">"Cài mới hay đã có"</p>
            <FilterChips
                label="Cài mới hay đã có"
                options
                selected=Signal::derive(move || origin.get().name().to_owned())
                on_select=choose
                testid="origin"
            />
        </div>
    }
}

#[component]
fn ProviderChips(provider: RwSignal<String>) -> impl IntoView {
    let door: Door = expect_context();
    let options = Signal::derive(move || {
        let mut options: Vec<ChipOption> =
            door.campaign.with(|campaign| campaign.providers.iter().map(|name| ChipOption::new(name, name)).collect());
        options.push(ChipOption::new(NO_PROVIDER, "Chưa rõ"));
        options
    });
    view! {
        <Show when=move || { options.with(Vec::len) > 1 }>
            <div class="door-sheet__group chips-wrapped">
                <p class="door-sheet__legend">"Nhà cung cấp"</p>
                <FilterChips
                    label="Nhà cung cấp"
                    options
                    selected=provider
                    on_select=move |key| provider.set(key)
                    testid="provider"
                />
            </div>
        </Show>
    }
}
