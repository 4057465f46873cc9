//! What a knock on a door came to: one word, one shape and one colour wherever it is shown.

use super::IconName;

/// The state of a household as the list and the coverage bar show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DoorState {
    #[default]
    NotYet,
    Reached,
    Absent,
    Appointment,
    Refused,
    MovedAway,
}

impl DoorState {
    /// The name in `data-state`, in style sheets and in tests.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotYet => "not-yet",
            Self::Reached => "reached",
            Self::Absent => "absent",
            Self::Appointment => "appointment",
            Self::Refused => "refused",
            Self::MovedAway => "moved-away",
        }
    }

    /// The word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotYet => "Chưa đến",
            Self::Reached => "Đã tiếp cận",
            Self::Absent => "Vắng nhà",
            Self::Appointment => "Hẹn lại",
            Self::Refused => "Từ chối",
            Self::MovedAway => "Chuyển đi",
        }
    }

    /// The shape: no two states share one, so colour is never the only difference.
    pub fn icon(self) -> IconName {
        match self {
            Self::NotYet => IconName::Circle,
            Self::Reached => IconName::CheckCircle,
            Self::Absent => IconName::Door,
            Self::Appointment => IconName::Clock,
            Self::Refused => IconName::Refuse,
            Self::MovedAway => IconName::MoveAway,
        }
    }
}
