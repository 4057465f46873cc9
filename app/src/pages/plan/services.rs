//! Whom the plan is for, and what it asks for: the ages of those served and counted (X11, X12), the services and the step
//! from which each counts as done.

use domain::plan_form::{AgePart, At, OVER, ServicePart, Whom};
use domain::service::{Service, Step};
use leptos::prelude::*;

use super::form::Form;
use super::parts::{Input, Options, beside, chips, hinted, muted, section, select, shown_while, tick};
use crate::components::{Notice, NoticeKind};

pub fn ages(form: Form) -> AnyView {
    let note = Signal::derive(move || {
        let words = |whom| form.with(|form| form.age_words(whom));
        match (words(Whom::Served), words(Whom::Counted)) {
            (Some(served), Some(counted)) if served == counted => served,
            (Some(served), Some(counted)) => format!("Hỗ trợ {served}, tính tỷ lệ {counted}"),
            (Some(served), None) => format!("Hỗ trợ {served}"),
            (None, Some(counted)) => format!("Tính tỷ lệ {counted}"),
            (None, None) => "Kế hoạch không nêu tuổi".to_owned(),
        }
    });
    let body = vec![
        beside(vec![
            age(form, Whom::Served, "Hỗ trợ người", "plan-serves", "plan-serves-years"),
            age(form, Whom::Counted, "Tính tỷ lệ trên người", "plan-counts", "plan-counts-years"),
        ]),
        muted(
            "Hai độ tuổi có thể khác nhau: nhiều kế hoạch hỗ trợ từ đủ 14 tuổi nhưng tính tỷ lệ trên dân số trưởng thành.",
        ),
    ];
    section("Độ tuổi", note, false, "plan-ages", body)
}

fn age(form: Form, whom: Whom, label: &'static str, testid: &'static str, years_testid: &'static str) -> AnyView {
    let hint = Signal::derive(move || {
        let words = form.with(|form| form.age_words(whom)).map(|words| format!("Tức là {words}."));
        Some(words.unwrap_or_else(|| "Kế hoạch không nêu tuổi thì để trống.".to_owned()))
    });
    let over = chips(form, At::Age(whom, AgePart::Over), label, [("", "Từ đủ"), (OVER, "Trên")], testid);
    let years = hinted(form, At::Age(whom, AgePart::Years), Input::Number, "Số tuổi", hint, years_testid);
    view! { <div class="form__group">{over} {years}</div> }.into_any()
}

pub fn services(form: Form) -> AnyView {
    let asked = Signal::derive(move || {
        let is_asked = |service: &Service| form.with(|form| form.is_ticked(At::Service(*service, ServicePart::Asked)));
        Service::ALL.iter().filter(|service| is_asked(service)).count()
    });
    let note = Signal::derive(move || match asked.get() {
        0 => "Chưa chọn dịch vụ nào".to_owned(),
        asked => format!("{asked} dịch vụ"),
    });
    let nothing = view! {
        <Notice
            kind=NoticeKind::Warning
            title="Chưa chọn dịch vụ nào"
            detail="Không có dịch vụ thì chưa tính được ai đã xong."
        />
    };
    let nothing = shown_while(Signal::derive(move || asked.get() == 0), nothing.into_any());
    let goals = Service::ALL.into_iter().map(|service| goal(form, service));
    section("Dịch vụ và mức đạt", note, false, "plan-services", std::iter::once(nothing).chain(goals).collect())
}

fn goal(form: Form, service: Service) -> AnyView {
    let at = |part| At::Service(service, part);
    // Having no insurance ends the matter, but nothing is done by it.
    let steps = service.steps().iter().filter(|step| **step != Step::NotInsured);
    let steps: Options = steps.map(|step| (step.name().to_owned(), step.label().to_owned())).collect();
    let hint = Some(format!("Để trống thì gọi là “{}”", service.label()));
    let details = beside(vec![
        select(form, at(ServicePart::Done), "Tính là đạt từ bước", steps.into(), "plan-service-done"),
        hinted(form, at(ServicePart::Label), Input::Line, "Tên gọi trong kế hoạch", hint.into(), "plan-service-label"),
    ]);
    let asked = at(ServicePart::Asked);
    let is_asked = Signal::derive(move || form.with(|form| form.is_ticked(asked)));
    let (asked, details) = (tick(form, asked, service.label(), "plan-service"), shown_while(is_asked, details));
    view! { <div class="plan-service">{asked} {details}</div> }.into_any()
}
