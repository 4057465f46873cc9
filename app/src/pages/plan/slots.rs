//! Kỳ báo cáo: when figures are due, from whom, to whom, by which way (X14, X21).

use domain::campaign::Weekday;
use domain::plan_form::{At, MONTHLY, ONCE, Rows, SlotPart, WEEKLY};
use leptos::prelude::*;

use super::form::Form;
use super::lists::{row_card, row_list};
use super::parts::{Input, beside, boxes, chips, day, field, section, shown_while};

pub fn slots(form: Form) -> AnyView {
    let rows = form.rows(Rows::Slots);
    let note = Signal::derive(move || match rows.with(Vec::len) {
        0 => "Không ghi kỳ báo cáo".to_owned(),
        some => format!("{some} kỳ"),
    });
    section("Kỳ báo cáo", note, false, "plan-slots", vec![row_list(form, Rows::Slots, slot)])
}

fn slot(form: Form, row: u32) -> AnyView {
    let at = |part| At::Slot(row, part);
    let title =
        Signal::derive(move || form.with(|form| form.slot_words(row)).unwrap_or_else(|| "Chưa chọn ngày".to_owned()));
    let to = form.cell(at(SlotPart::To));
    let detail = Signal::derive(move || {
        to.with(|to| if to.trim().is_empty() { String::new() } else { format!("gửi {}", to.trim()) })
    });
    let rhythm = form.cell(at(SlotPart::Rhythm));
    let is = |wanted: &'static str| Signal::derive(move || rhythm.with(|rhythm| rhythm == wanted));
    let weekdays = Weekday::ALL.map(|weekday| (at(SlotPart::Weekday(weekday)), weekday.label())).to_vec();
    let weekdays = boxes(form, Some(at(SlotPart::Weekdays)), "Các ngày trong tuần", weekdays, "plan-slot-weekday");
    let hint = "Tháng không có ngày đó thì lấy ngày cuối tháng.";
    let date = field(form, at(SlotPart::DayOfMonth), Input::Number, "Ngày trong tháng", hint, "plan-slot-day");
    let line = |part, label, hint, testid| field(form, at(part), Input::Line, label, hint, testid);
    let hour = "Giờ chẵn, ví dụ 11. Không ghi giờ thì để trống; phải gửi trước ngày đó thì ghi 0.";
    let page = "Trang để điền số liệu, nếu kế hoạch có ghi";
    let body = vec![
        chips(
            form,
            at(SlotPart::Rhythm),
            "Báo cáo",
            [(WEEKLY, "Hằng tuần"), (MONTHLY, "Hằng tháng"), (ONCE, "Một lần")],
            "plan-slot-rhythm",
        ),
        shown_while(is(WEEKLY), weekdays),
        beside(vec![
            shown_while(is(MONTHLY), date),
            shown_while(is(ONCE), day(form, at(SlotPart::Once), "Ngày gửi", "", "plan-slot-once")),
            field(form, at(SlotPart::BeforeHour), Input::Number, "Trước mấy giờ", hour, "plan-slot-hour"),
            line(SlotPart::From, "Ai gửi", "", "plan-slot-from"),
            line(SlotPart::To, "Gửi tới", "", "plan-slot-to"),
            line(SlotPart::Channel, "Cách gửi", "Nhóm Zalo, Google Sheets, văn bản", "plan-slot-channel"),
            field(form, at(SlotPart::Link), Input::Link, "Liên kết", page, "plan-slot-link"),
        ]),
    ];
    row_card(form, (Rows::Slots, row), title, detail, body)
}
