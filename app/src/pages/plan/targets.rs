//! Chỉ tiêu: of each helper, and of the plan. Each target says at once what it comes to in people (X6).

use domain::campaign::Measure;
use domain::number::grouped;
use domain::plan_form::{
    AT_LEAST, At, GONE, GroupPart, MORE_THAN, NEW, NUMBER, PERCENT, PlanForm, Rows, STOCK, TargetPart,
};
use leptos::prelude::*;

use super::form::Form;
use super::lists::{row_card, row_list};
use super::parts::{Input, Options, beside, day, field, options, says, section, select};

pub fn targets(form: Form) -> AnyView {
    let note = Signal::derive(move || {
        form.with(|form| {
            let each = match form.text(At::Quota).trim() {
                "" => String::new(),
                quota => format!(", mỗi người {quota}"),
            };
            match form.rows(Rows::Targets).len() {
                0 => format!("Chưa có chỉ tiêu{each}"),
                some => format!("{some} chỉ tiêu{each}"),
            }
        })
    });
    let hint = "Không giao chỉ tiêu thì để trống. Từng địa bàn, từng người có thể có số riêng.";
    let quota = field(form, At::Quota, Input::Number, "Mỗi người hỗ trợ bao nhiêu người", hint, "plan-quota");
    section("Chỉ tiêu", note, false, "plan-targets", vec![quota, row_list(form, Rows::Targets, target)])
}

fn target(form: Form, row: u32) -> AnyView {
    let at = |part| At::Target(row, part);
    let title = Signal::derive(move || form.with(|form| title(form, row)));
    let detail = Signal::derive(move || form.with(|form| detail(form, row)));
    let words = Signal::derive(move || form.with(|form| form.target_words(row)));
    // Memos: a key typed elsewhere must not redraw a list that somebody may have open.
    let groups = Memo::new(move |_| form.with(|form| groups(form, row)));
    let measures: Options = Measure::all().map(|measure| (measure.name().to_owned(), measure.label())).collect();
    let counted = options([(STOCK, "Tất cả, kể cả đã có từ trước"), (NEW, "Chỉ cài mới từ ngày ban hành")]);
    let comparators = options([(AT_LEAST, "ít nhất"), (MORE_THAN, "trên")]);
    let units = Memo::new(move |_| options([(PERCENT, "%"), (NUMBER, form.with(|form| unit(form, row)))]));
    let hint = "Như ghi trong kế hoạch. Để trống thì gọi theo điều được đếm.";
    let amount = vec![
        select(form, at(TargetPart::Comparator), "Phải đạt", comparators.into(), "plan-target-comparator"),
        field(form, at(TargetPart::Amount), Input::Share, "Mức", "", "plan-target-amount"),
        select(form, at(TargetPart::Unit), "Đơn vị", units.into(), "plan-target-unit"),
        day(form, at(TargetPart::Deadline), "Hạn", "", "plan-target-deadline"),
    ];
    let body = vec![
        field(form, at(TargetPart::Label), Input::Line, "Tên chỉ tiêu", hint, "plan-target-label"),
        beside(vec![
            select(form, at(TargetPart::Measure), "Đếm", measures.into(), "plan-target-measure"),
            select(form, at(TargetPart::Group), "Trong nhóm", groups.into(), "plan-target-group"),
            select(form, at(TargetPart::Counted), "Tính", counted.into(), "plan-target-counted"),
        ]),
        view! { <div class="plan-fields plan-fields--amount">{amount}</div> }.into_any(),
        says(words, "plan-target-words"),
    ];
    row_card(form, (Rows::Targets, row), title, detail, body)
}

fn measure(form: &PlanForm, row: u32) -> Option<Measure> {
    Measure::from_name(form.text(At::Target(row, TargetPart::Measure)))
}

fn unit(form: &PlanForm, row: u32) -> &'static str {
    measure(form, row).map_or("người", Measure::unit)
}

fn title(form: &PlanForm, row: u32) -> String {
    match form.text(At::Target(row, TargetPart::Label)).trim() {
        "" => measure(form, row).map(Measure::label).unwrap_or_default(),
        label => label.to_owned(),
    }
}

/// "trên 65%, đến 31/07/2026".
fn detail(form: &PlanForm, row: u32) -> String {
    let text = |part| form.text(At::Target(row, part)).trim();
    let amount = match (text(TargetPart::Amount), text(TargetPart::Unit)) {
        ("", _) => return "Chưa ghi mức".to_owned(),
        (number, NUMBER) => {
            format!("{} {}", number.parse().map_or_else(|_| number.to_owned(), grouped), unit(form, row))
        }
        (share, _) => format!("{}%", share.trim_end_matches('%')),
    };
    let than = if text(TargetPart::Comparator) == MORE_THAN { "trên" } else { "ít nhất" };
    let counted = if text(TargetPart::Counted) == NEW { ", cài mới" } else { "" };
    let deadline = text(TargetPart::Deadline).parse::<domain::Day>();
    let deadline = deadline.map(|day| format!(", đến {}", day.vietnamese())).unwrap_or_default();
    format!("{than} {amount}{counted}{deadline}")
}

/// Everyone, and the groups by their rows.
fn groups(form: &PlanForm, row: u32) -> Options {
    let everyone = (String::new(), "Tất cả người dân".to_owned());
    let named = form.rows(Rows::Groups).iter().map(|row| (row.to_string(), group_name(form, *row)));
    let is_gone = form.text(At::Target(row, TargetPart::Group)) == GONE;
    let gone = is_gone.then(|| (GONE.to_owned(), "Nhóm đã xóa".to_owned()));
    std::iter::once(everyone).chain(named).chain(gone).collect()
}

pub fn group_name(form: &PlanForm, row: u32) -> String {
    match form.text(At::Group(row, GroupPart::Label)).trim() {
        "" => "Nhóm chưa đặt tên".to_owned(),
        label => label.to_owned(),
    }
}
