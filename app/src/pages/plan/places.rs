//! Where people are helped, by whose certificates, what the commune is divided into; and who answers for the list.

use domain::campaign::Channel;
use domain::place::AreaKind;
use domain::plan_form::{At, PlanForm, Rows};
use leptos::prelude::*;

use super::form::Form;
use super::lists::{row_line, row_list};
use super::parts::{Input, Options, beside, boxes, field, muted, says, section, select};
use crate::components::grouped;

pub fn places(form: Form) -> AnyView {
    let note = Signal::derive(move || {
        form.with(|form| {
            let channels = Channel::ALL.iter().filter(|channel| form.is_ticked(At::Channel(**channel))).count();
            format!("{channels} nơi, {} nhà cung cấp", form.rows(Rows::Providers).len())
        })
    });
    let channels = Channel::ALL.map(|channel| (At::Channel(channel), channel.label())).to_vec();
    let kinds = AreaKind::ALL.into_iter().filter(|kind| !kind.is_support_point());
    let kinds = kinds.map(|kind| (kind.name().to_owned(), kind.label().to_owned()));
    let kinds: Options = std::iter::once((String::new(), "Chưa chọn".to_owned())).chain(kinds).collect();
    let units = Signal::derive(move || match form.with(|form| form.units().len()) {
        0 => None,
        units => {
            let units = grouped(units);
            Some(format!("Kế hoạch kèm số giao của {units} xã, phường. Các số này giữ nguyên khi lưu."))
        }
    });
    let body = vec![
        boxes(form, None, "Nơi hỗ trợ người dân", channels, "plan-channel"),
        view! { <p class="form__legend">"Nhà cung cấp chữ ký số"</p> }.into_any(),
        muted("Để chọn khi ghi kết quả, ví dụ VNPT SmartCA, Viettel MySign."),
        row_list(form, Rows::Providers, provider),
        beside(vec![select(form, At::UnitKind, "Địa bàn mới gọi là", kinds.into(), "plan-unit-kind")]),
        says(units, "plan-units"),
    ];
    section("Nơi hỗ trợ và nhà cung cấp", note, false, "plan-places", body)
}

fn provider(form: Form, row: u32) -> AnyView {
    let at = At::Provider(row);
    let name = field(form, at, Input::Line, "Tên nhà cung cấp", "", "plan-provider-name");
    row_line(form, (Rows::Providers, row), form.cell(at), name)
}

/// Who answers for the names on the list, and until when they are kept (Law 91/2025).
pub fn keeping(form: Form) -> AnyView {
    let until = Signal::derive(move || {
        let dates = form.with(PlanForm::dates);
        match (dates.names_kept_until(), dates.retention_days, dates.ends_on) {
            (Some(day), ..) => Some(format!("Tên người dân được giữ đến hết ngày {}.", day.vietnamese())),
            (None, Some(_), None) => Some("Ghi ngày kết thúc kế hoạch để tính được ngày xóa tên.".to_owned()),
            _ => None,
        }
    });
    let controller = form.cell(At::Controller);
    let note = Signal::derive(move || match controller.get().trim() {
        "" => "Chưa ghi đơn vị phụ trách".to_owned(),
        unit => unit.to_owned(),
    });
    let (whose, days) = ("Ví dụ: UBND phường Bắc Kạn", "Tính từ ngày kế hoạch kết thúc");
    let body = vec![
        beside(vec![
            field(form, At::Controller, Input::Line, "Đơn vị phụ trách dữ liệu", whose, "plan-controller"),
            field(form, At::Retention, Input::Number, "Giữ tên thêm bao nhiêu ngày", days, "plan-retention"),
        ]),
        says(until, "plan-kept-until"),
    ];
    section("Dữ liệu của người dân", note, false, "plan-keeping", body)
}
