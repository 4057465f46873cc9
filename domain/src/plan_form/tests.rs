use super::*;
use crate::campaign::{
    Amount, Comparator, Counted, Denominator, Measure, PopulationGroup, ReportSlot, ServiceGoal, SlotDay, Target,
    Weekday,
};
use crate::place::AreaKind;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn full() -> Campaign {
    let denominator = Denominator {
        people: 17_592,
        as_of: Some(day("2026-05-25")),
        source: "Công an phường".to_owned(),
        already: Some(8_824),
    };
    let target = |amount, group: Option<&str>| Target {
        label: "Trên 65,5% dân số trưởng thành".to_owned(),
        measure: Measure::Step(Step::SignatureActivated),
        group: group.map(str::to_owned),
        counted: Counted::New,
        comparator: Comparator::MoreThan,
        amount,
        deadline: Some(day("2026-07-31")),
    };
    let slot = |when| ReportSlot {
        when,
        before_hour: Some(11),
        from: "Tổ dân phố".to_owned(),
        to: "Phòng Văn hóa - Xã hội".to_owned(),
        channel: "nhóm Zalo".to_owned(),
        link: "https://bit.ly/abc".to_owned(),
    };
    let mut goal = ServiceGoal::new(Service::PublicSignature, Step::Used);
    goal.label = "Chứng thư số công cộng".to_owned();
    Campaign {
        name: "Đợt cao điểm".to_owned(),
        issued_on: Some(day("2026-05-25")),
        starts_on: Some(day("2026-06-01")),
        ends_on: Some(day("2026-10-31")),
        serves: AgeRule { years: 15, inclusive: true },
        counts: AgeRule { years: 15, inclusive: false },
        services: vec![goal],
        quota: Some(15),
        targets: vec![target(Amount::BasisPoints(6_550), Some("pupils")), target(Amount::Number(3_490), None)],
        report_slots: vec![slot(SlotDay::Weekdays(vec![Weekday::Wednesday])), slot(SlotDay::DayOfMonth(19))],
        denominator: Some(denominator.clone()),
        groups: vec![
            PopulationGroup { key: "officials".to_owned(), label: "Cán bộ".to_owned(), denominator: None },
            PopulationGroup {
                key: "pupils".to_owned(), label: "Học sinh".to_owned(), denominator: Some(denominator)
            },
        ],
        channels: vec![Channel::Home, Channel::School],
        providers: vec!["VNPT".to_owned(), "Viettel".to_owned()],
        unit_kind: Some(AreaKind::ToDanPho),
        data_controller: "UBND phường".to_owned(),
        retention_days: Some(90),
        units: vec![Unit { name: "Ba Bể".to_owned(), kind: "Xã".to_owned(), adults: 8_912, recommended: 1_605 }],
    }
}

fn wrong_at(edit: impl FnOnce(&mut PlanForm)) -> Vec<At> {
    let mut form = PlanForm::of(&full());
    edit(&mut form);
    form.read().err().unwrap_or_default().iter().map(|wrong| wrong.at).collect()
}

#[test]
fn opening_and_saving_a_plan_changes_nothing_of_it() {
    assert_eq!(PlanForm::of(&full()).read(), Ok(full()));
    let empty = Campaign { name: "Kế hoạch".to_owned(), ..Campaign::asking_nothing() };
    assert_eq!(PlanForm::of(&empty).read(), Ok(empty));
}

#[test]
fn a_new_plan_asks_for_its_name_and_for_nothing_else() {
    let wrong = PlanForm::empty().read().err().unwrap_or_default();
    let at: Vec<At> = wrong.iter().map(|wrong| wrong.at).collect();
    assert_eq!(at, [At::Name]);
}

#[test]
fn a_plan_that_names_no_age_shows_none_and_keeps_none() {
    let plan = Campaign { counts: Campaign::asking_nothing().counts, ..full() };
    let mut form = PlanForm::of(&plan);
    assert_eq!(form.basics.counts_years, "");
    form.basics.counts_over = true;
    assert_eq!(form.read(), Ok(plan));
}

