//! How long each plan runs, and when it wants its figures (X1, X2, X14, X27).

use domain::due::{self, Due};
use domain::service::{Origin, Step};
use domain::{Day, Moment};

use crate::population::Population;
use crate::{ALL, BAC_KAN, CHO_DON, NGOK_BAY, dated, day, plan};

fn days(dues: &[Due<'_>]) -> Vec<String> {
    let mut days: Vec<String> = dues.iter().map(|due| due.day.to_string()).collect();
    days.dedup();
    days
}

#[test]
fn days_are_counted_and_not_copied() {
    // "20 ngày liên tục" are 22 (X1), "30 ngày, đêm" are 32 (X2).
    assert_eq!(ALL.map(|key| plan(key).days()), [None, Some(32), None, None, Some(22)]);
    let cho_don = plan(CHO_DON);
    let (start, end) = (cho_don.starts_on.expect("a start"), cho_don.ends_on.expect("an end"));
    assert_eq!((end.since(start), start.plus(19).vietnamese().as_str()), (21, "16/08/2025"));
}

#[test]
fn cho_don_reports_seven_times_in_its_campaign_to_each_who_asks() {
    let plan = plan(CHO_DON);
    let (start, end) = (plan.starts_on.expect("a start"), plan.ends_on.expect("an end"));
    let expected = ["07-28", "07-31", "08-04", "08-07", "08-11", "08-14", "08-18"].map(|day| format!("2025-{day}"));
    for slot in &plan.report_slots {
        assert_eq!(days(&due::between(std::slice::from_ref(slot), start, end)), expected, "{}", slot.from);
    }
    let labels: Vec<String> = plan.report_slots.iter().map(domain::campaign::ReportSlot::label).collect();
    let any_hour = "Thứ Hai, Thứ Năm hằng tuần";
    assert_eq!(labels, ["Thứ Hai, Thứ Năm hằng tuần, trước 14h00", any_hour, any_hour]);
    assert!(plan.report_slots.iter().all(|slot| slot.link.is_empty() || slot.link == "https://bit.ly/4mel2IC"));
}

#[test]
fn bac_kan_reports_on_wednesdays_before_the_19th_and_once_in_writing() {
    let plan = plan(BAC_KAN);
    let labels: Vec<String> =
        plan.report_slots.iter().map(|slot| format!("{} | {}", slot.label(), slot.from)).collect();
    assert_eq!(
        labels,
        [
            "Thứ Tư hằng tuần, trước 11h00 | Các cơ quan, đơn vị",
            "Thứ Tư hằng tuần | Tổ dân phố, Tổ công nghệ số cộng đồng",
            "Thứ Tư hằng tuần | VNPT, Viettel",
            "Thứ Tư hằng tuần | Các đơn vị được giao nhiệm vụ",
            "Trước ngày 19 hằng tháng | UBMTTQ và các tổ chức chính trị - xã hội",
            "Trước ngày 19 hằng tháng | Các đơn vị được giao nhiệm vụ",
            "Ngày 15/06/2026 | Các cơ quan, đơn vị",
        ]
    );
    let end = plan.ends_on.expect("an end");
    let weekly = due::between(&plan.report_slots[..1], day("2026-05-25"), end);
    assert_eq!(days(&weekly).first().map(String::as_str), Some("2026-05-27"));
    assert_eq!(days(&weekly).last().map(String::as_str), Some("2026-10-28"));
    assert_eq!(weekly.len(), 23);
    // "trước ngày 19": the 18th is the last day, also when the 19th is a Sunday.
    let monthly = due::between(&plan.report_slots[4..5], day("2026-05-25"), end);
    let cuts: Vec<String> = monthly.iter().map(|due| due.cut().label()).collect();
    assert_eq!(monthly.len(), 5);
    assert_eq!(cuts[1], "hết Thứ Bảy 18/07/2026");
    let once = due::between(&plan.report_slots[6..], day("2026-05-25"), end);
    assert_eq!(days(&once), ["2026-06-15"]);
}

#[test]
fn ngok_bay_reports_on_the_20th_and_two_plans_name_no_day() {
    let ngok_bay = plan(NGOK_BAY);
    let dues = due::between(&ngok_bay.report_slots, ngok_bay.starts_on.expect("a start"), day("2026-03-31"));
    assert_eq!(days(&dues), ["2026-01-20", "2026-02-20", "2026-03-20"]);
    assert_eq!(dues[0].slot.to, "Trung tâm Phục vụ hành chính công xã");
    // X18 and "định kỳ hoặc đột xuất".
    assert_eq!(ALL.map(|key| plan(key).report_slots.len()), [7, 0, 0, 1, 3]);
}

#[test]
fn what_is_done_at_the_hour_itself_goes_into_the_next_report() {
    for (key, on, hour) in [(BAC_KAN, "2026-06-03", 11), (CHO_DON, "2025-07-31", 14)] {
        let plan = dated(key);
        let on: Day = day(on);
        let step = plan.services.last().expect("a service").done;
        let mut people = Population::new(on.plus(7));
        for at in [hour - 1, hour] {
            let person = people.adult();
            people.has_since(person, on, u64::from(at), step, Origin::NewlyInstalled);
        }
        let daily = people.daily(&plan);
        let slot = plan.report_slots.iter().find(|slot| slot.before_hour == Some(hour)).expect("a slot with an hour");
        let cut = due::cut(slot, on);
        assert_eq!(cut, Moment { day: on, hour });
        let before = due::cut_before(slot, cut).expect("an earlier report");
        let in_period = daily.between(before, cut).step(step).new;
        let later = daily.between(cut, Moment::start_of(on.plus(7))).step(step).new;
        assert_eq!((in_period, later, daily.total().step(step).new), (1, 1, 2), "{key}");
    }
    assert_eq!(plan(BAC_KAN).services[0].done, Step::SignatureActivated);
}
