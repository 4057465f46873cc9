//! The boxes of a person on paper: one for each step that the plan's services ask for, and how it came about.

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::coverage::ResidentView;
use crate::service::{Origin, Service, Step};

/// What a ticked box says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tick {
    pub step: Step,
    pub origin: Origin,
}

/// A box as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxState {
    Open,
    /// The program knows this already.
    Filled,
    /// Nothing to say: what somebody did with a helper they did not have before.
    Moot,
}

/// The boxes that a plan asks for, service by service. Who did it is as important as what: without "có sẵn" everything that
/// was there before would come back from paper as "cài mới" (BK26:57), so each service has a box for that.
pub fn ticks(campaign: &Campaign) -> Vec<Tick> {
    let mut boxes = Vec::new();
    for goal in &campaign.services {
        let mut steps: Vec<Step> = usual_steps(goal.service).to_vec();
        steps.push(goal.done);
        steps.sort_unstable();
        steps.dedup();
        boxes.extend(steps.into_iter().map(|step| Tick { step, origin: Origin::NewlyInstalled }));
        if goal.service == Service::PublicSignature {
            boxes.push(Tick { step: goal.done, origin: Origin::Renewed });
        }
        boxes.push(Tick { step: goal.done, origin: Origin::PreExisting });
    }
    boxes
}

/// The steps at which a round ends at a door. Paper has no room for those in between.
fn usual_steps(service: Service) -> &'static [Step] {
    match service {
        Service::EidLevel2 => &[Step::ReferredToPolice, Step::Activated],
        Service::HealthRecord => &[Step::CardIntegrated, Step::RecordOpened],
        Service::PublicSignature => &[Step::Registered, Step::SignatureActivated, Step::Used],
    }
}

impl Tick {
    /// A word or two, for the head of a narrow column.
    pub fn label(self) -> &'static str {
        match self.origin {
            Origin::PreExisting => "Có sẵn",
            Origin::Renewed => "Gia hạn",
            Origin::SelfDone => "Tự làm",
            Origin::NewlyInstalled => match self.step {
                Step::ReferredToPolice => "Hẹn Công an",
                Step::SubmittedAtPolice => "Làm hồ sơ",
                Step::IssuedNotActivated => "Được cấp",
                Step::Activated | Step::SignatureActivated => "Kích hoạt",
                Step::NotInsured => "Không có BHYT",
                Step::CardIntegrated => "Thẻ BHYT",
                Step::RecordOpened => "Mở sổ",
                Step::Guided => "Hướng dẫn",
                Step::Registered => "Đăng ký",
                Step::Used => "Sử dụng",
            },
        }
    }

    /// How the box of this person is printed.
    pub fn of(self, person: &ResidentView) -> BoxState {
        let Some(state) = person.service(self.step.service()) else { return BoxState::Open };
        let is_reached = state.step.includes(self.step);
        match self.origin {
            Origin::NewlyInstalled | Origin::SelfDone if is_reached => BoxState::Filled,
            Origin::PreExisting if is_reached => {
                let was_there = state.firsts.get(&self.step).is_some_and(|first| first.origin == Origin::PreExisting);
                if was_there { BoxState::Filled } else { BoxState::Moot }
            }
            Origin::Renewed if state.renewals.contains_key(&self.step) => BoxState::Filled,
            _ => BoxState::Open,
        }
    }
}
