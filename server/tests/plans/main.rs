//! The five plans at work: each preset on a made population, and every figure that the plans name, with the arithmetic of
//! where they contradict themselves (X1, X2, …).

mod ages;
mod counting;
mod editor;
mod population;
mod province;
mod slots;
mod targets;

use domain::Day;
use domain::campaign::Campaign;

pub const BAC_KAN: &str = "bac-kan-2026";
pub const THAI_NGUYEN: &str = "thai-nguyen-2025";
pub const TAN_HOI: &str = "tan-hoi-2026";
pub const NGOK_BAY: &str = "ngok-bay-2025";
pub const CHO_DON: &str = "cho-don-2025";
pub const ALL: [&str; 5] = [BAC_KAN, THAI_NGUYEN, TAN_HOI, NGOK_BAY, CHO_DON];

/// As it comes with the program.
pub fn plan(key: &str) -> Campaign {
    server::plans::find(key).expect("a preset").campaign
}

/// After the coordinator has entered the day that every one of these plans leaves blank (X15).
pub fn dated(key: &str) -> Campaign {
    let issued_on = match key {
        BAC_KAN => "2026-05-28",
        THAI_NGUYEN => "2025-07-22",
        TAN_HOI => "2026-05-04",
        NGOK_BAY => "2025-12-30",
        _ => "2025-07-25",
    };
    Campaign { issued_on: Some(day(issued_on)), ..plan(key) }
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}
