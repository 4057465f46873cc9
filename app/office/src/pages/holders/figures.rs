//! What the list came to, as one bar, and the rows that nothing is asked about.

use app::components::grouped;
use leptos::prelude::*;

use super::work::Work;

/// Rows of a list that are shown; more are counted.
const ROWS_SHOWN: usize = 500;

#[component]
pub fn Figures(work: Work) -> impl IntoView {
    let counts = Memo::new(move |_| {
        let open = work.answers.with(std::collections::BTreeMap::len);
        work.preview.with(|preview| {
            [
                ("reached", "Khớp chắc chắn", preview.certain.len()),
                ("appointment", "Cần xem", preview.doubtful.len().saturating_sub(open)),
                ("moved-away", "Đã trả lời", open),
                ("refused", "Đã có trong sổ", preview.already_known.len() + preview.repeated.len()),
                ("absent", "Để nguyên", preview.being_helped.len() + preview.taken_back.len()),
                ("not-yet", "Không thấy", preview.unmatched.len()),
            ]
        })
    });
    let sentence = move || {
        let parts = counts.get().map(|(_, label, count)| format!("{label} {}", grouped(count)));
        format!("Kết quả đối chiếu {} dòng: {}", grouped(work.rows()), parts.join(", "))
    };
    let segments =
        move || {
            let drawn = counts.get().into_iter().filter(|(_, _, count)| *count > 0);
            drawn
            .map(|(state, _, count)| view! {
                <span class="stacked-bar__segment" data-state=state style:--share=share(count, work.rows())></span>
            })
            .collect_view()
        };
    let legend =
        move || {
            counts
            .get()
            .map(|(state, label, count)| view! {
                <li class="stacked-bar__entry holders__entry" data-state=state data-testid=format!("count-{state}")>
                    <span>{label}</span>
                    <span class="stacked-bar__value num">{grouped(count)}</span>
                </li>
            })
            .collect_view()
        };
    let helped = move || {
        let lines = work.preview.with(|preview| {
            let name = |found: &domain::protocol::HolderMatch| {
                preview.people.get(&found.resident).map(|person| format!("{} ({})", person.name, person.area_name))
            };
            let helped = preview
                .being_helped
                .iter()
                .filter_map(name)
                .map(|who| format!("{who}: đang được hỗ trợ, để người hỗ trợ ghi"));
            let back = preview
                .taken_back
                .iter()
                .filter_map(name)
                .map(|who| format!("{who}: đã có người sửa lại ghi nhận này"));
            helped.chain(back).collect::<Vec<_>>()
        });
        (!lines.is_empty()).then(|| view! { <Rows title="Để nguyên" count=lines.len() lines /> })
    };
    let unmatched = move || {
        let rows = work.preview.with(|preview| preview.unmatched.clone());
        let lines: Vec<String> = rows
            .iter()
            .take(ROWS_SHOWN)
            .filter_map(|row| work.holder(*row))
            .map(|holder| holder_line(&holder))
            .collect();
        let more = rows.len() - rows.len().min(ROWS_SHOWN);
        let lines =
            lines.into_iter().chain((more > 0).then(|| format!("và {} dòng nữa", grouped(more)))).collect::<Vec<_>>();
        (!lines.is_empty()).then(|| view! { <Rows title="Không thấy trong xã, phường" count=rows.len() lines /> })
    };
    view! {
        <section class="card holders__figures">
            <figure class="stacked-bar" data-testid="holders-bar">
                <figcaption class="stacked-bar__label">{move || format!("{} dòng của danh sách", grouped(work.rows()))}</figcaption>
                <div class="stacked-bar__track" role="img" aria-label=sentence>{segments}</div>
                <ul class="stacked-bar__legend" role="list">{legend}</ul>
            </figure>
            {helped}
            {unmatched}
        </section>
    }
}

/// Rows behind a line that opens. Shown here only: nobody keeps who was not found.
#[component]
fn Rows(title: &'static str, count: usize, lines: Vec<String>) -> impl IntoView {
    view! {
        <details class="holders__rows">
            <summary>{title} " (" {grouped(count)} ")"</summary>
            <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        </details>
    }
}

fn holder_line(holder: &domain::import::ListedHolder) -> String {
    let year = holder.birth_year.map_or_else(|| "chưa rõ năm sinh".to_owned(), |year| year.to_string());
    format!("Dòng {}: {}, {year}", holder.row + 1, holder.name)
}

#[expect(clippy::cast_precision_loss, reason = "some ten thousand rows")]
fn share(count: usize, all: usize) -> String {
    (count as f64 / all.max(1) as f64).to_string()
}
