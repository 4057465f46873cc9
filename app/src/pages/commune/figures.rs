//! The commune's sums: households, and for each service who has it in all and who has it newly.

use domain::campaign::Campaign;
use domain::number::{grouped, percent_whole};
use domain::service::{Service, Step};
use domain::summary::{StepCount, Summary};
use leptos::prelude::*;

use crate::components::{IconName, StatTile};

use super::Commune;

/// From which step on a service counts as done: as the plan says, else when it works.
pub fn done_step(plan: &Campaign, service: Service) -> Step {
    plan.done_step(service).unwrap_or(match service {
        Service::EidLevel2 => Step::Activated,
        Service::HealthRecord => Step::CardIntegrated,
        Service::PublicSignature => Step::SignatureActivated,
    })
}

pub fn of_service(plan: &Campaign, summary: &Summary, service: Service) -> StepCount {
    summary.steps.get(&done_step(plan, service)).copied().unwrap_or_default()
}

#[component]
pub fn Figures(commune: Commune) -> impl IntoView {
    let figure =
        move |read: fn(&Summary) -> u64| Signal::derive(move || commune.total.with(|total| grouped(read(total))));
    let share = move |read: fn(&Summary) -> (u64, u64), what: &'static str| {
        Signal::derive(move || {
            let (part, all) = commune.total.with(read);
            let share = percent_whole(part, all).map(|share| format!(" ({share})")).unwrap_or_default();
            Some(format!("trên {} {what}{share}", grouped(all)))
        })
    };
    view! {
        <section class="section">
            <h2 class="section__title">"Tổ ghi nhận"</h2>
            <div class="tiles">
                <ServiceTile commune service=Service::EidLevel2 icon=IconName::IdCard testid="tile-eid" />
                <ServiceTile commune service=Service::HealthRecord icon=IconName::HealthBook testid="tile-health" />
                <ServiceTile commune service=Service::PublicSignature icon=IconName::Signature testid="tile-signature" />
                <StatTile
                    label="Người xong đủ dịch vụ"
                    value=figure(|total| total.complete)
                    hint=share(|total| (total.complete, total.eligible), "người đủ tuổi")
                    icon=IconName::Check
                    testid="tile-complete"
                />
                <StatTile
                    label="Hộ có người thành thạo"
                    value=figure(|total| total.proficient_households)
                    hint=share(|total| (total.proficient_households, total.doors.total()), "hộ")
                    icon=IconName::Star
                    testid="tile-proficient"
                />
                <StatTile
                    label="Hộ ưu tiên chưa tiếp cận"
                    value=figure(|total| total.priority_households - total.priority_reached)
                    hint=share(
                        |total| (total.priority_households - total.priority_reached, total.priority_households),
                        "hộ ưu tiên",
                    )
                    icon=IconName::Flag
                    testid="tile-priority"
                />
            </div>
        </section>
    }
}

/// All who have it, and what that is made of: stock and new are never one number.
#[component]
fn ServiceTile(commune: Commune, service: Service, icon: IconName, testid: &'static str) -> impl IntoView {
    let counted =
        Memo::new(move |_| commune.campaign.with(|plan| commune.total.with(|total| of_service(plan, total, service))));
    let hint = move || {
        let StepCount { new, renewed, pre_existing, self_done, .. } = counted.get();
        let parts = [(new, "cài mới"), (pre_existing, "đã có từ trước"), (renewed, "gia hạn"), (self_done, "tự làm")];
        // The first two are always told, the others when there are any.
        let told = parts.iter().enumerate().filter(|(place, (number, _))| *place < 2 || *number > 0);
        told.map(|(_, (number, what))| format!("{} {what}", grouped(*number))).collect::<Vec<_>>().join(" · ")
    };
    view! {
        <StatTile
            label=service.label()
            value=Signal::derive(move || grouped(counted.get().stock))
            hint=Signal::derive(move || Some(hint()))
            icon
            testid
        />
    }
}
