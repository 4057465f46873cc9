//! What the plan is called and when it runs. Its length is computed: plans miscount it (X1, X2).

use domain::plan_form::At;
use leptos::prelude::*;

use super::form::Form;
use super::parts::{DayField, Section};
use crate::components::{Notice, NoticeKind, TextField};

#[component]
pub fn Dates(form: Form) -> impl IntoView {
    let basics = form.fields.basics;
    let dates = Memo::new(move |_| form.typed().dates());
    let length = move || {
        dates.with(|dates| dates.days().map(|days| format!("Kéo dài {days} ngày, tính cả ngày đầu và ngày cuối.")))
    };
    let note = Signal::derive(move || {
        dates.with(|dates| match (dates.starts_on, dates.ends_on) {
            (Some(start), Some(end)) => format!("{} – {}", start.vietnamese(), end.vietnamese()),
            (Some(start), None) => format!("Từ {}", start.vietnamese()),
            (None, Some(end)) => format!("Đến {}", end.vietnamese()),
            (None, None) => "Không ghi thời hạn".to_owned(),
        })
    });
    let is_undated = Memo::new(move |_| basics.issued_on.with(|day| day.trim().is_empty()));
    view! {
        <Section title="Tên và thời gian" note open=true testid="plan-dates">
            <TextField
                label="Tên kế hoạch"
                value=basics.name
                kind="textarea"
                required=true
                error=form.error(At::Name)
                testid="plan-name"
            />
            <Show when=move || is_undated.get()>
                <Notice
                    kind=NoticeKind::Warning
                    title="Chưa ghi ngày ban hành"
                    detail="Cài mới được tính từ ngày này. Chưa có ngày thì mọi lượt cài đặt do tổ hỗ trợ đều tính là cài mới."
                    testid="plan-undated"
                />
            </Show>
            <div class="plan-fields">
                <DayField
                    label="Ngày ban hành"
                    value=basics.issued_on
                    hint="Ngày ký kế hoạch"
                    error=form.error(At::IssuedOn)
                    testid="plan-issued"
                />
                <DayField
                    label="Ngày bắt đầu"
                    value=basics.starts_on
                    error=form.error(At::StartsOn)
                    testid="plan-starts"
                />
                <DayField
                    label="Ngày kết thúc"
                    value=basics.ends_on
                    hint="Không ghi thời hạn thì để trống"
                    error=form.error(At::EndsOn)
                    testid="plan-ends"
                />
            </div>
            <p role="status" data-testid="plan-days">{length}</p>
        </Section>
    }
}
