//! Bytes as QR codes one after another, for another phone's camera.

use std::time::Duration;

use domain::qr_series::{Grain, Series};
use fast_qr::ECL;
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;

use super::{Button, ButtonKind, Notice, NoticeKind, QrCode};
use crate::awake::keep_awake;

/// Five to six codes a second: the reader at the other end sees each of them twice.
const STEP: Duration = Duration::from_millis(180);
/// For those who asked for less motion. It takes five times as long.
const SLOW_STEP: Duration = Duration::from_millis(900);

/// Shows the bytes until it is taken away: nobody here knows when the other phone has everything.
#[component]
pub fn QrSeries(bytes: Vec<u8>, #[prop(into, default = "qr-series".to_owned())] testid: String) -> impl IntoView {
    keep_awake();
    let grain = RwSignal::new(Grain::Fine);
    let has_coarse = Series::of(&bytes, Grain::Coarse).is_ok_and(|series| series.count() > 1);
    let change = move |()| {
        grain.update(|grain| *grain = if *grain == Grain::Fine { Grain::Coarse } else { Grain::Fine });
    };
    let codes = move || match Series::of(&bytes, grain.get()) {
        Ok(series) => view! { <Codes series /> }.into_any(),
        Err(error) => view! { <Notice kind=NoticeKind::Error title=error.to_string() /> }.into_any(),
    };
    view! {
        <div class="qr-series" data-testid=testid>
            {codes}
            {has_coarse.then(|| view! {
                <Button kind=ButtonKind::Quiet on_press=change testid="qr-series-grain">
                    {move || match grain.get() {
                        Grain::Fine => "Máy kia khó đọc? Hiện mã to hơn",
                        Grain::Coarse => "Hiện mã nhỏ hơn, nhanh hơn",
                    }}
                </Button>
            })}
        </div>
    }
}

#[component]
fn Codes(series: Series) -> impl IntoView {
    let count = series.count();
    let is_slow = wants_less_motion();
    let step = if is_slow { SLOW_STEP } else { STEP };
    let index = RwSignal::new(0_usize);
    let is_paused = RwSignal::new(false);
    let tick = move || {
        if !is_paused.get_untracked() {
            index.update(|index| *index += 1);
        }
    };
    if count > 1
        && let Ok(ticks) = set_interval_with_handle(tick, step)
    {
        on_cleanup(move || ticks.clear());
    }
    let turn = move |by: isize| {
        move |()| {
            is_paused.set(true);
            index.update(|index| *index = index.saturating_add_signed(by));
        }
    };
    let text = Signal::derive(move || series.frame(index.get()));
    let label =
        if count > 1 { "Mã QR đang đổi liên tục để máy kia quét" } else { "Mã QR để máy kia quét" };
    let pause = move |()| is_paused.update(|is_paused| *is_paused = !*is_paused);
    view! {
        <QrCode text label level=ECL::L testid="qr-series-code" />
        // Not a live region: nobody wants to hear a number five times a second.
        <p class="qr-series__number num" data-testid="qr-series-number" data-index=move || index.get().to_string()>
            {move || number_words(index.get(), count)}
        </p>
        <p>"Giữ yên hai máy, cách nhau khoảng một gang tay. Tăng độ sáng màn hình này nếu được."</p>
        {(count > 1).then(|| view! {
            <p class="muted">{duration_words(count, step)}</p>
            <div class="qr-series__buttons">
                <Show when=move || is_slow || is_paused.get()>
                    <Button kind=ButtonKind::Secondary on_press=turn(-1) testid="qr-series-back">"Mã trước"</Button>
                    <Button kind=ButtonKind::Secondary on_press=turn(1) testid="qr-series-next">"Mã sau"</Button>
                </Show>
                <Button kind=ButtonKind::Quiet on_press=pause testid="qr-series-pause">
                    {move || if is_paused.get() { "Chạy tiếp" } else { "Dừng lại" }}
                </Button>
            </div>
        })}
    }
}

fn wants_less_motion() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}

fn number_words(index: usize, count: usize) -> String {
    let (turn, place) = (index / count + 1, index % count + 1);
    match (count, turn) {
        (1, _) => "Chỉ có một mã".to_owned(),
        (_, 1) => format!("Mã {place} trên {count}"),
        _ => format!("Mã {place} trên {count} · lượt {turn}"),
    }
}

fn duration_words(count: usize, step: Duration) -> String {
    let seconds = (step * u32::try_from(count).unwrap_or(u32::MAX)).as_secs() + 1;
    format!("Hết một lượt mất khoảng {seconds} giây. Máy kia báo đã nhận đủ thì đóng lại.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_told_within_its_turn() {
        assert_eq!(number_words(0, 34), "Mã 1 trên 34");
        assert_eq!(number_words(36, 34), "Mã 3 trên 34 · lượt 2");
        assert_eq!(number_words(5, 1), "Chỉ có một mã");
    }

    #[test]
    fn a_turn_of_the_longest_hand_over_takes_about_half_a_minute() {
        assert!(duration_words(179, STEP).starts_with("Hết một lượt mất khoảng 33 giây."));
    }
}