#[test]
fn an_emptied_setting_is_empty_and_not_zero() {
    let mut form = PlanForm::of(&full());
    form.basics.quota = " ".to_owned();
    form.basics.retention_days = String::new();
    form.basics.issued_on = String::new();
    let plan = form.read().expect("a plan");
    assert_eq!((plan.quota, plan.retention_days, plan.issued_on), (None, None, None));
    assert_eq!(wrong_at(|form| form.basics.quota = "0".to_owned()), [At::Quota]);
}

#[test]
fn a_plan_does_not_end_before_it_starts() {
    assert_eq!(wrong_at(|form| form.basics.ends_on = "2026-05-31".to_owned()), [At::EndsOn]);
    assert_eq!(wrong_at(|form| form.basics.ends_on = "2026-06-01".to_owned()), []);
    assert_eq!(wrong_at(|form| form.basics.ends_on = "31/06/2026".to_owned()), [At::EndsOn]);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let wrong = wrong_at(|form| {
        form.basics.name = String::new();
        form.basics.serves_years = "mười lăm".to_owned();
        form.targets.entry(1).and_modify(|target| target.amount = "1,5".to_owned());
        form.providers.insert(2, "VNPT".to_owned());
    });
    let expected = [At::Name, At::Serves, At::Target(1, TargetPart::Amount), At::Provider(2)];
    assert_eq!(wrong, expected);
}

#[test]
fn a_target_keeps_its_group_when_another_group_is_deleted() {
    let mut form = PlanForm::of(&full());
    form.groups.remove(&0);
    let plan = form.read().expect("a plan");
    assert_eq!(plan.targets[0].group.as_deref(), Some("pupils"));
    assert_eq!(wrong_at(|form| drop(form.groups.remove(&1))), [At::Target(0, TargetPart::Group)]);
}

#[test]
fn a_target_may_be_of_a_group_that_is_new_too() {
    let mut form = PlanForm::of(&full());
    form.groups.insert(2, GroupForm { label: "Công nhân".to_owned(), ..GroupForm::default() });
    form.targets.entry(0).and_modify(|target| target.group = "2".to_owned());
    let plan = form.read().expect("a plan");
    assert_eq!(plan.targets[0].group.as_deref(), Some("cong_nhan"));
    assert_eq!(plan.groups[2].key, "cong_nhan");
}

#[test]
fn the_days_of_a_plan_are_counted_while_they_are_typed() {
    let mut form = PlanForm::empty();
    form.basics.starts_on = "28/7/2025".to_owned();
    assert_eq!(form.dates().days(), None);
    form.basics.ends_on = "2025-08-18".to_owned();
    assert_eq!(form.dates().days(), Some(22));
    form.basics.retention_days = "30".to_owned();
    assert_eq!(form.dates().names_kept_until(), Some(day("2025-09-17")));
    form.basics.retention_days = "99.999".to_owned();
    assert_eq!(form.dates().names_kept_until(), None);
}

#[test]
fn a_plan_that_would_not_fit_a_document_is_refused() {
    let wrong = wrong_at(|form| {
        form.groups.extend((10..60).map(|row| {
            let label = format!("{row} {}", "Học sinh ".repeat(40));
            (
                row,
                GroupForm {
                    label,
                    source: "Nguồn số liệu ".repeat(20),
                    people: "5".to_owned(),
                    ..GroupForm::default()
                },
            )
        }));
    });
    assert_eq!(wrong, [At::Whole]);
}

#[test]
fn only_the_settings_that_differ_are_written_and_an_emptied_one_as_null() {
    let mut now = full();
    now.quota = None;
    now.name = "Đợt cao điểm 2".to_owned();
    let changed: Vec<(String, crate::Value)> = now.fields_changed_since(&full()).into_iter().collect();
    assert_eq!(changed, [("name".to_owned(), "Đợt cao điểm 2".into()), ("quota".to_owned(), crate::Value::Null)]);
    assert!(full().fields_changed_since(&full()).is_empty());
}

#[test]
fn a_form_survives_being_kept_as_a_draft() {
    let form = PlanForm::of(&full());
    let text = serde_json::to_string(&form).expect("a draft");
    assert_eq!(serde_json::from_str::<PlanForm>(&text).expect("the form"), form);
}
