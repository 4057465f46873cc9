//! The member's own count against the quota: every person is one stroke of the ring.

use std::fmt::Write;

use leptos::{either::Either, prelude::*};

/// Above this many strokes a ring is a line and not strokes.
const STROKES_MAX: usize = 40;
/// Share of a stroke's room that stays empty.
const GAP: f64 = 0.16;

/// "13 + 2 / 15": confirmed by the server, waiting to be sent, asked for. What needs review counts nowhere.
#[component]
pub fn TallyRing(
    #[prop(into)] confirmed: Signal<usize>,
    #[prop(into)] waiting: Signal<usize>,
    /// Those of the confirmed who are counted in areas that this phone does not hold.
    #[prop(optional, into)]
    elsewhere: Signal<usize>,
    /// Refused by the server, "cần xem lại".
    #[prop(into)]
    refused: Signal<usize>,
    #[prop(into)] quota: Signal<usize>,
    #[prop(into, default = "Chỉ tiêu hỗ trợ".into())] label: Signal<String>,
    /// Where to see who they are.
    #[prop(optional, into)]
    href: Signal<Option<String>>,
    #[prop(into, default = "tally-ring".to_owned())] testid: String,
) -> impl IntoView {
    let state = move || if confirmed.get() >= quota.get() { "met" } else { "below" };
    let body = move || {
        view! {
            <svg class="tally-ring__ring" viewBox="0 0 120 120" aria-hidden="true" focusable="false">
                <Arc part="rest" from=|| 0 count=move || quota.get() quota />
                <Arc part="confirmed" from=|| 0 count=move || confirmed.get().min(quota.get()) quota />
                <Arc
                    part="waiting"
                    from=move || confirmed.get().min(quota.get())
                    count=move || waiting.get().min(quota.get().saturating_sub(confirmed.get()))
                    quota
                />
                <text class="tally-ring__sum" x="60" y="62" text-anchor="middle">{move || sum_words(confirmed.get(), waiting.get())}</text>
                <text class="tally-ring__quota" x="60" y="82" text-anchor="middle">{move || format!("/ {}", quota.get())}</text>
            </svg>
            <div class="tally-ring__words">
                <span class="tally-ring__label">{label}</span>
                <span class="tally-ring__line" data-part="confirmed">
                    <b class="num">{confirmed}</b> " đã xác nhận" {move || elsewhere_words(elsewhere.get())}
                </span>
                <span class="tally-ring__line" data-part="waiting"><b class="num">{waiting}</b> " chờ gửi"</span>
                <span class="tally-ring__line" data-part="refused" data-some=move || (refused.get() > 0).then_some("")>
                    <b class="num">{refused}</b> " cần xem lại"
                </span>
                <span class="visually-hidden">{move || format!("trên chỉ tiêu {}", quota.get())}</span>
            </div>
        }
    };
    move || match href.get() {
        Some(href) => Either::Left(view! {
            <a class="tally-ring" href=href data-testid=testid.clone() data-state=state>{body()}</a>
        }),
        None => Either::Right(view! {
            <div class="tally-ring" data-testid=testid.clone() data-state=state>{body()}</div>
        }),
    }
}

#[component]
fn Arc(
    part: &'static str,
    #[prop(into)] from: Signal<usize>,
    #[prop(into)] count: Signal<usize>,
    quota: Signal<usize>,
) -> impl IntoView {
    view! {
        <circle
            class="tally-ring__arc"
            data-part=part
            cx="60"
            cy="60"
            r="50"
            pathLength=move || quota.get().max(1).to_string()
            stroke-dasharray=move || strokes(from.get(), count.get(), quota.get())
        />
    }
}

fn elsewhere_words(people: usize) -> Option<String> {
    (people > 0).then(|| format!(" (gồm {people} ở địa bàn khác)"))
}

fn sum_words(confirmed: usize, waiting: usize) -> String {
    if waiting == 0 { confirmed.to_string() } else { format!("{confirmed} + {waiting}") }
}

/// A dash pattern: nothing up to `from`, then `count` strokes, then nothing, all in units of one person.
fn strokes(from: usize, count: usize, quota: usize) -> String {
    let rest = quota.max(1) + 1;
    let mut dashes = format!("0 {from}");
    if quota > STROKES_MAX {
        let _ = write!(dashes, " {count} 0");
    } else {
        for _ in 0..count {
            let _ = write!(dashes, " {} {GAP}", 1.0 - GAP);
        }
    }
    let _ = write!(dashes, " 0 {rest}");
    dashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_is_one_stroke() {
        assert_eq!(strokes(1, 2, 3), "0 1 0.84 0.16 0.84 0.16 0 4");
    }

    #[test]
    fn people_of_other_areas_are_told_apart_only_where_there_are_some() {
        assert_eq!(elsewhere_words(0), None);
        assert_eq!(elsewhere_words(2).as_deref(), Some(" (gồm 2 ở địa bàn khác)"));
    }

    #[test]
    fn nothing_waiting_is_not_mentioned() {
        assert_eq!(sum_words(13, 2), "13 + 2");
        assert_eq!(sum_words(13, 0), "13");
    }
}
