//! A lead's second look: records that nobody can have made at the doors, and names that members changed.
//! Shown only where there is something; nothing here counts differently.

use domain::coverage::Burst;
use domain::number::grouped;
use domain::people::Role;
use leptos::prelude::*;

use crate::components::{ButtonKind, ButtonLink, IconName};

use super::list::List;
use super::{Coverage, changed};

#[component]
pub fn Review(coverage: Coverage) -> impl IntoView {
    let is_lead = move || coverage.state.role().get() >= Role::Lead;
    let bursts = Memo::new(move |_| coverage.view.with(|view| view.bursts()));
    let names = Memo::new(move |_| coverage.view.with(|view| view.renamed_now().len()));
    view! {
        <Show when=move || is_lead() && !bursts.with(Vec::is_empty)>
            <section class="section" data-testid="coverage-bursts">
                <h2 class="section__title">"Cần xem lại cách ghi"</h2>
                <p class="muted">"Nhiều kết quả được ghi quá nhanh so với việc làm tại nhà. Số liệu vẫn tính như thường; hãy hỏi người ghi."</p>
                <ul class="card rows coverage__rows" role="list">
                    <For each=move || bursts.get() key=Clone::clone children=move |burst| view! { <BurstLine coverage burst /> } />
                </ul>
                <ButtonLink kind=ButtonKind::Secondary icon=IconName::List href=List::Bursts.href() testid="bursts-people">
                    "Xem những người này"
                </ButtonLink>
            </section>
        </Show>
        <Show when=move || is_lead() && names.get() != 0>
            <section class="section" data-testid="coverage-changed">
                <h2 class="section__title">"Tên, năm sinh, số điện thoại đã đổi"</h2>
                <p class="muted">
                    {move || format!("Thành viên đã đổi {} mục do người khác ghi trước.", grouped(names.get() as u64))}
                </p>
                <ButtonLink kind=ButtonKind::Secondary icon=IconName::People href=changed::href() testid="changed-names">
                    "Xem và đổi lại"
                </ButtonLink>
            </section>
        </Show>
    }
}

#[component]
fn BurstLine(coverage: Coverage, burst: Burst) -> impl IntoView {
    let member = burst.member;
    let name = move || coverage.member_name(member);
    view! {
        <li class="coverage-member" data-testid="burst" data-id=member.to_string()>
            <p><strong>{name}</strong></p>
            <p class="num">{words(&burst)}</p>
        </li>
    }
}

/// "Ngày 21/11/2026 ghi hỗ trợ 200 người; 200 người trong 1 giây; 200 người không có lượt đến nhà."
fn words(burst: &Burst) -> String {
    let people = |count: usize| grouped(count as u64);
    let all = format!("Ngày {} ghi hỗ trợ {} người", burst.day.vietnamese(), people(burst.people.len()));
    let run = burst.run.map(|run| format!("{} người trong {}", people(run.people), time(run.seconds)));
    let unvisited = burst.unvisited.map(|count| format!("{} người không có lượt đến nhà trong ngày", people(count)));
    let parts: Vec<String> = [Some(all), run, unvisited].into_iter().flatten().collect();
    parts.join("; ") + "."
}

fn time(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{} giây", seconds.max(1)),
        _ => format!("{} phút", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use domain::coverage::Run;
    use domain::{Day, DocId};

    use super::*;

    #[test]
    fn a_burst_is_told_in_figures() {
        let burst = Burst {
            member: DocId::from_u128(1),
            day: Day::from_ymd(2026, 11, 21).expect("a day"),
            people: (0..200).map(DocId::from_u128).collect(),
            run: Some(Run { people: 200, seconds: 0 }),
            unvisited: None,
        };
        assert_eq!(words(&burst), "Ngày 21/11/2026 ghi hỗ trợ 200 người; 200 người trong 1 giây.");
        assert_eq!(time(61), "2 phút");
    }
}
