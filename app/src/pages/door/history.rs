//! Earlier knocks, folded away.

use domain::day::time_of_day;
use domain::visit::Visit;
use leptos::prelude::*;

use super::{Door, when};
use crate::components::{Button, ButtonKind};

#[component]
pub fn History() -> impl IntoView {
    let door: Door = expect_context();
    let visits = Memo::new(move |_| {
        let newest_first = |visits: &[Visit]| visits.iter().rev().cloned().collect::<Vec<_>>();
        door.here.with(|here| here.as_ref().map(|here| newest_first(&here.visits)).unwrap_or_default())
    });
    view! {
        <Show when=move || !visits.with(Vec::is_empty)>
            <details class="door__fold" data-testid="history">
                <summary>{move || format!("Các lượt đến ({})", visits.with(Vec::len))}</summary>
                <ol class="rows" role="list">
                    <For each=move || visits.get() key=|visit| visit.id children=|visit| view! { <Knock visit /> } />
                </ol>
            </details>
        </Show>
    }
}

#[component]
fn Knock(visit: Visit) -> impl IntoView {
    let door: Door = expect_context();
    let Visit { id, member, day, result, come_back_at, .. } = visit;
    let now_ms = door.state.now_ms();
    let head = move || {
        let appointment = come_back_at.map(|ms| format!(" {}", when::when(ms, now_ms))).unwrap_or_default();
        format!("{}{appointment}", result.label())
    };
    let by = move || {
        let day = when::day_words(day, door.state.today());
        format!("{} {day} · {}", time_of_day(visit.at.ms), door.member_name(member))
    };
    let difficulties: Vec<&str> = visit.difficulties.iter().map(|difficulty| difficulty.label()).collect();
    let difficulties = (!difficulties.is_empty()).then(|| difficulties.join(" · "));
    let note = Some(visit.note).filter(|note| !note.is_empty());
    let take_back = move |()| {
        door.save(format!("bỏ lượt {}", result.label().to_lowercase()), async move {
            door.state.correct(door.area, id).await.map(Some)
        });
    };
    // What a lead takes from a colleague cannot be given back, so it takes a second tap.
    let asks = RwSignal::new(false);
    let ask = move |()| if member == door.state.me() { take_back(()) } else { asks.set(true) };
    view! {
        <li class="door__knock">
            <div>
                <p class="door__result">{head}</p>
                <p class="muted num">{by}</p>
                {difficulties.map(|words| view! { <p>{words}</p> })}
                {note.map(|words| view! { <p>"“" {words} "”"</p> })}
            </div>
            <Show when=move || door.is_mine(member)>
                <Show
                    when=move || asks.get()
                    fallback=move || view! {
                        <Button kind=ButtonKind::Quiet on_press=ask testid="visit-correct">"Bỏ lượt này"</Button>
                    }
                >
                    <Button kind=ButtonKind::Danger on_press=take_back testid="visit-correct-yes">"Bỏ hẳn"</Button>
                    <Button kind=ButtonKind::Quiet on_press=move |()| asks.set(false)>"Giữ lại"</Button>
                </Show>
            </Show>
        </li>
    }
}
