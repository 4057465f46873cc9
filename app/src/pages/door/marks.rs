//! How far a person is, in the words and shapes of the screen. The row in the list and the card at the door say the same.

use domain::campaign::{Campaign, Measure, Target};
use domain::coverage::ResidentView;
use domain::service::{Origin, Service, Step};

use crate::components::{IconName, ServiceState};

/// The services that this campaign asks for; all three while it has not arrived.
pub fn asked(campaign: &Campaign) -> Vec<Service> {
    let asked = |service: &Service| campaign.services.is_empty() || campaign.done_step(*service).is_some();
    Service::ALL.into_iter().filter(asked).collect()
}

/// The step that one tap records.
pub fn done_step(campaign: &Campaign, service: Service) -> Step {
    campaign.done_step(service).unwrap_or(match service {
        Service::EidLevel2 => Step::Activated,
        Service::HealthRecord => Step::CardIntegrated,
        Service::PublicSignature => Step::SignatureActivated,
    })
}

pub fn icon(service: Service) -> IconName {
    match service {
        Service::EidLevel2 => IconName::IdCard,
        Service::HealthRecord => IconName::HealthBook,
        Service::PublicSignature => IconName::Signature,
    }
}

/// The name of a service in `data-service`.
pub fn key(service: Service) -> &'static str {
    match service {
        Service::EidLevel2 => "eid_level2",
        Service::HealthRecord => "health_record",
        Service::PublicSignature => "public_signature",
    }
}

/// Whether the plan counts it when somebody of this person's groups was only shown how (X10).
pub fn counts_guidance(person: &ResidentView, campaign: &Campaign) -> bool {
    let is_theirs = |group: &Option<String>| group.as_ref().is_none_or(|key| person.resident.groups.contains(key));
    let guides = |target: &Target| target.measure == Measure::Step(Step::Guided) && is_theirs(&target.group);
    campaign.targets.iter().any(guides)
}

/// The shape of a mark.
pub fn state(person: &ResidentView, service: Service, campaign: &Campaign) -> ServiceState {
    let Some(reached) = person.service(service) else {
        let is_for_them = person.eligible != Some(false) && asked(campaign).contains(&service);
        return if is_for_them { ServiceState::Unknown } else { ServiceState::NotApplicable };
    };
    match reached.step {
        step if step.includes(done_step(campaign, service)) && reached.origin == Origin::PreExisting => {
            ServiceState::PreExisting
        }
        step if step.includes(done_step(campaign, service)) => ServiceState::Done,
        Step::ReferredToPolice => ServiceState::Referred,
        // Known to have no insurance: nothing is on its way.
        Step::NotInsured => ServiceState::None,
        _ => ServiceState::Partial,
    }
}

pub fn states(person: &ResidentView, campaign: &Campaign) -> [ServiceState; 3] {
    Service::ALL.map(|service| state(person, service, campaign))
}

/// The word beneath a mark; `None` leaves the usual word of the state.
pub fn words(person: &ResidentView, service: Service) -> Option<String> {
    let reached = person.service(service)?;
    Some(match (reached.origin, reached.step) {
        (_, step @ (Step::NotInsured | Step::ReferredToPolice)) | (Origin::NewlyInstalled | Origin::SelfDone, step) => {
            step.label().to_owned()
        }
        (Origin::PreExisting, _) => Origin::PreExisting.label().to_owned(),
        (Origin::Renewed, _) => "Đã gia hạn".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use domain::campaign::{Amount, Comparator, Counted};
    use domain::coverage::{AreaView, Shown};
    use domain::{Day, DocId, Document, InstallId, Kind, Stamp};

    use super::*;

    #[test]
    fn guidance_counts_for_the_group_whose_target_it_is() {
        let guided = |group: &str| Target {
            label: String::new(),
            measure: Measure::Step(Step::Guided),
            group: Some(group.to_owned()),
            counted: Counted::Stock,
            comparator: Comparator::AtLeast,
            amount: Amount::BasisPoints(8_000),
            deadline: None,
        };
        let plan = |targets| Campaign { targets, ..Campaign::asking_nothing() };
        let at = Stamp { ms: 1, counter: 0, install: InstallId(1) };
        let id = DocId::from_u128(1);
        let pupil = Document::description(id, Kind::Resident).with(at, [("groups", ["pupils"].into_iter().collect())]);
        let view = AreaView::build([Shown { doc: &pupil, accepted: None }], &plan(Vec::new()), Day::at_ms(1));
        assert!(counts_guidance(&view.residents[&id], &plan(vec![guided("pupils")])));
        assert!(!counts_guidance(&view.residents[&id], &plan(vec![guided("workers")])));
        assert!(!counts_guidance(&view.residents[&id], &plan(Vec::new())));
    }
}
