//! Whom shares are taken of: the whole, and the groups that the plan counts apart. Each number has a day and a source (X7).

use domain::plan_form::{At, CountPart, GroupForm};
use leptos::prelude::*;

use super::cells::{CountCells, GroupCells};
use super::form::Form;
use super::parts::{DayField, ListWords, RowCard, RowList, Section};
use crate::components::TextField;

const WORDS: ListWords = ListWords { testid: "plan-group", add: "Thêm nhóm", one: "nhóm" };

#[component]
pub fn Denominator(form: Form) -> impl IntoView {
    let count = form.fields.denominator;
    let note = Signal::derive(move || people_words(count));
    view! {
        <Section title="Số dân để tính tỷ lệ" note testid="plan-denominator">
            <Count form count group=None />
        </Section>
    }
}

#[component]
pub fn Groups(form: Form) -> impl IntoView {
    let groups = form.fields.groups;
    let note = Signal::derive(move || match groups.ids.with(Vec::len) {
        0 => "Không có nhóm".to_owned(),
        some => format!("{some} nhóm"),
    });
    let row = Callback::new(move |row: u32| groups.cells(row).map(|cells| view! { <Row form row cells /> }).into_any());
    view! {
        <Section title="Nhóm người dân tính riêng" note testid="plan-groups">
            <p class="muted">"Ví dụ học sinh, công chức, công nhân. Chỉ tiêu có thể giao riêng cho từng nhóm."</p>
            <RowList
                words=WORDS
                ids=groups.ids
                on_add=Callback::new(move |()| groups.add(GroupForm::default()))
                row
            />
        </Section>
    }
}

#[component]
fn Row(form: Form, row: u32, cells: GroupCells) -> impl IntoView {
    let title = Signal::derive(move || match cells.label.get() {
        label if !label.trim().is_empty() => label,
        _ => "Nhóm chưa đặt tên".to_owned(),
    });
    let detail = Signal::derive(move || people_words(cells.count()));
    let delete = Callback::new(move |row| form.delete_group(row));
    view! {
        <RowCard words=WORDS row title detail on_delete=delete>
            <TextField
                label="Tên nhóm"
                value=cells.label
                required=true
                error=form.error(At::Group(row))
                testid="plan-group-label"
            />
            <Count form count=cells.count() group=Some(row) />
        </RowCard>
    }
}

fn people_words(count: CountCells) -> String {
    count.people.with(|people| match people.trim() {
        "" => "Chưa ghi số dân".to_owned(),
        people => format!("{people} người"),
    })
}

/// The number of the whole, or of the group in this row.
#[component]
fn Count(form: Form, count: CountCells, group: Option<u32>) -> impl IntoView {
    let at = move |part| form.error(At::Count(group, part));
    let whose = if group.is_some() { "plan-group" } else { "plan-count" };
    view! {
        <div class="plan-fields">
            <TextField
                label="Số dân (người)"
                value=count.people
                inputmode="numeric"
                hint="Đúng độ tuổi tính tỷ lệ. Chưa có số thì để trống."
                error=at(CountPart::People)
                testid=format!("{whose}-people")
            />
            <DayField
                label="Số liệu tính đến ngày"
                value=count.as_of
                error=at(CountPart::AsOf)
                testid=format!("{whose}-as-of")
            />
            <TextField
                label="Nguồn số liệu"
                value=count.source
                hint="Ví dụ: Công an phường, Phụ lục I của kế hoạch"
                error=at(CountPart::Source)
                testid=format!("{whose}-source")
            />
            <TextField
                label="Đã có chữ ký số trước kế hoạch"
                value=count.already
                inputmode="numeric"
                hint="Theo số liệu của kế hoạch. Không ghi thì để trống."
                error=at(CountPart::Already)
                testid=format!("{whose}-already")
            />
        </div>
    }
}
