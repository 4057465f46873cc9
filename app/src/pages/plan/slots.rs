//! Kỳ báo cáo: when figures are due, from whom, to whom, by which way (X14, X21).

use domain::campaign::Weekday;
use domain::plan_form::{At, MONTHLY, ONCE, SlotForm, SlotPart, WEEKLY};
use leptos::prelude::*;

use super::cells::SlotCells;
use super::form::Form;
use super::parts::{Boxes, DayField, ListWords, RowCard, RowList, Section};
use crate::components::{ChipOption, FilterChips, TextField};

const WORDS: ListWords = ListWords { testid: "plan-slot", add: "Thêm kỳ báo cáo", one: "kỳ báo cáo" };

#[component]
pub fn Slots(form: Form) -> impl IntoView {
    let slots = form.fields.slots;
    let note = Signal::derive(move || match slots.ids.with(Vec::len) {
        0 => "Không ghi kỳ báo cáo".to_owned(),
        some => format!("{some} kỳ"),
    });
    let row = Callback::new(move |row: u32| slots.cells(row).map(|cells| view! { <Row form row cells /> }).into_any());
    view! {
        <Section title="Kỳ báo cáo" note testid="plan-slots">
            <RowList
                words=WORDS
                ids=slots.ids
                on_add=Callback::new(move |()| slots.add(SlotForm::default()))
                row
            />
        </Section>
    }
}

#[component]
fn Row(form: Form, row: u32, cells: SlotCells) -> impl IntoView {
    let at = move |part| form.error(At::Slot(row, part));
    let title = Signal::derive(move || {
        let words = form.typed().slots.get(&row).and_then(SlotForm::words);
        words.unwrap_or_else(|| "Chưa chọn ngày".to_owned())
    });
    let detail = Signal::derive(move || {
        cells.to.with(|to| if to.trim().is_empty() { String::new() } else { format!("gửi {}", to.trim()) })
    });
    let delete = Callback::new(move |row| form.fields.slots.delete(row));
    let rhythms = vec![
        ChipOption::new(WEEKLY, "Hằng tuần"),
        ChipOption::new(MONTHLY, "Hằng tháng"),
        ChipOption::new(ONCE, "Một lần"),
    ];
    let is_other = move |wanted: &'static str| cells.rhythm.with(|rhythm| rhythm != wanted);
    let weekdays = Weekday::ALL.map(|weekday| (weekday, weekday.label())).to_vec();
    view! {
        <RowCard words=WORDS row title detail on_delete=delete>
            <div class="chips-wrapped">
                <FilterChips
                    label="Báo cáo"
                    options=rhythms
                    selected=cells.rhythm
                    on_select=move |key| cells.rhythm.set(key)
                    testid="plan-slot-rhythm"
                />
            </div>
            <div hidden=move || is_other(WEEKLY)>
                <Boxes
                    legend="Các ngày trong tuần"
                    options=weekdays
                    chosen=cells.weekdays
                    error=at(SlotPart::Weekdays)
                    testid="plan-slot-weekday"
                />
            </div>
            <div class="plan-fields">
                <div hidden=move || is_other(ONCE)>
                    <DayField label="Ngày gửi" value=cells.once error=at(SlotPart::Once) testid="plan-slot-once" />
                </div>
                <div hidden=move || is_other(MONTHLY)>
                    <TextField
                        label="Ngày trong tháng"
                        value=cells.day_of_month
                        inputmode="numeric"
                        hint="Tháng không có ngày đó thì lấy ngày cuối tháng."
                        error=at(SlotPart::DayOfMonth)
                        testid="plan-slot-day"
                    />
                </div>
                <TextField
                    label="Trước mấy giờ"
                    value=cells.before_hour
                    inputmode="numeric"
                    hint="Giờ chẵn, ví dụ 11. Kế hoạch không ghi giờ thì để trống."
                    error=at(SlotPart::BeforeHour)
                    testid="plan-slot-hour"
                />
                <TextField label="Ai gửi" value=cells.from error=at(SlotPart::From) testid="plan-slot-from" />
                <TextField label="Gửi tới" value=cells.to error=at(SlotPart::To) testid="plan-slot-to" />
                <TextField
                    label="Cách gửi"
                    value=cells.channel
                    hint="Nhóm Zalo, Google Sheets, văn bản"
                    error=at(SlotPart::Channel)
                    testid="plan-slot-channel"
                />
                <TextField
                    label="Liên kết"
                    value=cells.link
                    kind="url"
                    inputmode="url"
                    hint="Trang để điền số liệu, nếu kế hoạch có ghi"
                    error=at(SlotPart::Link)
                    testid="plan-slot-link"
                />
            </div>
        </RowCard>
    }
}
