//! Whom shares are taken of: the whole, and the groups that the plan counts apart. Each number has a day and a source (X7).

use domain::plan_form::{At, CountPart, GroupPart, PlanForm, Rows};
use leptos::prelude::*;

use super::form::Form;
use super::lists::{row_card, row_list};
use super::parts::{Input, beside, day, field, muted, section};
use super::targets::group_name;

pub fn denominator(form: Form) -> AnyView {
    let note = Signal::derive(move || form.with(|form| people_words(form, None)));
    section("Số dân để tính tỷ lệ", note, false, "plan-denominator", vec![count(form, None)])
}

pub fn groups(form: Form) -> AnyView {
    let rows = form.rows(Rows::Groups);
    let note = Signal::derive(move || match rows.with(Vec::len) {
        0 => "Không có nhóm".to_owned(),
        some => format!("{some} nhóm"),
    });
    let body = vec![
        muted("Ví dụ học sinh, công chức, công nhân. Chỉ tiêu có thể giao riêng cho từng nhóm."),
        row_list(form, Rows::Groups, group),
    ];
    section("Nhóm người dân tính riêng", note, false, "plan-groups", body)
}

fn group(form: Form, row: u32) -> AnyView {
    let title = Signal::derive(move || form.with(|form| group_name(form, row)));
    let detail = Signal::derive(move || form.with(|form| people_words(form, Some(row))));
    let body = vec![
        field(form, At::Group(row, GroupPart::Label), Input::Line, "Tên nhóm", "", "plan-group-label"),
        count(form, Some(row)),
    ];
    row_card(form, (Rows::Groups, row), title, detail, body)
}

fn people_words(form: &PlanForm, group: Option<u32>) -> String {
    match form.text(At::Count(group, CountPart::People)).trim() {
        "" => "Chưa ghi số dân".to_owned(),
        people => format!("{people} người"),
    }
}

/// The number of the whole, or of the group in this row.
fn count(form: Form, group: Option<u32>) -> AnyView {
    let at = |part| At::Count(group, part);
    let [people, as_of, source, already] = match group {
        None => ["plan-people", "plan-as-of", "plan-source", "plan-already"],
        Some(_) => ["plan-group-people", "plan-group-as-of", "plan-group-source", "plan-group-already"],
    };
    let hint = "Đúng độ tuổi tính tỷ lệ. Chưa có số thì để trống.";
    beside(vec![
        field(form, at(CountPart::People), Input::Number, "Số dân (người)", hint, people),
        day(form, at(CountPart::AsOf), "Số liệu tính đến ngày", "", as_of),
        field(
            form,
            at(CountPart::Source),
            Input::Line,
            "Nguồn số liệu",
            "Ví dụ: Công an phường, Phụ lục I của kế hoạch",
            source,
        ),
        field(
            form,
            at(CountPart::Already),
            Input::Number,
            "Đã có chữ ký số trước kế hoạch",
            "Theo số liệu của kế hoạch. Không ghi thì để trống.",
            already,
        ),
    ])
}
