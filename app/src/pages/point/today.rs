//! "Hôm nay tại điểm": whom I have helped here today, with what was done, the latest on top.

use domain::service::Step;
use leptos::prelude::*;

use super::search::{Found, row};
use super::{PersonRow, Point};
use crate::components::{Button, ButtonKind, EmptyState, IconName, grouped};

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    found: Found,
    is_assisted: bool,
}

fn lines(point: Point) -> Vec<Line> {
    let (state, today, me) = (point.state, point.state.today(), point.state.me());
    let mut lines = Vec::new();
    for area in state.my_areas().get().iter() {
        let helped = state.view(*area).with(|view| view.helped_at(point.channel, today, Some(me)));
        lines.extend(helped.into_iter().filter_map(|helped| {
            let found = row(state, *area, helped.resident)?;
            let done = done_words(helped.steps.iter().map(|(step, _)| *step));
            let line = Line { is_assisted: helped.is_assisted(), found: Found { detail: done, ..found } };
            Some((helped.last, line))
        }));
    }
    lines.sort_by_key(|(last, line)| (std::cmp::Reverse(*last), line.found.resident));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// "Mức độ 2: Đã kích hoạt · Chữ ký số: Đã đăng ký": of each service the furthest step.
fn done_words(steps: impl Iterator<Item = Step>) -> String {
    let mut furthest: Vec<Step> = Vec::new();
    for step in steps {
        match furthest.iter_mut().find(|known| known.service() == step.service()) {
            Some(known) => *known = step.max(*known),
            None => furthest.push(step),
        }
    }
    furthest.sort_unstable();
    let words = furthest.into_iter().map(|step| format!("{}: {}", step.service().short_label(), step.label()));
    words.collect::<Vec<_>>().join(" · ")
}

#[component]
pub fn Today() -> impl IntoView {
    let point: Point = expect_context();
    let lines = Memo::new(move |_| lines(point));
    let count = Memo::new(move |_| lines.with(|lines| lines.iter().filter(|line| line.is_assisted).count()));
    let had = move || lines.with(Vec::len) - count.get();
    let had_words = move || (had() > 0).then(|| format!(" Ghi {} người đã có từ trước.", grouped(had())));
    let key = |line: &Line| (line.found.clone(), line.is_assisted);
    view! {
        <Show
            when=move || !lines.with(Vec::is_empty)
            fallback=|| view! {
                <EmptyState
                    icon=IconName::People
                    title="Hôm nay chưa ghi ai tại điểm"
                    detail="Gõ vài chữ của tên người vừa đến vào ô tìm ở trên."
                />
            }
        >
            <section class="section" data-testid="point-today" data-count=move || count.get().to_string()>
                <div>
                    <h2 class="section__title">"Hôm nay tại điểm"</h2>
                    <p class="muted num">{move || format!("Đã hỗ trợ {} người.", grouped(count.get()))} {had_words}</p>
                </div>
                <ul class="rows point-rows" role="list">
                    <For each=move || lines.get() key=key children=|line| view! { <PersonRow found=line.found testid="point-helped" /> } />
                </ul>
            </section>
        </Show>
        <Button kind=ButtonKind::Secondary wide=true icon=IconName::Plus on_press=move |()| point.is_adding.set(true) testid="point-add">
            "Thêm người"
        </Button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_service_the_furthest_step_is_told() {
        let words = done_words([Step::SignatureActivated, Step::Registered, Step::Activated].into_iter());
        assert_eq!(words, "Mức độ 2: Đã kích hoạt · Chữ ký số: Đã kích hoạt");
    }
}
