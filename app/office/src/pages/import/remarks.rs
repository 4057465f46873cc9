//! What there is to say of the list: first what a person should look at.

use app::components::grouped;
use domain::import::{Remark, RemarkKind, column_letters};
use leptos::prelude::*;

use super::work::Work;
use crate::messages;

fn title(kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::RowLeftOut => "Dòng không nhập được",
        RemarkKind::CellNotUnderstood => "Ô chưa hiểu, không nhập",
        RemarkKind::Assumed => "Đã đoán, nên xem lại",
        RemarkKind::Duplicate => "Trùng trong danh sách",
        RemarkKind::BesideName => "Chữ ghi bên cạnh tên",
        RemarkKind::ColumnDropped => "Cột bỏ có chủ ý (thông tin riêng)",
        RemarkKind::ColumnUnused => "Cột không dùng đến",
        RemarkKind::Group => "Dòng nhóm (tên tổ, thôn)",
        RemarkKind::Total => "Dòng tổng cộng",
        RemarkKind::Signature => "Phần ngày tháng, ký tên",
        RemarkKind::NotData => "Dòng tiêu đề, dòng đánh số",
        RemarkKind::Converted => "Phông chữ cũ đã đổi",
    }
}

#[component]
pub fn Remarks(work: Work) -> impl IntoView {
    let groups = Memo::new(move |_| work.read.with(|read| read.remarks.clone()));
    let to_see =
        move || groups.with(|groups| groups.iter().filter(|it| it.kind.needs_a_look()).map(|it| it.count).sum());
    let heading = move || match to_see() {
        0 => "Không có gì phải xem lại".to_owned(),
        count => format!("{} chỗ nên xem lại", grouped(count)),
    };
    view! {
        <section class="section" data-testid="import-remarks">
            <h2 class="section__title">{heading}</h2>
            {move || groups.get().into_iter().map(group).collect_view()}
        </section>
    }
}

fn group(group: messages::Remarks) -> impl IntoView {
    let messages::Remarks { kind, count, first } = group;
    let more = count.saturating_sub(first.len());
    let line = |remark: Remark| {
        let column = remark.column.map(|column| format!(", cột {}", column_letters(column))).unwrap_or_default();
        view! { <li><span class="muted num">{format!("Dòng {}{column}: ", remark.row + 1)}</span> {remark.text}</li> }
    };
    view! {
        <details class="office-details" data-look=kind.needs_a_look().then_some("")>
            <summary>{title(kind)} " (" <span class="num">{grouped(count)}</span> ")"</summary>
            <ul class="office-lines">{first.into_iter().map(line).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="muted">{format!("… và {} chỗ nữa.", grouped(more))}</p> })}
        </details>
    }
}
