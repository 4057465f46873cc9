//! What would change, row by row; and what has.

use app::components::{Button, ButtonKind, IconName, Notice, NoticeKind, StatTile, grouped};
use domain::import::changes::{FieldChange, RowChange, What};
use domain::protocol::{ImportCounts, UndoRequest};
use leptos::prelude::*;

use super::past;
use super::work::Work;

fn title(what: What) -> &'static str {
    match what {
        What::Added => "Thêm mới",
        What::Changed => "Thay đổi",
        What::Moved => "Sang hộ khác",
        What::Same => "Giữ nguyên",
        What::Deleted => "Không nhập: đã ghi là nhầm",
        What::Elsewhere => "Không nhập: đã có ở địa bàn khác",
        What::Erased => "Không nhập: đã xóa theo yêu cầu của người dân",
    }
}

#[component]
pub fn Preview(work: Work) -> impl IntoView {
    let counts = move || work.sent.with(|sent| sent.counts);
    let words = move || {
        let counts = counts();
        match counts.added + counts.changed + counts.moved {
            0 => "Không có gì mới".to_owned(),
            people => format!("Nhập {} người", grouped(people)),
        }
    };
    view! {
        <p class="muted">"Chưa có gì được ghi. Xem các thay đổi rồi bấm nhập."</p>
        <Counts counts=Signal::derive(counts) />
        <Parts work />
        <Rows work />
        <div class="import__actions">
            <Button
                icon=IconName::Check
                disabled=Signal::derive(move || !counts().has_changes())
                on_press=move |()| work.send(false)
                testid="import-write"
            >
                {words}
            </Button>
            <Button
                kind=ButtonKind::Secondary
                on_press=move |()| work.stage.set(super::work::Stage::Read)
                testid="import-back"
            >
                "Quay lại sửa"
            </Button>
        </div>
    }
}

#[component]
pub fn Done(work: Work) -> impl IntoView {
    let counts = move || work.sent.with(|sent| sent.counts);
    let undo = move |()| past::undo(UndoRequest { batch: work.batch() }, move || work.start_over());
    view! {
        <Notice
            kind=NoticeKind::Info
            title="Đã nhập xong"
            detail=Some("Các máy của tổ nhận danh sách khi có mạng. Điều ghi tại nhà luôn được giữ, kể cả khi gửi về sau.".to_owned())
            testid="import-done"
        />
        <Counts counts=Signal::derive(counts) />
        <Parts work />
        <div class="import__actions">
            <Button on_press=move |()| work.start_over() testid="import-again">"Nhập danh sách khác"</Button>
            <Button kind=ButtonKind::Danger on_press=undo testid="import-undo">"Hoàn tác lần nhập này"</Button>
        </div>
    }
}

#[component]
fn Counts(counts: Signal<ImportCounts>) -> impl IntoView {
    let of = move |part: fn(&ImportCounts) -> usize| Signal::derive(move || grouped(part(&counts.get())));
    view! {
        <div class="tiles" data-testid="import-counts">
            <StatTile label="Hộ mới" value=of(|it| it.households_added) testid="count-households" />
            <StatTile label="Người mới" value=of(|it| it.added) testid="count-added" />
            <StatTile label="Thay đổi" value=of(|it| it.changed + it.moved) testid="count-changed" />
            <StatTile label="Giữ nguyên" value=of(|it| it.same) testid="count-same" />
            <StatTile label="Đã có từ trước" value=of(|it| it.already) hint=Some("dịch vụ".to_owned()) testid="count-already" />
            <StatTile label="Không nhập" value=of(|it| it.left_out) testid="count-left-out" />
        </div>
        <Show when=move || counts.get().missing != 0>
            <p class="muted" data-testid="import-missing">
                {move || format!(
                    "{} người đang có trong sổ mà danh sách không nhắc đến: vẫn để nguyên.",
                    grouped(counts.get().missing),
                )}
            </p>
        </Show>
    }
}

/// Each area with its figures, where there is more than one.
#[component]
fn Parts(work: Work) -> impl IntoView {
    let parts = move || work.sent.with(|sent| sent.parts.clone());
    let row = |(name, counts): (String, ImportCounts)| {
        let figures = [counts.added, counts.changed + counts.moved, counts.same, counts.left_out];
        view! {
            <tr>
                <th scope="row">{name}</th>
                {figures.map(|figure| view! { <td data-kind="number">{grouped(figure)}</td> })}
            </tr>
        }
    };
    view! {
        <Show when=move || parts().get(1).is_some()>
            <details class="office-details">
                <summary>{move || format!("Theo địa bàn ({})", parts().len())}</summary>
                <table class="office-table">
                    <thead>
                        <tr>
                            <th scope="col">"Địa bàn"</th>
                            <th scope="col" data-kind="number">"Mới"</th>
                            <th scope="col" data-kind="number">"Thay đổi"</th>
                            <th scope="col" data-kind="number">"Giữ nguyên"</th>
                            <th scope="col" data-kind="number">"Không nhập"</th>
                        </tr>
                    </thead>
                    <tbody>{move || parts().into_iter().map(row).collect_view()}</tbody>
                </table>
            </details>
        </Show>
    }
}

#[component]
fn Rows(work: Work) -> impl IntoView {
    let kinds = move || {
        let mut kinds: Vec<(String, bool, usize, Vec<RowChange>)> = Vec::new();
        work.sent.with(|sent| {
            if !sent.kept.is_empty() {
                let title = "Giữ như đã ghi tại nhà, khác với danh sách".to_owned();
                kinds.push((title, true, sent.counts.kept, sent.kept.clone()));
            }
            for (what, (count, rows)) in &sent.rows {
                if *what != What::Same {
                    kinds.push((title(*what).to_owned(), false, *count, rows.clone()));
                }
            }
        });
        kinds.into_iter().map(kind).collect_view()
    };
    view! { <section class="section" data-testid="import-rows">{kinds}</section> }
}

fn kind((title, is_kept, count, rows): (String, bool, usize, Vec<RowChange>)) -> impl IntoView {
    let more = count.saturating_sub(rows.len());
    let line = move |row: RowChange| {
        let year = row.birth_year.map(|year| format!(", {year}")).unwrap_or_default();
        let told = if is_kept { row.kept } else { row.changed };
        let already: Vec<String> =
            row.already.iter().map(|step| format!("{}: đã có từ trước", step.service().short_label())).collect();
        let already = if is_kept { Vec::new() } else { already };
        view! {
            <li>
                <span class="muted num">{format!("Dòng {}: ", row.row + 1)}</span>
                <strong>{row.name}</strong>
                {year}
                <span class="muted">{format!(" · hộ {}", row.household)}</span>
                {told.into_iter().map(move |change| field(change, is_kept)).collect_view()}
                {already.into_iter().map(|words| view! { <span class="office-change">{words}</span> }).collect_view()}
            </li>
        }
    };
    view! {
        <details class="office-details">
            <summary>{title} " (" <span class="num">{grouped(count)}</span> ")"</summary>
            <ul class="office-lines">{rows.into_iter().map(line).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="muted">{format!("… và {} người nữa.", grouped(more))}</p> })}
        </details>
    }
}

fn field(change: FieldChange, is_kept: bool) -> impl IntoView {
    let or_dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    let (before, after) = (or_dash(change.before), or_dash(change.after));
    let words = if is_kept {
        format!("{}: giữ {before} (danh sách ghi {after})", change.field.label())
    } else {
        format!("{}: {before} → {after}", change.field.label())
    };
    view! { <span class="office-change">{words}</span> }
}
