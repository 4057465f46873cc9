//! The communes that the demo can be: one for each plan of a commune.

use domain::Day;
use domain::campaign::{Campaign, SlotDay};
use domain::place::AreaKind;

use super::names::Region;
use crate::plans;

/// A commune with invented people, under a plan that is real but for what this says.
#[derive(Debug)]
pub struct Place {
    /// Key of its plan.
    pub plan: &'static str,
    pub kind: &'static str,
    pub name: &'static str,
    pub province: &'static str,
    pub region: Region,
    /// The demo's own invention: every plan leaves the day blank (X15).
    pub issued_on: &'static str,
    /// The second is where the visitor's member and lead work.
    pub areas: [Sketch; 4],
}

/// An area in the making.
#[derive(Debug)]
pub struct Sketch {
    pub name: &'static str,
    pub routes: &'static [&'static str],
    pub households: usize,
}

const fn sketch(name: &'static str, routes: &'static [&'static str], households: usize) -> Sketch {
    Sketch { name, routes, households }
}

const TWO: &[&str] = &["Tuyến 1", "Tuyến 2"];
const THREE: &[&str] = &["Tuyến 1", "Tuyến 2", "Tuyến 3"];
const UP_AND_DOWN: &[&str] = &["Xóm Trên", "Xóm Dưới"];

static PLACES: [Place; 4] = [
    Place {
        plan: "bac-kan-2026",
        kind: "Phường",
        name: "Bắc Kạn",
        province: "Thái Nguyên",
        region: Region::North,
        issued_on: "2026-05-28",
        areas: [
            sketch("Tổ 1A", TWO, 110),
            sketch("Tổ 5", &["Tuyến 1 (đầu tổ)", "Tuyến 2 (giữa tổ)", "Tuyến 3 (cuối tổ)"], 330),
            sketch("Tổ 9", THREE, 150),
            sketch("Thôn Nà Pò", UP_AND_DOWN, 64),
        ],
    },
    Place {
        plan: "tan-hoi-2026",
        kind: "Xã",
        name: "Tân Hội",
        province: "An Giang",
        region: Region::South,
        issued_on: "2026-05-04",
        areas: [
            sketch("Ấp 1", TWO, 110),
            sketch("Ấp 3", &["Tuyến 1 (dọc lộ)", "Tuyến 2 (bờ kênh)", "Tuyến 3 (sau chợ)"], 330),
            sketch("Ấp 4", THREE, 150),
            sketch("Ấp 6", TWO, 64),
        ],
    },
    Place {
        plan: "ngok-bay-2025",
        kind: "Xã",
        name: "Ngọk Bay",
        province: "Quảng Ngãi",
        region: Region::Highlands,
        issued_on: "2025-12-30",
        areas: [
            sketch("Thôn Kon Klŏng", TWO, 110),
            sketch("Thôn Plei Jơ", &["Tuyến 1 (đầu làng)", "Tuyến 2 (nhà rông)", "Tuyến 3 (bờ suối)"], 330),
            sketch("Thôn Đăk Rơ", THREE, 150),
            sketch("Thôn 4", TWO, 64),
        ],
    },
    Place {
        plan: "cho-don-2025",
        kind: "Xã",
        name: "Chợ Đồn",
        province: "Thái Nguyên",
        region: Region::North,
        issued_on: "2025-07-25",
        areas: [
            sketch("Tổ dân phố 1", TWO, 110),
            sketch("Tổ dân phố 5", &["Tuyến 1 (đầu tổ)", "Tuyến 2 (giữa tổ)", "Tuyến 3 (cuối tổ)"], 330),
            sketch("Thôn Nà Sla", THREE, 150),
            sketch("Xóm Khuổi Vầy", UP_AND_DOWN, 64),
        ],
    },
];

impl Place {
    /// The commune of a plan; a province's plan has none.
    pub fn find(plan: &str) -> Option<&'static Self> {
        PLACES.iter().find(|place| place.plan == plan)
    }

    /// Keys of the plans that the demo can follow.
    pub fn plans() -> impl Iterator<Item = &'static str> {
        PLACES.iter().map(|place| place.plan)
    }

    /// "Phường Bắc Kạn".
    pub fn title(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    /// The preset, issued no later than `latest` and not over by `today`, and without the addresses that it reports to: what
    /// is invented must not get into a real office's sheet.
    pub fn campaign(&self, latest: Day, today: Day) -> Campaign {
        let mut plan = plans::find(self.plan).expect("every place has a plan").campaign;
        plan.issued_on = self.issued_on.parse().ok();
        plan = moved_to_present(plan, latest, today);
        plan.issued_on = plan.issued_on.map(|day| day.min(latest));
        plan.report_slots.iter_mut().for_each(|slot| slot.link.clear());
        plan
    }
}

