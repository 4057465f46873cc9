//! What the plan is called and when it runs. Its length is computed: plans miscount it (X1, X2).

use domain::plan_form::At;
use leptos::prelude::*;

use super::form::Form;
use super::parts::{Input, beside, day, field, says, section, shown_while};
use crate::components::{Notice, NoticeKind};

pub fn dates(form: Form) -> AnyView {
    let length = Signal::derive(move || {
        let days = form.with(|form| form.dates().days())?;
        Some(format!("Kéo dài {days} ngày, tính cả ngày đầu và ngày cuối."))
    });
    let note = Signal::derive(move || {
        let dates = form.with(domain::plan_form::PlanForm::dates);
        match (dates.starts_on, dates.ends_on) {
            (Some(start), Some(end)) => format!("{} – {}", start.vietnamese(), end.vietnamese()),
            (Some(start), None) => format!("Từ {}", start.vietnamese()),
            (None, Some(end)) => format!("Đến {}", end.vietnamese()),
            (None, None) => "Không ghi thời hạn".to_owned(),
        }
    });
    let issued = form.cell(At::IssuedOn);
    let is_undated = Signal::derive(move || issued.with(|day| day.trim().is_empty()));
    let undated = view! {
        <Notice
            kind=NoticeKind::Warning
            title="Chưa ghi ngày ban hành"
            detail="Cài mới được tính từ ngày này. Chưa có ngày thì mọi lượt cài đặt do tổ hỗ trợ đều tính là cài mới."
            testid="plan-undated"
        />
    };
    let body = vec![
        field(form, At::Name, Input::Text, "Tên kế hoạch", "", "plan-name"),
        shown_while(is_undated, undated.into_any()),
        beside(vec![
            day(form, At::IssuedOn, "Ngày ban hành", "Ngày ký kế hoạch", "plan-issued"),
            day(form, At::StartsOn, "Ngày bắt đầu", "", "plan-starts"),
            day(form, At::EndsOn, "Ngày kết thúc", "Không ghi thời hạn thì để trống", "plan-ends"),
        ]),
        says(length, "plan-days"),
    ];
    section("Tên và thời gian", note, true, "plan-dates", body)
}
