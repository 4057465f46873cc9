use super::*;
use crate::Day;
use crate::campaign::{
    AgeRule, Amount, Channel, Comparator, Counted, Denominator, Measure, PopulationGroup, ReportSlot, ServiceGoal,
    SlotDay, Target, Weekday,
};
use crate::place::AreaKind;
use crate::service::{Service, Step};

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
        report_slots: vec![
            slot(SlotDay::Weekdays(vec![Weekday::Wednesday])),
            slot(SlotDay::DayOfMonth(19)),
            slot(SlotDay::Once(day("2026-06-15"))),
        ],
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
    assert_eq!(form.text(At::Age(Whom::Counted, AgePart::Years)), "");
    assert_eq!(form.age_words(Whom::Counted), None);
    assert_eq!(form.age_words(Whom::Served).as_deref(), Some("từ đủ 15 tuổi"));
    form.set(At::Age(Whom::Counted, AgePart::Over), OVER);
    assert_eq!(form.read(), Ok(plan));
}

#[test]
fn an_emptied_setting_is_empty_and_not_zero() {
    let mut form = PlanForm::of(&full());
    form.set(At::Quota, " ");
    form.set(At::Retention, "");
    form.set(At::IssuedOn, "");
    let plan = form.read().expect("a plan");
    assert_eq!((plan.quota, plan.retention_days, plan.issued_on), (None, None, None));
    assert_eq!(wrong_at(|form| form.set(At::Quota, "0")), [At::Quota]);
}

#[test]
fn a_plan_does_not_end_before_it_starts() {
    assert_eq!(wrong_at(|form| form.set(At::EndsOn, "2026-05-31")), [At::EndsOn]);
    assert_eq!(wrong_at(|form| form.set(At::EndsOn, "2026-06-01")), []);
    assert_eq!(wrong_at(|form| form.set(At::EndsOn, "31/06/2026")), [At::EndsOn]);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let wrong = wrong_at(|form| {
        form.set(At::Name, "");
        form.set(At::Age(Whom::Served, AgePart::Years), "mười lăm");
        form.set(At::Target(1, TargetPart::Amount), "1,5");
        let row = form.add_row(Rows::Providers);
        form.set(At::Provider(row), "VNPT");
    });
    let served = At::Age(Whom::Served, AgePart::Years);
    let expected = [At::Name, served, At::Target(1, TargetPart::Amount), At::Provider(2)];
    assert_eq!(wrong, expected);
}

#[test]
fn a_target_keeps_its_group_when_another_group_is_deleted() {
    let mut form = PlanForm::of(&full());
    let kept = form.rows(Rows::Groups)[1..].to_vec();
    form.rows[Rows::Groups as usize] = kept;
    let plan = form.read().expect("a plan");
    assert_eq!(plan.targets[0].group.as_deref(), Some("pupils"));
    assert_eq!(wrong_at(|form| form.rows[Rows::Groups as usize].truncate(1)), [At::Target(0, TargetPart::Group)]);
}

#[test]
fn a_target_may_be_of_a_group_that_is_new_too() {
    let mut form = PlanForm::of(&full());
    let row = form.add_row(Rows::Groups);
    form.set(At::Group(row, GroupPart::Label), "Công nhân");
    form.set(At::Target(0, TargetPart::Group), row.to_string());
    let plan = form.read().expect("a plan");
    assert_eq!(plan.targets[0].group.as_deref(), Some("cong_nhan"));
    assert_eq!(plan.groups[2].key, "cong_nhan");
}

#[test]
fn the_days_of_a_plan_are_counted_while_they_are_typed() {
    let mut form = PlanForm::empty();
    form.set(At::StartsOn, "28/7/2025");
    assert_eq!(form.dates().days(), None);
    form.set(At::EndsOn, "2025-08-18");
    assert_eq!(form.dates().days(), Some(22));
    form.set(At::Retention, "30");
    assert_eq!(form.dates().names_kept_until(), Some(day("2025-09-17")));
    form.set(At::Retention, "99.999");
    assert_eq!(form.dates().names_kept_until(), None);
}

#[test]
fn a_plan_that_would_not_fit_a_document_is_refused() {
    let wrong = wrong_at(|form| {
        for number in 0..60 {
            let row = form.add_row(Rows::Groups);
            form.set(At::Group(row, GroupPart::Label), format!("{number} {}", "Học sinh ".repeat(40)));
            form.set(At::Count(Some(row), CountPart::People), "5");
            form.set(At::Count(Some(row), CountPart::Source), "Nguồn số liệu ".repeat(20));
        }
    });
    assert_eq!(wrong, [At::Whole]);
}

#[test]
fn a_form_survives_being_kept_as_a_draft() {
    let form = PlanForm::of(&full());
    let text = serde_json::to_string(&form).expect("a draft");
    assert_eq!(serde_json::from_str::<PlanForm>(&text).expect("the form"), form);
}

#[test]
fn what_stands_on_the_screen_is_the_form_without_the_texts_of_deleted_rows() {
    let mut form = PlanForm::of(&full());
    let mut texts = form.texts().to_vec();
    texts.reverse();
    let rows = Rows::ALL.map(|list| form.rows(list).to_vec());
    assert_eq!(PlanForm::typed(texts.clone(), rows.clone(), form.units().to_vec()), form);
    let row = form.add_row(Rows::Targets);
    texts.extend(blank_row(Rows::Targets, row).into_iter().map(|(at, text)| (at, text.to_owned())));
    assert_eq!(PlanForm::typed(texts, rows, form.units().to_vec()), PlanForm::of(&full()));
}
