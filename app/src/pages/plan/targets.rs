//! Chỉ tiêu: of each helper, and of the plan. Each target says at once what it comes to in people (X6).

use domain::campaign::Measure;
use domain::number::grouped;
use domain::plan_form::{AT_LEAST, At, GONE, MORE_THAN, NEW, NUMBER, PERCENT, STOCK, TargetForm, TargetPart};
use leptos::prelude::*;

use super::cells::TargetCells;
use super::form::Form;
use super::parts::{DayField, ListWords, RowCard, RowList, Section};
use crate::components::{SelectField, TextField};

type Options = Vec<(String, String)>;

const WORDS: ListWords = ListWords { testid: "plan-target", add: "Thêm chỉ tiêu", one: "chỉ tiêu" };

#[component]
pub fn Targets(form: Form) -> impl IntoView {
    let targets = form.fields.targets;
    let quota = form.fields.basics.quota;
    let note = Signal::derive(move || {
        let each = quota.with(|quota| match quota.trim() {
            "" => String::new(),
            quota => format!(", mỗi người {quota}"),
        });
        match targets.ids.with(Vec::len) {
            0 => format!("Chưa có chỉ tiêu{each}"),
            some => format!("{some} chỉ tiêu{each}"),
        }
    });
    let groups = Memo::new(move |_| groups(form));
    let row = Callback::new(move |row: u32| {
        targets.cells(row).map(|cells| view! { <Row form row cells groups /> }).into_any()
    });
    view! {
        <Section title="Chỉ tiêu" note testid="plan-targets">
            <div class="plan-fields">
                <TextField
                    label="Mỗi người hỗ trợ bao nhiêu người"
                    value=quota
                    inputmode="numeric"
                    hint="Không giao chỉ tiêu thì để trống. Từng địa bàn, từng người có thể có số riêng."
                    error=form.error(At::Quota)
                    testid="plan-quota"
                />
            </div>
            <RowList
                words=WORDS
                ids=targets.ids
                on_add=Callback::new(move |()| targets.add(TargetForm::default()))
                row
            />
        </Section>
    }
}

/// Rows and names of the groups.
fn groups(form: Form) -> Options {
    let groups = form.fields.groups;
    let everyone = (String::new(), "Tất cả người dân".to_owned());
    let named = groups.ids.get().into_iter().filter_map(|row| {
        let label = groups.cells(row)?.label.get();
        Some((row.to_string(), if label.trim().is_empty() { "Nhóm chưa đặt tên".to_owned() } else { label }))
    });
    std::iter::once(everyone).chain(named).collect()
}

fn options<const N: usize>(options: [(&str, &str); N]) -> Options {
    options.map(|(key, label)| (key.to_owned(), label.to_owned())).to_vec()
}

#[component]
fn Row(form: Form, row: u32, cells: TargetCells, groups: Memo<Options>) -> impl IntoView {
    let at = move |part| At::Target(row, part);
    let measures: Options = Measure::all().map(|measure| (measure.name().to_owned(), measure.label())).collect();
    let measure = Memo::new(move |_| cells.measure.with(|name| Measure::from_name(name)));
    let title = Signal::derive(move || match cells.label.get() {
        label if !label.trim().is_empty() => label,
        _ => measure.get().map(Measure::label).unwrap_or_default(),
    });
    let of = Signal::derive(move || {
        let mut groups = groups.get();
        if cells.group.with(|group| group == GONE) {
            groups.push((GONE.to_owned(), "Nhóm đã xóa".to_owned()));
        }
        groups
    });
    let units = Signal::derive(move || {
        let unit = measure.get().map_or("người", Measure::unit);
        options([(PERCENT, "%"), (NUMBER, unit)])
    });
    let words = Memo::new(move |_| form.typed().target_words(row));
    let delete = Callback::new(move |row| form.fields.targets.delete(row));
    view! {
        <RowCard words=WORDS row title detail=Signal::derive(move || summary(cells, measure.get())) on_delete=delete>
            <TextField
                label="Tên chỉ tiêu"
                value=cells.label
                hint="Như ghi trong kế hoạch. Để trống thì gọi theo điều được đếm."
                error=form.error(at(TargetPart::Label))
                testid="plan-target-label"
            />
            <div class="plan-fields">
                <SelectField
                    label="Đếm"
                    value=cells.measure
                    options=measures
                    error=form.error(at(TargetPart::Measure))
                    testid="plan-target-measure"
                />
                <SelectField
                    label="Trong nhóm"
                    value=cells.group
                    options=of
                    error=form.error(at(TargetPart::Group))
                    testid="plan-target-group"
                />
                <SelectField
                    label="Tính"
                    value=cells.counted
                    options=options([(STOCK, "Tất cả, kể cả đã có từ trước"), (NEW, "Chỉ cài mới từ ngày ban hành")])
                    testid="plan-target-counted"
                />
            </div>
            <div class="plan-fields plan-fields--amount">
                <SelectField
                    label="Phải đạt"
                    value=cells.comparator
                    options=options([(AT_LEAST, "ít nhất"), (MORE_THAN, "trên")])
                    testid="plan-target-comparator"
                />
                <TextField
                    label="Mức"
                    value=cells.amount
                    inputmode="decimal"
                    error=form.error(at(TargetPart::Amount))
                    testid="plan-target-amount"
                />
                <SelectField label="Đơn vị" value=cells.unit options=units testid="plan-target-unit" />
                <DayField
                    label="Hạn"
                    value=cells.deadline
                    error=form.error(at(TargetPart::Deadline))
                    testid="plan-target-deadline"
                />
            </div>
            <p class="plan-row__words" role="status" data-testid="plan-target-words">{words}</p>
        </RowCard>
    }
}

/// "trên 65%, đến 31/07/2026".
fn summary(cells: TargetCells, measure: Option<Measure>) -> String {
    let amount = match cells.amount.get().trim() {
        "" => return "Chưa ghi mức".to_owned(),
        amount => amount.to_owned(),
    };
    let amount = if cells.unit.with(|unit| unit == NUMBER) {
        let number = amount.parse().map_or(amount, grouped);
        format!("{number} {}", measure.map_or("người", Measure::unit))
    } else {
        format!("{}%", amount.trim_end_matches('%'))
    };
    let than = if cells.comparator.with(|comparator| comparator == MORE_THAN) { "trên" } else { "ít nhất" };
    let counted = if cells.counted.with(|counted| counted == NEW) { ", cài mới" } else { "" };
    let deadline = cells.deadline.with(|day| day.parse::<domain::Day>().ok());
    let deadline = deadline.map(|day| format!(", đến {}", day.vietnamese())).unwrap_or_default();
    format!("{than} {amount}{counted}{deadline}")
}
