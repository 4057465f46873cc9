//! Where people are helped, by whose certificates, what the commune is divided into; and who answers for the list.

use domain::campaign::Channel;
use domain::number::grouped;
use domain::place::AreaKind;
use domain::plan_form::At;
use leptos::prelude::*;

use super::form::Form;
use super::parts::{Boxes, ListWords, RowLine, RowList, Section};
use crate::components::{SelectField, TextField};

const WORDS: ListWords = ListWords { testid: "plan-provider", add: "Thêm nhà cung cấp", one: "nhà cung cấp" };

#[component]
pub fn Places(form: Form) -> impl IntoView {
    let fields = form.fields;
    let note = Signal::derive(move || {
        let (channels, providers) = (fields.channels.with(Vec::len), fields.providers.ids.with(Vec::len));
        format!("{channels} nơi, {providers} nhà cung cấp")
    });
    let channels = Channel::ALL.map(|channel| (channel, channel.label())).to_vec();
    let kinds = AreaKind::ALL.into_iter().filter(|kind| !kind.is_support_point());
    let unknown = (String::new(), "Chưa chọn".to_owned());
    let kinds: Vec<(String, String)> =
        std::iter::once(unknown).chain(kinds.map(|kind| (kind.name().to_owned(), kind.label().to_owned()))).collect();
    let units = move || {
        fields.units.with(|units| match u64::try_from(units.len()) {
            Ok(units) if units > 0 => {
                Some(format!("Kế hoạch kèm số giao của {} xã, phường. Các số này giữ nguyên khi lưu.", grouped(units)))
            }
            _ => None,
        })
    };
    let provider = Callback::new(move |row: u32| {
        fields.providers.cells(row).map(|name| view! { <Provider form row name /> }).into_any()
    });
    view! {
        <Section title="Nơi hỗ trợ và nhà cung cấp" note testid="plan-places">
            <Boxes legend="Nơi hỗ trợ người dân" options=channels chosen=fields.channels testid="plan-channel" />
            <div class="form__group">
                <p class="form__legend">"Nhà cung cấp chữ ký số"</p>
                <p class="muted">"Để chọn khi ghi kết quả, ví dụ VNPT SmartCA, Viettel MySign."</p>
                <RowList
                    words=WORDS
                    ids=fields.providers.ids
                    on_add=Callback::new(move |()| fields.providers.add(String::new()))
                    row=provider
                />
            </div>
            <div class="plan-fields">
                <SelectField
                    label="Địa bàn gọi là"
                    value=fields.basics.unit_kind
                    options=kinds
                    hint="Dùng khi thêm địa bàn mới".to_owned()
                    testid="plan-unit-kind"
                />
            </div>
            {move || units().map(|words| view! { <p class="muted" data-testid="plan-units">{words}</p> })}
        </Section>
    }
}

#[component]
fn Provider(form: Form, row: u32, name: RwSignal<String>) -> impl IntoView {
    let delete = Callback::new(move |row| form.fields.providers.delete(row));
    view! {
        <RowLine words=WORDS row title=name on_delete=delete>
            <TextField
                label="Tên nhà cung cấp"
                value=name
                error=form.error(At::Provider(row))
                testid="plan-provider-name"
            />
        </RowLine>
    }
}

/// Who answers for the names on the list, and until when they are kept (Law 91/2025).
#[component]
pub fn Keeping(form: Form) -> impl IntoView {
    let basics = form.fields.basics;
    let dates = Memo::new(move |_| form.typed().dates());
    let until = move || {
        dates.with(|dates| match (dates.names_kept_until(), dates.retention_days, dates.ends_on) {
            (Some(day), ..) => Some(format!("Tên người dân được giữ đến hết ngày {}.", day.vietnamese())),
            (None, Some(_), None) => Some("Ghi ngày kết thúc kế hoạch để tính được ngày xóa tên.".to_owned()),
            _ => None,
        })
    };
    let note = Signal::derive(move || match basics.data_controller.get().trim() {
        "" => "Chưa ghi đơn vị phụ trách".to_owned(),
        unit => unit.to_owned(),
    });
    view! {
        <Section title="Dữ liệu của người dân" note testid="plan-keeping">
            <div class="plan-fields">
                <TextField
                    label="Đơn vị phụ trách dữ liệu"
                    value=basics.data_controller
                    hint="Ví dụ: UBND phường Bắc Kạn"
                    error=form.error(At::Controller)
                    testid="plan-controller"
                />
                <TextField
                    label="Giữ tên thêm bao nhiêu ngày"
                    value=basics.retention_days
                    inputmode="numeric"
                    hint="Tính từ ngày kế hoạch kết thúc"
                    error=form.error(At::Retention)
                    testid="plan-retention"
                />
            </div>
            <p role="status" data-testid="plan-kept-until">{until}</p>
        </Section>
    }
}
