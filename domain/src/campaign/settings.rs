//! Whom a plan counts, what it asks for, and where the work is done.

use serde::{Deserialize, Serialize};

use crate::Day;
use crate::place::AreaKind;
use crate::service::{Service, Step};

/// "đủ từ 15 tuổi" is inclusive, "trên 15 tuổi" is not (BK26:79 against BK26:149).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeRule {
    pub years: u32,
    pub inclusive: bool,
}

impl AgeRule {
    /// The plan names no age, only "dân số trưởng thành" (TN25, TH26; X12). It admits everyone.
    pub const UNSTATED: Self = Self { years: 0, inclusive: true };

    pub(super) fn unstated() -> Self {
        Self::UNSTATED
    }

    pub fn is_unstated(&self) -> bool {
        *self == Self::UNSTATED
    }

    pub fn admits(self, age: i64) -> bool {
        if self.inclusive { age >= i64::from(self.years) } else { age > i64::from(self.years) }
    }

    /// Whether it takes in on `day` who was born in the year `born`. Lists often have a year only (domain facts 4.3), so a
    /// person is as old as the difference of years.
    pub fn takes_in(self, born: i64, day: Day) -> bool {
        self.admits(i64::from(day.year()).saturating_sub(born))
    }

    /// "từ đủ 15 tuổi", "trên 15 tuổi", and the plans' own word where they name no age.
    pub fn label(self) -> String {
        if self.is_unstated() {
            "trưởng thành".to_owned()
        } else if self.inclusive {
            format!("từ đủ {} tuổi", self.years)
        } else {
            format!("trên {} tuổi", self.years)
        }
    }
}

/// A service that the campaign asks for, and the step from which it counts as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceGoal {
    pub service: Service,
    pub done: Step,
    /// The plan's own word for it; empty for the usual one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

impl ServiceGoal {
    pub fn new(service: Service, done: Step) -> Self {
        Self { service, done, label: String::new() }
    }
}

/// The number that shares refer to: entered, dated, with its source (X7), never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denominator {
    pub people: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
    #[serde(default)]
    pub source: String,
    /// People who already had a signature when the plan was written, by the plan's own count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<u64>,
}

/// People whom the plan counts apart. Residents name the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationGroup {
    pub key: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Denominator>,
}

/// Where somebody was helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Tại nhà: at the door.
    Home,
    CulturalHouse,
    School,
    HealthStation,
    PoliceStation,
    OneStopCentre,
}

impl Channel {
    pub const ALL: [Channel; 6] = [
        Channel::Home,
        Channel::CulturalHouse,
        Channel::School,
        Channel::HealthStation,
        Channel::PoliceStation,
        Channel::OneStopCentre,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Channel::Home => "Tại nhà",
            Channel::CulturalHouse => "Nhà văn hóa",
            Channel::School => "Trường học",
            Channel::HealthStation => "Trạm y tế",
            Channel::PoliceStation => "Công an",
            Channel::OneStopCentre => "Trung tâm Phục vụ hành chính công",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Channel::Home => "home",
            Channel::CulturalHouse => "cultural_house",
            Channel::School => "school",
            Channel::HealthStation => "health_station",
            Channel::PoliceStation => "police_station",
            Channel::OneStopCentre => "one_stop_centre",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// Where people are helped who come to a place of this kind.
    pub fn of_area(kind: AreaKind) -> Self {
        match kind {
            AreaKind::School => Channel::School,
            AreaKind::HealthStation => Channel::HealthStation,
            AreaKind::PoliceStation => Channel::PoliceStation,
            AreaKind::OneStopCentre => Channel::OneStopCentre,
            AreaKind::CulturalHouse => Channel::CulturalHouse,
            AreaKind::ToDanPho
            | AreaKind::Thon
            | AreaKind::Ap
            | AreaKind::Ban
            | AreaKind::Xom
            | AreaKind::Khu
            | AreaKind::Commune => Channel::Home,
        }
    }
}

/// A commune in a province's plan: its number of adults and the number of signatures recommended to it (TN25, appendix).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub name: String,
    /// "Xã" or "Phường".
    pub kind: String,
    pub adults: u64,
    pub recommended: u64,
}

impl Unit {
    /// "Xã Chợ Đồn".
    pub fn title(&self) -> String {
        format!("{} {}", self.kind, self.name).trim().to_owned()
    }
}
