//! The three services that residents are helped to, their steps, and what counts as done.

use serde::{Deserialize, Serialize};

/// A service of the plans (CD25 names all three; the others ask for the signature).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Tài khoản định danh điện tử mức độ 2 (VNeID).
    EidLevel2,
    /// Thẻ BHYT and Sổ sức khỏe điện tử on VNeID.
    HealthRecord,
    /// Chữ ký số công cộng.
    PublicSignature,
}

/// How far a resident has come. The order within a service is the order of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    ReferredToPolice,
    SubmittedAtPolice,
    IssuedNotActivated,
    Activated,
    /// Has no health insurance: nothing to link, said so that nobody asks again. Not "done".
    NotInsured,
    CardIntegrated,
    RecordOpened,
    /// Told about it and shown how, nothing installed yet: some groups' targets count this (X10).
    Guided,
    Registered,
    SignatureActivated,
    Used,
}

impl Service {
    pub const ALL: [Service; 3] = [Service::EidLevel2, Service::HealthRecord, Service::PublicSignature];

    /// The plans' word.
    pub fn label(self) -> &'static str {
        match self {
            Service::EidLevel2 => "Định danh mức độ 2",
            Service::HealthRecord => "BHYT, Sổ sức khỏe điện tử",
            Service::PublicSignature => "Chữ ký số công cộng",
        }
    }

    /// For a button at the door.
    pub fn short_label(self) -> &'static str {
        match self {
            Service::EidLevel2 => "Mức độ 2",
            Service::HealthRecord => "Sổ sức khỏe",
            Service::PublicSignature => "Chữ ký số",
        }
    }

    pub fn steps(self) -> &'static [Step] {
        match self {
            Service::EidLevel2 => {
                &[Step::ReferredToPolice, Step::SubmittedAtPolice, Step::IssuedNotActivated, Step::Activated]
            }
            Service::HealthRecord => &[Step::NotInsured, Step::CardIntegrated, Step::RecordOpened],
            Service::PublicSignature => &[Step::Guided, Step::Registered, Step::SignatureActivated, Step::Used],
        }
    }

    pub fn index(self) -> usize {
        self as usize
    }
}

impl Step {
    pub const ALL: [Step; 11] = [
        Step::ReferredToPolice,
        Step::SubmittedAtPolice,
        Step::IssuedNotActivated,
        Step::Activated,
        Step::NotInsured,
        Step::CardIntegrated,
        Step::RecordOpened,
        Step::Guided,
        Step::Registered,
        Step::SignatureActivated,
        Step::Used,
    ];

    pub fn service(self) -> Service {
        match self {
            Step::ReferredToPolice | Step::SubmittedAtPolice | Step::IssuedNotActivated | Step::Activated => {
                Service::EidLevel2
            }
            Step::NotInsured | Step::CardIntegrated | Step::RecordOpened => Service::HealthRecord,
            Step::Guided | Step::Registered | Step::SignatureActivated | Step::Used => Service::PublicSignature,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Step::ReferredToPolice => "Hẹn đến Công an",
            Step::SubmittedAtPolice => "Đã làm hồ sơ tại Công an",
            Step::IssuedNotActivated => "Đã được cấp, chưa kích hoạt",
            Step::Activated | Step::SignatureActivated => "Đã kích hoạt",
            Step::NotInsured => "Chưa tham gia BHYT",
            Step::CardIntegrated => "Đã tích hợp thẻ BHYT",
            Step::RecordOpened => "Đã mở Sổ sức khỏe",
            Step::Guided => "Đã được hướng dẫn",
            Step::Registered => "Đã đăng ký",
            Step::Used => "Đã sử dụng",
        }
    }

    /// Whether having come this far includes `other`: a used signature has been registered.
    pub fn includes(self, other: Step) -> bool {
        self.service() == other.service() && self >= other && (other != Step::NotInsured || self == other)
    }

    pub fn name(self) -> &'static str {
        match self {
            Step::ReferredToPolice => "referred_to_police",
            Step::SubmittedAtPolice => "submitted_at_police",
            Step::IssuedNotActivated => "issued_not_activated",
            Step::Activated => "activated",
            Step::NotInsured => "not_insured",
            Step::CardIntegrated => "card_integrated",
            Step::RecordOpened => "record_opened",
            Step::Guided => "guided",
            Step::Registered => "registered",
            Step::SignatureActivated => "signature_activated",
            Step::Used => "used",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// How a resident came to have reached a step. Only `NewlyInstalled` is "cài mới" in the plans' reports (BK26:57).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Cài mới, with a helper.
    NewlyInstalled,
    /// Gia hạn, with a helper. Work, but not new (X16).
    Renewed,
    /// Đã có từ trước: counts towards the share of adults, not towards anyone's fifteen.
    PreExisting,
    /// Tự làm: the resident did it alone.
    SelfDone,
}

impl Origin {
    pub const ALL: [Origin; 4] = [Origin::NewlyInstalled, Origin::Renewed, Origin::PreExisting, Origin::SelfDone];

    pub fn label(self) -> &'static str {
        match self {
            Origin::NewlyInstalled => "Cài mới",
            Origin::Renewed => "Gia hạn",
            Origin::PreExisting => "Đã có từ trước",
            Origin::SelfDone => "Tự làm",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Origin::NewlyInstalled => "newly_installed",
            Origin::Renewed => "renewed",
            Origin::PreExisting => "pre_existing",
            Origin::SelfDone => "self_done",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }

    /// Whether a helper did the work: only this earns credit.
    pub fn is_assisted(self) -> bool {
        matches!(self, Origin::NewlyInstalled | Origin::Renewed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_belongs_to_the_service_that_lists_it() {
        for service in Service::ALL {
            for &step in service.steps() {
                assert_eq!(step.service(), service);
                assert_eq!(Step::from_name(step.name()), Some(step));
            }
        }
        assert_eq!(Service::ALL.iter().map(|service| service.steps().len()).sum::<usize>(), Step::ALL.len());
    }

    #[test]
    fn a_later_step_includes_the_earlier_ones_of_its_service_only() {
        assert!(Step::Used.includes(Step::Registered));
        assert!(!Step::Registered.includes(Step::Used));
        assert!(!Step::Used.includes(Step::Activated));
        assert!(!Step::CardIntegrated.includes(Step::NotInsured));
    }
}