/// A plan that is over, moved to where it runs.
pub fn moved_to_present(mut plan: Campaign, latest: Day, today: Day) -> Campaign {
    if plan.ends_on.is_some_and(|end| end < today) {
        move_to(&mut plan, latest);
    }
    plan
}

/// Moves a plan that is over to begin after `latest`, by whole weeks: its days of the week stay.
fn move_to(plan: &mut Campaign, latest: Day) {
    let Some(start) = plan.starts_on.or(plan.issued_on) else { return };
    let weeks = (latest.since(start) + 7).div_euclid(7);
    let days = weeks.max(0) * 7;
    for day in [&mut plan.issued_on, &mut plan.starts_on, &mut plan.ends_on] {
        *day = day.map(|day| day.plus(days));
    }
    for target in &mut plan.targets {
        target.deadline = target.deadline.map(|day| day.plus(days));
    }
    for slot in &mut plan.report_slots {
        if let SlotDay::Once(day) = &mut slot.when {
            *day = day.plus(days);
        }
    }
}

/// "Thôn Nà Pò" is a thôn; what does not say is what the plan calls its parts.
pub fn kind_of(area: &str, plan: &Campaign) -> AreaKind {
    let is_called = |kind: &AreaKind| {
        let (name, label) = (domain::text::fold(area), domain::text::fold(kind.label()));
        name.starts_with(&label)
    };
    AreaKind::ALL.into_iter().find(is_called).or(plan.unit_kind).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_of_a_commune_has_its_place_and_the_provinces_has_none() {
        for preset in plans::presets() {
            let is_of_a_commune = preset.campaign.units.is_empty();
            assert_eq!(Place::find(&preset.key).is_some(), is_of_a_commune, "{}", preset.key);
        }
        assert!(Place::plans().all(|key| plans::find(key).is_ok()));
    }

    #[test]
    fn a_place_issues_its_plan_and_reports_to_no_real_address() {
        for place in &PLACES {
            let issued: Day = place.issued_on.parse().expect("a day");
            let plan = place.campaign(issued, issued.plus(20));
            assert_eq!(plan.issued_on, Some(issued), "{}", place.plan);
            assert!(plan.report_slots.iter().all(|slot| slot.link.is_empty()), "{}", place.plan);
            let long_ago: Day = "2020-01-01".parse().expect("a day");
            assert_eq!(place.campaign(long_ago, long_ago.plus(21)).issued_on, Some(long_ago));
        }
    }

    #[test]
    fn a_plan_that_is_over_is_moved_to_where_it_runs_on_the_same_days_of_the_week() {
        let place = Place::find("cho-don-2025").expect("a place");
        for offset in 0..7 {
            let today: Day = "2026-11-21".parse::<Day>().expect("a day").plus(offset);
            let plan = place.campaign(today.plus(-21), today);
            let (start, end) = (plan.starts_on.expect("a start"), plan.ends_on.expect("an end"));
            assert!(start > today.plus(-21) && start <= today.plus(-14) && end >= today, "{start} to {end} on {today}");
            assert_eq!((start.weekday_name(), plan.days()), ("Thứ Hai", Some(22)));
        }
    }

    #[test]
    fn the_parts_of_a_commune_are_what_its_plan_calls_them() {
        use AreaKind::{Ap, Thon, ToDanPho, Xom};
        let kinds = |key: &str| {
            let place = Place::find(key).expect("a place");
            let plan = place.campaign(Day::at_ms(0), Day::at_ms(0));
            place.areas.each_ref().map(|area| kind_of(area.name, &plan))
        };
        assert_eq!(kinds("bac-kan-2026"), [ToDanPho, ToDanPho, ToDanPho, Thon]);
        assert_eq!(kinds("tan-hoi-2026"), [Ap; 4]);
        assert_eq!(kinds("ngok-bay-2025"), [Thon; 4]);
        assert_eq!(kinds("cho-don-2025"), [ToDanPho, ToDanPho, Thon, Xom]);
    }
}
