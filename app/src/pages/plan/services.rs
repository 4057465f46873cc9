//! Whom the plan is for, and what it asks for: the ages of those served and counted (X11, X12), the services and the step
//! from which each counts as done.

use domain::campaign::AgeRule;
use domain::plan_form::At;
use domain::service::{Service, Step};
use leptos::prelude::*;

use super::cells::ServiceCells;
use super::form::Form;
use super::parts::Section;
use crate::components::{CheckField, ChipOption, FilterChips, Notice, NoticeKind, SelectField, TextField};

const FROM: &str = "from";
const OVER: &str = "over";

#[component]
pub fn Ages(form: Form) -> impl IntoView {
    let basics = form.fields.basics;
    let note = Signal::derive(move || {
        let served = age_words(basics.serves_years, basics.serves_over);
        let counted = age_words(basics.counts_years, basics.counts_over);
        match (served, counted) {
            (Some(served), Some(counted)) if served == counted => served,
            (Some(served), Some(counted)) => format!("Hỗ trợ {served}, tính tỷ lệ {counted}"),
            (Some(served), None) => format!("Hỗ trợ {served}"),
            (None, Some(counted)) => format!("Tính tỷ lệ {counted}"),
            (None, None) => "Kế hoạch không nêu tuổi".to_owned(),
        }
    });
    view! {
        <Section title="Độ tuổi" note testid="plan-ages">
            <div class="plan-fields">
                <Age
                    form
                    label="Hỗ trợ người"
                    years=basics.serves_years
                    over=basics.serves_over
                    at=At::Serves
                    testid="plan-serves"
                />
                <Age
                    form
                    label="Tính tỷ lệ trên người"
                    years=basics.counts_years
                    over=basics.counts_over
                    at=At::Counts
                    testid="plan-counts"
                />
            </div>
            <p class="muted">"Hai độ tuổi có thể khác nhau: nhiều kế hoạch hỗ trợ từ đủ 14 tuổi nhưng tính tỷ lệ trên dân số trưởng thành."</p>
        </Section>
    }
}

#[component]
fn Age(
    form: Form,
    label: &'static str,
    years: RwSignal<String>,
    over: RwSignal<bool>,
    at: At,
    testid: &'static str,
) -> impl IntoView {
    let options = vec![ChipOption::new(FROM, "Từ đủ"), ChipOption::new(OVER, "Trên")];
    let selected = Signal::derive(move || if over.get() { OVER } else { FROM }.to_owned());
    let hint = Signal::derive(move || {
        let words = age_words(years, over).map(|words| format!("Tức là {words}."));
        Some(words.unwrap_or_else(|| "Kế hoạch không nêu tuổi thì để trống.".to_owned()))
    });
    view! {
        <fieldset class="form__group chips-wrapped">
            <legend class="form__legend">{label}</legend>
            <FilterChips label options selected on_select=move |key: String| over.set(key == OVER) testid=testid />
            <TextField
                label="Số tuổi"
                value=years
                inputmode="numeric"
                hint
                error=form.error(at)
                testid=format!("{testid}-years")
            />
        </fieldset>
    }
}

/// "từ đủ 15 tuổi", once it is a number.
fn age_words(years: RwSignal<String>, over: RwSignal<bool>) -> Option<String> {
    let years = years.with(|years| years.trim().parse().ok())?;
    Some(AgeRule { years, inclusive: !over.get() }.label())
}

#[component]
pub fn Services(form: Form) -> impl IntoView {
    let services = form.fields.services;
    let asked = Memo::new(move |_| services.iter().filter(|cells| cells.asked.get()).count());
    let note = Signal::derive(move || match asked.get() {
        0 => "Chưa chọn dịch vụ nào".to_owned(),
        asked => format!("{asked} dịch vụ"),
    });
    let goals =
        Service::ALL.into_iter().zip(services).map(move |(service, cells)| view! { <Goal form service cells /> });
    view! {
        <Section title="Dịch vụ và mức đạt" note testid="plan-services">
            <Show when=move || asked.get() == 0>
                <Notice
                    kind=NoticeKind::Warning
                    title="Chưa chọn dịch vụ nào"
                    detail="Không có dịch vụ thì chưa tính được ai đã xong."
                />
            </Show>
            {goals.collect_view()}
        </Section>
    }
}

#[component]
fn Goal(form: Form, service: Service, cells: ServiceCells) -> impl IntoView {
    // Having no insurance ends the matter, but nothing is done by it.
    let steps = service.steps().iter().filter(|step| **step != Step::NotInsured);
    let options: Vec<(String, String)> = steps.map(|step| (step.name().to_owned(), step.label().to_owned())).collect();
    let name = format!("plan-service-{}", service.index());
    let done_testid = format!("{name}-done");
    let label_testid = format!("{name}-label");
    view! {
        <div class="plan-service">
            <CheckField
                label=service.label()
                checked=cells.asked
                on_change=move |yes| cells.asked.set(yes)
                testid=name
            />
            <div class="plan-fields" hidden=move || !cells.asked.get()>
                <SelectField label="Tính là đạt từ bước" value=cells.done options testid=done_testid />
                <TextField
                    label="Tên gọi trong kế hoạch"
                    value=cells.label
                    hint=format!("Để trống thì gọi là “{}”", service.label())
                    error=form.error(At::ServiceLabel(service))
                    testid=label_testid
                />
            </div>
        </div>
    }
}
